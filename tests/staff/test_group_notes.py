"""The notes of a group, written on one page by its leader."""

from __future__ import annotations

import re

import pytest

from mutual.record.models import Note, NoteBody
from mutual.wall.relations import end_relations
from tests.record.factories import skills
from tests.world import id_of

SAY = "Worked on the goal."


def hidden(page: str) -> dict[str, str]:
    """What a page of group notes carries beside what is typed."""
    return dict(re.findall(r'type="hidden" name="((?:version-|tab)[^"]*)" value="([^"]*)"', page))


@pytest.mark.rule("C-73", "F-13")
def test_the_notes_of_a_group_are_written_and_signed_on_one_page(act, browse) -> None:
    session = skills(act)
    client = browse("sol")
    page = client.get(f"/staff/notes/for/{session.public_id}/", follow=True)
    url = page.request["PATH_INFO"]
    assert url == f"/staff/notes/group/{session.public_id}/"
    keys = re.findall(r'name="own-([^"]+)"', page.content.decode())
    sent = {
        "shared": "Refusal skills",
        "place": "Video",
        "do": "sign",
        f"own-{keys[0]}": "Took part.",
        f"own-{keys[1]}": "Sat beside Ana and Cleo.",
    }
    refused = client.post(url, sent)
    assert refused.status_code == 409
    assert "names another member" in refused.content.decode()
    assert "Refusal skills" in refused.content.decode()
    sent[f"own-{keys[1]}"] = "Listened."
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    with act("sol"):
        assert {n.status for n in Note.objects.all()} == {"signed"}


@pytest.mark.rule("F-10", "F-14", "C-73")
def test_two_windows_of_one_group_note_never_overwrite_each_other(act, browse) -> None:
    session = skills(act)
    client = browse("sol")
    url = f"/staff/notes/group/{session.public_id}/"
    first, second = (client.get(url).content.decode() for _ in range(2))
    ana, cleo = re.findall(r'name="own-([^"]+)"', first)

    def typed(page: str, shared: str, one: str) -> dict[str, str]:
        own = {f"own-{ana}": one, f"own-{cleo}": "Listened."}
        return {**hidden(page), "shared": shared, "place": "Video", **own}

    for words in ("Refusal", "Refusal skills"):
        kept = client.post(url + "draft/", typed(first, words, "Took part."))
        assert kept.status_code == 200  # a window never meets its own saves
    told = client.post(url + "draft/", typed(second, "Urges", "Was quiet."))
    assert told.status_code == 409 and "another window" in told.json()["words"]
    page = client.get(url).content.decode()
    assert "Refusal skills" in page and "Took part." in page and "Urges" not in page
    both = client.post(url, {**typed(second, "Urges", "Was quiet."), "do": "sign"})
    text = both.content.decode()
    assert both.status_code == 409
    for words in ("Refusal skills", "Took part.", "Urges", "Was quiet."):
        assert words in text
    with act("sol"):
        assert {n.status for n in Note.objects.all()} == {"draft"}
    chosen = client.post(url, {**typed(text, "Urges", "Was quiet."), "do": "sign"})
    assert chosen.status_code == 302
    page = client.get(url).content.decode()
    assert "Urges" in page and "Refusal skills" not in page


@pytest.mark.rule("F-10", "F-11")
def test_a_signed_group_note_keeps_nothing_that_is_typed_later(act, browse) -> None:
    session = skills(act)
    client = browse("sol")
    url = f"/staff/notes/group/{session.public_id}/"
    page = client.get(url).content.decode()
    own = {f"own-{key}": "Took part." for key in re.findall(r'name="own-([^"]+)"', page)}
    sent = {**hidden(page), "shared": "Urges", "place": "Video", **own}
    assert client.post(url, {**sent, "do": "sign"}).status_code == 302
    client.post(url + "draft/", {**sent, "shared": "Something else"})
    assert "Something else" not in client.get(url).content.decode()
    for other in ("noor", "mo"):
        assert browse(other).post(url + "draft/", sent).status_code == 404


@pytest.mark.rule("C-70", "C-73")
def test_late_notes_of_a_group_ask_why_and_keep_what_was_typed(act, browse) -> None:
    session = skills(act, hours_ago=24 * 9)
    client = browse("sol")
    url = f"/staff/notes/group/{session.public_id}/"
    page = client.get(url).content.decode()
    assert 'name="late_reason"' in page
    own = {f"own-{key}": "Took part." for key in re.findall(r'name="own-([^"]+)"', page)}
    sent = {**hidden(page), "shared": "Urges", "place": "Video", **own, "do": "sign"}
    refused = client.post(url, sent)
    assert refused.status_code == 409
    assert "Say why this note is late" in refused.content.decode()
    assert "Took part." in refused.content.decode()
    assert client.post(url, {**sent, "late_reason": "Was ill."}).status_code == 302
    with act("sol"):
        assert {n.late for n in Note.objects.all()} == {True}
        assert {b.late_reason for b in NoteBody.objects.all()} == {"Was ill."}


@pytest.mark.rule("C-73", "P-8")
def test_who_left_the_group_since_keeps_nobody_elses_note_from_being_written(act, browse) -> None:
    session = skills(act)
    with act("ada"):
        end_relations(id_of("sol"), id_of("cleo"), "leader")
    client = browse("sol")
    page = client.get(f"/staff/notes/for/{session.public_id}/", follow=True)
    assert page.status_code == 200
    with act("sol"):
        (note,) = Note.objects.all()
        assert note.subject_id == id_of("ana")
        only = f"/staff/notes/{note.public_id}/"
    # Who leads a group knows no profile: also the only note is written on the group's page.
    assert page.request["PATH_INFO"] == f"/staff/notes/group/{session.public_id}/"
    assert client.get(only, follow=True).request["PATH_INFO"] == page.request["PATH_INFO"]
    other = skills(act, hours_ago=6)
    with act("ada"):
        for name in ("ana", "cleo"):
            end_relations(id_of("sol"), id_of(name), "leader")
    told = client.get(f"/staff/notes/for/{other.public_id}/", follow=True)
    assert told.status_code == 200 and "no longer open to you" in told.content.decode()
