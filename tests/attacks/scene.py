"""Scene of an attack, what it reaches for: made for one run, outside the sandbox, and watched."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any

from synthlab import locate

_IPC_PRIVATE, _IPC_CREAT, _IPC_RMID = 0, 0o1000, 0
_libc = ctypes.CDLL(None, use_errno=True)
_libc.shmat.restype = ctypes.c_void_p


class Scene:
    """A classroom and whatever else an attack wants, until `close`.

    Attributes:
        token: A word that everything of this run carries: files, processes.
        canary: A secret that stands nowhere in the notebook.
        words: What ``@NAME@`` stands for in the code of an attack.
    """

    def __init__(self, made: tuple[str, ...]) -> None:
        self.token, self.canary = f"attack{secrets.token_hex(6)}", secrets.token_hex(16)
        self.root = Path(tempfile.mkdtemp(prefix="synthlab-attack-")).resolve()
        self._ends: list[Callable[[], object]] = []
        self._said: list[bytes] = []
        self.words = {"TOKEN": self.token, "ROOT": str(self.root)}
        self._classroom()
        for name in made:
            getattr(self, name)()

    def close(self) -> None:
        """Take everything away again."""
        while self._ends:
            self._ends.pop()()
        for pid in self.strays():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        shutil.rmtree(self.root, ignore_errors=True)

    def fill(self, code: str) -> str:
        """Code with every ``@NAME@`` replaced."""
        for name, value in self.words.items():
            code = code.replace(f"@{name}@", value)
        return code

    # What it finds: a classroom.

    def _classroom(self) -> None:
        room = self.root / "class"
        self.submission = room / "submitted" / "eve" / "gan"
        other = room / "submitted" / "bob" / "gan" / "gan.ipynb"
        for folder in (self.submission, other.parent, room / ".grading", room / "solutions"):
            folder.mkdir(parents=True)
        (room / ".grading" / "secret").write_text(self.canary, encoding="ascii")
        other.write_text(f'{{"cells": ["{self.canary}"]}}', encoding="utf-8")
        shutil.copy(locate.solutions() / "gan.py", room / "solutions" / "gan.py")
        with contextlib.closing(sqlite3.connect(room / "gradebook.db")) as book, book:
            book.execute("create table grade (student text, points real, note text)")
            book.execute("insert into grade values ('eve', 2.0, ?)", [self.canary])
        site = self.root / "site-packages"
        site.mkdir()
        self.words |= {
            "CLASS": str(room),
            "SECRET": str(room / ".grading" / "secret"),
            "BOOK": str(room / "gradebook.db"),
            "BOB": str(other),
            "SOLUTION": str(room / "solutions" / "gan.py"),
            "SUBMISSION": str(self.submission),
            "SITE": str(site),
        }

    # What it may ask for by name.

    def environment(self) -> None:
        """A secret in the grader's environment; a warm parent keeps the one it was started with."""
        self.canary = os.environ["SYNTHLAB_TEST_TOKEN"]

    def victim(self) -> None:
        """A process of the grader's, with a secret on its command line."""
        process = subprocess.Popen([sys.executable, "-c", "input()", self.canary], stdin=-1)
        self._victim = process
        self.words["VICTIM"] = str(process.pid)

        def end() -> None:
            process.kill()
            process.communicate()

        self._ends.append(end)

    @property
    def victim_lives(self) -> bool:
        """Whether it still runs."""
        return self._victim.poll() is None

    def tcp(self) -> None:
        """A server on the loopback."""
        self._listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))

    def tcp6(self) -> None:
        """The same, IPv6."""
        self._listen(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0))

    def udp(self) -> None:
        """A server for datagrams."""
        self._listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))

    def abstract(self) -> None:
        """A unix socket with an abstract name."""
        self.words["NAME"] = self.token
        self._listen(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.token}")

    def unix(self) -> None:
        """A unix socket in a folder."""
        folder = self.root / "sockets"
        folder.mkdir()
        self.words |= {"SOCKETS": str(folder), "SOCKET": str(folder / "s")}
        self._listen(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "s"))

    def door(self) -> None:
        """Somebody outside who knocks at a port until it is answered."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.words["PORT"] = str(port)
        stop = threading.Event()

        def knock() -> None:
            while not stop.wait(0.02):
                with (
                    contextlib.suppress(OSError),
                    socket.create_connection(("127.0.0.1", port), 0.5) as guest,
                ):
                    self._said.append(guest.recv(100))

        self._background(knock, stop.set)

    def _listen(self, family: int, kind: int, address: Any) -> None:
        server = socket.socket(family, kind)
        server.bind(address)
        if family != socket.AF_UNIX:
            self.words["PORT"] = str(server.getsockname()[1])
        if kind == socket.SOCK_STREAM:
            server.listen()
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with contextlib.suppress(OSError):
                    if kind == socket.SOCK_DGRAM:
                        self._said.append(server.recv(1000))
                        continue
                    with server.accept()[0] as guest:
                        guest.settimeout(2)
                        self._said.append(b"connected")
                        self._said.append(guest.recv(1000))
            server.close()

        self._background(serve, over.set)

    def _background(self, target: Callable[[], None], stop: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        thread.start()

        def end() -> None:
            stop()
            thread.join()

        self._ends.append(end)

    @property
    def heard(self) -> bool:
        """Whether anybody spoke to a listener."""
        return bool(self._said)

    def segment(self) -> None:
        """A System V segment of shared memory with a secret in it."""
        number = _libc.shmget(_IPC_PRIVATE, 4096, _IPC_CREAT | 0o600)
        at = _libc.shmat(number, None, 0)
        ctypes.memmove(at, self.canary.encode(), len(self.canary))
        self.words["SEGMENT"] = str(number)
        self._ends.append(lambda: _libc.shmdt(ctypes.c_void_p(at)))
        self._ends.append(lambda: _libc.shmctl(number, _IPC_RMID, None))

    def queue(self) -> None:
        """A System V message queue that the grader reads."""
        number = _libc.msgget(_IPC_PRIVATE, _IPC_CREAT | 0o600)
        self.words["QUEUE"] = str(number)
        self._ends.append(lambda: _libc.msgctl(number, _IPC_RMID, None))
        self._queue = number

    @property
    def queued(self) -> bool:
        """Whether a message waits in it."""
        buffer = ctypes.create_string_buffer(200)
        return bool(_libc.msgrcv(self._queue, buffer, 100, 0, 0o4000) >= 0)

    def shared(self) -> None:
        """A POSIX segment of shared memory with a secret in it."""
        memory = shared_memory.SharedMemory(name=self.token, create=True, size=64)
        memory.buf[: len(self.canary)] = self.canary.encode()

        def end() -> None:
            memory.close()
            memory.unlink()

        self._ends.append(end)

    # What is watched.

    def snapshot(self) -> dict[str, tuple[object, ...]]:
        """Every file below the root: its kind, rights, time and contents."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            about = path.lstat()
            content = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
            found[str(path.relative_to(self.root))] = (about.st_mode, about.st_mtime_ns, content)
        return found

    def litter(self) -> list[str]:
        """Files of this run in folders that everybody may write to, or that Python reads."""
        folders = {
            Path(p) for p in (*sys.path, "/tmp", "/var/tmp", "/dev/shm", "/etc", Path.home())
        }
        found = []
        for folder in folders:
            with contextlib.suppress(OSError):
                found += [str(p) for p in folder.iterdir() if self.token in p.name]
        return [p for p in found if Path(p).name != self.token or "shm" not in p]

    def strays(self) -> list[int]:
        """Processes that carry this run's word."""
        return [pid for pid, line in processes() if self.token.encode() in line]


def processes() -> Iterator[tuple[int, bytes]]:
    """Every process of the machine, with its command line."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(folder.name), (folder / "cmdline").read_bytes()
