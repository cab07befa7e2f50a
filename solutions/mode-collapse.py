# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # The generator that learned one trick: exercises
#
# You will write the three numbers that measure mode collapse, build two cures, find the fault in a third piece of code, and cure a run that collapses. The lesson of the same name derives everything that you need.

# %% [markdown] key="how"
# ## How it works
#
# - Replace `raise NotImplementedError` or `None` with your answer and run the cell.
# - Run the cell below it. `check` says what is right, what is broken, what it measured and what it expected. It also shows your points.
# - You are stuck? Run `hint("mode-collapse.packing")`, with the question's name, in a new cell. The first hint gives you a direction, the second a method.
# - Check as often as you like. Grading runs the same checks on other inputs.
# - One answer is a text. A person grades it.
# - The last two questions are optional. Their points come on top of the twenty.
#
# Logarithms are natural, so every divergence is in nats. Build your networks with `torch`: grading runs without `synthlab.data`, `synthlab.metrics` and `synthlab.models`.

# %% key="setup"
import math

import torch
from torch import nn
from torch.nn import functional as F

from synthlab import check, hint

torch.set_num_threads(1)

# %% [markdown] key="prediction"
# ## What does the circle score?
#
# The data are eight narrow modes, standard deviation 0.02, on a circle of radius 2. A lazy generator spreads its points evenly over the whole circle line and knows nothing of modes. How many percent of its points lie within three standard deviations of a centre?
#
# Set `predicted_share` to a number from 0 to 100. A prediction counts when it is made, whatever it says.

# %% tags=["answer:mode-collapse.prediction"]
predicted_share = 8

# %% tags=["check:mode-collapse.prediction"]
check("mode-collapse.prediction")

# %% [markdown] key="three-numbers"
# ## Three numbers
#
# You measure before you cure. First you need to know where the modes are. Write `ring_centres(modes, radius)`.
#
# - Return the centres of a ring as a tensor `(modes, 2)`: `modes` different points at equal distances on the circle around the origin, the first one at `(radius, 0)`, then counter-clockwise.
#
# Example: `ring_centres(4, 1.0)` is `[[1, 0], [0, 1], [-1, 0], [0, -1]]`, up to rounding.
#
# Then write `three_numbers(x, centres, std)`.
#
# - `x` is a tensor `(n, 2)` of samples, `centres` is a tensor `(K, 2)`, `std` is the standard deviation of a mode along each axis.
# - A sample belongs to its nearest centre. It is of *high quality* when it lies within `3 * std` of that centre.
# - Return a tuple `(modes, high_quality, kl)` of three numbers:
#   - `modes`: how many centres have at least one high-quality sample;
#   - `high_quality`: the share of all samples that are of high quality, between 0 and 1;
#   - `kl`: with $\hat q_k$ the share of centre $k$ among the *high-quality* samples, $\sum_k \hat q_k \log(K \hat q_k)$. An empty centre adds 0.
# - Where no sample is of high quality there are no shares, and `kl` is `float("nan")`: undefined, not 0.
#
# Example: 100 samples that all lie on one of 8 centres give `(1, 1.0, 2.0794)`, since $\log 8 \approx 2.0794$.


# %% tags=["answer:mode-collapse.three_numbers"]
def ring_centres(modes, radius):
    angle = 2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes
    return radius * torch.stack([angle.cos(), angle.sin()], dim=1)


def three_numbers(x, centres, std):
    distance, nearest = torch.cdist(x, centres).min(dim=1)
    good = nearest[distance <= 3 * std]
    if len(good) == 0:
        return 0, 0.0, float("nan")
    counts = torch.bincount(good, minlength=len(centres))
    share = counts[counts > 0] / len(good)
    kl = (share * (len(centres) * share).log()).sum()
    return int((counts > 0).sum()), len(good) / len(x), kl.item()


# %% tags=["check:mode-collapse.three_numbers"]
check("mode-collapse.three_numbers")


# %% tags=["allowed:mode-collapse.three_numbers"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of ring_centres
# ~ gradient: … of ring_centres

# Nothing is said of the type of the numbers.
# ~ result, dtype of ring_centres

# A tensor of shape () is a number.
# + return ((counts > 0).sum(), len(good) / len(x), kl.item())

# + return (int((counts > 0).sum()), len(good) / len(x), kl)


# %% tags=["alternative:mode-collapse.three_numbers:numpy"]
import numpy as np


def ring_centres(modes, radius):
    angle = np.linspace(0, 2 * np.pi, modes, endpoint=False)
    return torch.tensor(radius * np.c_[np.cos(angle), np.sin(angle)])


def three_numbers(x, centres, std):
    x, centres = np.asarray(x), np.asarray(centres)
    squared = ((x[:, None, :] - centres[None]) ** 2).sum(-1)
    near = squared.min(1) <= (3 * std) ** 2
    q = np.bincount(squared.argmin(1)[near], minlength=len(centres)).astype(float)
    modes, quality = np.count_nonzero(q), near.mean()
    if modes == 0:
        return modes, quality, np.nan
    q = q[q > 0] / q.sum()
    return modes, quality, np.log(len(centres)) + np.sum(q * np.log(q))


# %% tags=["alternative:mode-collapse.three_numbers:loops"]
def ring_centres(modes, radius):
    turn = 2 * math.pi / modes
    rows = [(radius * math.cos(k * turn), radius * math.sin(k * turn)) for k in range(modes)]
    return torch.tensor(rows)


def three_numbers(x, centres, std):
    found = {}
    for point in x:
        distances = [math.dist(point, centre) for centre in centres]
        least = min(distances)
        if least <= 3 * std:
            k = distances.index(least)
            found[k] = found.get(k, 0) + 1
    total = sum(found.values())
    if not total:
        return 0, 0.0, math.nan
    kl = 0.0
    for count in found.values():
        kl += count / total * math.log(len(centres) * count / total)
    return len(found), total / len(x), kl


# %% tags=["alternative:mode-collapse.three_numbers:xlogy"]
def ring_centres(modes, radius):
    return torch.view_as_real(
        torch.polar(
            torch.full((modes,), float(radius), dtype=torch.float64),
            torch.arange(modes).double() * (2 * math.pi / modes),
        )
    )


def three_numbers(x, centres, std):
    squared = (x[:, None] - centres).square().sum(2)
    hit = squared.min(1).values <= 9 * std**2
    member = F.one_hot(squared.argmin(1), len(centres)) * hit[:, None]
    counts = member.sum(0)
    q = counts.double() / counts.sum()
    kl = torch.xlogy(q, q).sum() + math.log(len(centres))
    return (counts > 0).sum(), hit.double().mean(), kl


# %% tags=["mistake:mode-collapse.three_numbers:linspace"] fails="distinct-centres"
# - angle = 2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes
# + angle = torch.linspace(0, 2 * math.pi, modes)

# %% tags=["mistake:mode-collapse.three_numbers:squared-distance"] fails="high-quality"
# - distance, nearest = torch.cdist(x, centres).min(dim=1)
# - good = nearest[distance <= 3 * std]
# + squared, nearest = (x[:, None] - centres).square().sum(2).min(dim=1)
# + good = nearest[squared <= 3 * std]

# %% tags=["mistake:mode-collapse.three_numbers:zero-for-nothing"] fails="undefined"
# - if len(good) == 0:
# -     return 0, 0.0, float("nan")

# %% tags=["mistake:mode-collapse.three_numbers:per-axis"] fails="high-quality"
# - good = nearest[distance <= 3 * std]
# + good = nearest[((x - centres[nearest]).abs() <= 3 * std).all(dim=1)]


# %% tags=["mistake:mode-collapse.three_numbers:every-sample-has-a-mode"] fails="kl,modes"
# ...
def three_numbers(x, centres, std):
    distance, nearest = torch.cdist(x, centres).min(dim=1)
    counts = torch.bincount(nearest, minlength=len(centres))
    share = counts[counts > 0] / len(x)
    kl = (share * (len(centres) * share).log()).sum()
    return len(centres), (distance <= 3 * std).double().mean(), kl.item()


# %% tags=["mistake:mode-collapse.three_numbers:divides-by-all-samples"] fails="kl"
# - share = counts[counts > 0] / len(good)
# + share = counts[counts > 0] / len(x)

# %% tags=["mistake:mode-collapse.three_numbers:other-direction"] fails="kl"
# - kl = (share * (len(centres) * share).log()).sum()
# + kl = -(len(centres) * share).log().sum() / len(centres)

# %% tags=["mistake:mode-collapse.three_numbers:bits"] fails="kl"
# - kl = (share * (len(centres) * share).log()).sum()
# + kl = (share * (len(centres) * share).log2()).sum()


# %% tags=["mistake:mode-collapse.three_numbers:every-centre-in-reach"] fails="kl"
# ...
def three_numbers(x, centres, std):
    near = torch.cdist(x, centres) <= 3 * std
    counts = near.sum(dim=0)
    if counts.sum() == 0:
        return 0, 0.0, float("nan")
    share = counts[counts > 0] / counts.sum()
    kl = (share * (len(centres) * share).log()).sum()
    return int((counts > 0).sum()), near.any(dim=1).double().mean(), kl.item()


# %% tags=["mistake:mode-collapse.three_numbers:at-least-two-samples"] fails="modes"
# - return int((counts > 0).sum()), len(good) / len(x), kl.item()
# + return int((counts > 1).sum()), len(good) / len(x), kl.item()

# %% [markdown] key="packing"
# ## Packing
#
# Show the discriminator $m$ points at once, all real or all fake. Now it can see that fakes are too much alike.
#
# Write `pack(x, m)`.
#
# - `x` is a tensor `(B, d)`. Return `(B / m, m * d)`: pack $i$ holds the rows $i m, \dots, i m + m - 1$ of `x`, one after the other.
# - Raise a `ValueError` when `m` does not divide `B`.
#
# Write `packed_discriminator_loss(discriminator, real, fake, m)` and `packed_generator_loss(discriminator, fake, m)`.
#
# - `discriminator` takes packs `(P, m * d)` and returns logits `(P,)`. `real` is `(B, d)`, `fake` is `(B', d)`; the two sizes may differ.
# - The first returns $\mathbb{E}[-\log D(\text{real pack})] + \mathbb{E}[-\log(1 - D(\text{fake pack}))]$, the second the non-saturating $\mathbb{E}[-\log D(\text{fake pack})]$. Each expectation is the mean over its own packs. Both are tensors of shape `()`, ready for `backward`. Both stay exact for logits of any size up to 1000.
#
# Example: `pack(torch.arange(8.0).reshape(4, 2), 2)` is `[[0, 1, 2, 3], [4, 5, 6, 7]]`.


# %% tags=["answer:mode-collapse.packing"]
def pack(x, m):
    if len(x) % m:
        raise ValueError(f"{len(x)} rows do not fill packs of {m}.")
    return x.reshape(len(x) // m, -1)


def packed_discriminator_loss(discriminator, real, fake, m):
    real_logits, fake_logits = discriminator(pack(real, m)), discriminator(pack(fake, m))
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def packed_generator_loss(discriminator, fake, m):
    return F.softplus(-discriminator(pack(fake, m))).mean()


# %% tags=["check:mode-collapse.packing"]
check("mode-collapse.packing")


# %% tags=["alternative:mode-collapse.packing:strided"]
def pack(x, m):
    if x.shape[0] % m != 0:
        raise ValueError("The number of rows is not a multiple of m.")
    return torch.cat([x[k::m] for k in range(m)], dim=1)


def packed_discriminator_loss(discriminator, real, fake, m):
    real_logits, fake_logits = discriminator(pack(real, m)), discriminator(pack(fake, m))
    real_loss = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real_loss + fake_loss


def packed_generator_loss(discriminator, fake, m):
    logits = discriminator(pack(fake, m))
    return F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))


# %% tags=["alternative:mode-collapse.packing:unflatten"]
def pack(x, m):
    packs, rest = divmod(len(x), m)
    if rest:
        raise ValueError(rest)
    return x.unflatten(0, (packs, m)).flatten(1)


def packed_discriminator_loss(discriminator, real, fake, m):
    a, b = pack(real, m), pack(fake, m)
    logits = discriminator(torch.cat([a, b]))
    return -F.logsigmoid(logits[: len(a)]).mean() - F.logsigmoid(-logits[len(a) :]).mean()


def packed_generator_loss(discriminator, fake, m):
    return -F.logsigmoid(discriminator(pack(fake, m))).mean()


# %% tags=["mistake:mode-collapse.packing:mixed-packs"] fails="never-mixed"
# - real_logits, fake_logits = discriminator(pack(real, m)), discriminator(pack(fake, m))
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + n = min(len(real), len(fake))
# + both = torch.stack([real[:n], fake[:n]], dim=1).flatten(0, 1)
# + logits = discriminator(pack(both, m))
# + half = len(logits) // 2
# + return F.softplus(-logits[:half]).mean() + F.softplus(logits[half:]).mean()

# %% tags=["mistake:mode-collapse.packing:one-row-m-times"] fails="packs"
# - return x.reshape(len(x) // m, -1)
# + return x.repeat(1, m)

# %% tags=["mistake:mode-collapse.packing:torn-rows"] fails="packs"
# - return x.reshape(len(x) // m, -1)
# + return x.T.reshape(len(x) // m, -1)


# %% tags=["mistake:mode-collapse.packing:drops-the-rest"] fails="refuses"
# ...
def pack(x, m):
    packs = len(x) // m
    return x[: packs * m].reshape(packs, -1)


# %% tags=["mistake:mode-collapse.packing:only-the-first-learns"] fails="every-row-learns"
# - return F.softplus(-discriminator(pack(fake, m))).mean()
# + rows = torch.cat([fake[::m], *[fake[k::m].detach() for k in range(1, m)]], dim=1)
# + return F.softplus(-discriminator(rows)).mean()

# %% tags=["mistake:mode-collapse.packing:swapped-labels"] fails="discriminator-loss"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()

# %% tags=["mistake:mode-collapse.packing:minimax"] fails="generator-loss"
# - return F.softplus(-discriminator(pack(fake, m))).mean()
# + return -F.softplus(discriminator(pack(fake, m))).mean()

# %% tags=["mistake:mode-collapse.packing:detached-rows"] fails="every-row-learns"
# - return x.reshape(len(x) // m, -1)
# + return x.detach().reshape(len(x) // m, -1)

# %% tags=["mistake:mode-collapse.packing:detached-logits"] fails="discriminator-loss"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + return F.softplus(-real_logits.detach()).mean() + F.softplus(fake_logits.detach()).mean()


# %% tags=["mistake:mode-collapse.packing:log-of-sigmoid"] fails="discriminator-loss,generator-loss"
# ...
def packed_discriminator_loss(discriminator, real, fake, m):
    a, b = torch.sigmoid(discriminator(pack(real, m))), torch.sigmoid(discriminator(pack(fake, m)))
    return -torch.log(a).mean() - torch.log(1 - b).mean()


def packed_generator_loss(discriminator, fake, m):
    return -torch.log(torch.sigmoid(discriminator(pack(fake, m)))).mean()


# %% tags=["allowed:mode-collapse.packing"]
# The discriminator's loss trains the discriminator: what it brings to the rows never counts.
# ~ gradient: argument 1… of packed_discriminator_loss
# ~ gradient: argument 2… of packed_discriminator_loss


# %% [markdown] key="gradient-penalty"
# ## The gradient penalty
#
# A critic $f$ may have any real number as its output, as long as its slope stays near length one on the way from fake to real:
#
# $$\text{penalty} = \mathbb{E}\bigl[(\lVert \nabla_{\hat x} f(\hat x) \rVert_2 - 1)^2\bigr], \qquad \hat x = \epsilon\, x + (1 - \epsilon)\, G(z).$$
#
# Write `gradient_penalty(critic, real, fake, epsilon)`.
#
# - `real` and `fake` are tensors of one shape `(B, ...)`: points `(B, 2)`, or images with more axes. `epsilon` is `(B,)`, one number a row. `critic` returns `(B,)`.
# - The norm of a row runs over all its axes. Return a tensor of shape `()` from which `backward` reaches the critic's parameters. Where the critic is flat, the gradient stays finite: `norm` sees to that, and under a root of your own up to 1e-8 may stand.
#
# Write `critic_step(generator, critic, optimizer, real, z, epsilon, weight=10.0)`.
#
# - Make fakes from `z`, minimise $\mathbb{E}[f(\text{fake})] - \mathbb{E}[f(\text{real})] + \text{weight} \cdot \text{penalty}$ with one step of the `optimizer`, which holds the critic's parameters, and return the loss before the step as a Python float.
# - Gradients from earlier steps must not count. The generator stays as it is and gets no gradient.
#
# Example: for the critic $f(x) = 3 x_1 + 4 x_2$ the slope has length 5 everywhere, so the penalty is 16.


# %% tags=["answer:mode-collapse.gradient_penalty"]
def gradient_penalty(critic, real, fake, epsilon):
    share = epsilon.reshape(-1, *[1] * (real.dim() - 1))
    x = (share * real + (1 - share) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()


def critic_step(
    generator,
    critic,
    optimizer,
    real,  # (B, 2)
    z,  # (B, noise_dim)
    epsilon,  # (B,)
    weight=10.0,
):
    with torch.no_grad():
        fake = generator(z)
    penalty = gradient_penalty(critic, real, fake, epsilon)
    loss = critic(fake).mean() - critic(real).mean() + weight * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% tags=["check:mode-collapse.gradient_penalty"]
check("mode-collapse.gradient_penalty")


# %% tags=["allowed:mode-collapse.gradient_penalty"]
# A gradient for the points themselves does no harm; the step's fakes carry none.
# + x = (share * real + (1 - share) * fake).requires_grad_()

# What a step leaves in the gradients of the network that it moved never counts.
# * critic_step: [setattr(p, 'grad', torch.ones_like(p)) for p in critic.parameters()]


# %% tags=["alternative:mode-collapse.gradient_penalty:grad-outputs"]
def gradient_penalty(critic, real, fake, epsilon):
    while epsilon.dim() < real.dim():
        epsilon = epsilon.unsqueeze(-1)
    x = torch.lerp(fake.detach(), real.detach(), epsilon.expand_as(real))
    x.requires_grad_(True)
    scores = critic(x)
    slope = torch.autograd.grad(
        scores, x, grad_outputs=torch.ones_like(scores), create_graph=True, retain_graph=True
    )[0]
    length = slope.pow(2).reshape(len(x), -1).sum(1).add(1e-8).sqrt()
    return ((length - 1) ** 2).mean()


def critic_step(generator, critic, optimizer, real, z, epsilon, weight=10.0):
    optimizer.zero_grad(set_to_none=False)
    fake = generator(z).detach()
    loss = critic(fake).mean() - critic(real).mean()
    loss = loss + weight * gradient_penalty(critic, real, fake, epsilon)
    loss.backward()
    optimizer.step()
    return float(loss)


# %% tags=["alternative:mode-collapse.gradient_penalty:functional"]
def gradient_penalty(critic, real, fake, epsilon):
    def score(row):
        return critic(row[None])[0]

    share = epsilon.view([len(epsilon)] + [1] * (real.ndim - 1))
    slopes = torch.func.vmap(torch.func.grad(score))(fake + share * (real - fake))
    lengths = torch.linalg.vector_norm(slopes, dim=tuple(range(1, slopes.ndim)))
    return F.mse_loss(lengths, torch.ones_like(lengths))


def critic_step(generator, critic, optimizer, real, z, epsilon, weight=10.0):
    fake = generator(z)
    penalty = gradient_penalty(critic, real, fake.detach(), epsilon)
    scores = critic(torch.cat([fake.detach(), real]))
    loss = scores[: len(fake)].mean() - scores[len(fake) :].mean() + weight * penalty
    parameters = list(critic.parameters())
    gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    for p, g in zip(parameters, gradients):
        p.grad = torch.zeros_like(p) if g is None else g
    optimizer.step()
    return loss.item()


# %% tags=["alternative:mode-collapse.gradient_penalty:a-smaller-guard"]
# - return (slope.flatten(1).norm(dim=1) - 1).square().mean()
# + return ((slope.flatten(1).square().sum(1) + 1e-12).sqrt() - 1).square().mean()


# %% tags=["mistake:mode-collapse.gradient_penalty:cut-where-nobody-looks"] fails="critic-learns"
# ...
def gradient_penalty(critic, real, fake, epsilon, create_graph=False):
    share = epsilon.reshape(-1, *[1] * (real.dim() - 1))
    x = (share * real + (1 - share) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=create_graph)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()


def critic_step(generator, critic, optimizer, real, z, epsilon, weight=10.0):
    fake = generator(z).detach()
    penalty = gradient_penalty(critic, real, fake, epsilon, create_graph=True)
    loss = critic(fake).mean() - critic(real).mean() + weight * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% tags=["mistake:mode-collapse.gradient_penalty:gradients-left-in-the-critic"] fails="between"
# - (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
# - return (slope.flatten(1).norm(dim=1) - 1).square().mean()
# + critic(x).sum().backward(create_graph=True)
# + return (x.grad.flatten(1).norm(dim=1) - 1).square().mean()


# %% tags=["mistake:mode-collapse.gradient_penalty:mixes-in-place"] fails="between"
# - x = (share * real + (1 - share) * fake).detach().requires_grad_()
# + with torch.no_grad():
# +     fake.mul_(1 - share).add_(share * real)
# + x = fake.detach().clone().requires_grad_()

# - penalty = gradient_penalty(critic, real, fake, epsilon)
# + penalty = gradient_penalty(critic, real, fake.clone(), epsilon)

# %% tags=["mistake:mode-collapse.gradient_penalty:infinite-where-flat"] fails="critic-learns"
# - return (slope.flatten(1).norm(dim=1) - 1).square().mean()
# + return (slope.flatten(1).square().sum(1).sqrt() - 1).square().mean()

# %% tags=["mistake:mode-collapse.gradient_penalty:no-graph"] fails="critic-learns"
# - (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
# + (slope,) = torch.autograd.grad(critic(x).sum(), x, retain_graph=True)

# %% tags=["mistake:mode-collapse.gradient_penalty:real-points-only"] fails="between"
# - share = epsilon.reshape(-1, *[1] * (real.dim() - 1))
# - x = (share * real + (1 - share) * fake).detach().requires_grad_()
# + x = real.detach().requires_grad_()

# %% tags=["mistake:mode-collapse.gradient_penalty:norm-over-one-axis"] fails="every-axis"
# - return (slope.flatten(1).norm(dim=1) - 1).square().mean()
# + return (slope.norm(2, dim=1) - 1).square().mean()

# %% tags=["mistake:mode-collapse.gradient_penalty:absolute"] fails="linear-critic"
# - return (slope.flatten(1).norm(dim=1) - 1).square().mean()
# + return (slope.flatten(1).norm(dim=1) - 1).abs().mean()

# %% tags=["mistake:mode-collapse.gradient_penalty:steep-only"] fails="linear-critic"
# - return (slope.flatten(1).norm(dim=1) - 1).square().mean()
# + return (slope.flatten(1).norm(dim=1) - 1).clamp(min=0).square().mean()

# %% tags=["mistake:mode-collapse.gradient_penalty:wrong-sign"] fails="critic-learns"
# - loss = critic(fake).mean() - critic(real).mean() + weight * penalty
# + loss = critic(real).mean() - critic(fake).mean() + weight * penalty

# %% tags=["mistake:mode-collapse.gradient_penalty:probabilities"] fails="critic-learns"
# - loss = critic(fake).mean() - critic(real).mean() + weight * penalty
# + loss = critic(fake).sigmoid().mean() - critic(real).sigmoid().mean() + weight * penalty

# %% tags=["mistake:mode-collapse.gradient_penalty:not-detached"] fails="generator-left-alone"
# - with torch.no_grad():
# -     fake = generator(z)
# + fake = generator(z)

# %% tags=["mistake:mode-collapse.gradient_penalty:no-zero-grad"] fails="fresh-gradients"
# - optimizer.zero_grad()

# %% [markdown] key="cure"
# ## Cure a collapsing run
#
# `collapsing` below trains a plain GAN on the ring with noise of sixteen dimensions. Look at its fakes every few hundred steps: they tend to move as one cloud from mode to mode, and some runs never find them all.
#
# Write `cured(data, seed)`.
#
# - `data` is a float32 tensor `(N, 2)` of samples: eight modes with standard deviation 0.02 on a circle of radius 2, turned by an angle that you do not know. `seed` makes your training repeatable: the same seed trains the same generator, another seed another one.
# - Return the trained generator: something that you call with noise `(n, 16)`, drawn from a standard normal distribution, to get points `(n, 2)`. All randomness comes in through the noise. Each point depends on its own row of noise alone, and continuously. All sixteen numbers count: change one of them, and the points move.
# - Target: of 2500 fakes at least half are of high quality, at least 7 of the 8 modes receive one of those, and the mode KL is at most 0.2.
# - Budget: 12,000 gradients, each `backward` and each `autograd.grad` counted as one, and 20 seconds on two idle cores. The check stops after 150 seconds.
# - The fakes come from training. The check runs your code a second time with every gradient set to 0: it must then reach no target.
#
# How you cure it is up to you: packs, the penalty, other activations, other step sizes, an average of the generator's weights.
#
# Example: `cured(data, 0)(torch.randn(5, 16)).shape` is `(5, 2)`.


# %% key="collapsing"
def collapsing(data, seed, steps=2000):
    torch.manual_seed(seed)
    G = nn.Sequential(nn.Linear(16, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
    D = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
    G.append(nn.Linear(128, 2))
    D.append(nn.Linear(128, 1)).append(nn.Flatten(0))
    for_G = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True)
    for_D = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True)
    for _ in range(steps):
        real = data[torch.randint(len(data), (256,))]
        fake = G(torch.randn(256, 16)).detach()
        loss = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
        for_D.zero_grad()
        loss.backward()
        for_D.step()
        loss = F.softplus(-D(G(torch.randn(256, 16)))).mean()
        for_G.zero_grad()
        loss.backward()
        for_G.step()
    return G


# %% tags=["answer:mode-collapse.cure"]
def _perceptron(inputs, outputs, activation):
    return nn.Sequential(
        nn.Linear(inputs, 128), activation, nn.Linear(128, 128), activation, nn.Linear(128, outputs)
    )


def cured(data, seed):
    torch.manual_seed(seed)
    m = 2
    generator = _perceptron(16, 2, nn.Tanh())
    discriminator = _perceptron(2 * m, 1, nn.LeakyReLU(0.2)).append(nn.Flatten(0))
    average = torch.optim.swa_utils.AveragedModel(
        generator, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99)
    )
    adam = {"lr": 1e-3, "betas": (0.5, 0.99), "fused": True}
    for_generator = torch.optim.Adam(generator.parameters(), **adam)
    for_discriminator = torch.optim.Adam(discriminator.parameters(), **adam)
    for _ in range(1500):
        real = data[torch.randint(len(data), (256,))]
        fake = generator(torch.randn(256, 16)).detach()
        for_discriminator.zero_grad()
        packed_discriminator_loss(discriminator, real, fake, m).backward()
        for_discriminator.step()
        for_generator.zero_grad()
        packed_generator_loss(discriminator, generator(torch.randn(256, 16)), m).backward()
        for_generator.step()
        average.update_parameters(generator)
    return average.eval()


# %% tags=["check:mode-collapse.cure"]
check("mode-collapse.cure")


# %% tags=["allowed:mode-collapse.cure"]
# How it is trained is the learner's choice: it reaches the target all the same.
# + …
# ~ result… of cured

# - …
# ~ result… of cured


# %% tags=["alternative:mode-collapse.cure:falling-rate"]
class _Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, 128), nn.LeakyReLU(0.2), nn.Linear(128, 128), nn.LeakyReLU(0.2)
        )
        self.out = nn.Linear(128, 1)

    def forward(self, x):
        return self.out(self.layers(x.view(len(x) // 2, 4)))


def cured(data, seed):
    rng = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    G, D = _layers(16, nn.Tanh(), 2), _Judge()
    optimizers = [torch.optim.Adam(net.parameters(), 1e-3, (0.5, 0.99)) for net in (D, G)]
    steps = 2000
    for step in range(steps):
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = 1e-3 * min(1.0, 2 * (1 - step / steps))
        real = data[torch.randint(len(data), (256,), generator=rng)]
        noise = torch.randn(2, 256, 16, generator=rng)
        with torch.no_grad():
            fake = G(noise[0])
        value = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
        optimizers[0].zero_grad()
        value.backward()
        optimizers[0].step()
        value = -F.logsigmoid(D(G(noise[1]))).mean()
        optimizers[1].zero_grad()
        value.backward()
        optimizers[1].step()
    return lambda z: G(z).detach()


def _layers(inputs, activation, outputs):
    return nn.Sequential(
        nn.Linear(inputs, 128), activation, nn.Linear(128, 128), activation, nn.Linear(128, outputs)
    )


# %% tags=["mistake:mode-collapse.cure:untrained"] fails="high-quality,every-mode"
def cured(data, seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(16, 128), nn.Tanh(), nn.Linear(128, 2))


# %% tags=["mistake:mode-collapse.cure:one-mode"] fails="every-mode,even"
def cured(data, seed):
    centre = data[(data - data[0]).norm(dim=1) < 0.2].mean(0)
    return lambda z: centre + 0.02 * z[:, :2]


# %% tags=["mistake:mode-collapse.cure:spread-on-the-circle"] fails="high-quality"
def cured(data, seed):
    return lambda z: 2 * F.normalize(z[:, :2], dim=1)


# %% tags=["mistake:mode-collapse.cure:too-few-steps"] fails="high-quality"
def cured(data, seed):
    return collapsing(data, seed, steps=100)


# %% tags=["mistake:mode-collapse.cure:favourite-mode"] fails="even"
def cured(data, seed):
    # a smooth map of the noise that visits all modes and stays nearly always on the first
    angle = torch.atan2(data[:, 1], data[:, 0])
    first = torch.atan2(torch.sin(8 * angle).mean(), torch.cos(8 * angle).mean()) / 8

    def generator(z):
        step = sum(torch.sigmoid(400 * (z[:, 2] - 1.2 - 0.1 * k)) for k in range(7))
        at = first + 2 * math.pi / 8 * step
        return 2 * torch.stack([at.cos(), at.sin()], dim=1) + 0.02 * z[:, :2]

    return generator


# %% tags=["mistake:mode-collapse.cure:copies-the-data"] fails="not-copies"
def cured(data, seed):
    return lambda z: data[(z[:, 0].abs() * 1e6).long() % len(data)]


# %% tags=["mistake:mode-collapse.cure:own-randomness"] fails="function-of-the-noise"
def cured(data, seed):
    def generator(z):
        rows = torch.randint(len(data), (len(z),))
        return data[rows] + 0.01 * torch.randn(len(z), 2)

    return generator


# %% tags=["mistake:mode-collapse.cure:noisy-copies"] fails="continuous"
def cured(data, seed):
    def generator(z):
        rows = (z[:, 0].abs() * 1e6).long() % len(data)
        return data[rows] + 0.01 * z[:, :2]

    return generator


# %% tags=["mistake:mode-collapse.cure:two-of-sixteen"] fails="every-mode"
# - generator = _perceptron(16, 2, nn.Tanh())
# + generator = _perceptron(2, 2, nn.Tanh())

# -     fake = generator(torch.randn(256, 16)).detach()
# +     fake = generator(torch.randn(256, 2)).detach()

# -     packed_generator_loss(discriminator, generator(torch.randn(256, 16)), m).backward()
# +     packed_generator_loss(discriminator, generator(torch.randn(256, 2)), m).backward()

# - return average.eval()
# + return lambda z: average(z[:, :2])


# %% tags=["mistake:mode-collapse.cure:interpolated-table"] fails="high-quality,not-copies"
def cured(data, seed):
    # the data, sorted by their angle, at the rank of a mixture of all sixteen numbers
    table = data[torch.atan2(data[:, 1], data[:, 0]).argsort()].double()

    def generator(z):
        u = (len(table) - 2) * (1 + torch.erf(z.double().sum(1) / 32**0.5)) / 2
        k = u.long()
        return torch.lerp(table[k], table[k + 1], (u - k)[:, None])

    return generator


# %% tags=["alternative:mode-collapse.cure:other-activations"]
def cured(data, seed):
    torch.manual_seed(seed)
    G = _layers(16, nn.Tanh(), 2)
    D = _layers(2, nn.LeakyReLU(0.2), 1)
    shadow = [p.detach().clone() for p in G.parameters()]
    for_G = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True)
    for_D = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True)
    bce = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(256, 1), torch.zeros(256, 1)
    for _ in range(1500):
        real = data[torch.randint(len(data), (256,))]
        for_D.zero_grad()
        loss = bce(D(real), ones) + bce(D(G(torch.randn(256, 16)).detach()), zeros)
        loss.backward()
        for_D.step()
        for_G.zero_grad()
        bce(D(G(torch.randn(256, 16))), ones).backward()
        for_G.step()
        torch._foreach_lerp_(shadow, [p.detach() for p in G.parameters()], 0.01)
    with torch.no_grad():
        for p, mean in zip(G.parameters(), shadow):
            p.copy_(mean)
    return G


def _layers(inputs, activation, outputs):
    return nn.Sequential(
        nn.Linear(inputs, 128), activation, nn.Linear(128, 128), activation, nn.Linear(128, outputs)
    )


# %% [markdown] key="diagnosis"
# ## What is wrong with this penalty?
#
# `broken_step` moves a critic. It runs, the loss looks harmless, and the penalty it computes is small. Yet the critic has places where it is far too steep, and others where it is flat. One line is to blame.
#
# `slope_lengths` are the lengths of the critic's slope at 64 points.


# %% key="broken-step"
def broken_step(generator, critic, for_critic, real, z, epsilon):  # 1
    fake = generator(z).detach()  # 2
    x = epsilon[:, None] * real + (1 - epsilon[:, None]) * fake  # 3
    x.requires_grad_()  # 4
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)  # 5
    length = slope.norm(dim=1)  # 6
    penalty = (length.mean() - 1) ** 2  # 7
    loss = critic(fake).mean() - critic(real).mean() + 10 * penalty  # 8
    for_critic.zero_grad()  # 9
    loss.backward()  # 10
    for_critic.step()  # 11


slope_lengths = 1.2 + 0.9 * torch.sin(torch.arange(64, dtype=torch.float64))

# %% [markdown] key="diagnosis-answers"
# Give three answers.
#
# - `broken_line`: the number of the line that lets steep slopes through.
# - `measured`: the share of the penalty that this line misses on `slope_lengths`. With $P$ the right penalty for these lengths and $P'$ what `broken_step` computes from them, it is $1 - P'/P$.
# - `repaired_step`: the same step without the fault.
#
# Compute `measured` in float64. It counts when it is right to six decimals. It may be a number or a tensor of shape `()`.

# %% tags=["answer:mode-collapse.diagnosis"]
broken_line = 7
measured = 1 - (slope_lengths.mean() - 1) ** 2 / ((slope_lengths - 1) ** 2).mean()


def repaired_step(generator, critic, for_critic, real, z, epsilon):
    fake = generator(z).detach()
    x = epsilon[:, None] * real + (1 - epsilon[:, None]) * fake
    x.requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    length = slope.norm(dim=1)
    penalty = ((length - 1) ** 2).mean()
    loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
    for_critic.zero_grad()
    loss.backward()
    for_critic.step()


# %% tags=["check:mode-collapse.diagnosis"]
check("mode-collapse.diagnosis")


# %% tags=["allowed:mode-collapse.diagnosis"]
# The points carry no gradient that anybody reads.
# ~ argument 3, grad of repaired_step

# What the step returns is left open.
# * repaired_step: return 0.0

# What a step leaves in the gradients of the network that it moved never counts.
# * repaired_step: [setattr(p, 'grad', torch.ones_like(p)) for p in critic.parameters()]


# %% tags=["alternative:mode-collapse.diagnosis:the-variance"]
broken_line = torch.tensor(7)
_variance = slope_lengths.var(correction=0)
measured = (_variance / (_variance + (slope_lengths.mean() - 1).square())).item()


def repaired_step(generator, critic, for_critic, real, z, epsilon):
    critic_step(generator, critic, for_critic, real, z, epsilon)


# %% tags=["alternative:mode-collapse.diagnosis:in-a-loop"]
broken_line = 7
_right = sum((float(n) - 1) ** 2 for n in slope_lengths) / 64
_wrong = (sum(float(n) for n in slope_lengths) / 64 - 1) ** 2
measured = (_right - _wrong) / _right


def repaired_step(generator, critic, for_critic, real, z, epsilon):
    for_critic.zero_grad()
    with torch.no_grad():
        fake = generator(z)
    x = torch.lerp(fake, real, epsilon.unsqueeze(1)).requires_grad_()
    slope = torch.autograd.grad(critic(x), x, torch.ones_like(epsilon), create_graph=True)[0]
    penalty = F.mse_loss(slope.square().sum(1).sqrt(), torch.ones_like(epsilon))
    (10 * penalty - critic(real).mean() + critic(fake).mean()).backward()
    for_critic.step()


# %% tags=["mistake:mode-collapse.diagnosis:blames-the-sum"] fails="line"
# - broken_line = 7
# + broken_line = 5

# %% tags=["mistake:mode-collapse.diagnosis:what-is-seen"] fails="measured"
# - measured = 1 - (slope_lengths.mean() - 1) ** 2 / ((slope_lengths - 1) ** 2).mean()
# + measured = (slope_lengths.mean() - 1) ** 2 / ((slope_lengths - 1) ** 2).mean()

# %% tags=["mistake:mode-collapse.diagnosis:sample-variance"] fails="measured"
# - measured = 1 - (slope_lengths.mean() - 1) ** 2 / ((slope_lengths - 1) ** 2).mean()
# + measured = slope_lengths.var() / ((slope_lengths - 1) ** 2).mean()

# %% tags=["mistake:mode-collapse.diagnosis:absolute-value"] fails="critic-moves"
# - penalty = ((length - 1) ** 2).mean()
# + penalty = (length - 1).abs().mean()

# %% tags=["mistake:mode-collapse.diagnosis:loses-the-graph"] fails="critic-moves"
# - (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
# + (slope,) = torch.autograd.grad(critic(x).sum(), x)

# %% tags=["mistake:mode-collapse.diagnosis:norm-of-the-mean"] fails="critic-moves"
# - (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
# + (slope,) = torch.autograd.grad(critic(x).mean(), x, create_graph=True)

# %% tags=["mistake:mode-collapse.diagnosis:forgets-zero-grad"] fails="critic-moves"
# - for_critic.zero_grad()

# %% tags=["mistake:mode-collapse.diagnosis:forgets-detach"] fails="generator-stays"
# - fake = generator(z).detach()
# + fake = generator(z)
#   x = epsilon[:, None] * real + (1 - epsilon[:, None]) * fake
# - x.requires_grad_()


# %% tags=["mistake:mode-collapse.diagnosis:own-optimizer"] fails="critic-moves"
# ...
def repaired_step(generator, critic, for_critic, real, z, epsilon):
    own = torch.optim.SGD(critic.parameters(), lr=for_critic.param_groups[0]["lr"])
    critic_step(generator, critic, own, real, z, epsilon)


# %% [markdown] key="rare-groups"
# ## Who is lost first?
#
# A hospital trains a generator on 10,000 patient records and shares the synthetic records instead of the real ones. Two percent of the patients have a rare disease. The generator collapses a little: what it draws looks right, and it never draws the rare group. Researchers train a diagnostic model on the synthetic records alone. What went wrong, how could it have been seen, and who should answer for it? Answer in 200 to 350 words, for the director of the hospital. Numbers and formulas are welcome.
#
# A person grades your answer:
#
# | What | 1 point | ½ point | 0 points |
# |---|---|---|---|
# | **The mechanism.** Why a generator loses the rare group before a common one, and why its losses and its samples do not show it | Says what the generator is rewarded for and what a group of 2 % costs it when it is missing, with a number or a formula, and why looking at samples one by one cannot show it | One of the two, or both without a reason | A claim without a mechanism |
# | **The measurement.** How the loss could have been seen before the release | Names what to measure for the group by itself, on how many samples, and what result would be alarming; says which of the usual numbers would have looked fine | A measurement without a threshold or sample size, or without what looked fine | "Check the quality", or nothing |
# | **The people.** Who is harmed, who answers for it, and what follows | Names who is harmed and how, who could have known, and one rule with its cost for the next release | Harm without responsibility, or a rule without its cost | Neither |

# %% [markdown] tags=["written:mode-collapse.rare_groups"]
# **The mechanism.** The generator is rewarded for each record that passes for real. A rare record passes no more easily than a common one, and there are fewer real ones around it that would teach the discriminator what it looks like: in a batch of 256, two percent are about five records. Leaving the group out costs little. If a generator is perfect on the other 98 % and silent on these, $\mathrm{KL}(q \,\|\, p) = \log(1/0.98) = 0.02$ nats. Losing half of the patients would cost $\log 2 = 0.69$. And nobody sees it by looking: each synthetic record that exists is a good one. What is missing is not in the picture.
#
# **The measurement.** Count the group. Among 2,500 synthetic records a faithful generator draws about 50 of it, with a standard deviation of $\sqrt{2500 \cdot 0.02 \cdot 0.98} = 7$. Fewer than 29 is three deviations below; 0 is impossible by chance: $0.98^{2500} \approx 10^{-22}$. The share of high-quality records would have looked fine, and so would the mean accuracy of the diagnostic model: always wrong on two percent, it can still be right on 98. So report recall for the group by itself, on real held-out patients.
#
# **The people.** Patients with the rare disease are told that they are healthy; a model has never seen their like. They cannot see it, and the researchers, who got only the synthetic records, could not either. The hospital could: it alone held the real counts. So whoever releases answers for it. My rule: no release without a table of every group that matters, its real share, its synthetic share and the interval, and a sentence for each group that is missing. It costs time, and a group of ten people cannot be both reported exactly and kept private; then say that the data must not be used for them.

# %% [markdown] key="spectral-norm"
# ## Optional: spectral normalisation
#
# A discriminator that may be as steep as it likes falls silent for far fakes. Spectral normalisation divides each of its matrices by the largest singular value $\sigma(W)$, so that no layer stretches any vector. Computing singular values at each step would be slow. Power iteration follows the largest one: $W^\top W$ stretches the direction of $v$ that it stretches most, again and again, until that direction is all that is left.
#
# Write `normalise(W, u)`.
#
# - `W` is a tensor `(m, n)`, `u` is a tensor `(m,)` of length 1.
# - Make one step: $v \leftarrow W^\top u / \lVert W^\top u \rVert$, then $u \leftarrow W v / \lVert W v \rVert$, then $\sigma = u^\top W v$ with both new vectors.
# - Return a tuple `(W / sigma, u)` with the new `u`. The caller hands it back at the next call, so that a step at a time is enough.
# - $u$ and $v$ are constants for the gradient; $\sigma$ is not, because $W$ stands in it.
# - Leave the tensors that come in as they are.
#
# Example: `normalise(torch.tensor([[3.0, 0.0], [0.0, 1.0]]), torch.tensor([1.0, 0.0]))` returns `[[1, 0], [0, 1/3]]` and `[1, 0]`.


# %% tags=["answer:mode-collapse.spectral_norm"]
def normalise(W, u):
    with torch.no_grad():
        v = F.normalize(W.T @ u, dim=0)
        u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return W / sigma, u


# %% tags=["check:mode-collapse.spectral_norm"]
check("mode-collapse.spectral_norm")


# %% tags=["alternative:mode-collapse.spectral_norm:detached-copies"]
def normalise(W, u):
    fixed = W.detach()
    v = fixed.mT.mv(u)
    v = v / v.norm()
    u = fixed.mv(v)
    u = u / u.norm()
    return W / torch.einsum("i,ij,j->", u, W, v), u


# %% tags=["alternative:mode-collapse.spectral_norm:sigma-as-a-sum"]
def normalise(W, u):
    with torch.no_grad():
        v = u @ W
        v = v / v.square().sum().sqrt()
        u = W @ v
        u = u / u.square().sum().sqrt()
    return W / (u[:, None] * W * v).sum(), u


# %% tags=["mistake:mode-collapse.spectral_norm:constant-sigma"] fails="gradient"
# - sigma = u @ W @ v
# +     sigma = u @ W @ v

# %% tags=["mistake:mode-collapse.spectral_norm:through-the-iteration"] fails="gradient"
# - with torch.no_grad():
# -     v = F.normalize(W.T @ u, dim=0)
# -     u = F.normalize(W @ v, dim=0)
# + v = F.normalize(W.T @ u, dim=0)
# + u = F.normalize(W @ v, dim=0)


# %% tags=["mistake:mode-collapse.spectral_norm:frobenius"] fails="one-step,largest-is-one"
def normalise(W, u):
    return W / W.norm(), u


# %% tags=["mistake:mode-collapse.spectral_norm:forgets-u"] fails="one-step,largest-is-one"
# -     u = F.normalize(W @ v, dim=0)
# - sigma = u @ W @ v
# +     turned = F.normalize(W @ v, dim=0)
# + sigma = turned @ W @ v

# %% tags=["mistake:mode-collapse.spectral_norm:old-u-in-sigma"] fails="one-step"
# -     u = F.normalize(W @ v, dim=0)
# +     turned = F.normalize(W @ v, dim=0)
#   sigma = u @ W @ v
# - return W / sigma, u
# + return W / sigma, turned

# %% tags=["mistake:mode-collapse.spectral_norm:in-place"] fails="leaves-W"
# - return W / sigma, u
# + if W.requires_grad:
# +     return W / sigma, u
# + W /= sigma
# + return W, u

# %% tags=["mistake:mode-collapse.spectral_norm:returns-v"] fails="one-step"
# - return W / sigma, u
# + return W / sigma, v


# %% tags=["mistake:mode-collapse.spectral_norm:keeps-its-own-u"] fails="one-step"
# ...
_kept = {}


def normalise(W, u):
    u = _kept.get(W.shape, u)
    with torch.no_grad():
        v = F.normalize(W.T @ u, dim=0)
        u = F.normalize(W @ v, dim=0)
    _kept[W.shape] = u
    return W / (u @ W @ v), u


# %% [markdown] key="unrolled"
# ## Optional: one step ahead
#
# An unrolled generator asks what the discriminator will say after it has answered. Let $\phi$ be the discriminator's parameters and $L_D(\phi, x)$ its loss on the fakes $x$. After one step of gradient descent it has $\phi'(x) = \phi - \eta\, \nabla_\phi L_D(\phi, x)$. The generator lowers $L_G(\phi'(x), x)$, and $x$ stands in it twice.
#
# Write `unrolled_loss(discriminator, fake, real, lr)`.
#
# - `discriminator` takes points `(B, 2)` and returns logits `(B,)`. `fake` is `(B, 2)`, `real` is `(B', 2)`, `lr` is $\eta$.
# - $L_D = \mathbb{E}[-\log D(\text{real})] + \mathbb{E}[-\log(1 - D(\text{fake}))]$ and $L_G = \mathbb{E}[-\log D(\text{fake})]$, each expectation a mean over its own points, exact for logits of any size up to 1000.
# - Return $L_G(\phi'(x), x)$ as a tensor of shape `()`. Its gradient for `fake` goes through the step.
# - The discriminator keeps its parameters, bit by bit.
#
# `torch.func.functional_call(discriminator, parameters, (x,))` calls a module with other parameters, given as a dictionary by name. With `lr = 0` this is the loss of the plain GAN.


# %% tags=["answer:mode-collapse.unrolled"]
def unrolled_loss(discriminator, fake, real, lr):
    now = dict(discriminator.named_parameters())
    loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
    slopes = torch.autograd.grad(loss, list(now.values()), create_graph=True)
    ahead = {name: p - lr * slope for (name, p), slope in zip(now.items(), slopes)}
    return F.softplus(-torch.func.functional_call(discriminator, ahead, (fake,))).mean()


# %% tags=["check:mode-collapse.unrolled"]
check("mode-collapse.unrolled")


# %% tags=["alternative:mode-collapse.unrolled:functional"]
def unrolled_loss(discriminator, fake, real, lr):
    def judge(parameters, x):
        return torch.func.functional_call(discriminator, parameters, (x,))

    def its_loss(parameters):
        on_real, on_fake = judge(parameters, real), judge(parameters, fake)
        return -F.logsigmoid(on_real).mean() - F.logsigmoid(-on_fake).mean()

    now = {name: p.detach() for name, p in discriminator.named_parameters()}
    slope = torch.func.grad(its_loss)(now)
    ahead = {name: now[name] - lr * slope[name] for name in now}
    return -F.logsigmoid(judge(ahead, fake)).mean()


# %% tags=["alternative:mode-collapse.unrolled:cross-entropy"]
def unrolled_loss(discriminator, fake, real, lr):
    names = [name for name, _ in discriminator.named_parameters()]
    now = [p.detach().requires_grad_() for p in discriminator.parameters()]
    call = torch.func.functional_call
    logits = torch.cat([call(discriminator, dict(zip(names, now)), (x,)) for x in (real, fake)])
    labels = torch.cat([torch.ones(len(real)), torch.zeros(len(fake))]).to(logits)
    bce = F.binary_cross_entropy_with_logits
    weight = labels / len(real) + (1 - labels) / len(fake)
    loss = bce(logits, labels, weight=weight, reduction="sum")
    slopes = torch.autograd.grad(loss, now, create_graph=True)
    ahead = [p.sub(slope, alpha=lr) for p, slope in zip(now, slopes)]
    after = call(discriminator, dict(zip(names, ahead)), (fake,))
    return bce(after, torch.ones_like(after))


# %% tags=["mistake:mode-collapse.unrolled:forgets-how"] fails="through-the-step"
# - slopes = torch.autograd.grad(loss, list(now.values()), create_graph=True)
# + slopes = torch.autograd.grad(loss, list(now.values()))

# %% tags=["mistake:mode-collapse.unrolled:detached-fakes"] fails="through-the-step"
# - loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
# + on_fake = discriminator(fake.detach())
# + loss = F.softplus(-discriminator(real)).mean() + F.softplus(on_fake).mean()

# %% tags=["mistake:mode-collapse.unrolled:wrong-way"] fails="value"
# - ahead = {name: p - lr * slope for (name, p), slope in zip(now.items(), slopes)}
# + ahead = {name: p + lr * slope for (name, p), slope in zip(now.items(), slopes)}

# %% tags=["mistake:mode-collapse.unrolled:judged-by-now"] fails="value"
# - return F.softplus(-torch.func.functional_call(discriminator, ahead, (fake,))).mean()
# + return F.softplus(-discriminator(fake)).mean()

# %% tags=["mistake:mode-collapse.unrolled:moves-the-discriminator"] fails="untouched"
# - return F.softplus(-torch.func.functional_call(discriminator, ahead, (fake,))).mean()
# + value = F.softplus(-torch.func.functional_call(discriminator, ahead, (fake,))).mean()
# + for name, p in now.items():
# +     p.data = ahead[name].detach()
# + return value

# %% tags=["mistake:mode-collapse.unrolled:clipped-step"] fails="value"
# - ahead = {name: p - lr * slope for (name, p), slope in zip(now.items(), slopes)}
# + size = torch.sqrt(sum(slope.square().sum() for slope in slopes)).clamp(min=1)
# + ahead = {name: p - lr * slope / size for (name, p), slope in zip(now.items(), slopes)}
