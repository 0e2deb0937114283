"""What a command costs: time, processor, bytes read, memory; its own and of all that it starts."""

import os
import platform
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

_LOOK_SECONDS = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock; processor seconds of it and of the server meanwhile; bytes it read from
    files (``rchar`` of /proc); the most memory of all its processes together, in bytes.
    """

    seconds: float
    cpu: float
    server: float
    read: int
    peak: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.seconds + other.seconds,
            self.cpu + other.cpu,
            self.server + other.server,
            self.read + other.read,
            max(self.peak, other.peak),
        )


def total(costs: Sequence[Cost]) -> Cost:
    """The cost of one after the other."""
    return reduce(Cost.__add__, costs)


def measure(
    command: Sequence[str | Path],
    *,
    server: int,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Cost, str]:
    """What a command cost, and what it printed. ``server`` is a process whose work counts apart.

    Raises RuntimeError with what it said when it failed.
    """
    before, begun = _processor(server), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(process.pid)
    said, complained = _all_of(process)
    # Ended and not yet waited for, a process still tells what it and its children have read.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    seconds, read = time.perf_counter() - begun, _field(process.pid, "io", "rchar")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        shown = " ".join(map(str, command))
        raise RuntimeError(f"{shown} ended with {process.returncode}:\n{said}\n{complained}")
    return Cost(
        seconds,
        used.ru_utime + used.ru_stime,
        _processor(server) - before,
        read,
        max(peak.end(), used.ru_maxrss * 1024),
    ), said


def _all_of(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Both outputs to their ends, without waiting for the process as ``communicate`` does."""
    complained: list[str] = []
    assert process.stdout
    assert process.stderr
    reader = threading.Thread(target=lambda: complained.append(process.stderr.read()))
    reader.start()
    said = process.stdout.read()
    reader.join()
    return said, "".join(complained)


class _Peak:
    """The most resident memory of a process and its descendants, looked at again and again."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            now = sum(_field(pid, "status", "VmRSS") * 1024 for pid in _tree(self._pid))
            self._most = max(self._most, now)

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self._most


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _field(pid: int, file: str, name: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    return 0


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def machine() -> dict[str, str | int | float]:
    """What was measured on."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return {
        "processor": cpu[0].partition(":")[2].strip() if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_at_begin": os.getloadavg()[0],
    }
