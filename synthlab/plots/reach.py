"""Which parameters a loss reaches: the picture of what autograd will do."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from torch import Tensor, nn

from synthlab.errors import SynthlabError
from synthlab.plots.common import descriptions, finish, say
from synthlab.words import N_

#: Okabe and Ito's blue for what is reached, grey for what is not; a tick and a cross say the same.
_REACHED, _NOT = "#0072B2", "#999999"


def gradient_reach(
    ax: Axes, loss: Tensor, modules: Mapping[str, nn.Module], *, title: str | None = None
) -> Axes:
    """Draw every parameter of some modules, and whether a loss propagates back to it.

    One row a module, one box a parameter, with the norm of the gradient that it would receive.
    Nothing is stored in ``p.grad``, and the graph of the loss stays, so that you can still call
    ``backward``.

    Args:
        ax: Where to draw.
        loss: A tensor with one element, and with its graph.
        modules: The modules by the names that the rows get.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When the loss has more than one element or no graph at all, or when there
            are no parameters.

    >>> from matplotlib.figure import Figure
    >>> from synthlab.plots import alt_text
    >>> f, g = nn.Linear(2, 2), nn.Linear(2, 1)
    >>> loss = g(f(torch.ones(1, 2)).detach()).sum()
    >>> ax = gradient_reach(Figure().add_subplot(), loss, {"f": f, "g": g}, title="f is cut off")
    >>> print(alt_text(ax))
    f is cut off. The loss reaches 0 of 2 parameters of f. The loss reaches 2 of 2 parameters of g.
    """
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        raise SynthlabError("The loss must be a tensor with one element.")
    if not loss.requires_grad:
        raise SynthlabError(
            "This loss has no graph: everything on its way was detached, or made under no_grad."
        )
    rows = {name: dict(module.named_parameters()) for name, module in modules.items()}
    every = [p for row in rows.values() for p in row.values()]
    if not every:
        raise SynthlabError("The modules have no parameters to draw.")
    wanted = [p for p in every if p.requires_grad]
    found = torch.autograd.grad(loss.reshape(()), wanted, retain_graph=True, allow_unused=True)
    slopes = {id(p): g for p, g in zip(wanted, found, strict=True)}
    for at, (name, row) in enumerate(rows.items()):
        reached = 0
        for column, (label, parameter) in enumerate(row.items()):
            gradient = slopes.get(id(parameter))
            reached += gradient is not None
            _box(ax, column, -at, label, gradient)
        ax.text(-0.15, -at, name, ha="right", va="center", fontsize=11)
        descriptions[ax.texts[-1]] = say(
            N_("The loss reaches {reached} of {all} parameters of {name}."),
            reached=reached,
            all=len(row),
            name=name,
        )
    widest = max(len(row) for row in rows.values())
    ax.set(xlim=(-0.9, widest), ylim=(-len(rows) + 0.45, 0.55))
    ax.axis("off")
    return finish(ax, title, N_("Which parameters the loss reaches"))


def _box(ax: Axes, column: int, row: float, label: str, gradient: Tensor | None) -> None:
    """One parameter: filled and ticked when it is reached, empty and crossed when it is not."""
    there = gradient is not None
    color = _REACHED if there else _NOT
    ax.add_patch(
        FancyBboxPatch(
            (column + 0.02, row - 0.34),
            0.92,
            0.68,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=color if there else "none",
            edgecolor=color,
            linestyle="-" if there else "--",
            alpha=0.9,
        )
    )
    size = f"✓ {float(gradient.norm()):.3g}" if gradient is not None else "✗"
    ax.text(
        column + 0.48,
        row,
        f"{label}\n{size}",
        ha="center",
        va="center",
        color="white" if there else "#444444",
        fontsize=9,
    )
