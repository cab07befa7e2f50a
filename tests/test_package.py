from __future__ import annotations

import subprocess
import sys

import pytest

import synthlab


def test_importing_synthlab_imports_neither_torch_nor_anything_heavy() -> None:
    heavy = "{'torch', 'numpy', 'scipy', 'matplotlib', 'IPython', 'babel', 'jupyterlab'}"
    code = f"import sys, synthlab; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_name_it_promises_is_there() -> None:
    for name in dir(synthlab):
        assert getattr(synthlab, name) is not None


def test_a_name_it_does_not_have_raises_as_python_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'transformers'"):
        _ = synthlab.transformers
