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
    # A run by hand is none of a schedule's.
    if name := runtime.deployment.name:
        _marks(run).begin(key_of(flow.name, name), datetime.now(UTC))


def _ended(flow: "Flow[..., Any]", run: FlowRun, state: "State[Any]") -> None:
    if name := runtime.deployment.name:
        _marks(run).end(key_of(flow.name, name), datetime.now(UTC), _fault(state))


def _fault(state: "State[Any]") -> str | None:
    """Why a run could not do its work; what it found when it did is told by itself."""
    if state.is_completed():
        return None
    error = state.result(raise_on_failure=False)
    return None if isinstance(error, SomebodyNeeded) else state.message or type(error).__name__


def _marks(run: FlowRun) -> Marks:
    config = run.parameters.get("config")
    return Marks(load(Path(config) if config else None).runs)


# The options of each flow that is scheduled.
MARKED: dict[str, Any] = {
    "persist_result": False,
    "on_running": [_begun],
    "on_completion": [_ended],
    "on_failure": [_ended],
}
