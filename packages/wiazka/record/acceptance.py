"""Names of a record against the archive's list: what staff accepted, and what is proposed."""

from dataclasses import replace

from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import AUTHORITY_UNKNOWN, NAME_KNOWN_AS, Problem
from wiazka.record.authority import Authorities, propose
from wiazka.record.model import Agent, Record
from wiazka.record.text import words

# The key of a record under which names are given their ids: "Margaret Gnoinska = gnoinska-m".
KEY = "authorities"


def with_authorities(
    record: Record, authorities: Authorities
) -> tuple[Record, tuple[Problem, ...]]:
    """The record with the ids that staff accepted, and a note for each name that may be known.

    Names stay as given. An id that is not in the list is a warning and is left out; what was
    written stays in ``extra``.
    """
    said = record.extra.get(KEY, "")
    accepted, problems = _accepted(said)
    named = {words(agent.name) for agent in record.agents}
    problems += [
        _unknown(
            say("No agent of this document is called '{name}'.", name=name),
            say("Write it as the credit does."),
        )
        for key, (name, _) in accepted.items()
        if key not in named
    ]
    agents: list[Agent] = []
    unresolved: list[str] = []
    proposed: set[str] = set()
    for agent in record.agents:
        identifier = agent.authority or accepted.get(words(agent.name), ("", None))[1]
        if identifier is None:
            # One name has often several roles: one note is enough.
            if words(agent.name) not in proposed:
                problems += _proposed(agent, authorities)
            proposed.add(words(agent.name))
            agents.append(agent)
            continue
        known = authorities.of_id(identifier) is not None
        if not known:
            problems.append(_no_such_id(agent, identifier, authorities))
            if agent.authority:
                unresolved.append(f"{agent.name} = {identifier}")
        agents.append(agent.model_copy(update={"authority": identifier if known else None}))
    extra = dict(record.extra)
    if unresolved:
        extra[KEY] = "; ".join(dict.fromkeys([*([said] if said else []), *unresolved]))
    placed = (replace(problem, path=record.sidecar or "") for problem in dict.fromkeys(problems))
    return record.model_copy(update={"agents": tuple(agents), "extra": extra}), tuple(placed)


def _accepted(said: str) -> tuple[dict[str, tuple[str, str]], list[Problem]]:
    """The ids under the key ``authorities``, by folded name; and a problem for what is no pair."""
    accepted: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for pair in (part.strip() for part in said.split(";")):
        name, _, identifier = (part.strip() for part in pair.partition("="))
        if name and identifier and "=" not in identifier:
            accepted[words(name)] = (name, identifier)
        elif pair:
            problems.append(
                _unknown(
                    say("'{pair}' does not say which name has which id.", pair=pair),
                    say('Write it as in: authorities: ["Margaret Gnoinska = gnoinska-margaret"]'),
                )
            )
    return accepted, problems


def _proposed(agent: Agent, authorities: Authorities) -> list[Problem]:
    found = propose(agent.name, authorities, agent.kind)
    if found is None:
        return []
    row = found.authority
    who = {"name": agent.name, "known": row.preferred, "id": row.id}
    return [
        NAME_KNOWN_AS.at(
            "",
            say("'{name}' is in the list of names: {known} ({id}).", **who)
            if found.exact
            else say("'{name}' may be {known} ({id}).", **who),
            say(
                'To accept, write: {role}: "{name} [{id}]"   or: {key}: ["{name} = {id}"]',
                role=agent.role.value,
                name=agent.name,
                id=row.id,
                key=KEY,
            ),
            field=agent.role.value,
        )
    ]


def _no_such_id(agent: Agent, identifier: str, authorities: Authorities) -> Problem:
    near = authorities.nearest_id(identifier)
    if not authorities.rows:
        remedy = say("No list is read: its place is record.agents in wiazka.toml.")
    elif near:
        remedy = say("Did you mean '{near}'?", near=near)
    else:
        remedy = say("Add it to the list, or take it out here.")
    return _unknown(
        say(
            "'{name}' is given the id '{id}', which is not in the list of names.",
            name=agent.name,
            id=identifier,
        ),
        remedy,
    )


def _unknown(message: Phrase, remedy: Phrase) -> Problem:
    return AUTHORITY_UNKNOWN.at("", message, remedy, field=KEY)
