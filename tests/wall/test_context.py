"""Who acts, statement by statement: the database is asked each time whom it takes one for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from mutual.people.models import Couple, Person
from mutual.wall.context import (
    NOBODY,
    SERVICE_SPACE,
    acting,
    as_service,
    current,
    open_session,
    service_id,
    service_token,
)
from tests.world import id_of

ROSTERS, RULES = service_id("rosters"), service_id("week_rules")


def acts() -> object:
    """Whom the database takes us for; checked against what the code believes."""
    with connection.cursor() as cursor:
        cursor.execute("select wall.actor(), wall.actor_kind()")
        who, kind = cursor.fetchone()
    assert (current().id, current().kind) == (who, kind or "nobody")
    return who


@pytest.fixture
def mo(act):
    with act("mo"):
        yield id_of("mo")


def test_a_service_acts_inside_its_block_and_the_former_actor_after_it(mo) -> None:
    assert acts() == mo
    with as_service("rosters") as service:
        assert acts() == ROSTERS == service.id
        assert service.has("service:rosters")
        with as_service("week_rules"):
            assert acts() == RULES
        assert acts() == ROSTERS
    assert acts() == mo


def test_what_the_code_says_of_a_service_is_what_the_database_says(mo) -> None:
    with as_service("rosters") as service, acting(service_token("rosters")) as asked:
        assert service == asked


@pytest.mark.rule("P-3")
def test_an_unknown_token_is_nobody_also_inside_a_block_of_somebody(mo) -> None:
    for token in ("unknown", "", "it's not; a token", "a\nb", "%s", "ü"):
        with acting(token) as actor:
            assert actor == NOBODY and acts() is None
            assert not Person.objects.exists()
        assert acts() == mo


def test_a_service_nobody_declared_cannot_act(mo) -> None:
    with pytest.raises(KeyError), as_service("no such service"):
        pytest.fail("never here")
    assert acts() == mo


def test_a_service_whose_token_the_database_does_not_have_sees_nothing(mo, monkeypatch) -> None:
    monkeypatch.setattr("mutual.wall.context.service_token", lambda name: "f" * 64)
    with as_service("rosters"), connection.cursor() as cursor:
        cursor.execute("select wall.actor(), (select count(*) from people_person)")
        assert cursor.fetchone() == (None, 0)


def test_an_error_inside_a_service_block_gives_the_former_actor_back(mo) -> None:
    with pytest.raises(ValueError), as_service("rosters"):
        assert acts() == ROSTERS
        raise ValueError
    assert acts() == mo


@pytest.mark.parametrize("inside", [True, False])
def test_a_failed_statement_of_a_service_gives_the_former_actor_back(mo, inside: bool) -> None:
    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select 1 / 0")

    if inside:
        with as_service("rosters"):
            with pytest.raises(DataError), transaction.atomic():
                fail()
            assert acts() == ROSTERS, "the rollback undid the token with the rest"
    else:
        with pytest.raises(DataError), transaction.atomic(), as_service("rosters"):
            fail()
    assert acts() == mo


def test_a_rollback_to_a_savepoint_leaves_no_token_believed_that_it_undid(mo) -> None:
    acts()
    with as_service("rosters"):
        point = transaction.savepoint()
        assert acts() == ROSTERS  # set after the savepoint
        transaction.savepoint_rollback(point)
        assert acts() == ROSTERS
    assert acts() == mo


def test_a_rollback_cannot_bring_a_service_back_that_has_ended(mo) -> None:
    with as_service("rosters"):
        assert acts() == ROSTERS
        point = transaction.savepoint()  # the database has the service's token here
    assert acts() == mo
    transaction.savepoint_rollback(point)
    assert acts() == mo, "rolled back to a moment when the service acted"


def test_a_rollback_written_by_hand_is_seen_too(mo) -> None:
    with connection.cursor() as cursor:
        with as_service("rosters"):
            acts()
            cursor.execute("savepoint by_hand")
        acts()
        cursor.execute("  ROLLBACK TO by_hand")
    assert acts() == mo


def test_a_block_that_marked_itself_for_rollback_gives_the_former_actor_back(mo) -> None:
    with transaction.atomic(), as_service("rosters"):
        assert acts() == ROSTERS
        transaction.set_rollback(True)
    assert acts() == mo


def halfway() -> Iterator[object]:
    with as_service("rosters"):
        yield acts()
        yield acts()


def test_a_generator_left_halfway_takes_only_itself_away(mo) -> None:
    walk = halfway()
    assert next(walk) == ROSTERS
    with as_service("week_rules"):
        walk.close()
        assert acts() == RULES
    assert acts() == mo


def test_a_generator_left_halfway_acts_in_no_other_transaction(
    django_db_setup, django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        outermost = transaction.atomic()  # used twice, as a decorated function would
        with outermost:
            walk = halfway()
            assert next(walk) == ROSTERS
        with outermost:
            assert acts() is None and current() == NOBODY
        with transaction.atomic():
            assert current() == NOBODY and acts() is None
            walk.close()
            assert acts() is None


def test_nothing_is_set_outside_a_transaction(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        for act_as in (lambda: acting("x"), lambda: as_service("rosters")):
            with pytest.raises(transaction.TransactionManagementError), act_as():
                pytest.fail("never here")
        with transaction.atomic(), as_service("rosters"):
            assert acts() == ROSTERS
        assert acts() is None
        with transaction.atomic():
            assert acts() is None
        with transaction.atomic(), as_service("rosters"):
            assert acts() == ROSTERS, "the same service again: the token is sent again"


def test_a_transaction_that_failed_leaves_nobody(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        with pytest.raises(ZeroDivisionError), transaction.atomic(), as_service("rosters"):
            assert acts() == ROSTERS
            raise ZeroDivisionError
        assert acts() is None
        connection.close()
        with transaction.atomic():
            assert acts() is None


def test_many_rows_and_streams_carry_the_token_too(mo) -> None:
    # A table any actor may write, for want of a temporary one.
    add = "insert into django_session values (%s, wall.actor()::text, now())"
    with as_service("rosters"):
        acts()
        with as_service("week_rules"), connection.cursor() as cursor:
            cursor.executemany(add, [("one",), ("two",)])
        with connection.chunked_cursor() as stream:
            stream.execute(
                "select session_data, wall.actor() from django_session"
                " where session_key in ('one', 'two')"
            )
            assert stream.fetchall() == [(str(RULES), ROSTERS)] * 2
    assert acts() == mo


def test_rows_counts_and_columns_are_those_of_the_statement_itself(mo) -> None:
    with connection.cursor() as cursor:
        with as_service("rosters"):
            cursor.execute("select 1 as one, '%' as two union all select 2, 'x'")
        assert cursor.rowcount == 2 and [c.name for c in cursor.description] == ["one", "two"]
        assert cursor.fetchall() == [(1, "%"), (2, "x")]
        cursor.execute("select %s, '%%'", ["ü'%"])
        assert cursor.fetchall() == [("ü'%", "%")]


def test_a_service_block_costs_no_query_of_its_own(mo) -> None:
    with CaptureQueriesContext(connection) as seen:
        for _ in range(3):
            with as_service("rosters"):
                pass
            with as_service("rosters"):
                Couple.objects.count()
            Couple.objects.count()
    assert len(seen) == 6, [q["sql"] for q in seen]


def test_a_message_about_an_error_does_not_name_the_token(mo) -> None:
    with (
        pytest.raises(ProgrammingError) as caught,
        transaction.atomic(),
        as_service("rosters"),
        connection.cursor() as cursor,
    ):
        cursor.execute("select no_such_column")
    assert service_token("rosters") not in str(caught.value)
    assert "no_such_column" in str(caught.value)


def test_a_session_opened_by_a_service_or_by_nobody_is_that_of_its_owner(mo) -> None:
    with acting(""):
        token = open_session(id_of("kit"), "staff")
    with acting(token) as kit:
        assert kit.id == acts() == id_of("kit")
    assert acts() == mo
    assert SERVICE_SPACE not in (kit.id, mo)
