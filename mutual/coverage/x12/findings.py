"""What is wrong with a file, in one shape for the command line, screens and acknowledgments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: segment position from 1 at ISA, its id, element ("03" or "05-2"), loop, words.

    The words never repeat a value of the file: they end in logs and screens of other people.
    """

    segment: int
    id: str
    element: str | None
    code: str
    loop: str | None
    text: str

    def as_json(self) -> dict[str, object]:
        """The shape of `mutual x12 check`."""
        return {
            "segment": self.segment,
            "id": self.id[:8],  # a broken id may be a whole line of data
            "element": self.element,
            "code": self.code,
            "loop": self.loop,
            "text": self.text,
        }


SEGMENT_ACK = {
    "segment_unknown": "1",
    "segment_unexpected": "2",
    "segment_missing": "3",
    "loop_missing": "3",
    "loop_repeat": "4",
    "segment_repeat": "5",
    "segment_order": "7",
}
"""Our words to IK304 of a 999; element faults make it "8"."""

ELEMENT_ACK = {
    "element_missing": "1",
    "condition": "2",
    "too_many_elements": "3",
    "too_short": "4",
    "too_long": "5",
    "character": "6",
    "number": "6",
    "code": "7",
    "date": "8",
    "time": "9",
    "exclusion": "10",
    "too_many_repeats": "12",
    "too_many_components": "13",
    "not_used": "I10",
    "pattern": "I12",
    "sequence": "I13",
}
"""Our words to IK403 of a 999."""

SET_ACK = {
    "se_missing": "2",
    "se_control": "3",
    "se_count": "4",
    "segments": "5",
    "st_set": "6",
    "st_control": "7",
    "st_guide": "I6",
    "st_control_repeat": "23",
}
"""Our words to IK502 of a 999."""

GROUP_ACK = {
    "ge_missing": "3",
    "ge_control": "4",
    "ge_count": "5",
    "number": "6",
    "gs_control_repeat": "19",
}
"""Our words to AK905 of a 999; any other fault of GS or GE refuses the group as unsupported."""

INTERCHANGE_ACK = {
    "iea_control": "001",
    "iea_count": "021",
    "iea_missing": "022",
    "outside": "022",
    "segment_unknown": "024",
    "truncated": "023",
    "isa_length": "022",
    "delimiters": "026",
}
"""Our words to TA105, the note of an interchange acknowledgment."""

ISA_ACK = {
    "01": "010", "02": "011", "03": "012", "04": "013", "05": "005", "06": "006", "07": "007",
    "08": "008", "09": "014", "10": "015", "11": "026", "12": "017", "13": "018", "14": "019",
    "15": "020", "16": "027",
}  # fmt: skip
"""An element of ISA to TA105, where a word alone doesn't tell."""
