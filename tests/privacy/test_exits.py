"""No line of the code carries something out unless it stands behind the gate or says why (P-27)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mutual.privacy.exits import CARRIERS, EXITS
from mutual.wall.policy import collect

ROOT = Path(__file__).resolve().parents[2]
#: What hands a file to a browser, a mailbox or another machine.
HANDS_OUT = {
    "FileResponse", "StreamingHttpResponse", "pdf_response", "render_pdf", "EmailMessage",
    "EmailMultiAlternatives", "send_mail", "mail_admins", "mail_managers", "urlopen",
    "create_connection", "open_connection",
}  # fmt: skip
WIRES = {"smtplib", "urllib.request", "http.client", "ftplib", "requests", "httpx", "aiohttp",
         "boto3", "paramiko", "telnetlib", "socket"}  # fmt: skip
WRITES = {"write_text", "write_bytes"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "mutual").rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _disposes(node: ast.AST) -> bool:
    """A header that makes an answer a file."""
    return isinstance(node, ast.Constant) and node.value == "Content-Disposition"


def _opens_to_write(call: ast.Call) -> bool:
    if _name(call) != "open":
        return False
    # `open(path, mode)`, `path.open(mode)`, or `mode=` in either.
    place = 0 if isinstance(call.func, ast.Attribute) else 1
    given = [*call.args[place : place + 1], *(k.value for k in call.keywords if k.arg == "mode")]
    modes = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return any(set(mode) & set("wxa") for mode in modes if set(mode) <= set("rwxabt+"))


def carries(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node)
            if name in HANDS_OUT | WRITES:
                found.add(name)
            if _opens_to_write(node):
                found.add("open to write")
        elif _disposes(node):
            found.add("Content-Disposition")
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names} & WIRES
        elif isinstance(node, ast.ImportFrom) and node.module in WIRES:
            found.add(node.module)
    return found


@pytest.mark.rule("P-27")
def test_every_source_that_carries_something_out_is_listed_with_its_exit_or_its_reason() -> None:
    found = {path: what for path, tree in sources() if (what := carries(tree))}
    unlisted = {path: sorted(what) for path, what in found.items() if path not in CARRIERS}
    assert unlisted == {}, "put it behind the gate, or say in exits.CARRIERS why nothing leaves"
    stale = [path for path in CARRIERS if not (ROOT / path).exists()]
    assert stale == []


@pytest.mark.rule("P-27")
def test_what_is_listed_behind_the_gate_asks_the_gate_for_that_very_exit() -> None:
    trees = dict(sources())
    for path, reason in CARRIERS.items():
        exit_, _, way = reason.partition(":")
        if exit_ != "gate":
            assert len(reason.split()) > 4, path
            continue
        calls = [node for node in ast.walk(trees[path]) if isinstance(node, ast.Call)]
        assert any(_name(call) == "let_out" for call in calls), path
        named = {n.value for n in ast.walk(trees[path]) if isinstance(n, ast.Constant)}
        assert way in EXITS and way in named, path


@pytest.mark.rule("P-27")
def test_nobody_but_the_gate_writes_a_line_of_the_log() -> None:
    """A disclosure that is written beside the gate would be one that it never saw."""
    beside = [
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            _name(node) == "Disclosure"
            or isinstance(node.func, ast.Attribute)
            and node.func.attr in ("create", "bulk_create")
            and "Disclosure.objects" in ast.unparse(node.func)
        )
        and path != "mutual/privacy/gate.py"
    ]
    assert [path for path in beside if "EmergencyDisclosure" not in path] == []


@pytest.mark.rule("P-27", "P-51")
def test_the_probe_sees_a_new_way_out() -> None:
    """Red when somebody adds one: each of these would be found."""
    for code in (
        "FileResponse(open('x', 'rb'))",
        "import requests",
        "from urllib.request import urlopen",
        "EmailMessage('a', 'b').send()",
        "Path('x').write_bytes(b'')",
        "answer['Content-Disposition'] = 'attachment'",
        "with open('x', 'wb') as f: f.write(b'')",
    ):
        assert carries(ast.parse(code)), code
    assert not carries(ast.parse("with open('x') as f: f.read()"))


def test_the_gates_service_reads_no_words() -> None:
    rights = collect()[1]["disclosure_gate"].rights
    assert set(rights) == {"consent", "couple", "disclosure_log", "privacy_request"}
