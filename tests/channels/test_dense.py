"""Tags with very many attributes: what reaches the parser has few in each element, and what people write is read as it was."""

import random

import pytest
from selectolax.lexbor import LexborHTMLParser

from agentdesk.channels.html import text_of
from agentdesk.channels.markup import PAGE_TRUSTED, TAGS_TRUSTED, _rewritten, tamed

CHANCE = 20_261_201
MANY = 6000
HELD, TAGGED, APART = '=">"', '="> <b>"', "= '>'"
"""Values that hold what ends a tag elsewhere."""
FEW = 1000
"""Of one element: as many as fit into a tag that nobody counts."""


def flood(value: str = "") -> str:
    return " ".join(f"a{n:x}{value}" for n in range(MANY))


FLOODS = {
    "bare": f"<p {flood()}>Hola</p>",
    "with values": f"<p {flood('=x')}>Hola</p>",
    "apart by slashes": f"<p/{flood().replace(' ', '/')}>Hola</p>",
    "with ends in the values": f"<p {flood(TAGGED)}>Hola</p>",
    "with ends in other quotes": f"<p {flood(APART)}>Hola</p>",
    "with one end held": f'<p {flood()} x=">" {flood()[::-1]}>Hola</p>',
    "after a quote in a name": f'<p x" y=">" {flood(HELD)}>Hola</p>',
    "after a quote at the wrong place": f'<p ="><p a=">" {flood("=x")}>Hola</p>',
    "after a quote in a value": f'<p x=y=" b=">" {flood("=x")}>Hola</p>',
    "after a space that is none": f'<p a=\u00a0" b=">" {flood(HELD)}>Hola</p>',
    "after a name that goes on": f'<p\u00a0a=" b=">" {flood(HELD)}>Hola</p>',
    "after a tabulator that is none": f'<p a=\v" b=">" {flood(HELD)}>Hola</p>',
    "in a drawing": f"<svg {flood()}>Hola</svg>",
    "in an end": f"<p>Hola</p {flood()}>",
    "in the style's comment": f'<!-- <p a=" --><p {flood()}>Hola</p>',
    "never ended": f"Hola<p {flood()}",
    "of the body, a few at a time": "".join(
        f"<body {' '.join(f'b{n}x{at}' for at in range(20))}>" for n in range(MANY // 20)
    )
    + "Hola",
    "of the root, a few at a time": "".join(
        f"<HTML {' '.join(f'b{n}x{at}' for at in range(20))}>" for n in range(MANY // 20)
    )
    + "Hola",
    "in a short tag first": f'<p title="it\'s">Hola</p><p {flood()}>',
}


@pytest.mark.parametrize("kind", FLOODS)
def test_no_element_has_very_many_attributes(kind):
    page = LexborHTMLParser(tamed(FLOODS[kind]))
    assert max(len(each.attributes) for each in page.root.traverse(include_text=False)) <= FEW


@pytest.mark.parametrize("kind", ["bare", "with values", "in an end", "never ended", "in a short tag first"])
def test_what_they_say_is_read(kind):
    assert text_of(FLOODS[kind]) == "Hola"


def test_many_tags_hide_no_long_one():
    page = LexborHTMLParser(tamed("<i>" * (TAGS_TRUSTED + 1) + f'<p x" a=">" {flood(HELD)}>Hola'))
    assert max(len(each.attributes) for each in page.root.traverse(include_text=False)) <= FEW


def written(chance: random.Random) -> str:
    """A page as programs write them, of more characters than go unlooked at."""
    words = ["mesa", "silla", "it's", "l'hora", "«pedido»", "5>3", "a=b", "&amp;", "&euro;", "día"]
    values = ("x", "a > b", "it's", "c:\\x", "font-family:'Arial'", "", "ñ", "http://x.test/?a=1&amp;b=2")
    tags = ["p", "div", "span", "b", "i", "font", "td", "blockquote", "a", "h1", "li"]
    parts = ["<html lang=es><head><style>p > b {color:red}\n" + "a{b:c}" * 900 + "</style></head><body>"]
    size = 0
    while size <= PAGE_TRUSTED:
        name = chance.choice(tags)
        given = "".join(
            f' {chance.choice(("title", "class", "style", "alt", "data-x"))}{at}="{chance.choice(values)}"'
            for at in range(chance.randrange(4))
        )
        parts.append(
            f"<{name}{given}>{' '.join(chance.choices(words, k=chance.randrange(1, 30)))}</{name}>\n"
        )
        size += len(parts[-1])
    return "".join([*parts, "</body></html>"])


def test_ordinary_pages_say_the_same_rewritten_or_not():
    chance = random.Random(CHANCE)
    for _ in range(60):
        page = written(chance)
        parsed = text_of(page)
        assert text_of(_rewritten(page)) == parsed
        plain = page.replace("a > b", "a b").replace("p > b", "p b")
        assert tamed(plain) is plain, "the parser's as it is"
