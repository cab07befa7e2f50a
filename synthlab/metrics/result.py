"""Results of a lesson's cell: values under the names that its prose uses."""

from __future__ import annotations

from types import SimpleNamespace


class Result(SimpleNamespace):
    """Named values, shown with four digits.

    A bare tuple leaves the reader to count: what was second? A name needs no sentence, and is the
    same in every language.

    >>> Result(modes=6, kl=0.361234, shape=(8, 5, 2))
    modes=6, kl=0.3612, shape=(8, 5, 2)
    """

    def __repr__(self) -> str:
        return ", ".join(f"{name}={_short(value)}" for name, value in vars(self).items())


def _short(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    if isinstance(value, float):
        return f"{value:.1f}" if 1e3 <= abs(value) < 1e15 else f"{value:.4g}"
    return str(value)
