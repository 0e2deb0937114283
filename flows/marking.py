"""The marks of scheduled runs, by hooks of their flows: a run that does not come leaves none."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import Flow, runtime
from prefect.client.schemas.objects import FlowRun, State

from flows.steps import SomebodyNeeded
from wiazka.digest.marks import Marks
from wiazka.schedules import key_of
from wiazka.settings import load


def _begun(flow: "Flow[..., Any]", run: FlowRun, _state: "State[Any]") -> None:
    if run.deployment_id:
        _marks(run).begin(_key(flow), datetime.now(UTC))


def _ended(flow: "Flow[..., Any]", run: FlowRun, state: "State[Any]") -> None:
    if not run.deployment_id:
        return
    error = None if state.is_completed() else state.result(raise_on_failure=False)
    # Such a run did its work; what it found is told by itself.
    well = error is None or isinstance(error, SomebodyNeeded)
    fault = None if well else str(error) or type(error).__name__
    _marks(run).end(_key(flow), datetime.now(UTC), fault)


def _marks(run: FlowRun) -> Marks:
    config = run.parameters.get("config")
    return Marks(load(Path(config) if config else None).runs)


def _key(flow: "Flow[..., Any]") -> str:
    return key_of(flow.name, str(runtime.deployment.name))


# The options of each flow that is scheduled.
MARKED: dict[str, Any] = {
    "persist_result": False,
    "on_running": [_begun],
    "on_completion": [_ended],
    "on_failure": [_ended],
}
