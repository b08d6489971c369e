"""What is ours: the contract, the trust talk, its parts; never who, never when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.daily import rules
from mutual.daily.actions import (
    confirm_trust_talk,
    consent_to_part,
    give_thanks,
    note_part,
    pause_contract,
    refresh_parts,
    revoke_part,
    spoke_about_part,
)
from mutual.daily.models import (
    ContractPart,
    Gratitude,
    PartConsent,
    PartDay,
    RecoveryContract,
    TrustDay,
    TrustTick,
)
from mutual.daily.queries import myself, ours, week_ahead
from mutual.episode.queries import week_sentence
from mutual.people.models import Couple, Person, StaffTask
from tests.daily.factories import Act, contract, couples_session, local, raw, ready
from tests.world import id_of


def seen(act: Act, who: str, now=None):
    """What one partner sees of *Ours*."""
    with act(who) as actor:
        me = myself(actor, now)
        return ours(actor, me, week_ahead(actor, now).side_by_side, now)


def shape(view) -> tuple:
    """A view without ids and times."""
    return (
        view.rests, [d.both for d in view.week], len(view.tick_days),
        [(p.code, p.shown, p.today) for p in view.parts],
    )  # fmt: skip


@pytest.mark.rule("C-47")
def test_a_contract_opens_only_when_both_are_ready_and_the_refusal_names_nobody(act) -> None:
    ready(act, ana=None)
    with act("reyes"):
        sentence = week_sentence(id_of("ab"))
    with pytest.raises(Refused) as refused:
        contract_without_asking(act)
    assert refused.value.text == sentence and "Ana" not in sentence
    assert contract(act).ended_on is None


def contract_without_asking(act: Act) -> RecoveryContract:
    from mutual.daily.actions import start_contract

    with act("reyes") as therapist:
        couple = Couple.objects.get(id=id_of("ab"))
        return start_contract(therapist, couple, "I stay away from it today.", "Thank you.")


@pytest.mark.rule("C-47")
def test_a_partner_without_a_use_disorder_needs_no_abstinence_but_both_mean_to_stay() -> None:
    assert rules.may_open_contract([(True, True, True), (False, None, True)])
    assert not rules.may_open_contract([(True, True, True), (True, None, True)])
    assert not rules.may_open_contract([(True, True, True), (False, None, None)])
    assert not rules.may_open_contract([(True, True, True)])


@pytest.mark.rule("C-47", "P-1")
def test_a_partner_never_reads_the_others_answer_about_the_contract(act) -> None:
    ready(act)
    with act("ben"):
        assert raw("select person_id from daily_contractreadiness") == [(id_of("ben"),)]
    with act("reyes"):
        assert raw("select count(*) from daily_contractreadiness") == [(0,)]


@pytest.mark.rule("C-49")
def test_a_day_fills_in_only_when_both_said_so_and_looks_the_same_to_both(act) -> None:
    contract(act)
    now = local("ana", 14)  # the same day in both zones, past noon in both
    couples_session(act, now + timedelta(hours=2))
    before = shape(seen(act, "ben", now))
    with act("ana") as ana:
        confirm_trust_talk(ana, now=now)
        confirm_trust_talk(ana, now=now)
    assert shape(seen(act, "ana", now)) == shape(seen(act, "ben", now)) == before
    with act("ben") as ben:
        confirm_trust_talk(ben, day=myself(ben, now).today, now=now)
    assert seen(act, "ana", now).both_days == seen(act, "ben", now).both_days == 1


@pytest.mark.rule("C-49", "P-1")
def test_nobody_reads_a_half_back_not_even_its_author_and_nobody_forges_one(act) -> None:
    contract(act)
    couples_session(act, timezone.now() + timedelta(hours=2))
    with act("ana") as ana:
        confirm_trust_talk(ana)
    for who in ("ana", "ben", "mo", "kit", "reyes", "dee"):
        with act(who):
            assert raw("select count(*) from daily_trusttick") == [(0,)], who
            assert raw("select count(*) from daily_trustday") == [(0,)], who
    forged = (
        "insert into daily_trusttick (id, couple_id, person_id, day)"
        " values (gen_random_uuid(), %s, %s, current_date)",
        "insert into daily_trustday (id, couple_id, day)"
        " values (gen_random_uuid(), %s, current_date)",
    )
    with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
        raw(forged[0], id_of("ab"), id_of("ana"))
    with act("ben"), pytest.raises(ProgrammingError), transaction.atomic():
        raw(forged[1], id_of("ab"))


@pytest.mark.rule("C-49")
def test_a_filled_day_says_neither_who_nor_when() -> None:
    assert {f.name for f in TrustDay._meta.get_fields()} == {"id", "couple", "day"}
    assert {f.name for f in TrustTick._meta.get_fields()} == {"id", "couple", "person", "day"}
    assert TrustDay(couple_id=id_of("ab"), day=date(2026, 1, 5)).id.version == 4


@pytest.mark.rule("C-49", "C-50")
def test_a_past_day_without_an_entry_looks_like_one_to_come() -> None:
    week = rules.trust_week(date(2026, 1, 8), {date(2026, 1, 5)})
    past, ahead = week[1], week[5]
    assert (past.both, past.today) == (ahead.both, ahead.today) == (False, False)
    assert [d.both for d in week] == [True] + [False] * 6


@pytest.mark.rule("C-53", "C-16")
def test_in_a_side_by_side_week_the_contract_rests_for_both_in_one_sentence(act) -> None:
    contract(act)
    with act("reyes") as therapist:
        pause_contract(therapist, Couple.objects.get(id=id_of("ab")))
    views = [seen(act, who) for who in ("ana", "ben")]
    assert shape(views[0]) == shape(views[1])
    assert views[0].rests and views[0].week == () and views[0].tick_days == ()
    said = []
    for who in ("ana", "ben"):
        with act(who) as actor, pytest.raises(Refused) as refused:
            confirm_trust_talk(actor)
        said.append(refused.value.text)
    assert said[0] == said[1] and "both in treatment this week" in said[0]


@pytest.mark.rule("C-50")
def test_a_part_stands_only_while_both_consent_and_either_takes_it_back_alone(act) -> None:
    contract(act)
    couples_session(act, timezone.now() + timedelta(hours=2))
    with act("ana") as ana:
        consent_to_part(ana, "observed_dose")
        assert not ContractPart.objects.exists()
        note_part(ana, "observed_dose")
    with act("ben") as ben:
        assert raw("select count(*) from daily_partconsent") == [(0,)]
        consent_to_part(ben, "observed_dose")
        assert ContractPart.objects.get().shown
        assert not PartDay.objects.exists()
        unused = shape(seen(act, "ben"))
    with act("ana") as ana:
        revoke_part(ana, "observed_dose")
        note_part(ana, "observed_dose")
        assert not PartDay.objects.exists()
    assert shape(seen(act, "ben")) == unused  # the same tile as a day without an entry
    with act("mo") as mo:
        assert StaffTask.objects.get().rule == "C-50"
        spoke_about_part(mo, Person.objects.get(id=id_of("ana")), "observed_dose")
    with act("ben"):
        assert not ContractPart.objects.get().shown


@pytest.mark.rule("C-50")
def test_the_tile_stays_72_hours_at_most(act) -> None:
    contract(act)
    now = timezone.now()
    for who in ("ana", "ben"):
        with act(who) as actor:
            consent_to_part(actor, "test_sharing", now=now)
    with act("ana") as ana:
        revoke_part(ana, "test_sharing", now=now)
        assert PartConsent.objects.get().shown_until == now + timedelta(hours=72)
        refresh_parts(id_of("ab"), now + timedelta(hours=71))
        assert ContractPart.objects.get().shown
        refresh_parts(id_of("ab"), now + timedelta(hours=72))
        assert not ContractPart.objects.get().shown


@pytest.mark.rule("C-50")
def test_an_entry_is_kept_while_both_consent(act) -> None:
    contract(act)
    couples_session(act, timezone.now() + timedelta(hours=2))
    for who in ("ana", "ben"):
        with act(who) as actor:
            consent_to_part(actor, "observed_dose")
    with act("ana") as ana:
        note_part(ana, "observed_dose")
    with act("ben"):
        assert PartDay.objects.count() == 1


def test_thanks_are_said_in_ones_own_name_and_read_by_both(act) -> None:
    with act("ben") as ben:
        give_thanks(ben, "You made the call even though it was hard.")
    with act("ana") as ana:
        assert Gratitude.objects.visible_to(ana).get().person_id == id_of("ben")
    with act("mo"):
        assert not Gratitude.objects.exists()
    with act("ana"), pytest.raises(ProgrammingError), transaction.atomic():
        raw(
            "insert into daily_gratitude (id, couple_id, person_id, text, day, made_at)"
            " values (gen_random_uuid(), %s, %s, 'x', current_date, now())",
            id_of("ab"), id_of("ben"),
        )  # fmt: skip


def test_another_couples_therapist_finds_no_contract(act) -> None:
    contract(act)
    with act("vale") as vale, pytest.raises(NotThere):
        pause_contract(vale, Couple(id=id_of("ab")))
