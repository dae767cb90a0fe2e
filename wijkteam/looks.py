"""The look of the pages: its colours by name, which design tokens give them, and whether they can be read.

A look is read from a style sheet of custom properties: our own (`--wijkteam-ink`) and those of NL Design System
(`--utrecht-document-color`). Declarations within `@media (prefers-color-scheme: dark)` are for dark screens. What
a municipality leaves out is as in the look that comes along; a colour that it gives for light screens only is made
lighter for dark ones until it can be read there. Contrast is as WCAG 2.2 counts it (1.4.3, 1.4.11).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tinycss2
from tinycss2 import color4

from wijkteam.storage.settings import WrongSettings

SHIPPED = Path(__file__).parent / "web" / "static" / "look.css"
OWN = "--wijkteam-"
LARGEST_FILE = 2_000_000
DEEPEST = 20
"""So many tokens may stand for one another in a row; more is a ring."""

GIVEN_BY = {
    "ink": ("--utrecht-document-color", "--utrecht-body-color"),
    "ink-soft": ("--utrecht-form-field-description-color",),
    "card": ("--utrecht-document-background-color", "--utrecht-body-background-color"),
    "field": ("--utrecht-textbox-background-color", "--utrecht-form-control-background-color"),
    "line": ("--utrecht-separator-color",),
    "line-strong": ("--utrecht-textbox-border-color", "--utrecht-form-control-border-color"),
    "accent": ("--utrecht-link-color",),
    "button": ("--utrecht-button-primary-action-background-color",),
    "button-over": ("--utrecht-button-primary-action-hover-background-color",),
    "on-button": ("--utrecht-button-primary-action-color",),
    "top": ("--utrecht-page-header-background-color",),
    "on-top": ("--utrecht-page-header-color",),
    "late": ("--utrecht-form-field-error-message-color",),
    "calm-ground": ("--utrecht-alert-info-background-color",),
    "calm-ink": ("--utrecht-alert-info-color",),
    "hot-ground": ("--utrecht-alert-error-background-color",),
    "hot-ink": ("--utrecht-alert-error-color",),
    "warm-ground": ("--utrecht-alert-warning-background-color",),
    "warm-ink": ("--utrecht-alert-warning-color",),
    "font": ("--utrecht-document-font-family",),
}
"""Which token of NL Design System gives a colour of ours, where our own property does not stand beside it."""

TEXT, SHAPE = 4.5, 3.0
PAIRS = (
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft", "accent", "late") for ground in ("card", "paper", "quiet")),
    *(("ink", ground, TEXT) for ground in ("field", "good-ground", "calm-ground", "warm-ground")),
    *(("ink", f"heat-{step}", TEXT) for step in range(1, 5)),
    ("good", "card", TEXT),
    ("on-button", "button", TEXT),
    ("on-button", "button-over", TEXT),
    ("on-top", "top", TEXT),
    ("calm-ink", "calm-ground", TEXT),
    ("hot-ink", "hot-ground", TEXT),
    ("warm-ink", "warm-ground", TEXT),
    ("line-strong", "card", SHAPE),
    ("line-strong", "field", SHAPE),
    ("focus", "focus-halo", SHAPE),
)
"""What stands on what, and the least contrast between the two."""

Colours = Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """Every colour by name, on light screens and on dark ones; and all tokens that the file itself gave."""

    light: Colours
    dark: Colours
    tokens: Mapping[str, str]


@dataclass(frozen=True)
class TooLittle:
    """Two colours that stand on one another and differ too little to be read."""

    screen: str
    ink: str
    ground: str
    contrast: float
    least: float

    def __str__(self) -> str:
        """One line, with the names to change."""
        return (
            f"on {self.screen} screens {OWN}{self.ink} on {OWN}{self.ground} has a contrast of {self.contrast:.2f}, "
            f"and WCAG 2.2 AA asks {self.least:g}"
        )


def read_look(theme: Path | None) -> Look:
    """The look in force: what comes along, and over it what the municipality's file says. Raises WrongSettings."""
    shipped = _shipped()
    if theme is None:
        return shipped
    light, dark = _tokens(_text(theme))
    if not light and not dark:
        raise WrongSettings(f"WIJKTEAM_THEME: {theme} holds no custom property such as {OWN}accent: #0b5a7d")
    own_light, own_dark = _roles(theme, light), _roles(theme, {**light, **dark})
    on_light = {**shipped.light, **own_light}
    said_for_dark = {role: value for role, value in own_dark.items() if own_light.get(role) != value}
    on_dark = {**shipped.dark, **_made_for_dark(shipped.dark, own_light, said_for_dark)}
    return Look(on_light, on_dark, light)


def too_little_contrast(look: Look) -> Iterator[TooLittle]:
    """All that cannot be read well enough, on light and on dark screens."""
    for screen, colours in (("light", look.light), ("dark", look.dark)):
        for ink, ground, least in PAIRS:
            found = contrast(colours[ink], colours[ground])
            if found < least:
                yield TooLittle(screen, ink, ground, found, least)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@cache
def _shipped() -> Look:
    light, dark = _tokens(_text(SHIPPED))
    return Look(_roles(SHIPPED, light), _roles(SHIPPED, {**light, **dark}), light)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise WrongSettings(f"WIJKTEAM_THEME: {path} is larger than {LARGEST_FILE // 1_000_000} MB")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"WIJKTEAM_THEME: {path} cannot be read: {error}") from error


def _tokens(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The custom properties of a style sheet, whatever rule they stand in: for all screens, and for dark ones."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            light |= _declared(rule.content)
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            asked = re.sub(r"\s", "", tinycss2.serialize(rule.prelude).lower())
            if "prefers-color-scheme:dark" in asked:
                for inner in tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True):
                    if inner.type == "qualified-rule":
                        dark |= _declared(inner.content)
    return light, dark


def _declared(content: list[Any]) -> dict[str, str]:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return {
        each.name: tinycss2.serialize([part for part in each.value if part.type != "comment"]).strip()
        for each in found
        if each.type == "declaration" and each.name.startswith("--")
    }


def _roles(path: Path, tokens: Mapping[str, str]) -> dict[str, str]:
    """The colours of ours that these tokens give, as #rrggbb. Raises WrongSettings for what is no colour."""
    names = {each.removeprefix(OWN) for each in tokens if each.startswith(OWN)}
    unknown = names - KNOWN if path != SHIPPED else set()
    if unknown:
        raise WrongSettings(f"WIJKTEAM_THEME: {path} names {OWN}{min(unknown)}, and there is no such colour")
    found = {}
    for role in names | set(GIVEN_BY):
        given = next((each for each in (OWN + role, *GIVEN_BY.get(role, ())) if each in tokens), None)
        if given is None:
            continue
        value = _resolved(tokens[given], tokens)
        if role == "font":
            if value and FONTS.fullmatch(value):
                found[role] = value
            elif given.startswith(OWN):
                raise WrongSettings(f"WIJKTEAM_THEME: {path}: {given} is no list of typefaces")
            continue
        colour = _as_hex(value) if value is not None else None
        if colour is not None:
            found[role] = colour
        elif given.startswith(OWN):
            raise WrongSettings(f"WIJKTEAM_THEME: {path}: {given} is no full colour, such as #0b5a7d")
    return found


FONTS = re.compile(r"""[\w\s,"'-]{1,300}""")
REFERENCE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")


def _resolved(value: str, tokens: Mapping[str, str]) -> str | None:
    """A value with what it refers to in its place; None when that is not there, or goes round."""
    for _ in range(DEEPEST):
        found = REFERENCE.search(value)
        if found is None:
            return value.strip()
        stands_for = tokens.get(found[1], found[2])
        if stands_for is None:
            return None
        value = value[: found.start()] + stands_for + value[found.end() :]
    return None


def _as_hex(value: str) -> str | None:
    """A colour as #rrggbb; None for what is none, or can be seen through."""
    parsed = color4.parse_color(value)
    if parsed is None or parsed == "currentcolor" or parsed.alpha != 1:
        return None
    parts = [min(max(each, 0), 1) for each in parsed.to("srgb").coordinates]
    return "#" + "".join(f"{round(each * 255):02x}" for each in parts)


def _luminance(colour: str) -> float:
    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour[1:3]) + 0.7152 * linear(colour[3:5]) + 0.0722 * linear(colour[5:7])


def _made_for_dark(shipped: Colours, light: Colours, said: Colours) -> dict[str, str]:
    """What a municipality says for dark screens; what it says for light ones only, made to be read on dark ones.

    Grounds stay as they come along, so that nothing white is left in the dark. The top of the page keeps its colour.
    """
    made = dict(said)
    ground = said.get("card", shipped["card"])
    for role in ("accent", "late"):
        if role in light and role not in said:
            made[role] = _lighter_until(light[role], ground)
    if "button" in light and "button" not in said:
        made["button"] = _lighter_until(light["button"], ground)
        made["button-over"] = _mixed(made["button"], "#ffffff", 0.3)
        made["on-button"] = max(("#0b1a24", "#ffffff"), key=lambda ink: contrast(ink, made["button"]))
    if "top" in light and "top" not in said and _luminance(light["top"]) < 0.2:
        made["top"] = light["top"]
        made["on-top"] = light.get("on-top", shipped["on-top"])
    if "font" in light:
        made["font"] = said.get("font", light["font"])
    return made


def _lighter_until(colour: str, ground: str) -> str:
    """The colour, mixed with so much white that it stands out as text from a dark ground, and from one less dark."""
    for step in range(21):
        made = _mixed(colour, "#ffffff", step / 20)
        if contrast(made, ground) >= TEXT + 1.5:
            return made
    return "#ffffff"


def _mixed(one: str, other: str, share: float) -> str:
    parts = (round(int(one[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share) for at in (1, 3, 5))
    return "#" + "".join(f"{each:02x}" for each in parts)


KNOWN = frozenset(name.removeprefix(OWN) for name in _tokens(_text(SHIPPED))[0])
