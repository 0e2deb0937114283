"""The schedules of config/prefect.yaml, read without Prefect."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from wiazka.errors import ConfigError
from wiazka.settings import config_dir


@dataclass(frozen=True, slots=True)
class Schedule:
    """One deployment of a flow: ``entrypoint`` is ``flows/ingest.py:ingest``, ``cron`` when;
    ``parameters`` are what the flow is given."""

    name: str
    entrypoint: str
    cron: str
    timezone: str
    parameters: tuple[tuple[str, object], ...] = ()

    @property
    def flow(self) -> str:
        """The flow's name: ``ingest``."""
        return self.entrypoint.rpartition(":")[2]

    @property
    def key(self) -> str:
        """Its name among all schedules: ``ingest.nightly``."""
        return key_of(self.flow, self.name)


def key_of(flow: str, name: str) -> str:
    """What a schedule of a flow is called among all of them."""
    return f"{flow}.{name}"


def schedules(given: Path | None = None) -> list[Schedule]:
    """The deployments that have a schedule, in ``given`` or in config/prefect.yaml.

    Raises ConfigError when the file is not as expected.
    """
    path = given or config_dir() / "prefect.yaml"
    try:
        deployments = yaml.safe_load(path.read_text("utf-8"))["deployments"]
        return [
            Schedule(
                d["name"],
                d["entrypoint"],
                when["cron"],
                when.get("timezone", "UTC"),
                tuple(d.get("parameters", {}).items()),
            )
            for d in deployments
            for when in d["schedules"]
        ]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path} cannot be used: {error}.",
            'A deployment has a name, an entrypoint, and schedules such as - cron: "0 1 * * *".',
        ) from error
