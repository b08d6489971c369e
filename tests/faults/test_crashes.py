"""Killed without warning: what was confirmed is there, what was half-done is not."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mutual.base import embedded
from mutual.entry import database as d
from tests.conftest import ROOT
from tests.faults.installation import Server, cloned, mutual

PLANTED = "porcupine-lantern-4417"
FORM = {
    "name": "Fictional Visitor",
    "safe_route": "mail",
    "reach": "visitor@home.example",
    "safe_hours": "weekdays 12 to 1",
    "state": "TX",
    "question": f"a question, {PLANTED}",
}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database that servers may be killed over."""
    with cloned("crash") as name:
        yield name


class Visitor:
    """A browser without script."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar)).open

    def get(self, path: str) -> str:
        return self._open(self.address + path, timeout=20).read().decode()

    def ask(self, path: str = "/contact/", **changed: str) -> tuple[int, str]:
        """Fill in the form that asks us and send it: (status, where it led)."""
        page = self.get("/contact/")
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        body = urllib.parse.urlencode(hidden | FORM | changed).encode()
        try:
            with self._open(self.address + path, body, timeout=20) as answer:
                return answer.status, urllib.parse.urlsplit(answer.url).path
        except urllib.error.HTTPError as error:
            return error.code, path


def questions(name: str, words: str) -> int:
    with d.connect("mutual_owner", name) as link:
        row = link.execute(
            "select count(*) from episode_inquiry where question like %s", [f"%{words}%"]
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_what_was_confirmed_survives_a_kill_at_once(database: str, tmp_path: Path) -> None:
    server = Server(database, tmp_path / "log")
    try:
        status, where = Visitor(server.address).ask(question=f"first {PLANTED}")
        server.kill()
        assert (status, where) == (200, "/contact/thanks/")
        assert questions(database, f"first {PLANTED}") == 1
        server.start()
        status, where = Visitor(server.address).ask(question=f"second {PLANTED}")
        assert (status, where) == (200, "/contact/thanks/")
        assert questions(database, PLANTED) == 2
    finally:
        server.kill()


@pytest.mark.rule("P-62")
def test_a_view_that_fails_after_a_write_leaves_nothing_and_logs_no_content(
    database: str, tmp_path: Path
) -> None:
    server = Server(
        database, tmp_path / "log",
        sys.executable, "-m", "uvicorn", "tests.faults.failing:application",
        "--port", "PORT", "--log-level", "warning", "--no-access-log",
    )  # fmt: skip
    try:
        visitor = Visitor(server.address)
        words = f"half-done {PLANTED}"
        status, _ = visitor.ask(f"/fail-after/?q={PLANTED}-in-query", question=words)
        assert status == 500
        assert questions(database, words) == 0
        with pytest.raises(urllib.error.HTTPError) as absent:
            visitor.get(f"/no/{PLANTED}-in-path/?q={PLANTED}-in-query")
        assert absent.value.code == 404
        with pytest.raises(urllib.error.HTTPError) as failing:
            visitor.get(f"/fail-in-database/?q={PLANTED}-in-query")
        assert failing.value.code == 500
    finally:
        server.kill()
    said = server.said()
    assert "message withheld" in said, "the failure itself is logged"
    for planted in (PLANTED, "visitor@home.example", "Fictional Visitor", "weekdays"):
        assert planted not in said


@pytest.mark.rule("P-3")
@pytest.mark.parametrize("role", ["mutual_owner", "mutual_super"])
def test_nothing_is_served_under_a_role_that_walks_past_the_wall(role: str, database: str) -> None:
    for command in ("serve", "work"):
        done = mutual(command, MUTUAL_DATABASE=database, MUTUAL_ROLE=role)
        assert done.returncode == 3, command
        assert f"The database role {role} must not serve" in done.stderr
        assert "DATABASE_URL" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def other_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation of its own, with its own embedded server."""
    home = tmp_path_factory.mktemp("home")
    for folder in (home, *home.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder) != "/":
            folder.chmod(folder.stat().st_mode | 0o011)
    yield home
    subprocess.run(
        [sys.executable, "-c", STOP],
        env=os.environ | {"MUTUAL_HOME": str(home), "MUTUAL_DATABASE_SAFETY": "on"},
        cwd=ROOT, check=True,
    )  # fmt: skip


STOP = "from mutual.base import embedded, home as h; embedded.stop(h.home())"
START = (
    "from mutual.base import embedded, home as h, database as b\n"
    "import psycopg\n"
    "embedded.start(h.home())\n"
    "with psycopg.connect(**b.dsn('mutual_super', 'postgres'), autocommit=True) as link:\n"
    "    {}\n"
    "    print(open(embedded.place(h.home()) / 'postgres' / 'postmaster.pid').readline().strip())\n"
)


def start(home: Path, then: str = "pass") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START.format(then)],
        env=os.environ | {"MUTUAL_HOME": str(home), "MUTUAL_DATABASE_SAFETY": "on"},
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def result(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.split()


def test_two_that_start_the_database_at_once_share_one_server(other_home: Path) -> None:
    both = [start(other_home), start(other_home)]
    first, second = (result(one) for one in both)
    assert first == second


def test_a_killed_database_recovers_at_the_next_start(other_home: Path) -> None:
    (pid,) = result(start(other_home, "link.execute('create table kept as select 17 as n')"))
    os.kill(int(pid), signal.SIGKILL)
    row, again = result(
        start(other_home, "print(link.execute('select n from kept').fetchone()[0])")
    )
    assert row == "17" and again != pid


def test_a_database_that_can_not_start_says_where_to_look(tmp_path: Path) -> None:
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder should be")
    done = mutual("serve", MUTUAL_HOME=str(blocked))
    assert done.returncode in (1, 3)
    assert str(blocked) in done.stderr and "Traceback" not in done.stderr


def test_the_socket_of_the_database_is_for_its_account_alone() -> None:
    from mutual.base.home import home

    folder = embedded.socket_folder(embedded.place(home()))
    assert folder.stat().st_mode & 0o077 == 0
