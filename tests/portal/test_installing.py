"""The app on a home screen: a neutral name, and a browser that keeps the shell alone."""

from __future__ import annotations

import json

import pytest
from django.test import Client


def test_the_manifest_names_nothing_but_mutual(client: Client, db: None) -> None:
    answer = client.get("/manifest.webmanifest", secure=True)
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert told["name"] == told["short_name"] == "Mutual"
    assert told["start_url"] == "/today/" and told["display"] == "standalone"
    text = answer.content.decode().lower()
    for word in ("treatment", "therapy", "couple", "substance", "iop", "recovery", "health"):
        assert word not in text


@pytest.mark.rule("P-61")
def test_the_shell_is_the_same_for_everybody(browse, client: Client) -> None:
    for address in ("/manifest.webmanifest", "/sw.js"):
        assert browse("ana").get(address).content == client.get(address, secure=True).content
    assert b"offline" in client.get("/sw.js", secure=True).content
    page = browse("ana").get("/offline/").content.decode()
    assert "<title>Mutual</title>" in page and "Ana" not in page


@pytest.mark.rule("P-61")
def test_what_a_signed_in_person_gets_may_not_be_kept(browse) -> None:
    for address in ("/today/", "/offline/"):
        assert "no-store" in browse("ana").get(address)["Cache-Control"]
