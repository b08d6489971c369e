"""Sign-in's own pages, the private link, the PIN, and *Me*."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import account, accounts, consents, forms, me, reach

urlpatterns = [
    path("home/", accounts.home, name="portal-home"),
    path("account/", account.hub, name="portal-account"),
    path("account/key/<slug:handle>/", account.key, name="portal-key"),
    path("account/sessions/end/", account.end_sessions, name="portal-devices-end"),
    path("account/address/", account.new_address, name="portal-address"),
    path("account/enrol/", accounts.enrol, name="portal-enrol"),
    path("pin/", accounts.pin, name="portal-pin"),
    path("welcome/<str:token>/", accounts.welcome, name="portal-welcome"),
    path("me/", me.tiles, name="portal-me"),
    path("me/who/", me.who, name="portal-who"),
    path("me/contact/", reach.contact, name="portal-contact"),
    path("me/forms/", forms.mine, name="portal-forms"),
    path("me/consents/", consents.listing, name="portal-consents"),
    path("me/consents/<slug:code>/", consents.one, name="portal-consent"),
    path("me/copy/<uuid:public_id>/", consents.copy, name="portal-consent-copy"),
    path("forms/<uuid:public_id>/", forms.answer, name="portal-form"),
    path("forms/thanks/", forms.thanks, name="portal-form-thanks"),
]

#: Ahead of the sign-in package's own pages at the same addresses (entry/urls.py).
instead = [
    path("account/2fa/", account.keys, name="portal-keys"),
    path("account/2fa/webauthn/", account.keys, name="portal-keys-added"),
    path(
        "account/2fa/webauthn/keys/<int:number>/<slug:what>/",
        account.by_number,
        name="portal-key-by-number",
    ),
    path("account/sessions/", account.sessions, name="portal-devices"),
    path("account/email/", account.new_address, name="portal-address-instead"),
]
