"""Where a Mutual installation keeps what is its own: the data folder and its secrets.

Everything lives under ``MUTUAL_HOME`` (default ``./.mutual``). Secrets are files of mode 0600.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path


def home() -> Path:
    """The installation's folder, absolute; made on first use with mode 0711.

    0711 lets the database's unprivileged account pass through without listing the folder.
    """
    path = Path(os.environ.get("MUTUAL_HOME") or ".mutual").absolute()
    path.mkdir(mode=0o711, parents=True, exist_ok=True)
    return path


@lru_cache(maxsize=64)
def _kept(path: str, inode: int, changed: int) -> bytes:  # another file is another entry
    return bytes.fromhex(Path(path).read_text("ascii").strip())


def secret(name: str, *, size: int = 32) -> bytes:
    """The secret called ``name``: ``size`` random bytes, made once and kept in a 0600 file.

    An environment variable ``MUTUAL_SECRET_<NAME>`` (hex) wins, for machines that keep
    secrets elsewhere.
    """
    given = os.environ.get(f"MUTUAL_SECRET_{name.upper()}")
    if given:
        return bytes.fromhex(given)
    folder = home() / "secrets"
    path = folder / name
    try:
        # Asked many times a request: read anew only when the file is another one.
        facts = path.stat()
        if facts.st_size >= 2 * size:
            return _kept(str(path), facts.st_ino, facts.st_mtime_ns)
    except FileNotFoundError:
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        # O_EXCL: of two processes that start together one makes the secret, both read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        for _ in range(200):
            text = path.read_text("ascii").strip()
            if text:
                return bytes.fromhex(text)
        raise RuntimeError(
            f"The secret file {path.name} is empty: delete it and start again."
        ) from None
    value = secrets.token_bytes(size)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(value.hex())
    return value
