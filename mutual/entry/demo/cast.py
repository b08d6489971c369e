"""The people of the demo programme. Everybody is obviously made up."""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("TX", "NV", "CO", "CA", "IL", "FL")


@dataclass(frozen=True)
class Worker:
    """A member of staff of the demo."""

    key: str
    name: str
    credential: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A couple of the demo and how far they have come.

    Attributes:
        stage: ``inquiry``, ``contacted``, ``screening``, ``admitted``, ``held``, ``parted``.
        weeks: weeks since the Monday of admission, for those in care.
        days: days since the inquiry, for the others.
        levels: level of care of A and B.
    """

    key: str
    surname: str
    a: tuple[str, str, str]  # first name, sex on the card, pronouns
    b: tuple[str, str, str]
    stage: str
    weeks: int = 0
    days: int = 0
    therapist: str = ""
    counselors: tuple[str, str] = ("", "")
    levels: tuple[str, str] = ("2.1", "2.1")
    states: tuple[str, str] = ("TX", "TX")
    zones: tuple[str, str] = ("America/Chicago", "America/Chicago")


STAFF = (
    Worker("reyes", "Dr. Reyes", "PhD, LMFT", ("couples_therapist",)),
    Worker("vale", "Dr. Vale", "LMFT", ("couples_therapist",)),
    Worker("quist", "Dr. Quist", "LMFT", ("couples_therapist",)),
    Worker("mo", "Mo Lindgren", "LADC", ("counselor",)),
    Worker("kit", "Kit Amari", "LADC", ("counselor",)),
    Worker("noor", "Noor Bakshi", "LADC", ("counselor",)),
    Worker("sol", "Sol Bright", "LADC", ("counselor",)),
    Worker("uma", "Uma Tide", "LADC", ("counselor",)),
    Worker("ren", "Ren Calder", "LADC", ("counselor",)),
    Worker("ivy", "Ivy Marsh", "LADC", ("group_leader",)),
    Worker("gus", "Gus Arbor", "LADC", ("group_leader",)),
    Worker("lou", "Lou Fenn", "LADC", ("group_leader",)),
    Worker("pruitt", "Dr. Pruitt", "MD", ("prescriber",)),
    Worker("nell", "Nell Frost", "RN", ("nurse",)),
    Worker("sage", "Sage Holm", "LMFT, LADC", ("supervisor",)),
    Worker("ada", "Ada Moss", "", ("admissions",)),
    Worker("cory", "Cory Lane", "", ("care_coordinator",)),
    Worker("bill", "Bill Penny", "", ("biller",)),
    Worker("dee", "Dee Harbor", "", ("director",)),
    Worker("pia", "Pia Quill", "", ("privacy_officer",)),
    Worker("otis", "Otis Ledger", "", ("auditor",)),
)

#: Ana and Ben come first: B travels in Nevada this week, so they live in two time zones.
COUPLES = (
    Pair(
        "ab", "Fiction", ("Ana", "F", "she/her"), ("Ben", "M", "he/him"), "admitted", 3, 0,
        "reyes", ("mo", "kit"), states=("TX", "NV"),
        zones=("America/Chicago", "America/Los_Angeles"),
    ),
    Pair("cd", "Madeup", ("Cleo", "F", "she/her"), ("Dan", "M", "he/him"), "admitted", 3, 0,
         "vale", ("noor", "sol")),
    Pair("ef", "Pretend", ("Effie", "F", "she/her"), ("Finn", "M", "he/him"), "admitted", 3, 0,
         "quist", ("uma", "ren"), states=("CO", "CO"),
         zones=("America/Denver", "America/Denver")),
    Pair("gh", "Invented", ("Gale", "M", "he/him"), ("Hugh", "M", "he/him"), "admitted", 2, 0,
         "reyes", ("kit", "noor")),
    Pair("ij", "Sample", ("Iris", "F", "she/her"), ("June", "F", "she/her"), "admitted", 2, 0,
         "vale", ("sol", "uma")),
    Pair("kl", "Example", ("Kara", "F", "she/her"), ("Lev", "M", "he/him"), "held", 2, 0,
         "quist", ("ren", "mo")),
    Pair("mn", "Imagined", ("Mina", "F", "she/her"), ("Ned", "M", "he/him"), "parted", 3, 0,
         "reyes", ("noor", "uma")),
    Pair("op", "Storybook", ("Opal", "F", "she/her"), ("Piet", "M", "he/him"), "admitted", 1, 0,
         "vale", ("mo", "ren"), states=("IL", "IL")),
    Pair("qr", "Fable", ("Quin", "M", "they/them"), ("Rosa", "F", "she/her"), "admitted", 0, 0,
         "quist", ("sol", "kit")),
    Pair("st", "Novel", ("Sam", "M", "he/him"), ("Tess", "F", "she/her"), "screening", 0, 5,
         "vale", ("uma", "noor")),
    Pair("uv", "Draft", ("Ugo", "M", "he/him"), ("Vera", "F", "she/her"), "contacted", 0, 2),
    Pair("wx", "Chapter", ("Wes", "M", "he/him"), ("Xena", "F", "she/her"), "inquiry", 0, 0),
)  # fmt: skip
