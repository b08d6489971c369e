"""What stands beside the sessions in the demo: safety plans, medicines, tests, incidents, words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mutual.daily.actions.messages import write_to_couple, write_to_own
from mutual.entry.demo.acting import acting_as
from mutual.entry.demo.cast import COUPLES
from mutual.episode.actions import decide_stay
from mutual.people.models import Person
from mutual.record import incidents, medicine_rules, medicines, safety, toxicology

if TYPE_CHECKING:
    from mutual.entry.demo.load import Programme

PLAN = {
    "signs": "I stop answering messages. Sundays after six.",
    "coping": "A shower, loud music, ten minutes outside.",
    "places": "The library on the corner; my neighbour's porch.",
    "people": "My sister; Mo on weekdays.",
    "help": "988, call or text. 911 in danger.",
    "safer": "Nothing in the house. My brother keeps the spare keys.",
}
#: Who writes to whom, days ago, the words; the couple's own thread last.
OWN = (
    ("ana", "ana", 4.2, "I had two hard evenings. Can we talk about Sunday before Thursday?"),
    ("mo", "ana", 3.9, "Yes. Wednesday at noon works, I call you the way you asked for."),
    ("ana", "ana", 3.8, "Thank you."),
    ("ben", "ben", 2.5, "I am in Nevada until Saturday. Do I need anything else?"),
    ("kit", "ben", 2.3, "Only your address there at check-in, so that help could find you."),
    ("hugh", "hugh", 1.6, "The Wednesday class starts before I am home from work."),
)
OURS = (
    ("ana", 5.1, "We kept the phone out of the bedroom all week."),
    ("reyes", 4.8, "Good. Notice what was different on the mornings after."),
    ("ben", 4.6, "We talked more. Can we bring the money question on Thursday?"),
)


def write(programme: Programme) -> None:
    """All of it, for Ana and Ben first and something for the others."""
    _safety(programme)
    _medicines(programme)
    _tests(programme)
    _incidents(programme)
    _messages(programme)
    _stays(programme)


def _stays(programme: Programme) -> None:
    """Continued stay is decided after two weeks; the third couple's waits for its counselors."""
    from mutual.entry.demo.load import IN_CARE, id_of

    for pair in COUPLES:
        if pair.stage not in IN_CARE or programme.days(pair) < 14 or pair.key == "ef":
            continue
        for side, first in enumerate((pair.a, pair.b)):
            with acting_as(id_of(pair.counselors[side]), "staff") as counselor:
                person = programme.people[first[0].lower()]
                decide_stay(
                    counselor, person, progressing=True, able_to_progress=False,
                    new_problem=False, words="Comes to what is planned; evenings are still hard.",
                    now=programme.ago(programme.days(pair) - 13),
                )  # fmt: skip


def _safety(programme: Programme) -> None:
    boxes = [key for key, _words, _hint in safety.boxes()]
    texts = dict(zip(boxes, PLAN.values(), strict=False))
    for name, days in (("ana", 15), ("ben", 14), ("cleo", 11)):
        person = programme.people[name]
        with acting_as(person.id, "person") as self_:
            safety.save_plan(self_, person, texts, version=0, now=programme.ago(days))


def _medicines(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    ana, ben = programme.people["ana"], programme.people["ben"]
    good_until = programme.today + timedelta(days=500)
    with acting_as(id_of("pruitt"), "staff") as prescriber:
        for person, substance, name, says, days in (
            (ana, "naltrexone", "Naltrexone 50 mg", "One a day, in the morning", 30),
            (ben, "buprenorphine", "Buprenorphine and naloxone 8 mg", "One a day, under the tongue",
             28),
        ):  # fmt: skip
            if substance == "buprenorphine":
                medicines.log_query(
                    prescriber, person, person.state, answered=True, now=programme.ago(12)
                )
            listed = medicine_rules.SUBSTANCES[substance].checklist
            order = medicines.Order(substance, name, says, days, tuple(key for key, _w in listed))
            medicines.order(prescriber, person, order, now=programme.ago(12))
        for person in (ana, ben):
            medicines.offer_naloxone(
                prescriber, person, taken=True, expires_on=good_until, now=programme.ago(12)
            )


def _tests(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    for name, counselor, outcomes in (
        ("ana", "mo", (("negative", ()), ("positive", ("alcohol",)), ("negative", ()))),
        ("ben", "kit", (("negative", ()), ("positive", ("buprenorphine",)))),
        ("dan", "sol", (("negative", ()),)),
    ):
        person = programme.people[name]
        with acting_as(id_of(counselor), "staff") as actor:
            for back, (outcome, found) in zip((17, 9, 3), outcomes, strict=False):
                asked = toxicology.ask(actor, person, actor.sure_id, now=programme.ago(back))
                then = programme.ago(back) + timedelta(minutes=40)
                toxicology.write_result(
                    actor, person, asked.public_id, outcome, list(found), now=then
                )
                if name == "ana" and outcome == "positive":
                    toxicology.confirm(
                        actor, person, asked.public_id, "negative", "Sample Laboratory",
                        now=programme.ago(back - 3),
                    )  # fmt: skip


def _incidents(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    for author, name, kind, back, what, done in (
        ("mo", "ana", "technical", 10.0, "The room closed in the middle of a session.",
         "Called back within four minutes and went on by phone."),
        ("kit", "ben", "privacy", 2.4, "A neighbour walked through the room during a session.",
         "Stopped at once, agreed on another room for next time."),
    ):  # fmt: skip
        report = incidents.Report(kind, programme.ago(back), what, done)
        with acting_as(id_of(author), "staff") as actor:
            row = incidents.report(actor, programme.people[name], report, now=programme.ago(back))
        if kind == "technical":
            with acting_as(id_of("dee"), "staff") as director:
                incidents.close(
                    director, row.public_id, "The relay had restarted; it is watched now.",
                    now=programme.ago(back - 2),
                )  # fmt: skip


def _messages(programme: Programme) -> None:
    from mutual.entry.demo.load import id_of

    for writer, name, back, words in OWN:
        person: Person = programme.people[name]
        if writer == name:
            with acting_as(person.id, "person") as self_:
                write_to_own(self_, words, now=programme.ago(back))
        else:
            with acting_as(id_of(writer), "staff") as actor:
                write_to_own(actor, words, person=person, now=programme.ago(back))
    for writer, back, words in OURS:
        if writer in programme.people:
            with acting_as(programme.people[writer].id, "person") as self_:
                write_to_couple(self_, words, now=programme.ago(back))
        else:
            with acting_as(id_of(writer), "staff") as actor:
                couple = programme.couples["ab"]
                write_to_couple(actor, words, couple=couple, now=programme.ago(back))
