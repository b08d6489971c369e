"""The file that leaves: our own checks and pyx12's, both pass or nothing leaves (B-32, P-27)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.ids import short_name
from mutual.base.refusal import NotThere, Refused
from mutual.claims import outgoing
from mutual.claims.actions import refuse_others
from mutual.claims.claim import Claim as Typed
from mutual.claims.claim import ClaimError
from mutual.claims.claim import ClaimFile as TypedFile
from mutual.claims.gathering import gather, names, zone
from mutual.claims.models import BillingIdentity, Claim, ClaimFile, ClaimLine
from mutual.claims.preflight import Finding, may_send, preflight
from mutual.claims.professional import MOST_CLAIMS, build_837p
from mutual.claims.pyx12_check import difference, second_opinion
from mutual.coverage.x12.tokenizer import X12Error
from mutual.coverage.x12.writer import Envelope
from mutual.privacy.gate import Leaving, let_out
from mutual.wall import audit
from mutual.wall.context import Actor


@dataclass(frozen=True)
class Problem:
    """Why one claim can't leave yet; ``control`` is the claim's number."""

    control: str
    rule: str
    text: str


class NothingLeft(Refused):
    """The checks held a claim: no file was built. ``problems`` lists every finding."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        words = _("Nothing left. Claim %(control)s: %(text)s") % {
            "control": first.control,
            "text": first.text,
        }
        super().__init__(words, rule=first.rule)
        self.problems = list(problems)


def build_file(
    actor: Actor, claims: Sequence[Claim], *, now: dt.datetime | None = None
) -> ClaimFile:
    """Build one 837P of ready claims; log each as a disclosure (P-27). A repeat gives the first.

    Every claim is checked again at this moment: consent, attendance, notes, units (B-45).

    Raises:
        Refused: without claims, with more than 100, before the programme's numbers are typed in,
            or for a claim in another file.
        NothingLeft: if our checks or pyx12 hold any of them; then nothing is built.
    """
    refuse_others(actor)
    moment = now or timezone.now()
    wanted = sorted({claim.id for claim in claims})
    if not wanted:
        raise Refused(_("Choose at least one claim."), field="claims")
    if len(wanted) > MOST_CLAIMS:
        raise Refused(_("One file carries up to 100 claims; send the rest in another."))
    key = hashlib.sha256(b"".join(one.bytes for one in wanted)).digest()
    with transaction.atomic():
        rows = list(
            Claim.objects.select_for_update(of=("self",))
            .filter(id__in=wanted)
            .select_related("payer", "card", "authorization")
            .order_by("first_day", "control")
        )
        first = ClaimFile.objects.filter(key=key).first()
        if first is not None:
            return first
        if len(rows) != len(wanted):
            raise NotThere
        if any(row.state != "ready" for row in rows):
            raise Refused(_("One of these claims is in a file already, or was taken back."))
        identity = BillingIdentity.objects.first()
        if identity is None:
            raise Refused(_("Type the programme's numbers for claims first."), rule="B-18")
        checked = _checked(rows, identity, moment)
        file = _built(checked, identity, moment)
        file.key, file.by_id = key, actor.sure_id
        file.save(force_insert=True)
        Claim.objects.filter(id__in=wanted).update(state="batched", file=file)
        _disclosed(actor, rows, moment)
        audit.note("export", "claim", None, file.id, f"{len(rows)} claims")
    return file


def check_claims(claims: Sequence[Claim], *, now: dt.datetime | None = None) -> list[Problem]:
    """What stands against sending these claims, warnings left out; empty: they may leave."""
    identity = BillingIdentity.objects.first()
    if identity is None:
        return [Problem("", "B-18", _("Type the programme's numbers for claims first."))]
    try:
        _checked(claims, identity, now or timezone.now())
    except NothingLeft as held:
        return held.problems
    return []


def bytes_of(actor: Actor, public_id: UUID) -> tuple[ClaimFile, bytes]:
    """A file's bytes for its download; billers only, and each download is audited.

    Raises:
        NotThere: for everybody else and for no file.
    """
    refuse_others(actor)
    file = ClaimFile.objects.filter(public_id=public_id).first()
    if file is None:
        raise NotThere
    audit.note("export", "claim", None, file.id, "download")
    return file, open_sealed(file.sealed, str(file.id)).encode("latin-1")


def _checked(rows: Sequence[Claim], identity: BillingIdentity, moment: dt.datetime) -> list[Typed]:
    people = sorted({row.person_id for row in rows})
    begin, end = min(row.first_day for row in rows), max(row.last_day for row in rows)
    facts, terms = gather(people, begin, end, moment)
    who = names(people)
    lines = outgoing.by_claim(list(ClaimLine.objects.filter(claim__in=rows, live=True)))
    billing = outgoing.billing_provider(identity)
    today = moment.astimezone(zone()).date()
    typed: list[Typed] = []
    problems: list[Problem] = []
    for row in rows:
        mine = lines.get(row.id, [])
        try:
            claim = outgoing.typed(row, mine, who[row.person_id])
        except LookupError:
            problems.append(Problem(row.control, "F-22", _("A date of birth is missing.")))
            continue
        told = outgoing.claim_facts(
            row, mine, facts[row.person_id], who[row.person_id],
            terms.get(row.payer_id, []), billing, today,
        )  # fmt: skip
        findings = [*preflight(claim, told), *_asked(row)]
        if not may_send(findings):
            problems += [
                Problem(row.control, one.rule, one.text)
                for one in findings
                if one.severity != "warn"
            ]
        typed.append(claim)
    if problems:
        raise NothingLeft(problems)
    return typed


def _asked(row: Claim) -> list[Finding]:
    """P-56: a dependent has read whom the plan writes to before the first claim leaves."""
    if row.card.own or row.card.told:
        return []
    return [Finding("P-56", _("Not asked yet about confidential letters from the plan."), "hold")]


def _built(claims: Sequence[Typed], identity: BillingIdentity, moment: dt.datetime) -> ClaimFile:
    interchange, group = next_control("interchange"), next_control("group")
    envelope = Envelope(
        "ZZ", identity.sender_id, "ZZ", identity.receiver_id, identity.sender_id,
        identity.receiver_id, interchange, group, usage=identity.usage,
    )  # fmt: skip
    reference = f"F{short_name()}{short_name()}"
    whole = TypedFile(
        reference,
        outgoing.submitter(identity),
        outgoing.receiver(identity),
        outgoing.billing_provider(identity),
        tuple(claims),
    )
    at = moment.astimezone(zone()).replace(tzinfo=None)
    try:
        data = build_837p(whole, envelope=envelope, transaction_control="0001", at=at)
    except (ClaimError, X12Error) as error:
        raise NothingLeft([Problem("", "B-1", str(error))]) from error
    against = difference(False, second_opinion(data))
    if against:
        raise NothingLeft([Problem("", "B-32", text) for text in against])
    file = ClaimFile(
        name=f"document-{short_name()}.txt",
        digest=hashlib.sha256(data).digest(),
        interchange_control=interchange,
        group_control=group,
        size=len(data),
        claim_count=len(claims),
        total=sum((claim.total for claim in claims), Decimal("0.00")),
        built_at=moment,
    )
    file.sealed = seal(data.decode("latin-1"), str(file.id))
    return file


def next_control(name: str) -> int:
    """The next control number of an ``interchange`` or ``group``; never the same twice (B-3)."""
    if name not in ("interchange", "group"):
        raise ValueError(name)
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s::regclass)", [f"public.claims_{name}_control"])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _disclosed(actor: Actor, rows: Sequence[Claim], moment: dt.datetime) -> None:
    """Through the gate: to whom, what, why, under which consent, for each claim (P-27, P-35)."""
    let_out(
        actor,
        [
            Leaving(
                way="claim",
                person_id=row.person_id,
                recipient=row.payer.name,
                what=_("Claim %(control)s: diagnosis, days and charges") % {"control": row.control},
                purpose="payment",
                kinds=("claim", "diagnosis", "attendance"),
                consent="tpo",
                # 2.32: the notice goes along once per payer and consent.
                repeat=str(row.payer.public_id),
            )
            for row in rows
        ],
        now=moment,
    )
