"""From facts to a digest: what needs somebody, the newest first, each with what to do."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from wiazka.catalogue.fixity_model import Drill, Incident
from wiazka.catalogue.model import State, SubmissionState
from wiazka.digest.model import Digest, Entry, Facts, Section
from wiazka.digest.standing import RunState, Standing
from wiazka.evidence import Outcome
from wiazka.fixity.forecast import Forecast
from wiazka.phrase import Phrase, all_of, quoted, say, say_many, together
from wiazka.report.words import time_in_words
from wiazka.settings import Archive

# A mail of a thousand lines is read by nobody.
_LISTED = 20
# After so long without one, some digests could not be sent.
_SILENCE = timedelta(hours=36)
# Drills are weekly: by then four of them did not come.
_DRILLED_WITHIN = timedelta(days=31)

_WORDS = {
    State.REFUSED: say("refused"),
    State.FAILED: say("failed"),
    State.STORED: say("not in every store yet"),
}


def digest_of(facts: Facts, archive: Archive) -> Digest:
    """The digest that the facts give."""
    unknown = [one for one in facts.incidents if one.acknowledged_at is None]
    known = [one for one in facts.incidents if one.acknowledged_at is not None]
    kinds = (
        (say("Not working"), list(_faults(facts))),
        (say("Runs that did not come"), list(_runs(facts.standings))),
        (say("Open incidents"), [_incident(one, facts.since) for one in unknown]),
        (say("Stores that nothing looks at"), [Entry(one) for one in facts.unasked]),
        (say("Proofs that are late"), list(_late(facts.policies))),
        (say("Drills that failed, or are long ago"), list(_drills(facts.drills, facts.at))),
        (say("Documents not taken in"), list(_documents(facts.submissions, facts.since))),
    )
    sections = tuple(_section(heading, entries) for heading, entries in kinds if entries)
    number = sum(section.number for section in sections)
    return Digest(
        at=facts.at,
        archive=archive,
        headline=say_many(
            "{number} matter needs somebody", "{number} matters need somebody", number
        )
        if number
        else say("All is well"),
        sections=sections,
        known=_section(say("Known already"), [_incident(one, facts.at) for one in known])
        if known
        else None,
        life=tuple(_life(facts)),
    )


def _section(heading: str, entries: Sequence[Entry]) -> Section:
    newest_first = sorted(entries, key=lambda entry: not entry.new)
    return Section(heading, tuple(newest_first[:_LISTED]), max(0, len(entries) - _LISTED))


def _faults(facts: Facts) -> Iterator[Entry]:
    for fault in facts.faults:
        yield Entry(fault)
    if facts.since is not None and facts.at - facts.since > _SILENCE:
        yield Entry(say("The last digest was made on {time}.", time=time_in_words(facts.since)))


def _runs(standings: Sequence[Standing]) -> Iterator[Entry]:
    for one in standings:
        if one.state not in {RunState.WELL, RunState.UNKNOWN}:
            yield Entry(run_in_words(one), "wiazka doctor")


def run_in_words(one: Standing) -> Phrase:
    """How the runs of a schedule stand."""
    name, mark = quoted(one.schedule.key), one.mark
    if one.due is None or mark is None or one.state is RunState.MISSED:
        return _not_run(one)
    begun = time_in_words(mark.begun)
    if one.state is RunState.FAILED:
        return say("{name} of {time} failed: {fault}", name=name, time=begun, fault=mark.fault)
    if one.state is RunState.STOPPED:
        return say("{name} of {time} was stopped before its end.", name=name, time=begun)
    if one.state is RunState.STILL_RUNNING:
        return say(
            "{name} has been running since {time}; none began after it.", name=name, time=begun
        )
    return say("{name} ran on {time}.", name=name, time=begun)


def _not_run(one: Standing) -> Phrase:
    name, ended = quoted(one.schedule.key), one.mark.ended if one.mark else None
    if one.due is None:
        if ended is None:
            return say("{name} has not been due yet.", name=name)
        return say("{name} ran on {time}.", name=name, time=time_in_words(ended))
    due = time_in_words(one.due)
    if ended is None:
        return say("{name} was due on {time} and has never run.", name=name, time=due)
    last = time_in_words(ended)
    return say("{name} was due on {time} and last ran on {last}.", name=name, time=due, last=last)


def _incident(one: Incident, since: datetime | None) -> Entry:
    return Entry(
        say("Incident {number}: {sentence}", number=one.id, sentence=one.sentence),
        f"wiazka incident show {one.id}",
        new=since is None or one.opened_at > since,
    )


def _late(policies: Sequence[Forecast]) -> Iterator[Entry]:
    for one in policies:
        covered = one.coverage
        if not covered.overdue and one.late_from is None and one.can_be_kept:
            continue
        told = [say("{store}: {sentence}.", store=covered.store, sentence=covered.sentence)]
        if not one.can_be_kept:
            told.append(say("The policy cannot be kept with this budget."))
        elif one.late_from is not None:
            day = one.late_from.isoformat()
            told.append(say("Copies will be late from {day} on.", day=day))
        yield Entry(together(told), f"wiazka audit --plan --store {covered.store}")


def _drills(drills: Sequence[Drill], at: datetime) -> Iterator[Entry]:
    """Of each store its newest drill that failed, or its newest good one, where that is long ago.

    ``drills`` are those of all stores, the newest first; the catalogue's are a kind of their own.
    """
    told: set[tuple[str, bool]] = set()
    for one in drills:
        kind = (one.store, one.identity is None)
        if kind in told:
            continue
        told.add(kind)
        then = f"wiazka drill --store {one.store}"
        if one.outcome is not Outcome.OK:
            yield Entry(one.sentence, then)
        elif at - one.ended > _DRILLED_WITHIN:
            time = time_in_words(one.ended)
            yield Entry(
                say("{store}: the last drill was on {time}.", store=one.store, time=time), then
            )


def _documents(submissions: Sequence[SubmissionState], since: datetime | None) -> Iterator[Entry]:
    for one in submissions:
        text = say(
            "{folder}: {state}. {sentence}",
            folder=f"{one.delivery}/{one.folder}",
            state=_WORDS[one.state],
            sentence=one.sentence,
        )
        yield Entry(text, new=since is None or one.at > since)


def _life(facts: Facts) -> Iterator[tuple[str, str]]:
    yield say("Packages"), str(facts.packages)
    yield say("Events in the ledger"), str(facts.events)
    if audit := facts.last_audit:
        when = time_in_words(audit.ended or audit.begun)
        copies = say_many("{number} copy checked", "{number} copies checked", audit.checked)
        yield say("Last audit"), together((when, copies), ", ")
    for policy in facts.policies:
        yield policy.coverage.store, policy.coverage.sentence
    for one in facts.standings:
        if one.state is RunState.WELL:
            yield say("Schedule"), run_in_words(one)
    if told := unknown_in_words(facts.standings):
        yield say("Schedule"), told


def unknown_in_words(standings: Sequence[Standing]) -> Phrase | None:
    """The schedules of which no run left a mark here; None where each did."""
    names = [quoted(one.schedule.key) for one in standings if one.state is RunState.UNKNOWN]
    if not names:
        return None
    return say(
        "No run of {names} is known here. Whether they come is seen only where paths.home is that "
        "of the machines that run them.",
        names=all_of(names),
    )
