"""X12 figures in one run: typed reading beside a bare tokenizer, and memory on a large 835.

    python -m bench.x12            both ratios on 8 MB, then memory on 60 MB
    python -m bench.x12 --quick    small sizes, for a look

Ratios compare two readings on the same machine in the same run; rounds alternate, the best of
each side counts.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mutual.coverage.x12.check import check_file  # noqa: E402
from mutual.coverage.x12.claims835 import read_835  # noqa: E402
from mutual.coverage.x12.claims837 import read_837  # noqa: E402
from mutual.coverage.x12.tokenizer import read_segments  # noqa: E402

MB = 1 << 20
ISA = (
    "ISA*00*          *00*          *ZZ*PAYERSIM       *ZZ*PROGRAMME      "
    "*270104*0900*^*00501*000000001*0*T*:"
)


def bare(file: BinaryIO) -> Iterator[list[str]]:
    """The least that streaming can do: blocks, split at `~`, split at `*`."""
    rest = b""
    while block := file.read(1 << 16):
        *whole, rest = (rest + block).split(b"~")
        for piece in whole:
            yield piece.decode().lstrip("\n").split("*")


def make_835(size: int, out: BinaryIO) -> int:
    """Writes a valid 835 of about `size` bytes; the number of its claims."""
    head = [
        ISA, "GS*HP*PAYERSIM*PROGRAMME*20270104*0900*1*X*005010X221A1", "ST*835*0001",
        "BPR*I*0*C*NON************20270104", "TRN*1*TRACE1*1999999999", "DTM*405*20270104",
        "N1*PR*SIMULATED PAYER", "N3*1 SOMEWHERE", "N4*ALBANY*NY*122070001",
        "PER*BL*EDI HELP*TE*8005550100", "N1*PE*PROGRAMME*XX*1234567893", "LX*1",
    ]  # fmt: skip
    claim = (
        "CLP*C{n:07}*1*450*240*60*12*P{n:07}*11*1~\n"
        "NM1*QC*1*EXAMPLE*PERSON****MI*M{n:07}~\n"
        "DTM*050*20270103~\n"
        "SVC*HC:H0015:HF*450*240**1~\n"
        "DTM*472*20270102~\n"
        "CAS*CO*45*150~\n"
        "CAS*PR*2*60~\n"
        "REF*6R*L{n:07}~\n"
        "AMT*B6*300~\n"
    )
    out.write(("~\n".join(head) + "~\n").encode())
    written, count = 0, 0
    while written < size:
        block = "".join(claim.format(n=n) for n in range(count, count + 500)).encode()
        count += 500
        written += out.write(block)
    segments = len(head) - 2 + count * 9 + 1
    out.write(f"SE*{segments}*0001~\nGE*1*1~\nIEA*1*000000001~\n".encode())
    return count


def make_837(size: int, out: BinaryIO) -> int:
    """Writes a valid 837P of about `size` bytes, 100 claims to a subscriber; how many claims."""
    head = [
        ISA, "GS*HC*PROGRAMME*PAYERSIM*20270104*0900*1*X*005010X222A1", "ST*837*0001*005010X222A1",
        "BHT*0019*00*B1*20270104*0900*CH", "NM1*41*2*PROGRAMME*****46*P1",
        "PER*IC*BILLING*TE*8005550100", "NM1*40*2*SIMULATED PAYER*****46*S1", "HL*1**20*1",
        "NM1*85*2*PROGRAMME*****XX*1234567893", "N3*1 SOMEWHERE", "N4*ALBANY*NY*122070001",
        "REF*EI*123456789",
    ]  # fmt: skip
    person = (
        "HL*{h}*1*22*0~\nSBR*P*18*******CI~\nNM1*IL*1*EXAMPLE*PERSON****MI*M{h:07}~\n"
        "N3*2 SOMEWHERE~\nN4*ALBANY*NY*122070001~\nDMG*D8*19900101*F~\n"
        "NM1*PR*2*SIMULATED PAYER*****PI*S1~\n"
    )
    claim = (
        "CLM*C{h}-{n}*900***10:B:1*Y*A*Y*Y~\nREF*G1*AUTH{n}~\nHI*ABK:F1020*ABF:Z630~\n"
        "LX*1~\nSV1*HC:H0015:HF*450*UN*1***1~\nDTP*472*D8*20270102~\nREF*6R*L{n}A~\n"
        "LX*2~\nSV1*HC:H0015:HF*450*UN*1***1~\nDTP*472*D8*20270103~\nREF*6R*L{n}B~\n"
    )
    out.write(("~\n".join(head) + "~\n").encode())
    written, level = 0, 1
    while written < size:
        level += 1
        block = person.format(h=level) + "".join(claim.format(h=level, n=n) for n in range(100))
        written += out.write(block.encode())
    persons = level - 1
    segments = len(head) - 2 + persons * (7 + 100 * 11) + 1
    out.write(f"SE*{segments}*0001~\nGE*1*1~\nIEA*1*000000001~\n".encode())
    return persons * 100


def _clock(read: Callable[[BinaryIO], Iterable[object]], data: bytes) -> float:
    start = time.perf_counter()
    for _ in read(io.BytesIO(data)):
        pass
    return time.perf_counter() - start


def ratios(size: int = 8 * MB, rounds: int = 3) -> dict[str, dict[str, float]]:
    """For 835 and 837: seconds of each reader and its ratio to the bare tokenizer."""
    answer: dict[str, dict[str, float]] = {}
    kinds: list[tuple[str, Callable[[int, BinaryIO], int], Callable[[BinaryIO], Iterable[object]]]]
    kinds = [("835", make_835, read_835), ("837", make_837, read_837)]
    for kind, make, typed in kinds:
        out = io.BytesIO()
        make(size, out)
        data = out.getvalue()
        best = {"bare": 1e9, "segments": 1e9, "typed": 1e9, "checked": 1e9}
        for _ in range(rounds):
            best["bare"] = min(best["bare"], _clock(bare, data))
            best["segments"] = min(best["segments"], _clock(read_segments, data))
            best["typed"] = min(best["typed"], _clock(typed, data))
        start = time.perf_counter()
        verdict = check_file(data, kind)
        best["checked"] = time.perf_counter() - start
        if not verdict["ok"]:
            raise SystemExit(f"the generated {kind} is refused: {verdict['errors']}")
        row = {f"{name}_s": round(seconds, 3) for name, seconds in best.items()}
        for name in ("segments", "typed", "checked"):
            row[f"{name}_ratio"] = round(best[name] / best["bare"], 2)
        row["megabytes"] = round(len(data) / MB, 1)
        answer[kind] = row
    return answer


_CHILD = """
import json, resource, sys
from mutual.coverage.x12.claims835 import ClaimPayment, read_835

def peak():
    # ru_maxrss starts at what the parent had when it forked; VmHWM is this program's alone.
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = peak()
with open(sys.argv[1], "rb") as file:
    claims = sum(isinstance(item, ClaimPayment) for item in read_835(file))
print(json.dumps({"claims": claims, "start_mb": before / 1024, "peak_mb": peak() / 1024}))
"""


def memory(size: int = 60 * MB) -> dict[str, float]:
    """Peak resident memory, in MB, of a fresh process that reads an 835 of `size` bytes (B-7)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "large.835")
        with open(path, "wb") as out:
            claims = make_835(size, out)
        run = subprocess.run(
            [sys.executable, "-c", _CHILD, path],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        figures: dict[str, float] = json.loads(run.stdout)
        figures["file_mb"] = round(os.path.getsize(path) / MB, 1)
    if figures["claims"] != claims:
        raise SystemExit("the reader lost claims")
    return figures


def measure(size: int = 8 * MB) -> list[tuple[str, float, str]]:
    """Rows (what, figure, aim) for ``python -m bench``; memory always at 60 MB."""
    rows = [
        (f"{kind} read to typed claims, by a bare tokenizer", row["typed_ratio"], "<= 25")
        for kind, row in ratios(size).items()
    ]
    figures = memory()
    rows.append(("peak memory in MB at a 60 MB 835", figures["peak_mb"], "<= 60"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1 MB and 5 MB instead")
    quick = parser.parse_args().quick
    for kind, row in ratios(MB if quick else 8 * MB).items():
        print(kind, json.dumps(row))
    print("memory", json.dumps(memory((5 if quick else 60) * MB)))


if __name__ == "__main__":
    main()
