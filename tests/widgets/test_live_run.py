"""LiveRun: its worker obeys, keeps the numbers, and leaves nothing behind."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest
import torch
from synthlab_widgets.flow import ABANDONED
from synthlab_widgets.live import LiveRun
from synthlab_widgets.screen import Observation
from synthlab_widgets.subject import WatchedRun

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.models.gan import GAN
from synthlab.training import TrainingDiverged, train

#: Seconds that a thread gets on a busy machine before a test gives up.
PATIENCE = 30


class Recorder:
    """A screen that remembers, and on which a test can wait."""

    def __init__(self) -> None:
        self.frames, self.statuses, self.pictures = [], [], []
        self._news = threading.Condition()

    def frame(self, frame) -> None:
        self._note(self.frames, frame)

    def status(self, status) -> None:
        self._note(self.statuses, status)

    def settled(self, frame) -> None:
        self._note(self.pictures, frame)

    def _note(self, where: list, what: object) -> None:
        with self._news:
            where.append(what)
            self._news.notify_all()

    def wait(self, condition: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(condition, PATIENCE)

    def answer(self, live: LiveRun, command: str, **arguments: object):
        """Post a command and wait for the status that answers it."""
        number = 1 + max((s.replies.get("test", 0) for s in self.statuses), default=0)
        live.post(command, view="test", number=number, **arguments)
        self.wait(lambda: any(s.replies.get("test") == number for s in self.statuses))
        return next(s for s in self.statuses if s.replies.get("test") == number)


def observe(run) -> Observation:
    x = run.model.sample(8, torch.Generator().manual_seed(0))
    return Observation({"modes": None}, {"fake": x.numpy()})


def small(model=None, seed: int = 0) -> GAN:
    return GAN.mlp(hidden=8, depth=1, seed=seed)


@pytest.fixture
def screen() -> Recorder:
    return Recorder()


@pytest.fixture
def make(screen):
    """Make live runs of small GANs, and close them when the test is over."""
    made: list[LiveRun] = []

    def make_(model: GAN | None = None) -> LiveRun:
        run = train(model or small(), Ring(), steps=None, seed=3, batch_size=16)
        made.append(LiveRun(WatchedRun(run, observe), screen))
        return made[-1]

    yield make_
    for live in made:
        live.close()


def workers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "synthlab-live"]


def weights(live: LiveRun) -> dict[str, np.ndarray]:
    return {
        k: v.numpy().copy() for k, v in live.subject.timeline.subject.model.state_dict().items()
    }


def assert_same(a: dict, b: dict) -> None:
    assert a.keys() == b.keys()
    for key in a:
        np.testing.assert_array_equal(a[key], b[key])


def test_headless_training_needs_no_thread(make):
    live = make()
    assert live.run(5).index == 5
    assert live.run(0) is None
    assert workers() == []


def test_live_and_headless_give_the_same_numbers(make, screen):
    headless, live = make(), make()
    live.post("view", view="a", state="visible")
    screen.answer(live, "run")
    screen.wait(lambda: screen.frames and screen.frames[-1].step >= 20)
    step = screen.answer(live, "pause").step
    headless.run(step)
    live.close()
    assert_same(weights(live), weights(headless))
    a, b = headless.keyframe(), live.keyframe()
    assert a.step == b.step == step
    assert_same(a.arrays, b.arrays)


def test_a_run_that_somebody_waits_for_is_shown_while_it_runs(make, screen):
    live = make()
    live.post("view", view="a", state="visible")
    screen.wait(lambda: bool(screen.frames))
    live.post("ack", view="a", frame=screen.frames[-1].index)
    assert live.run(30).index == 30
    screen.wait(lambda: screen.frames[-1].step == 30)


def test_step_is_one_step_of_the_named_parts(make, screen):
    live = make()
    before = weights(live)
    assert screen.answer(live, "step", parts=["generator"]).step == 1
    after = weights(live)
    moved = {name.split(".")[0] for name in after if not np.array_equal(after[name], before[name])}
    assert moved == {"generator"}


def test_reset_goes_back_to_the_very_start(make, screen):
    live = make()
    start = weights(live)
    first = live.run(5)
    assert screen.answer(live, "reset").step == 0
    assert_same(weights(live), start)
    assert live.subject.timeline.losses.series() == {}
    again = live.run(5)
    assert again == first


def test_looking_at_a_run_does_not_change_it(make):
    watched, unwatched = make(), make()
    for _ in range(3):
        watched.run(1)
        watched.keyframe()
    unwatched.run(3)
    assert_same(weights(watched), weights(unwatched))


def test_an_unseen_run_sends_no_frames(make, screen):
    live = make()
    live.post("view", view="a", state="hidden")
    screen.answer(live, "run")
    screen.answer(live, "set", name="speed", value=0)  # a round trip while it runs
    assert screen.answer(live, "pause").state == "paused"
    assert screen.frames == []


def test_at_most_two_frames_are_under_way(make, screen):
    clock = [0.0]
    live = make()
    live._clock = live.pace._clock = lambda: clock[0]
    live.post("view", view="a", state="visible")
    screen.wait(lambda: len(screen.frames) == 1)
    clock[0] = 0.1
    screen.answer(live, "step")
    screen.wait(lambda: len(screen.frames) == 2)
    clock[0] = 0.2  # a frame is due, but the browser has acknowledged none of the two
    screen.answer(live, "step")
    screen.answer(live, "step")
    screen.answer(live, "set", name="speed", value=0)
    assert len(screen.frames) == 2
    live.post("ack", view="a", frame=screen.frames[0].index)
    screen.wait(lambda: len(screen.frames) == 3)
    assert screen.frames[-1].step == 3  # the newest; the one between was never sent


def test_the_worker_ends_with_the_last_view(make, screen):
    live = make()
    live.post("view", view="a", state="visible")
    live.post("view", view="b", state="visible")
    screen.answer(live, "run")
    (worker,) = workers()
    live.post("view", view="a", state="gone")
    screen.answer(live, "set", name="speed", value=50)
    assert worker.is_alive()
    live.post("view", view="b", state="gone")
    worker.join(PATIENCE)
    assert not worker.is_alive()
    assert live.status.state == "paused"
    # The run is all there: a view that comes later goes on from here.
    step = live.subject.index
    assert screen.answer(live, "step").step == step + 1


def test_closing_ends_the_worker_even_while_it_runs(make, screen):
    live = make()
    live.post("view", view="a", state="visible")
    screen.answer(live, "run")
    live.close()
    assert workers() == []
    live.post("run")  # too late, and harmless
    assert workers() == []
    with pytest.raises(SynthlabError, match="closed"):
        live.run(1)


def test_the_lasting_picture_follows_when_the_run_is_still(make, screen):
    live = make()
    live.run(2)
    assert [p.step for p in screen.pictures] == [2]
    live.post("view", view="a", state="hidden")
    screen.answer(live, "step")
    screen.wait(lambda: screen.pictures[-1].step == 3)


class Failing(GAN):
    """Fails in its third step."""

    steps = 0
    error: BaseException = ValueError("the shapes do not match\nand more")

    def update(self, batch, generator, parts=None):
        self.steps += 1
        if self.steps > 2:
            raise self.error
        return super().update(batch, generator, parts)


def test_an_error_stops_the_run_and_is_told_in_a_sentence(make, screen):
    live = make(Failing.mlp(hidden=4))
    live.post("view", view="a", state="visible")
    live.post("run")
    screen.wait(lambda: screen.statuses[-1:] and screen.statuses[-1].state == "failed")
    told = screen.statuses[-1].message.render("en")
    assert told.startswith("Your model stopped after step 2, in update, line ")
    assert told.endswith("ValueError: the shapes do not match")
    assert isinstance(live.error, ValueError)
    (worker,) = workers()
    assert worker.is_alive()  # it waits for a Reset
    assert screen.answer(live, "reset").message is None


@pytest.mark.parametrize("error", [SystemExit(1), RuntimeError()])
def test_not_even_exit_ends_the_worker_unheard(make, screen, error):
    model = Failing.mlp(hidden=4)
    model.error = error
    live = make(model)
    live.post("view", view="a", state="hidden")
    live.post("run")
    screen.wait(lambda: screen.statuses[-1:] and screen.statuses[-1].state == "failed")
    assert type(error).__name__ in screen.statuses[-1].message.render("en")


def test_headless_errors_come_out_as_they_are(make):
    live = make(Failing.mlp(hidden=4))
    with pytest.raises(ValueError, match="shapes"):
        live.run(5)


def test_whoever_waits_gets_the_error(make, screen):
    live = make(Failing.mlp(hidden=4))
    live.post("view", view="a", state="hidden")
    screen.answer(live, "set", name="speed", value=0)
    with pytest.raises(ValueError, match="shapes"):
        live.run(5)


class Diverging(GAN):
    def update(self, batch, generator, parts=None):
        return {"generator": float("nan")}


def test_a_loss_that_is_not_a_number_is_told(make, screen):
    live = make(Diverging.mlp(hidden=4))
    live.post("view", view="a", state="hidden")
    live.post("run")
    screen.wait(lambda: screen.statuses[-1:] and screen.statuses[-1].state == "failed")
    assert screen.statuses[-1].message.render("en").startswith("Training broke down at step 1:")
    assert isinstance(live.error, TrainingDiverged)


def test_an_interrupt_stops_the_run_that_was_waited_for(make, screen, monkeypatch):
    live = make()
    live.post("view", view="a", state="hidden")
    screen.answer(live, "set", name="speed", value=0)

    def interrupted(self, timeout=None):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            live.run(10**9)
    screen.wait(lambda: screen.statuses[-1].state == "paused")
    assert live.subject.index < 10**9


def test_a_speed_is_kept(make, screen):
    clock = [0.0]
    live = make()
    live._clock = live.pace._clock = lambda: clock[0]
    live.post("view", view="a", state="hidden")
    screen.answer(live, "set", name="speed", value=10)
    screen.answer(live, "run")
    clock[0] = 1.0  # a second at ten steps a second
    # Every answer gives the worker a turn, and it has ten steps to make: a hundred are plenty.
    asked = (screen.answer(live, "set", name="other", value=0).step for _ in range(100))
    assert any(step >= 10 for step in asked)
    assert screen.answer(live, "pause").step in (10, 11)  # the first is due at the start


def test_unknown_commands_are_refused_with_the_nearest():
    live = LiveRun(WatchedRun(train(small(), Ring(), steps=None), observe), Recorder())
    with pytest.raises(SynthlabError, match="Did you mean 'pause'"):
        live.post("pauze")
    with pytest.raises(SynthlabError, match="0 or more"):
        live.run(-1)
    live.close()


def test_rewinding_leads_to_the_same_numbers_again(make, screen):
    live = make()
    live.run(30)
    there = weights(live)
    live.run(10)
    status = screen.answer(live, "rewind", to=30)
    assert (status.step, status.end) == (30, 40)
    assert_same(weights(live), there)
    # From here the run goes another way, and what lay beyond is gone.
    assert screen.answer(live, "step", parts=["generator"]).end == 31


def test_what_cannot_be_is_told_and_changes_nothing(make, screen):
    live = make()
    live.run(3)
    before = weights(live)
    status = screen.answer(live, "rewind", to=9)
    assert status.message.render("en") == (
        "This run has been at the steps 0 to 3; it cannot go to 9."
    )
    assert (status.state, status.step) == ("paused", 3)
    assert_same(weights(live), before)
    assert screen.answer(live, "branch", action="begin").message is not None
    assert screen.answer(live, "load", text="gan/1").message is not None
    assert screen.answer(live, "step").message is None


def test_replies_add_up_so_that_a_lost_one_does_no_harm(make, screen):
    live = make()
    live.post("view", view="a", state="hidden")
    live.post("step", view="a", number=1)
    live.post("step", view="b", number=7)
    live.post("view", view="a", state="hidden")  # a view that waits says again that it is there
    screen.wait(lambda: len(screen.statuses) == 4)
    assert screen.statuses[-1].replies == {"a": 1, "b": 7}


def test_a_run_that_nobody_has_watched_for_long_pauses_and_says_so(make, screen):
    clock = [0.0]
    live = make()
    live._clock = live.pace._clock = lambda: clock[0]
    live.post("view", view="a", state="visible")
    screen.answer(live, "run")
    (worker,) = workers()
    clock[0] = ABANDONED + 1
    screen.wait(lambda: screen.statuses[-1].state == "paused")
    assert "no page has been showing it" in screen.statuses[-1].message.render("en")
    worker.join(PATIENCE)
    assert workers() == []


def test_python_does_things_between_two_steps(make, screen):
    live = make()
    live.post("view", view="a", state="hidden")
    screen.answer(live, "run")
    threads = []
    live.do(lambda: threads.append(threading.current_thread().name))
    assert threads == ["synthlab-live"]
    with pytest.raises(SynthlabError, match="cannot go to"):
        live.do(lambda: live.subject.rewind(10**9))
    assert screen.answer(live, "pause").state == "paused"


def test_python_switches_threads_as_before_when_the_last_worker_is_gone(make, screen):
    usual = sys.getswitchinterval()
    one, other = make(), make()
    for live in (one, other):
        live.post("view", view="a", state="hidden")
        screen.answer(live, "run")
    assert sys.getswitchinterval() < usual
    one.close()
    assert sys.getswitchinterval() < usual
    other.close()
    assert sys.getswitchinterval() == usual
