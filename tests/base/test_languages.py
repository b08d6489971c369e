"""A language is offered with its catalogue, and one reader's language is never another's."""

from __future__ import annotations

import html
import importlib.util
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polib
import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.test import Client, RequestFactory
from django.utils import translation

from mutual.base import languages, mail

ROOT = Path(__file__).resolve().parents[2]
SPANISH = ROOT / "mutual" / "locale" / "es" / "LC_MESSAGES" / "django.po"
#: What is filled in, and markup: both stand in a translation as in its text.
_MARKS = re.compile(r"%\(\w+\)0?\d*[sd]|\{\w*\}|</?\w[^>]*>|%%")
HEAD = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n\n'


def catalogue(folder: Path, done: int, open_: int, extra: str = "", compiled: bool = True) -> Path:
    """A catalogue of so many translated and untranslated texts."""
    place = folder / "es" / "LC_MESSAGES"
    place.mkdir(parents=True)
    texts = [f'msgid "t{n}"\nmsgstr "x{n}"\n' for n in range(done)]
    texts += [f'msgid "o{n}"\nmsgstr ""\n' for n in range(open_)]
    file = place / "django.po"
    file.write_text(HEAD + "\n".join(texts) + extra, "utf-8")
    if compiled:
        file.with_suffix(".mo").write_bytes(b"")
    return file


def codes(folder: Path) -> list[str]:
    return [code for code, _name in languages.offered(folder)]


def test_spanish_is_offered_from_95_percent_of_its_catalogue_on(tmp_path: Path) -> None:
    assert codes(tmp_path / "none") == ["en"]
    catalogue(tmp_path / "full", 95, 5)
    assert codes(tmp_path / "full") == ["en", "es"]
    catalogue(tmp_path / "thin", 94, 6)
    assert codes(tmp_path / "thin") == ["en"]
    catalogue(tmp_path / "raw", 100, 0, compiled=False)
    assert codes(tmp_path / "raw") == ["en"]


def test_fuzzy_and_half_given_plurals_are_not_translated_and_long_texts_count(
    tmp_path: Path,
) -> None:
    extra = (
        '\n\n#, fuzzy\nmsgid "f"\nmsgstr "g"\n\n'
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "uno"\nmsgstr[1] ""\n\n'
        'msgid ""\n"long "\n"text"\nmsgstr ""\n"texto "\n"largo"\n\n'
        '#~ msgid "old"\n#~ msgstr ""\n'
    )
    assert languages.translated_percent(catalogue(tmp_path, 1, 0, extra)) == 50


@pytest.mark.usefixtures("db")
def test_the_switch_is_shown_only_where_there_is_a_choice(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]
    page = Client(headers={"x-forwarded-proto": "https"})
    assert "Español" not in page.get("/").content.decode()
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    assert "Español" in page.get("/").content.decode()


@pytest.mark.usefixtures("db")
def test_a_page_says_the_language_it_is_in(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    page = Client(headers={"x-forwarded-proto": "https", "accept-language": "es"})
    assert '<html lang="es"' in page.get("/").content.decode()


@pytest.mark.usefixtures("db")
def test_a_language_that_is_not_offered_is_never_half_spoken(settings: Any) -> None:
    """One word of a package's own catalogue in the midst of an English page would be."""
    settings.LANGUAGES = [("en", "English")]
    page = Client(headers={"x-forwarded-proto": "https", "accept-language": "es-MX,es;q=0.9"})
    page.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    seen = page.get("/account/password/reset/").content.decode()
    assert '<html lang="en"' in seen
    with translation.override("es"):
        assert languages.spoken("es") == "en"
    assert mail.update_words("es") == mail.update_words("en")


def test_readers_of_two_languages_at_once_keep_their_own(settings: Any) -> None:
    """Neither another request nor a mail that is written meanwhile changes a page's language."""
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]

    def page(request: HttpRequest) -> HttpResponse:
        before = translation.get_language()
        mail.update_words("es" if before == "en" else "en")
        return HttpResponse(f"{before} {translation.get_language()}")

    def one(code: str) -> bool:
        request = RequestFactory().get("/", headers={"accept-language": code})
        return bool(LocaleMiddleware(page)(request).content.decode() == f"{code} {code}")

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(one, ("en", "es") * 40))


@pytest.fixture(scope="module")
def collected() -> dict[tuple[str, str], str]:
    """Every text that visitors and partners read, with its plural form if it has one."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert spec is not None and spec.loader is not None
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    found: dict[tuple[str, str], tuple[str, list[str]]] = messages.collect()
    return {k: many for k, (many, places) in found.items() if messages.read_by_people(places)}


def test_the_spanish_catalogue_keeps_step_with_what_visitors_and_partners_read(
    collected: dict[tuple[str, str], str],
) -> None:
    """A text of the last days may wait for its translation; two of a hundred may not."""
    entries = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(SPANISH))}
    done = {
        key
        for key, e in entries.items()
        if key in collected and (e.msgstr or all(e.msgstr_plural.values() or [""]))
    }
    waiting = sorted(set(collected) - done)
    assert len(waiting) * 100 <= len(collected) * 2, f"make messages, then translate: {waiting}"
    assert {k for k in done if (entries[k].msgid_plural or "") != collected[k]} == set()


def test_a_translation_has_the_places_and_marks_of_its_text() -> None:
    """What is filled in, and the markup around it, stand in both; a missing one breaks a page."""
    wrong = []
    for entry in polib.pofile(str(SPANISH)):
        given = list(entry.msgstr_plural.values()) or [entry.msgstr]
        marks = sorted(_MARKS.findall(entry.msgid_plural or entry.msgid))
        one = sorted(_MARKS.findall(entry.msgid))
        if any(sorted(_MARKS.findall(text)) not in (marks, one) for text in given):
            wrong.append(entry.msgid)
        if any(text.endswith("\n") != entry.msgid.endswith("\n") for text in given):
            wrong.append(entry.msgid)
    assert wrong == []


def test_spanish_is_compiled_and_offered() -> None:
    from django.conf import settings

    assert "es" in dict(settings.LANGUAGES), "scripts/messages.py compile makes the catalogue"


@pytest.mark.usefixtures("db")
def test_a_reader_of_spanish_gets_whole_pages(
    browse: Any, collected: dict[tuple[str, str], str]
) -> None:
    """No English sentence stands in them, but for what waits for its translation."""
    entries = polib.pofile(str(SPANISH))
    waiting = {words for _context, words in collected}
    waiting -= {e.msgid for e in entries if e.msgstr or e.msgstr_plural}
    page = Client(headers={"x-forwarded-proto": "https", "accept-language": "es-US,es;q=0.9"})
    partner = browse("ana")
    english = re.compile(r"\b(the|your|you|and|with|is|not|for|this)\b")
    left = []
    asked = [(page, a) for a in ("/", "/how-it-works/", "/for-couples/", "/insurance/",
             "/questions/", "/contact/", "/privacy/", "/privacy/exit/", "/account/login/",
             "/account/help/", "/account/password/reset/", "/offline/")]  # fmt: skip
    asked += [(partner, a) for a in ("/today/", "/week/", "/us/", "/me/", "/messages/own/",
              "/check-in/", "/me/own/", "/me/consents/", "/me/consents/tpo/",
              "/me/who/", "/me/contact/", "/me/changes/", "/account/")]  # fmt: skip
    for client, address in asked:
        answer = client.get(address, headers={"accept-language": "es"})
        assert answer.status_code == 200, address
        body = re.sub(r"<(script|style)\b.*?</\1>", "", answer.content.decode(), flags=re.S)
        assert '<html lang="es"' in body
        left += [
            (address, line.strip())
            for line in html.unescape(re.sub(r"<[^>]+>", "\n", body)).splitlines()
            if english.search(line) and line.strip() not in waiting
        ]
    assert left == []


def test_the_pages_of_staff_stay_in_one_language(browse: Any) -> None:
    answer = browse("mo").get("/staff/", headers={"accept-language": "es"})
    assert '<html lang="en"' in answer.content.decode()
    assert "Semana" not in answer.content.decode()


@pytest.mark.rule("I-4")
def test_a_form_that_is_installed_in_english_only_says_so_and_is_read_out_as_english(
    browse: Any, act: Any
) -> None:
    from django.utils import timezone

    from mutual.measures.actions import assign_form
    from mutual.people.models import Person
    from tests.world import id_of

    with act("mo") as mo:
        form = assign_form(mo, Person.objects.get(id=id_of("ana")), "phq9", timezone.localdate())
    ana = browse("ana")
    spanish = ana.get(f"/forms/{form.public_id}/", headers={"accept-language": "es"})
    words = spanish.content.decode()
    assert "Estas preguntas están en inglés" in words
    assert '<p class="lead" lang="en">Over the last 2 weeks' in words
    assert (
        "These questions are in English"
        not in ana.get(f"/forms/{form.public_id}/").content.decode()
    )
