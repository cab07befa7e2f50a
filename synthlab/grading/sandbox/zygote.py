"""The warm parent of sandboxed kernels: imports once, and forks a kernel for each submission.

It runs outside of any sandbox and never runs anything of a student's. It is started with an
empty environment and knows no secret: a fork shares its memory. For each request it forks a
process that enters the namespaces of a sandbox which bubblewrap has built, forks once more (the
first fork outside is what the sandbox's process ids begin with), gives up all privileges, and
becomes the kernel.

Started as a script: ``python -I zygote.py LIBRARY MODULE...``, with its socket as standard input.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

#: Bytes of the largest request.
_MOST = 1 << 20


def main(library: str, modules: list[str]) -> None:
    """Import the modules, say so, and answer requests until the other end closes."""
    _only(library)
    from synthlab.grading.sandbox import joining

    joining.die_with_parent()
    joining.forget_keys()
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    gc.collect()
    gc.freeze()  # what is here stays here: a fork need not touch its pages
    requests = socket.socket(fileno=os.dup(0))
    requests.sendall(b"ready\n")
    for line in requests.makefile("r", encoding="utf-8"):
        _bury()
        request = json.loads(line)
        try:
            answer: dict[str, Any] = {"pid": _fork(request)}
        except OSError as error:
            answer = {"error": str(error)}
        requests.sendall(json.dumps(answer).encode() + b"\n")


def _only(library: str) -> None:
    """Find synthlab in the library alone: not in a repository, nor in an installed wheel."""
    prefixes = tuple({sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix})
    sys.path[:] = [library, *(p for p in sys.path[1:] if p.startswith(prefixes))]
    sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in type(f).__module__]


def _bury() -> None:
    """Take leave of the processes that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork(request: dict[str, Any]) -> int:
    """Fork a kernel; returns its process id, seen from outside.

    Raises:
        OSError: When the sandbox could not be entered.
    """
    read, write = os.pipe()
    if os.fork() == 0:
        _attend(request, write)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    if not answer.isdigit():
        raise OSError(answer.decode("utf-8", "replace") or "the fork ended at once")
    return int(answer)


def _attend(request: dict[str, Any], write: int) -> NoReturn:
    """Between the zygote and the kernel: enter the sandbox, fork, wait for the end."""
    from synthlab.grading.sandbox import joining

    try:
        joining.die_with_parent()
        for path in request["cgroups"]:
            with open(path, "w", encoding="ascii") as procs:  # noqa: PTH123 - a kernel's file
                procs.write(str(os.getpid()))
        if request["enter"] is not None:
            joining.enter(request["enter"])
        kernel = os.fork()
    except BaseException as error:  # it must not come back as a second zygote
        os.write(write, str(error).encode())
        os._exit(1)
    if kernel == 0:
        os.close(write)
        _become(request)
    os.write(write, str(kernel).encode())
    os.close(write)
    os.close(0)
    os.waitpid(kernel, 0)
    os._exit(0)


def _become(request: dict[str, Any]) -> NoReturn:
    """Give up everything, and be the kernel of one submission."""
    from synthlab.grading.sandbox import calls, joining

    status = 1
    try:
        joining.die_with_parent()
        os.setsid()
        if request["close"]:
            joining.close_descriptors()
        if request["environment"] is not None:
            os.environ.clear()
            os.environ.update(request["environment"])
        os.umask(0o077)
        joining.limit(request["limits"])
        if request["drop"]:
            joining.drop_privileges()
        if request["refuse"]:
            calls.refuse()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        from synthlab.grading.sandbox.inside import kernel

        kernel.run(request["home"], request["submission"], request["connection"])
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
