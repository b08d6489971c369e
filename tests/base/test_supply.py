"""What is installed is what was locked: every package by hash, and the list in step with ours."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("app.txt", "dev.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==([^\s;\\]+)")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, tuple[str, str]]:
    """Package to (version, the whole entry)."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    found = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
        pin = _PIN.match(entry)
        assert pin, entry[:80]
        found[plain(pin.group(1))] = (pin.group(2), entry)
    return found


def wanted() -> tuple[list[str], list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return project["project"]["dependencies"], project["dependency-groups"]["dev"]


@pytest.mark.rule("P-44", "P-46")
@pytest.mark.parametrize("name", LISTS)
def test_every_locked_package_has_its_hashes_and_names_no_host(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    assert len(locked(name)) > 50
    for package, (_version, entry) in locked(name).items():
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry)
        assert hashes, f"{package} is locked without a hash"


@pytest.mark.rule("P-46")
def test_the_lists_hold_what_the_project_asks_for_in_the_versions_it_asks_for() -> None:
    from packaging.requirements import Requirement

    app, dev = wanted()
    for name, asked in (("app.txt", app), ("dev.txt", [*app, *dev])):
        have = locked(name)
        for line in asked:
            requirement = Requirement(line)
            found = have.get(plain(requirement.name))
            assert found, f"{requirement.name} is asked for and not locked in {name}"
            assert requirement.specifier.contains(found[0], prereleases=True), line
            assert "mutual (pyproject.toml" in found[1], f"{name} is older than pyproject.toml"


@pytest.mark.rule("P-46")
def test_nothing_is_named_as_asked_for_that_is_not() -> None:
    app, dev = wanted()
    names = {plain(_NAME.match(line).group()) for line in [*app, *dev]}  # type: ignore[union-attr]
    direct = {p for p, (_v, entry) in locked("dev.txt").items() if "mutual (pyproject" in entry}
    assert direct <= names
    assert set(locked("app.txt").items()) and {p: v for p, (v, _) in locked("app.txt").items()} == {
        p: v for p, (v, _) in locked("dev.txt").items() if p in locked("app.txt")
    }


def test_the_audit_says_so_where_its_data_cannot_be_had() -> None:
    """Cut off from the network it leaves with 3 and a sentence, never with "nothing found"."""
    done = subprocess.run(
        [sys.executable, "-c",
         "import scripts.audit as a; a._asked = lambda path: None; raise SystemExit(a.main([]))"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3 and "nothing was checked" in done.stderr and done.stdout == ""


def test_what_the_scanner_finds_is_marked_in_its_line_and_nothing_is_skipped_everywhere() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["bandit"]
    assert set(settings) == {"exclude_dirs"} and settings["exclude_dirs"] == ["/migrations/"]
    bare = [
        f"{path}:{number}"
        for path in (ROOT / "mutual").rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"#\s*nosec(?!\s+B\d{3})", line)
    ]
    assert bare == []
