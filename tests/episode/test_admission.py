"""Two people, each at their own level; what is missing is named; one leaves, the other stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.episode import actions, asam, queries
from mutual.episode.models import CoupleEpisode, Episode, LevelRating, Readiness
from mutual.people import actions as people
from mutual.people.models import ContactLocation, Couple, Licence, Person, Staff, StaffTask
from mutual.privacy.actions import sign_consent
from tests.world import id_of

ALL_21 = dict.fromkeys(range(1, 6), ("2.1", "needs structure"))


def staff(name: str) -> Staff:
    return Staff.objects.get(id=id_of(name))


def pair(actor, **born: date) -> tuple[Couple, Person, Person]:
    """A new couple: Eve and Fay, with accounts and phones, nothing else."""
    made = []
    for name in ("Eve", "Fay"):
        person = people.add_person(
            actor, given_name=name, family_name="Newly", birth_date=born.get(name, date(1990, 1, 1))
        )
        people.open_account(f"{name}@home.example", "obviously-fictional-2", person.id, "person",
                            "America/Chicago")  # fmt: skip
        ContactLocation.objects.filter(person=person).update(phone="555-010-3000")
        made.append(person)
    return people.form_couple(actor, made[0], made[1], timezone.localdate()), made[0], made[1]


def ready(actor, *persons: Person) -> None:
    from mutual.wall.testing import acting_as

    for person in persons:
        actions.record_readiness(
            actor, person, own_device=True, headphones=True, private_place=True
        )
        actions.rate_level(actor, person, ALL_21)
        with acting_as(person.id, "person") as self_:
            for code in queries.NEEDED:
                sign_consent(self_, code, f"{person}")


def team(**other: Staff) -> actions.CareTeam:
    names = {"couples_therapist": "vale", "counselor_a": "mo", "counselor_b": "kit"}
    return actions.CareTeam(**{k: other.get(k, staff(n)) for k, n in names.items()})


@pytest.mark.rule("C-1")
def test_an_adult_in_an_open_couple_joins_no_other(act) -> None:
    with act("ada") as ada:
        ben = Person.objects.get(id=id_of("ben"))
        extra = people.add_person(ada, given_name="Xia", family_name="Newly")
        with pytest.raises(Refused, match="already in an open couple"):
            people.form_couple(ada, ben, extra, timezone.localdate())
        with pytest.raises(Refused, match="two different people"):
            people.form_couple(ada, extra, extra, timezone.localdate())


@pytest.mark.rule("C-1")
def test_somebody_under_eighteen_enrols_in_no_couple(act) -> None:
    with act("ada") as ada, pytest.raises(Refused, match="18 or older"):
        pair(ada, Fay=timezone.localdate() - timedelta(days=365 * 17))


@pytest.mark.rule("C-2")
def test_moving_out_leaves_the_couple_open_and_sends_two_sheets_to_review(act) -> None:
    with act("ana") as ana:
        people.save_contact(
            ana, phone="555-010-1000", safe_route="portal", safe_hours="", voicemail=False,
            code_word="", emergency_name="Sister of Ana", emergency_phone="555",
            emergency_nobody=False, home_address="9 Elsewhere Road", home_state="TX",
        )  # fmt: skip
    with act("ada"):
        assert Couple.objects.get(id=id_of("ab")).ended_on is None
        ben = ContactLocation.objects.get(person_id=id_of("ben"))
        assert ben.places["home"]["address"] == "2 Example Lane"
    found = []
    for name in ("mo", "kit"):
        with act(name):
            found += StaffTask.objects.filter(rule="C-2").values_list("addressee_id", flat=True)
    assert sorted(found) == sorted([id_of("mo"), id_of("kit")])


@pytest.mark.rule("C-3", "C-4")
@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        ("counselor_a", "vale", "Already this couple's therapist"),
        ("counselor_b", "mo", "does not counsel the partner"),
    ],
)
def test_admission_refuses_a_team_that_breaks_the_wall(act, place, name, words) -> None:
    with act("ada") as ada:
        couple, *two = pair(ada)
        ready(ada, *two)
        wrong = staff(name)
        wrong.roles = [*wrong.roles, "counselor"]
        wrong.save()
        with pytest.raises(Refused, match=words), transaction.atomic():
            wanted = team(**{place: wrong})
            actions.admit_couple(ada, couple, timezone.localdate(), care_team=wanted)
        assert not CoupleEpisode.objects.filter(couple=couple).exists()


@pytest.mark.rule("C-10", "C-11")
def test_a_ready_couple_is_admitted_once_each_at_their_own_level(act) -> None:
    today = timezone.localdate()
    with act("ada") as ada:
        couple, eve, fay = pair(ada)
        ready(ada, eve)
        ready(ada, fay)
        actions.rate_level(ada, fay, dict.fromkeys(range(1, 6), ("1.5", "steady")))
        first = actions.admit_couple(ada, couple, today, care_team=team())
        again = actions.admit_couple(ada, couple, today, care_team=team())
        assert first.id == again.id
        levels = dict(Episode.objects.filter(person__in=[eve, fay]).values_list(
            "person__given_name", "level"))  # fmt: skip
        assert levels == {"Eve": "2.1", "Fay": "1.5"}
        assert queries.day_of_stay(couple.id, today) == 1


@pytest.mark.rule("C-10")
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("device", "needs second device"),
        ("headphones", "needs headphones"),
        ("place", "needs a place to speak alone"),
        ("account", "needs an own account"),
        ("phone", "needs a phone number"),
        ("licence", "has no licence in TX"),
        ("consent", "Care by video"),
        ("notice", "How we protect"),
    ],
)
def test_admission_names_what_is_missing(act, spoil: str, words: str) -> None:
    from mutual.people.models import Account
    from mutual.privacy.actions import revoke
    from mutual.wall.testing import acting_as

    with act("ada") as ada:
        couple, eve, fay = pair(ada)
        ready(ada, eve, fay)
        flags = {"device": "own_device", "headphones": "headphones", "place": "private_place"}
        if spoil in flags:
            Readiness.objects.filter(person=fay).update(**{flags[spoil]: False})
        elif spoil == "account":
            Account.objects.filter(actor_id=fay.id).update(is_active=False)
        elif spoil == "phone":
            ContactLocation.objects.filter(person=fay).update(phone="")
        elif spoil == "licence":
            Licence.objects.filter(staff=staff("kit"), state="TX").delete()
        else:
            with acting_as(fay.id, "person") as self_:
                revoke(self_, "tele" if spoil == "consent" else "notice")
        with pytest.raises(Refused, match=words) as error, transaction.atomic():
            actions.admit_couple(ada, couple, timezone.localdate(), care_team=team())
        assert "Fay" in error.value.text and "Eve" not in error.value.text


@pytest.mark.rule("C-11")
def test_two_at_the_lower_level_do_not_enrol(act) -> None:
    with act("ada") as ada:
        couple, eve, fay = pair(ada)
        ready(ada, eve, fay)
        for person in (eve, fay):
            actions.rate_level(ada, person, dict.fromkeys(range(1, 6), ("1.5", "steady")))
        with pytest.raises(Refused, match=r"needs level 2\.1"):
            actions.admit_couple(ada, couple, timezone.localdate(), care_team=team())


@pytest.mark.rule("C-25")
def test_a_dimension_without_a_reason_or_left_out_is_refused(act) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        with pytest.raises(Refused, match="say why"):
            actions.rate_level(mo, ana, {**ALL_21, 4: ("2.1", " ")})
        with pytest.raises(Refused, match="rate dimension 5"):
            actions.rate_level(mo, ana, {n: ALL_21[n] for n in range(1, 5)})


@pytest.mark.rule("C-26")
def test_the_level_is_the_highest_minimum_and_another_needs_reason_and_licence(act) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        mixed = {**dict.fromkeys((1, 2, 3), ("1.5", "a")), **dict.fromkeys((4, 5), ("2.1", "a"))}
        assert actions.rate_level(mo, ana, mixed).chosen == "2.1"
        assert actions.rate_level(mo, ana, {**mixed, 1: ("3.7", "a")}).proposed == "3.7"
        with pytest.raises(Refused, match="say why"):
            actions.rate_level(mo, ana, mixed, chosen="1.5")
        row = actions.rate_level(mo, ana, mixed, chosen="1.5", reason="agreed with her")
        assert (row.proposed, row.chosen) == ("2.1", "1.5")
    Licence.objects.filter(staff_id=id_of("mo"), state="TX").delete()
    with act("mo") as mo, pytest.raises(Refused, match="licensed clinician"):
        actions.rate_level(mo, ana, mixed, chosen="1.5", reason="agreed with her")


@pytest.mark.rule("C-28")
def test_the_edition_is_stored_and_a_foreign_level_is_refused(act) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        assert actions.rate_level(mo, ana, ALL_21, edition=3).edition == 3
        with pytest.raises(Refused, match="not a level of edition 3"):
            actions.rate_level(mo, ana, {**ALL_21, 1: ("1.5", "a")}, edition=3)


@pytest.mark.rule("C-27", "C-29")
def test_hours_follow_the_level_and_continued_stay_its_dates() -> None:
    assert asam.weekly_minutes("2.1") == (540, 1140)
    assert asam.continued_stay_due(date(2026, 3, 6), date(2026, 3, 20)) == date(2026, 3, 15)


@pytest.mark.rule("C-30")
def test_a_change_of_level_needs_a_fresh_rating_a_receiver_and_a_date(act) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        with pytest.raises(Refused, match="name who receives Ana and when"):
            actions.change_level(mo, ana, "2.5", receiver="", first_date=None)
        with pytest.raises(Refused, match="72 hours"):
            actions.change_level(mo, ana, "2.5", receiver="Day clinic", first_date=tomorrow)
        actions.rate_level(mo, ana, {**ALL_21, 1: ("2.5", "more days")})
        done = actions.change_level(mo, ana, "2.5", receiver="Day clinic", first_date=tomorrow)
        assert done.level == "2.5"
    with act("kit"):
        assert Episode.objects.get(person_id=id_of("ben")).level == "2.1"


@pytest.mark.rule("C-31")
def test_an_administrative_discharge_is_the_directors_with_written_words(act) -> None:
    with act("mo") as mo:
        ana = Person.objects.get(id=id_of("ana"))
        with pytest.raises(Refused, match="The director decides"):
            actions.close_episode(mo, ana, "administrative", "words")
        with pytest.raises(Refused, match="Choose one of the reasons"):
            actions.close_episode(mo, ana, "used", "words")
        with pytest.raises(Refused, match="which ways were tried"):
            actions.close_episode(mo, ana, "lost")
    with act("dee") as dee:
        with pytest.raises(Refused, match="how to appeal"):
            actions.close_episode(dee, ana, "administrative")
        closed = actions.close_episode(dee, ana, "administrative", "Threats; appeal in 30 days.")
        assert closed.stage == "closed"


@pytest.mark.rule("C-31", "P-2")
def test_another_counselor_discharges_nobody(act) -> None:
    with act("kit") as kit, pytest.raises(NotThere):
        actions.close_episode(kit, Person(id=id_of("ana")), "completed")


@pytest.mark.rule("C-97")
def test_one_partners_discharge_leaves_the_others_stay_and_holds_the_joint_work(act) -> None:
    today = timezone.localdate()
    with act("mo") as mo:
        first = actions.close_episode(mo, Person.objects.get(id=id_of("ana")), "transferred")
        again = actions.close_episode(mo, Person.objects.get(id=id_of("ana")), "completed")
        assert first.id == again.id
    with act("kit"):
        ben = Episode.objects.get(person_id=id_of("ben"))
        assert (ben.stage, ben.level, ben.closed_on) == ("admitted", "2.1", None)
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "held"
        assert not queries.cleared(id_of("ab"))
    assert actions.close_lapsed(today + timedelta(days=29)) == 0
    assert actions.close_lapsed(today + timedelta(days=30)) == 1
    with act("kit"):
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "closed"


@pytest.mark.rule("C-97")
def test_the_last_discharge_of_the_two_closes_the_joint_work_at_once(act) -> None:
    for counselor, name in (("mo", "ana"), ("kit", "ben")):
        with act(counselor) as actor:
            actions.close_episode(actor, Person.objects.get(id=id_of(name)), "completed")
    with act("kit"):
        joint = CoupleEpisode.objects.get(couple_id=id_of("ab"))
        assert (joint.status, joint.closed_on) == ("closed", timezone.localdate())


@pytest.mark.rule("C-98")
def test_the_couples_therapist_ends_the_joint_work_alone_and_they_stay_a_couple(
    act, browse
) -> None:
    with act("reyes"):
        couple = Couple.objects.get(id=id_of("ab"))
        url = f"/staff/couples/{couple.public_id}/parting/"
    reyes = browse("reyes")
    assert reyes.post(url, {"what": "joint"}).status_code == 302
    with act("reyes"):
        assert CoupleEpisode.objects.get(couple_id=couple.id).status == "closed"
        assert Couple.objects.get(id=couple.id).parted_at is None
    assert "joint work alone" not in reyes.get(url).content.decode()


@pytest.mark.rule("C-97", "C-98")
@pytest.mark.parametrize("name", ["ana", "ben", "reyes"])
def test_either_ends_the_joint_work_alone(act, name: str) -> None:
    with act(name) as somebody:
        couple = Couple.objects.get(id=id_of("ab"))
        assert actions.end_couple_episode(somebody, couple) is True
        assert actions.end_couple_episode(somebody, couple) is False
    with act("ada"):
        assert Episode.objects.filter(person_id=id_of("ben"), stage="admitted").exists()


@pytest.mark.rule("P-2")
def test_nobody_else_ends_it(act) -> None:
    with act("cleo") as cleo, pytest.raises(NotThere):
        actions.end_couple_episode(cleo, Couple(id=id_of("ab")))


def test_one_open_stay_for_each_person_also_in_the_database(act) -> None:
    with act("ada"), pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.create(person_id=id_of("ana"), opened_on=timezone.localdate())


@pytest.mark.rule("P-3")
def test_a_partner_reads_no_rating_or_readiness_of_the_other(act) -> None:
    with act("ben"):
        assert not LevelRating.objects.filter(person_id=id_of("ana")).exists()
        assert not Readiness.objects.filter(person_id=id_of("ana")).exists()
        assert not Episode.objects.filter(person_id=id_of("ana")).exists()
