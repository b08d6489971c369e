"""What one shares, how it was shared, and what one asks about one's record."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import requests, sharing

urlpatterns = [
    path("me/sharing/", sharing.hub, name="portal-sharing"),
    path("me/sharing/outside/", sharing.outside, name="portal-sharing-outside"),
    path("me/sharing/paper/", sharing.proceeding, name="portal-sharing-proceeding"),
    path("me/sharing/<uuid:public_id>/", sharing.paper, name="portal-sharing-paper"),
    path("me/shared/", requests.shared, name="portal-shared"),
    path("me/shared/copy/", requests.shared_copy, name="portal-shared-copy"),
    path("me/requests/", requests.listing, name="portal-requests"),
    path("me/requests/<uuid:public_id>/", requests.one, name="portal-request"),
    path("me/requests/<uuid:public_id>/copy/", requests.copy, name="portal-request-copy"),
]
