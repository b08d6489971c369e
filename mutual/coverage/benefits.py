"""What a 271 says: the one entrance for pages, jobs and the command line.

Reading stands in `benefit_report`, the way to the estimator in `benefit_plan`; this file adds
the published JSON shape of `mutual benefits FILE`.
"""

from __future__ import annotations

from decimal import Decimal

from mutual.coverage.benefit_math import cents
from mutual.coverage.benefit_plan import (
    Met,
    PlanParameters,
    Stop,
    plan_parameters,
    start_for,
)
from mutual.coverage.benefit_report import (
    Benefit,
    BenefitReport,
    CarveOut,
    PersonBenefits,
    Refusal,
    read_benefits,
)
from mutual.coverage.x12.tokenizer import X12Error

__all__ = [
    "Benefit",
    "BenefitReport",
    "CarveOut",
    "Met",
    "PersonBenefits",
    "PlanParameters",
    "Refusal",
    "Stop",
    "benefits_json",
    "error_json",
    "plan_parameters",
    "read_benefits",
    "report_json",
    "start_for",
]


def benefits_json(data: bytes, file: str) -> dict[str, object]:
    """The answer of `mutual benefits FILE`; `errors` appears only when a transaction is refused.

    Raises:
        X12Error: nothing in the file can be read.
    """
    return report_json(read_benefits(data), file)


def report_json(report: BenefitReport, file: str) -> dict[str, object]:
    """A report in the published JSON shape; money as decimal text with two places."""
    answer: dict[str, object] = {
        "file": file,
        "people": [_person(person) for person in report.people],
    }
    if report.errors:
        answer["errors"] = [error_json(error) for error in report.errors]
    return answer


def error_json(error: X12Error) -> dict[str, object]:
    """Why and where a file or transaction is refused; segments count from 1 at ISA."""
    return {
        "segment": error.position,
        "id": error.segment,
        "element": error.element,
        "code": error.code,
        "text": error.text,
    }


def _person(person: PersonBenefits) -> dict[str, object]:
    return {
        "member_id": person.member_id,
        "subscriber": person.subscriber,
        "active": person.active,
        "plan": person.plan,
        "benefits": [_benefit(fact) for fact in person.benefits],
        "refused": [
            {"code": one.code, "text": one.text, "next_step": one.next_step}
            for one in person.refused
        ],
        "carve_outs": [
            {
                "kind": out.kind,
                "service_types": list(out.service_types),
                "vendor": out.vendor,
                "contacts": [{"kind": kind, "value": value} for kind, value in out.contacts],
                "messages": list(out.messages),
                "segments": list(out.segments),
            }
            for out in person.carve_outs
        ],
    }


def _benefit(fact: Benefit) -> dict[str, object]:
    return {
        "service_type": fact.service_type,
        "kind": fact.kind,
        "level": fact.level,
        "network": fact.network,
        "period": fact.period,
        "amount": None if fact.amount is None else str(cents(fact.amount)),
        "percent": _share(fact.percent),
        "quantity": None if fact.quantity is None else format(fact.quantity, "f"),
        "quantity_kind": fact.quantity_kind,
        "remaining": fact.remaining,
        "authorization": fact.authorization,
        "segments": list(fact.segments),
        "messages": list(fact.messages),
    }


def _share(value: Decimal | None) -> str | None:
    """At least two places (0.20), more only where the payer sent more (0.125)."""
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return format(value, f".{max(2, places)}f")
