"""The interface kit: every component once, as template tags loaded in every template.

docs/reference/kit.md shows each with its arguments; `/styleguide` shows each in its states.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.core.paginator import Page
from django.forms.utils import flatatt
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext

from mutual.base import icons, pictures, weekgrid, zones

register = template.Library()

_CHIP_ICONS = {"ok": "check", "warn": "circle-alert", "danger": "triangle-alert"}
_CHIP_MARKS = {"ours": "together", "mine": "lock"}
_NOTICE_ICONS = {"ok": "check", "warn": "triangle-alert", "danger": "circle-alert", "": "info"}


def _attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """`data_opens` becomes `data-opens`; a value that is None or False leaves the attribute out."""
    return {
        name.rstrip("_").replace("_", "-"): value
        for name, value in given.items()
        if value is not None and value is not False
    }


# Icons, marks ------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "video" %}`: decoration; its word stands beside it."""
    return icons.icon(str(name), int(size))


@register.simple_tag
def mark(kind: str, size: int = 18) -> SafeString:
    """`{% mark "together" %}`: together, side, apart, lock; always with its word."""
    return icons.mark(str(kind), int(size))


@register.simple_tag
def keycap(key: str) -> SafeString:
    """`{% keycap "n" %}`: a key to press."""
    return format_html("<kbd>{}</kbd>", key)


# Buttons, links ----------------------------------------------------------------------------


@register.simple_tag
def button(
    words: str,
    kind: str = "second",
    icon: str = "",
    after: str = "",
    href: str = "",
    type: str = "submit",  # noqa: A002
    key: str = "",
    wide: bool = False,
    busy: bool = False,
    disabled: bool = False,
    **attributes: Any,
) -> SafeString:
    """A button, or with `href` a link that looks like one. `kind`: act, second, plain, danger."""
    size = 20 if kind == "act" else 17
    given = _attributes(attributes)
    extra = str(given.pop("class", ""))
    classes = " ".join(
        name
        for name in ("btn", "" if kind == "second" else kind, "wide" if wide else "", extra)
        if name
    )
    inside = format_html(
        "{}<span>{}</span>{}{}",
        icons.icon("loader-circle" if busy else icon, size) if icon or busy else "",
        words,
        icons.icon(after, size) if after else "",
        keycap(key) if key else "",
    )
    if key:
        given["data-key"] = key
    if busy:
        given["aria-busy"] = "true"
    if href and not disabled:
        return format_html(
            '<a class="{}" href="{}"{}>{}</a>', classes, href, flatatt(given), inside
        )
    if disabled:
        given["disabled"] = True
    return format_html(
        '<button class="{}" type="{}"{}>{}</button>', classes, type, flatatt(given), inside
    )


@register.inclusion_tag("kit/exit.html", takes_context=True)
def exit_button(context: Context) -> dict[str, Any]:
    """Quick exit: a link without script, at once with it (P-66). In every partner shell."""
    return {"nav": context.get("nav", {}), "csrf_token": context.get("csrf_token", "")}


# Who reads it ------------------------------------------------------------------------------


@register.simple_tag
def privacy(kind: str, readers: Iterable[str] | str = (), note: str = "") -> SafeString:
    """Who can read what is typed here, before it is sent. `kind`: mine or ours."""
    names = [readers] if isinstance(readers, str) else [str(name) for name in readers]
    names = [name for name in names if name]
    head = gettext("Ours.") if kind == "ours" else gettext("Not my partner.")
    body = ""
    if names:
        body = gettext("Read by %(readers)s.") % {"readers": get_text_list(names, gettext("and"))}
    elif kind != "ours":
        body = gettext("Nobody else reads it.")
    return format_html(
        '<p class="readers {}">{}<span><strong>{}</strong> {}{}</span></p>',
        kind,
        icons.mark("together" if kind == "ours" else "lock", 20),
        head,
        body,
        f" {note}" if note else "",
    )


@register.simple_tag
def kind_line(kind: str, words: str = "") -> SafeString:
    """The small line over a card's title: together, side, apart, ours, mine."""
    look = {"together": "ours", "ours": "ours", "mine": "mine"}.get(kind, "")
    sign = {"ours": "together", "mine": "lock"}.get(kind, kind)
    said = words or {
        "together": gettext("Together"),
        "ours": gettext("Ours"),
        "side": gettext("Side by side"),
        "apart": gettext("Apart"),
        "mine": gettext("Not my partner"),
    }.get(kind, "")
    return format_html(
        '<span class="kind {}">{}<span>{}</span></span>', look, icons.mark(sign, 16), said
    )


# Chips -------------------------------------------------------------------------------------


@register.simple_tag
def chip(words: str, tone: str = "", icon: str = "") -> SafeString:
    """A state in a word. `tone`: ok, warn, danger, ours, mine, a, b, outline or nothing.

    `icon="none"` leaves out the icon or mark of the tone.
    """
    sign: SafeString | str = ""
    if icon == "none":
        pass
    elif icon:
        sign = icons.icon(icon, 14)
    elif tone in _CHIP_MARKS:
        sign = icons.mark(_CHIP_MARKS[tone], 14)
    elif tone in _CHIP_ICONS:
        sign = icons.icon(_CHIP_ICONS[tone], 14)
    return format_html('<span class="chip {}">{}<span>{}</span></span>', tone, sign, words)


@register.simple_tag
def filter_chip(words: str, href: str, on: bool = False) -> SafeString:
    """A link that narrows a list; `on` for the one in force."""
    current = mark_safe(' aria-current="true"') if on else ""
    return format_html('<a class="chip filter" href="{}"{}>{}</a>', href, current, words)


def _disc(name: str, side: str = "", size: str = "") -> SafeString:
    return format_html(
        '<span class="disc {} {}" aria-hidden="true">{}</span>', side, size, name[:1].upper()
    )


@register.simple_tag
def disc(name: str, side: str = "", size: str = "") -> SafeString:
    """The round letter of a person; `size` small or large. The name stands beside it."""
    return _disc(str(name), side, size)


@register.simple_tag
def person(
    name: str, side: str = "", detail: str = "", href: str = "", size: str = ""
) -> SafeString:
    """A person: letter in the partner's hue (`side` a or b), name, detail (pronouns, zone)."""
    inside = format_html(
        "{}<span>{}{}</span>",
        _disc(str(name), side, size),
        name,
        format_html(' <span class="detail">{}</span>', detail) if detail else "",
    )
    if href:
        return format_html('<a class="person" href="{}">{}</a>', href, inside)
    return format_html('<span class="person">{}</span>', inside)


@register.simple_tag
def couple(a: str, b: str, href: str = "", detail: str = "", size: str = "") -> SafeString:
    """Both partners, A before B always."""
    inside = format_html(
        '<span class="discs">{}{}</span><span>{}{}</span>',
        _disc(str(a), "a", size),
        _disc(str(b), "b", size),
        gettext("%(a)s and %(b)s") % {"a": a, "b": b},
        format_html(' <span class="detail">{}</span>', detail) if detail else "",
    )
    if href:
        return format_html('<a class="couple" href="{}">{}</a>', href, inside)
    return format_html('<span class="couple">{}</span>', inside)


# Boxes -------------------------------------------------------------------------------------


@register.simple_block_tag
def card(content: str, kind: str = "", title: str = "", id: str = "") -> SafeString:  # noqa: A002
    """`{% card "ours" title="…" %}…{% endcard %}`: kind ours, mine, a, b, quiet or none."""
    anchor = format_html(' id="{}"', id) if id else ""
    head = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<section class="card {}"{}>{}{}</section>', kind, anchor, head, content)


@register.simple_block_tag
def panel(
    content: str, title: str, count: int | str = "", note: str = "", link: str = "", href: str = ""
) -> SafeString:
    """A staff panel with its head: title, count, note and one link."""
    return format_html(
        '<section class="panel"><div class="panel-head"><h2>{}</h2>{}{}{}</div>{}</section>',
        title,
        format_html('<span class="chip">{}</span>', count) if count != "" else "",
        format_html('<span class="label">{}</span>', note) if note else "",
        format_html('<a class="link label push" href="{}">{}</a>', href, link) if href else "",
        content,
    )


@register.simple_tag
def go_card(title: str, href: str, kind: str = "", detail: str = "") -> SafeString:
    """A whole card that is a link: kind ours or mine gives edge, mark and colour of `detail`."""
    line = kind_line(kind, detail) if kind else format_html('<span class="label">{}</span>', detail)
    return format_html(
        '<a class="card go {}" href="{}"><span class="go-text"><span class="go-title">{}</span>'
        "{}</span>{}</a>",
        kind,
        href,
        title,
        line if detail or kind else "",
        icons.icon("chevron-right", 22),
    )


@register.inclusion_tag("kit/crisis.html")
def crisis_card(plan_href: str = "", detail: bool = False) -> dict[str, Any]:
    """Need someone now? The same card for everyone, always."""
    return {"plan_href": plan_href, "detail": detail}


@register.simple_tag
def empty(
    title: str, detail: str = "", icon: str = "moon", action: str = "", href: str = ""
) -> SafeString:
    """Nothing here: one kind sentence, the next date, at most one action."""
    return format_html(
        '<div class="empty">{}<p class="empty-title">{}</p>{}{}</div>',
        icons.icon(icon, 28),
        title,
        format_html('<p class="second">{}</p>', detail) if detail else "",
        button(action, href=href) if href else "",
    )


@register.simple_tag
def notice(words: str, tone: str = "", title: str = "", icon: str = "", id: str = "") -> SafeString:  # noqa: A002
    """A banner in the page: tone ok, warn, danger or none. Danger is announced at once."""
    return format_html(
        '<div class="notice {}"{}{}>{}<p>{}{}</p></div>',
        tone,
        mark_safe(' role="alert"') if tone == "danger" else "",
        format_html(' id="{}"', id) if id else "",
        icons.icon(icon or _NOTICE_ICONS.get(tone, "info"), 20),
        format_html("<strong>{}</strong> ", title) if title else "",
        words,
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, kind: str = "") -> SafeString:  # noqa: A002
    """`{% dialog id="stop" title="…" %}…{% enddialog %}`, opened by `data-opens="stop"`."""
    return format_html(
        '<dialog class="dialog {kind}" id="{id}" aria-labelledby="{id}-title">'
        '<div class="dialog-head"><h2 id="{id}-title" tabindex="-1">{title}</h2>'
        '<form method="dialog"><button class="btn plain" type="submit">{x}'
        "<span>{close}</span></button></form></div>{content}</dialog>",
        kind=kind,
        id=id,
        title=title,
        x=icons.icon("x", 17),
        close=gettext("Close"),
        content=content,
    )


@register.simple_block_tag
def drawer(content: str, id: str, title: str) -> SafeString:  # noqa: A002
    """A dialog that stands at the end side."""
    return dialog(content, id=id, title=title, kind="drawer")


# Lists -------------------------------------------------------------------------------------


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


# Giving us things --------------------------------------------------------------------------


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


# Pictures ----------------------------------------------------------------------------------

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
) -> dict[str, Any]:
    """Days beside each other with two lanes, or with `lane` one partner's own week."""
    grid = weekgrid.lay_out(
        first, blocks, days=days, today=today, second_offset=second_offset if second_zone else None
    )
    return {
        "grid": grid,
        "a": a,
        "b": b,
        "days": days,
        "lane": lane,
        "zone": zone,
        "zone_note": zone_note,
        "second_zone": second_zone,
        "second_note": second_note,
    }


@register.inclusion_tag("kit/legend.html")
def week_legend(a: str = "", b: str = "") -> dict[str, Any]:
    """What colours and patterns of the week grid mean."""
    return {"a": a, "b": b}


# Time --------------------------------------------------------------------------------------


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
