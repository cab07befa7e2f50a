"""Waiting before anything happens: importing synthlab, and a kernel's first picture."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator

from jupyter_client.manager import start_new_kernel

from benchmarks._report import Row, row
from synthlab.errors import SynthlabError

#: Time an import from inside, so that the interpreter's own start does not count.
TIMED = """
import json, sys, time
start = time.perf_counter()
import {module}
seconds = time.perf_counter() - start
print(json.dumps([seconds, "torch" in sys.modules]))
"""

#: What the first cells of a lesson do: draw the data.
PICTURES = {
    "matplotlib alone": """
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.scatter([0, 1], [0, 1])
plt.show()
""",
    "synthlab's ring": """
import matplotlib.pyplot as plt
import torch
from synthlab import plots
from synthlab.data import Ring
fig, ax = plt.subplots()
plots.samples(ax, real=Ring().sample(500, torch.Generator().manual_seed(0)).x)
plt.show()
""",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--repeats`` and ``--kernels``."""
    parser.add_argument("--repeats", type=int, default=30, help="imports of each module")
    parser.add_argument("--kernels", type=int, default=5, help="kernels started for each picture")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield the cost of imports, interleaved, then the time to the first picture."""
    light, heavy = ("synthlab", "numpy"), ("torch", "synthlab.training")
    seconds: dict[str, list[float]] = {module: [] for module in light + heavy}
    torch_loaded = []
    for turn in range(-1, options.repeats):  # the first fills the file system's cache
        for module in light + heavy if turn < 5 else light:  # the heavy ones take seconds
            took, loads_torch = timed_import(module)
            if turn >= 0:
                seconds[module].append(took)
            if module == "synthlab":
                torch_loaded.append(float(loads_torch))
    for module, values in seconds.items():
        goal = 50.0 if module == "synthlab" else None
        yield row(f"import {module}", [1000 * value for value in values], "ms", at_most=goal)
    yield row("import synthlab loads torch (1) or not (0)", [max(torch_loaded)], at_most=0)

    pictures: dict[str, list[tuple[float, float]]] = {name: [] for name in PICTURES}
    for _ in range(options.kernels):
        for name, code in PICTURES.items():
            pictures[name].append(first_picture(code))
    for name, pairs in pictures.items():
        yield row(f"kernel ready ({name})", [ready for ready, _ in pairs], "s")
        yield row(f"kernel start to first picture, {name}", [shown for _, shown in pairs], "s")


def timed_import(module: str) -> tuple[float, bool]:
    """Import a module in a fresh interpreter: seconds, and whether torch came with it."""
    command = [sys.executable, "-c", TIMED.format(module=module)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, loads_torch = json.loads(answer)
    return float(seconds), bool(loads_torch)


def first_picture(code: str, timeout: float = 120.0) -> tuple[float, float]:
    """Start a kernel and run the code: seconds until it is ready, and until a PNG arrives."""
    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    try:
        ready = time.perf_counter() - start
        request = client.execute(code)
        while True:
            message = client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if "image/png" in content.get("data", {}):
                return ready, time.perf_counter() - start
            if message["msg_type"] == "error":
                raise SynthlabError(f"The kernel failed: {content['ename']}: {content['evalue']}.")
            if content.get("execution_state") == "idle":
                raise SynthlabError("The kernel finished without a picture.")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
