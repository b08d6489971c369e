"""Reads a JSON value key by key; every refusal names the path and says what to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say

_MISSING: Any = object()
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_MOST = 1_000_000


class InstanceError(Refused):
    """The file cannot be read: ``path`` is where, the text says what to do."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        super().__init__(f"{path or '$'}: {text}")


class Reader:
    """One JSON object at a path; remembers which keys were read."""

    def __init__(self, value: object, path: str) -> None:
        self.value = value
        self.path = path
        self.read: set[str] = set()

    def fail(self, key: str, text: str) -> NoReturn:
        """Refuse what stands under `key`."""
        raise InstanceError(self._at(key), text)

    def _at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def _get(self, key: str, default: Any = _MISSING) -> Any:
        if not isinstance(self.value, dict):
            self.fail("", say(_("an object with named values")))
        self.read.add(key)
        value = self.value.get(key, default)
        if value is _MISSING:
            self.fail(key, say(_("is missing")))
        return value

    def has(self, key: str) -> bool:
        """Whether the key is there with a value."""
        return self._get(key, None) is not None

    def keys(self) -> list[str]:
        """The object's keys."""
        if not isinstance(self.value, dict):
            self.fail("", say(_("an object with named values")))
        return list(self.value)

    def done(self) -> None:
        """Refuse keys that nobody read: a misspelt wish is not silently dropped."""
        if isinstance(self.value, dict):
            for key in self.value:
                if key not in self.read:
                    self.fail(str(key), say(_("is not a key of this file")))

    def sub(self, key: str, default: Any = _MISSING) -> Reader:
        """An object below."""
        reader = Reader(self._get(key, default), self._at(key))
        reader.keys()
        return reader

    def items(self, key: str, default: Any = _MISSING) -> list[Reader]:
        """The objects of a list below."""
        value = self._get(key, default)
        if not isinstance(value, list):
            self.fail(key, say(_("a list")))
        return [Reader(one, f"{self._at(key)}[{n}]") for n, one in enumerate(value)]

    def text(self, key: str, default: Any = _MISSING) -> str:
        """A text of at most 200 characters."""
        value = self._get(key, default)
        if not isinstance(value, str) or len(value) > 200:
            self.fail(key, say(_("a text of at most 200 characters")))
        return value

    def texts(self, key: str, default: Any = _MISSING) -> list[str]:
        """A list of texts; without a key, the reader's own value."""
        value = self._get(key, default) if key else self.value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail(key, say(_("a list of texts")))
        return list(value)

    def one_of(self, key: str, allowed: Sequence[str], default: Any = _MISSING) -> str:
        """A text out of a set."""
        value = self._get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, say(_("one of {words}"), words=_some(allowed)))
        return value

    def one_of_each(self, key: str, allowed: Sequence[str], default: Any = _MISSING) -> list[str]:
        """A list of texts out of a set."""
        found = self.texts(key, default)
        for one in found:
            if one not in allowed:
                self.fail(key, say(_('"{word}" is not one of {words}'), word=one,
                                   words=_some(allowed)))  # fmt: skip
        return found

    def whole(self, key: str, default: Any = _MISSING) -> int:
        """A whole number from 0."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
            self.fail(key, say(_("a whole number from 0 to {most}"), most=_MOST))
        return value

    def maybe_whole(self, key: str) -> int | None:
        """A whole number, or nothing."""
        return self.whole(key) if self.has(key) else None

    def flag(self, key: str, default: Any = _MISSING) -> bool:
        """True or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            self.fail(key, say(_("true or false")))
        return value

    def minute(self, key: str) -> int:
        """Minutes after midnight of a wall clock such as 18:45; 24:00 is the day's end."""
        value = self.text(key)
        found = _CLOCK.fullmatch(value)
        minute = int(found[1]) * 60 + int(found[2]) if found else _MOST
        if minute > 24 * 60:
            self.fail(key, say(_("an hour such as 18:45")))
        return minute

    def day(self, key: str) -> date:
        """A date such as 2026-11-02."""
        return self._date(key, self.text(key))

    def days(self, key: str) -> list[date]:
        """A list of dates."""
        return [self._date(key, one) for one in self.texts(key, [])]

    def _date(self, key: str, text: str) -> date:
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or len(text) != 10 or not 1990 <= found.year <= 2200:
            self.fail(key, say(_("a date such as 2026-11-02")))
        return found

    def moment(self, key: str) -> datetime:
        """A wall-clock moment such as 2026-11-05T18:00, without a zone."""
        text = self.text(key)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None or not 1990 <= found.year <= 2200:
            self.fail(key, say(_("a wall-clock moment such as 2026-11-05T18:00, without a zone")))
        return found

    def zone(self, key: str, default: ZoneInfo | None = None) -> ZoneInfo:
        """A time zone by its name."""
        if default is not None and not self.has(key):
            return default
        try:
            return ZoneInfo(self.text(key))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(key, say(_("a time zone such as America/Chicago")))


def _some(words: Iterable[str]) -> str:
    listed = [word or '""' for word in words]
    more = ", …" if len(listed) > 12 else ""
    return ", ".join(listed[:12]) + more
