"""Where a link leads, whatever it says."""

import pytest

from agentdesk.core.link import links

REALLY = "evil.example"
CYRILLIC = "аpple.com"


def one(text):
    (link,) = links(text)
    return link


@pytest.mark.parametrize(
    "text",
    [
        "Entre en yourbank.es <https://evil.example/login>",
        "www.yourbank.es <https://evil.example/login>",
        "https://yourbank.es/ <https://evil.example>",
        "Go to yourbank.es now! <http://evil.example:8080/>",
        "yourbank。es <https://evil.example/>",
    ],
)
def test_a_link_whose_words_name_another_place_says_both(text):
    link = links(text)[-1]
    assert (link.host, link.is_doubtful) == (REALLY, True)
    assert link.claims.endswith("bank.es") or link.claims == "yourbank.es"


@pytest.mark.parametrize(
    "address",
    [
        "https://yourbank.es@evil.example/",
        "https://yourbank.es:443@evil.example/x",
        "https://evil.example\\@yourbank.es/",
        "https://%65vil.example/",
        "https://EVIL.example./?u=https://yourbank.es",
        "https://evil。example/",
        "mailto:info@evil.example?subject=yourbank.es",
    ],
)
def test_the_host_is_the_one_that_a_browser_would_go_to(address):
    assert one(f"mira {address} ya").host == REALLY


def test_what_looks_like_the_place_before_an_at_is_said():
    assert one("https://yourbank.es@evil.example/").masked
    assert not one("mailto:info@shop.es").masked


@pytest.mark.parametrize("text", [f"https://{CYRILLIC}/", "https://xn--pple-43d.com/"])
def test_a_host_in_other_letters_is_known_as_it_travels_and_as_it_reads(text):
    link = one(text)
    assert (link.host, link.reads, link.is_doubtful) == ("xn--pple-43d.com", CYRILLIC, True)


@pytest.mark.parametrize(
    "text",
    [
        "La botiga <https://www.shop.es/pedido/12>",
        "shop.es <https://www.shop.es/>",
        "factura.pdf <https://drive.example.com/x>",
        "maria@x.test <mailto:maria@x.test>",
        "https://maps.example.com/a_(b)",
    ],
)
def test_an_honest_link_is_not_doubted(text):
    assert not one(text).is_doubtful


def test_punctuation_around_a_link_is_not_its_own():
    assert [
        each.address for each in links("(https://a.es/x), <https://b.es/y>. «www.c.es»; http://d.es/e(f).")
    ] == [
        "https://a.es/x",
        "https://b.es/y",
        "https://www.c.es",
        "http://d.es/e(f)",
    ]


def test_nothing_but_web_and_mail_is_a_link():
    assert (
        links("javascript:alert(1) file:///etc/passwd ftp://a.es data:text/html,x http:// mailto: xhttps")
        == ()
    )
