"""A streaming tokenizer for X12 files (rules B-1, B-5, B-6, B-7).

Delimiters are read from the bytes of each ISA, so one file may change them between
interchanges. Memory stays at one block plus one segment, whatever the size of the file.
Text is UTF-8 with undecodable bytes kept as surrogate escapes: encoding it again gives the
bytes that were read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

BLOCK = 1 << 16
ISA_BYTES = 106
MAX_SEGMENT = 1 << 24
"""Bytes after which a segment without a terminator is refused instead of collected."""

_BOM = b"\xef\xbb\xbf"
_JUNK_BYTES = " \t\r\n\0\x1a"
_BINARY = {"BIN": 1, "BDS": 2}
"""Segments that carry raw bytes, and the element that says how many follow it."""


class X12Error(Exception):
    """Input that can't be read. Carries where: segment (from 1 at ISA), its id, the element."""

    def __init__(
        self, position: int, segment: str, element: str | None, code: str, text: str
    ) -> None:
        super().__init__(f"segment {position} {segment}: {text}")
        self.position = position
        self.segment = segment
        self.element = element
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four separators of an interchange; `repetition` is "" where the version has none."""

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    terminator: str = "~"


class Segment:
    """One segment: its id, its elements (`elements[0]` is element 01) and where it stood."""

    __slots__ = ("delimiters", "elements", "id", "lead", "position")

    def __init__(
        self,
        id: str,
        elements: list[str],
        position: int,
        delimiters: Delimiters,
        lead: str = "",
    ) -> None:
        self.id = id
        self.elements = elements
        self.position = position
        self.delimiters = delimiters
        self.lead = lead  # line ends, spaces or a byte order mark that stood before it

    def get(self, n: int, default: str = "") -> str:
        """Element `n`, counted from 1; `default` when absent or empty."""
        if 0 < n <= len(self.elements):
            return self.elements[n - 1] or default
        return default

    def components(self, n: int) -> list[str]:
        """The components of element `n`; an empty list when it is absent or empty."""
        value = self.get(n)
        return value.split(self.delimiters.component) if value else []

    def component(self, n: int, m: int) -> str:
        """Component `m` (from 1) of element `n`, or an empty string."""
        parts = self.components(n)
        return parts[m - 1] if 0 < m <= len(parts) else ""

    def repeats(self, n: int) -> list[str]:
        """The repetitions of element `n`; an empty list when it is absent or empty."""
        value = self.get(n)
        if not value:
            return []
        mark = self.delimiters.repetition
        return value.split(mark) if mark else [value]

    def raw(self) -> str:
        """The segment as text, without its terminator."""
        return self.delimiters.element.join([self.id, *self.elements])

    def __repr__(self) -> str:
        # Never the elements: a segment in a log line would be protected data.
        return f"<Segment {self.position} {self.id}>"


def read_delimiters(isa: bytes, position: int = 1) -> Delimiters:
    """The delimiters of the first 106 bytes of an interchange (bytes 3, 82, 104, 105).

    Raises X12Error when the ISA is not 106 bytes long or can't separate anything (B-1).
    """
    if len(isa) < ISA_BYTES:
        raise X12Error(
            position, "ISA", None, "isa_length", f"ISA has {len(isa)} bytes, 106 are needed"
        )
    element, terminator = isa[3:4], isa[105:106]
    body = isa[:105]
    if element.isalnum() or isa[3] >= 0x80 or isa[105] >= 0x80:
        raise X12Error(position, "ISA", None, "delimiters", "no element separator after ISA")
    if body.count(element) != 16 or body[103:104] != element:
        raise X12Error(
            position, "ISA", None, "isa_length",
            "ISA is not 106 bytes with 16 elements of their fixed lengths",
        )  # fmt: skip
    if terminator.isalnum() or terminator in (b" ", element) or isa[104] >= 0x80:
        raise X12Error(
            position, "ISA", None, "delimiters", "byte 106 of ISA is not a segment terminator"
        )
    component = isa[104:105]
    if component in (element, terminator):
        raise X12Error(position, "ISA", "16", "delimiters", "ISA16 repeats another delimiter")
    repetition = isa[82:83]
    version = isa[84:89]
    if repetition.isalnum() or repetition.isspace() or repetition[0] >= 0x80:
        repetition = b""
    elif version.isdigit() and version < b"00402":
        repetition = b""  # up to 00401 this element held the standards body, not a separator
    if repetition and repetition in (element, terminator):
        raise X12Error(position, "ISA", "11", "delimiters", "ISA11 repeats another delimiter")
    text = [b.decode("ascii") for b in (element, repetition, component, terminator)]
    return Delimiters(*text)


@lru_cache(maxsize=64)
def _stops(element: str, terminator: str) -> re.Pattern[bytes]:
    """Where a block must be cut: at what changes delimiters or holds raw bytes."""
    sep, term = re.escape(element.encode()), re.escape(terminator.encode())
    return re.compile(b"(?:(?<=" + term + rb")|\A)[ \t\r\n\x00]*(IEA|ISA|BIN|BDS)(?=" + sep + b")")


class Reader:
    """Reads segments from bytes or a binary file; iterate over it once.

    `trailing` holds, after the end, bytes behind the last IEA that are no segments.
    """

    def __init__(self, source: bytes | BinaryIO) -> None:
        self._file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source
        self._buffer = b""
        self._eof = False
        self.position = 0
        self.trailing = b""
        self.delimiters: Delimiters | None = None

    def _fill(self) -> bool:
        block = self._file.read(BLOCK)
        if not block:
            self._eof = True
            return False
        self._buffer += block
        return True

    def _need(self, count: int) -> None:
        while len(self._buffer) < count and self._fill():
            pass

    def __iter__(self) -> Iterator[Segment]:
        self._need(3)
        lead = ""
        while True:
            lead += self._blank()
            if self._buffer.startswith(_BOM):
                self._buffer = self._buffer[3:]
                lead += "\ufeff" + self._blank()
            if not self._buffer:
                if self.position == 0:
                    raise X12Error(1, "", None, "empty", "the file is empty")
                self.trailing = lead.encode("utf-8", "surrogateescape")
                return
            if not self._buffer.startswith(b"ISA"):
                if self.position == 0:
                    raise X12Error(1, "ISA", None, "no_isa", "the file does not start with ISA")
                if self._outside(lead):
                    return
            self._need(ISA_BYTES)
            marks = read_delimiters(self._buffer[:ISA_BYTES], self.position + 1)
            self.delimiters = marks
            yield from self._interchange(marks, lead)
            lead = ""

    def _blank(self) -> str:
        """Takes white space, NUL and end-of-file marks off the front."""
        taken = ""
        while True:
            rest = self._buffer.lstrip(_JUNK_BYTES.encode())
            taken += self._buffer[: len(self._buffer) - len(rest)].decode("ascii")
            self._buffer = rest
            if rest or not self._fill():
                self._need(3)
                return taken

    def _outside(self, lead: str) -> bool:
        """What follows an IEA and is no ISA: junk is kept aside, a segment is refused."""
        marks = self.delimiters or Delimiters()
        self._need(256)
        found = re.match(rb"[A-Z][A-Z0-9]{1,2}" + re.escape(marks.element.encode()), self._buffer)
        if found:
            name = found.group()[:-1].decode("ascii")
            raise X12Error(
                self.position + 1, name, None, "outside", f"{name} stands outside an interchange"
            )
        while self._fill() and len(self._buffer) < MAX_SEGMENT:
            pass
        self.trailing = lead.encode() + self._buffer
        return True

    def _interchange(self, marks: Delimiters, lead: str) -> Iterator[Segment]:
        """Segments up to and with IEA, or up to the next ISA."""
        term = marks.terminator.encode()
        sep = marks.element
        text_term = marks.terminator
        blanks = "".join(c for c in _JUNK_BYTES if c not in (sep, text_term))
        stops = _stops(sep, text_term)
        position = self.position
        first = True
        while True:
            buffer = self._buffer
            end = buffer.rfind(term) + 1
            if not end:
                if len(buffer) > MAX_SEGMENT:
                    raise self._unended(marks, "a segment has no terminator")
                if self._fill():
                    continue
                yield from self._last(marks, lead)
                return
            # The opening ISA is not a stop of its own interchange.
            stop = stops.search(buffer, ISA_BYTES if first else 0, end)
            if stop and stop.start() > 0:
                end = stop.start()
            special = stop.group(1) if stop and stop.start() == 0 else b""
            if special == b"ISA":
                self.position = position
                return
            if special in (b"BIN", b"BDS"):
                self.position = position
                yield self._binary(marks, special.decode())
                position = self.position
                continue
            if special == b"IEA":
                end = buffer.index(term) + 1
            pieces = buffer[:end].decode("utf-8", "surrogateescape").split(text_term)
            pieces.pop()
            self._buffer = buffer[end:]
            for piece in pieces:
                if not piece or piece[0] in blanks:
                    bare = piece.lstrip(blanks)
                    lead += piece[: len(piece) - len(bare)]
                    piece = bare
                elements = piece.split(sep)
                name = elements.pop(0)
                position += 1
                yield Segment(name, elements, position, marks, lead)
                lead = ""
            self.position = position
            first = False
            if special == b"IEA":
                return

    def _last(self, marks: Delimiters, lead: str) -> Iterator[Segment]:
        """The end of the file without a terminator: an IEA line may lack its line end only."""
        rest = self._buffer.decode("utf-8", "surrogateescape")
        bare = rest.lstrip(_JUNK_BYTES.replace(marks.terminator, ""))
        if not bare.strip(_JUNK_BYTES):
            return
        if marks.terminator in "\r\n" and bare.startswith("IEA" + marks.element):
            elements = bare.split(marks.element)
            self._buffer = b""
            self.position += 1
            yield Segment(
                elements[0], elements[1:], self.position, marks, lead + rest[: -len(bare)]
            )
            return
        raise self._unended(marks, "the file ends in the middle of a segment")

    def _unended(self, marks: Delimiters, text: str) -> X12Error:
        head = self._buffer.lstrip(_JUNK_BYTES.encode())[:3].decode("latin-1")
        name = head.split(marks.element)[0]
        name = name if name.isalnum() and name.isascii() else ""
        return X12Error(self.position + 1, name, None, "truncated", text)

    def _binary(self, marks: Delimiters, name: str) -> Segment:
        """A segment with raw bytes: its length element says how many, delimiters included."""
        sep, term = marks.element.encode(), marks.terminator.encode()
        start = raw_lead = len(self._buffer) - len(self._buffer.lstrip(_JUNK_BYTES.encode()))
        fields = []
        where = self.position + 1
        for _ in range(_BINARY[name] + 1):
            self._need(start + 32)
            cut = self._buffer.find(sep, start, start + 32)
            if cut < 0:
                raise X12Error(where, name, "01", "binary_length", f"{name} has no length")
            fields.append(self._buffer[start:cut].decode("utf-8", "surrogateescape"))
            start = cut + 1
        count = fields[-1]
        number = f"{_BINARY[name]:02}"
        if not (count.isascii() and count.isdigit() and len(count) < 16):
            raise X12Error(where, name, number, "binary_length", f"{name}{number} is no length")
        end = start + int(count)
        self._need(end + 1)
        if self._buffer[end : end + 1] != term:
            raise X12Error(
                where, name, number, "binary_length",
                f"{name}{number} says {count} bytes, but no segment terminator follows them",
            )  # fmt: skip
        data = self._buffer[start:end].decode("utf-8", "surrogateescape")
        lead = self._buffer[:raw_lead].decode("ascii")
        self._buffer = self._buffer[end + 1 :]
        self.position += 1
        return Segment(name, [*fields[1:], data], self.position, marks, lead)


def read_segments(source: bytes | BinaryIO) -> Iterator[Segment]:
    """The segments of a file, in order, as a stream.

    Raises X12Error where the file can't be read on: no ISA, a broken ISA, an unended segment,
    segments outside an interchange. What was read before the error has been yielded.
    """
    return iter(Reader(source))
