"""Every way out of the programme in one table: what may use it, and why (P-27, P-50).

A test reads the sources for code that can carry something out and fails for a place that is
neither behind the gate nor listed here with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Exit:
    """One way out through the gate.

    Attributes:
        purposes: what a disclosure through it may be for (`gate.PURPOSES`).
        exceptions: exceptions of the law that may stand for a consent there.
        connection: the vendor line it runs over, if a vendor carries it (P-34).
        to_payer: whether a health plan hears it: closed for who pays without the plan (P-39).
    """

    key: str
    words: StrPromise
    purposes: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    connection: str = ""
    to_payer: bool = False


EXITS: dict[str, Exit] = {
    e.key: e
    for e in (
        Exit("claim", _("Claim to a health plan (837)"), ("payment",),
             connection="clearinghouse", to_payer=True),
        Exit("eligibility", _("Question to a health plan (270)"), ("payment",),
             connection="clearinghouse", to_payer=True),
        Exit("authorization", _("Request to a health plan for approval (278, packet)"),
             ("payment",), connection="clearinghouse", to_payer=True),
        Exit("release", _("Copy of records to somebody outside"),
             ("treatment", "payment", "operations", "other")),
        Exit("proceeding", _("Copy of records for a court or proceeding"), ("proceedings",),
             exceptions=("court_order",)),
        Exit("emergency", _("Told to medical personnel in an emergency"), ("emergency",),
             exceptions=("medical_emergency",)),
        Exit("audit", _("Shown to an auditor"), ("audit",), exceptions=("audit",)),
        Exit("report", _("Report the law demands"), ("report",),
             exceptions=("child_abuse", "crime")),
        Exit("programme_interface", _("Answer of the programming interface to another system"),
             ("treatment", "payment", "operations", "other")),
    )
}  # fmt: skip

#: Sources that carry something out of the process: the exit they are behind, or the reason why
#: nothing of a record leaves there. ``gate:`` names the exit.
CARRIERS: dict[str, str] = {
    "mutual/claims/filing.py": "gate:claim",
    "mutual/staff/views/billing.py": "the file built behind the gate, for the biller's own upload",
    "mutual/record/release.py": "gate:release",
    "mutual/privacy/emergencies.py": "gate:emergency",
    "mutual/privacy/engagements.py": "gate:audit",
    "mutual/staff/views/disclosures.py": "documents that release.py let through the gate",
    "mutual/staff/views/duties.py": "letters that say the same whether somebody is here or not"
    " (P-30)",
    "mutual/portal/views/consents.py": "a person's own copy of what they signed",
    "mutual/portal/views/requests.py": "a person's own copy of their record and its accounting",
    "mutual/portal/views/record.py": "a person's own papers, behind their PIN",
    "mutual/staff/views/discharge.py": "a paper of the chart, for staff who may read it",
    "mutual/record/papers.py": "sets the papers of the chart; who hands them out is listed here",
    "mutual/claims/professional.py": "writes the text of a claim; filing.py sends it",
    "mutual/interop/calendar.py": "a person's own feed: busy times and one word, no record (P-50)",
    "mutual/people/factor_forms.py": "the account's own link for a new password",
    "mutual/base/mail.py": "one neutral text for everything, no name and no kind (P-49)",
    "mutual/base/sms.py": "the same neutral text, to the number a person chose (P-38, P-49)",
    "mutual/base/documents.py": "sets documents; who hands them out is listed here",
    "mutual/entry/health.py": "asks the mail server whether it is there; sends nothing",
    "mutual/entry/serving.py": "listens; it opens no connection to elsewhere",
    "mutual/entry/backup.py": "the programme's own backup, into its own folder, under its keys",
    "mutual/entry/demo/mail.py": "the demo's mailbox inside the programme",
    "mutual/entry/demo/run.py": "asks which port is free; writes the demo's own notes",
    "mutual/room/relay/server.py": "carries sealed pictures and sound between people in a room"
    " and keeps none (P-79)",
    "mutual/room/relay/control.py": "an empty lock file of the relay process itself",
    "mutual/wall/heads.py": "the number and hash of the audit's last line, no line (P-89)",
    "mutual/wall/journal.py": "what ended, by ids, names sealed, into the programme's own home",
    "mutual/base/embedded.py": "the embedded database's own settings",
    "mutual/base/home.py": "the installation's own secrets, into its own home",
}
