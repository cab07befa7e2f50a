"""DigitsHistogram: the widget's class."""

from __future__ import annotations

from synthlab_widgets.digits_histogram.subject import subject
from synthlab_widgets.live_widget import LiveWidget


class DigitsHistogram(LiveWidget):
    """Watch what independent pixels can learn of digits: each its levels, none its neighbours.

    Args:
        seed: Seed of the batches.
        language: ``"en"`` or ``"ar"``; None for the reader's language.
    """

    def __init__(self, seed: int = 0, language: str | None = None) -> None:
        super().__init__(subject(seed), language=language)
