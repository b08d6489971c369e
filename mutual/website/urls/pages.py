"""Addresses of the public pages, as `mutual/base/nav.py` names them."""

from __future__ import annotations

from django.urls import path

from mutual.website.views import contact, pages

urlpatterns = [
    path("", pages.home, name="website-home"),
    path("how-it-works/", pages.how, name="website-how"),
    path("for-couples/", pages.couples, name="website-couples"),
    path("insurance/", pages.insurance, name="website-insurance"),
    path("questions/", pages.questions, name="website-questions"),
    path("privacy/", pages.privacy, name="website-privacy"),
    path("privacy/exit/", pages.exit_page, name="website-exit"),
    path("contact/", contact.contact, name="website-contact"),
    path("contact/thanks/", contact.thanks, name="website-thanks"),
]
