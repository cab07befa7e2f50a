"""Nothing that observed code prints gets out, and everything is put back."""

# ruff: noqa: T201 - printing is what is tested
from __future__ import annotations

import io
import logging
import os
import sys
import warnings

import pytest

from synthlab.checks.capture import captured


def ways(saved):
    """Every way in which honest code writes to stderr."""
    handler = logging.StreamHandler(saved)
    logger = logging.getLogger("tests.capture")
    logger.addHandler(handler)
    try:
        print("to stdout")
        print("to stderr", file=sys.stderr)
        print("to a saved stream", file=saved)
        sys.stderr.writelines(["to ", "lines\n"])
        print("to the original stream", file=sys.__stderr__)
        logger.warning("to a logger")
        warnings.warn("to warnings", stacklevel=1)
        os.write(2, b"to the descriptor\n")
        os.write(1, b"to descriptor one\n")
    finally:
        logger.removeHandler(handler)


def test_every_way_out_ends_in_the_buffer(capfd):
    saved = sys.stderr
    with captured() as printed:
        ways(saved)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    text = printed.text()
    for words in (
        *("stdout", "stderr", "a saved stream", "lines", "the original stream"),
        *("a logger", "warnings", "the descriptor", "descriptor one"),
    ):
        assert f"to {words}" in text


def interrupted():
    warnings.simplefilter("error")
    sys.stderr = io.StringIO()
    raise KeyboardInterrupt


def test_everything_is_put_back(capfd):
    before = sys.stdout, sys.stderr, list(warnings.filters), dict(vars(sys.stderr))
    with pytest.raises(KeyboardInterrupt), captured():
        interrupted()
    after = sys.stdout, sys.stderr, list(warnings.filters), dict(vars(sys.stderr))
    assert after == before
    print("out")
    print("err", file=sys.stderr)
    os.write(2, b"low\n")
    out, err = capfd.readouterr()
    assert out == "out\n"
    assert sorted(err.split()) == ["err", "low"]


def test_a_flood_is_kept_short():
    with captured(limit=100) as printed:
        for _ in range(1_000):
            print("x" * 1_000)
        os.write(2, b"y" * 10_000)
    assert len(printed.text()) == 101
    assert printed.text().endswith("…")


def test_a_warning_is_no_error_here():
    """pytest turns warnings into errors; a learner's settings may, too."""
    with captured() as printed:
        warnings.warn("careful", stacklevel=1)
    assert "careful" in printed.text()


def test_no_stream_at_all(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with captured() as printed:
        print("still here", file=sys.stderr)
    assert printed.text() == "still here\n"
    assert sys.stderr is None
