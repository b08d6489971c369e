"""Reading a case of `mutual estimate`: plain JSON in, checked dataclasses out.

Every key that is not known is refused by name, and every bad value with the key it stands
under, so that a typing error never turns silently into a wrong price.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.coverage.benefit_math import (
    ZERO,
    Accumulators,
    ChargeLine,
    CopayBasis,
    Mode,
    Network,
    Plan,
)

CASE_KEYS = ("plan", "start", "lines")
PLAN_KEYS = (
    "mode",
    "embedded",
    "individual_deductible",
    "family_deductible",
    "coinsurance",
    "copay",
    "copay_basis",
    "individual_oop",
    "family_oop",
    "network",
    "balance_billing",
    "aca_self_only",
    "limit",
)
START_KEYS = ("ded", "ded_family", "oop", "oop_family", "used")
LINE_KEYS = ("date", "member", "billed", "allowed", "code")

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_Choice = TypeVar("_Choice", bound=StrEnum)


class CaseError(ValueError):
    """The case cannot be used; the text names the key and says what to write instead."""


@dataclass(frozen=True)
class Case:
    """One question to the estimator: a plan, what is already met, and the services."""

    plan: Plan
    start: Accumulators
    lines: tuple[ChargeLine, ...]


def read_case(case: object) -> Case:
    """Check a parsed JSON case and build the estimator's input.

    Raises:
        CaseError: for unknown or missing keys and for values out of range.
    """
    top = _table(case, "", CASE_KEYS)
    if "plan" not in top:
        raise CaseError(say(_("plan is missing: describe the policy under the key plan")))
    if "lines" not in top:
        raise CaseError(say(_("lines is missing: list at least one service under the key lines")))
    plan = _plan(_table(top["plan"], "plan", PLAN_KEYS))
    start = _start(_table(top.get("start", {}), "start", START_KEYS))
    rows = top["lines"]
    if not isinstance(rows, list) or not rows:
        raise CaseError(say(_("lines must be a list with at least one service")))
    lines = tuple(
        _line(_table(row, f"lines[{n}]", LINE_KEYS), f"lines[{n}]") for n, row in enumerate(rows)
    )
    return Case(plan, start, lines)


def _table(value: object, where: str, known: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise CaseError(say(_("{where} must be a JSON object"), where=where or "the case"))
    table = {str(key): entry for key, entry in value.items()}
    unknown = [f"{where}.{key}" if where else key for key in table if key not in known]
    if unknown:
        raise CaseError(
            say(
                _("unknown key {unknown}; known here: {known}"),
                unknown=", ".join(unknown),
                known=", ".join(known),
            )
        )
    return table


def _number(value: object, where: str) -> Decimal:
    """A number of zero or more, from text, a whole number or a `Decimal`; never from a float."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise CaseError(
            say(_('{where} must be a number written as text, for instance "300.00"'), where=where)
        )
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    if not _NUMBER.fullmatch(text):
        raise CaseError(
            say(
                _('{where} is "{given}": write a plain number of zero or more, such as "300.00"'),
                where=where,
                given=text[:40],
            )
        )
    try:
        return Decimal(text)
    except InvalidOperation as error:  # pragma: no cover - the pattern already excludes it
        raise CaseError(say(_("{where} is not a number"), where=where)) from error


def _money(value: object, where: str) -> Decimal:
    amount = _number(value, where)
    if amount != amount.quantize(ZERO):
        raise CaseError(say(_("{where} has parts of a cent; give whole cents"), where=where))
    return amount.quantize(ZERO)


def _money_or_none(table: Mapping[str, object], key: str) -> Decimal | None:
    value = table.get(key)
    return None if value is None else _money(value, f"plan.{key}")


def _flag(table: Mapping[str, object], key: str, default: bool) -> bool:
    value = table.get(key, default)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise CaseError(say(_("plan.{key} must be true or false"), key=key))
    return value


def _choice(
    kind: type[_Choice], value: object, where: str, default: _Choice | None
) -> _Choice | None:
    if value is None:
        return default
    words = [member.value for member in kind]
    if not isinstance(value, str) or value not in words:
        raise CaseError(say(_("{where} must be one of {words}"), where=where, words=words))
    return kind(value)


def _count(value: object, where: str) -> int:
    amount = _number(value, where)
    if amount != int(amount):
        raise CaseError(say(_("{where} must be a whole number of days"), where=where))
    return int(amount)


def _plan(table: Mapping[str, object]) -> Plan:
    mode = _choice(Mode, table.get("mode"), "plan.mode", Mode.DED_THEN_COINS)
    network = _choice(Network, table.get("network"), "plan.network", Network.IN)
    assert mode is not None and network is not None
    copay = _money_or_none(table, "copay")
    basis = _choice(CopayBasis, table.get("copay_basis"), "plan.copay_basis", None)
    if copay is not None and basis is None:
        raise CaseError(say(_("plan.copay_basis is missing: say day or visit for the copay")))
    if copay is None and mode in (Mode.COPAY_ONLY, Mode.DED_THEN_COPAY, Mode.DED_COPAY_COINS):
        raise CaseError(say(_("plan.copay is missing: the mode {mode} needs it"), mode=mode.value))
    deductible = _money_or_none(table, "individual_deductible")
    if deductible is None and mode is not Mode.COPAY_ONLY:
        raise CaseError(say(_("plan.individual_deductible is missing: write 0 if there is none")))
    coinsurance = ZERO
    if table.get("coinsurance") is not None:
        coinsurance = _number(table["coinsurance"], "plan.coinsurance")
    elif mode in (Mode.DED_THEN_COINS, Mode.DED_COPAY_COINS):
        raise CaseError(
            say(_('plan.coinsurance is missing: give the member\'s share, for instance "0.20"'))
        )
    if coinsurance > 1:
        raise CaseError(
            say(_('plan.coinsurance is the member\'s share from 0 to 1: 20 % is "0.20"'))
        )
    limit = table.get("limit")
    return Plan(
        mode=mode,
        embedded=_flag(table, "embedded", True),
        individual_deductible=ZERO if deductible is None else deductible,
        family_deductible=_money_or_none(table, "family_deductible"),
        coinsurance=coinsurance,
        copay=copay,
        copay_basis=basis,
        individual_oop=_money_or_none(table, "individual_oop"),
        family_oop=_money_or_none(table, "family_oop"),
        network=network,
        balance_billing=_flag(table, "balance_billing", False),
        aca_self_only=_money_or_none(table, "aca_self_only"),
        limit=None if limit is None else _count(limit, "plan.limit"),
    )


def _member(value: object, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 40:
        raise CaseError(
            say(_("{where} must be a short label of the person, such as A"), where=where)
        )
    return value.strip()


def _by_member(value: object, where: str) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CaseError(say(_('{where} must be an object such as {{"A": "0"}}'), where=where))
    return {_member(key, where): entry for key, entry in value.items()}


def _start(table: Mapping[str, object]) -> Accumulators:
    met: dict[str, dict[str, Decimal]] = {"ded": {}, "oop": {}}
    for key, amounts in met.items():
        for member, entry in _by_member(table.get(key), f"start.{key}").items():
            amounts[member] = _money(entry, f"start.{key}.{member}")
    family: dict[str, Decimal] = {}
    for key, own in (("ded_family", "ded"), ("oop_family", "oop")):
        value = table.get(key)
        # Left out, the family has met at least what its members have met (B-36).
        family[key] = (
            sum(met[own].values(), ZERO) if value is None else _money(value, f"start.{key}")
        )
    used = {
        member: _count(entry, f"start.used.{member}")
        for member, entry in _by_member(table.get("used"), "start.used").items()
    }
    return Accumulators(met["ded"], family["ded_family"], met["oop"], family["oop_family"], used)


def _line(table: Mapping[str, object], where: str) -> ChargeLine:
    for key in ("date", "member", "billed", "allowed"):
        if table.get(key) is None:
            raise CaseError(say(_("{where}.{key} is missing"), where=where, key=key))
    day = table["date"]
    try:
        if not isinstance(day, str) or not _DATE.fullmatch(day):
            raise ValueError
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise CaseError(
            say(_("{where}.date must be a day such as 2027-01-04"), where=where)
        ) from error
    code = table.get("code")
    if code is not None and not isinstance(code, str):
        raise CaseError(say(_("{where}.code must be text, such as H0015"), where=where))
    return ChargeLine(
        date=date,
        member=_member(table["member"], f"{where}.member"),
        billed=_money(table["billed"], f"{where}.billed"),
        allowed=_money(table["allowed"], f"{where}.allowed"),
        code=code or "",
    )
