"""Declaration of a check: its properties, and the function that observes them.

A check is one generator function over black-box observations of the learner's code. It yields
one observation for each property that it declares:

    from synthlab.checks.core import Property, check
    from synthlab.checks.properties import holds, same
    from synthlab.words import N_

    @check(
        "gan.discriminator_loss",
        target="discriminator_loss",
        properties=[
            Property("value", weight=2, goal=N_("..."), nudge=N_("..."), method=N_("...")),
            Property("finite", weight=1, goal=N_("..."), nudge=N_("..."), method=N_("...")),
        ],
        arrays="torch",
        seconds=20,
    )
    def discriminator_loss(student, rng):
        real, fake = rng.normal(size=64), rng.normal(size=64)
        yield same("value", student(real, fake), expected)
        yield holds("finite", numpy.isfinite(student(real * 200, fake)))

**The student.** With one target, ``student`` is a proxy of it: call it, or reach into it
(``student(4).forward(x)``). With several targets, ``student.NAME`` is the proxy of each.

- A call sends and returns plain data: numbers, bools, text, None, lists, tuples, dicts, arrays.
  With ``arrays="torch"`` an array arrives as a tensor of the same dtype on the learner's side,
  and a tensor comes back as a detached array. Both sides hold copies: nothing that the learner
  changes in place changes yours.
- **Arguments stay as they are.** Whatever the learner's function is given, by you or by the
  harness, is compared before and after each call: numbers, parameters, buffers, gradients,
  ``requires_grad``, ``training``, an optimizer's settings. A change fails the property that
  ``keeps`` names, or else the next one observed, with a sentence of its own. What a step is there
  to change is declared: ``moves={"step": {0: TRAINED, 1: TRAINED}}``.
  ``yield student.left_alone("NAME")`` observes a property that is about nothing else.
- Anything else (a module, an optimizer, a function) stays on the learner's side. You get a
  proxy of it, to call, to reach into or to pass as an argument.
- ``student.value()`` is the target itself as plain data, ``student.value("NAME")`` one of
  several, and ``proxy.NAME.value()`` an attribute. A target that is missing, None or still
  raises NotImplementedError ends the check as *not attempted*.
- ``student.harness.NAME(...)`` calls a function of ``parts/harness.py``, or of the ``harness.py``
  beside the check's own file, beside the learner's code. A harness imports torch, numpy and the
  standard library alone.
- ``proxy.randomize(rng)`` gives every parameter of a module random, non-identity values.
- ``with student.part("value", "finite"):`` guards independent parts of one check. A fault
  inside ends that part alone, and the check goes on behind it.

**Observations** come from `synthlab.checks.properties`, and those of a training step from
`synthlab.checks.parts.steps`. A property may be observed several
times: it holds when it held each time. What was never observed counts as not passed. When the
learner's value cannot be used (None, the wrong shape, a string), the next property that was
not yet observed fails and says so; use `properties.as_array` before you slice a value.

**The verdict.** Score = passed weight / total weight; *correct* when all properties hold. An
exception in the learner's code keeps what was passed until then.

**Randomness.** ``rng`` is a numpy Generator, seeded from the check's id for a learner and from
the grader's seed for a grade. The global generators of the learner's process are seeded from
it too, and put back afterwards. A check that can fail a right answer by chance declares how
often: ``false_fail=1e-4``.
"""

from synthlab.checks.declaration import (
    GRADIENT,
    TRAINED,
    Check,
    Property,
    check,
    learner_seed,
    stable_seed,
)
from synthlab.checks.registry import find

__all__ = [
    "GRADIENT",
    "TRAINED",
    "Check",
    "Property",
    "check",
    "find",
    "learner_seed",
    "stable_seed",
]
