"""What may come in as a file: held in memory, judged by its content, refused whole with words.

A browser's word for a file's kind, and its name, are the sender's to choose; neither is looked at
and neither is kept.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

#: The largest file any page takes, in bytes, with room for a refusal in words by the page itself.
MOST_BYTES = 6_000_000

#: First bytes of what people choose by mistake, or on purpose; Office documents are archives.
_SIGNS: tuple[tuple[bytes, StrPromise], ...] = (
    (b"%PDF-", _("a PDF document")),
    (b"\x89PNG\r\n\x1a\n", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"II*\x00", _("a picture")),
    (b"MM\x00*", _("a picture")),
    (b"PK\x03\x04", _("an archive or an Office document")),
    (b"PK\x05\x06", _("an archive or an Office document")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("an Office document")),
    (b"\x1f\x8b", _("an archive")),
    (b"7z\xbc\xaf\x27\x1c", _("an archive")),
    (b"Rar!\x1a\x07", _("an archive")),
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"{\\rtf", _("an Office document")),
)


def what_it_is(data: bytes) -> str:
    """A known kind of file by its content, in words; ``""`` for none of them.

    Markup is looked for behind a byte order mark and blanks; a RIFF or ISO container, in which
    pictures and films come, at its own place.
    """
    for sign, words in _SIGNS:
        if data.startswith(sign):
            return str(words)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" or data[4:8] == b"ftyp":
        return str(_("a picture or a film"))
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")):
        return str(_("a web page or markup"))
    return ""


class InMemory(FileUploadHandler):
    """Keeps one file in memory and gives up on a request with more than any page takes."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A part of it.

        Raises:
            RequestDataTooBig: which becomes the page of that name; nothing of it is kept.
        """
        self.taken = getattr(self, "taken", 0) + len(raw_data)
        if self.taken > MOST_BYTES:
            raise RequestDataTooBig("a file larger than any page takes")
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file, under no name of its own: a name may be a person's."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name="file",
            content_type=None,
            size=file_size,
            charset=self.charset,
        )
