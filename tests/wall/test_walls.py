"""The two walls in miniature: who sees what, also by raw SQL under the application's role."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from mutual.people.models import Person, ShownName
from mutual.wall import audit
from mutual.wall.context import acting
from tests.world import id_of


def raw(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.rule("P-3")
def test_nobody_sees_no_row_of_any_person(db: None) -> None:
    with transaction.atomic(), acting("wrong token"):
        assert raw("select count(*) from people_person") == [(0,)]
        assert raw("select count(*) from wall_relation") == [(0,)]


@pytest.mark.rule("P-3")
def test_a_partner_sees_own_profile_and_the_others_shown_name_only(act) -> None:
    with act("ben") as ben:
        assert raw("select id from people_person") == [(id_of("ben"),)]
        names = set(ShownName.objects.visible_to(ben).values_list("name", flat=True))
        assert names == {"Ana", "Ben"}


@pytest.mark.rule("P-3")
def test_the_application_role_reads_neither_grants_nor_sessions(act) -> None:
    from django.db.utils import ProgrammingError

    for table in ("wall.access_grant", "wall.session", "wall.secret", "wall.audit"):
        with act("dee"), pytest.raises(ProgrammingError), transaction.atomic():
            raw(f"select * from {table}")


def test_a_session_cannot_be_opened_without_the_sign_in_proof(act) -> None:
    from django.db.utils import ProgrammingError

    with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
        raw(
            "select wall.open_session(%s, 'person', %s, now() + interval '1 hour', %s)",
            id_of("ana"),
            b"x" * 32,
            b"y" * 32,
        )


@pytest.mark.rule("P-4")
def test_a_partner_cannot_write_a_relation_to_the_other(act) -> None:
    from django.db.utils import ProgrammingError

    from mutual.wall.relations import relate

    with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
        relate(id_of("ben"), "own_counselor", id_of("ana"), "P", reason="no")


@pytest.mark.rule("P-89")
def test_audit_lines_form_a_chain_that_the_application_cannot_change(act) -> None:
    from django.db.utils import ProgrammingError

    with act("mo"):
        audit.read("progress_note", id_of("ana"))
        with pytest.raises(ProgrammingError), transaction.atomic():
            raw("update wall.audit set reason = 'x'")


def test_admissions_sees_everybody(act) -> None:
    with act("ada") as ada:
        assert Person.objects.visible_to(ada).count() == 4


@pytest.mark.rule("P-11")
@pytest.mark.parametrize("who", ["vale", "noor", "sol", "pruitt"])
def test_a_clinicians_role_alone_opens_nothing(act, who: str) -> None:
    """Working as couples therapist or prescriber is not an assignment to everybody."""
    with act(who):
        kinds = ("schedule_joint.write", "plan_couple", "conjoint_note", "medication", "episode")
        for kind in kinds:
            assert raw("select wall.everyone(%s)", kind) == [(False,)], kind
