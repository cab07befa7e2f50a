"""Arguments of a learner's function: whatever a call changes of them is seen and said."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from synthlab.checks.arguments import Watched
from synthlab.checks.changes import KINDS, read

CHANGES = {
    "x.mul_(2)": ("values", "x"),
    "x.data.add_(1)": ("values", "x"),
    "x.requires_grad_()": ("requires_grad", "x"),
    "net.weight.data.zero_()": ("values", "net.weight"),
    "net(x).sum().backward()": ("gradient", "net.weight"),
    "net.requires_grad_(False)": ("requires_grad", "net.weight"),
    "net.eval()": ("training", "net"),
    "setattr(net, 'weight', nn.Parameter(net.weight.detach().clone()))": ("object", "net.weight"),
    "optimizer.param_groups[0].update(lr=9.0)": ("settings", "optimizer.lr"),
    "items.append(1)": ("values", "items"),
    "items.__setitem__(0, 9)": ("values", "items[0]"),
    "torch.set_grad_enabled(False)": ("switch", "torch.set_grad_enabled"),
}


def seen(line: str, moves: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The kinds and places of what a line changes of a tensor, a net, an optimizer and a list."""
    names = {"torch": torch, "nn": nn}
    exec(f"def f(x, net, optimizer, items):\n    {line}", names)
    net, told = nn.Linear(2, 2), []
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    Watched(names["f"], "f", moves, told)(torch.ones(3, 2), net, optimizer, [0])
    return [(change.kind, str(change.text.params["place"])) for change in read(told)]


@pytest.mark.parametrize("line", CHANGES)
def test_a_change_is_seen_and_named(line):
    assert seen(line, {})[0] == CHANGES[line]
    assert torch.is_grad_enabled()  # switches are put back


def test_every_kind_of_change_is_tried():
    assert {kind for kind, _ in CHANGES.values()} == set(KINDS)


@pytest.mark.parametrize(
    "line", ["x.clone().mul_(2)", "y = net(x); y.sum()", "net.eval(); net.train()", "list(items)"]
)
def test_what_leaves_its_arguments_alone_is_not_blamed(line):
    assert seen(line, {}) == []


def test_what_a_step_is_there_to_change_may_change():
    trained = ["values", "gradient"]
    line = "net(x + 1).sum().backward(); optimizer.step()"
    assert seen(line, {"1": trained, "2": trained}) == []
