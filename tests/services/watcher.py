"""Ends a server with whoever started it, however that ended: ``watcher.py SERVER PARENT``.

A process of its own, which needs nothing but Python. No pipe between the two: a descriptor that
anything in the tests' process closes would end the server.
"""

import os
import signal
import sys
import time
from contextlib import suppress

if __name__ == "__main__":
    server, parent = map(int, sys.argv[1:])
    with suppress(ProcessLookupError):
        while os.getppid() == parent:
            time.sleep(0.2)
            os.kill(server, 0)
        os.killpg(server, signal.SIGKILL)
