"""An installation that a fault test may break: a database of its own, a server as a process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mutual.entry import database as d
from mutual.wall import heads
from tests.conftest import ROOT, _template

MUTUAL = (sys.executable, "-m", "mutual.entry.cli")


@contextmanager
def cloned(name: str) -> Iterator[str]:
    """A database of its own with the test world; gone afterwards, its audit heads too."""
    name = f"mutual_fault_{name}_{os.getpid()}"
    d.clone_database(_template(), name)
    try:
        yield name
    finally:
        heads.file_of(name).unlink(missing_ok=True)
        d.drop_database(name)


def mutual(*words: str, timeout: float = 90, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as somebody at a terminal would; never asks, never hangs."""
    return subprocess.run(
        [*MUTUAL, *words],
        cwd=ROOT,
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``mutual serve`` as a process of its own; what it says goes to ``log``."""

    def __init__(self, database: str, log: Path, *command: str, **env: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._command = command or (*MUTUAL, "serve", "--port", str(self.port))
        self._env = os.environ | {"MUTUAL_DATABASE": database, "MUTUAL_HTTPS": "0"} | env
        self.start()

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [w.replace("PORT", str(self.port)) for w in self._command],
                cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        for _ in range(600):
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text()[-2000:]}")
            try:
                urllib.request.urlopen(f"{self.address}/contact/", timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not answer within a minute")

    def kill(self) -> None:
        """kill -9, with no chance to say goodbye."""
        self._process.kill()
        self._process.wait()

    def said(self) -> str:
        """All that it wrote to standard output and standard error."""
        return self.log.read_text("utf-8", "replace")
