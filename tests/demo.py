"""``make demo``: the whole job on a sample delivery, each step with the command that does it.

Everything lies in ``.demo/``. A second run finds everything already held.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from pathlib import Path

from rich.console import Console

from flows.serving import local_server
from tests.sample.make_sample import DELIVERY, OLSZOWSKI, make_delivery
from tests.services.openstack import ACCESS_KEY, SECRET_KEY, Swift
from wiazka.ledger.note import ED25519
from wiazka.ledger.signing import ENV_KEY, SigningKey

REPO = Path(__file__).parents[1]
HERE = REPO / ".demo"
WIAZKA = Path(sys.executable).with_name("wiazka")
BUCKET = "preservation"
out = Console(highlight=False, soft_wrap=True)

# Everybody's, so that what a first run signed is right in a second one. `wiazka log key --new`
# makes one that is nobody else's.
_SEED = bytes(32)
_KEY = SigningKey("archiwum.example.org/ledger", _SEED).verifier
_PRIVATE_KEY = f"PRIVATE+KEY+{_KEY.name}+{_KEY.id.hex()}+{b64encode(ED25519 + _SEED).decode()}"

_CONFIG = """[archive]
name = "Archiwum Przykładowe"
contact_email = "archiwum@example.org"

[stores.disk]
kind = "directory"
path = "disk"

[stores.s3]
kind = "s3"
bucket = "{bucket}"
endpoint = "{endpoint}"
region = "us-east-1"
"""


def main() -> int:
    """Run the demo; 0 when every step did what it shows."""
    HERE.mkdir(exist_ok=True)
    inbox = HERE / "inbox"
    inbox.mkdir(exist_ok=True)
    out.print("Starting an object store (OpenStack Swift) and a Prefect server…", style="dim")
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        api = pool.submit(stack.enter_context, local_server(HERE / "prefect", _free_port()))
        store = stack.enter_context(Swift(HERE / "swift"))
        store.make_bucket(BUCKET)
        (HERE / "wiazka.toml").write_text(
            _CONFIG.format(bucket=BUCKET, endpoint=store.endpoint), encoding="utf-8"
        )
        return _steps(inbox, api.result())


def _steps(inbox: Path, api: str) -> int:
    _title(1, "A delivery of four documents lies in the inbox")
    if not (inbox / DELIVERY).exists():
        make_delivery(inbox)
    for folder in sorted((inbox / DELIVERY).iterdir()):
        if folder.is_dir():
            files = sum(1 for path in folder.rglob("*") if path.is_file())
            out.print(f"  {folder.name}  {files} files", markup=False)

    _title(2, "What is wrong with it, before anything is stored")
    _wiazka("check", f"inbox/{DELIVERY}", expect=1)

    _title(3, "Ingest: a Prefect flow; a document is registered when both stores have proved it")
    _wiazka("ingest", expect=1, PREFECT_API_URL=api)
    published = HERE / "checkpoint.txt"
    if not published.exists():
        _wiazka("log", "checkpoint", to=published)

    _title(4, "Audit: every byte of every copy is read again")
    _wiazka("audit")
    scan, identity = _scan(), _identity()
    _flip(scan)
    out.print(f"\n  Now one bit of one byte is changed: {scan.relative_to(REPO)}", style="yellow")
    _wiazka("audit", "--store", "disk", expect=1)

    _title(5, "Repair: from the other copy, which is read first; the damaged bytes are kept aside")
    _wiazka("repair", identity, "--store", "disk")
    _wiazka("incident", "list", "--all")

    _title(6, "Drill: a package and the catalogue had back from each store alone")
    _wiazka("drill")
    restored = HERE / "restored"
    shutil.rmtree(restored, ignore_errors=True)
    _wiazka("restore", identity, "--from", "s3", "--to", str(restored))
    _wiazka("log", "verify")
    _wiazka("report", "fixity", "--to", str(HERE / "fixity"))

    _title(7, "A donor checks: with receipt, bag and what was published, and nobody's word")
    receipt = HERE / "wiazka-home" / "reports" / "receipts" / identity / "v1.html"
    _wiazka("log", "verifier", to=HERE / "verify_receipt.py")
    _run(
        ["python3", "verify_receipt.py"],
        str(receipt.relative_to(HERE)),
        restored.name,
        published.name,
        "--key",
        _KEY.line,
    )

    _title(8, "What to look at")
    out.print(f"  The receipt, in any browser:  {receipt.relative_to(REPO)}", style="bold")
    out.print("  What was proved, and when:    .demo/fixity/fixity.html")
    out.print(f"  What staff are to mend:       .demo/inbox/{DELIVERY}/_PROBLEMS.html")
    reports = ".demo/wiazka-home/reports"
    out.print(f"  The delivery's report:        {reports}/accessions/{DELIVERY}.html (and .csv)")
    out.print("  Commands to try (in .demo/):  ../.venv/bin/wiazka list")
    out.print("                                ../.venv/bin/wiazka find olszowski")
    out.print(f"                                ../.venv/bin/wiazka show {identity}")
    out.print("                                ../.venv/bin/wiazka log verify")
    out.print("                                ../.venv/bin/wiazka --help")
    return 0


def _title(number: int, text: str) -> None:
    out.print(f"\n{number}. {text}", style="bold cyan")


def _wiazka(*arguments: str, expect: int = 0, to: Path | None = None, **environment: str) -> None:
    _run(["wiazka"], *arguments, expect=expect, to=to, **environment)


def _run(
    command: list[str],
    *arguments: str,
    expect: int = 0,
    to: Path | None = None,
    **environment: str,
) -> None:
    """Run a command as a user would see it; stop the demo where its exit code is another."""
    into = [">", to.name] if to else []
    out.print("$", *command, *arguments, *into, style="green", markup=False)
    with to.open("wb") if to else nullcontext() as stream:
        done = subprocess.run(
            [*command, *arguments],
            cwd=HERE,
            check=False,
            env=_environment() | environment,
            stdout=stream,
        )
    if done.returncode != expect:
        out.print(f"This should have ended with exit code {expect}, not {done.returncode}.")
        sys.exit(1)


def _environment() -> dict[str, str]:
    return os.environ | {
        "PATH": f"{WIAZKA.parent}{os.pathsep}{os.environ['PATH']}",
        ENV_KEY: _PRIVATE_KEY,
        "WIAZKA_STORE_S3_ACCESS_KEY_ID": ACCESS_KEY,
        "WIAZKA_STORE_S3_SECRET_ACCESS_KEY": SECRET_KEY,
        "FORCE_COLOR": "1" if out.is_terminal else "",
    }


def _identity() -> str:
    found = subprocess.run(
        [WIAZKA, "find", "--json", "Olszowski"],
        cwd=HERE,
        check=True,
        capture_output=True,
        env=_environment(),
    )
    identity: str = json.loads(found.stdout)["packages"][0]["id"]
    return identity


def _scan() -> Path:
    slug = OLSZOWSKI.lower()
    return next((HERE / "disk" / "packages").glob(f"*/{slug}/v1/data/objects/scans/0002r.tif"))


def _flip(path: Path, at: int = 1000) -> None:
    mode = path.stat().st_mode
    path.chmod(mode | 0o200)
    with path.open("r+b") as stream:
        stream.seek(at)
        byte = stream.read(1)[0]
        stream.seek(at)
        stream.write(bytes([byte ^ 1]))
    path.chmod(mode)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
