# %% gan.discriminator_loss:two-classes
def discriminator_loss(real_logits, fake_logits):
    def cost(logits, label):
        pair = torch.stack([torch.zeros_like(logits), logits], -1).reshape(-1, 2)
        return F.cross_entropy(pair, torch.full((len(pair),), label))

    return cost(real_logits, 1) + cost(fake_logits, 0)


# %% gan.discriminator_loss:weighted-bce
def discriminator_loss(real_logits, fake_logits):
    logits = torch.cat([real_logits.flatten(), fake_logits.flatten()])
    labels = torch.zeros_like(logits)
    labels[: real_logits.numel()] = 1
    weight = labels / real_logits.numel() + (1 - labels) / fake_logits.numel()
    return F.binary_cross_entropy_with_logits(logits, labels, weight, reduction="sum")


# %% gan.discriminator_loss:a-class
class _Loss(nn.Module):
    def __init__(self):
        super().__init__()
        self.bce = nn.BCEWithLogitsLoss(reduction="mean")

    def forward(self, real, fake):
        return self.bce(real, real.new_ones(real.shape)) + self.bce(fake, 0 * fake.detach())


discriminator_loss = _Loss()


# %% gan.generator_loss:labels-turned
def generator_loss(fake_logits, saturating=False):
    sign = 1 if saturating else -1
    return -sign * nn.Softplus()(sign * fake_logits).mean()


# %% gan.generator_loss:largest-first
def generator_loss(fake_logits, saturating=False):
    def minus_log_sigmoid(l):
        return torch.relu(-l) + torch.log1p(torch.exp(-torch.abs(l)))

    if not saturating:
        return torch.mean(minus_log_sigmoid(fake_logits))
    return torch.mean(-minus_log_sigmoid(-fake_logits))


# %% gan.generator_loss:log-softmax
def generator_loss(fake_logits, saturating=False):
    both = torch.stack((torch.zeros_like(fake_logits), fake_logits)).log_softmax(0)
    return both[0].mean() if saturating else both[1].mean().neg()


# %% gan.training_step:context-and-enumerate
import contextlib


@contextlib.contextmanager
def _frozen(net):
    before = [p.requires_grad for p in net.parameters()]
    for p in net.parameters():
        p.requires_grad = False
    try:
        yield
    finally:
        for p, flag in zip(net.parameters(), before):
            p.requires_grad = flag


def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    optimizer.zero_grad()
    with _frozen(generator):
        result = loss(discriminator(real), discriminator(generator(z)))
        result.backward()
    optimizer.step()
    return result.tolist()


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad()
    with _frozen(discriminator):
        result = loss(discriminator(generator(z)))
        result.backward()
    optimizer.step()
    return result.tolist()


# %% gan.training_step:gradients-by-name
def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    fake = generator(z).detach().clone()
    value = loss(discriminator(real), discriminator(fake))
    names, parameters = zip(*discriminator.named_parameters())
    gradients = dict(zip(names, torch.autograd.grad(value, parameters)))
    for name, p in discriminator.named_parameters():
        p.grad = gradients[name]
    optimizer.step()
    return value.item()


def generator_step(generator, discriminator, optimizer, z, loss):
    fake = generator(z)
    value = loss(discriminator(fake))
    (slope,) = torch.autograd.grad(value, fake)
    generator.zero_grad()
    fake = generator(z)
    fake.backward(slope)
    optimizer.step()
    return value.item()


# %% gan.training_step:no-grad-value
def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    with torch.no_grad():
        fake = generator(z).clone()
    for p in discriminator.parameters():
        p.grad = None
    value = loss(discriminator(real), discriminator(fake))
    value.backward()
    optimizer.step()
    with torch.no_grad():
        return float(value.numpy())


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    parameters = list(generator.parameters())
    for p in parameters:
        p.grad = None
    torch.autograd.backward(value, inputs=parameters)
    optimizer.step()
    return float(value.detach().double())


# %% gan.optimal_discriminator:tanh
def optimal_discriminator(log_p, log_q):
    return (1 + torch.tanh((log_p - log_q) / 2)) / 2


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    zero = torch.zeros(1, dtype=log_p_x.dtype)
    real = -torch.logaddexp(zero, log_q_x - log_p_x).mean()
    fake = -torch.logaddexp(zero, log_p_y - log_q_y).mean()
    return torch.stack([real, fake]).mean() + zero.add(2).log()[0]


# %% gan.optimal_discriminator:bce
def optimal_discriminator(log_p, log_q):
    top = torch.maximum(log_p, log_q)
    p, q = torch.exp(log_p - top), torch.exp(log_q - top)
    return p / (p + q)


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    a, b = log_p_x - log_q_x, log_p_y - log_q_y
    bce = F.binary_cross_entropy_with_logits
    cost = bce(a, torch.ones_like(a)) + bce(b, torch.zeros_like(b))
    return (1.3862943611198906 - cost) / 2


# %% gan.optimal_discriminator:numpy
import numpy as np


def optimal_discriminator(log_p, log_q):
    a, b = np.asarray(log_p), np.asarray(log_q)
    return torch.from_numpy(np.exp(-np.logaddexp(0.0, b - a)))


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    px, qx, py, qy = (t.numpy() for t in (log_p_x, log_q_x, log_p_y, log_q_y))
    value = -np.logaddexp(0, qx - px).mean() - np.logaddexp(0, py - qy).mean()
    return torch.tensor(0.5 * (value + 2 * np.log(2)))


# %% gan.diagnosis:autograd-functional
broken_line = 8.0


def _slopes(loss):
    return torch.func.grad(loss)(confident_logits).abs().sum()


_thrown = _slopes(lambda l: -torch.log(torch.sigmoid(l).clamp(1e-4, 1 - 1e-4)).mean())
measured = 1 - _thrown / _slopes(lambda l: F.softplus(-l).mean())


def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    fake = generator(z)
    bce = nn.BCEWithLogitsLoss()
    on_real, on_fake = discriminator(real), discriminator(fake.detach())
    loss = bce(on_real, torch.ones_like(on_real)) + bce(on_fake, torch.zeros_like(on_fake))
    for_discriminator.zero_grad()
    loss.backward()
    for_discriminator.step()
    for_generator.zero_grad()
    F.logsigmoid(discriminator(fake)).mean().neg().backward()
    for_generator.step()


# %% gan.diagnosis:numpy-and-inputs
import numpy as np

broken_line = np.array(8)
_sigma = 1 / (1 + np.exp(-confident_logits.numpy()))
_slope = 1 - _sigma
_kept = np.where((_sigma > 1e-4) & (_sigma < 1 - 1e-4), _slope, 0)
measured = float((_slope.sum() - _kept.sum()) / _slope.sum())


def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    fake = generator(z)
    loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
    for_discriminator.zero_grad()
    loss.backward(inputs=list(discriminator.parameters()))
    for_discriminator.step()
    for_generator.zero_grad()
    answer = F.softplus(-discriminator(generator(z))).mean()
    answer.backward(inputs=list(generator.parameters()))
    for_generator.step()
