"""The learner's side of a check: runs requests beside the learner's code.

An `Executor` takes a frame and returns a frame (see `synthlab.checks.wire`). It runs in the
learner's own kernel for ``check(...)``, and the same code runs inside a sandboxed kernel for a
grade; only the transport between it and the judge differs. What it answers is what the
learner's process says: the judge believes none of it.

Imports numpy, the standard library and its neighbours on the learner's side; torch when asked.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import linecache
import os
import random
import sys
import sysconfig
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from synthlab.checks import wire
from synthlab.checks.arguments import Changes, Watched
from synthlab.checks.capture import captured
from synthlab.checks.faults import TimedOut

_MAX_MESSAGE = 500
_MAX_OBJECTS = 10_000
#: What is watched wherever it is called; a class or a module is more than a call.
_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial)


class Executor:
    """Answers the requests of one check at a time.

    Args:
        namespace: Where the learner's names are looked up, live.
    """

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._namespace = namespace
        self._objects: list[object] = []
        self._harness: types.ModuleType | None = None
        self._array: Any = None
        self._moves: dict[str, Any] = {}
        self._changes: Changes = []
        self._surroundings: contextlib.ExitStack | None = None
        self._printed: Any = None
        self._requests: dict[str, Callable[[dict[str, Any]], object]] = {
            "open": self._open,
            "call": self._call,
            "get": self._get,
            "close": self._close,
        }

    def handle(self, frame: bytes) -> bytes:
        """Answer one request.

        Every exception of the learner's code becomes an error reply, SystemExit included;
        KeyboardInterrupt and the time limit pass through.
        """
        try:
            request = wire.decode(frame, self._resolve, self._array)
            self._changes.clear()
            return self._encode(self._requests[request["do"]](request))
        except (KeyboardInterrupt, TimedOut):
            raise
        except BaseException as error:
            return wire.encode({"error": report(error)}, self._keep)

    def close(self) -> str:
        """End the check, put the process back as it was, and return what was printed."""
        surroundings, self._surroundings = self._surroundings, None
        self._objects.clear()
        self._harness = None
        if surroundings is None:
            return ""
        surroundings.close()
        return str(self._printed.text())

    # The requests. Each takes the decoded request and returns the value of the reply.

    def _open(self, request: dict[str, Any]) -> dict[str, str]:
        self.close()
        with contextlib.ExitStack() as stack:
            self._printed = stack.enter_context(captured())
            stack.enter_context(_seeded(request["seed"], request["arrays"] == "torch"))
            self._surroundings = stack.pop_all()
        if request["arrays"] == "torch":
            import torch

            self._array = torch.from_numpy
        else:
            self._array = None
        self._moves = request["moves"]
        self._harness = _module(request["harness"])
        return {name: self._state(name) for name in request["targets"]}

    def _close(self, request: dict[str, Any]) -> str:
        return self.close()

    def _call(self, request: dict[str, Any]) -> object:
        function = request["function"]
        if request["watched"] and type(function) is not Watched:
            function = Watched(function, "", {}, self._changes)
        return function(*request["args"], **request["kwargs"])

    def _get(self, request: dict[str, Any]) -> object:
        target: object = request["object"]
        return target.function if isinstance(target, Watched) else target

    # Names and objects.

    def _state(self, name: str) -> str:
        if name not in self._namespace:
            return "missing"
        return "none" if self._namespace[name] is None else "ready"

    def _resolve(self, reference: wire.Reference) -> object:
        kind = reference["in"]
        target: Any = self._harness
        if kind != "harness":
            held: Any = self._objects if kind == "objects" else self._namespace
            target = held[reference["name"]]
        for attribute in reference.get("path", ()):
            target = getattr(target, attribute)
        if kind == "targets" and type(target) in _FUNCTIONS:  # our harness may call it, too
            name = reference["name"]
            return Watched(target, name, self._moves.get(name, {}), self._changes)
        return target

    def _keep(self, value: object) -> wire.Reference:
        if len(self._objects) >= _MAX_OBJECTS:
            raise wire.TooLargeError(f"more than {_MAX_OBJECTS} objects")
        self._objects.append(value)
        return {
            "in": "objects",
            "name": len(self._objects) - 1,
            "type": _type_name(value),
            "size": _size(value),
        }

    def _keep_whole(self, value: object) -> wire.Reference:
        return self._keep(value.value if isinstance(value, _Whole) else value)

    def _encode(self, value: object) -> bytes:
        try:
            return wire.encode({"value": value, "changes": self._changes}, self._keep)
        except wire.TooLargeError:  # it stays here as a whole, and the judge gets a reference to it
            whole = {"value": _Whole(value), "changes": self._changes}
            return wire.encode(whole, self._keep_whole)


class _Whole:
    """Wraps a value that shall cross as one reference, whatever is in it."""

    def __init__(self, value: object) -> None:
        self.value = value


def _module(sources: Mapping[str, str]) -> types.ModuleType:
    """The harness as one module, made from its sources: the same way here and in a sandbox."""
    module = types.ModuleType("synthlab_harness")
    # A dataclass or an annotation in the harness looks its own module up in sys.modules.
    sys.modules[module.__name__] = module
    for name, source in sources.items():
        filename = f"<harness {name}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        exec(compile(source, filename, "exec"), module.__dict__)  # noqa: S102 - our own file
    return module


@contextlib.contextmanager
def _seeded(seed: int, with_torch: bool) -> Iterator[None]:
    """Seed the global generators, use torch's defaults, and put all of it back afterwards."""
    with contextlib.ExitStack() as stack:
        stack.callback(random.setstate, random.getstate())
        random.seed(seed)
        stack.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002
        np.random.seed(seed % 2**32)  # noqa: NPY002 - learner code may use the global generator
        if with_torch:
            import torch

            stack.callback(torch.set_rng_state, torch.get_rng_state())
            stack.callback(torch.set_default_dtype, torch.get_default_dtype())
            stack.callback(torch.set_grad_enabled, torch.is_grad_enabled())
            torch.manual_seed(seed)
            torch.set_default_dtype(torch.float32)
            torch.set_grad_enabled(True)
        yield


def _type_name(value: object) -> str:
    name = type.__dict__["__name__"].__get__(type(value))
    return str(name)[:100]


def _size(value: object) -> str:
    """The shape of an array or tensor that is too large to be sent, else ""."""
    kind = type(value)
    torch: Any = sys.modules.get("torch")
    if issubclass(kind, np.ndarray):
        array = np.ndarray.view(value, np.ndarray)  # type: ignore[call-overload]
        shape, nbytes = array.shape, array.nbytes
    elif torch is not None and issubclass(kind, torch.Tensor):
        with torch._C.DisableTorchFunctionSubclass():
            shape = tuple(torch.Tensor.size(value))
            nbytes = torch.Tensor.numel(value) * torch.Tensor.element_size(value)
    else:
        return ""
    return str(shape)[:100] if nbytes > wire.MAX_BYTES else ""


def report(error: BaseException) -> dict[str, Any]:
    """An exception as plain data, with the innermost line of the learner's own code."""
    try:
        message = str(error)
    except Exception:  # an exception may raise in its own __str__
        message = ""
    innermost: TracebackType | None = None
    own: TracebackType | None = None
    at = error.__traceback__
    while at is not None:
        innermost = at
        if _is_learners(at.tb_frame.f_code.co_filename):
            own = at
        at = at.tb_next
    found: dict[str, Any] = {
        "type": _type_name(error),
        "message": message[:_MAX_MESSAGE],
        "function": "",
        "line": None,
        "source": "",
        "stub": _is_stub(error, innermost, own),
    }
    if own is not None:
        code = own.tb_frame.f_code
        source = linecache.getline(code.co_filename, own.tb_lineno, own.tb_frame.f_globals)
        found.update(
            function=code.co_name[:100], line=own.tb_lineno, source=source.strip()[:_MAX_MESSAGE]
        )
    return found


def _is_stub(
    error: BaseException, innermost: TracebackType | None, own: TracebackType | None
) -> bool:
    """Whether a ``raise NotImplementedError`` stands in the learner's own code.

    torch raises the same class from C++ ("not implemented for 'Long'"), which is an error of
    the learner's and no stub.
    """
    if not issubclass(type(error), NotImplementedError) or own is None or innermost is not own:
        return False
    return own.tb_frame.f_code.co_code[own.tb_lasti] == dis.opmap["RAISE_VARARGS"]


_LIBRARIES = tuple(
    os.path.join(path, "")  # noqa: PTH118 - a prefix that ends in a separator
    for path in {
        str(Path(__file__).resolve().parent.parent),
        *(sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")),
    }
)


def _is_learners(filename: str) -> bool:
    return not filename.startswith((*_LIBRARIES, "<frozen ", "<harness "))
