"""How much problems matter to this archive, and which of them its staff let be."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wiazka.intake.model import Submission, passing
from wiazka.phrase import say
from wiazka.problem_kinds import ACCEPTANCE_OF_ERROR, ACCEPTANCE_UNUSED, Problem, Severity
from wiazka.record.accepted import KEY
from wiazka.record.batch import BATCH_NAME
from wiazka.record.model import Accepted

Severities = Mapping[str, Severity]


def weighed(problems: Iterable[Problem], severities: Severities) -> tuple[Problem, ...]:
    """The problems, each as grave as the configuration says of its code."""
    return tuple(
        replace(problem, severity=severities.get(problem.code, problem.severity))
        for problem in problems
    )


def weighed_beside(
    loose: Iterable[tuple[str, Problem]], severities: Severities
) -> tuple[tuple[str, Problem], ...]:
    """The same, of what lies beside the documents of a delivery."""
    return tuple((name, weighed([problem], severities)[0]) for name, problem in loose)


def refuses(problem: Problem) -> bool:
    """Whether what has this problem is not taken."""
    return problem.severity is Severity.ERROR


def judged(submission: Submission, severities: Severities) -> Submission:
    """The submission with its problems weighed, and without the warnings that staff accepted.

    Those are kept in ``accepted`` with who and why. An error is not accepted, whoever says so, and
    nor is what holds a document back; an acceptance of what is not there is told, except one of the
    whole delivery.
    """
    problems = weighed(submission.problems, severities)
    claims = submission.record.accepted if submission.record else ()
    if not claims:
        return replace(submission, problems=problems)
    told: list[Problem] = []
    accepted: list[Accepted] = []
    used: set[Accepted] = set()
    for problem in problems:
        claim = next((one for one in claims if _is_of(one, problem)), None)
        if claim is not None and problem.severity is Severity.WARNING:
            of = {"path": problem.path, "message": problem.message}
            accepted.append(claim.model_copy(update=of))
        else:
            told.append(problem)
        if claim is None:
            continue
        used.add(claim)
        if refuses(problem):
            told.append(_of_error(claim, problem))
    # Of what is held back not all is told yet.
    open_claims = () if passing(problems) else claims
    unused = (_unused(one) for one in open_claims if one not in used and not _is_shared(one))
    where = (submission.record and submission.record.sidecar) or ""
    added = [replace(one, path=where) for one in weighed(unused, severities)]
    return replace(
        submission,
        problems=(*told, *added),
        accepted=(*submission.accepted, *accepted),
        record=submission.record and submission.record.model_copy(update={"accepted": ()}),
    )


def _is_of(claim: Accepted, problem: Problem) -> bool:
    if claim.code != problem.code:
        return False
    path = claim.path.rstrip("/")
    return not path or path in (problem.path, problem.field) or problem.path.startswith(f"{path}/")


def _is_shared(claim: Accepted) -> bool:
    return claim.message.startswith(BATCH_NAME)


def _of_error(claim: Accepted, problem: Problem) -> Problem:
    return ACCEPTANCE_OF_ERROR.at(
        problem.path,
        say(
            "'{code}' is said to be accepted by {name}, but it is an error, which cannot be.",
            code=claim.code,
            name=claim.by or "?",
        ),
        say("Mend it; or ask the administrator to make it a warning, under [severity]."),
        field=KEY,
    )


def _unused(claim: Accepted) -> Problem:
    what = say(
        "'{code}' is said to be accepted, but nothing of that kind is wrong.", code=claim.code
    )
    if claim.path:
        what = say(
            "'{code}' of '{path}' is said to be accepted, but nothing of that kind is wrong there.",
            code=claim.code,
            path=claim.path,
        )
    return ACCEPTANCE_UNUSED.at(
        "", what, say("Take it out, or correct its code or path."), field=KEY
    )
