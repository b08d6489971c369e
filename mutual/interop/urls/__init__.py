"""Addresses for other programs: each topic is a module here with `urlpatterns` of its own."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    pattern
    for module in sorted(m.name for m in iter_modules(__path__))
    for pattern in import_module(f"{__name__}.{module}").urlpatterns
]
