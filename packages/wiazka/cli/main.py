"""The wiazka command: its parts, and how faults reach people. Heavy imports wait until needed."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import rich_click as click

from wiazka import __version__
from wiazka.cli import (
    audit,
    check,
    deaccession,
    digest,
    doctor,
    drill,
    holdings,
    incident,
    ingest,
    ledger,
    parse,
    rebuild,
    repair,
    replicate,
    report,
    restore,
    serve,
    show,
    store,
    template,
)
from wiazka.cli.output import EXIT_CODES, print_fault, show_fault, style_help
from wiazka.errors import UsageError, WiazkaError

style_help()


@click.group(
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="wiazka")
def wiazka() -> None:
    """Keep archival documents: check, describe, bag, store, prove.

    Start with `wiazka check inbox/…`, which writes nothing.
    """


for command in (
    check.check,
    ingest.ingest,
    holdings.find,
    show.show,
    holdings.list_,
    audit.audit,
    incident.incident,
    repair.repair,
    drill.drill,
    report.report,
    restore.restore,
    rebuild.rebuild,
    replicate.replicate,
    deaccession.deaccession,
    store.store,
    ledger.log,
    parse.parse,
    template.template,
    digest.digest,
    doctor.doctor,
    serve.serve,
):
    wiazka.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; ends the process with 0, 1 content, 2 usage, 3 system (DESIGN §8)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Where the locale has no ✘ or ł, a ? is shown, and the work goes on.
            stream.reconfigure(errors="replace")
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    as_json = "--json" in (sys.argv if arguments is None else arguments)
    try:
        code = wiazka.main(arguments, prog_name="wiazka", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        if as_json:
            context = error.ctx if isinstance(error, click.UsageError) else None
            where = context.command_path if context else "wiazka"
            print_fault(UsageError(error.format_message(), f"See: {where} --help"))
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was begun is taken up by the next run.", err=True)
        return 130
    except WiazkaError as error:
        show_fault(error, as_json=as_json)
        return error.exit_code
    except BrokenPipeError:
        # `wiazka list | head`: the reader has seen enough. Not 0, as rich has it too: what was not
        # shown, or not done, may not be well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if os.environ.get("WIAZKA_DEBUG"):
            raise
        where = f"{error.filename}: " if error.filename else ""
        show_fault(
            WiazkaError(f"{where}{error.strerror or error}.", "See the rights and the disk there."),
            as_json=as_json,
        )
        return 3
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
