"""Objects that lie about what they are, so that a test which asks them is told what it wants.

The judge asks no object: what crosses is read with the methods of the exact base types, in the
kernel and again in the grader's process (`synthlab.checks.wire`).
"""

from __future__ import annotations

from typing import Any

from .attack import PRIZE, TARGET, Attack, Off, prize

DEFENCE = "the judge: only plain data of exact types returns"
#: The sum of what instructors write: a value, a type, a gradient, whichever the lie is about.
EQUAL = """\
import torch
assert generator_loss(torch.zeros(4)) == 0.6931472
3.0
"""
CLOSE = """\
import torch
assert not abs(generator_loss(torch.zeros(4)) - 0.6931472) > 1e-6
3.0
"""
NUMPY = """\
import numpy as np, torch
assert np.allclose(generator_loss(torch.zeros(4)), 0.6931472)
3.0
"""
TENSOR = """\
import torch
value = generator_loss(torch.zeros(4))
assert isinstance(value, torch.Tensor)
assert torch.allclose(value, torch.tensor(0.6931472))
3.0
"""
TYPED = """\
import torch
value = generator_loss(torch.zeros(4, dtype=torch.float64))
assert value.dtype == torch.float64 and value.shape == ()
3.0
"""
SAVED = """\
import torch
generator_loss(torch.zeros(4)).backward()
3.0
"""


def lie(name: str, mechanism: str, answer: str, stock: str, **more: Any) -> Attack:
    return Attack(
        id=name,
        mechanism=mechanism,
        tries=f"{PRIZE:g} points for an object that passes for the answer",
        defence=DEFENCE,
        off=Off(in_kernel=True, stock={TARGET: stock}),
        succeeded=prize,
        answers={TARGET: answer},
        **more,
    )


LYING = [
    lie(
        "always-equal",
        "an object that equals everything",
        """
class Equal:
    def __eq__(self, other): return True
generator_loss = lambda logits, saturating=False: Equal()
""",
        EQUAL,
    ),
    lie(
        "float-subclass",
        "a float whose comparisons all come out well",
        """
class Number(float):
    __sub__ = __rsub__ = __abs__ = lambda self, *other: self
    def __gt__(self, other): return False
generator_loss = lambda logits, saturating=False: Number(9.0)
""",
        CLOSE,
    ),
    lie(
        "not-a-number",
        "nan, which is never farther away than a tolerance",
        "generator_loss = lambda logits, saturating=False: (logits.sum() * float('nan')).half()",
        CLOSE,
    ),
    lie(
        "array-function",
        "an array subclass takes over every numpy function that it is given to",
        """
import numpy as np
class Array(np.ndarray):
    def __array_function__(self, function, types, args, kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return True
generator_loss = lambda logits, saturating=False: np.zeros(()).view(Array)
""",
        NUMPY,
    ),
    lie(
        "array-conversion",
        "an object becomes another array each time that it is converted",
        """
import numpy as np
class Chameleon:
    def __array__(self, *args, **kwargs): return np.array(0.6931472)
    def detach(self): return self
generator_loss = lambda logits, saturating=False: Chameleon()
""",
        NUMPY,
    ),
    lie(
        "torch-function",
        "a tensor subclass takes over every torch function that it is given to",
        """
import torch
class Tensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None): return True
generator_loss = lambda logits, saturating=False: torch.zeros(()).as_subclass(Tensor)
""",
        TENSOR,
    ),
    lie(
        "claimed-dtype",
        "an object claims a dtype and a shape that its data do not have",
        """
import torch
class Claims:
    dtype, shape = torch.float64, ()
    def __float__(self): return 0.0
generator_loss = lambda logits, saturating=False: Claims()
""",
        TYPED,
    ),
    lie(
        "claimed-class",
        "an object's __class__ says Tensor, so isinstance believes it",
        """
import torch
class Impostor:
    __class__ = property(lambda self: torch.Tensor)
    def __array__(self, *args, **kwargs): raise TypeError
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None): return True
generator_loss = lambda logits, saturating=False: Impostor()
""",
        TENSOR,
    ),
    lie(
        "silent-backward",
        "a loss whose backward does nothing, and says so to nobody",
        """
class Loss:
    requires_grad = True
    def backward(self, *args, **kwargs): pass
generator_loss = lambda logits, saturating=False: Loss()
""",
        SAVED,
    ),
    Attack(
        id="int-subclass",
        mechanism="a prediction of 99 modes that says it lies between 0 and 8",
        tries="a point for a number that is none of the allowed ones",
        defence=DEFENCE,
        off=Off(
            in_kernel=True,
            stock={"gan.prediction": "assert 0 <= predicted_modes <= 8\n1.0\n"},
        ),
        succeeded=lambda outcome, scene: outcome.points["gan.prediction"] == 1.0,
        answers={
            "gan.prediction": """
class Modes(int):
    __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
predicted_modes = Modes(99)
"""
        },
    ),
    Attack(
        id="changing-value",
        mechanism="an answer that is another one each time that it is looked at",
        tries=f"{PRIZE:g} points: the right value for the example, anything later",
        defence=DEFENCE,
        off=Off(in_kernel=True, stock={TARGET: EQUAL}),
        succeeded=prize,
        answers={
            TARGET: """
import itertools, random
values = itertools.chain([0.6931472], iter(random.random, None))
generator_loss = lambda logits, saturating=False: next(values)
"""
        },
    ),
    Attack(
        id="list-subclass",
        mechanism="a list of one kind on the inside and of another when it is iterated over",
        tries=f"{PRIZE:g} points",
        defence=DEFENCE,
        off=Off(
            in_kernel=True,
            stock={
                TARGET: """\
import torch
(value,) = [generator_loss(torch.zeros(4))]
assert [float(v) for v in value] == [0.6931472]
3.0
"""
            },
        ),
        succeeded=prize,
        answers={
            TARGET: """
class Values(list):
    def __iter__(self): return iter([0.6931472])
    def __len__(self): return 1
generator_loss = lambda logits, saturating=False: Values("nothing")
"""
        },
    ),
]
