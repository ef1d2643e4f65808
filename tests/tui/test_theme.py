"""The colours of the console: who can read them, who can tell them apart, and what is left where there are none."""

from itertools import combinations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from agentdesk import config
from agentdesk.config import Ui
from agentdesk.screens import theme
from agentdesk.screens.look import Look, look_of
from tui.driver import plays

# How an eye without one kind of cones sees linear RGB, at full severity: Machado, Oliveira and Fernandes, "A Physiologically-based
# Model for Simulation of Color Vision Deficiency" (2009), table of the supplement.
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)
APART = 18.0
"""In CIELAB (1976), where 2.3 is a difference that is just seen."""
STATES = (*theme.INKS, "late-ground")
PAINTED = [each for each in theme.THEMES if not each.ansi]


def painted(one) -> dict[str, str]:
    """The variables of a theme as the console has them."""
    return theme.legible({**one.to_color_system().generate(), **one.variables})


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(colour: str, eye) -> tuple[float, float, float]:
    """A colour as such an eye sees it, in CIELAB."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(colour).normalized
    ]
    xyz = times(TO_XYZ, [min(1.0, max(0.0, part)) for part in times(eye, linear)])
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (value / white for value, white in zip(xyz, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_no_eye_takes_one_state_for_another_in_the_clear_theme(eye):
    colours = painted(theme.CLEAR)
    for one, other in combinations(STATES, 2):
        a, b = seen(colours[one], eye), seen(colours[other], eye)
        apart = sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5
        assert apart >= APART, (one, other, apart)


@pytest.mark.parametrize("one", PAINTED, ids=[each.name for each in PAINTED])
def test_every_state_can_be_read_in_every_theme(one):
    names = (*theme.INKS, *theme.GROUNDS, "late-ink", "late-ground")
    colours = {name: Color.parse(painted(one)[name]) for name in names}
    for ink in theme.INKS:
        for ground in theme.GROUNDS:
            assert theme.contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert theme.contrast(colours["late-ink"], colours["late-ground"]) >= 4.5


def test_contrast_is_wcag_s():
    assert theme.contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert theme.contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.005)


def test_the_command_line_knows_every_theme_that_the_console_has():
    assert {each.name: each.dark for each in theme.THEMES} == dict(config.THEMES)
    assert set(BUILTIN_THEMES) | set(config.OURS) == set(config.THEMES)


def test_the_terminal_says_how_many_colours_and_which_letters_there_are():
    utf8 = {"LANG": "ca_ES.UTF-8"}
    xterm = {"TERM": "xterm-256color", **utf8}
    assert look_of(Ui("nord"), xterm) == Look("nord")
    assert look_of(Ui("nord"), {"TERM": "foot", "COLORTERM": "truecolor", **utf8}) == Look("nord")
    for few in ("linux", "xterm", "vt100", "screen"):
        assert look_of(Ui("nord"), {"TERM": few, **utf8}) == Look("nord", few=True), few
    assert not look_of(Ui(), {"NO_COLOR": "1", **xterm}).colours
    assert look_of(Ui(), {"NO_COLOR": "", **xterm}).colours  # no-color.org: present and not empty
    assert not look_of(Ui(), xterm, colours=False).colours
    assert look_of(Ui(ascii=True), xterm).ascii
    assert look_of(Ui(), {**xterm, "LC_ALL": "es_ES.ISO-8859-1"}).ascii
    assert look_of(Ui(), {"TERM": "linux", "LC_ALL": "C"}).ascii
    assert theme.chosen("nord", plain=True) == "ansi-dark"
    assert theme.chosen("catppuccin-latte", plain=True) == "ansi-light"
    assert theme.chosen("of-another-release", plain=False) == "agentdesk"


@plays
async def test_a_theme_is_tried_as_one_moves_and_kept_by_enter_alone(shop):
    shop.home.make()
    shop.home.config_file.write_text('[ui]\ntheme = "nord"  # ours is too dark\n', "utf-8")
    shop.with_settings(ui=Ui("nord"), accounts=())  # as the file has it: what it lacks is followed, and said
    async with shop.console() as at:
        app = at.app
        assert app.home.background_colors[1].hex == theme.BY_NAME["nord"].background
        await at.do("program.theme")
        await at.type("clear")
        await at.until(lambda: app.theme == "agentdesk-clear")
        await at.press("escape")
        await at.until(lambda: app.theme == "nord")
        await at.do("program.theme")
        await at.type("latte")
        await at.press("enter")
        await at.sees("The theme is catppuccin-latte")
        assert app.theme == "catppuccin-latte"
    assert '"catppuccin-latte"  # ours is too dark' in shop.home.config_file.read_text("utf-8")


@plays
async def test_a_terminal_with_few_colours_is_painted_with_its_own(shop):
    shop.bench.clock.go(minutes=61)
    async with shop.console(look=Look("nord", few=True)) as at:
        await at.sees("OVERDUE")
        pieces = [
            piece for line in at.app.screen._compositor.render_strips() for strip in [line] for piece in strip
        ]
        colours = {c for p in pieces if p.style for c in (p.style.color, p.style.bgcolor) if c}
        assert {c.type.name for c in colours} <= {"DEFAULT", "STANDARD"}
        assert any(c.number == 1 for c in colours)  # red, for what is late


@plays
async def test_without_colours_and_in_ascii_every_state_is_still_told(shop):
    shop.bench.clock.go(minutes=61)
    async with shop.console(look=Look(colours=False, ascii=True)) as at:
        await at.sees("! -", "OVERDUE")
        await at.do("ticket.assign")
        await at.until(lambda: at.app.screen is not at.app.home)
        strips = [strip for strip in at.app.screen._compositor.render_strips() for strip in strip]
        colours = {
            colour
            for piece in strips
            if piece.style
            for colour in (piece.style.color, piece.style.bgcolor)
            if colour is not None and not colour.is_default
        }
        assert colours == set()
        assert any(piece.style and piece.style.underline for piece in strips)
        own = "".join(at.text.split()).translate({ord(letter): None for letter in "úàèéíòóçñ"})
        assert own.isascii(), sorted({letter for letter in own if not letter.isascii()})


@plays
async def test_in_ascii_signs_of_ours_are_letters_and_a_customer_s_stay_theirs(shop):
    theirs = ("Sol·licitud: A → B…", "El pas següent│no hi és ↓ ▸")
    number = shop.write("Núria Vila·rosa", theirs[0], theirs[1] + " paraula" * 60)
    async with shop.console(look=Look(ascii=True)) as at:
        await at.goes_to(number)
        await at.sees(*theirs)
        bar = "▁▂▃▄▅▆▇"  # the toolkit's own, beside a list
        for act in ("ticket.reply", "go.figures", "go.morning", "help.keys", "find.search", "customer.link"):
            await at.do(act)
            await at.pilot.pause()
            if act == "find.search":
                await at.type("paraula")
                await at.sees("~")
            seen = at.text
            for each in (*theirs, "Sol·licitud: A", "Vila·rosa", *bar, *"úàèéíòóçñüÁáÚï"):
                seen = seen.replace(each, "")
            assert seen.isascii(), (act, sorted({each for each in seen if not each.isascii()}), at.text)
            await at.press("escape")
