"""Reading segments whatever surrounds them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.coverage.x12 import tokenizer
from mutual.coverage.x12.tokenizer import Delimiters, Segment, X12Error, read_segments
from tests.coverage.x12.conftest import FILES

GOOD = (FILES / "good.271").read_bytes()


def plain(data: bytes) -> list[tuple[int, str, list[str]]]:
    return [(s.position, s.id, s.elements) for s in read_segments(data)]


def meaning(data: bytes) -> list[list[object]]:
    """Segments without their separators: ISA apart, since it names them."""
    return [
        [s.id, [[p.split(s.delimiters.component) for p in s.repeats(n)] for n in _all(s)]]
        for s in read_segments(data)
        if s.id != "ISA"
    ]


def _all(segment: Segment) -> range:
    return range(1, len(segment.elements) + 1)


@pytest.mark.rule("B-1")
def test_delimiters_come_from_the_fixed_bytes_of_isa() -> None:
    segments = list(read_segments(GOOD))
    assert segments[0].delimiters == Delimiters("*", "^", ":", "~")
    assert segments[0].id == "ISA" and len(segments[0].elements) == 16
    assert [s.position for s in segments] == list(range(1, len(segments) + 1))


@pytest.mark.rule("B-5")
@pytest.mark.parametrize(
    "form",
    ["bom", "crlf", "no line ends", "leading spaces", "blank lines", "nul padding"],
)
def test_what_stands_between_segments_changes_nothing(form: str) -> None:
    lines = GOOD.split(b"~\n")[:-1]
    other = {
        "bom": b"\xef\xbb\xbf" + GOOD,
        "crlf": GOOD.replace(b"\n", b"\r\n"),
        "no line ends": b"~".join(lines) + b"~",
        "leading spaces": b"  " + b"~\n\t  ".join(lines) + b"~",
        "blank lines": b"\n\n" + b"~\n\n".join(lines) + b"~\n\n\n",
        "nul padding": GOOD + b"\0\0\x1a",
    }[form]
    assert plain(other) == plain(GOOD)


@pytest.mark.rule("B-5")
@pytest.mark.parametrize("marks", ["|!:\n", "\x1d\x1f\x1e\x1c", "*>:~", "|~:!", "+'&\r"])
def test_odd_delimiters_read_like_the_usual_ones(marks: str) -> None:
    element, repetition, component, terminator = marks
    table = str.maketrans(
        {"*": element, "^": repetition, ":": component, "~": terminator, "\n": None}
    )
    assert meaning(GOOD.decode().translate(table).encode()) == meaning(GOOD)


@pytest.mark.rule("B-5")
def test_several_interchanges_may_each_have_their_own_delimiters() -> None:
    other = GOOD.decode().translate(str.maketrans({"*": "|", "~": "!"})).encode()
    both = list(read_segments(GOOD + other + GOOD))
    count = len(list(read_segments(GOOD)))
    assert len(both) == 3 * count
    assert [s.elements for s in both[1:count]] == [s.elements for s in both[count + 1 : 2 * count]]
    assert both[count].delimiters.element == "|"
    assert both[-1].position == 3 * count


@pytest.mark.rule("B-5")
@given(block=st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_block_borders_never_show(block: int) -> None:
    data = (FILES / "two_interchanges.271").read_bytes() + (FILES / "binary.275").read_bytes()
    whole = plain(data)
    before, tokenizer.BLOCK = tokenizer.BLOCK, block
    try:
        assert plain(data) == whole
        assert [s.elements for s in read_segments(io.BytesIO(data))] == [e for _, _, e in whole]
    finally:
        tokenizer.BLOCK = before


def test_versions_up_to_4010_have_no_repetition_separator() -> None:
    old = GOOD.replace(b"*^*00501*", b"*U*00401*")
    eb = next(s for s in read_segments(old) if s.id == "EB")
    assert eb.delimiters.repetition == ""
    assert eb.repeats(3) == ["30^AI"]


def test_repetitions_and_components_split_by_their_own_separators() -> None:
    eb = next(s for s in read_segments(GOOD) if s.id == "EB")
    assert eb.repeats(3) == ["30", "AI"]
    svc = next(s for s in read_segments((FILES / "good.835").read_bytes()) if s.id == "SVC")
    assert svc.components(1) == ["HC", "H0015", "HF"]
    assert svc.component(1, 2) == "H0015" and svc.component(1, 9) == ""
    assert svc.get(4) == "" and svc.get(99, "x") == "x" and svc.components(4) == []


def test_raw_bytes_of_a_bin_segment_may_hold_delimiters() -> None:
    segments = list(read_segments((FILES / "binary.275").read_bytes()))
    assert [s.id for s in segments][4:6] == ["BIN", "SE"]
    assert segments[4].elements[1] == "x~y*z\n~"


def test_a_segment_never_shows_its_data_in_a_log_line() -> None:
    segment = next(s for s in read_segments(GOOD) if s.id == "NM1")
    assert repr(segment) == "<Segment 6 NM1>"


@pytest.mark.rule("B-1")
@pytest.mark.parametrize("file", ["isa_short.270"])
def test_an_isa_of_another_length_is_refused_by_name(file: str) -> None:
    with pytest.raises(X12Error) as caught:
        list(read_segments((FILES / file).read_bytes()))
    assert (caught.value.code, caught.value.position) == ("isa_length", 1)


@pytest.mark.rule("B-1")
@pytest.mark.parametrize(
    ("byte", "value"), [(104, b"*"), (104, b"~"), (105, b"*"), (82, b"*"), (82, b"~"), (3, b"A")]
)
def test_an_isa_whose_delimiters_collide_is_refused(byte: int, value: bytes) -> None:
    with pytest.raises(X12Error) as caught:
        list(read_segments(GOOD[:byte] + value + GOOD[byte + 1 :]))
    assert caught.value.segment == "ISA"
    assert caught.value.code in ("delimiters", "isa_length")


@pytest.mark.rule("B-6")
def test_an_end_inside_a_segment_is_an_error_and_junk_behind_iea_is_not() -> None:
    with pytest.raises(X12Error, match="middle of a segment"):
        list(read_segments(GOOD[:-20]))
    reader = tokenizer.Reader(GOOD + b"see you\n")
    assert len(list(reader)) == len(plain(GOOD))
    assert reader.trailing == b"\nsee you\n"


def test_non_ascii_bytes_are_read_and_given_back() -> None:
    for name in ("MÜLLER".encode(), "MÜLLER".encode("latin-1")):
        data = GOOD.replace(b"EXAMPLE", name)
        segment = next(s for s in read_segments(data) if s.get(1) == "IL")
        assert segment.get(3).encode("utf-8", "surrogateescape") == name


def test_a_file_object_is_read_in_blocks_not_whole(tmp_path: Path) -> None:
    class Watch(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Watch.largest = max(Watch.largest, size if size is not None and size >= 0 else 1 << 40)
            return super().read(size)

    list(read_segments(Watch(GOOD * 50)))
    assert Watch.largest == tokenizer.BLOCK


def test_the_package_needs_no_framework() -> None:
    folder = Path(tokenizer.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name != "cli.py":
            assert not re.search(r"^\s*(from|import) (django|pyx12)", path.read_text(), re.M), path
