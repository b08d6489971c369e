"""PDF documents: tagged (PDF/UA-1), fonts embedded, with neutral names and no author (P-51).

A document is a Typst template and the data it reads; text of people is always data, never part of
the template, so that nothing a person typed is read as markup. One compiler is kept: the first
document takes tens of milliseconds, the next ones two to four.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

import typst
from django.http import HttpResponse

from mutual.base.ids import short_name

#: PDF/UA-1 asks for a title; it is one and the same for every document, and says nothing (P-51).
PREAMBLE = """\
#set document(title: "Document", author: (), date: none)
#let data = json(bytes(sys.inputs.data))
#set text(lang: data.at("lang", default: "en"), size: 10.5pt, font: "Libertinus Serif")
#set page(paper: "us-letter", margin: (x: 22mm, y: 20mm), footer: context [
  #set text(size: 8.5pt, fill: rgb("#5b6472"))
  #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set par(leading: 0.62em, justify: false)
#show heading.where(level: 1): set text(size: 17pt)
#show heading.where(level: 2): set text(size: 12pt)
#show heading.where(level: 2): set block(above: 1.4em, below: 0.7em)
#let facts(pairs) = for pair in pairs [
  #block(spacing: 0.6em)[#strong(pair.at(0)): #pair.at(1)]
]
"""
_busy = Lock()


class DocumentFailed(Exception):
    """The template doesn't compile; the message names the place in the template, never the data."""


@lru_cache(maxsize=1)
def _compiler() -> Any:
    return typst.Compiler(ignore_system_fonts=True)


def render_pdf(template_text: str, data: Mapping[str, Any]) -> bytes:
    """A PDF/UA-1 document from a Typst template and what it says (P-51).

    Args:
        template_text: Typst markup. It reads ``data`` (a dictionary) and may use
            ``facts(pairs)``; text, page and headings are already set.
        data: JSON values; ``lang`` is the document's language (default ``en``).

    Raises:
        DocumentFailed: if the template has an error or isn't accessible (a missing alternative
            text, for instance).
    """
    source = (PREAMBLE + template_text).encode()
    with _busy:
        try:
            made = _compiler().compile(
                input=source,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=0,
            )
        except typst.TypstError as error:
            raise DocumentFailed(str(error).splitlines()[0]) from error
    return bytes(made)


def document_name() -> str:
    """A random neutral file name: ``document-7F3K.pdf`` (P-51)."""
    return f"document-{short_name()}.pdf"


def pdf_response(content: bytes) -> HttpResponse:
    """The document as an answer: shown in place, neutral name, kept nowhere (P-51, P-61)."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{document_name()}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
