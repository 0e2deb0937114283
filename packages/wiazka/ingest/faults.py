"""System errors as a result tells them: the admin's to mend."""

from wiazka.errors import WiazkaError
from wiazka.ingest.model import Fault
from wiazka.phrase import cause, placed, say


def fault_of(error: Exception) -> Fault:
    """What an exception means to whoever runs wiazka."""
    if isinstance(error, WiazkaError):
        return Fault(error.code, error.message, error.hint)
    if not isinstance(error, OSError):
        return Fault(
            WiazkaError.code,
            f"Something that was not foreseen went wrong: {type(error).__name__}: {error}.",
            "This is a fault of wiazka: report it with the lines of its log. The document was not "
            "touched, and is tried again at the next run.",
        )
    message = placed(str(error.filename or ""), say("{why}.", why=cause(error)))
    hint = say("See that wiazka's home folder can be written to and its disk is not full.")
    return Fault(WiazkaError.code, message, hint)
