"""From keys and their values, whatever they were written in, to a record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wiazka.phrase import listed, placed, say, say_many
from wiazka.problem_kinds import KEY_TWICE, KEY_UNKNOWN, VALUE_INVALID, VALUES_DISAGREE, Problem
from wiazka.record import names
from wiazka.record.accepted import read_accepted
from wiazka.record.credit import parse_credit, parse_support
from wiazka.record.dates import DATE_PLACES, DatesReading, read_dates
from wiazka.record.keys import AGENT_KEYS, KEPT_ASIDE, key_named, nearest_key
from wiazka.record.languages import read_languages
from wiazka.record.line import parse_line
from wiazka.record.model import Accepted, Agent, Language, Record, Rights, Role, Source
from wiazka.record.rights import read_rights
from wiazka.record.text import words

_UNKNOWN_SOURCE = {"unknown", "nieznane", "nieznana", "nieznany", "brak"}


@dataclass(frozen=True, slots=True)
class Given:
    """A key with its values as text, and the line or cell it stands in (``line 7``)."""

    key: str
    values: tuple[str, ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sidecar says; ``record`` is None where it could not be read at all."""

    record: Record | None
    problems: tuple[Problem, ...] = ()


def build(given: Iterable[Given], sidecar: str) -> Reading:
    """A record of what was given, and all that is wrong with it. ``sidecar`` is the file's name.

    Blank values count as absent. An unknown key is kept in ``extra``; nothing is thrown away.
    """
    return _Builder(sidecar).reading(given)


class _Builder:
    """Collects problems while the fields are read, so that all of them are told at once."""

    def __init__(self, sidecar: str) -> None:
        self.sidecar = sidecar
        self.problems: list[Problem] = []
        self.values: dict[str, Given] = {}
        self.extra: dict[str, str] = {}
        self.acceptances: list[Given] = []

    def reading(self, given: Iterable[Given]) -> Reading:
        for one in given:
            self._sort(one)
        parsed = [parse_line(line) for line in self._many("source") if not _is_unknown(line)]
        stated = self._text("credit")
        credited = parse_credit(stated) if stated else None
        for line in parsed:
            self._note(line.problems)
        by_line = [agent for line in parsed for agent in line.agents]
        by_line += credited.agents if credited else ()
        self._note(credited.problems if credited else ())
        supported = [parse_support(line) for line in self._many("support")]
        for support in supported:
            self._note(support.problems)
        by_key = self._agents_by_key()
        self._compare(by_key, by_line)
        by_support = [agent for support in supported for agent in support.agents]
        title = self._text("title")
        dates = self._dates(title)
        record = Record(
            title=title,
            date=dates.date,
            other_dates=dates.others,
            source_lines=tuple(line.verbatim for line in parsed),
            sources=tuple(source for line in parsed for source in self._placed(line.sources)),
            no_source_reason=self._text("no_source_reason"),
            credit=_joined([stated, *(line.credit for line in parsed)]),
            support=self._many("support"),
            agents=merged([*by_line, *by_key, *by_support]),
            registry_marks=self._many("registry_marks"),
            record_id=self._text("record_id"),
            uploaded=self._text("uploaded"),
            collection=self._text("collection"),
            document_type=self._text("type"),
            classification=self._text("classification"),
            summary=self._text("summary"),
            subjects=self._many("subjects"),
            places=self._many("places"),
            languages=self._languages(),
            rights=self._rights(),
            acquisition=_joined(self._many("acquisition")),
            custodial_history=_joined(self._many("custodial_history")),
            published_in=self._many("published_in"),
            related=self._many("related"),
            notes=_joined(self._many("notes")),
            changed_by=_joined(self._many("changed_by")),
            change_note=_joined(self._many("change_note")),
            accepted=self._accepted(),
            extra=self.extra,
            sidecar=self.sidecar,
        )
        return Reading(record, tuple(self.problems))

    def _sort(self, given: Given) -> None:
        values = tuple(value.strip() for value in given.values if value.strip())
        key = key_named(given.key)
        if key == "accepted":
            self.acceptances.append(Given(key, values, given.where))
            return
        if key in self.values or given.key in self.extra:
            self._add(
                KEY_TWICE.at(
                    self.sidecar,
                    placed(
                        given.where,
                        say(
                            "'{given}' is given a second time (it means '{key}').",
                            given=given.key,
                            key=key,
                        )
                        if key and key != given.key
                        else say("'{given}' is given a second time.", given=given.key),
                    ),
                    say("Keep one of them; several values go in a list."),
                    field=key or given.key,
                )
            )
            return
        if not values:
            return
        if key is None or key in KEPT_ASIDE:
            self.extra[key or given.key] = "; ".join(values)
        else:
            self.values[key] = Given(key, values, given.where)
        if key is None:
            self._add(self._unknown(given))

    def _unknown(self, given: Given) -> Problem:
        near = nearest_key(given.key)
        hint = (
            say("Did you mean '{near}'?", near=near)
            if near
            else say("'wiazka template' shows every key.")
        )
        return KEY_UNKNOWN.at(
            self.sidecar,
            placed(
                given.where,
                say("no field is called '{key}'; its value is kept as it is.", key=given.key),
            ),
            hint,
            field=given.key,
        )

    def _many(self, key: str) -> tuple[str, ...]:
        return self.values[key].values if key in self.values else ()

    def _text(self, key: str) -> str | None:
        values = self._many(key)
        if len(values) > 1:
            self._add(
                VALUE_INVALID.at(
                    self.sidecar,
                    placed(
                        self.values[key].where,
                        say_many(
                            "'{key}' has {number} value, and holds one.",
                            "'{key}' has {number} values, and holds one.",
                            len(values),
                            key=key,
                        ),
                    ),
                    say('Write one value, as in: {key}: "{value}"', key=key, value=values[0]),
                    field=key,
                )
            )
        return values[0] if values else None

    def _dates(self, title: str | None) -> DatesReading:
        beside = [(key, text) for key in DATE_PLACES for text in self._many(key)]
        found = read_dates(self._text("date"), title, beside)
        self._note(found.problems)
        return found

    def _rights(self) -> Rights:
        found = read_rights(
            self._many("rights"),
            holder=_joined(self._many("rights_holder")),
            restriction=_joined(self._many("restriction")),
            review=self._text("review_date"),
        )
        self._note(found.problems)
        self.extra.update(found.kept)
        return found.rights

    def _accepted(self) -> tuple[Accepted, ...]:
        accepted, problems = read_accepted(
            (value, one.where) for one in self.acceptances for value in one.values
        )
        self._note(problems)
        return accepted

    def _agents_by_key(self) -> list[Agent]:
        return [
            names.agent(name, role)
            for key, role in AGENT_KEYS.items()
            for value in self._many(key)
            for name in value.split(";")
            if name.strip()
        ]

    def _compare(self, by_key: Sequence[Agent], by_line: Sequence[Agent]) -> None:
        for role in Role:
            keyed = {words(agent.name): agent.name for agent in by_key if agent.role is role}
            lined = {words(agent.name): agent.name for agent in by_line if agent.role is role}
            if keyed and lined and keyed.keys() != lined.keys():
                self._add(
                    VALUES_DISAGREE.at(
                        self.sidecar,
                        say(
                            "The credit names {credited} as {role}, the key '{role}' {keyed}; "
                            "all are kept.",
                            credited=listed(list(lined.values())),
                            keyed=listed(list(keyed.values())),
                            role=role.value,
                        ),
                        say("Correct whichever is mistyped; leave it if both are right."),
                        field=role.value,
                    )
                )

    def _languages(self) -> tuple[Language, ...]:
        found = read_languages(self._many("languages"), self._many("original_language"))
        self._note(found.problems)
        for key, value in found.kept:
            self.extra[key] = "; ".join([*filter(None, [self.extra.get(key)]), value])
        return found.languages

    def _placed(self, sources: Iterable[Source]) -> list[Source]:
        return [
            source.model_copy(
                update={"problems": tuple(replace(p, path=self.sidecar) for p in source.problems)}
            )
            for source in sources
        ]

    def _note(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._add(replace(problem, path=self.sidecar))

    def _add(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def merged(agents: Iterable[Agent]) -> tuple[Agent, ...]:
    """The agents without those that say again, in the same role, who was named before."""
    kept: dict[tuple[Role, str], Agent] = {}
    for agent in agents:
        said = kept.setdefault((agent.role, words(agent.name)), agent)
        if agent.authority and not said.authority:
            # The credit line names who it was, the key the id that staff accepted for the name.
            accepted = said.model_copy(update={"authority": agent.authority})
            kept[agent.role, words(agent.name)] = accepted
    return tuple(kept.values())


def _is_unknown(line: str) -> bool:
    return words(line) in _UNKNOWN_SOURCE


def _joined(parts: Iterable[str | None]) -> str | None:
    said = dict.fromkeys(part for part in parts if part)
    return "\n".join(said) or None
