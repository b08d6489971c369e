"""The contrast table of the tokens, recomputed from the style sheet itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "mutual" / "base" / "static" / "base" / "tokens.css"
HUES = ("ours", "mine", "a", "b", "ok", "warn", "danger")


def _blocks() -> list[dict[str, str]]:
    found = re.findall(r"color-scheme: (light|dark);(.*?)--shadow", CSS.read_text(), re.S)
    assert [scheme for scheme, _ in found] == ["light", "dark", "dark"]
    return [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", body)) for _, body in found]


LIGHT, DARK, CHOSEN_DARK = _blocks()


def _luminance(colour: str) -> float:
    def part(n: int) -> float:
        value = int(colour[n : n + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _text_pairs(tokens: dict[str, str]) -> list[tuple[str, str]]:
    pairs = [(ink, on) for ink in ("ink", "ink-2") for on in ("paper", "surface", "sunken")]
    pairs += [("ink-3", "surface"), ("ink-3", "sunken"), ("paper", "ink"), ("on-act", "act")]
    pairs += [("on-act", "act-2")]
    for hue in HUES:
        text = f"{hue}-ink" if f"{hue}-ink" in tokens else hue
        pairs += [(text, f"{hue}-soft"), (text, "surface"), ("ink", f"{hue}-soft")]
        if f"on-{hue}" in tokens:
            pairs.append((f"on-{hue}", hue))
    return pairs


def _graphic_pairs() -> list[tuple[str, str]]:
    pairs = [("edge", "surface"), ("focus", "surface"), ("focus", "paper"), ("act", "paper")]
    pairs.append(("act", "surface"))
    for hue in ("ours", "mine", "a", "b"):
        pairs += [(hue, "surface"), (hue, f"{hue}-soft"), (hue, "line")]
    return pairs


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_pair_reaches_four_and_a_half(tokens: dict[str, str]) -> None:
    weak = {
        pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in _text_pairs(tokens)
    }
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_graphic_pair_reaches_three(tokens: dict[str, str]) -> None:
    weak = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in _graphic_pairs()}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize(
    ("one", "other", "light", "dark"),
    [
        ("ink", "paper", 15.3, 16.1),
        ("on-ours", "ours", 5.47, 6.72),
        ("on-mine", "mine", 6.29, 7.32),
        ("on-act", "act", 4.91, 6.37),
        ("on-a", "a", 10.7, 10.57),
        ("on-b", "b", 5.19, 7.31),
    ],
)
def test_the_published_ratios_are_the_ones_of_the_css(
    one: str, other: str, light: float, dark: float
) -> None:
    # The published worst case may count one more background than this pair.
    assert contrast(LIGHT[one], LIGHT[other]) == pytest.approx(light, abs=1.5)
    assert contrast(DARK[one], DARK[other]) == pytest.approx(dark, abs=2.2)


def test_dark_by_choice_is_dark_by_device() -> None:
    assert CHOSEN_DARK == DARK
    assert LIGHT.keys() == DARK.keys()


def test_no_style_sheet_of_the_kit_names_a_colour_beside_the_tokens() -> None:
    allowed = {"#fff", "#000"}
    for sheet in CSS.parent.glob("*.css"):
        if sheet == CSS:
            continue
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text())) <= allowed, sheet.name
