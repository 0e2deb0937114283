"""What is noted of a submission as it goes along: its state, one sentence, and a receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wiazka.catalogue.model import (
    EventKind,
    EventOutcome,
    State,
    SubmissionState,
    Version,
)
from wiazka.ingest.model import Desk, Fault, Handed, Result, StoredCopy
from wiazka.ingest.package import full_record, title_of
from wiazka.ingest.pages import named_scans
from wiazka.ingest.receipts import Facts, write_problems, write_receipt
from wiazka.intake.model import Submission
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.problem_kinds import Problem
from wiazka.report.accession import document_of
from wiazka.report.model import ReceiptState


def copies_of(desk: Desk, identity: str, number: int) -> tuple[StoredCopy, ...]:
    """The copies of a version, as a result names them."""
    return tuple(
        StoredCopy(copy.store, copy.grade) for copy in desk.catalogue.copies(identity, number)
    )


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
        """One store or more has failed: what is stored stays, and the rest is done later."""
        catalogue, stores = self.desk.catalogue, self.desk.stores
        stored = len(catalogue.copies(version.identity, version.number))
        state = State.STORED if stored else State.FAILED
        kind = EventKind.STORED if stored else EventKind.FAILED
        sentence = say(
            "Stored {number} of {all}: {faults}",
            number=stored,
            all=len(stores),
            faults=together(fault.message for fault in faults),
        )
        self._note(state, kind, EventOutcome.FAIL, sentence, version=version)
        return self._with_receipt(state, sentence, version, faults=tuple(faults))

    def registered(self, version: Version) -> Result:
        """Every store has proved its copy: from now on it counts as kept."""
        copies = copies_of(self.desk, version.identity, version.number)
        proved = _proofs(copies)
        self._note(
            State.VERIFIED, EventKind.VERIFIED, EventOutcome.SUCCESS, proved, version=version
        )
        sentence = say("Registered as {package}.", package=_named(version))
        sentence = together([sentence, proved])
        self.desk.catalogue.register(version.identity, version.number, _now(), str(sentence))
        registered = self.desk.catalogue.version(version.identity, version.number)
        return self._with_receipt(State.REGISTERED, sentence, registered)

    def _with_receipt(
        self,
        state: State,
        sentence: str,
        version: Version,
        *,
        same_as: str | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> Result:
        facts = Facts(state, version, same_as, faults[0].message if faults else None)
        receipt = write_receipt(self.desk, self.submission, facts)
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
        return Result(
            submission.delivery,
            submission.folder,
            state,
            sentence,
            version.identity if version else None,
            version.number if version else None,
            copies_of(self.desk, version.identity, version.number) if version else (),
            submission.problems if problems is None else problems,
            receipt,
            faults,
            handed_over(submission, state),
            submission.lang,
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
        self.desk.catalogue.note_submission(
            SubmissionState(
                self.submission.delivery,
                self.submission.folder,
                self.fingerprint,
                state,
                version.identity if version else None,
                version.number if version else None,
                str(sentence),
                _now(),
            ),
            kind,
            outcome,
            detail or {},
        )


def handed_over(submission: Submission, state: State) -> Handed:
    """What a submission holds, for the pages about its delivery."""
    document = document_of(full_record(submission), submission.folder, ReceiptState(state))
    open_still = state in (State.REFUSED, State.HELD)
    return Handed(document, named_scans(submission) if open_still else ())


def _proofs(copies: Sequence[StoredCopy]) -> Phrase:
    proofs = ", ".join(f"{copy.store} ({copy.grade})" for copy in copies)
    return say("Proved in every store: {proofs}.", proofs=proofs)


def _named(version: Version) -> str:
    return f"{version.identity} v{version.number}"


def _now() -> datetime:
    return datetime.now(UTC)
