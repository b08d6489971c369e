"""The answer to a file: 999 or TA1, by what the check finds, and itself a good file."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.x12 import make_837
from mutual.claims.pyx12_check import second_opinion
from mutual.coverage.x12.ack import acknowledge
from mutual.coverage.x12.check import check_file
from mutual.coverage.x12.tokenizer import X12Error
from tests.coverage.x12.conftest import FILES
from tests.coverage.x12.test_x12_cli import run

AT = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)


def claims() -> bytes:
    out = io.BytesIO()
    make_837(1, out)
    return out.getvalue()


def answered(data: bytes) -> list[str]:
    return acknowledge(data, AT, 7).data.decode("ascii").replace("\n", "").split("~")[:-1]


@pytest.mark.rule("B-2")
def test_a_good_claim_file_is_answered_to_its_sender_with_an_accepted_999() -> None:
    answer = acknowledge(claims(), AT, 7)
    lines = answered(claims())
    assert answer.accepted and answer.sets == ("999",)
    assert "*ZZ*PROGRAMME      *ZZ*PAYERSIM       *" not in lines[0].replace("PAYERSIM", "", 1)
    assert lines[0].endswith("*000000007*0*T*:")
    assert lines[3:7] == [
        "AK1*HC*1*005010X222A1", "AK2*837*0001*005010X222A1", "IK5*A", "AK9*A*1*1*1",
    ]  # fmt: skip
    assert second_opinion(answer.data) == []


@pytest.mark.rule("B-9")
def test_a_bad_set_is_refused_with_its_place_and_its_neighbour_accepted() -> None:
    text = claims().decode()
    head, rest = text.split("ST*837*0001", 1)
    one, tail = rest.split("GE*1*1", 1)
    other = one.replace("*0001~", "*0002~").replace("SV1*HC:H0015:HF*450*UN", "SV1**450*UN", 1)
    both = f"{head}ST*837*0001{one}ST*837*0002{other}GE*2*1{tail}".encode()
    lines = answered(both)
    assert "AK2*837*0001*005010X222A1" in lines and "IK5*A" in lines
    at = lines.index("AK2*837*0002*005010X222A1")
    assert lines[at + 1] == "IK3*SV1*22*2400*8" and lines[at + 2].startswith("IK4*1")
    assert "IK5*R*5" in lines and "AK9*P*2*2*1" in lines
    assert not any("450" in line for line in lines), "an answer repeats no value of the file"


@pytest.mark.rule("B-6")
def test_a_file_that_breaks_off_is_refused_whole_by_a_ta1() -> None:
    data = claims()
    lines = answered(data[: len(data) // 2])
    assert lines[1] == "TA1*000000001*270104*0900*R*023" and lines[2].startswith("IEA*0*")
    assert acknowledge(data[: len(data) // 2], AT).sets == ("TA1",)


@pytest.mark.rule("B-2")
@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("IEA*1*000000001", "IEA*1*000000002", "001"),
        ("IEA*1*", "IEA*2*", "021"),
        ("*T*:", "*X*:", "020"),
        ("*270104*0900*^", "*279904*0900*^", "014"),
    ],
)
def test_a_faulty_envelope_is_named_by_its_note(old: str, new: str, note: str) -> None:
    data = claims().decode().replace(old, new).encode()
    assert answered(data)[1].endswith(f"*R*{note}")


def test_a_wrong_count_of_sets_refuses_the_group_with_what_it_said_and_what_came() -> None:
    data = claims().decode().replace("GE*1*1~", "GE*3*1~").encode()
    assert "AK9*R*3*1*0*5" in answered(data)


def test_what_asks_for_a_ta1_gets_one_though_all_is_well() -> None:
    data = claims().decode().replace("000000001*0*T*:", "000000001*1*T*:").encode()
    assert answered(data)[1] == "TA1*000000001*270104*0900*A*000"


def test_an_acknowledgment_is_not_acknowledged(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    answer = acknowledge(claims(), AT).data
    assert acknowledge(answer, AT).data == b""
    file = tmp_path / "answer.999"
    file.write_bytes(answer)
    assert run("x12", "ack", str(file)) == 1
    out, err = capsysbinary.readouterr()
    assert out == b"" and b"nothing that asks" in err


def test_the_command_writes_the_answer_or_says_why_not(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    good = tmp_path / "claims.837"
    good.write_bytes(claims())
    assert run("x12", "ack", str(good), "--control", "12") == 0
    out, err = capsysbinary.readouterr()
    assert out.startswith(b"ISA*") and b"*000000012*" in out and err == b""
    assert run("x12", "ack", str(good), "--json") == 0
    answer = json.loads(capsysbinary.readouterr()[0])
    assert answer["accepted"] is True and answer["sets"] == ["999"]
    words = tmp_path / "words.txt"
    words.write_text("Dear payer")
    assert run("x12", "ack", str(words)) == 1
    assert b"ISA" in capsysbinary.readouterr()[1]
    assert run("x12", "ack", str(words), "--json") == 1
    assert json.loads(capsysbinary.readouterr()[0])["errors"][0]["code"]
    assert run("x12", "ack", str(tmp_path / "absent")) == 2


def test_a_refused_file_shown_as_json_says_so_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("x12", "json", str(FILES / "words.835"), "--json") == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["errors"][0]["segment"] == 1 and err == ""


@pytest.mark.rule("B-2", "B-6")
def test_every_real_file_gets_an_answer_that_is_good_itself(corpora: Path) -> None:
    answered_files = 0
    for path in sorted((corpora / "x12").glob("[0-9T]*/*")):
        data = path.read_bytes()
        verdict = check_file(data, path.name)
        try:
            answer = acknowledge(data, AT)
        except X12Error:
            assert not verdict["ok"], path
            continue
        assert answer.accepted == verdict["ok"], path
        # The guide's own list of what a 999 answers has no 275 yet; senders want one all the same.
        if answer.data and path.parent.name != "275":
            answered_files += 1
            again = check_file(answer.data, path.name)
            assert again["ok"], (path, again)
    assert answered_files > 100
