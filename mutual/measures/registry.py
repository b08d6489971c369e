"""Every instrument there is, found by looking into `instruments/`: a new one is one file (I-3)."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from mutual.base.refusal import Refused
from mutual.base.words import mark as _
from mutual.base.words import say
from mutual.measures import instruments
from mutual.measures.scale import Answers, Instrument, Result


@cache
def _by_key() -> dict[str, Instrument]:
    found: dict[str, Instrument] = {}
    for module in pkgutil.iter_modules(instruments.__path__):
        loaded = importlib.import_module(f"{instruments.__name__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, Instrument) and value.key not in found:
                found[value.key] = value
    return dict(sorted(found.items()))


def all() -> tuple[Instrument, ...]:  # noqa: A001 - reads as registry.all()
    """Every instrument, by key."""
    return tuple(_by_key().values())


def get(key: str) -> Instrument:
    """The instrument called `key`; raises `Refused` naming the known ones."""
    try:
        return _by_key()[key]
    except KeyError:
        known = ", ".join(_by_key())
        raise Refused(
            say(_('no instrument "{key}"; there are: {known}'), key=key, known=known), rule="I-3"
        ) from None


def score(key: str, answers: Answers) -> Result:
    """Score `answers` with the instrument called `key`; raises `Refused` on a bad key or value."""
    return get(key).score(answers)
