"""The rule by which a run whose process is gone is called crashed, and frees its place."""

import logging
from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

NAME = "wiazka: runs whose process is gone have crashed"
# Three heartbeats of config/prefect.env.
_WITHIN = timedelta(seconds=90)
_log = logging.getLogger(__name__)


def watch_for_zombies() -> None:
    """See that the server has the rule; served without it when the server does not take it."""
    try:
        with get_client(sync_client=True) as client:
            if not client.read_automations_by_name(NAME):
                client.create_automation(_rule())
    except Exception as error:
        _log.warning("Prefect did not take the rule for runs that are gone: %s", error)


def _rule() -> AutomationCore:
    return AutomationCore(
        name=NAME,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*"},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=_WITHIN,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED, message="No sign of life came from the run for 90 s."
            )
        ],
    )
