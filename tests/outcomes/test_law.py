"""The law in words can't drift: every rule of the specification, every control, every test."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from mutual.base.refusal import NotThere
from mutual.entry import rulebook
from mutual.outcomes.law import RULES, SECTIONS, read_law
from mutual.outcomes.law.facts import FACTS
from mutual.outcomes.law.safeguards import SAFEGUARDS


def test_every_privacy_rule_of_the_specification_stands_in_words_once_and_in_order() -> None:
    wanted = {number for number in rulebook.titles() if number.startswith("P-")}
    have = [rule.number for rule in RULES]
    assert set(have) == wanted and len(have) == len(set(have))
    assert have == sorted(have, key=lambda number: int(number[2:]))
    assert all(len(str(rule.words)) < 200 for rule in RULES)
    assert {first for _title, first in SECTIONS} <= set(have)


def test_every_control_it_names_is_there_and_every_fact_is_used() -> None:
    named = {module for rule in RULES for module in rule.where}
    assert {module for module in named if find_spec(module) is None} == set()
    assert {rule.fact for rule in RULES if rule.fact} == set(FACTS)


@pytest.mark.rule("P-44")
def test_each_technical_safeguard_of_164_312_has_a_named_test() -> None:
    marks = rulebook.marks()
    for item in SAFEGUARDS:
        for rule in item.rules:
            assert marks.get(rule), f"{item.paragraph} {item.words}: no test of {rule}"
    assert {one.paragraph for one in SAFEGUARDS} == {
        "164.312(a)(1)", "164.312(a)(2)(i)", "164.312(a)(2)(ii)", "164.312(a)(2)(iii)",
        "164.312(a)(2)(iv)", "164.312(b)", "164.312(c)(1)", "164.312(c)(2)", "164.312(d)",
        "164.312(e)(1)", "164.312(e)(2)(i)", "164.312(e)(2)(ii)",
    }  # fmt: skip


def test_a_rule_that_is_not_built_says_so_and_claims_no_state() -> None:
    for rule in RULES:
        assert rule.where or not rule.fact, rule.number


def test_officer_and_director_read_counts_an_auditor_reads_none_others_nothing(
    act, browse, django_assert_max_num_queries
) -> None:
    client = browse("pia")
    client.get("/staff/law/")
    with django_assert_max_num_queries(8):  # two are the test's own savepoint
        page = client.get("/staff/law/").content.decode()
    assert "P-1<" in page and "P-93<" in page and "signatures stand" in page
    assert len(page) < 100_000
    for who in ("mo", "bill", "ana", "ada"):
        with act(who) as actor, pytest.raises(NotThere):
            read_law(actor)
        assert browse(who).get("/staff/law/").status_code == 404
    with act("dee") as dee:
        assert any(line.fact for section in read_law(dee) for line in section.lines)
