"""The bagit package as an independent judge of bags, in a process of its own.

It changes the working directory of the process it runs in, so it is never called in a thread.
Run as ``python -m wiazka.bag.judge BAG``: exit code 0, or 1 with the faults on standard output.
"""

import subprocess
import sys
from pathlib import Path

from wiazka.errors import BagInvalid


def require_valid(bag: Path) -> None:
    """Validate every byte of a bag with the bagit package (RFC 8493). Raises BagInvalid."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(bag)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        faults = (done.stdout or done.stderr).strip()
        raise BagInvalid(
            f"The bag at {bag} does not validate: {faults}",
            "Do not use it. 'wiazka audit' says which copies are sound.",
        )


def _main() -> int:
    import logging

    import bagit

    logging.disable(logging.CRITICAL)
    try:
        bagit.Bag(sys.argv[1]).validate(processes=1)
    except (bagit.BagError, OSError, ValueError) as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
