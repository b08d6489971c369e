"""*Us*: what belongs to both."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import agreements, us

urlpatterns = [
    path("us/", us.page, name="portal-us"),
    path("trust/", us.trust, name="portal-trust"),
    path("us/thanks/", us.thanks, name="portal-us-thanks"),
    path("us/agreements/", agreements.page, name="portal-agreements"),
    path("us/agreements/<uuid:public_id>/", agreements.one, name="portal-agreement"),
    path("us/parts/", us.parts, name="portal-parts"),
    path("us/parts/<slug:code>/", us.part, name="portal-part"),
]
