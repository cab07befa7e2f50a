"""Looking at a model: dear samples are rare while it trains, exact when it rests."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from synthlab_widgets import look

from synthlab.errors import SynthlabError

COST = 2.0


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def samples(clock):
    """Samples that take two seconds, and tell how often they were drawn."""

    def draw(model):
        clock[0] += COST
        draw.times += 1
        return {"fake": np.full(1, draw.times, np.float32)}

    draw.times = 0
    made = look.DearSamples(draw, lambda: clock[0])
    made.draw = draw
    return made


def test_while_it_trains_samples_take_at_most_a_tenth_of_the_time(samples, clock):
    model, shown = object(), []
    for step in range(1000):
        clock[0] += 0.1  # a step; a picture is asked for after each
        values, _ = samples(model, step, still=False)
        shown.append(values["samples_step"])
    assert 0.09 < COST * samples.draw.times / clock[0] < 0.11
    assert all(shown[step] <= step for step in range(1000))
    # 20 seconds of training pay for two of sampling: the picture is never older than 200 steps
    assert max(step - at for step, at in enumerate(shown)) <= 200


def test_what_rests_is_shown_as_it_is_and_drawn_once(samples):
    model = object()
    samples(model, 5, still=False)
    assert samples(model, 9, still=False)[0] == {"samples_step": 5}
    values, arrays = samples(model, 9, still=True)
    assert (values, arrays["fake"].tolist()) == ({"samples_step": 9}, [2])
    assert samples(model, 9, still=True)[1] is arrays


@pytest.mark.parametrize("step", [3, 0])
def test_going_back_or_beginning_again_draws_anew(samples, step):
    model = object()
    samples(model, 5, still=True)
    assert samples(model, step, still=False)[0] == {"samples_step": step}
    assert samples(object(), step, still=False)[1]["fake"].tolist() == [3]


def test_every_kind_of_sample_becomes_arrays_of_a_frame():
    levels = torch.full((2, 1, 3, 3), 16)
    assert look.images(levels, "sample").dtype == np.uint8
    assert look.images(levels, "sample").max() == 16
    assert look.images(torch.full((1, 3, 2, 2), 0.5), "sample").max() == 128  # 127.5 to even
    assert look.tokens(torch.tensor([[1, 70_000]]), "sample").tolist() == [[1, 70_000]]
    with pytest.raises(SynthlabError, match="must return images"):
        look.images(torch.zeros(2, 2), "sample")
    with pytest.raises(SynthlabError, match="must hold whole numbers"):
        look.tokens(torch.zeros(2, 2), "sample")
