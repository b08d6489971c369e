"""What leaves and what the law asks of the programme, under /staff/."""

from __future__ import annotations

from django.urls import path

from mutual.staff.views import audits, disclosures, duties

urlpatterns = [
    path("duties/", duties.page, name="staff-duties"),
    path("duties/demands/", duties.demands, name="staff-demands"),
    path("duties/demands/<uuid:public_id>/", duties.demand, name="staff-demand"),
    path("duties/demands/<uuid:public_id>/letter/", duties.letter, name="staff-demand-letter"),
    path("duties/breaches/", duties.breaches, name="staff-breaches"),
    path("duties/breaches/<uuid:public_id>/", duties.breach, name="staff-breach"),
    path("duties/vendors/", duties.vendors, name="staff-vendors"),
    path("audits/", audits.listing, name="staff-audits"),
    path("audits/<uuid:public_id>/end/", audits.end, name="staff-audit-end"),
    path("audit/", audits.mine, name="staff-audit"),
    path("audit/<uuid:public_id>/", audits.sample, name="staff-audit-sample"),
    path("audit/<uuid:public_id>/<uuid:sample_id>/", audits.record, name="staff-audit-record"),
    path("people/<uuid:public_id>/outside/", disclosures.outside, name="staff-outside"),
    path("people/<uuid:public_id>/emergency/", disclosures.emergency, name="staff-emergency-new"),
    path("emergency/<uuid:public_id>/", disclosures.emergency_line, name="staff-emergency"),
    path("outside/<uuid:public_id>/copy/", disclosures.copy, name="staff-outside-copy"),
]
