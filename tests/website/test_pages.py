"""The public pages: readable without script, small, honest, and nothing from elsewhere."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from mutual.wall import policy
from mutual.website import readers
from mutual.website.questions import QUESTIONS
from tests.website.visitor import visitor

PAGES = (
    "/",
    "/how-it-works/",
    "/for-couples/",
    "/insurance/",
    "/questions/",
    "/contact/",
    "/contact/thanks/",
    "/privacy/",
    "/privacy/exit/",
)


class Seen(HTMLParser):
    """What a page loads, where it leads, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._in: list[str] = []
        self.inline_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self.attributes.update(given)
        if tag == "script":
            self.scripts.append(given)
        if tag in ("script", "img", "iframe", "source", "video") and given.get("src"):
            self.loads.append(given["src"] or "")
        if tag == "link" and given.get("href"):
            self.loads.append(given["href"] or "")
        if tag in ("script", "style", "title", "select", "svg"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()
        if tag in ("p", "h1", "h2", "h3", "li", "td", "th", "dt", "dd", "label"):
            self.words.append(".")

    def handle_data(self, data: str) -> None:
        if self._in and self._in[-1] == "script" and data.strip():
            self.inline_script = True
        if not self._in:
            self.words.append(data)


def page(path: str) -> str:
    answer = visitor().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def words_of(path: str) -> str:
    text = unescape(" ".join(Seen(page(path)).words))
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_weighs_less_than_sixty_kilobytes(db: None, path: str) -> None:
    html = page(path)
    size = len(html.encode())
    for address in Seen(html).loads:
        found = finders.find(address.removeprefix("/static/").split("?")[0])
        assert found, address
        size += Path(str(found)).stat().st_size
    assert size < 60_000, f"{path}: {size} bytes"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_needs_no_script(db: None, path: str) -> None:
    html = page(path)
    seen = Seen(html)
    assert seen.loads and all(a.startswith("/") and not a.startswith("//") for a in seen.loads)
    assert [s.get("src") for s in seen.scripts] == ["/static/base/exit.js"]
    assert not seen.inline_script
    assert "style" not in seen.attributes
    assert not {a for a in seen.attributes if a.startswith("on")}
    assert len(re.findall(r"<h1[ >]", html)) == 1


@pytest.mark.rule("P-66")
@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_a_quick_exit_that_is_a_link_without_script(db: None, path: str) -> None:
    html = page(path)
    exits = [a for t, a in Seen(html).tags if t == "a" and "data-quick-exit" in a]
    assert len(exits) == 1
    assert exits[0]["href"] == "/exit/"
    assert "noreferrer" in (exits[0]["rel"] or "")
    left = visitor().get("/exit/")
    assert left.status_code == 302
    assert left["Location"].startswith("https://www.weather.gov")


@pytest.mark.rule("P-66")
@pytest.mark.parametrize("path", PAGES)
def test_the_title_of_each_page_is_neutral(db: None, path: str) -> None:
    assert re.search(r"<title>(.*?)</title>", page(path)).group(1) == "Mutual"


@pytest.mark.parametrize("path", PAGES)
def test_each_page_names_the_crisis_line_and_the_hotline(db: None, path: str) -> None:
    html = page(path)
    assert 'href="tel:988"' in html
    assert "1-800-799-7233" in html


@pytest.mark.rule("P-67")
@pytest.mark.parametrize("path", PAGES)
def test_no_page_promises_safety_secrecy_or_a_cure(db: None, path: str) -> None:
    text = words_of(path).lower()
    promise = (
        r"\b(is|are|stays?|stay|keeps? you|100 ?%|completely|totally|always|fully)"
        r" (safe|secret|secure|anonymous|untraceable)\b"
        r"|\bguarantee|\bcure[sd]?\b|\bnobody will (ever )?(know|find out)"
        r"|\bin secret\b|\bsecretly\b|\bsafe (space|place|haven)\b"
    )
    assert not re.search(promise, text), re.search(promise, text)


@pytest.mark.rule("P-67")
def test_the_exit_page_says_honestly_what_the_button_does_not_do(db: None) -> None:
    text = words_of("/privacy/exit/")
    assert "does not erase the history" in text
    assert "does not stop an app or a person that watches" in text
    assert "Use one they can’t reach" in text
    for path in PAGES:
        assert 'href="/privacy/exit/"' in page(path)


def syllables(word: str) -> int:
    found = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and found > 1:
        found -= 1
    return max(1, found)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade."""
    sentences = [s for s in re.split(r"[.!?:;]+\s", text) if len(s.split()) > 3]
    words = [re.sub(r"[^a-z]", "", w.lower()) for s in sentences for w in s.split()]
    words = [w for w in words if w]
    return (
        0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_at_grade_eight_or_lower(db: None, path: str) -> None:
    assert grade(words_of(path)) <= 8


def test_the_grade_tells_hard_words_from_plain_ones() -> None:
    hard = "Interdisciplinary rehabilitation necessitates comprehensive evaluation of comorbidity."
    assert grade("You stay at home with your partner all week. ") < 4 < 8 < grade(hard + " ")


def test_questions_are_marked_up_for_search_engines_without_a_script(db: None) -> None:
    tags = Seen(page("/questions/")).tags
    types = [a.get("itemtype", "").rsplit("/", 1)[-1] for _t, a in tags if a.get("itemtype")]
    assert types[0] == "FAQPage"
    assert types.count("Question") == types.count("Answer") == len(QUESTIONS) >= 8
    props = [a.get("itemprop") for _t, a in tags]
    for prop in ("mainEntity", "name", "acceptedAnswer", "text"):
        assert props.count(prop) == len(QUESTIONS)


def test_the_questions_answer_what_people_are_afraid_to_ask() -> None:
    keys = {q.key for q in QUESTIONS}
    assert keys >= {
        "codependency", "together", "insurance", "separated",
        "therapist", "one-uses", "afraid", "see",
    }  # fmt: skip


def test_the_pages_say_what_is_and_is_not_covered(db: None) -> None:
    text = words_of("/insurance/")
    for said in ("Medical visits", "Medication", "Therapy", "Sober activities", "Not billed",
                 "has no stay and no meals to pay for", "PPO", "Not covered"):  # fmt: skip
        assert said in text


def test_the_pages_name_each_thing_couples_work_on(db: None) -> None:
    text = words_of("/for-couples/")
    for said in ("Boundaries", "Communication", "Trust", "Intimacy", "Personal growth",
                 "Standing on your own", "Codependency"):  # fmt: skip
        assert said in text
    how = words_of("/how-it-works/")
    for said in ("You stay together, at home", "several times a week", "one-on-one",
                 "never the counselor of either of you"):  # fmt: skip
        assert said in how


@pytest.mark.rule("P-1")
def test_the_privacy_table_says_what_the_access_table_says() -> None:
    said = {
        kind: dict(zip([r for r, _ in readers.COLUMNS], [a for _, a in line.cells], strict=True))
        for (_, kind), line in zip(readers.ASKED, readers.lines(), strict=True)
    }
    assert said["progress_note"] == {
        "self": "yes", "own_counselor": "yes",
        "couples_therapist": "if you agree", "partner": "no",
    }  # fmt: skip
    assert said["journal"]["own_counselor"] == "no"
    assert said["conjoint_note"]["partner"] == "if you both agree"
    for kind, cells in said.items():
        closed = not policy.kind(kind).rights("partner")
        assert (cells["partner"] == "no") == closed
