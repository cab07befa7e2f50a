"""Recorded runs: whole or refused, and playable without anything beside them."""

from __future__ import annotations

import pytest
from synthlab_widgets import GanArena, GaussianFit, Recording, Replay
from synthlab_widgets.frames import unpack

from synthlab.errors import SynthlabError


@pytest.fixture(scope="module")
def recording() -> Recording:
    fit = GaussianFit(language="en")
    made = fit.record(50, every=20)
    fit.close()
    return made


def test_a_recording_has_the_frames_that_were_asked_for_and_the_last(recording):
    assert recording.steps == (0, 20, 40, 50)
    assert [unpack(frame).step for frame in recording.frames] == [0, 20, 40, 50]


def test_a_recording_survives_a_file(recording, tmp_path):
    path = tmp_path / "run.slr"
    recording.save(path)
    again = Recording.open(path)
    assert again.frames == recording.frames
    assert again.steps == recording.steps
    assert list(tmp_path.iterdir()) == [path]  # no half-written file beside it


@pytest.mark.parametrize("cut", [0, 3, 7, 50, -1])
def test_half_a_recording_is_refused(recording, cut):
    with pytest.raises(SynthlabError, match="not a recorded run, or not a whole one"):
        Recording.unpack(recording.pack()[:cut])


def test_files_that_are_not_there_or_cannot_be_written(recording, tmp_path):
    with pytest.raises(SynthlabError, match="cannot be read"):
        Recording.open(tmp_path / "nothing.slr")
    with pytest.raises(SynthlabError, match="cannot be written"):
        recording.save(tmp_path / "nowhere" / "run.slr")


def test_a_replay_needs_no_model(recording):
    replay = Replay(recording, language="ar")
    assert replay.direction == "rtl"
    assert replay.recording == recording.pack()
    assert replay.words["run"] == "تشغيل"
    replay.close()


def test_a_page_holds_everything_and_asks_nobody(tmp_path):
    arena = GanArena(language="en")
    path = tmp_path / "run.html"
    arena.save_page(path, arena.record(2, every=1))
    arena.close()
    page = path.read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("</script>") == 1  # nothing inside ends the script before its end
