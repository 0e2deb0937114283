"""How a step of the library becomes a task."""

from collections.abc import Callable
from typing import Any, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from wiazka import amounts
from wiazka.amounts import Budget
from wiazka.errors import ConfigError, WiazkaError
from wiazka.evidence import Grade
from wiazka.fixity.check import GRADES

T = TypeVar("T")


class SomebodyNeeded(Exception):
    """A flow did its work, and fails so that somebody sees to what came of it."""


def budget_of(text: str) -> Budget:
    """A parameter of a schedule as a budget. Raises ConfigError."""
    try:
        return amounts.budget(text)
    except ValueError as error:
        raise ConfigError(
            f"The budget {text!r} of a schedule cannot be used: {error}",
            "Write 8h, 50GiB, 2000req or €5 in config/prefect.yaml.",
        ) from error


def grade_of(text: str) -> Grade:
    """A parameter of a schedule as a grade that an audit can prove. Raises ConfigError."""
    for grade in GRADES:
        if text == grade:
            return grade
    raise ConfigError(
        f"An audit proves no grade {text!r}.",
        f"Write one of these in config/prefect.yaml: {', '.join(GRADES)}.",
    )


def as_task(name: str, step: Callable[[], T]) -> T:
    """Run a step as a task of the running flow; system errors that may pass are tried again.

    Everything it works on is in ``step``: Prefect would walk through arguments and try to store
    them.
    """

    def run() -> T:
        return step()

    made = Task(
        run,
        name=name,
        task_run_name=name,
        retries=2,
        retry_delay_seconds=[5.0, 30.0],
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return made()


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, WiazkaError) and error.transient
