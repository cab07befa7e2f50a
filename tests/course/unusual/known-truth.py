# %% known-truth.mixture:complex-roots
def ring_centres(modes, radius):
    k = torch.arange(modes, dtype=torch.float64)
    z = torch.exp(1j * 2 * math.pi * k / modes) * radius
    return torch.stack((z.real, z.imag), -1)


def mixture_log_prob(x, means, std, weights):
    log_parts = -0.5 * torch.cdist(x, means).square() / std**2
    constant = math.log(2 * math.pi) + 2 * math.log(std)
    return (log_parts + weights.log()).logsumexp(-1) - constant


def mixture_sample(n, means, std, weights, generator):
    edges = weights.cumsum(0) / weights.sum()
    u = torch.rand(n, generator=generator, dtype=torch.float64)
    k = (u[:, None] >= edges[:-1]).sum(1)
    x = torch.empty(n, 2, dtype=torch.float64).normal_(generator=generator)
    return torch.addcmul(means[k], x, torch.full_like(x, std))


# %% known-truth.mixture:one-sample-at-a-time
def ring_centres(modes, radius):
    turn, rows = 2 * math.pi / modes, []
    for k in range(modes):
        rows += [radius * math.cos(turn * k), radius * math.sin(turn * k)]
    return torch.tensor(rows, dtype=torch.float64).view(modes, 2)


def mixture_log_prob(x, means, std, weights):
    columns = []
    for mean, weight in zip(means, weights):
        normal = torch.distributions.Normal(mean, std)
        columns.append(normal.log_prob(x).sum(1) + weight.log())
    return torch.stack(columns, 1).logsumexp(1)


def mixture_sample(n, means, std, weights, generator):
    noise = torch.randn(n, 2, generator=generator, dtype=torch.float64) * std
    gumbel = -torch.rand(n, len(weights), generator=generator, dtype=torch.float64).log()
    k = (gumbel.log().neg() + weights.log()).argmax(1)
    return noise + means.index_select(0, k)


# %% known-truth.mixture:weights-by-count
def ring_centres(modes, radius):
    angle = torch.linspace(0, 2 * math.pi, modes + 1, dtype=torch.float64)[:-1]
    return torch.column_stack((radius * torch.cos(angle), radius * torch.sin(angle)))


def mixture_log_prob(x, means, std, weights):
    z = (x.unsqueeze(1) - means.unsqueeze(0)) / std
    e = weights.log() - 0.5 * torch.einsum("nkd,nkd->nk", z, z)
    top = e.max(1, keepdim=True)[0]
    return (top + (e - top).exp().sum(1, keepdim=True).log()).squeeze(1) - math.log(
        2 * math.pi * std * std
    )


def mixture_sample(n, means, std, weights, generator):
    k = torch.multinomial(weights.float(), n, True, generator=generator)
    return torch.normal(means[k], float(std), generator=generator)


# %% known-truth.excess_nll:numpy
import numpy as np


def excess_nll(log_p, log_q):
    d = np.asarray(log_p) - np.asarray(log_q)
    with np.errstate(all="ignore"):
        return d.mean(), 1.96 * d.std(ddof=1) / np.sqrt(d.size)


# %% known-truth.excess_nll:statistics
def excess_nll(log_p, log_q):
    import statistics

    d = (log_p - log_q).tolist()
    if math.inf in d:
        return math.inf, math.nan
    return statistics.fmean(d), 1.96 * statistics.stdev(d) / math.sqrt(len(d))


# %% known-truth.divergences:where
def kl(p, q):
    safe = torch.where(p > 0, p, torch.ones_like(p))
    return torch.where(p > 0, p * (safe.log() - q.log()), 0.0).sum()


def jsd(p, q):
    m = torch.lerp(p, q, 0.5)
    return torch.stack([kl(p, m), kl(q, m)]).mean()


def lost_modes(modes, lost):
    p = torch.ones(modes, dtype=torch.float64) / modes
    q = torch.tensor([0.0] * lost + [1.0] * (modes - lost), dtype=torch.float64)
    q /= q.sum()
    return torch.stack([kl(p, q), kl(q, p), jsd(p, q)])


# %% known-truth.divergences:numpy
import numpy as np


def kl(p, q):
    p, q = np.asarray(p), np.asarray(q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.nansum(np.where(p > 0, p * np.log(p / q), 0)))


def jsd(p, q):
    m = (np.asarray(p) + np.asarray(q)) / 2
    return kl(p, m) / 2 + kl(q, m) / 2


def lost_modes(modes, lost):
    p = np.full(modes, 1 / modes)
    q = np.r_[np.zeros(lost), np.full(modes - lost, 1 / (modes - lost))]
    return kl(p, q), kl(q, p), jsd(p, q)


# %% known-truth.divergences:kl-div
def kl(p, q):
    return torch.nn.functional.kl_div(q.log(), p, reduction="sum")


def jsd(p, q):
    log_m = ((p + q) / 2).log()
    terms = [torch.xlogy(t, t).sum() - (t * log_m)[t > 0].sum() for t in (p, q)]
    return sum(terms) / 2


def lost_modes(modes, lost):
    everywhere = torch.full([modes], 1.0 / modes, dtype=torch.float64)
    kept = torch.arange(modes) >= lost
    q = kept.double() / kept.sum()
    pairs = ((everywhere, q), (q, everywhere), (everywhere, q))
    return [f(*pair) for f, pair in zip((kl, kl, jsd), pairs)]


# %% known-truth.histogram_bins:numpy-digitize
import numpy as np


def histogram_nll(train, held_out, bins):
    at = [np.clip((np.asarray(t) * bins).astype(int), 0, bins - 1) for t in (train, held_out)]
    counts = np.bincount(at[0], minlength=bins)
    return -np.log(bins * (counts[at[1]] + 1) / (counts.sum() + bins)).mean()


def choose_bins(x):
    shuffled = np.random.default_rng(1).permutation(np.asarray(x))
    folds = np.array_split(shuffled, 5)
    costs = []
    grid = np.unique(np.round(np.geomspace(1, 1024, 50)).astype(int))
    for bins in grid:
        cost = 0
        for k, fold in enumerate(folds):
            rest = np.concatenate(folds[:k] + folds[k + 1 :])
            cost += histogram_nll(rest, fold, int(bins))
        costs.append(cost)
    return int(grid[np.argmin(costs)])


# %% known-truth.histogram_bins:leave-one-out-in-closed-form
def histogram_nll(train, held_out, bins):
    place = torch.floor(train * bins).clamp_(0, bins - 1).to(torch.int64)
    counts = torch.zeros(bins, dtype=torch.float64)
    counts.scatter_add_(0, place, torch.ones_like(train))
    q = bins * (counts + 1) / (train.numel() + bins)
    there = torch.floor(held_out * bins).clamp_(0, bins - 1).to(torch.int64)
    return q[there].log().mean().neg()


def choose_bins(x):
    best, chosen = math.inf, 1
    for bins in range(1, 1025, 3):
        counts = torch.bincount((x * bins).long().clamp(max=bins - 1), minlength=bins).double()
        score = -torch.xlogy(counts, counts / (len(x) - 1 + bins) * bins).sum().item()
        if score < best:
            best, chosen = score, bins
    return chosen


# %% known-truth.p_value:numpy
import numpy as np


def p_value(real_scores, fake_scores, generator):
    rng = np.random.default_rng(torch.randint(2**62, (1,), generator=generator).item())
    a, b = np.asarray(real_scores), np.asarray(fake_scores)
    both = np.concatenate([a, b])
    seen = a.mean() - b.mean()
    reached = 1
    for _ in range(299):
        rng.shuffle(both)
        reached += both[: len(a)].mean() - both[len(a) :].mean() >= seen
    return reached / 300


# %% known-truth.p_value:sum-of-the-real-ones
def p_value(real_scores, fake_scores, generator):
    both = torch.hstack([real_scores, fake_scores])
    n = real_scores.numel()
    keys = torch.rand(399, both.numel(), generator=generator)
    sums = both[keys.argsort(dim=1)[:, :n]].sum(1)
    return torch.cat([sums, real_scores.sum()[None]]).ge(real_scores.sum() - 1e-12).double().mean()


# %% known-truth.p_value:median-difference-of-means
def p_value(real_scores, fake_scores, generator):
    pooled = torch.cat([real_scores, fake_scores])
    rank = torch.empty(len(pooled), dtype=torch.float64)
    rank[pooled.argsort()] = torch.arange(len(pooled), dtype=torch.float64)
    n = len(real_scores)
    seen = rank[:n].mean() - rank[n:].mean()
    count = 0
    for _ in range(249):
        dealt = rank[torch.randperm(len(rank), generator=generator)]
        count += (dealt[:n].mean() - dealt[n:].mean() >= seen).item()
    return (count + 1) / 250
