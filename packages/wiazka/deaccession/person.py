"""Who sits at this terminal, as far as the system can vouch for it."""

import os
import socket
from pathlib import Path

from wiazka.catalogue.persons import Person

ENV_PERSON = "WIAZKA_PERSON"
# What the kernel has for a process that came from no login: a service, a container.
_NOBODY = 4294967295


def person_here(name: str | None = None) -> Person:
    """The person who runs this: ``name``, else $WIAZKA_PERSON, else the login.

    Raises UsageError for a name that cannot be one.
    """
    given = name if name is not None else os.environ.get(ENV_PERSON) or None
    return Person.named(given, _login(), socket.gethostname())


def _login() -> str:
    # $USER and $LOGNAME are anybody's to set. The kernel's login uid stays what it was at login,
    # also under sudo and su.
    try:
        import pwd
    except ImportError:
        import getpass

        return getpass.getuser()
    try:
        uid = int(Path("/proc/self/loginuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        uid = _NOBODY
    uid = os.getuid() if uid == _NOBODY else uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
