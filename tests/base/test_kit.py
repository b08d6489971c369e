"""The kit's pure parts: geometry, week layout, words for times, tags."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Engine
from django.utils.translation import override

from mutual.base import icons, nav, pictures, weekgrid, zones
from mutual.base.forms import Renderer

ROOT = Path(__file__).parents[2] / "mutual"
ENGINE = Engine(
    dirs=[str(ROOT / "base" / "templates")],
    builtins=[
        "django.templatetags.i18n",
        "django.templatetags.static",
        "mutual.base.templatetags.kit",
    ],
)
MOMENT = datetime(2026, 1, 16, 0, 0, tzinfo=UTC)


def draw(text: str, **context: object) -> str:
    """A template's words."""
    return ENGINE.from_string(text).render(Context(context))


def test_a_time_names_its_zone_and_follows_the_readers() -> None:
    assert zones.when(MOMENT, "America/Chicago") == "6:00 pm CST"
    assert zones.when(MOMENT, "America/Los_Angeles") == "4:00 pm PST"
    assert ">6:00 pm CST<" in draw("{% when m %}", m=MOMENT, reader_zone="America/Chicago")
    assert ">5:00 pm MST<" in draw('{% when m "America/Denver" %}', m=MOMENT)


def test_a_span_says_am_and_pm_once_when_they_agree() -> None:
    later = datetime(2026, 1, 16, 1, 0, tzinfo=UTC)
    assert zones.span(MOMENT, later, "America/Chicago") == "6:00 – 7:00 pm CST"
    assert zones.span(MOMENT, later, "Asia/Tokyo") == "9:00 – 10:00 am JST"
    noon = datetime(2026, 1, 15, 18, 30, tzinfo=UTC)
    early = datetime(2026, 1, 15, 17, 30, tzinfo=UTC)
    assert zones.span(early, noon, "America/Chicago") == "11:30 am – 12:30 pm CST"


def test_an_unknown_zone_falls_back_to_utc_and_says_so() -> None:
    assert zones.when(MOMENT, "Nowhere/Land") == "12:00 am UTC"


@pytest.mark.parametrize(
    ("minutes", "words"), [(520, "8 h 40"), (540, "9 h"), (40, "40 min"), (0, "0 min")]
)
def test_minutes_become_hours_in_words(minutes: int, words: str) -> None:
    assert zones.duration(minutes) == words


def _block(**change: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "day": 0,
        "start": 1020,
        "minutes": 90,
        "lane": "a",
        "kind": "apart",
        "status": "planned",
        "label": "Group",
    }
    return plain | change


def test_a_block_stands_at_its_minute_and_spans_its_length() -> None:
    grid = weekgrid.lay_out(date(2026, 1, 12), [_block(start=1035)])
    assert [tick.words for tick in grid.ticks] == ["5 pm", "6 pm"]
    assert grid.days[0].blocks[0].classes.startswith("r-4 s-18 lane-a")


def test_empty_hours_fold_and_later_blocks_move_up() -> None:
    grid = weekgrid.lay_out(date(2026, 1, 12), [_block(start=600, minutes=60), _block()])
    assert [fold.words for fold in grid.folds] == ["11 am to 5 pm: nothing planned"]
    later = grid.days[0].blocks[1].classes.split()[0]
    assert later == f"r-{1 + weekgrid.HOUR + weekgrid.FOLD}"


def test_one_empty_hour_does_not_fold() -> None:
    grid = weekgrid.lay_out(
        date(2026, 1, 12), [_block(start=600, minutes=60), _block(start=720, minutes=60)]
    )
    assert grid.folds == []
    assert len(grid.ticks) == 3


def test_the_second_zone_stands_beside_each_hour() -> None:
    grid = weekgrid.lay_out(date(2026, 1, 12), [_block()], second_offset=-120)
    assert grid.ticks[0].other == "3 pm"


def test_a_block_past_midnight_ends_with_its_day() -> None:
    grid = weekgrid.lay_out(date(2026, 1, 12), [_block(start=1380, minutes=120)])
    assert "s-12 " in grid.days[0].blocks[0].classes


@pytest.mark.parametrize(
    "change", [{"lane": "c"}, {"kind": "x"}, {"status": "x"}, {"minutes": 0}, {"start": 1440}]
)
def test_a_wrong_block_is_refused_with_words(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"none of|needs"):
        weekgrid.lay_out(date(2026, 1, 12), [_block(**change)])


def test_the_grid_sheet_on_disk_is_the_one_the_layout_needs() -> None:
    sheet = ROOT / "base" / "static" / "base" / "grid.css"
    assert sheet.read_text() == weekgrid.stylesheet()


def test_a_ring_never_goes_beyond_its_goal() -> None:
    assert pictures.hours_ring(900, 540)["filled"] == pictures.hours_ring(540, 540)["filled"]
    assert pictures.hours_ring(0, 540)["empty"]


def test_a_missing_score_is_a_gap_and_the_table_says_none() -> None:
    one = {"name": "Ana", "side": "a", "values": [3, None, 5]}
    drawn = pictures.chart([one], ["1", "2", "3"], low=0, high=10)
    assert drawn["lines"][0]["path"].count("M") == 2
    html = draw('{% chart series moments title="Score" %}', series=[one], moments=["1", "2", "3"])
    assert "none" in html
    assert html.count("<tr>") == 4


def test_two_lines_ending_together_keep_their_names_apart() -> None:
    series = [
        {"name": "Ana", "side": "a", "values": [80, 80]},
        {"name": "Ben", "side": "b", "values": [80, 80]},
    ]
    ends = [line["end"] for line in pictures.chart(series, ["1", "2"])["lines"]]
    assert abs(float(ends[0]["word_y"]) - float(ends[1]["word_y"])) >= 14


def test_numbers_in_drawings_are_not_localized() -> None:
    with override("es"):
        html = draw("{% hours_ring 321 540 %}")
    assert 'stroke-dasharray="' in html
    assert "," not in html.split('stroke-dasharray="')[1].split('"')[0]


@pytest.mark.rule("P-66")
def test_quick_exit_is_a_labelled_link_without_referrer() -> None:
    html = draw("{% exit_button %}", nav={"exit": "/exit/", "lock": "/lock/", "harmless": "x"})
    assert html.startswith('<a class="btn exit" href="/exit/"')
    assert "noreferrer" in html
    assert ">Exit<" in html


def test_readers_are_named_and_escaped() -> None:
    html = draw('{% privacy "mine" r %}', r=["Mo, your counselor", "<b>team"])
    assert "Not my partner." in html
    assert "Read by Mo, your counselor and &lt;b&gt;team." in html


@pytest.mark.parametrize(
    "tag",
    [
        "{% chip x 'ok' %}",
        "{% person x 'a' detail=x href=x %}",
        "{% couple x x %}",
        "{% button x icon='video' href=x data_a=x %}",
        "{% card title=x %}{% endcard %}",
        "{% panel title=x note=x %}{% endpanel %}",
        "{% notice x title=x %}",
        "{% empty x detail=x action=x href=x %}",
        "{% go_card x x 'mine' x %}",
        "{% dialog id='d' title=x %}{% enddialog %}",
        "{% table h r %}",
    ],
)
def test_no_component_lets_markup_through(tag: str) -> None:
    bad = "<script>\"'"
    assert "<script" not in draw(tag, x=bad, h=[bad], r=[[bad]])


def test_a_disabled_link_is_a_button_that_cannot_be_pressed() -> None:
    html = draw("{% button 'Opens at 5:45' 'act' href='/room/' disabled=True %}")
    assert html.startswith("<button")
    assert "disabled" in html
    assert "/room/" not in html


def test_a_field_ties_hint_and_error_to_its_box_and_keeps_the_text() -> None:
    class Form(forms.Form):
        name = forms.CharField(help_text="As on your card.", max_length=3)

    html = Form({"name": "Anabel"}, renderer=Renderer()).render()
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'value="Anabel"' in html
    assert 'aria-invalid="true"' in html


def test_choices_are_a_fieldset_with_the_question_as_legend() -> None:
    class Form(forms.Form):
        wish = forms.ChoiceField(choices=[("0", "No")], widget=forms.RadioSelect, label="Wish?")

    html = Form(renderer=Renderer()).render()
    assert "<legend>Wish?" in html
    assert 'type="radio"' in html


def test_every_icon_named_in_a_menu_exists() -> None:
    for item in (*nav.PARTNER, *nav.STAFF):
        assert "<svg" in icons.icon(item.icon)


def test_the_rail_shows_what_each_role_opens() -> None:
    from mutual.people.roles import ROLES

    for role in ROLES.values():
        shown = {item.key for item in nav.staff_items([role.key])} - {"today"}
        assert shown == set(role.rail), role.key


def test_no_template_carries_a_style_or_an_inline_script() -> None:
    for page in ROOT.glob("*/templates/**/*.html"):
        text = page.read_text()
        assert " style=" not in text, page.name
        assert " onclick=" not in text, page.name
        assert "<script>" not in text, page.name
