"""Figures: each function draws on a matplotlib ``Axes`` and returns it.

The palette is Okabe and Ito's, which people with any colour vision can tell apart, and shape
says the same as colour: real samples are circles, fake ones triangles. Pass ``title=`` to
state what the figure shows; without it the title says what was drawn. In a lesson `caption`
writes title and legend in the reader's language. `alt_text` puts a drawn figure into words.

>>> from matplotlib.figure import Figure
>>> from synthlab.data import Ring
>>> ax = Figure().add_subplot()
>>> print(alt_text(samples(ax, real=Ring().sample(500).x, title="Eight modes")))
Eight modes. 500 real samples, drawn as circles.
"""

from synthlab.plots.captions import caption
from synthlab.plots.common import alt_text
from synthlab.plots.curves import LINES, line_styles, losses
from synthlab.plots.images import images
from synthlab.plots.plane import (
    EDGE,
    FAKE,
    FIELD,
    REAL,
    UNDECIDED,
    density,
    discriminator_field,
    samples,
)
from synthlab.plots.reach import gradient_reach
from synthlab.plots.table import table
from synthlab.plots.tokens import attention, tokens

__all__ = [
    "EDGE",
    "FAKE",
    "FIELD",
    "LINES",
    "REAL",
    "UNDECIDED",
    "alt_text",
    "attention",
    "caption",
    "density",
    "discriminator_field",
    "gradient_reach",
    "images",
    "line_styles",
    "losses",
    "samples",
    "table",
    "tokens",
]
