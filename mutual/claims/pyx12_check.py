"""A second opinion on outgoing X12 by pyx12 (B-32).

pyx12 finds syntax and guide errors; business errors are `preflight`'s. Its known defects are
met here: it dies on bytes outside ASCII, it raises on malformed composites, it writes values
into its log (which would be protected data), and its positions are vague.
"""

from __future__ import annotations

import io
import json
import logging
import threading
from dataclasses import dataclass

import pyx12.params
import pyx12.x12n_document

# Its messages quote element values: none may reach a log of ours.
logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class SecondOpinion:
    """One error: `segment` counts from 1 at ISA where it is known, 0 where not."""

    segment: int
    id: str
    element: str
    code: str
    text: str


def second_opinion(data: bytes) -> list[SecondOpinion]:
    """What pyx12 says against `data`; an empty list means that it finds nothing.

    The texts may quote values of the claim: show them to billers, never log them.
    """
    if not data.isascii():
        return [SecondOpinion(0, "", "", "non_ascii", "a byte outside ASCII: pyx12 can't read it")]
    report = io.StringIO()
    with _ONE_AT_A_TIME:  # its maps and readers are not made for threads
        try:
            accepted = pyx12.x12n_document.x12n_document(
                pyx12.params.ParamsBase(),
                io.StringIO(data.decode("ascii")),
                None,
                None,
                fd_json=report,
            )
        except Exception as error:  # noqa: BLE001 - it raises on input instead of judging it
            return [SecondOpinion(0, "", "", "raised", f"pyx12 gave up: {type(error).__name__}")]
    found = _errors(report.getvalue())
    if not accepted and not found:
        found.append(SecondOpinion(0, "", "", "refused", "pyx12 refuses the file without a reason"))
    return found


def difference(blocked: bool, opinion: list[SecondOpinion]) -> list[str]:
    """Where our preflight and pyx12 disagree about sending (B-32), in words for the biller.

    `blocked` says whether our own checks hold the claim back. A claim that only we hold is
    no difference: pyx12 does not know our rules.
    """
    if blocked or not opinion:
        return []
    return [f"{one.id}{one.element} {one.code}: {one.text}".strip() for one in opinion]


def _errors(text: str) -> list[SecondOpinion]:
    found: list[SecondOpinion] = []
    if not text:
        return found
    for isa in json.loads(text)["interchanges"]:
        found.extend(_plain("ISA", isa))
        for group in isa["groups"]:
            found.extend(_plain("GS", group))
            for transaction in group["transactions"]:
                found.extend(_plain("ST", transaction))
                for segment in transaction["segments"]:
                    where, name = int(segment["cur_line"] or 0), str(segment["seg_id"])
                    found.extend(
                        SecondOpinion(where, name, "", str(one["err_cde"]), str(one["err_str"]))
                        for one in segment["errors"]
                    )
                    for element in segment["elements"]:
                        number = f"{int(element['ele_pos'] or 0):02}"
                        found.extend(
                            SecondOpinion(
                                where, name, number, str(one["err_cde"]), str(one["err_str"])
                            )
                            for one in element["errors"]
                        )
    return found


def _plain(name: str, node: dict[str, object]) -> list[SecondOpinion]:
    errors = node["errors"]
    assert isinstance(errors, list)
    return [SecondOpinion(0, name, "", str(one["err_cde"]), str(one["err_str"])) for one in errors]
