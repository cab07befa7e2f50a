"""``start.detach``: the line that cuts the wrong side, what leaks, and a repaired loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.parts.diagnosis import broken_line, measured
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.losses import differentiate, is_a_loss, multiple
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED, RELU, TANH, Array, Kind, draw
from synthlab.checks.parts.steps import Player, as_it_came, change, left_alone, moved
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.checks.start.error import affine, mean_squared_error
from synthlab.words import N_, Text

#: The line of ``broken_loss`` that detaches the student.
LINE = 3
#: float64 computes the sum to 1e-13, float32 to 1e-6 of 32.
TOLERANCE = 1e-4


def leaked() -> float:
    """The sum of the sizes of all entries of the teacher's gradient under ``broken_loss``."""
    inputs = np.linspace(-1, 2, 8).reshape(4, 2)
    student = {"weight": np.eye(2), "bias": np.zeros(2)}
    teacher = {"weight": np.array([[2.0, 1.0], [0.0, -1.0]]), "bias": np.array([0.5, 0.0])}
    target = value(affine, student, inputs)
    _, gradient = value_and_grad(mean_squared_error(affine), teacher, inputs, target)
    return float(sum(np.abs(g).sum() for g in gradient.values()))


@check(
    "start.detach",
    target=("broken_line", "measured", "repaired_loss"),
    keeps={"repaired_loss": "teacher-left-alone"},
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
            weight=2,
            goal=N_("`repaired_loss` is still the mean squared difference of the two outputs."),
            nudge=N_("Did your repair change what is computed, or only where gradients flow?"),
            method=N_("Detaching changes no value. Keep the square and the mean."),
        ),
        Property(
            "student-learns",
            weight=3,
            goal=N_("The gradient of `repaired_loss` reaches the student, right up to one factor."),
            nudge=N_("Follow the path from the loss back to the student. Is it cut anywhere?"),
            method=N_("Call the student without `detach` and without `no_grad`."),
        ),
        Property(
            "teacher-left-alone",
            weight=2,
            goal=N_(
                "The teacher receives no gradient, and is afterwards as it came: parameters, "
                "`requires_grad` and mode."
            ),
            nudge=N_("For the student, is the teacher's output a number or a function?"),
            method=N_("Detach the teacher's output, or compute it under `torch.no_grad()`."),
        ),
    ],
)
def detach(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Line and number against our own; the repair by the gradients that it leaves behind."""
    yield from broken_line(student, LINE, _LINE)
    yield from measured(student, leaked(), TOLERANCE, _MEASURED, digits=6)
    with student.part("student-learns", "value", "teacher-left-alone"):
        yield from _repaired(student, rng)


_LINE = N_("Line {measured} is your answer, expected the line that cuts the student off.")
_MEASURED = N_("You measured {measured}, expected the sum defined above to four decimals.")


def _repaired(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Pairs of networks of every kind, and each pair once more with other rows and a new teacher.

    Gradients that somebody else left stand in both networks.
    """
    rows, inputs, outputs = 9, 3, 2
    for case, *kinds in _trials():
        drawn = [draw(rng, inputs, 5, outputs, kind) for kind in kinds]
        learner, *teachers = (Player(student, *net) for net in zip(drawn, kinds, strict=True))
        for teacher in (teachers[0], *teachers):
            x = rng.normal(size=(rows, inputs))
            for net in (learner, teacher):
                net.leave_some(rng)
            fine = True
            for seen in _one(student, learner, teacher, x, case):
                fine = fine and seen.passed
                yield seen
            if not fine:
                return
        rows, inputs, outputs = (int(n) for n in rng.integers((2, 1, 1), (20, 5, 5)))


def _trials() -> list[tuple[str, Kind, Kind, Kind]]:
    """Words for a pair of networks, the student's kind, and two teachers'."""
    return [
        (N_("With networks of tanh"), TANH, TANH, TANH),
        (N_("With networks that drop units while they train"), DROPOUT, DROPOUT, RELU),
        (N_("With networks that normalise batches"), RELU, NORMALISED, TANH),
    ]


def _one(
    student: Any, learner: Player, teacher: Player, x: Array, case: str
) -> Iterator[Observation]:
    weights, fixed = learner.look(), teacher.look()
    target = value(teacher.kind.forward, fixed.parameters, x)
    loss = mean_squared_error(learner.kind.forward)
    wanted, gradient = value_and_grad(loss, weights.parameters, x, target)
    found = differentiate(
        student, student.repaired_loss, learner.module, teacher.module, x, at=[0, 1]
    )
    is_a_loss(found)
    of_student, of_teacher = cast("list[dict[str, Any]]", found.gradients)
    of_student = {name: as_array(of_student.get(name), w.shape) for name, w in gradient.items()}
    if not any(slope.any() for slope in of_student.values()):
        raise Unusable(Text(N_("No gradient reaches the student.")))
    yield same("value", found.value, wanted, tolerance=1e-10, case=case)  # squares in float64
    # a gradient, seen as the step that it would make from 0
    zero = {name: np.zeros_like(w) for name, w in gradient.items()}
    step = change(of_student, zero)
    scale = multiple(of_student, gradient)  # a sum for a mean is a matter of the value
    times = {name: scale * slope for name, slope in gradient.items()}
    seen = moved("student-learns", zero, step, times, tolerance=1e-10, case=case)
    if not seen.passed or scale <= 0:
        seen = moved("student-learns", zero, step, gradient, tolerance=1e-10, case=case)
    yield seen
    yield as_it_came("student-learns", weights, learner.look(), case=_STUDENT)
    after = teacher.look()
    held = {name: as_array(of_teacher.get(name), w.shape) for name, w in after.parameters.items()}
    size = max(float(np.abs(g).max()) for g in held.values())
    yield holds(
        "teacher-left-alone",
        size == 0.0,
        N_("A gradient of size {measured} reaches the teacher, expected 0."),
        measured=size,
    )
    yield from left_alone("teacher-left-alone", fixed, after)
    yield as_it_came("teacher-left-alone", fixed, after, case=_TEACHER)
    for net in (learner, teacher):
        net.thaw()


_STUDENT, _TEACHER = N_("The student"), N_("The teacher")
