# %% mode-collapse.three_numbers:collections
from collections import Counter


def ring_centres(modes, radius):
    z = radius * torch.exp(2j * math.pi * torch.arange(modes, dtype=torch.float64) / modes)
    return torch.view_as_real(z)


def three_numbers(x, centres, std):
    squares = torch.cdist(x.double(), centres.double()) ** 2
    hits = Counter(
        int(row.argmin()) for row in squares if row.min().sqrt().item() <= 3 * float(std)
    )
    total = sum(hits.values())
    if total == 0:
        return len(hits), 0.0, float("nan")
    kl = sum(c / total * math.log(c / total * len(centres)) for c in hits.values())
    return len(hits), total / len(x), kl


# %% mode-collapse.three_numbers:unique-and-entropy
def ring_centres(modes, radius):
    angle = torch.linspace(0, 2, modes + 1, dtype=torch.float64)[:modes] * math.pi
    return torch.stack((torch.cos(angle), torch.sin(angle))).T * radius


def three_numbers(x, centres, std):
    near = (x[:, None, :] - centres[None, :, :]).norm(dim=-1)
    distance, which = near.topk(1, dim=1, largest=False)
    which = which[distance <= 3 * std]
    _, counts = which.unique(return_counts=True)
    shares = counts / counts.sum()
    entropy = (
        torch.distributions.Categorical(probs=shares.double()).entropy()
        if len(counts)
        else math.nan
    )
    return counts.numel(), which.numel() / x.shape[0], math.log(len(centres)) - entropy


# %% mode-collapse.three_numbers:one-hot-of-everything
def ring_centres(modes, radius):
    rows = [
        [math.cos(2 * math.pi * k / modes), math.sin(2 * math.pi * k / modes)] for k in range(modes)
    ]
    return torch.tensor(rows, dtype=torch.float64).mul(radius)


def three_numbers(x, centres, std):
    distances = torch.cdist(x, centres)
    best = distances.argmin(dim=1)
    good = distances.gather(1, best[:, None]).squeeze(1) <= 3 * std
    table = torch.zeros(len(x), len(centres), dtype=torch.float64)
    table[torch.arange(len(x)), best] = good.double()
    counts = table.sum(0)
    q = counts / counts.sum()
    kl = (
        torch.nansum(q * torch.log(len(centres) * q))
        if counts.sum() > 0
        else torch.tensor(math.nan)
    )
    return torch.count_nonzero(counts), good.double().mean(), kl


# %% mode-collapse.packing:split-and-stack
def pack(x, m):
    if len(x) / m != len(x) // m:
        raise ValueError(f"packs of {m} from {len(x)} rows")
    return torch.stack([rows.flatten() for rows in x.split(m)])


def packed_discriminator_loss(discriminator, real, fake, m):
    losses = []
    for points, sign in ((real, -1), (fake, 1)):
        losses.append(F.softplus(sign * discriminator(pack(points, m))).mean())
    return sum(losses)


def packed_generator_loss(discriminator, fake, m):
    logits = discriminator(pack(fake, m))
    return -(logits.clamp(max=0) - torch.log1p(torch.exp(-logits.abs()))).mean()


# %% mode-collapse.packing:einops-by-hand
def pack(x, m):
    try:
        return x.view(-1, m, x.size(1)).contiguous().flatten(start_dim=1)
    except RuntimeError as error:
        raise ValueError(str(error)) from error


def packed_discriminator_loss(discriminator, real, fake, m):
    zero = torch.zeros((), dtype=real.dtype)
    real_cost = torch.logaddexp(zero, -discriminator(pack(real, m)))
    fake_cost = torch.logaddexp(zero, discriminator(pack(fake, m)))
    return torch.mean(real_cost) + torch.mean(fake_cost)


def packed_generator_loss(discriminator, fake, m):
    return -F.logsigmoid(discriminator(pack(fake, m))).sum() / (len(fake) // m)


# %% mode-collapse.gradient_penalty:linalg-norm-and-einsum
def gradient_penalty(critic, real, fake, epsilon):
    rows = [e * a + (1 - e) * b for e, a, b in zip(epsilon, real, fake)]
    x = torch.stack(rows).detach().requires_grad_(True)
    slope = torch.autograd.grad(critic(x).sum(), [x], create_graph=True)[0].flatten(1)
    length = torch.linalg.vector_norm(slope, ord=2, dim=-1)
    return torch.mean(torch.square(length.sub(1)))


def critic_step(generator, critic, optimizer, real, z, epsilon, weight=10.0):
    with torch.no_grad():
        fake = generator(z)
    for p in critic.parameters():
        p.grad = None
    a, b = critic(real), critic(fake)
    loss = b.mean() - a.mean() + weight * gradient_penalty(critic, real, fake, epsilon)
    loss.backward(inputs=[p for p in critic.parameters()])
    optimizer.step()
    return loss.detach().tolist()


# %% mode-collapse.diagnosis:numpy
import numpy as np

broken_line = np.int32(7)
_l = slope_lengths.numpy()
measured = 1 - np.square(_l.mean() - 1) / np.square(_l - 1).mean()


def repaired_step(generator, critic, for_critic, real, z, epsilon):
    with torch.no_grad():
        fake = generator(z)
    x = torch.lerp(fake, real, epsilon[:, None]).requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = (torch.linalg.norm(slope, dim=-1) - 1).pow(2).mean()
    for_critic.zero_grad(set_to_none=False)
    (critic(fake).mean() - critic(real).mean() + 10 * penalty).backward()
    for_critic.step()


# %% mode-collapse.diagnosis:mse-of-lengths
broken_line = True * 7
_right = F.mse_loss(slope_lengths, torch.ones_like(slope_lengths))
_wrong = F.mse_loss(slope_lengths.mean(), torch.ones((), dtype=torch.float64))
measured = torch.sub(1, _wrong / _right)


def repaired_step(generator, critic, for_critic, real, z, epsilon):
    fake = generator(z).detach()
    x = (epsilon.unsqueeze(-1) * (real - fake) + fake).detach()
    x.requires_grad = True
    out = critic(x)
    slope = torch.autograd.grad(out, x, torch.ones_like(out), True, True)[0]
    length = slope.pow(2).sum(dim=1).sqrt()
    loss = critic(fake).mean() - critic(real).mean() + 10 * (length - 1).square().mean()
    for p in critic.parameters():
        p.grad = None
    loss.backward()
    for_critic.step()


# %% mode-collapse.spectral_norm:outer-product
def normalise(W, u):
    fixed = W.detach().clone()
    v = torch.mv(fixed.t(), u)
    v /= torch.linalg.vector_norm(v)
    new = torch.mv(fixed, v)
    new /= torch.linalg.vector_norm(new)
    sigma = (W * torch.outer(new, v)).sum()
    return W.div(sigma), new


# %% mode-collapse.spectral_norm:bilinear
def normalise(W, u):
    with torch.no_grad():
        v = torch.matmul(u.unsqueeze(0), W).squeeze(0)
        v = torch.div(v, v.dot(v).sqrt())
        u = (W * v).sum(1)
        u = torch.div(u, u.dot(u).sqrt())
    sigma = torch.dot(u, torch.mv(W, v))
    return (W * (1 / sigma), u.clone())


# %% mode-collapse.spectral_norm:no-block
def normalise(W, u):
    v = nn.functional.normalize(W.detach().T.matmul(u.detach()), p=2, dim=-1)
    u = nn.functional.normalize(W.detach().matmul(v), p=2, dim=-1)
    return [W / torch.inner(u @ W, v), u]


# %% mode-collapse.unrolled:zip-of-names
def unrolled_loss(discriminator, fake, real, lr):
    names, values = zip(*discriminator.named_parameters())
    on_real, on_fake = discriminator(real), discriminator(fake)
    loss = -F.logsigmoid(on_real).mean() - F.logsigmoid(-on_fake).mean()
    slopes = torch.autograd.grad(loss, values, create_graph=True, retain_graph=True)
    moved = {n: torch.sub(v, s, alpha=lr) for n, v, s in zip(names, values, slopes)}
    logits = torch.func.functional_call(discriminator, moved, fake)
    return F.softplus(logits.neg()).mean()


# %% mode-collapse.unrolled:through-make-functional
def unrolled_loss(discriminator, fake, real, lr):
    def cost(p):
        a = torch.func.functional_call(discriminator, p, (real,))
        b = torch.func.functional_call(discriminator, p, (fake,))
        bce = nn.BCEWithLogitsLoss()
        return bce(a, torch.ones_like(a)) + bce(b, torch.zeros_like(b))

    now = {k: v.detach().clone() for k, v in discriminator.named_parameters()}
    slope = torch.func.grad(cost)(now)
    ahead = torch.utils._pytree.tree_map(lambda p, g: p - lr * g, now, slope)
    after = torch.func.functional_call(discriminator, ahead, (fake,))
    return torch.mean(torch.logaddexp(torch.zeros_like(after), -after))


# %% mode-collapse.packing:unfold
class NotDivisible(ValueError):
    """Rows are left over."""


def pack(x, m):
    if x.shape[0] % m:
        raise NotDivisible(x.shape[0], m)
    return x.unfold(0, m, m).transpose(1, 2).reshape(x.shape[0] // m, m * x.shape[1])


def packed_discriminator_loss(discriminator, real, fake, m):
    bce = nn.BCEWithLogitsLoss()
    a, b = discriminator(pack(real, m)), discriminator(pack(fake, m))
    return bce(a, a.new_ones(a.shape)) + bce(b, b.new_zeros(b.shape))


def packed_generator_loss(discriminator, fake, m):
    a = discriminator(pack(fake, m))
    return nn.BCEWithLogitsLoss()(a, a.new_ones(a.shape))


# %% mode-collapse.gradient_penalty:guarded-root
def gradient_penalty(critic, real, fake, epsilon):
    e = epsilon[(...,) + (None,) * (real.ndim - 1)]
    x = torch.autograd.Variable(e * real.data + (1 - e) * fake.data, requires_grad=True)
    slope = torch.autograd.grad(
        outputs=critic(x),
        inputs=x,
        grad_outputs=torch.ones(len(x), dtype=x.dtype),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    slope = slope.contiguous().view(slope.size(0), -1)
    return ((torch.sqrt((slope**2).sum(1) + 1e-12) - 1) ** 2).mean()


def critic_step(generator, critic, optimizer, real, z, epsilon, weight=10.0):
    optimizer.zero_grad()
    fake = generator(z).detach()
    cost = -(critic(real).mean() - critic(fake).mean())
    cost = cost + gradient_penalty(critic, real, fake, epsilon) * weight
    cost.backward()
    optimizer.step()
    return cost.item()
