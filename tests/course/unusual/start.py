# %% start.shapes:one-loop-over-columns
def squared_distances(x, y):
    total = x.new_zeros(len(x), len(y))
    for k in range(x.shape[1]):
        total += (x[:, k].unsqueeze(-1) - y[:, k].unsqueeze(0)).pow(2)
    return total


def standardise(x):
    from functools import reduce

    mean = reduce(torch.add, x) / x.shape[0]
    return (x - mean) * (x - mean).pow(2).mean(0).rsqrt()


# %% start.shapes:numpy
import numpy as np


def squared_distances(x, y):
    a, b = x.detach().numpy(), y.detach().numpy()
    return torch.from_numpy(np.linalg.norm(a[:, np.newaxis, :] - b[np.newaxis], axis=-1) ** 2)


def standardise(x):
    a = np.array(x)
    return torch.as_tensor((a - a.mean(0)) / a.std(0, ddof=0))


# %% start.shapes:vmap
def squared_distances(x, y):
    def row(a):
        return torch.vmap(lambda b: (a - b).dot(a - b))(y)

    return torch.vmap(row)(x)


def standardise(x):
    return torch.vmap(lambda c: (c - c.mean()) / c.var(unbiased=False).sqrt(), 1, 1)(x)


# %% start.shapes:cdist-and-layer-norm
def squared_distances(x, y):
    return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").square()


def standardise(x):
    return nn.functional.layer_norm(x.T, (x.shape[0],), eps=0.0).T


# %% start.detach:a-copy-of-the-teacher
from copy import deepcopy

broken_line = int("3")
measured = 0.0
_copy = deepcopy(teacher_net)
_copy.zero_grad()
broken_loss(student_net, _copy, inputs).backward()
for _p in _copy.parameters():
    measured += float(_p.grad.abs().sum())


def repaired_loss(student, teacher, x):
    with torch.inference_mode():
        target = teacher(x)
    return (student(x) - target.clone()).pow(2).mean()


# %% start.detach:data-and-mse
broken_line = torch.tensor(3)
_loss = broken_loss(student_net, teacher_net, inputs)
_gradients = torch.autograd.grad(_loss, tuple(teacher_net.parameters()))
measured = sum(g.abs().sum() for g in _gradients).item()


def repaired_loss(student, teacher, x):
    return nn.MSELoss()(input=student(x), target=teacher(x).data)


# %% start.detach:numpy-target
import numpy as np

broken_line = np.int64(3)
teacher_net.zero_grad(set_to_none=True)
broken_loss(student_net, teacher_net, inputs).backward()
measured = np.sum([np.abs(p.grad.numpy()).sum() for p in teacher_net.parameters()])


def repaired_loss(student, teacher, x):
    target = torch.from_numpy(teacher(x).detach().numpy().copy())
    difference = (target - student(x)).flatten()
    return torch.dot(difference, difference) / difference.numel()


# %% start.log_sum_exp:softplus-chain
def log_sum_exp(a):
    shift, _ = torch.max(a, -1)
    shift = shift.detach()
    return torch.log(torch.exp(a - shift.unsqueeze(1)).sum(1)) + shift


def cross_entropy(logits, labels):
    return nn.functional.nll_loss(torch.log_softmax(logits, 1), labels)


# %% start.log_sum_exp:row-by-row
def log_sum_exp(a):
    rows = []
    for row in a:
        top = max(row)
        rows.append(top + sum((v - top).exp() for v in row).log())
    return torch.stack(rows)


def cross_entropy(logits, labels):
    losses = [log_sum_exp(row[None])[0] - row[label] for row, label in zip(logits, labels)]
    return sum(losses) / len(losses)


# %% start.log_sum_exp:one-hot
def log_sum_exp(a):
    return a.amax(1) + torch.einsum("nk->n", (a - a.amax(1, True)).exp()).log()


def cross_entropy(logits, labels):
    which = nn.functional.one_hot(labels, logits.size(1)).to(logits.dtype)
    return (log_sum_exp(logits) - (which * logits).sum(-1)).mean()


# %% start.log_sum_exp:sorted
def log_sum_exp(a):
    ordered = a.sort(1, descending=True).values
    rest = ordered[:, 1:] - ordered[:, :1]
    return ordered[:, 0] + rest.exp().sum(1).log1p()


def cross_entropy(logits, labels):
    return nn.CrossEntropyLoss(reduction="sum")(logits, labels) / logits.shape[0]


# %% start.training_step:for-each-group
def training_step(model, optimizer, x, y):
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = None
    difference = model(x).sub(y)
    loss = difference.pow(2).mean()
    torch.autograd.backward(loss)
    optimizer.step()
    return loss.detach().tolist()


# %% start.training_step:closure
def training_step(model, optimizer, x, y):
    found = []

    def closure():
        optimizer.zero_grad()
        loss = nn.MSELoss()(model(x), y)
        loss.backward()
        found.append(loss.item())
        return loss

    optimizer.step(closure)
    return found[0]


# %% start.training_step:summed-over-rows
def training_step(model, optimizer, x, y):
    with torch.enable_grad():
        predicted = model(x)
        loss = torch.stack([(a - b).pow(2).sum() for a, b in zip(predicted, y)]).sum() / y.numel()
    model.zero_grad()
    loss.backward()
    value = float(loss.detach())
    optimizer.step()
    return value


# %% start.generators:legacy-numpy
import numpy as np


def draw(n, seed):
    return torch.tensor(np.random.RandomState(seed).randn(n))


def halves(x, generator):
    order = torch.randperm(x.size(0), generator=generator)
    a, b = order.view(2, -1)
    return x.index_select(0, a), x.index_select(0, b)


# %% start.generators:box-muller
import math


def draw(n, seed):
    source = torch.Generator().manual_seed(seed)
    u = torch.rand(2, n, generator=source, dtype=torch.float64).clamp(min=1e-300)
    return (-2 * u[0].log()).sqrt() * torch.cos(2 * math.pi * u[1])


def halves(x, generator):
    keys = torch.randn(len(x), generator=generator)
    middle = keys.sort().indices
    return x[middle[0::2]], x[middle[1::2]]


# %% start.generators:random-of-the-standard-library
import random


def draw(n, seed):
    source = random.Random(seed)
    return torch.tensor([source.gauss(0, 1) for _ in range(n)])


def halves(x, generator):
    source = random.Random(torch.randint(2**62, (), generator=generator).item())
    rows = list(range(len(x)))
    source.shuffle(rows)
    return x[rows[: len(x) // 2]], x[rows[len(x) // 2 :]]


# %% start.generators:fork
def draw(n, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.randn(n)


def halves(x, generator):
    left = list(range(len(x)))
    first = []
    for _ in range(len(x) // 2):
        first.append(left.pop(torch.randint(len(left), (1,), generator=generator).item()))
    return x[first], x[left]
