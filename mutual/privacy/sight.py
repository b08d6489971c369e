"""Who can see what about somebody now: declaration, relations and consents in one answer (P-1).

It says the same of everybody's kinds, used or not: that a kind stands on the page tells nobody
whether there is a record of it (P-69). Nothing of the partner's own choices goes in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.people.models import ShownName, Staff
from mutual.privacy import forms
from mutual.privacy.models import JointConsent
from mutual.privacy.sight_words import EXTRACTS, LEVELS, SECTIONS
from mutual.privacy.words import KIND_WORDS, RELATION_WHY, RELATION_WORDS
from mutual.wall import policy
from mutual.wall.context import Actor
from mutual.wall.models import ConsentFact, Relation
from mutual.wall.policy import Of

#: Held by duty alone; who holds it today stands once on the page, by name.
OFFICE = ("admissions", "biller", "director", "sysadmin")
#: Roles of staff that stand in a column of the table in words beneath it, with their kinds.
ALSO = {
    "care_coordinator": policy.CARE_COORDINATOR,
    "privacy_officer": (*policy.PRIVACY_OFFICER, *policy.PRIVACY_OFFICER_WRITES),
    "on_call": tuple(policy.ON_CALL),
}
#: Relations that open nothing by a cell of their own: they stand at the top while they last.
RARE = ("break_glass", "auditor")
_EXTRACT = re.compile(r"D(\d+)")


@dataclass(frozen=True)
class Permission:
    """A consent as one's own pages name it: its title and where it is signed or taken back."""

    code: str
    title: str
    address: str


@dataclass(frozen=True)
class Reader:
    """Who sees a kind now.

    Attributes:
        who: by name and duty, or by duty.
        level: ``all``, ``own``, ``summary`` or ``exists``.
        how: the level in words.
        why: the reason in words.
        by: the consent it rests on, to look at or to take back.
    """

    who: str
    level: str
    how: str
    why: str
    by: Permission | None = None


@dataclass(frozen=True)
class Sight:
    """One kind of record about me.

    Attributes:
        readers: who sees it now, the partner not among them.
        partner: what the partner sees of it, in a sentence; ``partner_how`` how much, in words.
        partner_level: ``none``, ``if`` (one could open it), or a level of :class:`Reader`.
        could: what one may still open, and to whom.
    """

    kind: str
    what: str
    why: str
    readers: tuple[Reader, ...]
    partner: str
    partner_level: str
    partner_how: str = ""
    could: tuple[Permission, ...] = ()

    @property
    def revocable(self) -> tuple[Reader, ...]:
        """Readers who are gone from the second in which one takes the consent back."""
        return tuple(reader for reader in self.readers if reader.by is not None)


@dataclass(frozen=True)
class Page:
    """Everything the page shows: by section; what the partner sees; who works in the office."""

    sections: list[tuple[str, list[Sight]]]
    partner_name: str
    partner_sees: list[Sight]
    partner_never: list[str]
    office: list[tuple[str, str]]
    now_open: list[tuple[str, str, datetime | None]]


@dataclass
class _Facts:
    """What stands now: relations, names, one's own consents, agreements of both."""

    teams: dict[str, dict[str, list[str]]]
    mine: set[str]
    joint: set[str]
    forms: dict[str, forms.Form]
    office: list[tuple[str, str]] = field(default_factory=list)
    now_open: list[tuple[str, str, datetime | None]] = field(default_factory=list)


def page(actor: Actor, couple_id: UUID | None, partner_id: UUID | None = None) -> Page:
    """The whole page for one person, of their own records; six queries."""
    facts = _facts(actor, couple_id)
    name = ""
    if partner_id is not None:
        found = ShownName.objects.filter(person_id=partner_id).values_list("name", flat=True)
        name = found.first() or ""
    sights = {sight.kind: sight for sight in _sights(facts, policy.collect()[0])}
    sections = [
        (str(words), sorted((sights[k] for k in kinds), key=lambda s: s.what))
        for words, kinds in SECTIONS
    ]
    every = sorted(sights.values(), key=lambda s: s.what)
    return Page(
        sections=sections,
        partner_name=name,
        partner_sees=[s for s in every if s.partner_level not in ("none", "if")],
        partner_never=[s.what for s in every if s.partner_level == "none"],
        office=facts.office,
        now_open=facts.now_open,
    )


def readers_of(actor: Actor, kind: str, couple_id: UUID | None) -> list[str]:
    """Who reads what one types into a box of this kind: for the label beside it (P-15)."""
    facts = _facts(actor, couple_id)
    names: list[str] = []
    for sight in _sights(facts, {kind: policy.kind(kind)}):
        names += [reader.who for reader in sight.readers if reader.level in ("all", "own")]
        if sight.partner_level in ("all", "own"):
            names.insert(0, str(RELATION_WORDS["partner"]))
    return names


def _facts(actor: Actor, couple_id: UUID | None) -> _Facts:
    now = timezone.now()
    me = actor.sure_id
    mine = set(
        ConsentFact.objects.filter(person_id=me, valid__contains=now).values_list("code", flat=True)
    )
    joint = set(
        JointConsent.objects.visible_to(actor)
        .filter(couple_id=couple_id, in_force=True)
        .values_list("code", flat=True)
        if couple_id
        else ()
    )
    rows = list(
        Relation.objects.filter(
            subject_id__in=[me, couple_id] if couple_id else [me], valid__contains=now
        )
        .exclude(relation__in=("self", "partner"))
        .values_list("relation", "viewer_id", "subject_id", "valid")
    )
    today = timezone.localdate()
    offices = [*OFFICE, *ALSO]
    staff = {
        one.id: one
        for one in Staff.objects.filter(
            Q(id__in={viewer for _r, viewer, _s, _v in rows})
            | Q(roles__overlap=offices, active_from__lte=today)
            & (Q(active_until__isnull=True) | Q(active_until__gte=today))
        ).order_by("name")
    }
    known = {form.code: form for form in (*forms.offered(), *forms.families())}
    facts = _Facts({"P": {}, "C": {}, "G": {}}, mine, joint, known)
    own = {viewer for relation, viewer, s, _v in rows if relation == "own_counselor" and s == me}
    for relation, viewer, subject, valid in rows:
        if viewer not in staff:
            continue
        if relation in RARE:
            line = (staff[viewer].name, relation, valid.upper)
            if line not in facts.now_open:
                facts.now_open.append(line)
            continue
        of = "P" if subject == me else "C"
        # On what is shared both counselors stand as counselors of the couple.
        other = relation == "own_counselor" and viewer not in own
        duty = RELATION_WORDS["partner_counselor" if other else relation]
        line_words = f"{staff[viewer].name}, {duty}"
        team = facts.teams[of].setdefault(relation, [])
        if line_words not in team:
            team.append(line_words)
    # The leader of one's group is known from the person's own row; the roster itself is a group's.
    facts.teams["G"] = {"leader": facts.teams["P"].get("leader", [])}
    for role in offices:
        names = [one.name for one in staff.values() if role in one.roles]
        if names:
            facts.office.append((duty_words(role), ", ".join(names)))
    return facts


def duty_words(role: str) -> str:
    """A programme-wide duty in words."""
    also = {
        "care_coordinator": _("the care coordinator"),
        "privacy_officer": _("the privacy officer"),
        "on_call": _("the clinician on call, during the shift"),
    }
    return also.get(role) or str(RELATION_WORDS[role])


def _sights(facts: _Facts, kinds: dict[str, policy.Kind]) -> Iterator[Sight]:
    for name, kind in kinds.items():
        level, how, words = _partner(kind, facts)
        readers = (*_readers(kind, facts), *_also(kind))
        could = {
            right.consent
            for relation in policy.RELATIONS
            for right in kind.rights(relation)
            if right.consent and right.consent not in facts.mine and relation != "self"
        }
        yield Sight(
            kind=name,
            what=str(KIND_WORDS[name]),
            why=str(kind.why),
            readers=readers,
            partner=words,
            partner_level=level,
            partner_how=how,
            could=tuple(_permission(code, facts) for code in sorted(could)),
        )


def _permission(code: str, facts: _Facts) -> Permission:
    """A consent by its code, as one's own pages name it.

    A release to the partner has its page only in a session of one's own (P-25): no address then.
    """
    form = facts.forms.get(code)
    title = str(form.title) if form else code
    closed = form is None or form.to_partner
    return Permission(code, title, "" if closed else forms.address(code))


def _stands(right: policy.Right, facts: _Facts) -> bool:
    if not right.consent:
        return True
    if right.joint and right.consent.partition(":")[0] != "pt":
        return right.consent in facts.joint
    return right.consent in facts.mine


def _readers(kind: policy.Kind, facts: _Facts) -> Iterable[Reader]:
    for relation in policy.RELATIONS:
        if relation in ("self", "partner"):
            continue
        for right in kind.rights(relation):
            if right.verb not in LEVEL_OF or not _stands(right, facts):
                continue
            if relation in OFFICE or relation == "member":
                who = [str(RELATION_WORDS[relation])]
            elif relation in RARE:
                who = []
            else:
                who = facts.teams[kind.of].get(relation, [])
            by = _permission(right.consent, facts) if right.consent else None
            why = str(RELATION_WHY[relation]) if by is None else _("because you signed for it")
            for one in who:
                yield _reader(kind, relation, right, one, why, by)
            break


def _also(kind: policy.Kind) -> Iterator[Reader]:
    why = {
        "care_coordinator": _("because they keep the times in order"),
        "privacy_officer": _("because they watch over the walls"),
        "on_call": _("because somebody must be able to help at any hour"),
    }
    for role, kinds in ALSO.items():
        if kind.name not in kinds:
            continue
        verb = "R"
        if role == "on_call":
            verb = policy.ON_CALL[kind.name]
        elif role == "care_coordinator":
            verb = kind.rights("admissions")[0].verb
        level = LEVEL_OF[verb]
        yield Reader(duty_words(role), level, str(LEVELS[level]), why[role])


def _reader(
    kind: policy.Kind, relation: str, right: policy.Right, who: str, why: str,
    by: Permission | None,
) -> Reader:  # fmt: skip
    return Reader(who, LEVEL_OF[right.verb], how_words(kind, relation, right), why, by)


#: What a right shows: everything, one's own part, a summary, or that it exists.
LEVEL_OF = {"R": "all", "W": "all", "A": "own", "D": "summary", "M": "exists"}


def how_words(kind: policy.Kind, relation: str, right: policy.Right) -> str:
    """How much a right shows, in words; an extract says which (the notes under the table)."""
    if right.verb == "D":
        match = _EXTRACT.search(kind.cell(relation))
        if match and match.group(1) in EXTRACTS:
            return str(EXTRACTS[match.group(1)])
    return str(LEVELS[LEVEL_OF[right.verb]])


def _partner(kind: policy.Kind, facts: _Facts) -> tuple[str, str, str]:
    """What the partner sees of a kind: its level, how much in words, and the sentence."""
    rights = [r for r in kind.rights("partner") if r.verb in LEVEL_OF]
    if not rights:
        return "none", "", _("Your partner sees nothing of this, not even that there is any.")
    right = rights[0]
    how = how_words(kind, "partner", right)
    if not right.consent or _stands(right, facts):
        if right.joint and right.consent.startswith("pt:"):
            words = _("Your partner: %(how)s, while you have both signed for it.")
        elif right.consent:
            words = _("Your partner: %(how)s, because it was signed for.")
        elif kind.of == Of.COUPLE:
            words = _("Your partner: %(how)s, because it belongs to both of you.")
        else:
            words = _("Your partner: %(how)s.")
        return LEVEL_OF[right.verb], how, words % {"how": how}
    if kind.of == Of.COUPLE:
        return "if", "", _("Closed to both of you; it opens once both have signed for it.")
    if right.consent.startswith("pt:"):
        return (
            "if",
            "",
            _(
                "Your partner sees nothing of this. You can open it only in a session of your own,"
                " with your counselor."
            ),
        )
    return "if", "", _("Your partner sees nothing of this unless you sign for it.")
