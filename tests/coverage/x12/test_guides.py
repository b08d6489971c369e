"""The guide tables: whole, well-formed, and with the limits that the spec names."""

from __future__ import annotations

from typing import Any

import pytest

from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.guides import _GUIDES, LoopRule, SegmentRule, find_guide, load_guide
from tests.coverage.x12.conftest import FILES


def walk(loop: LoopRule) -> list[LoopRule]:
    found = [loop]
    for child in loop.children:
        if isinstance(child, LoopRule):
            found += walk(child)
    return found


@pytest.mark.parametrize("name", _GUIDES)
def test_a_table_is_well_formed(name: str) -> None:
    guide = load_guide(name)
    assert guide.version in guide.versions
    for loop in walk(guide.root):
        assert isinstance(loop.children[0], SegmentRule), loop.id
        ranks = [child.rank for child in loop.children]
        assert ranks == sorted(ranks) and ranks[0] == 1, loop.id
        assert all(child.usage in "RS" and child.repeat >= 1 for child in loop.children)


def test_a_guide_is_found_by_set_and_version_only() -> None:
    for set_id, version in (
        ("271", "005010X279A1"), ("837", "005010X222A1"), ("837", "005010X222A2"),
        ("837", "005010X223A2"), ("835", "005010X221A1"),
    ):  # fmt: skip
        guide = find_guide(set_id, version)
        assert guide and guide.set == set_id and version in guide.versions
    for set_id, version in (("837", "004010X098A1"), ("835", "005010X222A1"), ("", ""), ("8", "")):
        assert find_guide(set_id, version) is None


def _codes(data: bytes) -> set[tuple[str, str]]:
    result: dict[str, Any] = check_file(data, "x")
    return {(e["id"], e["code"]) for t in result["transactions"] for e in t["errors"]}


def _fit(data: bytes) -> bytes:
    """The file with SE01 made right."""
    lines = data.split(b"~\n")
    se = next(i for i, line in enumerate(lines) if line.startswith(b"SE*"))
    lines[se] = b"SE*%d*0001" % (se - 1)
    return b"~\n".join(lines)


@pytest.mark.parametrize(("lines", "fits"), [(50, True), (51, False)])
def test_a_professional_claim_has_at_most_50_lines(lines: int, fits: bool) -> None:
    head, tail = (FILES / "good.837").read_bytes().split(b"LX*1~\n")
    body = b"".join(
        b"LX*%d~\nSV1*HC:H0015*1*UN*1***1~\nDTP*472*D8*20270102~\n" % n for n in range(1, lines + 1)
    )
    data = _fit(head + body + tail[tail.index(b"SE*") :])
    assert (("LX", "loop_repeat") not in _codes(data)) is fits
    assert check_file(data, "x")["ok"] is fits


def test_a_remittance_needs_the_payers_web_or_phone_contact_once_or_more() -> None:
    data = (FILES / "good.835").read_bytes()
    contact = b"PER*BL*EDI HELP*TE*8005550100~\n"
    assert check_file(_fit(data.replace(contact, contact * 3)), "x")["ok"]
    assert ("PER", "segment_missing") in _codes(_fit(data.replace(contact, b"")))


def test_places_of_one_rank_may_come_in_any_order() -> None:
    data = (FILES / "good.837").read_bytes()
    auth = b"REF*G1*AUTH1~\n"
    both = _fit(data.replace(auth, auth + b"REF*F8*P1~\n"))
    other = _fit(data.replace(auth, b"REF*F8*P1~\n" + auth))
    assert check_file(both, "x")["ok"] and check_file(other, "x")["ok"]


def test_a_benefit_may_name_many_service_types_but_one_procedure() -> None:
    data = (FILES / "good.271").read_bytes()
    assert check_file(data.replace(b"30^AI", b"30^AI^MH^CJ"), "x")["ok"]
    assert ("EB", "too_many_repeats") in _codes(data.replace(b"*PR*SIM", b"*PR^HM*SIM"))
    assert check_file(data.replace(b"*.2****Y~", b"*.2****Y*HC:H0015~"), "x")["ok"]
    assert ("EB", "too_many_components") in _codes(data.replace(b"*.2****Y~", b"*.2:1****Y~"))


def test_a_271_that_only_says_why_there_is_no_answer_is_complete() -> None:
    data = (FILES / "good.271").read_bytes()
    start, end = data.index(b"DTP*346"), data.index(b"SE*")
    rejected = _fit(data[:start].replace(b"DMG*", b"AAA*N**75*C~\nDMG*") + data[end:])
    assert check_file(rejected, "x")["ok"], _codes(rejected)
