"""How results reach people and programs: colour on a terminal, plain lines and JSON elsewhere."""

import codecs
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import rich_click as click

from wiazka.errors import WiazkaError
from wiazka.evidence import sha256
from wiazka.phrase import Lang, in_language, say
from wiazka.problem_kinds import Problem, Severity

if TYPE_CHECKING:
    from rich.console import Console

F = TypeVar("F", bound=Callable[..., object])

EXIT_CODES = (
    "Exit codes: 0 all well · 1 something refused or found · 2 wrong usage or configuration · 3 "
    "system error"
)
_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_SEVERITIES = {
    Severity.ERROR: say("error"),
    Severity.WARNING: say("warning"),
    Severity.NOTE: say("note"),
}


def style_help() -> None:
    """The look of all help pages."""
    click.rich_click.TEXT_MARKUP = "rich"
    click.rich_click.MAX_WIDTH = 100
    click.rich_click.STYLE_EPILOG_TEXT = "dim"


def common(function: F) -> F:
    """The options that every command has: --json and --config."""
    function = click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The configuration file. Else $WIAZKA_CONFIG, else ./wiazka.toml.",
    )(function)
    return click.option(
        "--json", "as_json", is_flag=True, help="One JSON document on standard output."
    )(function)


def examples(*lines: str) -> str:
    """The end of a help page: examples, then the exit codes."""
    # Empty lines between: rich-click joins what stands in one paragraph.
    return "\n\n".join(["Examples:", *(f"$ {line}" for line in lines), EXIT_CODES])


def console(*, stderr: bool = False) -> "Console":
    """Where people read; knows whether it is a terminal."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(json_text(value, indent=2))


def json_text(value: object, indent: int | None = None) -> str:
    """A value as JSON; where standard output is not UTF-8, with all beyond ASCII escaped."""
    is_utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    return json.dumps(value, ensure_ascii=not is_utf8, indent=indent)


def print_fault(error: WiazkaError) -> None:
    """A fault as the one JSON document."""
    fault = {"code": error.code, "message": error.message, "hint": error.hint}
    print_json({"error": fault})


def show_fault(error: WiazkaError, *, as_json: bool) -> None:
    """A system fault, without a traceback: what happened, and what to do."""
    if as_json:
        print_fault(error)
    out = console(stderr=True)
    out.print(f"wiazka: {error.message}", style="bold red", markup=False)
    if error.hint:
        out.print(error.hint, markup=False)


def show_problems(out: "Console", problems: Iterable[Problem], lang: Lang = "en") -> None:
    """Problems in plain words of a language, each with its remedy, errors first."""
    order = list(Severity)
    named = {severity: said.into(lang) for severity, said in _SEVERITIES.items()}
    width = max(map(len, named.values())) + 1
    for problem in sorted(problems, key=lambda item: order.index(item.severity)):
        colour = _COLOURS[problem.severity]
        out.print(f"  {named[problem.severity]:<{width}}", style=colour, end="", markup=False)
        out.print(in_language(problem.message, lang), end="", markup=False)
        out.print(f"  [{problem.code}]", style="dim", markup=False)
        if problem.severity is not Severity.NOTE:
            for number, line in enumerate(in_language(problem.remedy, lang).splitlines()):
                arrow = "  " if number else "→ "
                out.print(f"{'':{width + 2}}{arrow}{line}", style="dim", markup=False)


def problem_json(problem: Problem, lang: Lang = "en") -> dict[str, str | None]:
    """A problem in the shape that DESIGN §8 gives it; only its sentences are in the language."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": problem.path,
        "field": problem.field,
        "message": in_language(problem.message, lang),
        "remedy": in_language(problem.remedy, lang),
    }


def observed_in_words(observed: str) -> str:
    """What an audit observed or expected: where only a size was looked at, it is one of bytes."""
    is_size = observed.isdecimal() and len(observed) < len(sha256(b""))
    return f"{observed} bytes" if is_size else observed


def path_in_words(path: str) -> str:
    """A finding's path in its bag; beside the bag lies only the storage manifest."""
    return f"{path} (the storage manifest)" if path.startswith("../") else path


def size_in_words(size: int) -> str:
    """A number of bytes for people."""
    from rich.filesize import decimal

    return decimal(size)
