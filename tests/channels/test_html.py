"""HTML mail as text: readable, foldable, silent, and cheap even when it is hostile."""

import socket

import pytest

from agentdesk.channels.html import text_of
from agentdesk.core.quotes import folds
from agentdesk.core.text import visible


def test_a_letter_reads_like_one():
    html = (
        "<html><head><title>no</title><style>p{}</style></head><body><p>Hola <b>Pepe</b>,&nbsp;qu&eacute; tal</p>"
        "<div>uno<br>dos<br><br>tres</div><script>alert(1)</script><ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"
        "<ol><li>x<li>y</ol><pre>a\n  b</pre></body></html>"
    )
    assert text_of(html).replace("\u00a0", " ") == (
        "Hola Pepe, qué tal\n\nuno\ndos\n\ntres\n\n- a\n- b\n  - c\n\n1. x\n2. y\n\na\n  b"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<a href="https://evil.example/x">www.bank.example</a>',
            "www.bank.example <https://evil.example/x>",
        ),
        ('<a href="https://shop.example/">shop.example</a>', "shop.example"),
        ('<a href="mailto:a@b.es">a@b.es</a>', "a@b.es"),
        ('<a href="tel:+34600">Llámame</a>', "Llámame <tel:+34600>"),
        ('<a href="javascript:alert(1)">pulsa</a>', "pulsa"),
        ('<a href="data:text/html,x">pulsa</a>', "pulsa"),
        ('<a href=" java\nscript:x">pulsa</a>', "pulsa"),
        ('<a href="http://x.es"><div>bloque</div></a>', "bloque <http://x.es>"),
        ('<a href="http://x.es"><img src="y"></a>ok', "ok"),
        ('<img alt="Foto del daño" src=x>', "[image: Foto del daño]"),
        ('<img alt="logo"><img alt="IMG_1.png"><img alt="x y" width=1>z', "z"),
    ],
)
def test_links_show_where_they_lead_and_pictures_what_they_say(html, expected):
    assert text_of(html) == expected


@pytest.mark.parametrize(
    "style",
    ["display:none", "DISPLAY : none !important", "visibility:hidden", "opacity:0", "max-height:0px;overflow:hidden",
     "font-size:0", "font-size:0px;", "mso-hide:all"],
)  # fmt: skip
def test_a_hidden_preview_line_is_left_out(style):
    assert text_of(f'<div style="{style}">oculto</div><p>visto</p>') == "visto"


def test_a_size_of_nothing_ends_where_another_begins():
    html = '<td style="font-size:0px"><span style="font-size:14px">visto</span>no</td>'
    assert text_of(f"<table><tr>{html}</tr></table>") == "visto"
    assert text_of('<p style="opacity:0.5">medio</p>') == "medio"


def test_hidden_text_shows_if_there_is_nothing_else():
    assert text_of('<div style="display:none">todo</div>') == "todo"


def test_tables_are_rows_and_layout_is_lines():
    data = "<table><tr><th>Artículo</th><th>Precio</th></tr><tr><td>Camisa</td><td>19 €</td></tr></table>"
    assert text_of(data) == "Artículo | Precio\nCamisa | 19 €"
    layout = "<table><tr><td><p>un</p><p>dos</p></td><td>lado</td></tr></table>"
    assert text_of(layout).splitlines() == ["un", "", "dos", "lado"]


@pytest.mark.parametrize(
    "html",
    [
        (
            "<div>La M</div><div class=gmail_quote><div class=gmail_attr>El lun, 5 feb 2024 a las 10:23, T &lt;<a "
            'href="mailto:a@b.es">a@b.es</a>&gt; escribió:<br></div><blockquote class=gmail_quote>hola<br>dos</blockquote></div>'
        ),
        (
            "<div>La M</div><blockquote type=cite><div>El 5 feb 2024, a las 10:23, T &lt;a@b.es&gt; escribió:</div><br>"
            "<div>hola</div></blockquote>"
        ),
        (
            "<div>La M</div><div class=yahoo_quoted><div>En lunes, 5 de febrero de 2024, 10:23:11 CET, T &lt;a@b.es&gt; escribió: "
            "</div><div>hola</div></div>"
        ),
        (
            "<p>La M</p><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>De:</b> T &lt;a@b.es&gt;<br><b>Enviado:</b> "
            "lunes, 5 de febrero de 2024<br><b>Para:</b> P<br><b>Asunto:</b> RE: x</div><div>hola</div>"
        ),
        (
            "<p>La M</p><div class=moz-cite-prefix>El 5/2/24 a les 10:23, T ha escrit:<br></div><blockquote type=cite>hola<br>"
            "dos</blockquote>"
        ),
    ],
    ids=["gmail", "apple", "yahoo", "outlook", "thunderbird"],
)
def test_originals_fold_after_rendering(html):
    text = text_of(html)
    assert "hola" in text
    assert visible(text, folds(text)) == "La M"


def test_a_quotation_that_only_indents_is_not_a_quote():
    html = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>La M</div></blockquote>'
    assert text_of(html) == "La M"


@pytest.mark.parametrize(
    "html",
    ["<div>" * 600_000, "<table><tr><td>" * 100_000 + "x", "<ul><li>" * 200_000, "<blockquote>x" * 100_000,
     "".join(f"<b a{i}>" for i in range(50_000)) + "<p>x</p>" * 100_000, '<a "' * 500_000, "<!--" * 500_000,
     '<x title="</div>"><div>' * 100_000, "<" * 2_000_000, "<p>hola <b>w</b></p>" * 1_000_000, "<script>" * 200_000],
    ids=["div", "table", "list", "quote", "bold", "attribute", "comment", "hidden close", "angles", "20 MB", "script"],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_hostile_pages_cost_little(html):
    assert len(text_of(html)) <= 1_000_001


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    text_of(
        '<link rel=stylesheet href="http://x.example/a.css"><img src="http://x.example/p.gif"><style>@import '
        'url(http://x.example/b.css)</style><iframe src="http://x.example"></iframe><body background="http://x.example/c">'
        '<svg><image href="http://x.example/d"/></svg><object data="http://x.example/e"></object>'
    )
