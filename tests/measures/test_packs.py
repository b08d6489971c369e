"""A wording file is taken whole or refused whole, with the line and the reason."""

from __future__ import annotations

import pytest

from mutual.base.refusal import Refused
from mutual.measures import registry
from mutual.measures.packs import read_pack
from mutual.measures.scale import refuse_without_wording

HEAD = """key = "{key}"
version = "1"
language = "en"
title = "A title"
credit = "Its authors"

[permission]
text = "may be used in this programme"
by = "the authors"
date = 2026-03-01
scope = "clinical use"

"""


def item(number: int, values: range | tuple[int, ...]) -> str:
    answers = ", ".join(f'{{label = "answer {value}", value = {value}}}' for value in values)
    return f'[[items]]\nanswers = [{answers}]\nnumber = {number}\ntext = "words {number}"\n\n'


def csi4(first: range = range(7), head: str = HEAD, items: int = 4) -> str:
    return head.format(key="csi4") + "".join(
        item(number, first if number == 1 else range(6)) for number in range(1, items + 1)
    )


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        read_pack(text)
    return refused.value.text


@pytest.mark.rule("I-2", "I-1")
def test_a_whole_file_becomes_a_pack_with_its_permission() -> None:
    pack = read_pack(csi4())
    assert (pack.key, pack.language, len(pack.items)) == ("csi4", "en", 4)
    assert pack.items[0].answers[6] == ("answer 6", 6)
    assert (pack.permission.by, pack.permission.date) == ("the authors", "2026-03-01")
    refuse_without_wording(registry.get("csi4"), frozenset({pack.key}))


@pytest.mark.rule("I-2")
def test_an_item_with_too_few_answers_is_refused_with_its_line() -> None:
    assert refusal(csi4(range(6))) == "line 14: item 1 needs 7 answers, found 6"


@pytest.mark.rule("I-2")
def test_the_set_of_values_counts_and_not_only_their_number() -> None:
    assert "item 1 takes the values 0, 1, 2, 3, 4, 5, 6, found 1, 2, 3, 4, 5, 6, 7" in refusal(
        csi4(range(1, 8))
    )


@pytest.mark.rule("I-2")
def test_the_number_of_items_must_fit() -> None:
    assert refusal(csi4(items=3)) == "line 13: csi4 has 4 items, found 3"


@pytest.mark.rule("I-2")
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('by = "the authors"', 'by = " "', "permission.by is empty"),
        ('language = "en"', 'language = "xx"', 'line 3: language "xx" is not known'),
        ('key = "{key}"', 'key = "csi5"', 'line 1: no instrument "csi5"'),
        ('version = "1"', 'version = "2"', "line 2: version"),
        ('title = "A title"', 'title = "A title"\nprice = 3', "line 5: "),
        ('credit = "Its authors"\n', "", "credit is empty"),
        ("[permission]", "[permission", "line 7: "),
    ],
)
def test_each_fault_names_its_line_and_reason(old: str, new: str, words: str) -> None:
    assert words in refusal(csi4(head=HEAD.replace(old, new)))


@pytest.mark.rule("I-2")
def test_a_file_without_permission_is_refused() -> None:
    text = csi4()
    start, end = text.index("[permission]"), text.index("[[items]]")
    assert "permission is empty" in refusal(text[:start] + text[end:])


@pytest.mark.rule("I-2")
def test_all_faults_are_told_at_once() -> None:
    text = csi4(range(6), HEAD.replace('by = "the authors"', 'by = ""'))
    assert len(refusal(text).splitlines()) == 2


@pytest.mark.rule("I-2")
def test_the_codependency_pack_gives_its_own_key() -> None:
    body = "".join(item(number, range(1, 6)) for number in range(1, 10))
    layout = (
        "[subscales]\nemotional_suppression = [1, 4, 7]\ninterpersonal_control = [2, 5, 8]\n"
        "self_sacrifice = [3, 6, 9]\n\n"
    )
    head = HEAD.format(key="sccs")
    pack = read_pack(head + layout + body)
    assert pack.subscales["self_sacrifice"] == ("3", "6", "9")
    assert "each of the three subscales" in refusal(head + body)
    assert "takes no subscales" in refusal(csi4() + layout)


@pytest.mark.rule("I-2")
@pytest.mark.parametrize("text", ["", "key = 3", "items = 3\nkey = 'csi4'", "[[items]]\n[[items]]"])
def test_nonsense_is_refused_without_a_traceback(text: str) -> None:
    assert refusal(text)
