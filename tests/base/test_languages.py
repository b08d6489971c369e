"""A language is offered with its catalogue, and one reader's language is never another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.test import Client, RequestFactory
from django.utils import translation

from mutual.base import languages, mail

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
