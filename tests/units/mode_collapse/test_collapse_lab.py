"""CollapseLab without a browser: what a frame says is what the runs are."""

from __future__ import annotations

import io
import itertools
import threading

import numpy as np
import pytest
import torch
from PIL import Image
from synthlab_widgets import CollapseLab
from synthlab_widgets.collapse_lab import subject
from synthlab_widgets.collapse_lab.lane import TIMED, WARM_UPS, microseconds
from synthlab_widgets.collapse_lab.references import references
from synthlab_widgets.collapse_lab.subject import Comparison
from synthlab_widgets.collapse_lab.words import WORDS
from synthlab_widgets.frames import unpack
from synthlab_widgets.subject import ask

from synthlab import guide
from synthlab.data import Grid, Ring
from synthlab.errors import SynthlabError
from synthlab.experiments.collapse import CollapseSettings, CureExperiment
from synthlab.metrics import mode_report
from synthlab.models.cures import CURES
from synthlab.training import train
from synthlab.words import catalogue

CURE = "pacgan"
#: Cures whose names are Latin letters in Arabic, too.
NAMES = {"cure_pacgan", "cure_wgan_gp"}


@pytest.fixture(autouse=True)
def costs(monkeypatch):
    """Steps that cost what a test says, in microseconds by cure; 1000 without a word."""
    told: dict[str, int] = {}

    def stated(runs, timer):
        return [told.get(run.settings.cure, 1000) for run in runs]

    monkeypatch.setattr(subject, "microseconds", stated)
    return told


@pytest.fixture
def lab():
    made = CollapseLab(noise=16, cures=[CURE], seed=3, language="en")
    yield made
    made.close()


def frame(lab):
    return lab._live.keyframe()


def content(frame):
    return frame.values, {name: array.tobytes() for name, array in frame.arrays.items()}


def test_a_frame_says_what_the_runs_are(lab):
    lab.run(20)
    seen = frame(lab)
    assert [lane["cure"] for lane in seen.values["lanes"]] == ["vanilla", CURE]
    assert (seen.values["source"], seen.values["noise"], seen.step) == ("ring", "16", 20)
    for k, lane in enumerate(seen.values["lanes"]):
        twin = CURES[lane["cure"]].build(seed=3, noise_dim=16)
        for _ in train(twin, Ring(), steps=20, seed=3):
            pass
        twin.eval()
        report = mode_report(twin.sample(2500, torch.Generator().manual_seed(0)), Ring())
        modes = lane["modes"]
        assert (modes["total"], modes["step"], lane["step"]) == (8, 20, 20)
        assert modes["covered"]["value"] == report.modes.value
        assert modes["quality"]["high"] == report.high_quality.high
        assert len(seen.arrays[f"{k}.lost"]) == report.counts.count(0)
        assert len(seen.arrays[f"{k}.fake"]) == 450
        assert seen.arrays[f"{k}.metric:modes"][-1].tolist() == [20, report.modes.value]


def test_lost_modes_are_those_without_a_fake(lab):
    """Marked at their centres, in the source's order."""
    seen = frame(lab)
    for k, lane in enumerate(seen.values["lanes"]):
        empty = np.array(lane["modes"]["counts"]) == 0
        assert empty.any()  # a generator that has not learned anything
        assert np.allclose(seen.arrays[f"{k}.lost"], Ring().means.numpy()[empty])


def test_the_references_are_what_the_curriculum_says():
    """In 2500 samples: 98.89 % +- 0.21 % (one standard deviation), 7.6 % +- 0.5 %.

    A point on the circle is within 3 sigma = .06 of a centre on 2 asin(.06 / (2 * 2)) = .03 rad
    to either side: 8 * 2 * .03 / (2 pi) = 7.64 %. A mode blurred five times holds
    1 - exp(-4.5 / 25) = 16.5 % within 3 of its old sigmas. Four standard deviations are allowed.
    """
    perfect, circle = references(Ring())
    assert perfect.counts["quality"]["value"] == pytest.approx(0.9889, abs=0.0084)
    assert circle.counts["quality"]["value"] == pytest.approx(0.0764, abs=0.0213)
    assert perfect.counts["covered"]["value"] == circle.counts["covered"]["value"] == 8
    ideal, blurred = references(Grid())
    assert ideal.counts["covered"]["value"] == blurred.counts["covered"]["value"] == 25
    assert blurred.counts["quality"]["value"] == pytest.approx(0.165, abs=0.03)


def test_all_runs_share_weights_and_batches(lab):
    """The generators begin alike: what differs later is the cure's doing."""
    vanilla, cured = (lane.experiment.model for lane in lab._comparison.lanes)
    for one, other in zip(
        vanilla.generator.parameters(), cured.generator.parameters(), strict=True
    ):
        assert torch.equal(one, other)


def test_at_the_same_time_a_slower_cure_makes_fewer_steps(costs):
    costs |= {"vanilla": 1000, CURE: 2500}
    lab = CollapseLab(cures=[CURE], clock="time", language="en")
    lab.run(9)
    seen = frame(lab)
    assert [lane["step"] for lane in seen.values["lanes"]] == [9, 3]  # 9 / 2.5 = 3.6
    lab.run(31)
    # its points in the charts stand at vanilla's time: its step 0, and no other multiple of 20
    assert frame(lab).arrays["1.metric:modes"][:, 0].tolist() == [0]
    lab.run(10)  # step 20 of the cure took the time of 50 of vanilla's
    assert frame(lab).arrays["1.metric:modes"][:, 0].tolist() == [0, 50]
    assert lab.milliseconds == {"vanilla": 1.0, CURE: 2.5}
    lab.close()


def test_at_the_same_time_a_faster_cure_makes_more(costs):
    costs |= {"vanilla": 1000, CURE: 800}
    lab = CollapseLab(cures=[CURE], clock="time", language="en")
    lab.run(8)
    assert [lane["step"] for lane in frame(lab).values["lanes"]] == [8, 10]
    lab.close()


def test_changing_the_clock_trains_nothing_again(costs):
    costs |= {"vanilla": 1000, CURE: 2000}
    lab = CollapseLab(cures=[CURE], language="en")
    lab.run(10)
    at_steps = frame(lab)
    lab.set("clock", "time")
    assert lab._comparison.index == 10
    assert [lane["step"] for lane in frame(lab).values["lanes"]] == [10, 5]
    lab.set("clock", "steps")
    assert content(frame(lab)) == content(at_steps)
    lab.set("clock", "time")
    lab.run(10)  # now vanilla is at 20, the cure at 10
    lab.set("clock", "steps")
    assert [lane["step"] for lane in frame(lab).values["lanes"]] == [10, 10]
    assert content(frame(lab)) == content(at_steps)
    with pytest.raises(SynthlabError, match="cannot go to 11"):
        lab.rewind(11)
    lab.close()


@pytest.mark.parametrize("clock", ["steps", "time"])
def test_same_seed_same_frames_live_headless_and_replayed(monkeypatch, costs, clock):
    costs |= {"vanilla": 1000, CURE: 1300}
    headless = CollapseLab(noise=16, cures=[CURE], clock=clock, language="en")
    recording = headless.record(60, every=20)
    told = {f.step: content(f) for f in map(unpack, recording.frames)}
    assert set(told) == {0, 20, 40, 60}

    live = CollapseLab(noise=16, cures=[CURE], clock=clock, language="en")
    sent = {}
    seen = threading.Condition()

    def send(message, buffers=None):
        with seen:
            if message["type"] == "frame":
                got = unpack(buffers[0])
                sent[got.step] = content(got)
                live._receive(live, {"type": "ack", "view": "v", "frame": got.index}, [])
            seen.notify_all()

    monkeypatch.setattr(live, "send", send)
    live._receive(live, {"type": "view", "view": "v", "state": "visible"}, [])
    for to in (20, 40, 60):
        live.run(20)
        with seen:
            assert seen.wait_for(lambda to=to: to in sent, 30)
    for step in (20, 40, 60):
        assert sent[step] == told[step]
    live.rewind(40)
    assert content(frame(live)) == told[40]
    headless.close()
    live.close()


@pytest.mark.parametrize("cure", list(CURES))
def test_every_cure_goes_back_and_the_same_way_again(cure):
    """Whatever a cure remembers is part of its state: weights, buffers, where it is annealed to."""
    lab = CollapseLab(noise=16, cures=[] if cure == "vanilla" else [cure], language="en")
    lab.run(30)
    last = content(frame(lab))
    lab.rewind(26)  # from the state that was kept at 25
    lab.rewind(30)
    assert content(frame(lab)) == last
    lab.rewind(10)
    lab.run(20)
    assert content(frame(lab)) == last
    lab.close()


def test_measuring_what_a_step_costs_leaves_the_runs_alone():
    runs = [CureExperiment(CollapseSettings(cure=cure)) for cure in ("vanilla", CURE)]
    before = [run.state_dict()["generator"] for run in runs]
    ticks = itertools.count()
    # the timer is asked before and after every step, and a second passes between
    found = microseconds(runs, lambda: float(next(ticks)))
    assert found == [1_000_000, 1_000_000]
    assert next(ticks) == 2 * 2 * (TIMED + WARM_UPS)
    assert [run.index for run in runs] == [0, 0]
    for run, state in zip(runs, before, strict=True):
        assert torch.equal(run.state_dict()["generator"], state)


def test_a_run_that_breaks_down_stands_still_and_the_others_go_on(lab):
    run = lab._comparison.lanes[1].experiment
    cured, usual = run.model, run.model.generator_loss
    # nan in the fifth step, whenever that is made: four were made before it
    cured.generator_loss = lambda logits: usual(logits) * (float("nan") if run.index == 4 else 1)
    lab.run(10)
    vanilla, broken = frame(lab).values["lanes"]
    assert (vanilla["step"], vanilla["broken"]) == (10, None)
    assert (broken["step"], broken["broken"], broken["modes"]) == (5, 5, None)
    assert "PacGAN broke down at step 5." in lab._describe(frame(lab))
    assert Image.open(io.BytesIO(lab._draw(frame(lab)))).width == 520  # 2.6 inches a run
    lab.rewind(2)  # before it broke down
    assert frame(lab).values["lanes"][1]["broken"] is None
    lab.rewind(8)
    assert frame(lab).values["lanes"][1]["broken"] == 5
    cured.generator_loss = usual
    lab.rewind(2)
    lab.run(6)  # mended, it goes on
    assert [lane["step"] for lane in frame(lab).values["lanes"]] == [8, 8]


def test_when_every_run_has_broken_down_it_says_what_to_do(lab):
    for lane in lab._comparison.lanes:
        lane.experiment.model.generator_loss = lambda logits: logits.mean() * float("nan")
    lab.run(1)
    with pytest.raises(SynthlabError, match="Every run has broken down"):
        lab.run(1)
    lab.reset()
    assert lab.run(1).index == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("cures", ["vanilla"], "Vanilla stands at the beginning"),
        ("cures", [CURE, CURE], "at most once"),
        ("cures", ["pacgam"], "Did you mean 'pacgan'"),
        ("cures", CURE, "list of ids"),
        ("cure", CURE, "no setting called cure. Did you mean one of these: cures"),
        ("noise", 3, "noise cannot be 3. It can be: 2, 16."),
        ("source", "moons", "source cannot be moons"),
        ("clock", "years", "no clock called 'years'"),
        ("seed", -1, "whole number from 0"),
        ("colour", 1, "no setting called colour"),
    ],
)
def test_what_cannot_be_set_is_refused_and_changes_nothing(lab, name, value, sentence):
    lab.run(1)
    before = content(frame(lab))
    with pytest.raises(SynthlabError, match=sentence):
        lab.set(name, value)
    assert content(frame(lab)) == before


def test_no_more_than_four_stand_side_by_side(lab, monkeypatch):
    more = {f"more-{k}": CURES[CURE] for k in range(3)}
    monkeypatch.setattr(subject, "CURES", {**CURES, **more})
    with pytest.raises(SynthlabError, match="At most 3 cures stand beside vanilla; these are 4"):
        lab.set("cures", [CURE, *more])
    assert lab._comparison.cures == ["vanilla", CURE]


def test_a_setting_starts_all_runs_again(lab):
    lab.run(3)
    lab.set("source", "grid")
    seen = frame(lab)
    assert seen.step == 0
    assert seen.values["lanes"][1]["modes"]["total"] == 25
    assert [one["name"] for one in seen.values["references"]] == ["perfect", "blurred"]
    lab.run(2)
    lab.set("noise", 2)
    assert {lane.experiment.model.noise_dim for lane in lab._comparison.lanes} == {2}
    assert (lab._comparison.index, lab._comparison.end) == (0, 0)


def test_the_picture_is_small_and_the_words_are_arabic():
    lab = CollapseLab(noise=16, cures=[CURE], language="ar")
    lab.run(2)
    png = lab._draw(frame(lab))
    assert len(png) <= 60_000
    assert Image.open(io.BytesIO(png)).width >= 500
    assert lab._describe(frame(lab)).startswith("الخطوة 2")
    assert lab.direction == "rtl"
    entries = catalogue("widgets", "ar")
    # Names of the field that Arabic writes the same way, and punctuation.
    untranslated = {
        key
        for key, text in WORDS.items()
        if entries.gettext(text) == text and key not in ("quality_value", *NAMES)
    }
    assert untranslated == set()
    lab.close()


def test_it_records(tmp_path):
    lab = CollapseLab(cures=[CURE], language="en")
    recording = lab.record(4, every=2)
    lab.save_page(tmp_path / "run.html", recording)
    assert recording.steps == (0, 2, 4)
    assert recording.status[0]["costs"] == {"vanilla": 1000, CURE: 1000}
    lab.close()


def test_there_is_no_twin_and_no_text():
    subject = Comparison(CollapseSettings())
    for what, sentence in (("branch", "has no twin"), ("load", "cannot be loaded from a text")):
        with pytest.raises(SynthlabError, match=sentence):
            ask(subject, what, "begin")


def test_what_the_guide_shows_can_be_done(lab):
    pages = guide.pages("mode-collapse")
    acts = [act for page in pages for act in page.act]
    for act in acts:
        if act["command"] == "set":
            lab.set(act["name"], act["value"])
    assert {act["command"] for act in acts} == {"set", "run", "pause"}
    assert lab._comparison.clock == "time"
    assert lab._comparison.cures == ["vanilla", "pacgan", "minibatch_std"]
    lab.run(2)
