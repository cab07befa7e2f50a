"""nbgrader's configuration, loaded as the ``nbgrader`` command loads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synthlab.errors import SynthlabError

#: The file that holds it, and that makes a folder an nbgrader course.
CONFIG = "nbgrader_config.py"


def config_folders() -> list[Path]:
    """Where Jupyter looks for a user's and a machine's configuration, the weakest first."""
    from jupyter_core.paths import jupyter_config_path

    return [Path(folder) for folder in reversed(jupyter_config_path())]


def load_config(folders: Sequence[Path]) -> Any:
    """The configuration of nbgrader from these folders; a later one overrides an earlier one.

    A configuration is a program: it is run.

    Raises:
        SynthlabError: When one of them cannot be loaded.
    """
    from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

    config = Config()
    for folder in folders:
        try:
            config.merge(PyFileConfigLoader(CONFIG, path=str(folder)).load_config())
        except ConfigFileNotFound:
            continue
        except Exception as error:
            raise SynthlabError(
                "{folder}/{config} cannot be loaded: {reason}.",
                folder=folder,
                config=CONFIG,
                reason=error,
            ) from error
    return config
