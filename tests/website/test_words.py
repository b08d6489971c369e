"""Words that no page, mail, document or translation of this repository says (P-92), and mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core import mail

from mutual.base import mail as sender

ROOT = Path(__file__).resolve().parents[2]
BANNED = {
    "en": r"addicts?|junk(?:ie|y)s?|clean|dirty|abusers?|non-?compliant|relapsers?|denies",
    "es": r"adict[oa]s?|drogadict[oa]s?|limpi[oa]s?|suci[oa]s?|abusador(?:a|es|as)?"
    r"|incumplidor(?:a|es)?|reca[ií]d[oa]s|niegan?",
}
#: Where the list itself is written down, for those who write.
QUOTES = re.compile(r"never|avoid|instead of|banned|not say|rather than", re.I)

#: A text that people may read, in code: inside a call that marks it for translation.
MARKED = re.compile(r"\b(?:_|gettext|gettext_lazy|mark)\(\s*((?:\"[^\"]*\"\s*)+)")


def scan(text: str, language: str = "en") -> list[str]:
    return [m.group(0) for m in re.finditer(rf"\b(?:{BANNED[language]})\b", text, re.I)]


def files(*patterns: str) -> list[Path]:
    found = [p for pattern in patterns for p in ROOT.glob(pattern)]
    return [p for p in found if not {".venv", "node_modules", ".mutual"} & set(p.parts)]


def shown(template: str) -> str:
    """What a template shows: without tags' names, classes and comments."""
    text = re.sub(r"{#.*?#}", " ", template, flags=re.S)
    return re.sub(r'\b(?:class|id|name|href|src|data-[a-z-]+)="[^"]*"', " ", text)


@pytest.mark.rule("P-92")
def test_no_template_says_a_word_that_hurts() -> None:
    templates = files("mutual/**/*.html", "mutual/**/*.txt", "mutual/**/*.typ")
    assert len(templates) > 20
    bad = {str(p.relative_to(ROOT)): scan(shown(p.read_text("utf-8"))) for p in templates}
    assert {k: v for k, v in bad.items() if v} == {}


@pytest.mark.rule("P-92")
def test_no_document_says_one_outside_the_list_of_words_to_avoid() -> None:
    bad = []
    for path in files("*.md", "docs/**/*.md"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            prose = re.sub(r"`[^`]*`", " ", line)
            if scan(prose) and not QUOTES.search(prose):
                bad.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert bad == []


@pytest.mark.rule("P-92")
def test_no_message_in_code_or_catalogue_says_one() -> None:
    bad = []
    for path in files("mutual/**/*.py"):
        text = path.read_text("utf-8")
        for match in re.finditer(
            r"\b(?:_|gettext|gettext_lazy|mark)\(\s*((?:\"[^\"]*\"\s*)+)", text
        ):
            if scan(match.group(1)):
                bad.append(f"{path.relative_to(ROOT)}: {match.group(1).strip()[:80]}")
    for path in files("mutual/locale/*/LC_MESSAGES/*.po"):
        language = path.parts[-3]
        for entry in polib.pofile(str(path)):
            for said in (entry.msgstr, *entry.msgstr_plural.values()):
                if language in BANNED and scan(said, language):
                    bad.append(f"{language}: {said[:80]}")
    assert bad == []


@pytest.mark.rule("P-92")
def test_the_scan_finds_a_word_that_hurts_in_both_languages() -> None:
    assert scan("He was clean, then dirty; the addict denies it") == [
        "clean", "dirty", "addict", "denies",
    ]  # fmt: skip
    assert scan("una persona adicta que niega", "es") == ["adicta", "niega"]
    assert scan("cleaning, addiction and cleanly are other words") == []


@pytest.mark.rule("P-92", "P-49")
@pytest.mark.parametrize("language", ["en", "es"])
def test_mails_say_one_neutral_text_in_both_languages(language: str) -> None:
    sender.send_update("rosa@private.example", language)
    sender.send_update("theo@private.example", language, asked_for="482 913")
    first, second = mail.outbox
    assert first.subject == second.subject
    assert second.body == f"{first.body}\n\n482 913"
    assert first.from_email == second.from_email
    assert not re.search(r"https?:|www\.|@", first.body)
    assert scan(first.body, language) == []


@pytest.mark.rule("P-49")
def test_only_the_invitation_carries_a_link_and_says_until_when() -> None:
    until = datetime(2026, 1, 20, 18, tzinfo=UTC)
    link = "https://mutual.example/welcome/abc/"
    sender.send_invitation("rosa@private.example", link, until, zone="America/Chicago")
    sent = mail.outbox[0]
    assert sent.subject == sender.update_words()[0]
    assert sent.body.count("https://") == 1 and link in sent.body
    assert "Tue 20 Jan, 12:00 pm CST" in sent.body
    assert sent.to == ["rosa@private.example"] and not sent.cc and not sent.bcc


@pytest.mark.rule("P-49")
def test_mail_leaves_through_one_place() -> None:
    """Two senders would be two texts: only the base room talks to Django's mail."""
    found = {
        str(p.relative_to(ROOT / "mutual"))
        for p in files("mutual/**/*.py")
        if re.search(r"^\s*from django\.core(\.mail)? import .*[Mm]ail", p.read_text("utf-8"), re.M)
    }
    # The demo's mailbox receives; it sends nothing.
    assert found == {"base/mail.py", "entry/demo/mail.py"}


@pytest.fixture(autouse=True)
def _box(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
