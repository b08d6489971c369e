"""Which person of a payer's file an answer is about, and why a file is refused (B-6, P-57)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mutual.base.refusal import Refused
from mutual.base.uploads import what_it_is
from mutual.coverage.benefits import BenefitReport, read_benefits
from mutual.coverage.models import InsuranceCard
from mutual.coverage.x12.tokenizer import ISA_BYTES, X12Error

#: An answer of a payer about two people is a few kilobytes; this leaves room for any of them.
MOST_BYTES = 5_000_000


def read_whole(data: bytes) -> BenefitReport:
    """The whole answer, or a refusal with line and reason: nothing is imported in part."""
    if not data.strip():
        raise Refused(_("The file is empty. Nothing was imported."), rule="B-6", field="file")
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is too large for an answer."), rule="B-6", field="file")
    known = what_it_is(data)
    if known or b"\x00" in data:
        words = known or _("no text")
        raise Refused(
            _("This file is %(what)s, not the payer's answer (271). Nothing was imported.")
            % {"what": words},
            rule="B-6",
            field="file",
        )
    try:
        report = read_benefits(data)
    except X12Error as error:
        raise _refusal(error, data) from error
    if report.errors:
        raise _refusal(report.errors[0], data)
    return report


def _refusal(error: X12Error, data: bytes) -> Refused:
    words = _(
        "Nothing was imported. Line %(line)d, segment %(segment)d (%(id)s): %(why)s. Ask the payer"
        " for the file again."
    ) % {
        "line": line_of(data, error.position),
        "segment": error.position,
        "id": error.segment,
        "why": error.text.rstrip("."),
    }
    return Refused(words, rule="B-6", field="file")


def line_of(data: bytes, position: int) -> int:
    """The line on which segment ``position`` (1 is the ISA) begins, counted from 1."""
    start = data.find(b"ISA")
    mark = data[start + ISA_BYTES - 1 : start + ISA_BYTES] if start >= 0 else b""
    if len(mark) != 1:
        return 1
    before = mark.join(data.split(mark)[: max(0, position - 1)])
    after = data[len(before) + 1 :] if before else data
    lead = after[: len(after) - len(after.lstrip(b"\r\n \t"))]
    return 1 + before.count(b"\n") + (lead.count(b"\n") if mark != b"\n" else 0)


def whose(report: BenefitReport, card: InsuranceCard) -> int:
    """Which person of the answer the card's person is (P-57: never somebody else's figures)."""
    fitting = [
        place
        for place, one in enumerate(report.people)
        if one.member_id in (None, card.member_id)
        and (one.subscriber == card.own or not (one.benefits or one.carve_outs))
    ]
    if len(fitting) == 1:
        return fitting[0]
    if any(one.member_id == card.member_id for one in report.people):
        words = (
            _(
                "Nothing was imported. The answer is about another person on this policy, or the"
                " card is wrong about whose policy it is."
            )
            if not fitting
            else _(
                "Nothing was imported. The file answers about several people with this number:"
                " ask the payer about this person alone."
            )
        )
    else:
        words = _(
            "Nothing was imported. No one in the file has this card's member number: check the"
            " number, or choose another file."
        )
    raise Refused(words, rule="P-57", field="file")
