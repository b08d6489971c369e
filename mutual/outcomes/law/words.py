"""Every rule of privacy, consent and security in plain words, with the modules that carry it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        number: as in the specification.
        words: what it asks, in a sentence or two.
        where: modules that carry it; empty for what is not built yet.
        fact: key of the fact that shows its state in this programme (facts.py), or empty.
    """

    number: str
    words: StrPromise
    where: tuple[str, ...]
    fact: str = ""


#: Title and first rule of each section.
SECTIONS: tuple[tuple[StrPromise, str], ...] = (
    (_("Who may see what"), "P-1"),
    (_("Confidences in couples therapy"), "P-12"),
    (_("Consent"), "P-16"),
    (_("42 CFR Part 2"), "P-26"),
    (_("HIPAA"), "P-38"),
    (_("No inference between partners"), "P-47"),
    (_("Safety with an unsafe partner"), "P-63"),
    (_("Group and room"), "P-73"),
    (_("Accounts"), "P-82"),
    (_("Audit and words"), "P-87"),
)


def _rule(number: int, words: StrPromise, where: str = "", fact: str = "") -> Rule:
    return Rule(f"P-{number}", words, tuple(f"mutual.{one}" for one in where.split()), fact)


RULES: tuple[Rule, ...] = (
    _rule(1, _("One table says who may see which record; filters, database policies and tests are"
               " made from it."), "wall.policy wall.compile", "table"),
    _rule(2, _("What may not be seen answers exactly like what isn't there."),
          "base.refusal wall.web wall.managers"),
    _rule(3, _("The database refuses by itself, to a role that owns nothing and bypasses nothing."),
          "wall.compile entry.database"),
    _rule(4, _("Writing, moving, copying and attaching obey the same table as reading."),
          "wall.compile"),
    _rule(5, _("The couples therapist never counsels either partner alone as their counselor."),
          "episode.team"),
    _rule(6, _("Staff who are close to somebody see nothing of them, in no role, and nobody learns"
               " from it who is here."), "privacy.conflicts", "conflicts"),
    _rule(7, _("Who may see facts only gets facts only, from the database itself."),
          "wall.policy wall.compile"),
    _rule(8, _("Access ends with its reason, in the same second, also in open pages."),
          "wall.live wall.relations"),
    _rule(9, _("The most delicate records are encrypted with a key kept outside the database and"
               " stand in no search."), "base.crypto", "sealed"),
    _rule(10, _("In an emergency a clinician opens one record for an hour, with a reason; the"
                " privacy officer and the person are told, and it is reviewed."),
          "privacy.glass record.emergency_view", "glass"),
    _rule(11, _("Only those who need a record for their work get it."),
          "wall.policy wall.relations"),
    _rule(12, _("Before the first shared session both agree, each alone, to what the couples"
                " therapist does with a confidence."), "privacy.joint", "confidences"),
    _rule(13, _("“May speak” opens no record, and never covers safety, tests or what could put"
                " somebody in danger."), "privacy.joint wall.policy"),
    _rule(14, _("A changed setting needs two new signatures; earlier words keep the earlier one."),
          "privacy.joint"),
    _rule(15, _("Beside each box that reaches the couples therapist stands who may learn it."),
          "daily.readers"),
    _rule(16, _("A consent names person, recipient, kind, purpose and end; declining an optional"
                " one changes nothing else."), "privacy.forms privacy.sharing", "consents"),
    _rule(17, _("A consent lacking one of the parts the law names can't be saved."),
          "privacy.rules privacy.actions"),
    _rule(18, _("One consent covers all treatment, payment and operations, and no other purpose."),
          "privacy.forms"),
    _rule(19, _("Counseling and psychotherapy notes have papers of their own, never a condition of"
                " care."), "privacy.forms_apart"),
    _rule(20, _("Consent to use in a proceeding stands alone."), "privacy.forms_outside"),
    _rule(21, _("Taking a consent back works at once, on paper too; what was done before is"
                " listed."), "privacy.actions privacy.journal wall.journal", "taken_back"),
    _rule(22, _("Withdrawn, declined, expired and never asked look the same to everybody else."),
          "privacy.queries"),
    _rule(23, _("A consent that is expired, incomplete or known to be false allows nothing."),
          "privacy.standing privacy.rules"),
    _rule(24, _("What needs both is signed apart and ends when either withdraws, without saying"
                " who."), "privacy.joint"),
    _rule(25, _("A consent to the partner is signed alone with the own counselor, waits 24 hours"
                " and may be dropped without a trace."), "record.signing"),
    _rule(26, _("Every record of everybody enrolled counts as Part 2."), "privacy.gate"),
    _rule(27, _("Nothing leaves but through one gate that names consent or exception, sends the"
                " notice along and logs it."), "privacy.gate privacy.exits", "exits"),
    _rule(28, _("No claim and no question to a payer before the person agreed to payment."),
          "claims.reasons privacy.gate"),
    _rule(29, _("Records that came from elsewhere keep their label wherever they go."),
          "privacy.received"),
    _rule(30, _("A subpoena, warrant or lawyer's letter alone opens nothing; the answer neither"
                " says that somebody is here nor that nobody is."), "privacy.legal", "demands"),
    _rule(31, _("What was told in a medical emergency is written down whole, or it stays open."),
          "privacy.emergencies", "told"),
    _rule(32, _("Nobody outside learns whether somebody is a patient here."),
          "people.joining episode.inquiry"),
    _rule(33, _("An auditor sees a named sample on named days and nothing else."),
          "privacy.engagements", "audits"),
    _rule(34, _("A firm's line works only while its agreements are in force."), "privacy.vendors",
          "vendors"),
    _rule(35, _("Each person gets the list of what left about them, and nothing of the partner."),
          "privacy.accounting", "disclosures"),
    _rule(36, _("A breach is assessed; each affected person is told within 60 days, in their safe"
                " way."), "privacy.breaches", "breaches"),
    _rule(37, _("Each partner gets the notices before the first service, with a receipt."),
          "privacy.queries room.doorway"),
    _rule(38, _("Each person sets way, address and hours; whatever goes out obeys."),
          "privacy.channel privacy.sender"),
    _rule(39, _("What a person pays in full stays from the plan, on request."),
          "claims.reasons privacy.requests"),
    _rule(40, _("A copy of the record within 30 days, without a word of the partner's."),
          "privacy.package privacy.requests record.release", "requests"),
    _rule(41, _("A refusal for danger is a licensed professional's, and another one looks again."),
          "privacy.answering"),
    _rule(42, _("Shared records go to one partner with the consent of both, or after the officer"
                " decided; the other isn't told who asked."), "privacy.answering record.release"),
    _rule(43, _("Corrections are answered in 60 days; a signed note is never overwritten."),
          "privacy.requests privacy.answering"),
    _rule(44, _("Each technical safeguard of 45 CFR 164.312 has a named test."),
          "outcomes.law.safeguards", "safeguards"),
    _rule(45, _("Consents, notices, trail and disclosures live six years, records as long as the"
                " state says; a legal hold wins."), "privacy.legal", "retention"),
    _rule(46, _("Backups are proven by restoring them; nothing acknowledged is lost."),
          "entry.backup entry.restore", "backup"),
    _rule(47, _("What one partner sees is the same, byte for byte, whatever closed record the other"
                " has."), "wall.compile"),
    _rule(48, _("Counts and badges come only from what the viewer may read."), "wall.managers"),
    _rule(49, _("Every notice is one neutral text, without name or link."),
          "privacy.sender wall.outbox"),
    _rule(50, _("A calendar feed says “Busy”, is off at first and renewed with one tap."),
          "week.feeds interop.calendar"),
    _rule(51, _("Files have neutral names, no author, and are checked at each fetch."),
          "base.documents base.ids"),
    _rule(52, _("Public ids are random: neither numbered nor timed."), "base.ids"),
    _rule(53, _("Search answers from readable rows only."), "people.search"),
    _rule(54, _("Nobody sees when the partner was here, read, typed or signed."),
          "daily.threads wall.live"),
    _rule(55, _("Own and couple threads differ in colour, label and address; nothing moves between"
                " them."), "daily.threads"),
    _rule(56, _("The policyholder gets nothing of the partner's claims here, and each is told what"
                " the plan may send."), "claims.reasons coverage.actions"),
    _rule(57, _("One partner's figures change only by an answer to their own question."),
          "coverage.answers"),
    _rule(58, _("A claim names neither the partner nor the programme's field."),
          "claims.professional"),
    _rule(59, _("Contact data never copies across a couple."), "people.actions"),
    _rule(60, _("Without consent one partner doesn't even see “busy” of the other's own sessions."),
          "week.availability week.queries"),
    _rule(61, _("Nothing private stays in the browser."), "wall.web base.documents"),
    _rule(62, _("Errors and logs carry numbers of requests, no content."), "base.logs"),
    _rule(63, _("Questions about violence are asked alone and live, by somebody trained, never in a"
                " form."), "episode.screening_rules"),
    _rule(64, _("Given answers never show again."), "portal.views.forms"),
    _rule(65, _("“Not yet” reads the same to both as any other week without a shared session."),
          "episode.queries"),
    _rule(66, _("Each page has an exit that blanks it at once and locks the session."),
          "portal.views.leave"),
    _rule(67, _("Beside it stands honestly what it can't do."), "website.views.pages"),
    _rule(68, _("What is private opens with a PIN of its own."), "portal.gate room.pin"),
    _rule(69, _("Private menus are alike for everybody, used or not."), "portal.views.me"),
    _rule(70, _("The emergency contact is asked alone; the partner isn't suggested."),
          "portal.views.reach"),
    _rule(71, _("Either partner ends the couple with one action; the other hears it from a"
                " clinician."), "privacy.separation"),
    _rule(72, _("Nobody sees the other's address, place or device; video never goes from partner to"
                " partner."), "room.relay"),
    _rule(73, _("Groups know first names only; partners never share a process group."),
          "week.checks room.doorway"),
    _rule(74, _("Nothing is booked before the telehealth consent."), "week.checks"),
    _rule(75, _("At each session each says where they are and who is near; the other never sees"
                " it."), "room.doorway"),
    _rule(76, _("The clinician is licensed where each partner is, at booking and at joining."),
          "week.checks room.doorway"),
    _rule(77, _("A room lets in whom the clinician admits, once; a link alone lets in nobody."),
          "room.doorway room.actions"),
    _rule(78, _("Each waits alone; “not today” sounds the same to both."),
          "room.rules room.actions"),
    _rule(79, _("There is no recording and no transcript."), "room.relay"),
    _rule(80, _("In an own session one can signal, unseen, that one isn't alone."), "room.rules"),
    _rule(81, _("Sharing a screen offers a tab or window, and hides our own notices."),
          "staff.views.room portal.views.join"),
    _rule(82, _("One account for each person, with an own factor; none is shared."),
          "people.second_factor people.adapter", "accounts"),
    _rule(83, _("A passkey or a code app for everybody; who else uses the device is asked."),
          "people.second_factor"),
    _rule(84, _("Fifteen idle minutes, twelve hours at most; every session can be ended."),
          "wall.context people.devices people.idle", "idle"),
    _rule(85, _("Nobody gets into an account by a mailbox or a text message alone."),
          "people.unlocking"),
    _rule(86, _("Staff sign in with a key that can't be phished; no one signs in as another."),
          "people.second_factor"),
    _rule(87, _("Each partner sees who of the staff looked, when and why; a refused try of the"
                " partner goes to officer and counselor."), "privacy.trail privacy.watch",
          "unusual"),
    _rule(88, _("Every deed leaves a line: who, for whom, what, why, when, in which sign-in; no"
                " content."), "wall.audit people.audit_events", "trail"),
    _rule(89, _("The trail only grows, each line holds the hash of the last, and its head is copied"
                " outside each day."), "wall.heads", "head"),
    _rule(90, _("If the trail can't be written, nothing is shown."), "wall.web wall.audit"),
    _rule(91, _("Reports show no group smaller than eleven."), "outcomes.small"),
    _rule(92, _("Words put the person first."), "base.words"),
    _rule(93, _("Somebody locked out is let into one session by a clinician who knows their"
                " face.")),
)  # fmt: skip
