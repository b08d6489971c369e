"""Installed wording: an owner's official words put in the place of our handles (I-1, I-2, I-4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from mutual.base.ids import uuid7
from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures import registry
from mutual.measures.instruments import sccs
from mutual.measures.models import Wording
from mutual.measures.packs import Pack
from mutual.measures.scale import Instrument

#: The language forms are offered in; another one needs its own official text (I-4).
LANGUAGE = "en"


def install(link: Any, pack: Pack) -> bool:
    """Store a pack with its permission; returns whether anything was new.

    Args:
        link: a connection of the database's owner: the application may only read wordings.

    Raises:
        Refused: if this version was answered already and the words are other ones (I-4).
    """
    words = {
        "title": pack.title,
        "credit": pack.credit,
        "permission": asdict(pack.permission),
        "items": [asdict(item) for item in pack.items],
        "subscales": dict(pack.subscales),
    }
    words = json.loads(json.dumps(words))
    where = (pack.key, pack.version, pack.language)
    with link.transaction():
        there = link.execute(
            "select title, credit, permission, items, subscales from measures_wording"
            " where key = %s and version = %s and language = %s for update",
            where,
        ).fetchone()
        if there is not None:
            if dict(zip(words, there, strict=True)) == words:
                return False
            _refuse_answered(link, where)
            link.execute(
                "delete from measures_wording where key = %s and version = %s and language = %s",
                where,
            )
        link.execute(
            "insert into measures_wording (id, key, version, language, title, credit, permission,"
            " items, subscales, installed_at)"
            " values (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s::jsonb, now())",
            [
                uuid7(), *where, pack.title, pack.credit,
                *(json.dumps(words[name]) for name in ("permission", "items", "subscales")),
            ],
        )  # fmt: skip
    return True


def _refuse_answered(link: Any, where: tuple[str, str, str]) -> None:
    row = link.execute(
        "select exists (select from measures_response where key = %s and version = %s"
        " and language = %s)",
        where,
    ).fetchone()
    if row[0]:
        raise Refused(
            say(
                _("version {version} of {key} was answered with other words: those stay"),
                key=where[0],
                version=where[1],
            ),
            rule="I-4",
        )


def installed() -> frozenset[str]:
    """Keys of the instruments whose wording is installed for the version scored here; one query."""
    rows = Wording.objects.filter(language=LANGUAGE).values_list("key", "version")
    return frozenset(key for key, version in rows if registry.get(key).version == version)


def get(key: str) -> Instrument:
    """The instrument called ``key`` in its official words, where they ship or are installed.

    Raises:
        Refused: if there is no such instrument.
    """
    return worded([registry.get(key)])[0]


def worded(instruments: Iterable[Instrument]) -> list[Instrument]:
    """The same instruments, each in its installed words if it has any; at most one query."""
    found = list(instruments)
    wanted = [one.key for one in found if not one.ships_wording]
    if not wanted:
        return found
    rows = Wording.objects.filter(key__in=wanted, language=LANGUAGE)
    packs = {(row.key, row.version): row for row in rows}
    return [_with(one, packs.get((one.key, one.version))) for one in found]


def _with(instrument: Instrument, words: Wording | None) -> Instrument:
    if words is None or instrument.ships_wording:
        return instrument
    items = []
    for item, given in zip(instrument.items, words.items, strict=True):
        labels = {value: label for label, value in given["answers"]}
        items.append(
            replace(item, text=given["text"], labels=tuple(labels[v] for v in item.values))
        )
    made = replace(instrument, title=words.title, credit=words.credit, items=tuple(items))
    if instrument.key == sccs.KEY and words.subscales:
        layout = {name: tuple(numbers) for name, numbers in words.subscales.items()}
        made = replace(made, score=partial(sccs.score_with, layout=layout))
    return made
