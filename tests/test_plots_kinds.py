"""Figures of images, tokens and tables: every value stands in its place, in both directions."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from synthlab import plots, words
from synthlab.data import Column, Digits, Table
from synthlab.errors import SynthlabError
from synthlab.sentence import LRI, PDI

PEOPLE = Table(
    (
        Column("income", missing=True),
        Column("age", "integer"),
        Column("city", "categorical", ("Cairo", "Fes")),
    )
)
ROWS = [[1234.5, 31.0, 1.0], [math.nan, 4.0, 0.0], [-0.5, 9.0, 1.0]]


@pytest.fixture(params=["en", "ar"])
def language(request):
    """Every figure is drawn for good in both languages: a missing glyph is an error."""
    words.set_language(request.param)
    yield request.param
    words.set_language(None)


@pytest.fixture
def ax(language):
    figure = Figure(figsize=(4, 4))
    yield figure.add_subplot()
    figure.savefig(io.BytesIO(), format="png")


def sheet(ax) -> np.ndarray:
    (image,) = ax.images
    assert image.get_interpolation() == "nearest"
    return np.asarray(image.get_array())


def test_images_keep_their_pixels_and_their_order(ax):
    x = torch.tensor([[[[0, 16], [8, 4]]], [[[16, 16], [0, 0]]], [[[1, 2], [3, 4]]]])
    plots.images(ax, x, levels=17, columns=2)
    # Pixels of 2 x 2 and gaps of 1: image 0 at (0, 0), image 1 at (0, 3), image 2 at (3, 0).
    found = sheet(ax)
    assert found.shape == (5, 5, 4)
    for image, (top, left) in zip(x, ((0, 0), (0, 3), (3, 0)), strict=True):
        part = found[top : top + 2, left : left + 2]
        np.testing.assert_allclose(part[..., 0], image[0].numpy() / 16)
        assert (part[..., 3] == 1).all()
    assert found[..., 3].sum() == 12  # three images of four pixels; the rest is empty


def test_colours_are_red_green_and_blue_and_clipped(ax):
    x = np.full((1, 3, 2, 2), -0.25, np.float32)
    x[0, 0], x[0, 1] = 1.5, 0.5
    plots.images(ax, x, title="Orange")
    np.testing.assert_allclose(sheet(ax)[0, 0], [1, 0.5, 0, 1])


def test_captions_stand_below_their_image_and_in_the_words(ax, language):
    x, label = Digits().sample(6, torch.Generator().manual_seed(0))
    plots.images(ax, x, levels=17, captions=label, columns=3)
    found = [(text.get_text(), *text.get_position()) for text in ax.texts]
    # Columns are 8 + 1 pixels wide, rows 8 + 3 high: a caption is at 3.5 + 9 c, 9 + 11 r.
    at = [(3.5 + 9 * c, 9.0 + 11 * r) for r in range(2) for c in range(3)]
    assert found == [(str(int(name)), *place) for name, place in zip(label, at, strict=True)]
    listed = ", ".join(str(int(name)) for name in label)
    assert listed in plots.alt_text(ax)
    if language == "en":
        assert plots.alt_text(ax).startswith(
            "Images. 6 images of 8 by 8 pixels; rows: 2, columns: 3."
        )


@pytest.mark.parametrize("alphabet", ["abc", "ابت", None])
def test_tokens_have_one_colour_and_symbol_each(ax, alphabet):
    x = np.array([[0, 1, 2], [2, 2, 0]])
    plots.tokens(ax, x, symbols=alphabet)
    assert np.array_equal(sheet(ax), x)
    names = alphabet or "012"
    assert [text.get_text() for text in ax.texts] == [names[token] for token in x.flat]
    assert ax.xaxis_inverted() == (alphabet == "ابت")  # its first letter stands on the right
    assert f"{names[0]}{names[1]}{names[2]}" in plots.alt_text(ax)
    assert all(label.get_text() for label in (ax.xaxis.label, ax.yaxis.label))


def test_a_large_vocabulary_goes_from_dark_to_light(ax):
    plots.tokens(ax, torch.arange(40).reshape(2, 20))
    image = ax.images[0]
    light = image.to_rgba(np.arange(40))[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > 0).all()
    dark, bright = ax.texts[0].get_color(), ax.texts[-1].get_color()
    assert (dark, bright) == ("white", "black")


def test_attention_is_a_row_for_each_token_that_looks(ax, language):
    weights = torch.tensor([[1.0, 0.0, 0.0], [0.2, 0.8, 0.0], [0.7, 0.1, 0.2]])
    plots.attention(ax, weights, symbols="abc")
    np.testing.assert_allclose(sheet(ax), weights.numpy())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]
    assert not ax.xaxis_inverted()
    if language == "en":
        assert plots.alt_text(ax) == (
            "Where each token looks. Attention of 3 tokens to 3; "
            "the largest weight off the diagonal is 0.7: c to a."
        )


def test_a_table_aligns_by_type_and_by_direction(ax, language):
    plots.table(ax, ROWS, PEOPLE, rows=2)
    cells = {text.get_text(): text for text in ax.texts}
    assert list(cells) == ["income", "1234", "—", "age", "31", "4", "city", "Fes", "Cairo"]
    rtl = language == "ar"
    assert {cells[n].get_ha() for n in ("income", "1234", "31")} == {"right"}
    assert cells["Fes"].get_ha() == ("right" if rtl else "left")
    ax.figure.draw_without_rendering()
    across = [ax.transData.transform(cells[n].get_position())[0] for n in ("income", "age", "city")]
    assert across == sorted(across, reverse=rtl)
    assert "Fes, Cairo" in plots.alt_text(ax)
    if rtl:  # a column with a sign is one piece that reads from the left
        plots.table(ax, [[-2.5, 31.0, 0.0], [3.0, 4.0, 1.0]], PEOPLE, title="…")
        assert f"{LRI}income: −2.500, 3.000.{PDI}" in plots.alt_text(ax)


def test_a_column_shows_four_digits_of_its_largest_number_and_a_minus(ax):
    plots.table(ax, [[0.01234, 5.0, 0.0], [-0.5, 5.0, 0.0]], PEOPLE)
    assert [text.get_text() for text in ax.texts][1:3] == ["0.0123", "−0.5000"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plots.images(ax, torch.zeros(3, 8, 8)),
        lambda ax: plots.images(ax, torch.zeros(3, 2, 8, 8)),
        lambda ax: plots.images(ax, [[1.0]]),
        lambda ax: plots.images(ax, torch.zeros(0, 1, 8, 8)),
        lambda ax: plots.images(ax, torch.full((1, 1, 2, 2), torch.nan)),
        lambda ax: plots.images(ax, torch.full((1, 1, 2, 2), 17), levels=17),
        lambda ax: plots.images(ax, torch.zeros(2, 1, 2, 2), captions=["one"]),
        lambda ax: plots.tokens(ax, [0, 1]),
        lambda ax: plots.tokens(ax, [[0.5]]),
        lambda ax: plots.tokens(ax, [[0, 3]], symbols="abc"),
        lambda ax: plots.attention(ax, [[0.5, 0.4]]),
        lambda ax: plots.attention(ax, [[-1.0, 2.0]]),
        lambda ax: plots.attention(ax, [[0.5, 0.5]], symbols="ab"),
        lambda ax: plots.table(ax, [[1.0, 2.0]], PEOPLE),
        lambda ax: plots.table(ax, [[1.0, 2.5, 0.0]], PEOPLE),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(draw):
    with pytest.raises(SynthlabError):
        draw(Figure().add_subplot())
