# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # Twenty minutes to be ready: exercises
#
# Six questions about the PyTorch that this course needs. If you can answer them at once, skip the lesson and go on with unit 1.

# %% [markdown] key="how"
# ## How it works
#
# - Replace `raise NotImplementedError` or `None` with your answer and run the cell.
# - Run the cell below it. `check` says what is right, what is broken, what it measured and what it expected. It also shows your points.
# - You are stuck? Run `hint("start.shapes")`, with the question's name, in a new cell. The first hint gives you a direction, the second a method.
# - Check as often as you like. Grading runs the same checks on other inputs.

# %% key="setup"
import torch
from torch import nn

from synthlab import check, hint

torch.set_num_threads(1)

# %% [markdown] key="prediction"
# ## What will the gradient be?
#
# `w` is a tensor with the value 3 that takes gradients. The loss is `w * w.detach()`, which is 9. What is `w.grad` after `loss.backward()`?
#
# Set `predicted_gradient` to a number. A prediction counts when it is made, whatever it says.

# %% tags=["answer:start.prediction"]
predicted_gradient = 3.0

# %% tags=["check:start.prediction"]
check("start.prediction")

# %% [markdown] key="shapes"
# ## Shapes and broadcasting
#
# Write two functions of float64 tensors, without loops over rows.
#
# - `squared_distances(x, y)` takes `x` of shape `(n, d)` and `y` of shape `(m, d)`. It returns the tensor `(n, m)` whose entry `[i, j]` is the squared distance of `x[i]` from `y[j]`.
# - `standardise(x)` takes `x` of shape `(n, d)`. It subtracts from every column its own mean and divides it by its own standard deviation, the one that divides by $n$. It returns a tensor `(n, d)`.
#
# Example: `squared_distances(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]]))` is `[[25.0]]`.


# %% tags=["answer:start.shapes"]
def squared_distances(
    x,  # (n, d)
    y,  # (m, d)
):
    return (x[:, None] - y).square().sum(dim=2)


def standardise(x):  # (n, d)
    return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)


# %% tags=["check:start.shapes"]
check("start.shapes")


# %% tags=["allowed:start.shapes"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of …
# ~ gradient: … of …


# %% tags=["alternative:start.shapes:expanded-square"]
def squared_distances(x, y):
    return (x**2).sum(1, keepdim=True) + (y**2).sum(1) - 2 * x @ y.T


def standardise(x):
    centred = x - x.mean(dim=0, keepdim=True)
    return centred / (centred**2).mean(dim=0, keepdim=True).sqrt()


# %% tags=["alternative:start.shapes:unsqueeze"]
def squared_distances(x, y):
    n, m = len(x), len(y)
    a = x.unsqueeze(1).expand(n, m, -1)
    b = y.unsqueeze(0).expand(n, m, -1)
    return torch.einsum("nmd,nmd->nm", a - b, a - b)


def standardise(x):
    std, mean = torch.std_mean(x, dim=0, unbiased=False)
    return torch.stack([(row - mean) / std for row in x])


# %% tags=["mistake:start.shapes:sums-the-wrong-axis"] fails="every-pair"
# - return (x[:, None] - y).square().sum(dim=2)
# + return (x[:, None] - y).square().sum(dim=1)

# %% tags=["mistake:start.shapes:distance-not-squared"] fails="every-pair"
# - return (x[:, None] - y).square().sum(dim=2)
# + return torch.cdist(x, y)

# %% tags=["mistake:start.shapes:transposed"] fails="any-sizes"
# - return (x[:, None] - y).square().sum(dim=2)
# + return (x[None] - y[:, None]).square().sum(dim=2)

# %% tags=["mistake:start.shapes:one-mean-for-all"] fails="columns-apart"
# - return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)
# + return (x - x.mean()) / x.std(correction=0)

# %% tags=["mistake:start.shapes:along-the-rows"] fails="standardised"
# - return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)
# + return (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1, correction=0, keepdim=True)

# %% tags=["mistake:start.shapes:divides-by-n-minus-one"] fails="standardised"
# - return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)
# + return (x - x.mean(dim=0)) / x.std(dim=0)

# %% [markdown] key="detach"
# ## Who learns from this loss?
#
# A student network shall imitate a teacher network: move the student's output towards the teacher's, and leave the teacher alone. `broken_loss` runs and returns the right number. But the student does not learn.


# %% key="broken-loss"
def broken_loss(student, teacher, x):  # 1
    target = teacher(x)  # 2
    guess = student(x).detach()  # 3
    return (guess - target).square().mean()  # 4


def affine(weight, bias):
    net = nn.Linear(2, 2, dtype=torch.float64)
    net.load_state_dict({"weight": torch.tensor(weight), "bias": torch.tensor(bias)})
    return net


student_net = affine([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0])
teacher_net = affine([[2.0, 1.0], [0.0, -1.0]], [0.5, 0.0])
inputs = torch.linspace(-1, 2, 8, dtype=torch.float64).reshape(4, 2)

# %% [markdown] key="detach-answers"
# Give three answers.
#
# - `broken_line`: the number of the line that keeps the student from learning.
# - `measured`: what goes wrong instead. Call `broken_loss(student_net, teacher_net, inputs)` and propagate back, once. Add up the absolute values of all entries of the gradients that the *teacher's* parameters have received. It counts when it is right to four decimals.
# - `repaired_loss(student, teacher, x)`: the same value as a tensor of shape `()`, whose gradient reaches the student's parameters and not the teacher's. Call both networks in the mode (`train` or `eval`) in which they come; they are afterwards as they were.

# %% tags=["answer:start.detach"]
broken_line = 3


def _measure():
    teacher_net.zero_grad()
    broken_loss(student_net, teacher_net, inputs).backward()
    return sum(p.grad.abs().sum().item() for p in teacher_net.parameters())


measured = _measure()


def repaired_loss(student, teacher, x):
    target = teacher(x).detach()
    return (student(x) - target).square().mean()


# %% tags=["check:start.detach"]
check("start.detach")


# %% tags=["allowed:start.detach"]
# A tensor of shape () is a number.
# ~ value of measured


# %% tags=["alternative:start.detach:no-grad"]
broken_line = 3.0

_found = torch.autograd.grad(
    broken_loss(student_net, teacher_net, inputs), list(teacher_net.parameters())
)
measured = torch.cat([g.flatten() for g in _found]).abs().sum()


def repaired_loss(student, teacher, x):
    with torch.no_grad():
        target = teacher(x)
    return nn.functional.mse_loss(student(x), target)


# %% tags=["alternative:start.detach:by-hand"]
broken_line = 3

_slope = 2 * (teacher_net(inputs) - student_net(inputs)).detach() / 8
measured = ((_slope.T @ inputs).abs().sum() + _slope.sum(0).abs().sum()).item()


def repaired_loss(student, teacher, x):
    frozen = {name: value.detach() for name, value in teacher.named_parameters()}
    target = torch.func.functional_call(teacher, frozen, (x,))
    return ((target - student(x)) ** 2).sum() / target.numel()


# %% tags=["mistake:start.detach:nothing-detached"] fails="teacher-left-alone"
# - target = teacher(x).detach()
# + target = teacher(x)

# %% tags=["mistake:start.detach:both-detached"] fails="student-learns"
# - target = teacher(x).detach()
# - return (student(x) - target).square().mean()
# + with torch.no_grad():
# +     loss = (student(x) - teacher(x)).square().mean()
# + return loss.requires_grad_()

# %% tags=["mistake:start.detach:freezes-the-teacher-for-good"] fails="teacher-left-alone"
# - target = teacher(x).detach()
# + teacher.requires_grad_(False)
# + target = teacher(x)

# %% tags=["mistake:start.detach:leaves-both-in-eval"] fails="teacher-left-alone"
# + student.eval()
# + teacher.eval()
#   target = teacher(x).detach()

# %% tags=["mistake:start.detach:caches-the-first-target"] fails="value"
# + _kept = []
# +
# +
#   def repaired_loss(student, teacher, x):
# -     target = teacher(x).detach()
# -     return (student(x) - target).square().mean()
# +     _kept.append(teacher(x).detach())
# +     return (student(x) - _kept[0]).square().mean()

# %% tags=["mistake:start.detach:wrong-line"] fails="line"
# - broken_line = 3
# + broken_line = 2

# %% tags=["mistake:start.detach:weights-alone"] fails="measured"
# - return sum(p.grad.abs().sum().item() for p in teacher_net.parameters())
# + return teacher_net.weight.grad.abs().sum().item()

# %% tags=["mistake:start.detach:sum-for-mean"] fails="value"
# - return (student(x) - target).square().mean()
# + return (student(x) - target).square().sum()

# %% [markdown] key="log-sum-exp"
# ## Logits and log-sum-exp
#
# A classifier with $K$ classes returns $K$ *logits* $a_1, \dots, a_K$, any real numbers. The probability of class $k$ is $e^{a_k} / \sum_j e^{a_j}$. Write two functions.
#
# - `log_sum_exp(a)` takes a float64 tensor `(n, K)` and returns $\log \sum_k e^{a_{ik}}$ for every row, `(n,)`.
# - `cross_entropy(logits, labels)` takes logits `(n, K)` and the right classes `(n,)`, whole numbers from 0 to $K - 1$. It returns the mean over the rows of $-\log$ of the probability of the right class, a tensor of shape `()`.
#
# Both must be right for entries of $\pm 1000$, and gradients must flow through the first. Write the first one from `exp`, `log`, `max` and `sum`, to know what happens inside.
#
# Example: for a row of two zeros, `log_sum_exp` is $\log 2 \approx 0.6931$.


# %% tags=["answer:start.log_sum_exp"]
def log_sum_exp(a):  # (n, K)
    largest = a.max(dim=1, keepdim=True).values
    return (largest + (a - largest).exp().sum(dim=1, keepdim=True).log())[:, 0]


def cross_entropy(
    logits,  # (n, K)
    labels,  # (n,)
):
    right = logits[torch.arange(len(labels)), labels]
    return (log_sum_exp(logits) - right).mean()


# %% tags=["check:start.log_sum_exp"]
check("start.log_sum_exp")


# %% tags=["alternative:start.log_sum_exp:torch"]
def log_sum_exp(a):
    return torch.logsumexp(a, dim=-1)


def cross_entropy(logits, labels):
    return nn.functional.cross_entropy(logits, labels)


# %% tags=["alternative:start.log_sum_exp:pairs"]
def log_sum_exp(a):
    total = a[:, 0]
    for k in range(1, a.shape[1]):
        total = torch.logaddexp(total, a[:, k])
    return total


def cross_entropy(logits, labels):
    log_p = logits - log_sum_exp(logits)[:, None]
    return -log_p.gather(1, labels[:, None]).sum() / len(labels)


# %% tags=["mistake:start.log_sum_exp:as-it-stands"] fails="stable"
# ...
def log_sum_exp(a):
    return a.exp().sum(dim=1).log()


# %% tags=["mistake:start.log_sum_exp:largest-of-all"] fails="stable"
# ...
def log_sum_exp(a):
    return a.max() + (a - a.max()).exp().sum(dim=1).log()


# %% tags=["mistake:start.log_sum_exp:forgets-the-largest"] fails="value"
# - return (largest + (a - largest).exp().sum(dim=1, keepdim=True).log())[:, 0]
# + return (a - largest).exp().sum(dim=1).log()


# %% tags=["mistake:start.log_sum_exp:down-the-columns"] fails="value"
def log_sum_exp(a):
    return torch.logsumexp(a, dim=0)


def cross_entropy(logits, labels):
    return nn.functional.cross_entropy(logits, labels)


# %% tags=["mistake:start.log_sum_exp:log-of-softmax"] fails="takes-logits"
# - right = logits[torch.arange(len(labels)), labels]
# - return (log_sum_exp(logits) - right).mean()
# + p = torch.softmax(logits, dim=1)
# + return -p[torch.arange(len(labels)), labels].log().mean()

# %% tags=["mistake:start.log_sum_exp:softmax-as-logits"] fails="cross-entropy"
# - right = logits[torch.arange(len(labels)), labels]
# - return (log_sum_exp(logits) - right).mean()
# + return nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels)

# %% tags=["mistake:start.log_sum_exp:through-numpy"] fails="gradient"
# - largest = a.max(dim=1, keepdim=True).values
# - return (largest + (a - largest).exp().sum(dim=1, keepdim=True).log())[:, 0]
# + import numpy as np
# +
# + a = a.detach().numpy()
# + largest = a.max(axis=1)
# + return torch.tensor(largest + np.log(np.exp(a - largest[:, None]).sum(axis=1)))

# %% [markdown] key="training-step"
# ## One training step
#
# Write `training_step(model, optimizer, x, y)`.
#
# - `model(x)` returns predictions of the shape of `y`. The loss is the mean of the squared differences, over all entries.
# - Move the parameters by one step of `optimizer`, which holds them. Gradients that stand in the model before the call, whoever left them, must not count.
# - Call the model in the mode (`train` or `eval`) in which it comes, and leave it in it.
# - Return the loss before the move, as a Python float.
#
# Example: with `torch.optim.SGD(model.parameters(), lr=1.0)` every parameter moves by exactly minus its gradient. That is how the check sees your step.


# %% tags=["answer:start.training_step"]
def training_step(model, optimizer, x, y):
    loss = (model(x) - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% tags=["check:start.training_step"]
check("start.training_step")


# %% tags=["allowed:start.training_step"]
# What a step leaves in the gradients of the network that it moved never counts.
# * training_step: [setattr(p, 'grad', torch.ones_like(p)) for p in model.parameters()]


# %% tags=["alternative:start.training_step:zero-first"]
def training_step(model, optimizer, x, y):
    model.zero_grad(set_to_none=False)
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return float(loss)


# %% tags=["alternative:start.training_step:functional"]
def training_step(model, optimizer, x, y):
    error = model(x) - y
    loss = (error * error).sum() / error.numel()
    parameters = list(model.parameters())
    for p, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        p.grad = gradient
    optimizer.step()
    return loss.detach().numpy().item()


# %% tags=["mistake:start.training_step:no-zero-grad"] fails="fresh-gradients"
# - optimizer.zero_grad()

# %% tags=["mistake:start.training_step:zero-after-backward"] fails="moves-downhill"
# - optimizer.zero_grad()
#   loss.backward()
# + optimizer.zero_grad()

# %% tags=["mistake:start.training_step:zeroes-only-afterwards"] fails="fresh-gradients"
# - optimizer.zero_grad()

#   optimizer.step()
# + optimizer.zero_grad()

# %% tags=["mistake:start.training_step:clips-each-entry"] fails="moves-downhill"
#   loss.backward()
# + torch.nn.utils.clip_grad_value_(model.parameters(), 5.0)

# %% tags=["mistake:start.training_step:leaves-it-in-eval"] fails="moves-downhill"
# + model.eval()
#   loss = (model(x) - y).square().mean()

# %% tags=["mistake:start.training_step:step-before-backward"] fails="moves-downhill"
# + optimizer.step()
#   loss.backward()
# - optimizer.step()

# %% tags=["mistake:start.training_step:sum-for-mean"] fails="moves-downhill"
# - loss = (model(x) - y).square().mean()
# + loss = (model(x) - y).square().sum()

# %% tags=["mistake:start.training_step:loss-after-the-move"] fails="returns-the-loss"
# - return loss.item()
# + return (model(x) - y).square().mean().item()

# %% tags=["mistake:start.training_step:returns-the-tensor"] fails="returns-the-loss"
# - return loss.item()
# + return loss

# %% tags=["mistake:start.training_step:by-hand"] fails="given-optimizer"
# - optimizer.step()
# + with torch.no_grad():
# +     for p in model.parameters():
# +         p -= p.grad

# %% tags=["mistake:start.training_step:by-hand-with-its-rate"] fails="given-optimizer"
# - optimizer.step()
# + with torch.no_grad():
# +     for p in model.parameters():
# +         p -= optimizer.param_groups[0]["lr"] * p.grad

# %% [markdown] key="generators"
# ## Seeds and generators
#
# Write two functions whose randomness is their own.
#
# - `draw(n, seed)` returns `n` standard normal numbers, a tensor `(n,)`. The same `n` and `seed` give the same numbers, whatever else was drawn before.
# - `halves(x, generator)` takes a tensor `x` of shape `(n, d)` with an even `n` and deals its rows out at random into two tensors `(n/2, d)`. The generator decides how. Every row ends up in one of the two, once.
#
# Neither may draw from the global generator, or seed it: somebody else's numbers would change.


# %% tags=["answer:start.generators"]
def draw(n, seed):
    return torch.randn(n, generator=torch.Generator().manual_seed(seed))


def halves(
    x,  # (n, d)
    generator,
):
    order = torch.randperm(len(x), generator=generator)
    half = len(x) // 2
    return x[order[:half]], x[order[half:]]


# %% tags=["check:start.generators"]
check("start.generators")


# %% tags=["allowed:start.generators"]
# Nobody trains on this: whether it carries a gradient is the learner's own affair.
# ~ result…, requires_grad of …
# ~ gradient: … of …

# As normal as before.
# * draw: return -result

# Normal numbers of three digits are normal numbers.
# * draw: return result.half()

# Which of the two halves comes first is left to chance.
# + return (x[order[half:]], x[order[:half]])

# * halves: return result[::-1]


# %% tags=["alternative:start.generators:numpy"]
def draw(n, seed):
    import numpy as np

    return torch.from_numpy(np.random.default_rng(seed).standard_normal(n))


def halves(x, generator):
    order = torch.rand(len(x), generator=generator).argsort()
    return x[order].chunk(2)


# %% tags=["alternative:start.generators:own-normal"]
def draw(n, seed):
    source = torch.Generator()
    source.manual_seed(seed)
    return torch.normal(0.0, 1.0, size=(n,), generator=source)


def halves(x, generator):
    chosen = torch.multinomial(torch.ones(len(x)), len(x) // 2, generator=generator)
    rest = torch.ones(len(x), dtype=torch.bool)
    rest[chosen] = False
    return [x[chosen], x[rest]]


# %% tags=["mistake:start.generators:global-seed"] fails="global-left-alone"
# - return torch.randn(n, generator=torch.Generator().manual_seed(seed))
# + torch.manual_seed(seed)
# + return torch.randn(n)

# %% tags=["mistake:start.generators:global-draws"] fails="same-seed"
# - return torch.randn(n, generator=torch.Generator().manual_seed(seed))
# + return torch.randn(n)

# %% tags=["mistake:start.generators:uniform"] fails="standard-normal"
# - return torch.randn(n, generator=torch.Generator().manual_seed(seed))
# + return torch.rand(n, generator=torch.Generator().manual_seed(seed))

# %% tags=["mistake:start.generators:with-replacement"] fails="a-partition"
# - return x[order[:half]], x[order[half:]]
# + a, b = torch.randint(len(x), (2, half), generator=generator)
# + return x[a], x[b]

# %% tags=["mistake:start.generators:seeds-it-again"] fails="at-random"
# + generator.manual_seed(0)
#   order = torch.randperm(len(x), generator=generator)

# %% tags=["mistake:start.generators:in-order"] fails="at-random"
# - return x[order[:half]], x[order[half:]]
# + return x[:half], x[half:]
