# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # Two networks, one game: exercises
#
# You will build a GAN from its parts, train it on data whose truth is known, and repair one that has stopped learning. The lesson of the same name derives everything that you need.

# %% [markdown] key="how"
# ## How it works
#
# - Replace `raise NotImplementedError` or `None` with your answer and run the cell.
# - Run the cell below it. `check` says what is right, what is broken, what it measured and what it expected. It also shows your points.
# - You are stuck? Run `hint("gan.discriminator_loss")`, with the question's name, in a new cell. The first hint gives you a direction, the second a method.
# - Check as often as you like. Grading runs the same checks on other inputs.
# - The last answer is a text. A person grades it.
#
# A *logit* $l$ is what the discriminator returns. $D(x) = \sigma(l)$ is its probability that $x$ is real. Logarithms are natural, so every loss is in nats.

# %% key="setup"
import torch
from torch import nn
from torch.nn import functional as F

from synthlab import check, hint

torch.set_num_threads(1)

# %% [markdown] key="prediction"
# ## How many modes will it find?
#
# The data are eight narrow modes on a ring. You will train a GAN on them, with two-dimensional noise. How many modes will receive at least one fake within three standard deviations of their centre?
#
# Set `predicted_modes` to a whole number from 0 to 8. A prediction counts when it is made, whatever it says.

# %% tags=["answer:gan.prediction"]
predicted_modes = 8

# %% tags=["check:gan.prediction"]
check("gan.prediction")

# %% [markdown] key="discriminator-loss"
# ## The discriminator's loss
#
# The discriminator wants a high logit where the point is real and a low one where it is fake:
#
# $$L_D = \mathbb{E}\bigl[-\log D(x)\bigr] + \mathbb{E}\bigl[-\log\bigl(1 - D(G(z))\bigr)\bigr].$$
#
# Write `discriminator_loss(real_logits, fake_logits)`.
#
# - The arguments are tensors of any shape. Their sizes may differ, and each expectation is the mean over all elements of its own tensor.
# - Return $L_D$ as a tensor of shape `()` and of the dtype of the logits, ready for `backward`.
# - Value and gradient must be finite and right for logits as large as $\pm 1000$.
#
# Example: `discriminator_loss(torch.zeros(4), torch.zeros(4))` is $2 \log 2 \approx 1.3863$.


# %% tags=["answer:gan.discriminator_loss"]
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


# %% tags=["check:gan.discriminator_loss"]
check("gan.discriminator_loss")


# %% tags=["alternative:gan.discriminator_loss:bce-with-logits"]
def discriminator_loss(real_logits, fake_logits):
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real + fake


# %% tags=["alternative:gan.discriminator_loss:logsigmoid"]
def discriminator_loss(real_logits, fake_logits):
    return -torch.mean(F.logsigmoid(real_logits)) - torch.mean(F.logsigmoid(-fake_logits))


# %% tags=["alternative:gan.discriminator_loss:by-hand"]
def _softplus(x):
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))


def discriminator_loss(real_logits, fake_logits):
    return _softplus(-real_logits).mean() + _softplus(fake_logits).mean()


# %% tags=["alternative:gan.discriminator_loss:logaddexp"]
def discriminator_loss(real_logits, fake_logits):
    zero = torch.zeros((), dtype=real_logits.dtype)
    real = torch.logaddexp(zero, -real_logits.reshape(-1))
    fake = torch.logaddexp(zero, fake_logits.reshape(-1))
    return real.sum() / real.numel() + fake.sum() / fake.numel()


# %% tags=["mistake:gan.discriminator_loss:swapped-labels"] fails="value"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()

# %% tags=["mistake:gan.discriminator_loss:sigmoid-before-logits"] fails="value"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
# + return F.binary_cross_entropy_with_logits(
# +     real, torch.ones_like(real)
# + ) + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))

# %% tags=["mistake:gan.discriminator_loss:log-of-sigmoid"] fails="stable"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + return (
# +     -torch.log(torch.sigmoid(real_logits)).mean()
# +     - torch.log(1 - torch.sigmoid(fake_logits)).mean()
# + )

# %% tags=["mistake:gan.discriminator_loss:log-with-epsilon"] fails="stable"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
# + return -torch.log(real + 1e-12).mean() - torch.log(1 - fake + 1e-12).mean()

# %% tags=["mistake:gan.discriminator_loss:bce-of-probabilities"] fails="stable"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
# + return F.binary_cross_entropy(real, torch.ones_like(real)) + F.binary_cross_entropy(
# +     fake, torch.zeros_like(fake)
# + )

# %% tags=["mistake:gan.discriminator_loss:sum"] fails="value"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()

# %% tags=["mistake:gan.discriminator_loss:one-mean"] fails="value"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + logits = torch.cat([real_logits.flatten(), fake_logits.flatten()])
# + labels = torch.cat(
# +     [torch.ones_like(real_logits.flatten()), torch.zeros_like(fake_logits.flatten())]
# + )
# + return F.binary_cross_entropy_with_logits(logits, labels)

# %% tags=["mistake:gan.discriminator_loss:pairs-of-equal-shape"] fails="own-means"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + logits = torch.cat([real_logits.flatten(), fake_logits.flatten()])
# + labels = torch.cat(
# +     [torch.ones_like(real_logits.flatten()), torch.zeros_like(fake_logits.flatten())]
# + )
# + return 2 * F.binary_cross_entropy_with_logits(logits, labels)

# %% tags=["mistake:gan.discriminator_loss:cut-graph"] fails="gradient"
# - return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + value = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + return torch.tensor(value.item(), dtype=real_logits.dtype)

# %% [markdown] key="generator-loss"
# ## The generator's two losses
#
# The generator wants its fakes to pass for real. It has two ways to say so:
#
# $$L_G^{\text{ns}} = \mathbb{E}\bigl[-\log D(G(z))\bigr], \qquad L_G^{\text{minimax}} = \mathbb{E}\bigl[\log\bigl(1 - D(G(z))\bigr)\bigr].$$
#
# Both fall when a logit rises. Their gradients differ: per logit, with $n$ logits, they are $(\sigma(l) - 1)/n$ and $-\sigma(l)/n$.
#
# Write `generator_loss(fake_logits, saturating=False)`.
#
# - `fake_logits` is a tensor of any shape. Expectations are means over all its elements.
# - Return $L_G^{\text{ns}}$, or $L_G^{\text{minimax}}$ when `saturating=True`, as a tensor of shape `()` and of the dtype of the logits. The generator *minimises* what you return.
# - Value and gradient must be finite and right for logits as large as $\pm 1000$.
#
# Example: at the single logit 0 the two losses are $\log 2 \approx 0.6931$ and $-\log 2$.


# %% tags=["answer:gan.generator_loss"]
def generator_loss(fake_logits, saturating=False):
    if saturating:
        return -F.softplus(fake_logits).mean()
    return F.softplus(-fake_logits).mean()


# %% tags=["check:gan.generator_loss"]
check("gan.generator_loss")


# %% tags=["alternative:gan.generator_loss:logsigmoid"]
def generator_loss(fake_logits, saturating=False):
    return F.logsigmoid(-fake_logits).mean() if saturating else -F.logsigmoid(fake_logits).mean()


# %% tags=["alternative:gan.generator_loss:bce-with-logits"]
def generator_loss(fake_logits, saturating=False):
    target = torch.full_like(fake_logits, 0.0 if saturating else 1.0)
    value = nn.BCEWithLogitsLoss()(fake_logits, target)
    return -value if saturating else value


# %% tags=["alternative:gan.generator_loss:difference"]
def generator_loss(fake_logits, saturating=False):
    minimax = -torch.logaddexp(torch.zeros_like(fake_logits), fake_logits)
    return (minimax if saturating else -fake_logits - minimax).mean()


# %% tags=["mistake:gan.generator_loss:minimax-by-default"] fails="non-saturating"
# -     return -F.softplus(fake_logits).mean()
# - return F.softplus(-fake_logits).mean()
# +     return F.softplus(-fake_logits).mean()
# + return -F.softplus(fake_logits).mean()

# %% tags=["mistake:gan.generator_loss:helps-the-discriminator"] fails="non-saturating"
# - return F.softplus(-fake_logits).mean()
# + return F.softplus(fake_logits).mean()

# %% tags=["mistake:gan.generator_loss:minimax-sign"] fails="saturating"
# - return -F.softplus(fake_logits).mean()
# + return F.softplus(fake_logits).mean()


# %% tags=["mistake:gan.generator_loss:negated-instead"] fails="saturating"
def generator_loss(fake_logits, saturating=False):
    value = F.softplus(-fake_logits).mean()
    return -value if saturating else value


# %% tags=["mistake:gan.generator_loss:sigmoid-before-logits"] fails="non-saturating"
# - return F.softplus(-fake_logits).mean()
# + belief = torch.sigmoid(fake_logits)
# + return F.binary_cross_entropy_with_logits(belief, torch.ones_like(belief))


# %% tags=["mistake:gan.generator_loss:log-of-sigmoid"] fails="stable"
def generator_loss(fake_logits, saturating=False):
    belief = torch.sigmoid(fake_logits)
    if saturating:
        return torch.log(1 - belief).mean()
    return -torch.log(belief).mean()


# %% tags=["mistake:gan.generator_loss:clamped"] fails="stable"
def generator_loss(fake_logits, saturating=False):
    belief = torch.sigmoid(fake_logits).clamp(1e-12, 1 - 1e-12)
    if saturating:
        return torch.log1p(-belief).mean()
    return -torch.log(belief).mean()


# %% tags=["mistake:gan.generator_loss:mean-over-rows"] fails="any-shape"
# -     return -F.softplus(fake_logits).mean()
# - return F.softplus(-fake_logits).mean()
# +     return -F.softplus(fake_logits).mean(0)
# + return F.softplus(-fake_logits).mean(0)

# %% tags=["mistake:gan.generator_loss:cut-graph"] fails="gradient"
# + fake_logits = fake_logits.detach()
#   if saturating:

# %% [markdown] key="training-step"
# ## One step of the game
#
# Each step moves one network and leaves the other alone. Write both.
#
# - `generator(z)` returns points `(m, 2)`, `discriminator(x)` returns logits, one a point. There may be more or fewer real points than fakes.
# - `optimizer` holds the parameters of the network that moves. Gradients that stand in a network before the call, whoever left them, must not count.
# - `loss` is `loss(real_logits, fake_logits)` in the first step and `loss(fake_logits)` in the second. Use the `loss` and the noise `z` that you are given.
# - `discriminator_step` leaves the generator's parameters unchanged and gives them no gradient: each `p.grad` is afterwards what it was, `None` or zero. `generator_step` leaves the discriminator's parameters unchanged. Both networks stay trainable, and in the mode (`train` or `eval`) in which they come.
# - Return the loss before the move, as a Python float.
#
# The library's own steps have the same signature, so `GAN(…, discriminator_step=discriminator_step)` trains with yours.
#
# Example: with `torch.optim.SGD(…, lr=1.0)` a parameter moves by exactly minus its gradient. That is how the check sees your steps, alone and in turn, with networks of other kinds and with other optimizers.


# %% tags=["answer:gan.training_step"]
def discriminator_step(
    generator,
    discriminator,
    optimizer,
    real,  # (n, 2)
    z,  # (m, 2)
    loss,
):
    fake = generator(z).detach()
    value = loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.item()


def generator_step(
    generator,
    discriminator,
    optimizer,
    z,  # (m, 2)
    loss,
):
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.item()


# %% tags=["check:gan.training_step"]
check("gan.training_step")


# %% tags=["allowed:gan.training_step"]
# What a step leaves in the gradients of the network that it moved never counts.
# * discriminator_step: [setattr(p, 'grad', torch.ones_like(p)) for p in discriminator.parameters()]

# * generator_step: [setattr(p, 'grad', torch.ones_like(p)) for p in generator.parameters()]

# The generator's gradient flows through the discriminator and leaves something there.
# * generator_step: [setattr(p, 'grad', torch.ones_like(p)) for p in discriminator.parameters()]


# %% tags=["alternative:gan.training_step:no-grad"]
def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    discriminator.zero_grad(set_to_none=False)
    with torch.no_grad():
        fake = generator(z)
    value = loss(discriminator(real), discriminator(fake))
    value.backward()
    optimizer.step()
    return float(value)


def generator_step(generator, discriminator, optimizer, z, loss):
    optimizer.zero_grad(set_to_none=False)
    value = loss(discriminator(generator(z)))
    value.backward()
    optimizer.step()
    return float(value)


# %% tags=["alternative:gan.training_step:backward-inputs"]
def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    value = loss(discriminator(real), discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward(inputs=list(discriminator.parameters()))
    optimizer.step()
    return value.item()


def generator_step(generator, discriminator, optimizer, z, loss):
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return value.item()


# %% tags=["alternative:gan.training_step:freeze-and-thaw"]
def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    generator.requires_grad_(False)
    logits = discriminator(torch.cat([real, generator(z)]))
    value = loss(*logits.split([len(real), len(z)]))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    generator.requires_grad_(True)
    return value.detach().item()


def generator_step(generator, discriminator, optimizer, z, loss):
    discriminator.requires_grad_(False)
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    discriminator.requires_grad_(True)
    return value.detach().item()


# %% tags=["alternative:gan.training_step:functional"]
def _move(value, optimizer):
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for p, gradient in zip(parameters, torch.autograd.grad(value, parameters)):
        p.grad = gradient
    optimizer.step()
    return float(value.detach().numpy())


def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    return _move(loss(discriminator(real), discriminator(generator(z))), optimizer)


def generator_step(generator, discriminator, optimizer, z, loss):
    return _move(loss(discriminator(generator(z))), optimizer)


# %% tags=["mistake:gan.training_step:no-detach"] fails="generator-left-alone"
# - fake = generator(z).detach()
# + fake = generator(z)

# %% tags=["mistake:gan.training_step:detached-generator"] fails="generator-learns"
# - value = loss(discriminator(generator(z)))
# + value = loss(discriminator(generator(z).detach()))

# %% tags=["mistake:gan.training_step:no-zero-grad"] fails="fresh-gradients"
# every
# - optimizer.zero_grad()

# %% tags=["mistake:gan.training_step:cleans-up-afterwards-only"] fails="fresh-gradients"
# every
# - optimizer.zero_grad()

# every
#   optimizer.step()
# + generator.zero_grad()
# + discriminator.zero_grad()

# %% tags=["mistake:gan.training_step:skips-when-it-wins"] fails="discriminator-learns"
#   value = loss(discriminator(real), discriminator(fake))
#   optimizer.zero_grad()
# - value.backward()
# - optimizer.step()
# + if value.item() > 0.3:
# +     value.backward()
# +     optimizer.step()

# %% tags=["mistake:gan.training_step:zeroes-its-own-leftovers-only"] fails="fresh-gradients"
# every
# - optimizer.zero_grad()
#   value.backward()
#   optimizer.step()
# + optimizer.zero_grad()

# %% tags=["mistake:gan.training_step:swapped-real-and-fake"] fails="discriminator-learns"
# - value = loss(discriminator(real), discriminator(fake))
# + value = loss(discriminator(fake), discriminator(real))

# %% tags=["mistake:gan.training_step:own-noise"] fails="generator-learns"
# - value = loss(discriminator(generator(z)))
# + value = loss(discriminator(generator(torch.randn_like(z))))

# %% tags=["mistake:gan.training_step:own-loss"] fails="given-loss"
# - value = loss(discriminator(real), discriminator(fake))
# + value = discriminator_loss(discriminator(real), discriminator(fake))

# - value = loss(discriminator(generator(z)))
# + value = generator_loss(discriminator(generator(z)))

# %% tags=["mistake:gan.training_step:frozen-for-good"] fails="stays-trainable"
# + discriminator.requires_grad_(False)
#   value = loss(discriminator(generator(z)))

# %% tags=["mistake:gan.training_step:moves-both"] fails="discriminator-left-alone"
#   value = loss(discriminator(generator(z)))
# - optimizer.zero_grad()
# + generator.zero_grad()
# + discriminator.zero_grad()
#   value.backward()
#   optimizer.step()
# + torch.optim.SGD(discriminator.parameters(), lr=1e-3).step()

# %% tags=["mistake:gan.training_step:returns-the-tensor"] fails="returns-the-loss"
# every
# - return value.item()
# + return value

# %% tags=["mistake:gan.training_step:by-hand"] fails="given-optimizer"
# every
# - optimizer.step()
# + with torch.no_grad():
# +     for p in optimizer.param_groups[0]["params"]:
# +         p -= optimizer.param_groups[0]["lr"] * p.grad

# %% [markdown] key="optimal-discriminator"
# ## The best discriminator there is
#
# When the densities $p$ of the data and $q$ of the fakes are known, nobody needs to train the discriminator. The best one is
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad V(D^*) = \mathbb{E}_{x \sim p}\bigl[\log D^*(x)\bigr] + \mathbb{E}_{y \sim q}\bigl[\log\bigl(1 - D^*(y)\bigr)\bigr] = -\log 4 + 2\,\mathrm{JSD}(p, q).$$
#
# Write two functions of log-densities, given as float64 tensors of shape `(n,)`.
#
# - `optimal_discriminator(log_p, log_q)` returns $D^*$, a tensor of shape `(n,)`.
# - `jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y)` returns the estimate of $\mathrm{JSD}(p, q)$ in nats that follows from the second equation, as a tensor of shape `()`. The first two arguments are both log-densities at samples $x \sim p$, the last two at samples $y \sim q$. The two samples may differ in size.
# - Both must be right where log-densities are as low as $-2000$: there `exp` returns 0.
#
# Example: for $\log p = -2000$ and $\log q = -2001$, $D^* = \sigma(1) \approx 0.7311$. Where $p = q$, the estimate is 0. Where the two never overlap, it is $\log 2$.


# %% tags=["answer:gan.optimal_discriminator"]
def optimal_discriminator(log_p, log_q):
    return torch.sigmoid(log_p - log_q)


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    value = F.logsigmoid(log_p_x - log_q_x).mean() + F.logsigmoid(log_q_y - log_p_y).mean()
    return (value + torch.log(torch.tensor(4.0, dtype=value.dtype))) / 2


# %% tags=["check:gan.optimal_discriminator"]
check("gan.optimal_discriminator")


# %% tags=["allowed:gan.optimal_discriminator"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of …
# ~ gradient: … of …

# The logarithm of 4 to seven digits is right.
# + return (value + torch.log(torch.tensor(4.0))) / 2


# %% tags=["alternative:gan.optimal_discriminator:through-the-mixture"]
def optimal_discriminator(log_p, log_q):
    return torch.exp(log_p - torch.logaddexp(log_p, log_q))


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    log_2 = 0.6931471805599453
    kl_p = (log_p_x - torch.logaddexp(log_p_x, log_q_x) + log_2).mean()
    kl_q = (log_q_y - torch.logaddexp(log_p_y, log_q_y) + log_2).mean()
    return 0.5 * (kl_p + kl_q)


# %% tags=["alternative:gan.optimal_discriminator:ratio"]
def optimal_discriminator(log_p, log_q):
    return 1 / (1 + torch.exp(log_q - log_p))


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    import math

    value = -F.softplus(log_q_x - log_p_x).mean() - F.softplus(log_p_y - log_q_y).mean()
    return math.log(2) + value / 2


# %% tags=["alternative:gan.optimal_discriminator:softmax"]
def optimal_discriminator(log_p, log_q):
    return torch.softmax(torch.stack([log_p, log_q]), dim=0)[0]


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    log_d = torch.log_softmax(torch.stack([log_p_x, log_q_x]), dim=0)[0]
    log_not_d = torch.log_softmax(torch.stack([log_p_y, log_q_y]), dim=0)[1]
    v = log_d.mean() + log_not_d.mean()
    return (v + 2 * torch.log(torch.tensor(2.0, dtype=torch.float64))) / 2


# %% tags=["mistake:gan.optimal_discriminator:probability-of-fake"] fails="density-ratio"
# - return torch.sigmoid(log_p - log_q)
# + return torch.sigmoid(log_q - log_p)

# %% tags=["mistake:gan.optimal_discriminator:logit"] fails="density-ratio"
# - return torch.sigmoid(log_p - log_q)
# + return log_p - log_q

# %% tags=["mistake:gan.optimal_discriminator:exponentials"] fails="stable-ratio"
# - return torch.sigmoid(log_p - log_q)
# + return torch.exp(log_p) / (torch.exp(log_p) + torch.exp(log_q))

# %% tags=["mistake:gan.optimal_discriminator:no-half"] fails="divergence"
# - return (value + torch.log(torch.tensor(4.0, dtype=value.dtype))) / 2
# + return value + 2 * torch.log(torch.tensor(2.0, dtype=torch.float64))

# %% tags=["mistake:gan.optimal_discriminator:bits"] fails="divergence"
# - return (value + torch.log(torch.tensor(4.0, dtype=value.dtype))) / 2
# + return 1 + value / torch.log(torch.tensor(4.0, dtype=torch.float64))

# %% tags=["mistake:gan.optimal_discriminator:one-sided"] fails="divergence"
# - value = F.logsigmoid(log_p_x - log_q_x).mean() + F.logsigmoid(log_q_y - log_p_y).mean()
# - return (value + torch.log(torch.tensor(4.0, dtype=value.dtype))) / 2
# + return F.logsigmoid(log_p_x - log_q_x).mean() + torch.log(
# +     torch.tensor(2.0, dtype=torch.float64)
# + )

# %% tags=["mistake:gan.optimal_discriminator:one-mean"] fails="own-means"
# - value = F.logsigmoid(log_p_x - log_q_x).mean() + F.logsigmoid(log_q_y - log_p_y).mean()
# - return (value + torch.log(torch.tensor(4.0, dtype=value.dtype))) / 2
# + terms = torch.cat([F.logsigmoid(log_p_x - log_q_x), F.logsigmoid(log_q_y - log_p_y)])
# + return terms.mean() + torch.log(torch.tensor(2.0, dtype=torch.float64))

# %% tags=["mistake:gan.optimal_discriminator:log-with-epsilon"] fails="stable-divergence"
# - value = F.logsigmoid(log_p_x - log_q_x).mean() + F.logsigmoid(log_q_y - log_p_y).mean()
# - return (value + torch.log(torch.tensor(4.0, dtype=value.dtype))) / 2
# + real = torch.log(optimal_discriminator(log_p_x, log_q_x) + 1e-12)
# + fake = torch.log(1 - optimal_discriminator(log_p_y, log_q_y) + 1e-12)
# + return (real.mean() + fake.mean() + 2 * torch.log(torch.tensor(2.0, dtype=torch.float64))) / 2

# %% [markdown] key="ring"
# ## Train on the ring
#
# Now play the whole game. The data are eight modes with standard deviation 0.02 on a circle of radius 2. The circle is turned by an angle that you do not know.
#
# Write `train_on_ring(data, seed)`.
#
# - `data` is a float32 tensor `(N, 2)` of samples. `seed` makes your training repeatable: the same seed trains the same generator, another seed another one.
# - Return the trained generator: something that you call with noise `(n, 2)`, drawn from a standard normal distribution, to get points `(n, 2)`. All randomness comes in through the noise. Each point depends on its own row of noise alone, and continuously. Both its numbers count: change one of them, and the points move.
# - Target: of 2500 fakes, at least half lie within three standard deviations of a centre, and at least 7 of the 8 modes receive one of them.
# - Budget: 12,000 gradients, each `backward` and each `autograd.grad` counted as one, and 20 seconds on two idle cores. The check stops after 150 seconds.
# - The fakes come from training. The check runs your code a second time with every gradient set to 0: it must then reach no target.
#
# Your functions from above will do, but you need not use them: how you train is up to you. Build both networks with `torch`, because grading runs without `synthlab.models`. What works: two hidden layers of 128, tanh in the generator and leaky ReLU in the discriminator, Adam with `lr=1e-3` and `betas=(0.5, 0.99)`, batches of 256, about 2000 steps.
#
# Example: `train_on_ring(data, 0)(torch.randn(5, 2)).shape` is `(5, 2)`.


# %% tags=["answer:gan.ring"]
def _perceptron(inputs, outputs, activation):
    return nn.Sequential(
        nn.Linear(inputs, 128), activation, nn.Linear(128, 128), activation, nn.Linear(128, outputs)
    )


def train_on_ring(data, seed):
    torch.manual_seed(seed)
    generator = _perceptron(2, 2, nn.Tanh())
    discriminator = _perceptron(2, 1, nn.LeakyReLU(0.2)).append(nn.Flatten(0))
    adam = {"lr": 1e-3, "betas": (0.5, 0.99), "fused": True}
    for_generator = torch.optim.Adam(generator.parameters(), **adam)
    for_discriminator = torch.optim.Adam(discriminator.parameters(), **adam)
    for _ in range(2000):
        real = data[torch.randint(len(data), (256,))]
        z = torch.randn(256, 2)
        discriminator_step(generator, discriminator, for_discriminator, real, z, discriminator_loss)
        generator_step(generator, discriminator, for_generator, torch.randn(256, 2), generator_loss)
    return generator


# %% tags=["check:gan.ring"]
check("gan.ring")


# %% tags=["allowed:gan.ring"]
# How it is trained is the learner's choice: it reaches the target all the same.
# + …
# ~ result… of train_on_ring

# - …
# ~ result… of train_on_ring


# %% tags=["alternative:gan.ring:one-loop"]
def train_on_ring(data, seed):
    rng = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    G = nn.Sequential(
        nn.Linear(2, 128), nn.Tanh(), nn.Linear(128, 128), nn.Tanh(), nn.Linear(128, 2)
    )
    D = nn.Sequential(
        nn.Linear(2, 128),
        nn.LeakyReLU(0.2),
        nn.Linear(128, 128),
        nn.LeakyReLU(0.2),
        nn.Linear(128, 1),
    )
    g_opt = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True)
    d_opt = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99), fused=True)
    bce = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(256, 1), torch.zeros(256, 1)
    for _ in range(2000):
        x = data[torch.randint(0, data.shape[0], (256,), generator=rng)]
        fake = G(torch.randn(256, 2, generator=rng))
        d_opt.zero_grad()
        (bce(D(x), ones) + bce(D(fake.detach()), zeros)).backward()
        d_opt.step()
        g_opt.zero_grad()
        bce(D(G(torch.randn(256, 2, generator=rng))), ones).backward()
        g_opt.step()
    return lambda z: G(z).detach()


# %% tags=["alternative:gan.ring:averaged-weights"]
class _Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 128), nn.Linear(128, 128), nn.Linear(128, 2)])

    def forward(self, z):
        for layer in self.layers[:-1]:
            z = torch.tanh(layer(z))
        return self.layers[-1](z)


def train_on_ring(data, seed):
    torch.manual_seed(seed)
    G, D = _Generator(), nn.Sequential(nn.Linear(2, 128), nn.LeakyReLU(0.2), nn.Linear(128, 128))
    D.extend([nn.LeakyReLU(0.2), nn.Linear(128, 1), nn.Flatten(0)])
    average = torch.optim.swa_utils.AveragedModel(
        G, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99)
    )
    optimizers = [
        torch.optim.Adam(net.parameters(), 1e-3, (0.5, 0.99), fused=True) for net in (D, G)
    ]
    for _ in range(2000):
        real = data[torch.randperm(len(data))[:256]]
        value = F.softplus(-D(real)).mean() + F.softplus(D(G(torch.randn(256, 2)).detach())).mean()
        optimizers[0].zero_grad()
        value.backward()
        optimizers[0].step()
        value = F.softplus(-D(G(torch.randn(256, 2)))).mean()
        optimizers[1].zero_grad()
        value.backward()
        optimizers[1].step()
        average.update_parameters(G)
    return average.eval()


# %% tags=["mistake:gan.ring:untrained"] fails="high-quality"
def train_on_ring(data, seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 128), nn.Tanh(), nn.Linear(128, 2))


# %% tags=["mistake:gan.ring:one-mode"] fails="every-mode"
def train_on_ring(data, seed):
    centre = data[(data - data[0]).norm(dim=1) < 0.2].mean(0)
    return lambda z: centre + 0.02 * z


# %% tags=["mistake:gan.ring:spread-on-the-circle"] fails="high-quality"
def train_on_ring(data, seed):
    return lambda z: 2 * F.normalize(z, dim=1)


# %% tags=["mistake:gan.ring:copies-the-data"] fails="not-copies"
def train_on_ring(data, seed):
    def generator(z):
        rows = (z[:, 0].abs() * 1e6).long() % len(data)
        return data[rows]

    return generator


# %% tags=["mistake:gan.ring:noisy-copies"] fails="continuous"
def train_on_ring(data, seed):
    def generator(z):
        rows = (z[:, 0].abs() * 1e6).long() % len(data)
        return data[rows] + 0.01 * z

    return generator


# %% tags=["mistake:gan.ring:own-randomness"] fails="function-of-the-noise"
def train_on_ring(data, seed):
    def generator(z):
        rows = torch.randint(len(data), (len(z),))
        return data[rows] + 0.01 * torch.randn(len(z), 2)

    return generator


# %% tags=["mistake:gan.ring:ignores-the-seed"] fails="high-quality,function-of-the-noise"
# - torch.manual_seed(seed)


# %% tags=["mistake:gan.ring:stamped-by-hand"] fails="high-quality,not-copies"
def train_on_ring(data, seed):
    # no training: the turn from the data, eight modes and radius 2 from the text, smooth stairs
    angle = torch.atan2(data[:, 1], data[:, 0])
    first = torch.atan2(torch.sin(8 * angle).mean(), torch.cos(8 * angle).mean()) / 8

    def generator(z):
        u = 4 * (1 + torch.erf(z[:, :1] / 2**0.5))  # uniform on (0, 8)
        at = first + torch.pi / 4 * torch.sigmoid(500 * (u - torch.arange(1, 8))).sum(1)
        return 2 * torch.stack([at.cos(), at.sin()], dim=1) + 0.02 * z

    return generator


# %% tags=["mistake:gan.ring:rotation-zero"] fails="high-quality"
def train_on_ring(data, seed):
    def generator(z):
        u = 4 * (1 + torch.erf(z[:, :1] / 2**0.5))
        at = torch.pi / 4 * torch.sigmoid(500 * (u - torch.arange(1, 8))).sum(1)
        return 2 * torch.stack([at.cos(), at.sin()], dim=1) + 0.02 * z

    return generator


# %% tags=["mistake:gan.ring:same-noise-every-step"] fails="high-quality"
# + z = torch.randn(32, 2)
#   for _ in range(2000):
# -     real = data[torch.randint(len(data), (256,))]
# -     z = torch.randn(256, 2)
# +     real = data[torch.randint(len(data), (32,))]
#       discriminator_step(generator, discriminator, for_discriminator, real, z, discriminator_loss)
# -     generator_step(generator, discriminator, for_generator, torch.randn(256, 2), generator_loss)
# +     generator_step(generator, discriminator, for_generator, z, generator_loss)

# %% [markdown] key="diagnosis"
# ## What is wrong with this step?
#
# `broken_step` moves the discriminator, then the generator. It runs, both losses look harmless, and for a while it even learns. Then the discriminator becomes confident, and the generator stops. One line is to blame.
#
# `confident_logits` are the logits that a confident discriminator gave to 64 fakes.


# %% key="broken-step"
def broken_step(generator, discriminator, for_generator, for_discriminator, real, z):  # 1
    fake = generator(z)  # 2
    real_logits, fake_logits = discriminator(real), discriminator(fake.detach())  # 3
    loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()  # 4
    for_discriminator.zero_grad()  # 5
    loss.backward()  # 6
    for_discriminator.step()  # 7
    belief = torch.sigmoid(discriminator(fake)).clamp(1e-4, 1 - 1e-4)  # 8
    loss = -torch.log(belief).mean()  # 9
    for_generator.zero_grad()  # 10
    loss.backward()  # 11
    for_generator.step()  # 12


confident_logits = 8 * torch.sin(torch.arange(64, dtype=torch.float64)) - 6

# %% [markdown] key="diagnosis-answers"
# Give three answers.
#
# - `broken_line`: the number of the line that stops the generator.
# - `measured`: the share of the generator's gradient that this line throws away. Take `confident_logits` as the logits of the fakes. Let $g_i$ be the derivative of the generator's loss with respect to logit $l_i$ as `broken_step` computes it, and $g_i^*$ the true derivative of $\mathbb{E}[-\log \sigma(l)]$. Then
#
# $$\text{measured} = 1 - \frac{\sum_i |g_i|}{\sum_i |g_i^*|}.$$
#
# - `repaired_step`: the same step without the fault, right for logits as low as $-1000$. Keep the order: the discriminator moves first, and the generator answers the discriminator that has moved.
#
# Compute `measured` in float64. It counts when it is right to six decimals. It may be a number or a tensor of shape `()`.

# %% tags=["answer:gan.diagnosis"]
broken_line = 8


def _total_gradient(loss):
    logits = confident_logits.clone().requires_grad_()
    loss(logits).backward()
    return logits.grad.abs().sum().item()


def _broken_loss(logits):
    return -torch.log(torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)).mean()


def _stable_loss(logits):
    return F.softplus(-logits).mean()


measured = 1 - _total_gradient(_broken_loss) / _total_gradient(_stable_loss)


def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    fake = generator(z)
    real_logits, fake_logits = discriminator(real), discriminator(fake.detach())
    loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    for_discriminator.zero_grad()
    loss.backward()
    for_discriminator.step()
    loss = F.softplus(-discriminator(fake)).mean()
    for_generator.zero_grad()
    loss.backward()
    for_generator.step()


# %% tags=["check:gan.diagnosis"]
check("gan.diagnosis")


# %% tags=["allowed:gan.diagnosis"]
# A tensor of shape () is a number.
# ~ value of measured

# What the step returns is left open.
# * repaired_step: return 0.0

# What a step leaves in the gradients of the network that it moved never counts.
# * repaired_step: [setattr(p, 'grad', torch.ones_like(p)) for p in generator.parameters()]

# * repaired_step: [setattr(p, 'grad', torch.ones_like(p)) for p in discriminator.parameters()]


# %% tags=["alternative:gan.diagnosis:in-closed-form"]
broken_line = 8

_belief = torch.sigmoid(confident_logits)
_push = 1 - _belief
_alive = (_belief > 1e-4) & (_belief < 1 - 1e-4)
measured = 1 - _push[_alive].sum() / _push.sum()


def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    with torch.no_grad():
        fake = generator(z)
    for_discriminator.zero_grad()
    (F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()).backward()
    for_discriminator.step()
    for_generator.zero_grad()
    logits = discriminator(generator(z))
    F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits)).backward()
    for_generator.step()


# %% tags=["alternative:gan.diagnosis:with-the-steps-above"]
broken_line = torch.tensor(8)

_l = confident_logits.clone().requires_grad_(True)
_broken = -torch.log(torch.sigmoid(_l).clamp(1e-4, 1 - 1e-4)).mean()
_right = -F.logsigmoid(_l).mean()
_g, _g_right = torch.autograd.grad(_broken, _l)[0], torch.autograd.grad(_right, _l)[0]
measured = float(((_g_right - _g).abs().sum() / _g_right.abs().sum()).item())


def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    d = discriminator_step(generator, discriminator, for_discriminator, real, z, discriminator_loss)
    g = generator_step(generator, discriminator, for_generator, z, generator_loss)
    return d, g


# %% tags=["mistake:gan.diagnosis:blames-the-detach"] fails="line"
# - broken_line = 8
# + broken_line = 3

# %% tags=["mistake:gan.diagnosis:counts-the-logits"] fails="measured"
# - measured = 1 - _total_gradient(_broken_loss) / _total_gradient(_stable_loss)
# + measured = (torch.sigmoid(confident_logits) < 1e-4).double().mean()

# %% tags=["mistake:gan.diagnosis:what-is-kept"] fails="measured"
# - measured = 1 - _total_gradient(_broken_loss) / _total_gradient(_stable_loss)
# + measured = _total_gradient(_broken_loss) / _total_gradient(_stable_loss)

# %% tags=["mistake:gan.diagnosis:forgets-the-generators-zero-grad"] fails="generator-moves"
# - for_generator.zero_grad()

# %% tags=["mistake:gan.diagnosis:freezes-the-discriminator-for-good"] fails="discriminator-moves"
#   for_discriminator.step()
# + discriminator.requires_grad_(False)

# %% tags=["mistake:gan.diagnosis:looser-clamp"] fails="generator-moves"
# - loss = F.softplus(-discriminator(fake)).mean()
# + loss = -torch.log(torch.sigmoid(discriminator(fake)).clamp(1e-12, 1 - 1e-12)).mean()

# %% tags=["mistake:gan.diagnosis:epsilon-in-the-log"] fails="generator-moves"
# - loss = F.softplus(-discriminator(fake)).mean()
# + loss = -torch.log(torch.sigmoid(discriminator(fake)) + 1e-8).mean()

# %% tags=["mistake:gan.diagnosis:minimax-instead"] fails="generator-moves"
# - loss = F.softplus(-discriminator(fake)).mean()
# + loss = -F.softplus(discriminator(fake)).mean()


# %% tags=["mistake:gan.diagnosis:stale-discriminator"] fails="generator-moves"
# ...
def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    generator_step(generator, discriminator, for_generator, z, generator_loss)
    discriminator_step(generator, discriminator, for_discriminator, real, z, discriminator_loss)


# %% tags=["mistake:gan.diagnosis:repairs-one-breaks-another"] fails="discriminator-moves"
# - loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
# + loss = -F.softplus(-real_logits).mean() - F.softplus(fake_logits).mean()

# %% [markdown] key="perfect-discriminator"
# ## Who wins when the discriminator is perfect?
#
# Suppose that the fakes and the real points do not overlap, and that the discriminator tells them apart without error and with growing confidence. Is that good for the generator? Answer in 150 to 300 words, for a reader who knows what a logit is. Formulas are welcome.
#
# A person grades your answer:
#
# | What | 1 point | ½ point | 0 points |
# |---|---|---|---|
# | **The gradient.** What each of the two generator losses passes on through the logit of a fake | Derives both, takes the limit as the fake is rejected ever more surely, and says what follows for learning | One of the two losses, or limits without derivation | A claim without a formula |
# | **The divergence.** What the minimax game measures when the discriminator is perfect | Names the quantity and its value without overlap, with a reason, and says what that value tells the generator about where to go | The value without the consequence, or the consequence without the value | Neither |
# | **The judgement.** When a good discriminator helps, and what you would do or measure | A condition under which it helps, with the reason, and one remedy or measurement that follows | One of the two | Neither, or a verdict without a reason |

# %% [markdown] tags=["written:gan.perfect_discriminator"]
# On paper the discriminator wins. In practice both lose unless the generator's loss is chosen well.
#
# **The gradient.** A fake has logit $l$ and $D = \sigma(l)$. The minimax loss $\log(1 - \sigma(l))$ has the derivative $-\sigma(l)$. A perfect discriminator sends $l \to -\infty$, so the derivative goes to 0: the worse a fake is, the less its generator hears. The non-saturating loss $-\log \sigma(l)$ has the derivative $\sigma(l) - 1 \to -1$: the worst fakes are the loudest. Both point the same way. What reaches the generator is this number times the slope of $l$ in $x$, so even the second loss says little where the discriminator is confident and flat.
#
# **The divergence.** With the best discriminator the game's value is $V(D^*) = -\log 4 + 2\,\mathrm{JSD}(p, q)$. Without overlap $D^*$ is 1 on the data and 0 on the fakes, so $V = 0$ and $\mathrm{JSD} = \log 2$, its ceiling. That holds whether the fakes are one step away or a thousand. A quantity that is constant has no gradient, so minimising it cannot bring the two together.
#
# **The judgement.** Where $p$ and $q$ overlap, the best logit is $\log p - \log q$, and a discriminator close to it tells the generator in which direction real points are denser. A good discriminator therefore helps while the two overlap. I would train with the non-saturating loss, keep the overlap (noise added to both sides, or a critic whose slope is bounded), and watch the mean of $\sigma(l)$ over the fakes: when it falls towards 0, the minimax gradient is gone.
