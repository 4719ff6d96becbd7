"""Child processes of one machine's start: they end with their parent, and one that dies is started again."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

#: Linux: the signal that a process gets when its parent dies (prctl option).
PR_SET_PDEATHSIG = 1
#: The open end of a pipe that only the parent writes to; its end of file means that the parent is gone.
LIFELINE = "TEDUH_LIFELINE"
#: Seconds that children have to finish what they are doing.
GRACE = 8.0


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """Return what a child runs first so that the kernel ends it together with its parent; None where it
    cannot.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def first() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return first


def end_with_parent() -> None:
    """In a child of `serve`: end as if asked to as soon as the parent, or the whole family, is gone; on any
    system.
    """
    given = os.environ.get(LIFELINE)
    if given is None:
        return
    parent = os.getppid()

    def watch(descriptor: int) -> None:
        while os.getppid() == parent:
            try:
                if select.select([descriptor], [], [], 1.0)[0]:
                    break
            except (OSError, ValueError):
                time.sleep(1.0)  # The pipe was not handed down; the parent's number is enough.
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=watch, args=(int(given),), name="teduh-lifeline", daemon=True).start()


@dataclass
class Child:
    """One kind of process: how it is started, and the one that runs now."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0


class Family:
    """Starts children, starts those again that die, and ends them all."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()
        self._read_end, self._write_end = os.pipe()
        os.set_inheritable(self._read_end, True)

    def _start(self, child: Child) -> None:
        paths = [str(settings.BASE_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "teduh.site.settings"),
            "PYTHONPATH": os.pathsep.join(paths),
            LIFELINE: str(self._read_end),
            **child.environment,
        }
        child.started = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603
            child.command,
            env=environment,
            pass_fds=(self._read_end,),
            preexec_fn=_die_with_parent(os.getpid()),
        )

    def run(self, told: Callable[[str], None]) -> None:
        """Keep the children alive until asked to stop; one that dies at once again and again is tried ever
        more slowly.
        """
        for child in self.children:
            self._start(child)
        while not self.stopping.wait(0.25):
            for child in self.children:
                self._look_after(child, told)
        self._end()

    def _look_after(self, child: Child, told: Callable[[str], None]) -> None:
        now = time.monotonic()
        if child.process is not None and child.process.poll() is not None:
            child.failures = child.failures + 1 if now - child.started < 10 else 1
            child.not_before = now + min(30.0, 0.5 * 2 ** (child.failures - 1))
            told(f"{child.name} ended ({child.process.returncode}) and is started again")
            child.process = None
        if child.process is None and now >= child.not_before:
            self._start(child)

    def stop(self, *_signal: object) -> None:
        """Ask everything to end; usable as a signal handler."""
        self.stopping.set()

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
