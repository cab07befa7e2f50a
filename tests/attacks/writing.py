"""Writing outside: into the classroom, the gradebook, Python's packages, the system."""

from __future__ import annotations

from typing import Any

from .attack import Attack, Off, says, written

FILES = "the files wall: nothing of the grader's is mounted, what is mounted is read-only"


def writing(name: str, mechanism: str, tries: str, cell: str, **more: Any) -> Attack:
    more = {"defence": FILES, "off": Off(walls=("files",), writable=("@CLASS@", "@SITE@"))} | more
    return Attack(
        id=name, mechanism=mechanism, tries=tries, succeeded=written, cells=(cell,), **more
    )


WRITING = [
    writing(
        "file-in-the-course",
        "a new file beside the gradebook",
        "a configuration that nbgrader runs",
        "open('@CLASS@/nbgrader_config.py', 'w').write('import os')",
    ),
    writing(
        "gradebook-update",
        "sqlite changes the gradebook",
        "other points",
        """
import sqlite3
with sqlite3.connect("@BOOK@") as book:
    book.execute("update grade set points = 17")
""",
    ),
    writing(
        "secret-replaced",
        "a rename puts another file in the place of the secret",
        "hidden inputs that it knows",
        """
import os
open("@SECRET@.new", "w").write("0")
os.replace("@SECRET@.new", "@SECRET@")
""",
    ),
    writing(
        "work-deleted",
        "another student's submission is removed",
        "to harm another student",
        "import os\nos.unlink('@BOB@')",
    ),
    writing(
        "link-outwards",
        "a symbolic link in the submission's folder is written through",
        "a file outside, by a name inside",
        "open('results.txt', 'w').write('owned')",
        files={"results.txt": "-> @CLASS@/results.txt"},
    ),
    writing(
        "hard-link",
        "a second name for another student's file, in its own folder",
        "to change one file by changing the other",
        "import os\nos.link('@BOB@', '@SUBMISSION@/mine.ipynb')",
    ),
    writing(
        "rights-and-times",
        "chmod and utime need no writing",
        "a secret that everybody may read, a submission that was early",
        """
import os
os.utime("@BOB@", (0, 0))
os.chmod("@SECRET@", 0o666)
""",
    ),
    writing(
        "mapped-file",
        "a shared mapping of a file, written like memory",
        "another student's answers",
        """
import mmap
with open("@BOB@", "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
    memory[:2] = b"[]"
""",
    ),
    writing(
        "own-submission",
        "the notebook in the submitted folder is written again",
        "other answers after the deadline",
        "open('@SUBMISSION@/gan.ipynb', 'a').write(' ')",
    ),
    writing(
        "site-packages",
        "a .pth file in every folder that Python reads at its start",
        "to run in the grader's next Python",
        """
import site, sys
for folder in [*sys.path, *site.getsitepackages(), "@SITE@"]:
    try:
        open(f"{folder}/@TOKEN@.pth", "w").write("import os")
    except OSError:
        pass
""",
    ),
    writing(
        "everywhere",
        "a file in each folder of the system that a program may start from",
        "a job, a program or a login script that somebody runs later",
        """
import os
for folder in ("/etc", "/etc/cron.d", "/usr/bin", "/usr/local/bin", "/var/spool/cron", "/root",
               "/run", "/var/tmp", "/opt", "/", os.path.expanduser("~root"), "@CLASS@"):
    for path in (folder, f"/proc/1/root{folder}", f"/proc/self/root{folder}"):
        try:
            open(f"{path}/@TOKEN@", "w").write("owned")
        except OSError:
            pass
""",
    ),
    Attack(
        id="kernel-settings",
        mechanism="a file of /proc/sys is written, which belongs to root outside",
        tries="core_pattern: a program that the system's kernel runs as root",
        defence="the settings wall: /proc is read-only",
        off=Off(walls=("settings",)),
        succeeded=says("SETTING CHANGED"),
        # The host name is a setting of the sandbox's own, so that nothing outside is touched.
        cells=(
            """
import socket
with open("/proc/sys/kernel/hostname", "w") as file:
    file.write("owned")
print("SETTING" + " CHANGED" if socket.gethostname() == "owned" else "no")
""",
        ),
        root_only=True,
    ),
]
