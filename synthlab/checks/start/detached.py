"""``start.detach``: the line that cuts the wrong side, what leaks, and a repaired loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.parts.diagnosis import broken_line, measured
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.steps import moved
from synthlab.checks.properties import Observation, holds, same
from synthlab.checks.start.linear import draw, forward, mean_squared_error
from synthlab.words import N_

#: The line of ``broken_loss`` that detaches the student.
LINE = 3
#: float64 computes the sum to 1e-13, float32 to 1e-6 of 32.
TOLERANCE = 1e-4


def leaked() -> float:
    """The sum of the sizes of all entries of the teacher's gradient under ``broken_loss``."""
    inputs = np.linspace(-1, 2, 8).reshape(4, 2)
    student = {"weight": np.eye(2), "bias": np.zeros(2)}
    teacher = {"weight": np.array([[2.0, 1.0], [0.0, -1.0]]), "bias": np.array([0.5, 0.0])}
    target = value(forward, student, inputs)
    _, gradient = value_and_grad(mean_squared_error, teacher, inputs, target)
    return float(sum(np.abs(g).sum() for g in gradient.values()))


@check(
    "start.detach",
    target=("broken_line", "measured", "repaired_loss"),
    properties=[
        Property(
            "line",
            weight=1,
            goal=N_("`broken_line` is the line that keeps the student from learning."),
            nudge=N_("Which of the two outputs has lost its history?"),
            method=N_("Look for the tensor whose `requires_grad` is False although it should not."),
        ),
        Property(
            "measured",
            weight=2,
            goal=N_("`measured` is the sum of the sizes of all entries of the teacher's gradient."),
            nudge=N_("After `backward`, where does autograd leave a parameter's gradient?"),
            method=N_(
                "Call `broken_loss(student_net, teacher_net, inputs).backward()` once, then add "
                "up `p.grad.abs().sum()` over `teacher_net.parameters()`."
            ),
        ),
        Property(
            "value",
            weight=1,
            goal=N_("`repaired_loss` is still the mean squared difference of the two outputs."),
            nudge=N_("Did your repair change what is computed, or only where gradients flow?"),
            method=N_("Detaching changes no value. Keep the square and the mean."),
        ),
        Property(
            "student-learns",
            weight=3,
            goal=N_("The gradient of `repaired_loss` reaches the student."),
            nudge=N_("Follow the path from the loss back to the student. Is it cut anywhere?"),
            method=N_("Call the student without `detach` and without `no_grad`."),
        ),
        Property(
            "teacher-left-alone",
            weight=2,
            goal=N_("The teacher receives no gradient, and no parameter changes."),
            nudge=N_("For the student, is the teacher's output a number or a function?"),
            method=N_("Detach the teacher's output, or compute it under `torch.no_grad()`."),
        ),
    ],
)
def detach(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Line and number against our own; the repair by the gradients that it leaves behind."""
    yield from broken_line(student, LINE, _LINE)
    yield from measured(student, leaked(), TOLERANCE, _MEASURED, digits=6)
    with student.part("value", "student-learns", "teacher-left-alone"):
        yield from _repaired(student, rng)


_LINE = N_("Line {measured} is your answer, expected the line that cuts the student off.")
_MEASURED = N_("You measured {measured}, expected the sum defined above to four decimals.")


def _repaired(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    weights, fixed, x = draw(rng, 3, 2), draw(rng, 3, 2), rng.normal(size=(9, 3))
    learner, teacher = student.harness.linear(weights), student.harness.linear(fixed)
    wanted, gradient = value_and_grad(mean_squared_error, weights, x, value(forward, fixed, x))
    loss = student.repaired_loss(learner, teacher, x)
    yield same("value", loss, wanted, tolerance=1e-10)  # 18 squares in float64
    if student.harness.backward(student.repaired_loss, learner, teacher, x) is None:
        yield holds("student-learns", False, _CUT)
        return
    returned = student.harness.gradients(learner)
    if any(g is None for g in returned.values()):
        yield holds("student-learns", False, _CUT)
        return
    # a gradient, seen as the step that it would make from 0
    zero = {name: np.zeros_like(w) for name, w in weights.items()}
    step = {name: -np.asarray(g) for name, g in returned.items()}
    yield moved("student-learns", zero, step, gradient, tolerance=1e-10)
    size = float(student.harness.largest_gradient(teacher))
    yield holds(
        "teacher-left-alone",
        size == 0.0,
        N_("The teacher holds a gradient of size {measured}, expected 0."),
        measured=size,
    )


_CUT = N_("No gradient reaches the student.")
