"""Consents per kind, made from the access table: each ``@oc ct pc pt`` cell has a form (P-16).

A line added to the table brings its form with it.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from mutual.privacy.forms_base import CARE, TAKE_BACK, Form
from mutual.privacy.words import KIND_WORDS
from mutual.wall import policy

#: Prefix of the code to whom it opens a kind, and what for.
FAMILIES: dict[str, tuple[StrPromise, StrPromise]] = {
    "oc": (_("Your counselor"), _("So that your counselor knows what you worked on there")),
    "ct": (_("Your couples therapist"), _("So that shared sessions fit your own care")),
    "pc": (_("Your partner's counselor"), _("So that both counselors can plan together")),
    "pt": (_("Your partner"), _("Because you want your partner to know")),
}
_ONE_YEAR = _("one year after signing")
_PARTNER_ENDS = _("90 days after it begins; it begins 24 hours after signing")
_EXTRACT = _("Only the total and what it means is shown, never a single answer.")
_ANYTHING = _("Nothing else opens: one kind of record, these readers, this purpose.")
_TO_PARTNER = (
    _(
        "You decide this in a session of your own, with your counselor. It begins 24 hours after "
        "you sign. Until then you can drop it here and nobody else ever learns of it."
    ),
    _(
        "Afterwards you can take it back at any time. To your partner it then looks exactly as if "
        "you had never shared anything."
    ),
)


def _form(code: str, kind: str, verb: str) -> Form:
    prefix = code.partition(":")[0]
    who, purpose = FAMILIES[prefix]
    words = KIND_WORDS[kind]
    what = [format_lazy(_("If you sign: {who} may read “{what}”."), who=who, what=words)]
    if verb == "D":
        what.append(_EXTRACT)
    partner = prefix == "pt"
    return Form(
        code=code,
        version="1",
        title=format_lazy("{who}: {what}", who=who, what=words),
        need="",
        discloser=_("This programme"),
        recipient=who,
        description=words,
        purpose=purpose,
        expiry=_PARTNER_ENDS if partner else _ONE_YEAR,
        refusing=CARE,
        revocation=TAKE_BACK,
        days=91 if partner else 365,
        kinds=(kind,),
        paragraphs=(*what, *(_TO_PARTNER if partner else ()), _ANYTHING),
    )


@lru_cache(maxsize=1)
def families() -> tuple[Form, ...]:
    """A form for every per-kind code of the access table, by reader and then by kind."""
    found: dict[str, Form] = {}
    for name, entry in sorted(policy.collect()[0].items()):
        for relation in policy.RELATIONS:
            for right in entry.rights(relation):
                if ":" in right.consent and right.consent not in found:
                    found[right.consent] = _form(right.consent, name, right.verb)
    order = list(FAMILIES)
    return tuple(sorted(found.values(), key=lambda f: order.index(f.code.partition(":")[0])))
