"""The colours of the console: ours of every day, ours for eyes that tell few colours apart, and all of the toolkit's.

Promises: in every theme what is painted for a state (`INKS`) can be read on every ground it is painted on, `LEAST` to one;
where a theme's own colour cannot, it goes towards black or white until it can. A terminal with 16 colours, or with none
wanted, gets its own colours. Refuses: telling a state by its colour alone; a sign or a word stands beside each.
"""

from collections.abc import Mapping

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

LEAST = 4.5
"""Contrast of text to its ground, as WCAG 2.2 asks of text (1.4.3)."""
INKS = ("text-primary", "text-secondary", "text-success", "text-warning", "text-error")
GROUNDS = ("background", "surface", "panel")
PLAIN = {True: "ansi-dark", False: "ansi-light"}
"""By whether it is dark: what keeps to the terminal's own colours."""

THEME = Theme(
    name="agentdesk",
    primary="#6ea8d8",
    secondary="#8a9bb0",
    accent="#d8a657",
    foreground="#d6d9de",
    background="#14171b",
    surface="#1b1f25",
    panel="#232931",
    success="#8fbf7f",
    warning="#d8a657",
    error="#e2777a",
    dark=True,
    variables={
        "block-cursor-background": "#2f4f6f",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#262d36",
        "block-cursor-blurred-foreground": "#d6d9de",
    },
)
# The palette of Okabe and Ito (Color Universal Design, 2008): blue, yellow, green, vermilion and purple that nobody confuses;
# the grounds are dark enough for each of them, blue and purple a little lighter than theirs as letters.
CLEAR = Theme(
    name="agentdesk-clear",
    primary="#56b4e9",
    secondary="#cc79a7",
    accent="#e69f00",
    foreground="#e8e8e8",
    background="#0f1114",
    surface="#15181c",
    panel="#1b1f24",
    success="#009e73",
    warning="#f0e442",
    error="#d55e00",
    dark=True,
    variables={
        "text-primary": "#9ad2f2",
        "text-secondary": "#d98cb8",
        "text-success": "#009e73",
        "text-warning": "#f0e442",
        "text-error": "#e8680a",
        "block-cursor-background": "#0072b2",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#2a3038",
        "block-cursor-blurred-foreground": "#e8e8e8",
    },
)
THEMES = (THEME, CLEAR, *(BUILTIN_THEMES[name] for name in sorted(BUILTIN_THEMES)))
BY_NAME: Mapping[str, Theme] = {each.name: each for each in THEMES}


def chosen(wanted: str, *, plain: bool) -> str:
    """The theme that is used: the one wanted, ours where there is none of that name; `plain` keeps to the terminal's own
    colours."""
    theme = BY_NAME.get(wanted, THEME)
    return PLAIN[theme.dark] if plain and not theme.ansi else theme.name


def legible(variables: Mapping[str, str]) -> dict[str, str]:
    """A theme's variables with every ink readable; and `late-ink` on `late-ground`, what is painted for what is late."""
    found = dict(variables)
    try:
        grounds = [Color.parse(found[name]) for name in GROUNDS]
        inks = {name: Color.parse(found[name]) for name in INKS}
        error, foreground = Color.parse(found["error"]), Color.parse(found["foreground"])
    except ColorParseError:
        grounds = []
    if not grounds or any(each.ansi is not None for each in (*grounds, foreground)):
        return {**found, "late-ink": found["text-error"], "late-ground": found["background"]}
    found |= {name: _readable(ink, grounds).hex for name, ink in inks.items()}
    ground = grounds[0].blend(error, 0.4, 1.0)
    return {**found, "late-ink": _readable(foreground, [ground]).hex, "late-ground": ground.hex}


def _readable(ink: Color, grounds: list[Color]) -> Color:
    """`ink`, or the nearest to it on the way to black or white that can be read on all `grounds`."""
    ends = [Color(0, 0, 0), Color(255, 255, 255)]
    end = max(ends, key=lambda each: min(contrast(each, ground) for ground in grounds))
    steps = (ink.blend(end, step / 20, 1.0) for step in range(21))
    return next((each for each in steps if all(contrast(each, g) >= LEAST for g in grounds)), end)


def contrast(one: Color, other: Color) -> float:
    """WCAG's ratio of two colours, 1 to 21."""
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
