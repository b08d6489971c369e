"""The one sender: the way a person chose, in their hours, once, in one neutral text."""

from __future__ import annotations

import ast
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outgoing
from django.db import transaction
from django.utils import timezone

from mutual.base import mail, sms
from mutual.people.models import ContactLocation, StaffTask
from mutual.privacy import sender
from mutual.wall.context import as_service
from mutual.wall.models import Notice
from mutual.wall.outbox import leave
from tests.world import id_of

ROOT = Path(mail.__file__).parents[1]
CHICAGO = ZoneInfo("America/Chicago")
_TODAY = datetime.now(CHICAGO).date()
#: The Wednesday to come, 18:30 in Chicago.
EVENING = datetime.combine(
    _TODAY + timedelta(days=7 - (_TODAY.weekday() - 2) % 7), time(18, 30), CHICAGO
)


@pytest.fixture(autouse=True)
def boxes(settings, monkeypatch) -> list[tuple[str, str]]:
    """What leaves by text message; mail lies in Django's own test box."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    texts: list[tuple[str, str]] = []
    monkeypatch.setattr(sms, "over_http", lambda number, text: texts.append((number, text)))
    settings.SMS_ADAPTER = "mutual.base.sms.over_http"
    return texts


def chooses(act, name: str, **fields: object) -> None:
    with act(name):
        ContactLocation.objects.filter(person_id=id_of(name)).update(
            **{"safe_hours": "", "phone": "555-010-7777", **fields}
        )


def outcome(act, name: str, occasion: str) -> str:
    with act(name):
        return Notice.objects.get(viewer_id=id_of(name), occasion=occasion).outcome


def news(act, name: str, occasion: str = "news:1", **more: object) -> None:
    with act("mo"):
        leave(id_of(name), occasion, EVENING - timedelta(minutes=1), **more)


@pytest.mark.rule("P-38", "C-19")
@pytest.mark.parametrize(
    ("route", "mails", "texts", "tasks", "said"),
    [
        ("portal", 0, 0, 0, "portal"),
        ("mail", 1, 0, 0, "sent"),
        ("sms", 0, 1, 0, "sent"),
        ("call", 0, 0, 1, "call"),
    ],
)
def test_each_way_is_obeyed_and_the_portal_alone_sends_nothing(
    act, boxes, route, mails, texts, tasks, said
) -> None:
    chooses(act, "ana", safe_route=route)
    news(act, "ana")
    sender.send_due(EVENING)
    assert (len(outgoing.outbox), len(boxes)) == (mails, texts)
    with act("mo"):
        assert StaffTask.objects.filter(rule="P-38").count() == tasks
    assert outcome(act, "ana", "news:1") == said
    sender.send_due(EVENING + timedelta(minutes=5))
    assert (len(outgoing.outbox), len(boxes)) == (mails, texts), "never twice"


@pytest.mark.rule("P-38")
def test_a_mailbox_of_ones_own_choice_is_used(act) -> None:
    chooses(act, "ana", safe_route="mail", safe_mail="quiet@work.example")
    news(act, "ana")
    sender.send_due(EVENING)
    assert [m.to for m in outgoing.outbox] == [["quiet@work.example"]]


@pytest.mark.rule("C-19", "P-38")
def test_nothing_leaves_outside_the_safe_hours_of_the_persons_own_clock(act, boxes) -> None:
    # Ben lives in Denver: 18:30 in Chicago is 17:30 there.
    chooses(act, "ben", safe_route="sms", safe_days="week", safe_from=time(18), safe_to=time(20))
    news(act, "ben")
    sender.send_due(EVENING)
    assert boxes == [] and outcome(act, "ben", "news:1") == ""
    sender.send_due(EVENING + timedelta(minutes=29))
    assert boxes == []
    sender.send_due(EVENING + timedelta(minutes=31))
    assert len(boxes) == 1


@pytest.mark.rule("C-19")
def test_hours_that_can_not_be_read_send_nothing_and_show_to_staff(act, browse, boxes) -> None:
    chooses(act, "ana", safe_route="sms", safe_hours="when he is out")
    news(act, "ana")
    sender.send_due(EVENING)
    assert boxes == [] and outcome(act, "ana", "news:1") == "failed"
    page = browse("dee").get("/staff/notices/").content.decode()
    assert "Ana" in page and "be read: ask them" in page and "news:1" not in page
    assert browse("mo").get("/staff/notices/").status_code == 404
    with act("dee") as dee:
        (row,) = sender.failures(dee)
    browse("dee").post(f"/staff/notices/{row.public_id}/", {"what": "seen"})
    assert outcome(act, "ana", "news:1") == "seen"


@pytest.mark.rule("F-6", "P-38")
def test_a_reminder_that_would_come_after_its_session_is_not_sent(act, boxes) -> None:
    chooses(act, "ana", safe_route="sms", safe_from=time(8), safe_to=time(9), safe_days="any")
    news(act, "ana", until=EVENING + timedelta(hours=1))
    sender.send_due(EVENING)
    assert boxes == [] and outcome(act, "ana", "news:1") == "late"


@pytest.mark.rule("P-21", "F-6")
def test_what_was_cancelled_ends_withdrawn(act, boxes) -> None:
    from uuid import uuid4

    chooses(act, "ana", safe_route="sms")
    gone = f"session:{uuid4()}:60"
    news(act, "ana", gone)
    sender.send_due(EVENING)
    assert boxes == [] and outcome(act, "ana", gone) == "withdrawn"


@pytest.mark.rule("F-6")
def test_a_failing_port_is_tried_again_and_then_shown(act, monkeypatch, settings) -> None:
    chooses(act, "ana", safe_route="sms")
    tried: list[str] = []

    def broken(number: str, text: str) -> None:
        tried.append(number)
        raise OSError("down")

    monkeypatch.setattr(sms, "over_http", broken)
    news(act, "ana")
    moment = EVENING
    for _ in range(12):
        sender.send_due(moment)
        moment += timedelta(minutes=20)
    assert len(tried) == len(sender.WAITS) or len(tried) == len(sender.WAITS) + 1
    for hours in range(5, 40, 5):
        sender.send_due(EVENING + timedelta(hours=hours))
    assert len(tried) == len(sender.WAITS) + 1
    with act("dee") as dee:
        (row,) = sender.failures(dee)
        assert row.why == "no sms" and row.name == "Ana"
        sender.settle(dee, row.public_id, again=True)
    monkeypatch.setattr(sms, "over_http", lambda number, text: tried.append(text))
    sender.send_due(EVENING + timedelta(days=2))
    assert tried[-1] == mail.update_words()[1]


@pytest.mark.rule("F-6")
def test_a_notice_whose_worker_died_is_never_sent_by_itself_again(act, boxes) -> None:
    chooses(act, "ana", safe_route="sms")
    news(act, "ana")
    with transaction.atomic(), as_service("notices"):
        Notice.objects.update(outcome="sending", next_try=EVENING - timedelta(minutes=11))
    sender.send_due(EVENING)
    assert boxes == [] and outcome(act, "ana", "news:1") == "failed"


@pytest.mark.rule("C-19", "P-38")
def test_the_task_to_call_names_number_hours_and_code_word_once(act) -> None:
    chooses(
        act, "ana", safe_route="call", safe_days="week", safe_from=time(17), safe_to=time(20),
        code_word="porch light",
    )  # fmt: skip
    for n in range(3):
        news(act, "ana", f"news:{n}")
    sender.send_due(EVENING)
    with act("mo"):
        (task,) = StaffTask.objects.filter(rule="P-38")
    for part in ("555-010-7777", "Monday to Friday", "5 p.m.", "America/Chicago", "porch light"):
        assert part in task.text
    assert "Leave nothing on voicemail" in task.text


@pytest.mark.rule("P-49")
def test_every_kind_and_every_route_says_one_text(act, boxes) -> None:
    kinds = ["session", "week", "news", "kind", "request", "device", "consent", "breach"]
    chooses(act, "ana", safe_route="mail")
    chooses(act, "ben", safe_route="sms")
    for number, kind in enumerate(kinds):
        for name in ("ana", "ben"):
            news(act, name, f"x{kind}:{number}")
        sender.send_due(EVENING + timedelta(minutes=number))
    assert len(outgoing.outbox) == len(boxes) == len(kinds)
    subject, text = mail.update_words()
    assert {m.subject for m in outgoing.outbox} == {subject}
    assert {m.body for m in outgoing.outbox} | {t for _n, t in boxes} == {text}
    assert len({m.from_email for m in outgoing.outbox}) == 1
    everything = f"{subject} {text} {outgoing.outbox[0].from_email}".lower()
    for word in ("ana", "ben", "http", "session", "therap", "recover", "counsel", "alcohol"):
        assert word not in everything


@pytest.mark.rule("P-49", "F-6")
def test_what_falls_due_at_once_is_one_text_and_what_waited_too_long_is_none(act, boxes) -> None:
    chooses(act, "ana", safe_route="sms")
    for number in range(5):
        news(act, "ana", f"news:{number}")
    sender.send_due(EVENING)
    assert len(boxes) == 1
    news(act, "ana", "news:late")
    sender.send_due(EVENING + sender.STALE)
    assert len(boxes) == 1 and outcome(act, "ana", "news:late") == "late"


@pytest.mark.rule("P-38", "P-49")
def test_nobody_but_the_sender_reaches_for_mail_or_text_messages() -> None:
    allowed = {
        "base/mail.py": {"django.core.mail"},  # the port itself
        "entry/demo/mail.py": {"django.core.mail", "django.core.mail.backends.base"},
        "privacy/sender.py": {"mutual.base.mail", "mutual.base.sms"},
        "base/sms.py": {"mutual.base.mail"},  # the words of every notice
        # Asked for a moment ago by the reader, at the address just typed (P-32, P-85, F-19).
        "people/adapter.py": {"mutual.base.mail"},
        "staff/views/admissions.py": {"mutual.base.mail"},
    }
    for path in ROOT.rglob("*.py"):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        ports = {
            n for n in names
            if n in ("django.core.mail", "smtplib", "mutual.base.mail", "mutual.base.sms")
            or n.startswith("django.core.mail.backends")
        }  # fmt: skip
        ports = {n for n in ports if n.count(".") < 3 or n.endswith("backends.base")}
        where = str(path.relative_to(ROOT))
        if where == "entry/health.py":
            ports -= {"smtplib"}  # asks whether the server answers; sends nothing
        assert ports <= allowed.get(where, set()), where


@pytest.mark.rule("P-38")
def test_the_page_keeps_the_way_and_the_hours(act, browse) -> None:
    client = browse("ana")
    given = {
        "name": "Ana", "pronouns": "", "phone": "555-010-1234", "safe_route": "sms",
        "safe_mail": "", "safe_days": "week", "safe_from": "17:00", "safe_to": "20:30",
        "safe_hours": "", "code_word": "", "emergency_nobody": "on",
    }  # fmt: skip
    assert client.post("/me/contact/", given | {"safe_to": "16:00"}).status_code == 200
    assert client.post("/me/contact/", given).status_code == 302
    with act("ana"):
        row = ContactLocation.objects.get(person_id=id_of("ana"))
    assert (row.safe_days, row.safe_from, row.safe_to) == ("week", time(17), time(20, 30))
    assert 'value="17:00"' in client.get("/me/contact/").content.decode()


def test_staff_hear_by_mail_and_those_who_left_do_not(act) -> None:
    from mutual.people.models import Account

    news(act, "mo")
    news(act, "kit")
    Account.objects.filter(actor_id=id_of("kit")).update(is_active=False)
    sender.send_due(EVENING)
    assert [m.to for m in outgoing.outbox] == [["mo@staff.example"]]


def test_a_notice_that_is_not_due_waits(act, boxes) -> None:
    chooses(act, "ana", safe_route="sms")
    news(act, "ana")
    sender.send_due(EVENING - timedelta(hours=1))
    assert boxes == []
    assert timezone.is_aware(EVENING)
