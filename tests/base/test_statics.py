"""The files of the interface, as the server gives them out."""

from __future__ import annotations

import warnings

import pytest
from django.test import AsyncClient, Client

KIT = "/static/base/kit.js"
PROXY = {"x-forwarded-proto": "https"}


def test_a_file_comes_whole_with_its_type_and_how_long_it_keeps() -> None:
    answer = Client(headers=PROXY).get(KIT)
    assert answer.status_code == 200 and not answer.streaming
    assert "javascript" in answer["content-type"] and "max-age" in answer["cache-control"]
    assert int(answer["content-length"]) == len(answer.content) > 0


def test_a_file_the_browser_has_is_not_sent_again() -> None:
    client = Client(headers=PROXY)
    known = client.get(KIT)["last-modified"]
    again = client.get(KIT, headers={"if-modified-since": known})
    assert again.status_code == 304 and again.content == b""


def test_a_part_of_a_file_is_that_part() -> None:
    client = Client(headers=PROXY)
    whole = client.get(KIT).content
    part = client.get(KIT, headers={"range": "bytes=10-29"})
    assert part.status_code == 206 and part.content == whole[10:30]


def test_the_head_of_a_file_has_no_body() -> None:
    answer = Client(headers=PROXY).head(KIT)
    assert answer.status_code == 200 and answer.content == b""


@pytest.mark.asyncio
async def test_the_server_gives_a_file_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = await AsyncClient().get(KIT, secure=True)
    assert answer.status_code == 200 and answer.content
