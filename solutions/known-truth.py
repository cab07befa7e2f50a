# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # How would you know that data is fake? Exercises
#
# You will write a source whose truth you know, measure models against it, and turn a classifier's opinion into evidence. The lesson of the same name derives everything that you need.

# %% [markdown] key="how"
# ## How it works
#
# - Replace `raise NotImplementedError` or `None` with your answer and run the cell.
# - Run the cell below it. `check` says what is right, what is broken, what it measured and what it expected. It also shows your points.
# - You are stuck? Run `hint("known-truth.mixture")`, with the question's name, in a new cell. The first hint gives you a direction, the second a method.
# - Check as often as you like. Grading runs the same checks on other inputs.
# - The last answer is a text. A person grades it.
#
# Logarithms are natural, so everything is in nats. $p$ is the truth, $q$ the model.

# %% key="setup"
import math

import torch

from synthlab import check, hint

torch.set_num_threads(1)

# %% [markdown] key="prediction"
# ## How many bins are best?
#
# You fit a histogram to 1,000 samples from the two moons, with $B \times B$ equal bins on a square of side 3.6; every bin gets 0.03 of a sample on top. Among $B = 4, 8, 16, 32, 64$, which has the smallest negative log-likelihood on *new* samples?
#
# Set `predicted_bins` to one of the five numbers. A prediction counts when it is made, whatever it says.

# %% tags=["answer:known-truth.prediction"]
predicted_bins = 32

# %% tags=["check:known-truth.prediction"]
check("known-truth.prediction")

# %% [markdown] key="mixture"
# ## A source that knows its density
#
# The ring is a mixture of $K$ round Gaussians,
#
# $$p(x) = \sum_{k=0}^{K-1} w_k\, \frac{1}{2\pi\sigma^2} \exp\Bigl(-\frac{|x - m_k|^2}{2\sigma^2}\Bigr), \qquad x \in \mathbb{R}^2 .$$
#
# Write three functions. All tensors are float64.
#
# - `ring_centres(modes, radius)` returns the centres $m_k$, a tensor `(modes, 2)`: $K$ *different* points, evenly spaced on the circle around 0. Number $k$ stands at the angle $2\pi k/K$, counted from the positive first axis towards the second.
# - `mixture_log_prob(x, means, std, weights)` returns $\log p$ at each row of `x` `(n, 2)`, a tensor `(n,)`. `means` is `(K, 2)`, `std` a number, `weights` is `(K,)` and sums to 1. It must be finite and right a thousand $\sigma$ away from every centre, where every exponential above is 0 in floating point.
# - `mixture_sample(n, means, std, weights, generator)` returns `n` independent samples, a tensor `(n, 2)`. The generator alone decides them.
#
# Example: `ring_centres(4, 1.0)` is, up to rounding, `[[1, 0], [0, 1], [-1, 0], [0, -1]]`.


# %% tags=["answer:known-truth.mixture"]
def ring_centres(modes, radius):
    angle = 2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes
    return radius * torch.stack([angle.cos(), angle.sin()], dim=1)


def mixture_log_prob(
    x,  # (n, 2)
    means,  # (K, 2)
    std,
    weights,  # (K,)
):
    squares = (x[:, None] - means).square().sum(2)  # (n, K)
    joint = weights.log() - squares / (2 * std**2) - math.log(2 * math.pi * std**2)
    return torch.logsumexp(joint, dim=1)


def mixture_sample(n, means, std, weights, generator):
    k = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, 2, dtype=torch.float64, generator=generator)
    return means[k] + std * noise


# %% tags=["check:known-truth.mixture"]
check("known-truth.mixture")


# %% tags=["allowed:known-truth.mixture"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of …
# ~ gradient: … of …

# Float32 is right to the digits that count here.
# ~ result, dtype of ring_centres

# Which of the two is drawn first is the learner's choice.
# + noise = torch.randn(n, 2, dtype=torch.float64, generator=generator)
# - noise = torch.randn(n, 2, dtype=torch.float64, generator=generator)

# Noise is symmetric.
# + return means[k] - std * noise

# Noise drawn in float32 is noise.
# + noise = torch.randn(n, 2, generator=generator)


# %% tags=["alternative:known-truth.mixture:numpy-and-loops"]
import numpy as np


def ring_centres(modes, radius):
    angles = np.linspace(0, 2 * np.pi, modes, endpoint=False)
    return torch.tensor([[radius * np.cos(a), radius * np.sin(a)] for a in angles])


def mixture_log_prob(x, means, std, weights):
    total = torch.full((len(x),), -math.inf, dtype=torch.float64)
    for mean, weight in zip(means, weights):
        z = (x - mean) / std
        term = -0.5 * (z[:, 0] ** 2 + z[:, 1] ** 2) - math.log(2 * math.pi) - 2 * math.log(std)
        total = torch.logaddexp(total, term + torch.log(weight))
    return total


def mixture_sample(n, means, std, weights, generator):
    u = torch.rand(n, dtype=torch.float64, generator=generator)
    k = torch.searchsorted(weights.cumsum(0), u).clamp(max=len(weights) - 1)
    z = torch.randn(n, 2, generator=generator).double()
    return torch.stack([means[k, 0] + std * z[:, 0], means[k, 1] + std * z[:, 1]], dim=1)


# %% tags=["alternative:known-truth.mixture:distributions"]
def ring_centres(modes, radius):
    turn = torch.polar(
        torch.tensor(radius, dtype=torch.float64),
        torch.tensor(2 * math.pi / modes, dtype=torch.float64),
    )
    points = radius * (turn / radius) ** torch.arange(modes)
    return torch.view_as_real(points)


def mixture_log_prob(x, means, std, weights):
    from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

    parts = Independent(Normal(means, torch.full_like(means, std)), 1)
    return MixtureSameFamily(Categorical(weights), parts).log_prob(x)


def mixture_sample(n, means, std, weights, generator):
    k = torch.multinomial(weights, n, replacement=True, generator=generator)
    return torch.normal(means[k], std, generator=generator)


# %% tags=["mistake:known-truth.mixture:linspace-endpoint"] fails="distinct-centres"
# - angle = 2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes
# + angle = torch.linspace(0, 2 * math.pi, modes, dtype=torch.float64)

# %% tags=["mistake:known-truth.mixture:variance-for-std"] fails="sample-spread"
# - return means[k] + std * noise
# + return means[k] + std**2 * noise

# %% tags=["mistake:known-truth.mixture:global-random-numbers"] fails="own-generator"
# - noise = torch.randn(n, 2, dtype=torch.float64, generator=generator)
# + noise = torch.randn(n, 2, dtype=torch.float64)

# %% tags=["mistake:known-truth.mixture:equal-weights"] fails="sample-weights"
# - k = torch.multinomial(weights, n, replacement=True, generator=generator)
# + k = torch.randint(len(means), (n,), generator=generator)

# %% tags=["mistake:known-truth.mixture:one-noise-for-both-axes"] fails="sample-noise"
# - noise = torch.randn(n, 2, dtype=torch.float64, generator=generator)
# + noise = torch.randn(n, 1, dtype=torch.float64, generator=generator)

# %% tags=["mistake:known-truth.mixture:log-of-the-sum"] fails="stable"
# - joint = weights.log() - squares / (2 * std**2) - math.log(2 * math.pi * std**2)
# - return torch.logsumexp(joint, dim=1)
# + density = torch.exp(-squares / (2 * std**2)) / (2 * math.pi * std**2)
# + return torch.log(density @ weights)

# %% tags=["mistake:known-truth.mixture:constant-of-one-axis"] fails="log-density"
# - joint = weights.log() - squares / (2 * std**2) - math.log(2 * math.pi * std**2)
# + joint = weights.log() - squares / (2 * std**2) - 0.5 * math.log(2 * math.pi * std**2)

# %% [markdown] key="excess-nll"
# ## How far above the floor?
#
# On samples $x_1, \dots, x_n$ of the truth you know $\log p(x_i)$, and the model tells you $\log q(x_i)$. Write `excess_nll(log_p, log_q)`.
#
# - Both arguments are float64 tensors `(n,)`, taken at the *same* samples, with $n \ge 2$.
# - Return two numbers: the estimate of $\mathbb{E}_p[\log p - \log q]$ in nats, and the half-width of its 95 % interval, 1.96 standard errors of the mean. Use the standard deviation that divides by $n - 1$.
# - The estimate may be negative. Where one $\log q(x_i)$ is minus infinity, the estimate is infinite.
#
# Example: for `log_p = [-1.0, -2.0]` and `log_q = [-1.5, -3.5]` the differences are 0.5 and 1.5. The estimate is 1, the half-width 0.98.


# %% tags=["answer:known-truth.excess_nll"]
def excess_nll(log_p, log_q):
    difference = log_p - log_q
    return difference.mean(), 1.96 * difference.std() / len(difference) ** 0.5


# %% tags=["check:known-truth.excess_nll"]
check("known-truth.excess_nll")


# %% tags=["allowed:known-truth.excess_nll"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of excess_nll
# ~ gradient: … of excess_nll


# %% tags=["alternative:known-truth.excess_nll:plain-python"]
def excess_nll(log_p, log_q):
    d = [a - b for a, b in zip(log_p.tolist(), log_q.tolist())]
    n = len(d)
    centre = sum(d) / n
    variance = sum((v - centre) ** 2 for v in d) / (n - 1)
    return centre, 1.96 * math.sqrt(variance / n) if math.isfinite(centre) else math.inf


# %% tags=["alternative:known-truth.excess_nll:nll-minus-entropy"]
def excess_nll(log_p, log_q):
    nll, entropy = -log_q.mean(), -log_p.mean()
    covariance = torch.cov(torch.stack([log_p, log_q]))
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    half = 1.959963984540054 * (variance / len(log_p)).sqrt()
    return [(nll - entropy).item(), half.item()]


# %% tags=["mistake:known-truth.excess_nll:unpaired"] fails="paired-interval"
# - return difference.mean(), 1.96 * difference.std() / len(difference) ** 0.5
# + return difference.mean(), 1.96 * ((log_p.var() + log_q.var()) / len(log_p)).sqrt()

# %% tags=["mistake:known-truth.excess_nll:deviation-for-standard-error"] fails="paired-interval"
# - return difference.mean(), 1.96 * difference.std() / len(difference) ** 0.5
# + return difference.mean(), 1.96 * difference.std()

# %% tags=["mistake:known-truth.excess_nll:cut-off-at-zero"] fails="may-be-negative"
# - return difference.mean(), 1.96 * difference.std() / len(difference) ** 0.5
# + return difference.mean().clamp(min=0), 1.96 * difference.std() / len(difference) ** 0.5

# %% tags=["mistake:known-truth.excess_nll:bits"] fails="value"
# - difference = log_p - log_q
# + difference = (log_p - log_q) / math.log(2)

# %% tags=["mistake:known-truth.excess_nll:other-sign"] fails="value"
# - difference = log_p - log_q
# + difference = log_q - log_p

# %% tags=["mistake:known-truth.excess_nll:drops-the-impossible"] fails="impossible-sample"
#   difference = log_p - log_q
# + difference = difference[difference.isfinite()]

# %% [markdown] key="divergences"
# ## What does it cost to lose a mode?
#
# Here truth and model are tables: $p_k$ and $q_k$ are the probabilities of bin $k$. Write three functions. Tables are float64 tensors `(K,)` that sum to 1 and may hold zeros.
#
# - `kl(p, q)` returns $\mathrm{KL}(p \,\|\, q) = \sum_k p_k (\log p_k - \log q_k)$ in nats. A term with $p_k = 0$ is 0, also where $q_k = 0$. A term with $q_k = 0$ and $p_k > 0$ is infinite.
# - `jsd(p, q)` returns the Jensen–Shannon divergence in nats.
# - `lost_modes(modes, lost)` returns three numbers, $\mathrm{KL}(p \,\|\, q)$, $\mathrm{KL}(q \,\|\, p)$ and the JSD, for a truth of that many equal modes and a model that has lost some of them and is even on the rest.
#
# Example: `lost_modes(2, 1)` is $\infty$, $\log 2 \approx 0.6931$ and about $0.2158$.


# %% tags=["answer:known-truth.divergences"]
def kl(p, q):
    here = p > 0
    return (p[here] * (p[here].log() - q[here].log())).sum()


def jsd(p, q):
    m = (p + q) / 2
    return (kl(p, m) + kl(q, m)) / 2


def lost_modes(modes, lost):
    p = torch.full((modes,), 1 / modes, dtype=torch.float64)
    q = torch.zeros(modes, dtype=torch.float64)
    q[lost:] = 1 / (modes - lost)
    return kl(p, q), kl(q, p), jsd(p, q)


# %% tags=["check:known-truth.divergences"]
check("known-truth.divergences")


# %% tags=["allowed:known-truth.divergences"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of …
# ~ gradient: … of …

# A Python number is a number.
# ~ result, dtype of …


# %% tags=["alternative:known-truth.divergences:xlogy"]
def kl(p, q):
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum()


def jsd(p, q):
    def entropy(t):
        return -torch.xlogy(t, t).sum()

    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2


def lost_modes(modes, lost):
    k, kept = modes, modes - lost
    p = torch.full((k,), 1 / k, dtype=torch.float64)
    q = torch.cat([torch.full((kept,), 1 / kept), torch.zeros(lost)]).double()
    q = q / q.sum()
    return [kl(p, q).item(), kl(q, p).item(), jsd(p, q).item()]


# %% tags=["alternative:known-truth.divergences:closed-forms"]
def kl(p, q):
    total = 0.0
    for a, b in zip(p.tolist(), q.tolist()):
        if a > 0:
            total += a * math.log(a / b) if b > 0 else math.inf
    return total


def jsd(p, q):
    m = 0.5 * p + 0.5 * q
    return 0.5 * kl(p, m) + 0.5 * kl(q, m)


def lost_modes(modes, lost):
    kept = modes - lost
    share = kept / modes
    forward = math.inf if lost else 0.0
    reverse = math.log(modes / kept)
    mixed = 0.5 * share * math.log(2 * share / (share + 1)) + 0.5 * (1 - share) * math.log(2)
    return forward, reverse, mixed + 0.5 * math.log(2 / (share + 1))


# %% tags=["mistake:known-truth.divergences:epsilon-in-the-logarithm"] fails="lost-in-the-second"
# - here = p > 0
# - return (p[here] * (p[here].log() - q[here].log())).sum()
# + return (p * ((p + 1e-12).log() - (q + 1e-12).log())).sum()

# %% tags=["mistake:known-truth.divergences:zero-times-infinity"] fails="empty-in-the-first"
# - here = p > 0
# - return (p[here] * (p[here].log() - q[here].log())).sum()
# + return (p * (p / q).log()).sum()

# %% tags=["mistake:known-truth.divergences:drops-what-is-lost"] fails="lost-in-the-second"
# - here = p > 0
# + here = (p > 0) & (q > 0)

# %% tags=["mistake:known-truth.divergences:no-mixture"] fails="jsd"
# - m = (p + q) / 2
# - return (kl(p, m) + kl(q, m)) / 2
# + return (kl(p, q) + kl(q, p)) / 2

# %% tags=["mistake:known-truth.divergences:swapped-directions"] fails="planted-losses"
# - return kl(p, q), kl(q, p), jsd(p, q)
# + return kl(q, p), kl(p, q), jsd(p, q)

# %% tags=["mistake:known-truth.divergences:mass-below-one"] fails="planted-losses"
# - q = torch.zeros(modes, dtype=torch.float64)
# - q[lost:] = 1 / (modes - lost)
# + q = p.clone()
# + q[:lost] = 0

# %% [markdown] key="histogram-bins"
# ## Choose the bins
#
# A histogram on $[0, 1]$ with $B$ equal bins gives bin $b$ the density
#
# $$q_b = \frac{n_b + 1}{n + B} \cdot B ,$$
#
# where $n_b$ of the $n$ training samples fall into it. Write two functions of float64 tensors with values in $[0, 1]$.
#
# - `histogram_nll(train, held_out, bins)` returns the mean of $-\log q$ over `held_out`, for the histogram with that many bins that was fitted to `train`. Bin $b$ runs from $b/B$ (included) to $(b+1)/B$ (excluded); the sample 1.0 belongs to the last bin.
# - `choose_bins(x)` returns a whole number of bins from 1 to 1024, from the training data `x` alone.
#
# The check fits a histogram with your number of bins to the same `x`, and computes what it costs on *new* samples. It must be within 0.01 nats of the best of all 1024 histograms: once on 4,000 samples of a smooth density, once on 30,000 samples with peaks that are some hundredths wide. Use all the data: five-fold cross-validation does. Candidates on a logarithmic scale are enough, and keep it fast.
#
# Example: with one bin the density is 1 everywhere, so the NLL is 0.


# %% tags=["answer:known-truth.histogram_bins"]
def histogram_nll(train, held_out, bins):
    def cell(x):
        return (x * bins).long().clamp(max=bins - 1)

    counts = torch.bincount(cell(train), minlength=bins)
    log_q = ((counts + 1) / (len(train) + bins) * bins).double().log()
    return -log_q[cell(held_out)].mean()


def choose_bins(x):
    parts = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))].chunk(5)
    candidates = torch.logspace(0, 10, 41, base=2).round().long().unique().tolist()

    def score(bins):
        total = 0.0
        for i, part in enumerate(parts):
            rest = torch.cat([other for j, other in enumerate(parts) if j != i])
            total += histogram_nll(rest, part, bins).item()
        return total

    return min(candidates, key=score)


# %% tags=["check:known-truth.histogram_bins"]
check("known-truth.histogram_bins")


# %% tags=["allowed:known-truth.histogram_bins"]
# Whatever is chosen, it costs less than 0.01 nats more than the best.
# + …
# ~ result of choose_bins

# * choose_bins: return 2 * result

# Float32 is right to the digits that count here.
# ~ result, dtype of histogram_nll

# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of histogram_nll
# ~ gradient: … of histogram_nll


# %% tags=["alternative:known-truth.histogram_bins:leave-one-out"]
def histogram_nll(train, held_out, bins):
    import numpy as np

    counts, _ = np.histogram(train.numpy(), bins=bins, range=(0.0, 1.0))
    density = (counts + 1) / (len(train) + bins) * bins
    at = np.minimum(np.floor(held_out.numpy() * bins).astype(int), bins - 1)
    return float(-np.log(density[at]).mean())


def choose_bins(x):
    # Without sample i, its bin holds n_b - 1 others: (n_b - 1 + 1) / (n - 1 + B) * B.
    n, best = len(x), (math.inf, 1)
    for bins in sorted({round(1.15**k) for k in range(50)}):
        if bins > 1024:
            break
        counts = torch.histc(x, bins=bins, min=0.0, max=1.0)
        counts = counts[counts > 0]
        nll = -(counts * (counts / (n - 1 + bins) * bins).log()).sum().item() / n
        best = min(best, (nll, bins))
    return best[1]


# %% tags=["alternative:known-truth.histogram_bins:ten-folds"]
def histogram_nll(train, held_out, bins):
    edges = torch.linspace(0, 1, bins + 1, dtype=torch.float64)[1:-1]
    counts = torch.zeros(bins, dtype=torch.float64)
    counts.index_add_(0, _cell(train, bins), torch.ones(len(train), dtype=torch.float64))
    density = (counts + 1) * bins / (counts.sum() + bins)
    return torch.mean(-torch.log(density.gather(0, _cell(held_out, bins)))).item()


def _cell(x, bins):
    return torch.clamp(torch.floor(x * bins), 0, bins - 1).to(torch.int64)


def choose_bins(x):
    fold = torch.arange(len(x)) % 10
    scores = {}
    for bins in [round(2 ** (k / 3)) for k in range(3, 31)]:
        scores[bins] = sum(histogram_nll(x[fold != f], x[fold == f], bins) for f in range(10))
    return torch.tensor(min(scores, key=scores.get))


# %% tags=["mistake:known-truth.histogram_bins:chosen-on-the-training-data"] fails="no-overfitting"
# ...
def choose_bins(x):
    return min((2**k for k in range(11)), key=lambda bins: histogram_nll(x, x, bins).item())


# %% tags=["mistake:known-truth.histogram_bins:square-root-rule"] fails="no-underfitting"
# ...
def choose_bins(x):
    return round(math.sqrt(len(x)))


# %% tags=["mistake:known-truth.histogram_bins:sturges-rule"] fails="no-underfitting"
# ...
def choose_bins(x):
    return math.ceil(math.log2(len(x)) + 1)


# %% tags=["mistake:known-truth.histogram_bins:mass-does-not-sum-to-one"] fails="held-out-nll"
# - log_q = ((counts + 1) / (len(train) + bins) * bins).double().log()
# + log_q = ((counts + 1) / len(train) * bins).double().log()

# %% tags=["mistake:known-truth.histogram_bins:probability-for-density"] fails="held-out-nll"
# - log_q = ((counts + 1) / (len(train) + bins) * bins).double().log()
# + log_q = ((counts + 1) / (len(train) + bins)).double().log()

# %% tags=["mistake:known-truth.histogram_bins:last-edge-wraps-around"] fails="edges"
# - return (x * bins).long().clamp(max=bins - 1)
# + return (x * bins).long() % bins

# %% [markdown] key="p-value"
# ## From scores to evidence
#
# A classifier was trained to tell real samples from generated ones. It has now scored samples that it has never seen; a higher score means "more likely real". Are the scores of the real ones higher than chance explains?
#
# Write `p_value(real_scores, fake_scores, generator)`.
#
# - The scores are float64 tensors `(n,)` and `(m,)`. They may be logits or probabilities, and the classifier may lean towards one answer: only their order and distance mean something.
# - Return a number in $(0, 1]$. When both sets come from one distribution, it must be uniform. It must be small when the real scores are clearly higher, and near 1 when they are clearly lower.
# - `generator` decides everything that is random in it. The check calls your function some 200 times on 50 and 50 scores, so a few hundred deals are enough.
#
# Example: on 50 real scores around 5 and 50 fake ones around 0, with 199 random deals, it is $1/200 = 0.005$.


# %% tags=["answer:known-truth.p_value"]
def p_value(real_scores, fake_scores, generator):
    pooled, n = torch.cat([real_scores, fake_scores]), len(real_scores)

    def statistic(scores):
        return scores[:n].mean() - scores[n:].mean()

    measured, deals = statistic(pooled), 199
    reached = 0
    for _ in range(deals):
        order = torch.randperm(len(pooled), generator=generator)
        reached += int(statistic(pooled[order]) >= measured)
    return (1 + reached) / (1 + deals)


# %% tags=["check:known-truth.p_value"]
check("known-truth.p_value")


# %% tags=["allowed:known-truth.p_value"]
# Any few hundred deals will do.
# + measured, deals = (statistic(pooled), …)

# One part in 200 is what 200 p-values cannot show, and it stays below 1.
# + return (1 + reached) / (2 + deals)

# A tensor of shape () is a number.
# + reached += statistic(pooled[order]) >= measured

# * p_value: return torch.tensor(result).requires_grad_()


# %% tags=["alternative:known-truth.p_value:auc-in-one-go"]
def p_value(real_scores, fake_scores, generator):
    pooled = torch.cat([real_scores, fake_scores])
    n, m = len(real_scores), len(fake_scores)
    rank = pooled.argsort().argsort().double()
    deals = torch.rand(999, n + m, generator=generator).argsort(1) < n
    null = deals.double() @ rank
    return (1 + (null >= rank[:n].sum()).sum()) / 1000


# %% tags=["alternative:known-truth.p_value:rank-sum"]
def p_value(real_scores, fake_scores, generator):
    # Mann and Whitney, 1947: the normal approximation, with a correction for continuity.
    n, m = len(real_scores), len(fake_scores)
    wins = (real_scores[:, None] > fake_scores).double().sum()
    z = (wins - 0.5 - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return 0.5 * math.erfc(z.item() / math.sqrt(2))


# %% tags=["mistake:known-truth.p_value:accuracy-at-a-fixed-threshold"] fails="uniform-under-the-null"
def p_value(real_scores, fake_scores, generator):
    correct = int((real_scores > 0).sum() + (fake_scores <= 0).sum())
    n = len(real_scores) + len(fake_scores)
    z = (correct - 0.5 - n / 2) / math.sqrt(n / 4)
    return 0.5 * math.erfc(z / math.sqrt(2))


# %% tags=["mistake:known-truth.p_value:resamples-each-set-alone"] fails="uniform-under-the-null"
def p_value(real_scores, fake_scores, generator):
    n, m = len(real_scores), len(fake_scores)
    measured = real_scores.mean() - fake_scores.mean()
    reached = 0
    for _ in range(199):
        a = real_scores[torch.randint(n, (n,), generator=generator)]
        b = fake_scores[torch.randint(m, (m,), generator=generator)]
        reached += int(a.mean() - b.mean() >= measured)
    return (1 + reached) / 200


# %% tags=["mistake:known-truth.p_value:deviation-for-standard-error"] fails="uniform-under-the-null"
def p_value(real_scores, fake_scores, generator):
    spread = torch.cat([real_scores, fake_scores]).std()
    z = (real_scores.mean() - fake_scores.mean()) / spread
    return 0.5 * math.erfc(z.item() / math.sqrt(2))


# %% tags=["mistake:known-truth.p_value:two-sided"] fails="one-sided"
# - return scores[:n].mean() - scores[n:].mean()
# + return (scores[:n].mean() - scores[n:].mean()).abs()

# %% tags=["mistake:known-truth.p_value:without-the-measured-deal"] fails="never-zero"
# - return (1 + reached) / (1 + deals)
# + return reached / deals

# %% tags=["mistake:known-truth.p_value:global-random-numbers"] fails="repeatable"
# - order = torch.randperm(len(pooled), generator=generator)
# + order = torch.randperm(len(pooled))

# %% tags=["mistake:known-truth.p_value:the-other-tail"] fails="power"
# - reached += int(statistic(pooled[order]) >= measured)
# + reached += int(statistic(pooled[order]) <= measured)

# %% [markdown] key="fooled-eye"
# ## A fake that fools the eye and not the test
#
# Describe a set of generated samples that a careful person, who looks at pictures or at single samples, takes for real, and that a test exposes. Say why the eye misses it, which measurement finds it, and what that measurement cannot tell. Take one of the course's sources or a field that you know (medicine, finance, commerce, …). Answer in 150 to 300 words. Formulas and numbers are welcome.
#
# A person grades your answer:
#
# | What | 1 point | ½ point | 0 points |
# |---|---|---|---|
# | **The fake.** What differs from the truth, and why nobody sees it | A definite difference between $p$ and $q$, and a reason why single samples or pictures do not show it | A definite difference without the reason | "It looks real" |
# | **The test.** What is measured, and why it answers | A statistic, its null distribution or its floor, and why it moves for this difference; on held-out samples | A fitting statistic without the null or the floor | A test that would not find this fake |
# | **The limit.** What the test does not show | A different fake that would pass this test, or the number of samples that it needs, with a reason | A limit without a reason | None, or "p > 0.05 proves that they are the same" |

# %% [markdown] tags=["written:known-truth.fooled_eye"]
# Take the ring with eight equal modes, and a generator that has lost one of them and is perfect on the other seven.
#
# **The fake.** Every single sample is flawless: it lies on a mode, with the right spread. Whoever looks at samples one by one, or at a plot of fifty, has nothing to object to. With fifty real samples a given mode is empty with probability $(7/8)^{50} \approx 0.1\,\%$, but who counts to eight? In a table of patients the lost mode is a rare group, and no row looks wrong.
#
# **The test.** I train a classifier on half of the samples and score the other half. It learns that points near the lost mode are always real. The rest it cannot tell apart, so its AUC stays near $1/2 + 1/16$. Under the null the labels mean nothing, so I deal them out again 999 times and compare; with 500 held-out samples a side the standard error of the AUC is about $\sqrt{1/(6 \cdot 500)} \approx 0.018$, and the shift is more than three of them. If densities are known, $\mathrm{KL}(p \,\|\, q)$ is infinite, while $\mathrm{KL}(q \,\|\, p) = \log\frac87 = 0.13$ nats hardly notices.
#
# **The limit.** With 30 samples a side the standard error is 0.075 and the test says nothing. A large p-value means "not seen", never "the same". And a generator that stores the training data and gives it back passes this test, since its samples are real; that needs a test against memorisation.
