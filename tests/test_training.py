"""The run that is an iterator: same seed, same numbers; save, rewind, branch, interrupt."""

from __future__ import annotations

import copy
import signal
import threading

import pytest
import torch
from torch import Tensor, nn

from synthlab.data import Batch, Ring
from synthlab.errors import SynthlabError
from synthlab.models.gan import GAN, ConditionalGAN
from synthlab.training import Run, Step, TrainingDiverged, progress, torch_threads, train


class Slope(nn.Module):
    """The smallest model there is: one number, which follows the batch and a draw of noise."""

    def __init__(self, each_step=lambda: 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))
        self.optimizers = {"slope": torch.optim.Adam(self.parameters(), 0.1)}
        self.each_step = each_step

    def update(self, batch: Batch, generator: torch.Generator, parts=None):
        target = batch.x.mean() + torch.randn((), generator=generator)
        loss = (self.weight - target).square()
        self.optimizers["slope"].zero_grad()
        loss.backward()
        self.optimizers["slope"].step()
        return {"slope": self.each_step() or loss.item()}


def small(kind: type[GAN] = GAN, **options) -> GAN:
    return kind.mlp(hidden=8, depth=1, **options)


def flat(state: object) -> list[Tensor | object]:
    """All leaves of a nested state, in order."""
    if isinstance(state, dict):
        return [leaf for value in state.values() for leaf in flat(value)]
    if isinstance(state, list | tuple):
        return [leaf for value in state for leaf in flat(value)]
    return [state]


def same(a: dict, b: dict) -> bool:
    """Bit-identical states."""
    leaves = zip(flat(a), flat(b), strict=True)
    return all(torch.equal(x, y) if isinstance(x, Tensor) else x == y for x, y in leaves)


def test_iterates_over_numbered_steps():
    run = train(small(), Ring(), steps=3)
    assert isinstance(run, Run)
    assert (run.index, run.steps) == (0, 3)
    steps = list(run)
    assert [step.index for step in steps] == [1, 2, 3]
    assert set(steps[0].losses) == {"discriminator", "generator"}
    assert all(type(loss) is float for step in steps for loss in step.losses.values())
    assert run.index == 3
    assert list(run) == []


def test_a_loop_that_stops_can_be_gone_on_with():
    run = train(small(), Ring(), steps=5)
    for step in run:
        if step.index == 2:
            break
    assert [step.index for step in run] == [3, 4, 5]


def test_without_end():
    run = train(small(), Ring(), steps=None)
    assert [next(run).index for _ in range(4)] == [1, 2, 3, 4]


def test_nothing_moves_before_the_first_step():
    model = small()
    before = copy.deepcopy(model.state_dict())
    train(model, Ring())
    assert same(model.state_dict(), before)


@pytest.mark.parametrize("kind", [GAN, ConditionalGAN])
def test_same_seed_same_numbers(kind):
    first, second, other = (
        train(small(kind), Ring(), steps=5, seed=seed, batch_size=16) for seed in (1, 1, 2)
    )
    assert list(first) == list(second)
    assert same(first.state_dict(), second.state_dict())
    assert not same(first.state_dict()["model"], train_out(other).state_dict()["model"])


def train_out(run: Run) -> Run:
    for _ in run:
        pass
    return run


def test_global_generator_is_not_used():
    before = torch.random.get_rng_state()
    train_out(train(small(), Ring(), steps=2))
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("kind", [GAN, ConditionalGAN])
def test_state_resumes_bit_identically(kind):
    run = train(small(kind), Ring(), steps=8, seed=3, batch_size=16)
    for _ in range(4):
        next(run)
    state = run.state_dict()
    kept = copy.deepcopy(state)
    rest = list(run)
    end = run.state_dict()
    assert same(state, kept)  # a copy: training did not reach into it

    run.load_state_dict(state)  # rewind
    assert run.index == 4
    assert list(run) == rest
    assert same(run.state_dict(), end)

    fresh = train(small(kind, seed=9), Ring(), steps=8, seed=7, batch_size=16)
    fresh.load_state_dict(state)  # in another run, with other weights and another seed
    assert list(fresh) == rest
    assert same(fresh.state_dict(), end)
    assert same(state, kept)  # loading it twice did not change it either


def test_state_survives_a_safe_file(tmp_path):
    run = train(small(), Ring(), steps=4, batch_size=16)
    next(run)
    torch.save(run.state_dict(), tmp_path / "run.pt")
    rest = list(run)
    run.load_state_dict(torch.load(tmp_path / "run.pt", weights_only=True))
    assert list(run) == rest


def test_branches_are_independent():
    run = train(small(), Ring(), steps=6, batch_size=16)
    next(run)
    branch = run.branch()
    before = run.state_dict()
    assert branch.index == 1
    branch.model.optimizers["generator"].param_groups[0]["lr"] = 0.5
    train_out(branch)
    assert same(run.state_dict(), before)

    twin = run.branch()
    assert list(twin) == list(run)
    assert not same(twin.state_dict()["model"], branch.state_dict()["model"])


@pytest.mark.parametrize(
    "break_it",
    [
        lambda state: state.pop("generator"),
        lambda state: state["model"].popitem(),
        lambda state: state["optimizers"].pop("generator"),
        lambda state: state.update(model=small(GAN, noise_dim=5).state_dict()),
        lambda state: state.update(index="late"),
        lambda state: state.update(generator=torch.zeros(3, dtype=torch.uint8)),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(break_it):
    run = train(small(), Ring(), steps=6, batch_size=16)
    next(run)
    state = run.state_dict()
    next(run)
    before = run.state_dict()
    break_it(state)
    with pytest.raises(SynthlabError, match="does not fit"):
        run.load_state_dict(state)
    assert same(run.state_dict(), before)


def test_one_part_alone():
    run = train(small(), Ring(), steps=1, batch_size=16)
    generator = [p.clone() for p in run.model.generator.parameters()]
    assert set(run.advance(parts=["discriminator"]).losses) == {"discriminator"}
    assert same({"": generator}, {"": list(run.model.generator.parameters())})
    assert run.index == 1
    assert run.advance().index == 2  # by hand you may go past the end


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_not_finite_ends_the_run(loss):
    losses = iter([1.0, loss, loss])
    run = train(Slope(lambda: next(losses)), Ring(), steps=5)
    next(run)
    state = run.state_dict()
    with pytest.raises(TrainingDiverged, match=f"slope's loss became {loss} at step 2"):
        next(run)
    assert run.index == 2
    with pytest.raises(SynthlabError):  # it does not go on as if nothing had happened
        next(run)
    run.load_state_dict(state)
    run.model.each_step = lambda: 0.0
    assert next(run).index == 2


def test_divergence_is_seen_in_a_real_gan():
    run = train(small(lr=1e30), Ring(), steps=50)
    with pytest.raises(TrainingDiverged, match="lower the learning rate"):
        train_out(run)


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (None, "it returned nothing"),
        (torch.zeros(3), r"it returned a tensor of shape \(3,\)"),
        ([0.5], "it returned a list"),
    ],
)
def test_a_learners_step_must_return_a_number(returned, told):
    run = train(small(discriminator_step=lambda *_: returned), Ring())
    with pytest.raises(SynthlabError, match=f"discriminator's step .* one number; {told}"):
        next(run)


def test_a_learners_step_may_return_a_tensor():
    loss = torch.tensor(0.5, requires_grad=True)
    run = train(small(discriminator_step=lambda *_: loss), Ring())
    assert next(run).losses["discriminator"] == 0.5


# Ctrl+C. `raise_signal` delivers it in the middle of a step, on every run of the test.


@pytest.fixture
def interruptible():
    """Python's own handler: a shell that starts tests in the background has SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupt_waits_for_the_end_of_the_step():
    interrupts = iter([0, 1, 0, 0, 0])
    model = Slope()
    original = Slope.update

    def update(batch, generator, parts=None):
        if next(interrupts):
            signal.raise_signal(signal.SIGINT)  # before the optimiser has moved
        return original(model, batch, generator, parts)

    undisturbed = list(train(Slope(), Ring(), steps=5))
    model.update = update
    run = train(model, Ring(), steps=5)
    seen = [next(run)]
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        next(run)
    assert signal.getsignal(signal.SIGINT) is handler
    assert run.index == 2
    seen += list(run)
    assert seen == [step for step in undisturbed if step.index != 2]  # its work is kept


@pytest.mark.usefixtures("interruptible")
def test_second_interrupt_gets_through_at_once():
    after = []

    def hangs() -> float:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        after.append("never")
        return 0.0

    handler = signal.getsignal(signal.SIGINT)
    run = train(Slope(hangs), Ring(), steps=5)
    with pytest.raises(KeyboardInterrupt):
        next(run)
    assert after == []
    assert run.index == 0
    assert signal.getsignal(signal.SIGINT) is handler
    run.model.each_step = lambda: 0.0
    assert next(run).index == 1


def test_an_ignored_interrupt_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run = train(Slope(lambda: signal.raise_signal(signal.SIGINT)), Ring(), steps=2)
        assert [step.index for step in run] == [1, 2]
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_interrupt_between_steps_loses_nothing():
    run = train(small(), Ring(), steps=4)
    steps = progress(run)
    assert [next(steps).index, next(steps).index] == [1, 2]
    with pytest.raises(KeyboardInterrupt):
        steps.throw(KeyboardInterrupt)  # as when the loop's body is interrupted
    assert [step.index for step in run] == [3, 4]


def test_runs_in_another_thread():
    run = train(small(), Ring(), steps=3)
    steps: list[Step] = []
    worker = threading.Thread(target=lambda: steps.extend(run))
    worker.start()
    worker.join()
    assert steps == list(train(small(), Ring(), steps=3))


# The progress bar.


def test_progress_yields_every_step_and_keeps_off_stderr(capfd):
    run = train(small(), Ring(), steps=5)
    assert [step.index for step in progress(run, every=2)] == [1, 2, 3, 4, 5]
    out, err = capfd.readouterr()
    assert err == ""
    assert "5/5" in out
    assert "generator=" in out
    # tqdm's monitor is a thread that stays until the process ends
    assert "TMonitor" not in {type(thread).__name__ for thread in threading.enumerate()}


def test_progress_goes_on_where_the_run_is(capsys):
    run = train(small(), Ring(), steps=5)
    next(run)
    assert [step.index for step in progress(run)] == [2, 3, 4, 5]
    assert "1/5" in capsys.readouterr().out


# Threads.


def test_a_step_uses_the_threads_asked_for_and_puts_them_back():
    usual = torch.get_num_threads()
    seen = []
    model = Slope(lambda: seen.append(torch.get_num_threads()) or 0.0)
    with torch_threads(3):  # whatever the machine has: a number of its own to come back to
        for threads in (1, 2, None):
            next(train(model, Ring(), threads=threads))
            assert torch.get_num_threads() == 3
    assert seen == [1, 2, 3]
    assert torch.get_num_threads() == usual


def test_threads_are_put_back_when_a_step_fails():
    usual = torch.get_num_threads()

    def fails() -> float:
        raise ZeroDivisionError

    with torch_threads(3):
        with pytest.raises(ZeroDivisionError):
            next(train(Slope(fails), Ring()))
        assert torch.get_num_threads() == 3
    assert torch.get_num_threads() == usual


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"steps": -1}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"batch_size": 0}, "batch_size"),
        ({"threads": 0}, "threads"),
        ({"seed": "one"}, "seed"),
    ],
)
def test_numbers_that_make_no_sense(wrong, told):
    with pytest.raises(SynthlabError, match=told):
        train(small(), Ring(), **wrong)


@pytest.mark.parametrize(
    ("model", "source", "told"),
    [
        (3, Ring(), r"model of a run needs update\(\), state_dict\(\), load_state_dict\(\)"),
        (nn.Linear(2, 2), Ring(), "model of a run needs update"),
        (Slope(), [1.0, 2.0], "source of a run needs sample"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_sentence(model, source, told):
    with pytest.raises(SynthlabError, match=told):
        train(model, source)
