"""The panel of diagnoses on a person's lane."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.plan.models import Diagnosis
from tests.staff.test_couples import couple_page
from tests.world import id_of


def given(**changes: str) -> dict[str, str]:
    day = timezone.localdate() - timedelta(days=3)
    whole = {"code": "F10.20", "words": "Alcohol use disorder", "since": f"{day}",
             "principal": "on"}  # fmt: skip
    return whole | changes


@pytest.mark.parametrize("who", ["mo", "pruitt"])
def test_counselor_and_prescriber_write_a_diagnosis_and_end_it(act, browse, who: str) -> None:
    url = couple_page(act, "a")
    client = browse(who)
    assert client.post(url + "diagnosis/", given()).headers["Location"] == url
    page = client.get(url).content.decode()
    assert "F10.20" in page and "principal" in page
    client.post(url + "diagnosis/", {"do": "end", "code": "F10.20"})
    with act("mo"):
        assert Diagnosis.objects.get(person_id=id_of("ana")).until == timezone.localdate()
    assert "ended" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"code": "alcohol"}, "Write the ICD-10-CM code"), ({"words": ""}, "Say what it means"),
     ({"since": "soon"}, "Enter a valid date")],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(
    act, browse, wrong: dict[str, str], words: str
) -> None:
    url = couple_page(act, "a")
    answer = browse("mo").post(url + "diagnosis/", given(**wrong))
    page = answer.content.decode()
    assert answer.status_code in (409, 422) and words in page
    typed = given(**wrong)
    assert all(f'value="{typed[name]}"' in page for name in ("code", "since") if typed[name])
    assert '<details class="panel-body" open>' in page


@pytest.mark.rule("P-1", "P-2")
def test_the_therapist_reads_the_fact_and_writes_none(act, browse) -> None:
    url = couple_page(act, "a")
    browse("mo").post(url + "diagnosis/", given())
    page = browse("reyes").get(url).content.decode()
    assert "F10.20" in page and "Add a diagnosis" not in page
    assert browse("reyes").post(url + "diagnosis/", given()).status_code == 404
    assert browse("kit").post(url + "diagnosis/", given()).status_code == 404
    assert "Diagnoses" not in browse("dee").get(url).content.decode()


def test_the_lane_leads_to_what_is_open_of_this_person(act, browse) -> None:
    url = couple_page(act, "a")
    mine = browse("mo").get(url).content.decode()
    for tail in ("/screening/", "/level/", "/forms/", "/check-ins/", "/a/discharge/"):
        assert tail in mine
    therapist = browse("reyes").get(url).content.decode()
    for tail in ("/screening/", "/level/", "/check-ins/", "/a/discharge/"):
        assert tail not in therapist
