"""What may be ordered at a distance, and what is asked first (C-91 to C-93, C-84, C-87). No ORM.

Sources: DEA telemedicine flexibilities, 90 FR 61301 (to 2026-12-31); buprenorphine by
telemedicine, 90 FR 6504 (21 CFR 1306.51). The checklists are general knowledge for the prescriber
to confirm; they ask, they don't decide a dose.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say

#: C-91: last day on which a controlled medicine may be ordered without an in-person visit.
FLEXIBILITIES_UNTIL = date(2026, 12, 31)
#: C-92: how long an order of buprenorphine may last, in days: six months; 7 without the program.
BUPRENORPHINE_DAYS = 180
UNMONITORED_DAYS = 7
#: C-92: how far back the monitoring program was searched, and how old a search may be.
QUERY_HOLDS = timedelta(hours=24)
#: C-84: a kit that ends within so many days brings a task.
KIT_ENDS_SOON = timedelta(days=30)
#: C-90: the first medical visit, days from admission.
FIRST_VISIT_DAYS = 7


@dataclass(frozen=True)
class Substance:
    """A medicine the programme knows by name.

    Attributes:
        schedule: "" if not controlled, else II to V (21 CFR 1308).
        checklist: what the prescriber confirms before an order: key and question (C-93).
    """

    key: str
    title: str
    schedule: str = ""
    checklist: tuple[tuple[str, str], ...] = ()

    @property
    def word(self) -> str:
        """The title in the reader's language."""
        return say(self.title)


_ALL = (
    Substance("buprenorphine", _("Buprenorphine (with or without naloxone)"), "III"),
    Substance(
        "naltrexone",
        _("Naltrexone"),
        checklist=(
            (
                "opioid_free",
                _("Free of opioids long enough (7 to 10 days, longer after methadone)"),
            ),
            ("no_opioid_need", _("No opioid pain treatment needed or planned")),
            ("liver", _("Liver values looked at")),
            ("told_overdose", _("Told of the lower tolerance after stopping")),
        ),
    ),
    Substance(
        "acamprosate",
        _("Acamprosate"),
        checklist=(
            ("kidney", _("Kidney function looked at; dose fits it")),
            ("mood", _("Asked about mood and thoughts of suicide")),
        ),
    ),
    Substance(
        "disulfiram",
        _("Disulfiram"),
        checklist=(
            ("alcohol_free", _("No alcohol for at least 12 hours")),
            ("consent", _("Knows and agrees to what happens with alcohol, also hidden alcohol")),
            ("heart", _("No severe heart disease, no psychosis")),
            ("liver", _("Liver values looked at")),
        ),
    ),
    Substance("naloxone", _("Naloxone")),
    Substance("gabapentin", _("Gabapentin")),
    Substance("clonidine", _("Clonidine")),
    Substance("hydroxyzine", _("Hydroxyzine")),
    Substance("trazodone", _("Trazodone")),
    Substance("benzodiazepine", _("A benzodiazepine"), "IV"),
    Substance("stimulant", _("A stimulant"), "II"),
    Substance("other_controlled", _("Another controlled medicine"), "II"),
    Substance("other", _("Another medicine")),
)
SUBSTANCES: dict[str, Substance] = {one.key: one for one in _ALL}
#: Lawful ways for a controlled medicine once the flexibilities ended (C-91).
PATHS = {
    "in_person": _("Seen in person by this prescriber"),
    "referral": _("Referred by a practitioner who saw the person"),
    "buprenorphine": _("Buprenorphine by telemedicine (C-92)"),
}


@dataclass(frozen=True)
class Query:
    """A logged look into the monitoring program of a state."""

    state: str
    at: datetime
    answered: bool


def refuse_order(
    substance: str,
    *,
    now: datetime,
    today: date,
    state: str,
    days: int | None,
    checked: Collection[str] = (),
    path: str = "",
    query: Query | None = None,
) -> None:
    """Refuse an order that lacks what C-91 to C-93 ask.

    Args:
        now, today: the moment, and the day where the person is.
        state: where the person is today.
        days: days of supply.
        checked: keys of the checklist's items that the prescriber confirmed.
        path: key of :data:`PATHS` or nothing.
        query: the newest look into the monitoring program, or nothing.

    Raises:
        Refused: with what is missing.
    """
    known = SUBSTANCES.get(substance)
    if known is None:
        raise Refused(say(_("Choose a medicine from the list.")), field="substance")
    if days is None or days < 1:
        raise Refused(say(_("For how many days is this order?")), field="days")
    missing = [words for key, words in known.checklist if key not in checked]
    if missing:
        raise Refused(
            say(_("Confirm first: {item}."), item=say(missing[0])), rule="C-93", field="checked"
        )
    if not known.schedule:
        return
    if substance == "buprenorphine":
        _refuse_buprenorphine(now, state, days, query)
        return
    if path == "buprenorphine" or (path and path not in PATHS):
        raise Refused(say(_("This path is for buprenorphine.")), rule="C-91", field="path")
    if today > FLEXIBILITIES_UNTIL and not path:
        raise Refused(
            say(_("In-person evaluation or another lawful path is needed.")),
            rule="C-91",
            field="path",
        )


def _refuse_buprenorphine(now: datetime, state: str, days: int, query: Query | None) -> None:
    fresh = query is not None and query.state == state and now - query.at <= QUERY_HOLDS
    if not fresh or query is None:
        raise Refused(
            say(_("Look into the monitoring program of {state} first and log it."), state=state),
            rule="C-92",
            field="query",
        )
    if not query.answered and days > UNMONITORED_DAYS:
        raise Refused(
            say(
                _("The monitoring program could not be reached: {n} days at a time."),
                n=UNMONITORED_DAYS,
            ),
            rule="C-92",
            field="days",
        )
    if days > BUPRENORPHINE_DAYS:
        raise Refused(
            say(_("At most {n} days by telemedicine."), n=BUPRENORPHINE_DAYS),
            rule="C-92",
            field="days",
        )


def kit_due(expires_on: date, today: date) -> bool:
    """Whether a naloxone kit has to be replaced now (C-84).

    Naloxone is offered to everyone: a list of those who live with someone using opioids would
    tell each partner of the other.
    """
    return today >= expires_on - KIT_ENDS_SOON


def settled(outcome: str, confirmed: str) -> str:
    """What may be said of a test: ``presumptive`` until a laboratory confirmed it (C-87)."""
    if outcome != "positive":
        return outcome
    return confirmed or "presumptive"


def refuse_citing(outcome: str, confirmed: str) -> None:
    """A discharge can't rest on a presumptive test, and never on use alone (C-87, C-85).

    Raises:
        Refused: if the test isn't confirmed.
    """
    if settled(outcome, confirmed) == "presumptive":
        raise Refused(
            say(_("This test is presumptive until a laboratory confirms it.")), rule="C-87"
        )
