"""Real PostgreSQL, as the application's role: a template with the test world, cloned per run.

The owner migrates and loads the world once (keyed by the code that makes it); each test process
works on a clone of its own, in transactions that are rolled back.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings as examples
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
# A database server of the tests' own, apart from the demo's, which need not survive a power cut.
os.environ["MUTUAL_HOME"] = os.environ.get("MUTUAL_TEST_HOME", str(ROOT / ".mutual" / "test"))
os.environ["MUTUAL_DATABASE_SAFETY"] = "off"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
# The settings offer a language only where its catalogue is compiled.
subprocess.run([sys.executable, str(ROOT / "scripts" / "messages.py"), "compile"], check=True)
# The same examples on every machine, however slow it is.
examples.register_profile("house", deadline=None, derandomize=True)
examples.load_profile("house")
CORPORA = Path(os.environ.get("MUTUAL_CORPORA", ROOT.parent / "shared" / "corpora"))


#: What fills the machine by itself: never two of these at once, and the longest first.
HEAVY = (
    "tests/browser/test_first_weeks.py",
    "tests/browser/",
    "tests/room/relay/test_browser.py",
    "tests/probes/test_shared_device.py",
    "tests/faults/",
)
#: What is long but quiet: begun early, so that no process is left alone with it at the end.
LONG = ("tests/probes/", "tests/week/test_solver.py", "tests/entry/")


#: Share the matrix's own database, made once a process.
SCENE = tuple(f"tests/probes/test_{name}.py" for name in ("matrix", "mutants", "two_worlds"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of the run."""

    def place(item: pytest.Item) -> int:
        for number, start in enumerate(HEAVY + LONG):
            if item.nodeid.startswith(start):
                return number
        return len(HEAVY + LONG)

    items.sort(key=place)


class Together(LoadScopeScheduling):
    """A file stays in one process; so do the heavy ones, and those that share a scene.

    (xdist's own groups go by the ids of items, which pytest 9 doesn't let it change.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith(HEAVY):
            return "heavy"
        return "scene" if file in SCENE else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How several processes share the work."""
    return Together(config, log)


#: What the schema and its policies are made from; the rest of the code makes the world alone.
SCHEMA = ("migrations", "models", "wall")
SCHEMA_FILES = ("policy.py", "database.py", "schema.py", "embedded.py")
#: Databases kept of each kind: another run may be cloning an older one right now.
KEPT = 8


def _code() -> list[Path]:
    found = [*(ROOT / "mutual").rglob("*.py"), *(ROOT / "mutual").rglob("*.sql")]
    return sorted(f for f in found if not {"static", "relay"} & set(f.parts))


def _digest(files: list[Path], *more: str) -> str:
    seen = hashlib.sha256()
    for path in files:
        seen.update(path.read_bytes())
    for word in more:
        seen.update(word.encode())
    return seen.hexdigest()[:12]


def _schema_digest() -> str:
    """Of what migrating and the policies depend on."""
    return _digest(
        [
            f
            for f in _code()
            if f.suffix == ".sql"
            or f.name.endswith("models.py")
            or f.name in SCHEMA_FILES
            or set(SCHEMA) & set(f.parts)
        ]
    )


def _template_name() -> str:
    # The world is made of days relative to the programme's today.
    zone = ZoneInfo(os.environ.get("MUTUAL_PROGRAMME_ZONE", "America/Chicago"))
    today = datetime.now(zone).date().isoformat()
    return f"mutual_template_{_digest([*_code(), ROOT / 'tests' / 'world.py'], today)}"


def _made(name: str, fill: Callable[[str], None]) -> str:
    """The database of this name; when it isn't there, ``fill`` makes it under another first."""
    from mutual.entry import database as d

    with d.connect("mutual_super", "postgres") as link:
        rows = link.execute("select datname from pg_database order by oid").fetchall()
    names = [r[0] for r in rows]
    if name in names:
        return name
    making = f"{name}_making"
    d.drop_database(making)
    fill(making)
    with d.connect("mutual_super", "postgres") as link:
        link.execute(f"alter database {making} rename to {name}")
        kind = name.rpartition("_")[0] + "_"
        for old in [n for n in names if n.startswith(kind)][:-KEPT]:
            link.execute(f"drop database if exists {old} with (force)")
    return name


def _migrated(name: str) -> None:
    from mutual.entry import database as d

    d.ensure_database(name)
    d.migrate(name)


def _world(name: str, schema: str) -> None:
    from mutual.entry import database as d

    d.clone_database(schema, name)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from tests.world import load; load()",
        ],
        env=os.environ | {"MUTUAL_ROLE": "mutual_owner", "MUTUAL_DATABASE": name},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the test world did not load:\n{done.stderr[-4000:]}")


@cache  # code that changes during a run is the next run's
def _template() -> str:
    """The template database of this very code; made if it isn't there."""
    import fcntl

    from mutual.base.home import home
    from mutual.entry import database as d

    d.ensure_server()
    with open(home() / "template.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        d.ensure_roles()
        schema = f"mutual_schema_{_schema_digest()}"
        return _made(_template_name(), lambda making: _world(making, _made(schema, _migrated)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """The clone this process works on."""
    from django.db import connections

    from mutual.base import database as base_database
    from mutual.entry import database as d

    name = f"mutual_test_{os.getpid()}"
    d.clone_database(_template(), name)
    # Django's settings were read before this file: point them to the tests' own server.
    mine = base_database.settings(base_database.APP, name)
    connections["default"].settings_dict.update(
        {key: mine[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )
    os.environ["MUTUAL_DATABASE"] = name
    yield
    connections.close_all()
    d.drop_database(name)


@pytest.fixture
def act(db: None) -> Callable[[str], AbstractContextManager[Any]]:
    """``with act("ana") as actor:`` acts as somebody of the test world."""
    from mutual.wall.testing import acting_as
    from tests.world import PEOPLE, id_of

    @contextmanager
    def as_somebody(name: str) -> Iterator[Any]:
        with acting_as(id_of(name), "person" if name in PEOPLE else "staff") as actor:
            yield actor

    return as_somebody


@pytest.fixture
def browse(db: None, client: Any) -> Callable[[str], Any]:
    """A signed-in test client of somebody of the test world (factors and re-check as given)."""
    from django.test import Client

    from mutual.people.models import Account
    from mutual.people.recheck import FRESH
    from mutual.wall.context import open_session
    from mutual.wall.web import COOKIE
    from tests.world import PEOPLE, id_of

    def signed_in(name: str, pin: bool = True) -> Any:
        # As behind a proxy that ended TLS: settings are loaded before this file sets anything.
        mine = Client(headers={"x-forwarded-proto": "https"})
        account = Account.objects.get(actor_id=id_of(name))
        mine.force_login(account)
        mine.cookies[COOKIE] = open_session(id_of(name), "person" if name in PEOPLE else "staff")
        import time

        session = mine.session
        session["second_factor"] = True
        session[FRESH] = time.time() + 900
        if pin:
            session["pin_until"] = time.time() + 900
        session.save()
        return mine

    return signed_in


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real files others wrote; skips, saying so, where it is absent."""
    if not CORPORA.is_dir():
        pytest.skip(f"no corpora folder at {CORPORA}: set MUTUAL_CORPORA")
    return CORPORA
