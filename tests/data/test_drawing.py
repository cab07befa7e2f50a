"""Drawings: dots that are a density, and a text that gives them back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from synthlab.data import Drawing
from synthlab.data.toy2d.drawing import MOST
from synthlab.errors import SynthlabError

COORDINATE = st.floats(-2.5, 2.5, allow_nan=False)


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=20))
def test_the_text_gives_the_very_dots_back(dots):
    drawing = Drawing(dots)
    # The lattice has 4096 places on a length of 5: half a spacing is the most a dot moves.
    np.testing.assert_allclose(drawing.dots.numpy(), dots, atol=2.5 / 4095 + 1e-12)
    assert torch.equal(Drawing.parse(drawing.text).dots, drawing.dots)


def test_its_density_integrates_to_one_and_fits_its_samples():
    drawing = Drawing([[-1.0, 0.5], [1.0, 0.0], [1.1, 0.05]], std=0.2)
    side = torch.linspace(-4, 4, 401, dtype=torch.float64)
    grid = torch.cartesian_prod(side, side)
    # Trapezoid with a spacing of std / 10 on a smooth function: exact to 1e-9.
    assert float(drawing.log_prob(grid).exp().sum()) * 0.02**2 == pytest.approx(1, abs=1e-6)
    x = drawing.sample(20_000, torch.Generator().manual_seed(0)).x
    # The standard error of a mean of -log p is its std (about 1) / sqrt(20000) = .007.
    assert -float(drawing.log_prob(x).mean()) == pytest.approx(drawing.entropy, abs=0.04)


@pytest.mark.parametrize(
    "dots", [[], [[0.0, 0.0]] * (MOST + 1), [[0.0, 9.0]], [[float("nan"), 0.0]], [1.0, 2.0], "dots"]
)
def test_bad_dots_are_refused(dots):
    with pytest.raises(SynthlabError, match="dots"):
        Drawing(dots)


@pytest.mark.parametrize("text", ["", "abc", "!!!!", "abcde"])
def test_bad_texts_are_refused(text):
    with pytest.raises(SynthlabError, match="not the text of a drawing"):
        Drawing.parse(text)
