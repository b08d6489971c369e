"""The technical safeguards of 45 CFR 164.312, each with the tests that show it (P-44)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Safeguard:
    """One item of the law, in words, with the rules whose tests carry it."""

    paragraph: str
    words: StrPromise
    rules: tuple[str, ...]


SAFEGUARDS: tuple[Safeguard, ...] = (
    Safeguard("164.312(a)(1)", _("access control"), ("P-1", "P-3")),
    Safeguard("164.312(a)(2)(i)", _("unique user identification"), ("P-82",)),
    Safeguard("164.312(a)(2)(ii)", _("emergency access"), ("P-10",)),
    Safeguard("164.312(a)(2)(iii)", _("automatic logoff"), ("P-84",)),
    Safeguard("164.312(a)(2)(iv)", _("encryption at rest"), ("P-9",)),
    Safeguard("164.312(b)", _("audit controls"), ("P-88",)),
    Safeguard("164.312(c)(1)", _("integrity"), ("P-89",)),
    Safeguard("164.312(c)(2)", _("proof that nothing was altered"), ("P-89",)),
    Safeguard("164.312(d)", _("authentication of persons"), ("P-83", "P-86")),
    Safeguard("164.312(e)(1)", _("transmission security"), ("P-61", "P-72")),
    Safeguard("164.312(e)(2)(i)", _("integrity in transmission"), ("P-72",)),
    Safeguard("164.312(e)(2)(ii)", _("encryption in transmission"), ("P-72",)),
)
