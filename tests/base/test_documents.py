"""Documents are tagged, embed their fonts, and say nothing about themselves."""

from __future__ import annotations

import re

import pytest

from mutual.base.documents import DocumentFailed, document_name, pdf_response, render_pdf

TEMPLATE = "= #data.title\n#facts(data.facts)\n#data.words"


def made(words: str = "Hello.") -> bytes:
    return render_pdf(TEMPLATE, {"title": "Agreement", "facts": [["Day", "1 May"]], "words": words})


@pytest.mark.rule("P-51")
def test_a_document_is_tagged_with_embedded_fonts_and_a_neutral_title() -> None:
    pdf = made()
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid:part>1<" in pdf
    assert b"/FontFile" in pdf
    assert b"/Title(Document)" in pdf


@pytest.mark.rule("P-51")
def test_a_document_names_no_author_and_no_moment() -> None:
    pdf = made()
    assert b"/Author" not in pdf
    assert b"dc:creator" not in pdf
    assert not re.search(rb"CreationDate\(D:20[2-9]", pdf)


@pytest.mark.rule("P-51")
def test_the_name_of_a_file_is_random_and_neutral_and_the_answer_is_kept_nowhere() -> None:
    names = {document_name() for _ in range(20)}
    assert len(names) > 15
    assert all(re.fullmatch(r"document-[2-9A-Z]{4}\.pdf", n) for n in names)
    answer = pdf_response(made())
    assert answer["Cache-Control"] == "no-store"
    assert "document-" in answer["Content-Disposition"]


def test_what_a_person_typed_is_never_read_as_markup() -> None:
    assert made('#panic("x") = not a heading $x$ \\') != made("x")


def test_a_broken_template_fails_without_quoting_the_data() -> None:
    with pytest.raises(DocumentFailed) as error:
        render_pdf("#nowhere", {"secret": "planted phrase"})
    assert "planted phrase" not in str(error.value)
