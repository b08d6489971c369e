"""Lists of the kit, what people give us, pictures of numbers, times."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.paginator import Page
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mutual.base import pictures, weekgrid, zones
from mutual.base.kit.library import register


@register.inclusion_tag("kit/table.html")
def table(
    heads: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    caption: str = "",
    numbers: str = "",
    filter_label: str = "",
) -> dict[str, Any]:
    """A table of plain cells. `numbers`: columns set right, "2 3". `filter_label` adds a filter."""
    right = {int(n) for n in str(numbers).split()}
    return {
        "heads": [(head, n + 1 in right) for n, head in enumerate(heads)],
        "rows": [[(cell, n + 1 in right) for n, cell in enumerate(row)] for row in rows],
        "caption": caption,
        "filter_label": filter_label,
        "id": f"t{uuid4().hex[:8]}",
    }


@register.inclusion_tag("kit/paging.html", takes_context=True)
def paging(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Earlier and later pages of a paginated list; the filters in the address stay."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None

    def href(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "earlier": href(page.previous_page_number()) if page.has_previous() else "",
        "later": href(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("kit/timeline.html")
def timeline(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Events newest first, grouped by their `day`; see the reference for the keys."""
    groups = itertools.groupby(events, key=lambda event: event.get("day", ""))
    return {"groups": [(day, list(items)) for day, items in groups]}


@register.inclusion_tag("kit/stepper.html")
def stepper(steps: Sequence[str], current: int = 1) -> dict[str, Any]:
    """Where somebody is in a few named steps; `current` counts from 1."""
    return {
        "steps": [
            (n, words, "past" if n < current else "present" if n == current else "")
            for n, words in enumerate(steps, 1)
        ]
    }


@register.inclusion_tag("kit/days.html")
def days(items: Sequence[tuple[str, bool, bool]]) -> dict[str, Any]:
    """Seven days: (word, done, today). Empty days look the same whatever the cause."""
    return {"items": items}


@register.inclusion_tag("kit/signature.html")
def signature(name: str = "signature", person: str = "", error: str = "") -> dict[str, Any]:
    """A signature by typed name, with a drawing beside it for those who want one."""
    return {"name": name, "person": person, "error": error}


@register.inclusion_tag("kit/drop.html")
def file_drop(
    name: str, title: str, hint: str = "", accept: str = "image/*,application/pdf", error: str = ""
) -> dict[str, Any]:
    """A file input that also takes a dropped file."""
    return {"name": name, "title": title, "hint": hint, "accept": accept, "error": error}


register.inclusion_tag("kit/ring.html", name="hours_ring")(pictures.hours_ring)
register.inclusion_tag("kit/hours_bar.html", name="hours_bar")(pictures.hours_bar)
register.inclusion_tag("kit/benefit.html", name="benefit_bar")(pictures.benefit)
register.inclusion_tag("kit/progress.html", name="progress")(pictures.progress)
register.inclusion_tag("kit/segments.html", name="segments")(pictures.segments)
register.inclusion_tag("kit/steps.html", name="steps")(pictures.steps)
register.inclusion_tag("kit/chart.html", name="chart")(pictures.chart)
register.inclusion_tag("kit/spark.html", name="spark")(pictures.spark)


@register.inclusion_tag("kit/week.html")
def week_grid(
    first: date,
    blocks: Iterable[weekgrid.Block | Mapping[str, Any]],
    a: str = "",
    b: str = "",
    days: int = 7,
    today: date | None = None,
    zone: str = "",
    second_zone: str = "",
    second_offset: int | None = None,
    zone_note: str = "",
    second_note: str = "",
    lane: str = "",
    move: bool = False,
) -> dict[str, Any]:
    """Days beside each other with two lanes, or with `lane` one partner's own week.

    With `move` planned blocks are dragged, or carried by keys, and open with `?to=` the new time.
    """
    grid = weekgrid.lay_out(
        first, blocks, days=days, today=today, second_offset=second_offset if second_zone else None
    )
    return {
        "grid": grid,
        "a": a,
        "b": b,
        "days": days,
        "lane": lane,
        "move": move,
        "first": first,
        "zone": zone,
        "zone_note": zone_note,
        "second_zone": second_zone,
        "second_note": second_note,
    }


@register.inclusion_tag("kit/legend.html")
def week_legend(a: str = "", b: str = "") -> dict[str, Any]:
    """What colours and patterns of the week grid mean."""
    return {"a": a, "b": b}


def _zone_of(context: Context, zone: str) -> str:
    return zone or str(context.get("reader_zone") or "UTC")


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime, zone: str = "") -> SafeString:
    """`{% when session.start %}`: 6:00 pm CST in the reader's zone, or in the named one."""
    name = _zone_of(context, zone)
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(), zones.when(moment, name)
    )


@register.simple_tag(takes_context=True)
def when_span(context: Context, start: datetime, end: datetime, zone: str = "") -> SafeString:
    """`{% when_span s.start s.end %}`: 6:00 – 7:00 pm CST."""
    name = _zone_of(context, zone)
    return format_html(
        '<time datetime="{}">{}</time>', start.isoformat(), zones.span(start, end, name)
    )


@register.simple_tag(takes_context=True)
def when_day(context: Context, moment: datetime | date, zone: str = "") -> SafeString:
    """`{% when_day session.start %}`: Thu 15 Jan on the reader's calendar."""
    words = zones.day(moment, _zone_of(context, zone))
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


@register.filter
def money(amount: Decimal) -> str:
    """`{{ claim.total|money }}`: $2,250.00."""
    return f"${amount:,.2f}"


@register.filter
def hours(minutes: int) -> str:
    """`{{ 520|hours }}`: 8 h 40."""
    return zones.duration(minutes)


@register.filter
def clock(minute: int) -> str:
    """`{{ 1080|clock }}`: 6:00 pm, from a minute of the day."""
    return zones.minute_of_day(minute)


@register.filter
def initial(name: str) -> str:
    """First letter, for a disc."""
    return str(name)[:1].upper()
