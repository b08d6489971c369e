"""The demo as a newcomer starts it: ``mutual demo`` in an empty home, with its own database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PIN = "2468"
START_SECONDS = 240


@dataclass
class Demo:
    """A running demo."""

    port: int
    home: Path
    process: subprocess.Popen[str]
    log: Path

    def at(self, who: str, path: str = "/") -> str:
        """An address on the host name of a persona, or of nobody."""
        host = f"{who}.localhost" if who else "localhost"
        return f"http://{host}:{self.port}{path}"

    def enter(self, who: str, path: str, *, pin: bool = False) -> str:
        """The one-click sign-in of a persona that leads to a page."""
        opened = f"&pin={PIN}" if pin else ""
        return self.at(who, f"/demo/enter?next={path}{opened}")


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def start(home: Path, port: int) -> Demo:
    """Start the demo and wait until it answers.

    Raises:
        RuntimeError: with what it said, if it doesn't.
    """
    log = home / "demo.log"
    environment = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith("MUTUAL_") and k not in ("DJANGO_SETTINGS_MODULE", "PORT")
    }
    with open(log, "a") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "mutual.entry.cli", "demo", "--port", str(port),
             "--home", str(home)],
            cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if _answers(port):
            return Demo(port, home, process, log)
        time.sleep(0.3)
    process.kill()
    raise RuntimeError(f"the demo did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def running() -> Iterator[Demo]:
    """A demo in a home of its own, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="mutual-demo-"))
    home.chmod(0o711)
    demo = start(home, free_port())
    try:
        yield demo
    finally:
        demo.process.send_signal(signal.SIGINT)
        try:
            demo.process.wait(20)
        except subprocess.TimeoutExpired:
            demo.process.kill()
        shutil.rmtree(home, ignore_errors=True)
