"""Words and signs of the kit: icons, buttons, who reads it, chips, people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms.utils import flatatt
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext

from mutual.base import icons
from mutual.base.kit.library import attributes as _attributes
from mutual.base.kit.library import register

_CHIP_ICONS = {"ok": "check", "warn": "circle-alert", "danger": "triangle-alert"}
_CHIP_MARKS = {"ours": "together", "mine": "lock"}


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


@register.simple_tag
def back(href: str, words: str) -> SafeString:
    """`{% back "/me/" _("Me") %}`: the way back, in the page head before the heading."""
    return format_html(
        '<a class="back" href="{}">{}<span>{}</span></a>', href, icons.icon("arrow-left", 20), words
    )


@register.inclusion_tag("kit/exit.html", takes_context=True)
def exit_button(context: Context) -> dict[str, Any]:
    """Quick exit: a link without script, at once with it (P-66). In every partner shell."""
    return {"nav": context.get("nav", {})}


@register.simple_tag
def privacy(
    kind: str, readers: Iterable[str] | str = (), note: str = "", head: str = ""
) -> SafeString:
    """Who can read what is typed here, before it is sent. `kind`: mine or ours.

    `head`: the first words, about the partner, where the reader is not one of the two.
    """
    names = [readers] if isinstance(readers, str) else [str(name) for name in readers]
    names = [name for name in names if name]
    head = head or (gettext("Ours.") if kind == "ours" else gettext("Not my partner."))
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
    current = mark_safe(' aria-current="true"') if on else ""  # nosec B308
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
