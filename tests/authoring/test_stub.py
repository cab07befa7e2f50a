"""A stub keeps the contract of an answer and none of its substance."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthlab.authoring.stub import make_stub
from synthlab.errors import SynthlabError

CASES = {
    "signature comments": (
        """
        def f(
            x,  # (B, 2)
            *,
            y: dict[str, int] = {"a": 1},
        ):  # -> (B,)
            '''Doc.

              Indented.
            '''
            # the trick
            return x
        """,
        """
        def f(
            x,  # (B, 2)
            *,
            y: dict[str, int] = {"a": 1},
        ):  # -> (B,)
            '''Doc.

              Indented.
            '''
            raise NotImplementedError
        """,
    ),
    "decorator and default": (
        """
        @torch.no_grad()
        @wraps(
            lambda x: 3
        )
        def f(x, y=lambda a: {a: 1}): return x
        """,
        """
        @torch.no_grad()
        @wraps(
            lambda x: 3
        )
        def f(x, y=lambda a: {a: 1}):
            raise NotImplementedError
        """,
    ),
    "async": (
        """
        async def f(x) -> dict[str, int]:
            async with x:
                return {}
        """,
        """
        async def f(x) -> dict[str, int]:
            raise NotImplementedError
        """,
    ),
    "nested": (
        """
        def f(x):
            def inner(y):
                '''Secret.'''
                return y
            return inner(x)
        """,
        """
        def f(x):
            raise NotImplementedError
        """,
    ),
    "private helpers": (
        """
        import math

        _EPSILON = 1e-6

        def _helper(x):
            return math.exp(x)

        def f(x):
            return _helper(x)
        """,
        """
        import math


        def f(x):
            raise NotImplementedError
        """,
    ),
    "class": (
        """
        class Net(Base):
            "A net."

            width = 3

            def __init__(self, n):
                super().__init__()
                self.n = n

            def _secret(self):
                return 1

            def forward(self, x):  # (B, n)
                "Apply."
                return x
        """,
        """
        class Net(Base):
            "A net."

            width = None

            def __init__(self, n):
                raise NotImplementedError

            def forward(self, x):  # (B, n)
                "Apply."
                raise NotImplementedError
        """,
    ),
    "assignments": (
        """
        line = 3
        a = b = 4
        n: int = 8
        """,
        """
        line = None
        a = b = None
        n: int = None
        """,
    ),
    "two-space indentation": (
        """
        def f(x):
          "Doc."
          return x
        """,
        """
        def f(x):
            "Doc."
            raise NotImplementedError
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_stub(name: str) -> None:
    answer, stub = (textwrap.dedent(text).strip("\n") for text in CASES[name])
    assert make_stub(answer) == stub


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("for i in range(3): pass", "line 1"),
        ("x, y = 1, 2", "has no stub"),
        ("print(3)", "has no stub"),
        ("import math", "nothing would be left"),
        ("def _f(x): return x", "nothing would be left"),
        ("def f(x:", "not valid Python"),
        ("class A:\n    _x = 1", "no public member"),
    ],
)
def test_an_answer_without_a_stub_is_refused(answer: str, says: str) -> None:
    with pytest.raises(SynthlabError, match=says):
        make_stub(answer)


NAMES = st.sampled_from(["alpha", "beta", "gamma"])
BODIES = st.lists(
    st.sampled_from(["secret = 41", "# secret", "'''secret'''", "x = '''a\nsecret'''"]),
    min_size=1,
)


@given(name=NAMES, body=BODIES, docstring=st.sampled_from(["", '"""Told."""', "'Told.'"]))
def test_nothing_of_a_body_survives(name: str, body: list[str], docstring: str) -> None:
    # a string that stands first is the docstring, so a secret one never stands first here
    lines = [docstring, "secret = 41", *body] if docstring else ["secret = 41", *body]
    answer = f"def {name}(x, y=1):\n" + "\n".join(f"    {line}" for line in lines)
    stub = make_stub(answer)
    assert "secret" not in stub
    (function,) = ast.parse(stub).body
    assert isinstance(function, ast.FunctionDef)
    assert function.name == name
    assert ast.unparse(function.args) == "x, y=1"
    assert ("Told." in stub) == bool(docstring)
