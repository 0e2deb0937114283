"""What is noted of a submission as it goes along: its state, one sentence, and a receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from wiazka.catalogue.model import (
    EventKind,
    EventOutcome,
    State,
    SubmissionState,
    Version,
)
from wiazka.ingest.model import Desk, Fault, Handed, Result
from wiazka.ingest.package import full_record, title_of
from wiazka.ingest.pages import named_scans
from wiazka.ingest.receipts import Facts, write_problems, write_receipt
from wiazka.ingest.standing import standing
from wiazka.intake.model import Submission
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.problem_kinds import Problem
from wiazka.report.accession import document_of
from wiazka.report.model import ReceiptState


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one submission; each method keeps a state and gives the result for it."""

    desk: Desk
    submission: Submission
    fingerprint: str

    def refused(self) -> Result:
        """It has errors: its producer is told of all of them at once."""
        errors = self.submission.errors
        sentence = say_many(
            "Refused: {number} thing to mend.", "Refused: {number} things to mend.", len(errors)
        )
        self._note(State.REFUSED, EventKind.REFUSED, EventOutcome.FAIL, sentence)
        written = write_problems(self.desk.settings, self.submission)
        return self._result(State.REFUSED, sentence, receipt=written)

    def held(self, problem: Problem) -> Result:
        """It is not at rest yet, and is taken at a later run."""
        problems = self.submission.problems
        if problem not in problems:
            problems = (*problems, problem)
        self._note(State.HELD, EventKind.HELD, EventOutcome.WARNING, problem.message)
        return self._result(State.HELD, problem.message, problems=problems)

    def failed(self, fault: Fault) -> Result:
        """The system failed; it is tried again at the next run."""
        self._note(
            State.FAILED, EventKind.FAILED, EventOutcome.FAIL, fault.message, {"code": fault.code}
        )
        return self._result(State.FAILED, fault.message, faults=(fault,))

    def begin(self, identity: str, content: str) -> Version:
        """The version it is to become: a new one, or the one a killed run had begun."""
        version = self.desk.catalogue.begin_version(
            identity,
            content,
            _now().replace(microsecond=0),
            self.submission.delivery,
            self.submission.folder,
            title_of(self.submission),
        )
        sentence = say("Packaged as {package}.", package=_named(version))
        self._note(
            State.PACKAGED, EventKind.PACKAGED, EventOutcome.SUCCESS, sentence, version=version
        )
        return version

    def already_held(self, held: Version, identity: str) -> Result:
        """Its very content is kept: nothing is stored again."""
        sentence = say("Already held as {package}; nothing was stored.", package=_named(held))
        self._note(
            State.ALREADY_HELD,
            EventKind.ALREADY_HELD,
            EventOutcome.SUCCESS,
            sentence,
            version=held,
        )
        same_as = None if held.identity == identity else held.identity
        return self._with_receipt(State.ALREADY_HELD, sentence, held, same_as=same_as)

    def short_of_copies(self, version: Version, faults: Sequence[Fault]) -> Result:
        """Too few stores have proved a copy: what is stored stays, and the rest is done later."""
        here = standing(self.desk, version.identity, version.number)
        told = together(fault.message for fault in faults)
        if here.copies:
            state, kind, sentence = State.STORED, EventKind.STORED, here.short
        else:
            state, kind = State.FAILED, EventKind.FAILED
            sentence = say(
                "Stored {number} of {all}: {faults}", number=0, all=len(here.missing), faults=told
            )
        detail = {"faults": str(told)}
        self._note(state, kind, EventOutcome.FAIL, sentence, detail, version=version)
        return self._with_receipt(state, sentence, version, faults=tuple(faults))

    def registered(self, version: Version, faults: Sequence[Fault] = ()) -> Result:
        """Enough stores have proved their copy: from now on it counts as kept."""
        waiting = self._stands(State.PACKAGED, "", version)
        sentence = register(self.desk, version, waiting)
        registered = self.desk.catalogue.version(version.identity, version.number)
        return self._with_receipt(State.REGISTERED, sentence, registered, faults=tuple(faults))

    def _with_receipt(
        self,
        state: State,
        sentence: str,
        version: Version,
        *,
        same_as: str | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> Result:
        here = standing(self.desk, version.identity, version.number)
        cause = here.short if here.copies and here.missing else None
        if state is State.FAILED and faults:
            cause = together([faults[0].message])
        receipt = write_receipt(self.desk, self.submission, Facts(state, version, same_as, cause))
        return self._result(state, sentence, version=version, receipt=receipt, faults=faults)

    def _result(
        self,
        state: State,
        sentence: str,
        *,
        version: Version | None = None,
        problems: tuple[Problem, ...] | None = None,
        receipt: Path | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> Result:
        submission = self.submission
        here = standing(self.desk, version.identity, version.number) if version else None
        return Result(
            submission.delivery,
            submission.folder,
            state,
            sentence,
            version.identity if version else None,
            version.number if version else None,
            here.copies if here else (),
            submission.problems if problems is None else problems,
            receipt,
            faults,
            handed_over(submission, state),
            submission.lang,
            here.missing if here else (),
        )

    def _note(
        self,
        state: State,
        kind: EventKind,
        outcome: EventOutcome,
        sentence: str,
        detail: Mapping[str, str] | None = None,
        *,
        version: Version | None = None,
    ) -> None:
        stands = self._stands(state, sentence, version)
        self.desk.catalogue.note_submission(stands, kind, outcome, detail or {})

    def _stands(self, state: State, sentence: str, version: Version | None) -> SubmissionState:
        return SubmissionState(
            self.submission.delivery,
            self.submission.folder,
            self.fingerprint,
            state,
            version.identity if version else None,
            version.number if version else None,
            str(sentence),
            _now(),
        )


def register(desk: Desk, version: Version, waiting: SubmissionState | None) -> Phrase:
    """Make a version known as kept, and the submission that waits for it; what is to be said."""
    proved = standing(desk, version.identity, version.number).proved
    if waiting is not None:
        verified = replace(waiting, state=State.VERIFIED, sentence=str(proved), at=_now())
        desk.catalogue.note_submission(verified, EventKind.VERIFIED, EventOutcome.SUCCESS, {})
    sentence = together([say("Registered as {package}.", package=_named(version)), proved])
    desk.catalogue.register(version.identity, version.number, _now(), str(sentence))
    return sentence


def handed_over(submission: Submission, state: State) -> Handed:
    """What a submission holds, for the pages about its delivery."""
    document = document_of(full_record(submission), submission.folder, ReceiptState(state))
    open_still = state in (State.REFUSED, State.HELD)
    return Handed(document, named_scans(submission) if open_still else ())


def _named(version: Version) -> str:
    return f"{version.identity} v{version.number}"


def _now() -> datetime:
    return datetime.now(UTC)
