"""Boxes of the kit: cards, panels, notices, dialogs."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from mutual.base import icons
from mutual.base.kit.library import register
from mutual.base.kit.words import button, kind_line

_NOTICE_ICONS = {"ok": "check", "warn": "triangle-alert", "danger": "circle-alert", "": "info"}


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
        mark_safe(' role="alert"') if tone == "danger" else "",  # nosec B308
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
