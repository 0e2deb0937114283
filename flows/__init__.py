"""What runs: the flows that operators schedule, watch and retry. All work is done in wiazka.

Prefect reads its settings when it is imported, so they are set before any flow is.
"""

import os

from wiazka.settings import config_dir


def _prepare() -> None:
    for line in (config_dir() / "prefect.env").read_text("utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            os.environ.setdefault(name, value)


_prepare()
