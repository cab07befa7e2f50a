"""The benchmarks' machinery: found by name, shown, recorded; and a fair opponent."""

from __future__ import annotations

import json
import math

import pytest
import torch
from rich.console import Console

import benchmarks
from benchmarks import __main__ as command
from benchmarks import _report, _timing, gan, imports, pipeline
from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.models.gan import GAN
from synthlab.training import torch_threads, train


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A benchmark that was added: one module."""
    (tmp_path / "tiny.py").write_text(
        '"""Counts."""\n'
        "from benchmarks._report import row\n"
        "from synthlab.errors import SynthlabError\n"
        "def add_options(parser):\n"
        "    parser.add_argument('--upto', type=int, default=3)\n"
        "def measure(options):\n"
        "    if options.upto < 0:\n"
        "        raise SynthlabError('It cannot count to that.')\n"
        "    yield row('counted', range(options.upto + 1), 'ms', at_most=1)\n"
    )
    monkeypatch.setattr(benchmarks, "__path__", [*benchmarks.__path__, str(tmp_path)])


def test_every_benchmark_is_found_and_described():
    assert {"gan", "imports", "pipeline", "setup"} <= set(command.names())
    assert all(not name.startswith("_") for name in command.names())
    for name in command.names():
        module = command.find(name)
        assert module.__doc__
        assert callable(module.measure)
        command.parser(module).parse_args([])  # it runs without options


def test_a_new_module_is_a_benchmark(tiny, tmp_path, capsys):
    file = tmp_path / "results.json"
    assert command.main(["tiny", "--upto", "4", "--json", str(file)]) == 0
    out = capsys.readouterr().out
    assert "counted" in out
    assert "2 ms" in out  # the median of 0 ... 4
    record = json.loads(file.read_text())
    assert record["machine"]["torch"] == torch.__version__
    assert record["benchmarks"]["tiny"] == [
        {
            "name": "counted",
            "value": 2.0,
            "low": 1.0,
            "high": 3.0,
            "n": 5,
            "unit": "ms",
            "target": "<= 1",
            "met": False,
            "note": "",
        }
    ]
    assert list(tmp_path.glob("*.part")) == []


def test_what_cannot_be_measured_says_so(tiny, capsys):
    assert command.main(["tiny", "--upto", "-1"]) == 1
    assert capsys.readouterr().err == "tiny: It cannot count to that.\n"


def test_unknown_name_names_the_nearest(capsys):
    assert command.main(["gna"]) == 1
    assert capsys.readouterr().err == "There is no benchmark called 'gna'. Did you mean 'gan'?\n"


def test_no_name_lists_the_names(capsys):
    assert command.main([]) == 2
    assert command.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(out.count(f"  {name} ") == 2 for name in command.names())


def test_results_that_cannot_be_written(tmp_path):
    with pytest.raises(SynthlabError, match="cannot be written"):
        _report.write(tmp_path / "nowhere" / "results.json", {})


def test_row_holds_the_median_against_the_goal():
    row = _report.row("x", [5.0, 1.0, 2.0, 4.0, 3.0], at_most=3)
    assert (row.low, row.value, row.high, row.n, row.met) == (2, 3, 4, 5, True)
    assert _report.row("x", [3.0, 3.1, 9.0], at_most=3).met is False
    assert _report.row("x", [7.0, 8.0, 8.0], at_least=7.5).met is True
    assert _report.row("x", [1.0]).met is None
    with pytest.raises(SynthlabError, match="no times"):
        _report.row("x", [])


def test_share_has_an_interval():
    share = _report.share("x", 299, 300, at_least=1, note="seed 3")
    assert share.value == pytest.approx(299 / 300)
    assert 0.97 < share.low < share.value < share.high <= 1
    assert share.met is False
    assert _report.share("x", 300, 300, at_least=1).met is True


def test_a_claim_in_brackets_is_shown_as_it_stands(capsys):
    claim = _report.share("gan, code: bins in [best_bins]", 1, 1, at_least=1, note="[bold] it is")
    _report.show("lessons", [claim], Console(width=200))
    assert "bins in [best_bins]" in (shown := capsys.readouterr().out)
    assert ": [bold] it is" in shown


def test_timings_are_interleaved_and_warm_ups_thrown_away():
    calls = []
    functions = {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}
    seconds = _timing.interleaved(functions, repeats=4, warm_ups=2)
    assert calls == ["a", "b"] * 6
    assert all(len(values) == 4 and min(values) >= 0 for values in seconds.values())


def test_the_plain_loop_does_the_same_work():
    """Bit-identical weights after the same steps: the comparison is of the loops alone."""
    hand, run = GAN.mlp(hidden=8), train(GAN.mlp(hidden=8), Ring(), batch_size=gan.BATCH)
    step = gan.plain_loop(Ring(), hand.generator, hand.discriminator, fused=True)
    for _ in range(3):
        with torch_threads(1):  # sums in another order are other numbers
            step()
        run.advance()
    pairs = zip(hand.parameters(), run.model.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_times_of_the_ring(monkeypatch):
    """Made-up seconds and reports: found at 2, lost at 3, back at 4, so it stays from 3 on."""
    modes = iter([0, 8, 7, *[8] * 10])
    monkeypatch.setattr(gan, "seconds_of", lambda run, steps: 1.0)
    monkeypatch.setattr(gan, "judge", lambda run: (next(modes), 0.5))
    rows = {row.name: row.value for row in gan.ring(seeds=1)}
    assert rows["ring, until >= 7.5 of 8 modes"] == 2
    assert rows["ring, until >= 7.5 of 8 modes to stay"] == 3
    assert rows["ring, modes after 10 s"] == 8
    assert math.isclose(rows["ring, high quality after 5 s"], 0.5)


def test_imports_see_torch():
    seconds, torch_loaded = imports.timed_import("synthlab")
    assert seconds > 0
    assert not torch_loaded
    assert imports.timed_import("torch")[1]


def test_pipeline_judges_right_and_wrong(monkeypatch):
    question = "gan.discriminator_loss"  # of another kind, and quick
    assert "gan.ring" in pipeline.pipelines()
    reason, seconds = pipeline.judge(question, "answer", seed=1)
    assert reason == ""
    assert seconds > 0
    wrong = {"discriminator_loss": len}, ""
    monkeypatch.setattr(pipeline, "ran", lambda *_: wrong)
    assert "the answer must be correct and is" in pipeline.judge(question, "answer", seed=1)[0]
