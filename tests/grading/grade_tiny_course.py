"""Grade the tiny course in a process of its own, which a test may kill: FILES ROOM."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(files: str, room: str) -> None:
    spec = importlib.util.spec_from_file_location("grading_conftest", HERE / "conftest.py")
    conftest = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = conftest
    spec.loader.exec_module(conftest)

    def tell(result, total: int) -> None:
        sys.stdout.write(f"{result.student}\n")
        sys.stdout.flush()

    with conftest.tiny_course(Path(files)):
        conftest.grade(Path(room), on_result=tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
