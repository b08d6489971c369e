"""Cards, payers' answers and authorizations: whole or not at all, with consent, never another's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from mutual.base.refusal import NotThere, Refused
from mutual.coverage import actions, queries
from mutual.coverage.models import Authorization, BenefitAnswer, InsuranceCard, PayerTerms
from mutual.people.models import Person
from mutual.privacy.actions import revoke
from mutual.wall.models import ConsentFact
from tests.coverage import factories as make
from tests.world import id_of


@pytest.mark.rule("B-4")
def test_the_same_file_under_another_name_is_one_answer(act) -> None:
    with act("ada") as ada:
        make.card(ada)
        person = Person.objects.get(id=id_of("ana"))
        first = actions.import_271(ada, person, make.answer(), "one.271")
        again = actions.import_271(ada, person, make.answer(), "two.txt")
        assert again.id == first.id
        assert BenefitAnswer.objects.count() == 1


@pytest.mark.rule("B-6")
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: data[: len(data) - 80], "Line"),
        (lambda data: data.replace(b"SE*", b"SE*9"), "Line"),
        (lambda data: b"not X12 at all", "Line 1"),
        (lambda data: b"", "empty"),
    ],
    ids=["cut off", "wrong count", "no X12", "empty"],
)
def test_a_broken_file_imports_nothing_and_says_where(act, spoil, says) -> None:
    with act("ada") as ada:
        make.card(ada)
        with pytest.raises(Refused) as refused:
            make.imported(ada, spoil(make.answer()))
        assert says in refused.value.text and "othing" in refused.value.text
        assert not BenefitAnswer.objects.exists()


@pytest.mark.rule("B-6")
def test_the_line_of_a_refusal_is_the_line_in_the_file() -> None:
    data = make.answer()
    lines = data.decode().splitlines()
    for number in (1, 3, 10, len(lines)):
        assert actions.line_of(data, number) == number
    joined = data.replace(b"\n", b"")
    assert actions.line_of(joined, 9) == 1


@pytest.mark.rule("B-5")
def test_byte_order_mark_and_line_ends_change_nothing(act) -> None:
    with act("ada") as ada:
        make.card(ada)
        plain = make.imported(ada, make.answer())
        odd = make.imported(ada, b"\xef\xbb\xbf" + make.answer().replace(b"\n", b"\r\n"))
        assert odd.id != plain.id and odd.report == plain.report


@pytest.mark.rule("P-28", "B-10", "B-45")
def test_without_the_payment_consent_nothing_is_imported(act) -> None:
    with act("ada") as ada:
        make.card(ada)
    with act("ana") as ana:
        revoke(ana, "tpo")
    with act("ada") as ada:
        with pytest.raises(Refused, match="Held: consent"):
            make.imported(ada, make.answer())
        assert not BenefitAnswer.objects.exists()


@pytest.mark.rule("P-28")
def test_the_partners_consent_does_not_stand_in(act) -> None:
    with act("ada") as ada:
        make.card(ada, "ben")
    with act("ana") as ana:
        revoke(ana, "tpo")
    with act("ada") as ada:
        assert make.imported(ada, make.answer(), "ben").person_id == id_of("ben")


@pytest.mark.rule("P-39")
def test_who_pays_without_the_plan_is_not_asked_about(act) -> None:
    with act("ada") as ada:
        make.card(ada, self_pay_since=timezone.localdate() - dt.timedelta(days=3))
        with pytest.raises(Refused, match="without the plan"):
            make.imported(ada, make.answer())


@pytest.mark.rule("P-57")
def test_an_answer_about_somebody_else_is_refused(act) -> None:
    with act("ada") as ada:
        make.card(ada)
        with pytest.raises(Refused, match="member number"):
            make.imported(ada, make.answer(member="M999"))
        with pytest.raises(Refused, match="another person"):
            make.imported(ada, make.answer(dependent=True))


@pytest.mark.rule("B-47")
def test_what_the_payer_said_never_changes(act) -> None:
    with act("ada") as ada:
        make.card(ada)
        row = make.imported(ada, make.answer())
        assert b"EB*" not in bytes(row.sealed)
        with pytest.raises(DatabaseError, match="kept as it came"), transaction.atomic():
            BenefitAnswer.objects.filter(id=row.id).update(place=1)


@pytest.mark.rule("B-47", "B-12")
def test_each_bar_leads_to_the_segments_that_say_it(act) -> None:
    with act("ada") as ada:
        make.card(ada)
        make.imported(ada, make.answer(*make.with_left("500", "1800")))
        told = queries.insurance(ada, id_of("ana")).benefits
        assert told is not None
        bar = told.bars[0]
        assert (bar.total, bar.used, bar.family) == (1500, 1000, False)
        texts = [one.text for one in bar.sources]
        assert texts == ["EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***29*500*****Y"]
        assert bar.left_words == "$500 left of $1,500"
        family = told.bars[1]
        assert (family.total, family.used, family.family) == (3000, 1200, True)
        coinsurance = told.figures[0]
        assert "20 %" in coinsurance.words and coinsurance.sources[0].text.startswith("EB*A")


@pytest.mark.rule("B-13")
def test_a_carve_out_names_who_has_to_be_asked(act) -> None:
    data = make.answer(
        "EB*1**30*PR*Example Plan~",
        "EB*U**AI~",
        "LS*2120~",
        "NM1*VN*2*EXAMPLE BEHAVIORAL~",
        "PER*IC**TE*8005550100~",
        "LE*2120~",
    )
    with act("ada") as ada:
        make.card(ada)
        make.imported(ada, data)
        told = queries.insurance(ada, id_of("ana")).benefits
        assert told is not None
        assert told.parameters.plans == () and not told.bars
        assert told.carve_outs[0].vendor == "EXAMPLE BEHAVIORAL"


@pytest.mark.rule("B-11")
def test_a_payers_no_becomes_a_next_step(act) -> None:
    data = make.answer("AAA*N**75*C~")
    with act("ada") as ada:
        make.card(ada)
        make.imported(ada, data)
        told = queries.insurance(ada, id_of("ana")).benefits
        assert told is not None and told.refused[0].next_step


def test_real_answers_are_imported_whole_or_refused_with_line_and_reason(act, corpora) -> None:
    from mutual.coverage.benefits import read_benefits
    from mutual.coverage.x12.tokenizer import X12Error

    kept = refused = 0
    with act("ada") as ada:
        paid_by = make.payer(ada)
        for path in sorted((corpora / "x12" / "271").iterdir()):
            data = path.read_bytes()
            try:
                person = read_benefits(data).people[0]
            except X12Error:
                person = None
            member = (person and person.member_id) or "M100"
            own = person is None or person.subscriber
            card = make.card if own else lambda a, n, p, **f: _dependent(a, p, **f)
            card(ada, "ana", paid_by, member_id=member)
            before = BenefitAnswer.objects.count()
            try:
                row = make.imported(ada, data)
            except Refused as no:
                refused += 1
                assert "othing was imported" in no.text, path.name
                assert BenefitAnswer.objects.count() == before
            else:
                kept += 1
                told = queries.insurance(ada, id_of("ana")).benefits
                assert told is not None and told.answer.id == row.id
    assert kept >= 8 and refused >= 1


def _dependent(actor, paid_by, **fields):
    row = make.dependent_of_ben(actor, paid_by)
    return make.card(
        actor, "ana", paid_by, relationship="01", holder_given=row.holder_given,
        holder_family=row.holder_family, holder_birth=row.holder_birth, **fields,
    )  # fmt: skip


@pytest.mark.rule("F-17", "P-56")
def test_a_partner_finds_nothing_of_the_others_insurance(act) -> None:
    with act("ada") as ada:
        make.dependent_of_ben(ada)
        make.imported(ada, make.answer(dependent=True))
    with act("bill") as bill:
        actions.add_authorization(
            bill, Person.objects.get(id=id_of("ana")), make.payer(bill), number="A1", units=3,
            first_day=timezone.localdate(), last_day=timezone.localdate(),
        )  # fmt: skip
    with act("ben") as ben:
        assert not InsuranceCard.objects.filter(person_id=id_of("ana")).exists()
        assert not BenefitAnswer.objects.filter(person_id=id_of("ana")).exists()
        assert not Authorization.objects.filter(person_id=id_of("ana")).exists()
        assert queries.insurance(ben, id_of("ana")).card is None


def test_a_new_number_is_a_new_card_and_the_old_one_ends(act) -> None:
    with act("ada") as ada:
        first = make.card(ada)
        same = make.card(ada, city="Waco")
        other = make.card(ada, member_id="M200")
        assert same.id == first.id != other.id
        assert InsuranceCard.objects.get(id=first.id).ended_on == timezone.localdate()


@pytest.mark.rule("B-17")
def test_somebody_elses_policy_needs_the_policyholder(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="policyholder"):
        make.card(ada, relationship="01")


@pytest.mark.rule("B-46", "P-56")
def test_only_the_person_answers_about_confidential_letters(act) -> None:
    with act("ada") as ada:
        card = make.dependent_of_ben(ada)
        with pytest.raises(NotThere):
            actions.answer_confidential(ada, card, "private")
    with act("ana") as ana:
        actions.answer_confidential(ana, queries.own_card(ana), "private")
    with act("ada") as ada:
        assert InsuranceCard.objects.get(id=card.id).told == "private"
        again = make.card(
            ada, "ana", relationship="01", holder_given="Carla", holder_family="Fiction",
            holder_birth=dt.date(1960, 1, 1),
        )  # fmt: skip
        assert again.told == "", "another policyholder: asked anew"


def test_the_partner_cannot_write_the_others_card(act) -> None:
    with act("ada") as ada:
        card = make.card(ada)
    with act("ben") as ben, pytest.raises(NotThere):
        actions.answer_confidential(ben, card, "usual")


def test_terms_are_dated_and_have_a_source(act) -> None:
    today = timezone.localdate()
    with act("bill") as bill:
        payer = make.payer(bill)
        actions.set_terms(bill, payer, today, "contract page 4", minimum_minutes=210)
        before = queries.terms_on(payer.id, today - dt.timedelta(days=1))
        after = queries.terms_on(payer.id, today)
        assert before is not None and before.minimum_minutes == 180
        assert after is not None and after.minimum_minutes == 210
        assert after.charge == before.charge
        with pytest.raises(Refused, match="where this is written"):
            actions.set_terms(bill, payer, today, " ", minimum_minutes=1)
        assert PayerTerms.objects.filter(payer=payer).count() == 2


@pytest.mark.rule("F-16", "B-26")
def test_planning_beyond_the_units_warns_for_that_partner_alone(act) -> None:
    today = timezone.localdate()
    with act("bill") as bill:
        payer = make.payer(bill)
        for name, used in (("ana", 12), ("ben", 3)):
            actions.add_authorization(
                bill, Person.objects.get(id=id_of(name)), payer, number=f"N{used}", units=12,
                used=used, first_day=today, last_day=today + dt.timedelta(days=30),
            )  # fmt: skip

        def mine(name: str) -> list[Authorization]:
            return list(Authorization.objects.filter(person_id=id_of(name)))

        assert "No units left" in queries.units_warnings(mine("ana"), [today])[0]
        assert queries.units_warnings(mine("ben"), [today]) == []
        before = today - dt.timedelta(days=1)
        assert "covers" in queries.units_warnings(mine("ben"), [before])[0]
        nine = [today + dt.timedelta(days=n) for n in range(9)]
        assert queries.units_warnings(mine("ben"), nine) == []
        (words,) = queries.units_warnings(mine("ben"), [*nine, today + dt.timedelta(days=9)])
        assert words.startswith("No units left") and " and " not in words


@pytest.mark.rule("P-28")
def test_a_consent_that_ended_by_its_date_counts_no_more(act) -> None:
    with act("ada") as ada:
        make.card(ada)
    with act("ana"):
        fact = ConsentFact.objects.get(person_id=id_of("ana"), code="tpo")
        fact.valid = TimestamptzRange(fact.valid.lower, timezone.now())
        fact.save()
    with act("ada") as ada, pytest.raises(Refused, match="consent"):
        make.imported(ada, make.answer())
