"""Consents: complete, alone, revocable at once, and silent about the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.privacy import actions, forms, queries, rules, sight
from mutual.privacy.models import Consent, JointConsent
from mutual.wall.models import ConsentFact
from tests.world import id_of

WHOLE = rules.Elements(
    "Ana", "the programme", "notes", "the plan", "payment", "any time, under Me", "none", "Ana F",
    datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip


def raw(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def opened(viewer: str, kind: str) -> bool:
    """Whether somebody has a grant of a category on the couple ab (asked as that somebody)."""
    return raw("select %s = any(wall.subjects(%s))", id_of("ab"), kind)[0][0]


@pytest.mark.rule("P-17", "P-23")
@pytest.mark.parametrize("part", list(rules._NAMES))
def test_a_consent_without_one_of_its_parts_is_refused_naming_it(part: str) -> None:
    rules.refuse_incomplete(WHOLE)
    lacking = replace(WHOLE, **{part: None if part == "signed_at" else " "})
    with pytest.raises(Refused, match="Missing: "):
        rules.refuse_incomplete(lacking)


@pytest.mark.rule("P-17")
@pytest.mark.parametrize(
    "part", ["discloser", "recipient", "description", "purpose", "revocation", "words"]
)
def test_the_database_keeps_no_incomplete_consent_either(act, part: str) -> None:
    with act("ana"), pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(code="tpo", person_id=id_of("ana")).update(**{part: ""})


@pytest.mark.rule("P-17")
def test_a_consent_is_not_signed_without_a_signature(act) -> None:
    with act("ana") as ana, pytest.raises(Refused, match="signature"):
        actions.sign_consent(ana, "cj", "  ")


@pytest.mark.rule("P-16")
@pytest.mark.parametrize("form", forms.all_forms(), ids=lambda form: form.code)
def test_every_form_names_recipient_purpose_and_expiry_and_says_how_to_take_it_back(form) -> None:
    for part in (form.recipient, form.purpose, form.description, form.discloser, form.expiry):
        assert str(part).strip()
    assert "take this back" in str(form.revocation)


@pytest.mark.rule("P-16")
def test_declining_an_optional_consent_changes_nothing_else(act) -> None:
    with act("ana") as ana:
        before = set(ConsentFact.objects.values_list("code", "valid"))
        actions.decline(ana, "cj")
        assert set(ConsentFact.objects.values_list("code", "valid")) == before
        states = {line.form.code: line.state for line in queries.my_consents(ana, id_of("ab"))}
    assert states["cj"] == "declined"
    assert states["tpo"] == "given"


@pytest.mark.rule("P-18")
def test_tpo_covers_its_three_purposes_and_never_the_partner() -> None:
    words = " ".join(str(p) for p in forms.TPO.paragraphs)
    assert str(forms.TPO.expiry) == "none"
    assert "shared again" in words and "not include your partner" in words
    assert all(rules.covers("tpo", p) for p in ("treatment", "payment", "operations"))
    assert not rules.covers("tpo", "school")
    assert queries.opens("tpo") == []


@pytest.mark.rule("P-19", "P-20")
@pytest.mark.parametrize("alone", ["sudn", "psy", "legal"])
def test_what_stands_alone_is_combined_with_nothing(alone: str) -> None:
    rules.refuse_combination([alone])
    with pytest.raises(Refused):
        rules.refuse_combination(["tpo", alone])


@pytest.mark.rule("P-25")
def test_a_release_to_the_partner_is_not_signed_in_the_portal(act) -> None:
    with act("ana") as ana, pytest.raises(Refused, match="session of your own"):
        actions.sign_consent(ana, "pt:toxicology", "Ana Fiction")


@pytest.mark.rule("P-24")
def test_notes_open_to_both_when_both_signed_and_close_when_one_withdraws(act) -> None:
    with act("ana") as ana:
        actions.sign_consent(ana, "cj", "Ana Fiction")
        assert not opened("ana", "conjoint_note")
    with act("ben") as ben:
        actions.sign_consent(ben, "cj", "Ben Fiction")
        assert opened("ben", "conjoint_note")
    with act("ana") as ana:
        assert opened("ana", "conjoint_note")
        assert actions.revoke(ana, "cj") == 1
        assert not opened("ana", "conjoint_note")
    with act("ben") as ben:
        assert not opened("ben", "conjoint_note")
        lines = {line.form.code: line for line in queries.my_consents(ben, id_of("ab"))}
        assert lines["cj"].state == "given" and lines["cj"].in_force is False


@pytest.mark.rule("P-21")
def test_withdrawing_team_takes_the_notes_from_both_counselors_at_once(act) -> None:
    for name in ("ana", "ben"):
        with act(name) as person:
            actions.sign_consent(person, "team", f"{name} Fiction")
    for counselor in ("mo", "kit"):
        with act(counselor):
            assert opened(counselor, "conjoint_note")
    with act("ben") as ben:
        actions.revoke(ben, "team")
        assert actions.revoke(ben, "team") == 0
    for counselor in ("mo", "kit"):
        with act(counselor):
            assert not opened(counselor, "conjoint_note")


@pytest.mark.rule("P-21")
def test_a_revocation_is_journalled_outside_and_applied_again_after_a_restore(
    act, monkeypatch, tmp_path
) -> None:
    from uuid import uuid4

    from mutual.wall import journal

    monkeypatch.setattr(journal, "file_of", lambda name: tmp_path / "ends.jsonl")
    moment = timezone.now()
    what = {"person": str(id_of("ana")), "code": "tpo"}
    journal._append("", [journal._text(journal.Line(str(uuid4()), "consent", what, moment))])
    assert journal.apply_again() == 1
    assert journal.apply_again() == 0
    assert queries.missing(id_of("ana"), ["tpo"], moment + timedelta(seconds=1)) == ["tpo"]


@pytest.mark.rule("P-22")
def test_withdrawn_declined_and_never_asked_look_the_same_to_the_partner(browse, act) -> None:
    import re

    def page() -> bytes:
        made = browse("ben").get("/me/consents/").content
        return re.sub(rb"[A-Za-z0-9]{64}", b"-", made)

    never = page()
    with act("ana") as ana:
        actions.sign_consent(ana, "cj", "Ana Fiction")
    given = page()
    with act("ana") as ana:
        actions.revoke(ana, "cj")
    withdrawn = page()
    with act("ana") as ana:
        actions.decline(ana, "cj")
    assert never == given == withdrawn == page()


@pytest.mark.rule("P-23")
def test_what_expired_yesterday_counts_for_nothing_today(act) -> None:
    long_ago = timezone.now() - timedelta(days=366 + 1)
    with act("ana") as ana:
        actions.sign_consent(ana, "cj", "Ana Fiction", now=long_ago)
        assert queries.missing(id_of("ana"), ["cj"]) == ["cj"]
        assert queries.missing(id_of("ana"), ["cj"], long_ago + timedelta(days=300)) == []
        assert {line.form.code: line.state for line in queries.my_consents(ana)}["cj"] == "open"


@pytest.mark.rule("P-37", "P-74")
def test_the_notice_taken_back_is_missing_from_then_on(act) -> None:
    assert queries.missing(id_of("ana"), ("notice", "tele")) == []
    with act("ana") as ana:
        actions.revoke(ana, "notice")
    assert queries.missing(id_of("ana"), ("notice", "tele")) == ["notice"]


@pytest.mark.rule("P-12", "C-7")
def test_one_signature_of_two_opens_no_shared_session_and_no_contact_alone(act) -> None:
    with act("reyes"):
        queries.refuse_conjoint(id_of("ab"))
        queries.refuse_solo_contact(id_of("ab"))
    with act("ben") as ben:
        actions.revoke(ben, "confidences")
    with act("reyes"):
        with pytest.raises(Refused, match="not signed by both"):
            queries.refuse_conjoint(id_of("ab"))
        with pytest.raises(Refused, match="Agreement not signed by both"):
            queries.refuse_solo_contact(id_of("ab"))


@pytest.mark.rule("P-12", "P-14")
def test_another_setting_needs_two_new_signatures_and_keeps_the_old_words(act, settings) -> None:
    settings.COUPLE_CONFIDENCES = "hold_with_limits"
    actions.refresh_joint(id_of("ab"))
    with act("reyes"):
        assert not queries.confidences_in_force(id_of("ab"))
    for name in ("ana", "ben"):
        with act(name) as person:
            actions.sign_consent(person, "confidences", f"{name} Fiction")
    with act("reyes"):
        assert queries.confidences_in_force(id_of("ab"))
    with act("ana"):
        versions = Consent.objects.filter(code="confidences").order_by("signed_at")
        assert [c.version for c in versions] == ["1:share_at_discretion", "1:hold_with_limits"]
        assert "brought into the shared sessions" in versions[0].words


@pytest.mark.rule("P-12")
def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(Refused, match="share_at_discretion"):
        forms.confidences("anything_goes")


@pytest.mark.rule("P-3")
@pytest.mark.parametrize("name", ["ben", "kit", "reyes", "noor", "cleo"])
def test_raw_sql_shows_nobody_else_a_consent_of_ana(act, name: str) -> None:
    with act(name):
        own = id_of("ana")
        assert raw("select count(*) from privacy_consent where person_id = %s", own) == [(0,)]
        assert raw("select count(*) from wall_consentfact where person_id = %s", own) == [(0,)]


@pytest.mark.rule("P-3", "P-4")
def test_nobody_signs_for_somebody_else(act) -> None:
    from django.db.utils import ProgrammingError

    from mutual.wall.relations import consent_in_force

    for name in ("ben", "mo", "ada"):
        with act(name), pytest.raises(ProgrammingError), transaction.atomic():
            consent_in_force(id_of("ana"), "cj", timezone.now())
    with act("mo") as mo, pytest.raises(NotThere):
        actions.sign_consent(mo, "cj", "Mo Lindgren")


@pytest.mark.rule("P-24")
def test_the_joint_state_is_one_yes_or_no_that_no_partner_can_write(act) -> None:
    with act("ben"):
        assert JointConsent.objects.filter(code="confidences").get().in_force
        changed = JointConsent.objects.filter(code="confidences").update(in_force=False)
        assert changed == 0


@pytest.mark.rule("P-51")
def test_a_copy_is_a_neutral_document_for_its_signer_only(browse, act) -> None:
    with act("ana"):
        address = f"/me/copy/{Consent.objects.get(code='tele').public_id}/"
    answer = browse("ana").get(address)
    assert answer.content.startswith(b"%PDF-")
    assert "document-" in answer["Content-Disposition"]
    assert browse("ben").get(address).status_code == 404


@pytest.mark.rule("P-1")
def test_what_a_consent_opens_is_read_from_the_access_table() -> None:
    rows = {(row.what, row.who) for row in queries.opens("cj")}
    assert rows == {("Notes of your shared sessions", "you"),
                    ("Notes of your shared sessions", "your partner")}  # fmt: skip


def test_who_can_see_what_names_the_counselor_and_no_other_couples_people(act) -> None:
    with act("ana") as ana:
        found = sight.page(ana, id_of("ab"))
    sights = {s.what: [r.who for r in s.readers] for _, some in found.sections for s in some}
    assert sights["Your journal"] == []
    assert "Mo Lindgren, your counselor" in sights["Notes of your own sessions"]
    assert not any("Kit" in who for who in sights["Notes of your own sessions"])
    assert "Kit Amari, your partner's counselor" in sights["Your shared plan"]
    assert not any("Noor" in who for readers in sights.values() for who in readers)
