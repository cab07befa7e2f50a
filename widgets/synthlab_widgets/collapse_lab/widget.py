"""CollapseLab: the widget's class, and what the browser is told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synthlab.experiments.collapse import CollapseSettings
from synthlab.experiments.settings import Field
from synthlab.models.cures import CURES
from synthlab_widgets.collapse_lab.subject import CLOCKS, MOST, Comparison
from synthlab_widgets.live_widget import LiveWidget


class CollapseLab(LiveWidget):
    """Cause mode collapse, measure it, and cure it: vanilla and up to three cures side by side.

    All runs have the same source, the same noise and the same seed. Below each stand the three
    meters, with 95 % intervals, and beside them what the meters say of a perfect sampler and of
    samples that deceive one meter alone.

    Args:
        source: ``"ring"`` with 8 modes, or ``"grid"`` with 25.
        noise: Width of the noise, 2 or 16: on the ring, vanilla collapses at 16 for its first
            thousand steps or so, and not at 2.
        cures: Ids of cures beside vanilla, see `synthlab.models.cures.CURES`.
        seed: Seed of the first weights, the batches and the noise.
        clock: ``"steps"``: all make the same number of steps; ``"time"``: all have the same
            time, so that a slower cure makes fewer steps.
        guide: The unit whose guided pages stand beside the picture.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: For a value that one of them cannot have.
    """

    def __init__(
        self,
        source: str = "ring",
        noise: int = 2,
        cures: Sequence[str] = (),
        seed: int = 0,
        clock: str = "steps",
        *,
        guide: str | None = None,
        language: str | None = None,
    ) -> None:
        settings = CollapseSettings(source, str(noise), seed)
        self._comparison = Comparison(settings, cures, clock)
        super().__init__(
            self._comparison,
            info={
                "fields": _fields(),
                "most": MOST,
                "cures": [{"id": cure.id, "paper": cure.paper} for cure in CURES.values()],
            },
            language=language,
            guide=guide,
        )

    @property
    def milliseconds(self) -> Mapping[str, float]:
        """By cure, what a step costs: milliseconds of processor time, measured on this machine."""
        return {lane.cure: lane.cost / 1000 for lane in self._comparison.lanes}


def _fields() -> list[dict[str, Any]]:
    """What all runs share, for the browser: the settings and the clock."""
    clock = Field("all", "choice", CLOCKS, name="clock").info()
    shared = [field for field in CollapseSettings.info() if field["name"] != "cure"]
    return [{**field, "group": "all"} for field in (*shared, clock)]
