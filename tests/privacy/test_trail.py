"""Who looked at my record, and what the officer finds in the trail (P-87, P-88)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import StaffTask
from mutual.privacy import conflicts, trail, watch, watch_rules
from mutual.privacy.models import UnusualAccess
from mutual.privacy.watch_rules import Facts, Sum
from mutual.wall import audit
from mutual.wall.relations import relate
from tests.people.signing_in import enter, visitor
from tests.world import id_of

HERE = "America/Chicago"


def looked(act, who: str = "ana") -> dict[str, list[str]]:
    with act(who) as actor:
        days = trail.who_looked(actor, HERE, timezone.localdate())
        return {look.who: look.what for day in days for look in day.looks}


def reads(act, who: str, *lines: tuple[str, str]) -> None:
    with act(who):
        for kind, whose in lines:
            audit.read(kind, id_of(whose))


@pytest.mark.rule("P-87")
def test_the_list_names_staff_role_kind_and_reason_by_day(act, browse) -> None:
    reads(act, "mo", ("progress_note", "ana"), ("medication", "ana"), ("progress_note", "ana"))
    with act("ana") as ana:
        (day,) = trail.who_looked(ana, HERE, timezone.localdate())
    (look,) = day.looks
    assert (look.who, look.role) == ("Mo Lindgren", "your counselor")
    assert sorted(look.what) == ["Notes of your own sessions", "Your medicines"]
    page = browse("ana").get("/me/looked/").content.decode()
    assert "Mo Lindgren" in page and "Your medicines" in page


@pytest.mark.rule("P-87", "P-65")
def test_what_was_asked_live_and_what_the_table_keeps_from_self_never_stands_on_it(act) -> None:
    reads(
        act, "mo", ("ipv_screen", "ana"), ("live_screen", "ana"), ("psychotherapy_note", "ana"),
        ("sud_counseling_note", "ana"), ("staff_task", "ana"), ("incident", "ana"),
        ("clearance", "ab"), ("audit_trail", "ana"),
    )  # fmt: skip
    assert looked(act) == {}
    with act("ana"), connection.cursor() as cursor:
        cursor.execute("select * from wall.audit_mine(%s, current_date + 1, 92)", [HERE])
        assert cursor.fetchall() == [], "not by SQL either"


@pytest.mark.rule("P-87")
def test_neither_partner_stands_on_the_others_list_nor_finds_the_others_readers(act) -> None:
    with act("ben"):
        audit.read("conjoint_note", id_of("ab"))
    reads(act, "kit", ("progress_note", "ben"), ("medication", "ben"))
    assert looked(act) == {}
    assert set(looked(act, "ben")) == {"Kit Amari"}


@pytest.mark.rule("P-87")
def test_who_treats_the_partner_alone_is_not_named_on_what_belongs_to_both(act) -> None:
    with act("ada"):
        relate(id_of("noor"), "nurse", id_of("ben"), "P", reason="your nurse")
        relate(id_of("noor"), "nurse", id_of("ab"), "C", reason="your nurse")
    reads(act, "noor", ("plan_couple", "ab"))
    reads(act, "reyes", ("plan_couple", "ab"))
    assert looked(act) == {"": ["Your shared plan"], "Dr. Reyes": ["Your shared plan"]}
    assert set(looked(act, "ben")) == {"Noor Bakshi", "Dr. Reyes"}


@pytest.mark.rule("P-87")
def test_staff_and_visitors_have_no_such_list_and_it_takes_few_queries(
    act, browse, django_assert_max_num_queries
) -> None:
    for who in ("mo", "pia"):
        with act(who) as actor, pytest.raises(NotThere):
            trail.who_looked(actor, HERE, timezone.localdate())
    assert browse("mo").get("/me/looked/").status_code == 404
    reads(act, "mo", ("progress_note", "ana"))
    client = browse("ana")
    client.get("/me/looked/")
    with django_assert_max_num_queries(10):  # two are the test's own savepoint
        assert client.get("/me/looked/?until=nonsense").status_code == 200


@pytest.mark.rule("P-88")
def test_the_officer_searches_by_person_staff_kind_action_and_days(act, browse) -> None:
    reads(act, "mo", ("progress_note", "ana"), ("medication", "ana"))
    reads(act, "kit", ("progress_note", "ben"))
    today = timezone.localdate()
    with act("pia") as pia:
        names = {key: name for key, (_k, name) in trail.people(pia).items()}

        def found(**asked: object) -> set[tuple[str, str, str]]:
            lines, _more = trail.search(pia, trail.Asked(**asked), names)
            return {(one.who, one.whose, one.kind) for one in lines if one.action == "Read"}

        mine = ("Mo Lindgren", "Ana Fiction")
        assert found(person=id_of("ana")) == {(*mine, "Progress notes"), (*mine, "Medicines")}
        assert found(staff=id_of("kit")) == {("Kit Amari", "Ben Fiction", "Progress notes")}
        assert found(kinds=("medication",)) == {(*mine, "Medicines")}
        assert found(staff=id_of("mo"), last=today - timedelta(days=1)) == set()
        assert found(staff=id_of("mo"), first=today, last=today) == found(staff=id_of("mo"))
        assert found(actions=("sign",)) == set()
    key = next(k for k, name in _people(act) if name == "Ana Fiction")
    page = browse("pia").post("/staff/trail/", {"person": key, "action": "read"}).content.decode()
    assert "Mo Lindgren" in page and "Kit Amari" not in page.split("<tbody")[1]


def _people(act) -> list[tuple[str, str]]:
    with act("pia") as pia:
        return list(trail.people(pia).values())


@pytest.mark.rule("P-88", "P-6")
def test_nobody_else_searches_and_an_officers_own_conflict_is_left_out(act, browse) -> None:
    reads(act, "mo", ("progress_note", "ana"))
    for who in ("mo", "dee", "bill", "ana"):
        with act(who) as actor, pytest.raises(NotThere):
            trail.search(actor, trail.Asked(), {})
        assert browse(who).get("/staff/trail/").status_code == 404
    for who in ("mo", "bill", "ana", "ada"):
        with act(who), connection.cursor() as cursor:
            for asked in (
                "wall.audit_page(null, null, null, null, null, null, null, 9)",
                "wall.audit_sums('-infinity', 'infinity', 'UTC')",
            ):
                cursor.execute(f"select count(*) from {asked}")
                assert cursor.fetchone() == (0,), (who, asked)
            cursor.execute("select wall.subject_of(%s)", [id_of("ana")])
            assert cursor.fetchone() == (None,)
    with act("pia") as pia:
        conflicts.declare(pia, "Ana Fiction", "friend")
        lines, _more = trail.search(pia, trail.Asked(person=id_of("ana")), {})
        assert lines == []


@pytest.mark.rule("P-88")
def test_pages_follow_by_number_and_never_show_a_line_twice(act) -> None:
    reads(act, "mo", *[("progress_note", "ana")] * 120)
    with act("pia") as pia:
        seen: list[int] = []
        before, turns = None, 0
        while True:
            asked = trail.Asked(person=id_of("ana"), actions=("read",), before=before)
            lines, before = trail.search(pia, asked, {})
            seen += [one.seq for one in lines]
            turns += 1
            if before is None:
                break
    assert turns == 3 and len(seen) == len(set(seen)) == 120 and seen == sorted(seen, reverse=True)


@pytest.mark.rule("P-88")
def test_the_trail_and_the_findings_take_few_queries(
    act, browse, django_assert_max_num_queries
) -> None:
    reads(act, "mo", *[("progress_note", "ana")] * 60)
    reads(act, "noor", ("progress_note", "ana"))
    watch.look()
    client = browse("pia")
    for address in ("/staff/trail/", "/staff/trail/unusual/"):
        client.get(address)
        with django_assert_max_num_queries(12):  # two are the test's own savepoint
            assert client.get(address).status_code == 200


def found(act) -> dict[tuple[str, str], str]:
    with act("pia") as pia:
        return {(one.row.rule, one.who): one.whose for one in watch.findings(pia)}


@pytest.mark.rule("P-88")
def test_a_read_without_any_relation_is_found_and_one_with_is_not(act) -> None:
    reads(act, "mo", ("progress_note", "ana"))
    reads(act, "noor", ("progress_note", "ana"))
    watch.look()
    assert found(act) == {("no_relation", "Noor Bakshi"): "Ana Fiction"}


@pytest.mark.rule("P-87")
def test_a_partners_refused_try_goes_to_the_officer_and_to_the_counselor_of_whom_it_was(
    act, browse
) -> None:
    from tests.record.factories import signed

    with act("mo") as mo:
        note = signed(mo)
    answers = [
        browse("ben").get(f"/me/notes/{key}/") for key in (note.public_id, id_of("nobody at all"))
    ]
    assert [one.status_code for one in answers] == [404, 404]
    watch.look()
    assert found(act) == {("partner_try", "Ben Fiction"): "Ana Fiction"}
    with act("mo") as mo:
        (task,) = StaffTask.objects.visible_to(mo).filter(rule="P-87")
        assert task.person_id == id_of("ana")
    for who in ("kit", "reyes"):
        with act(who) as actor:
            assert not StaffTask.objects.visible_to(actor).filter(rule="P-87").exists(), who
    assert looked(act) == {}, "never on her own list"
    watch.look()
    with act("mo") as mo:
        assert StaffTask.objects.visible_to(mo).filter(rule="P-87").count() == 1


@pytest.mark.rule("P-88")
def test_the_officer_says_what_it_was_and_it_comes_back_when_it_goes_on(act, browse) -> None:
    reads(act, "noor", ("progress_note", "ana"))
    watch.look()
    with act("pia") as pia:
        (one,) = watch.findings(pia)
        for given, field in ((("", ""), "disposition"), (("escalated", " "), "comment")):
            with pytest.raises(Refused) as refused:
                watch.dispose(pia, one.row.public_id, *given)
            assert refused.value.field == field
    answer = browse("pia").post(
        f"/staff/trail/unusual/{one.row.public_id}/",
        {"disposition": "explained", "comment": "Covered for Mo by phone."},
    )
    assert answer.status_code == 302 and found(act) == {}
    watch.look()
    assert found(act) == {}, "nothing new happened"
    reads(act, "noor", ("progress_note", "ana"))
    watch.look()
    assert found(act) == {("no_relation", "Noor Bakshi"): "Ana Fiction"}
    for who in ("dee", "noor"):
        with act(who):
            assert UnusualAccess.objects.count() == 0, who


@pytest.mark.rule("P-88")
def test_a_watched_person_is_found_when_read_from_outside_the_team_only(act) -> None:
    with act("pia") as pia:
        watch.watch(pia, id_of("cleo"), "Plays in a band that many know.")
    reads(act, "noor", ("progress_note", "cleo"))
    reads(act, "dee", ("episode", "cleo"))
    watch.look()
    assert found(act) == {("watched", "Dee Harbor"): "Cleo Madeup"}
    with act("pia") as pia:
        (row, _name) = watch.watched(pia)[0]
        watch.unwatch(pia, row.public_id)
        assert watch.watched(pia) == []


TODAY = timezone.localdate()
A, B = id_of("mo"), id_of("ana")


def summed(**more: object) -> Sum:
    given = {
        "day": TODAY, "actor": A, "staff": True, "subject": B,
        "under": frozenset({"own_counselor"}), "action": "read", "lines": 3, "night": 0,
        "last_seq": 9,
    }  # fmt: skip
    return Sum(**{**given, **more})  # type: ignore[arg-type]


@pytest.mark.rule("P-88")
@pytest.mark.parametrize(
    ("rule", "rows", "facts"),
    [
        (None, [summed()], Facts()),
        ("no_relation", [summed(under=frozenset())], Facts()),
        ("emergency", [summed(under=frozenset({"break_glass"}))], Facts()),
        ("same_name", [summed()], Facts({A: "Mo Fiction"}, {B: "Fiction"})),
        (None, [summed()], Facts({A: "Mo Lindgren"}, {B: "Lind"})),
        ("after_care", [summed()], Facts(care_ended={B: TODAY - timedelta(days=31)})),
        (None, [summed()], Facts(care_ended={B: TODAY - timedelta(days=30)})),
        ("watched", [summed(under=frozenset({"director"}))], Facts(watched=[B])),
        ("night", [summed(night=5)], Facts()),
        (None, [summed(night=4)], Facts()),
        (None, [summed(night=5)], Facts(on_call=[(A, TODAY)])),
        ("refused", [summed(action="refused", subject=None, lines=10)], Facts()),
        (None, [summed(action="refused", subject=None, lines=9)], Facts()),
        ("volume", [summed(subject=id_of(f"x{n}")) for n in range(12)], Facts()),
        (None, [summed(subject=id_of(f"x{n}")) for n in range(11)], Facts()),
        (None, [summed(subject=id_of(f"x{n}")) for n in range(12)], Facts(usual={A: [5, 4, 6]})),
        ("partner_try", [summed(staff=False, action="refused", actor=id_of("ben"))], Facts()),
        (None, [summed(staff=False, action="refused", actor=B)], Facts()),
    ],
)
def test_each_rule_of_the_watch_meets_its_edge(rule, rows, facts) -> None:
    found = watch_rules.judge(rows, facts)
    assert {one.rule for one in found} == ({rule} if rule else set())


def test_every_rule_of_the_watch_has_words() -> None:
    assert set(watch_rules.RULES) == {
        "emergency", "partner_try", "no_relation", "same_name", "watched", "after_care", "volume",
        "night", "refused",
    }  # fmt: skip


@pytest.mark.rule("P-88", "P-92")
def test_a_sign_in_names_whose_it_was_and_a_refused_page_says_that_it_is_one(act) -> None:
    enter(visitor(), "mo")
    with act("ben"):
        audit.note("refused", "portal-note", None, None)
    with act("pia") as pia:
        lines, _more = trail.search(pia, trail.Asked(actions=("sign-in",)), {})
        assert "Mo Lindgren" in {line.who for line in lines}
        lines, _more = trail.search(pia, trail.Asked(actions=("refused",)), {})
        assert {line.kind for line in lines} == {"the page portal-note"}
