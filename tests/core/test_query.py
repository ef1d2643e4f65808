"""What people type into the search line, read right or refused with the nearest right word."""

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.core import folding
from agentdesk.core.instant import stamp
from agentdesk.core.query import And, Field, Known, Not, Or, Phrase, QueryError, Word, about_tickets, parse

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
KNOWN = Known(NOW, MADRID, {"soporte": "a-1", "Pedidos": "a-2"}, ("Joan", "Núria"))


def node(text, **options):
    return parse(text, KNOWN, **options).node


def refused(text, **options):
    with pytest.raises(QueryError) as caught:
        parse(text, KNOWN, **options)
    return caught.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pedido", Word("pedido")),
        ("pedido roto", And((Word("pedido"), Word("roto")))),
        ("pedido AND roto", And((Word("pedido"), Word("roto")))),
        ('"pedido roto"', Phrase("pedido roto")),
        ("“pedido roto”", Phrase("pedido roto")),
        ("«pedido roto»", Phrase("pedido roto")),
        ("-pedido", Not(Word("pedido"))),
        ("--pedido", Not(Word("pedido"))),
        ('-"pedido roto"', Not(Phrase("pedido roto"))),
        ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c")))),
        ("-(a OR -b)", Not(Or((Word("a"), Not(Word("b")))))),
        ("(a b) c", And((Word("a"), Word("b"), Word("c")))),
        ("or and not NEAR NOT", And(tuple(map(Word, ("or", "and", "not", "NEAR", "NOT"))))),
        ("devoluc*", Word("devoluc*", prefix=True)),
        ("from:maria", Field("from", "maria")),
        ("FROM:maria", Field("from", "maria")),
        ('from:"maria puig"', Field("from", "maria puig")),
        ('-from:"maria puig" x', And((Not(Field("from", "maria puig")), Word("x")))),
        ("(from:maria)", Field("from", "maria")),
        ("#1042", Field("number", "1042")),
        ("#12,015,9", Field("number", "12,15,9")),
        ("#12,", Word("#12,")),
        ("-#1042", Not(Field("number", "1042"))),
        ('"#1042"', Phrase("#1042")),
        ("#oferta", Word("#oferta")),
        ("account:SOPORTE", Field("account", "a-1")),
        ("assignee:nuria", Field("assignee", "Núria")),
        ("status:Open is:UNREAD", And((Field("status", "open"), Field("is", "unread")))),
        ("has:attachment", Field("has", "attachment")),
        ("sla:breached", Field("sla", "breached")),
        ("tag:vip", Field("tag", "vip")),
        ("customer:telegram:123", Field("customer", "telegram:123")),
        ("https://x.cat/a?b=c", Word("https://x.cat/a?b=c")),
        ("12:30", Word("12:30")),
        ("o'neill l'article 27\"", And((Word("o'neill"), Word("l'article"), Word('27"')))),
        ("foo) bar", And((Word("foo)"), Word("bar")))),
    ],
)
def test_what_is_typed_is_understood(text, wanted):
    assert node(text) == wanted


@pytest.mark.parametrize(
    ("text", "reason", "values"),
    [
        ("", "empty", {}),
        ("  \t\n", "empty", {}),
        ("a" * 3000, "too_long", {}),
        ("a " * 100, "too_long", {}),
        ("(" * 20 + "a" + ")" * 20, "too_long", {}),
        ('"open', "open_quote", {}),
        ('from:"open', "open_quote", {}),
        ("(open", "open_group", {}),
        ("()", "one_sided", {"word": "("}),
        ("OR", "one_sided", {"word": "OR"}),
        ("a OR", "one_sided", {"word": "OR"}),
        ("AND b", "one_sided", {"word": "AND"}),
        ("a OR OR b", "one_sided", {"word": "OR"}),
        ("-OR a", "one_sided", {"word": "-"}),
        ("a AND", "one_sided", {"word": "AND"}),
        ("😀", "no_letters", {"word": "😀"}),
        ("*", "no_letters", {"word": "*"}),
        (":-)", "no_letters", {"word": ":-)"}),
        ('""', "no_letters", {"word": ""}),
        ("a - b", "no_letters", {"word": "-"}),
        ("from:***", "no_letters", {"word": "***"}),
        ("statsu:open", "unknown_operator", {"operator": "statsu", "nearest": "status"}),
        ("asunto:hola", "unknown_operator", {"operator": "asunto", "nearest": "subject"}),
        ("después:ayer", "unknown_operator", {"operator": "después", "nearest": "after"}),
        ("qqqqqq:x", "unknown_operator", {"operator": "qqqqqq", "nearest": None}),
        ("status:", "no_value", {"operator": "status"}),
        ('tag:""', "no_value", {"operator": "tag"}),
        ("status:opne", "unknown_value", {"value": "opne", "nearest": "open"}),
        ("is:unraed", "unknown_value", {"value": "unraed", "nearest": "unread"}),
        ("is:late", "unknown_value", {"value": "late", "nearest": "overdue"}),
        ("is:vençut", "unknown_value", {"value": "vençut", "nearest": "overdue"}),
        ("is:asleep", "unknown_value", {"value": "asleep", "nearest": "snoozed"}),
        ("has:atachments", "unknown_value", {"value": "atachments", "nearest": "attachment"}),
        ("channel:whatsap", "unknown_value", {"value": "whatsap", "nearest": "whatsapp"}),
        ("lang:sp", "unknown_value", {"value": "sp", "nearest": "es"}),
        ("lang:català", "unknown_value", {"nearest": "ca"}),
        ("lang:xx", "unknown_value", {"nearest": None, "known": ("es", "ca", "en", "fr", "de", "pt", "it")}),
        ("sla:broken", "unknown_value", {"value": "broken"}),
        ("account:suporte", "unknown_value", {"value": "suporte", "nearest": "soporte"}),
        ("assignee:Johan", "unknown_value", {"value": "Johan", "nearest": "Joan"}),
        ("after:30/02/2026", "date", {"operator": "after", "value": "30/02/2026"}),
        ("before:soon", "date", {"operator": "before", "value": "soon"}),
        ("before:2m", "date", {"operator": "before"}),
        ("after:9999-12-31T23:59-23:00", "date", {}),
        ("#1234567890123456", "number", {"value": "#1234567890123456"}),
        ("#1,1234567890123456", "number", {"value": "#1234567890123456"}),
    ],
)
def test_what_cannot_be_used_is_named_with_the_nearest_right_word(text, reason, values):
    error = refused(text)
    assert error.reason == reason
    assert {key: error.values[key] for key in values} == values


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("today", "2026-11-22T23:00:00.000Z"),
        ("HOY", "2026-11-22T23:00:00.000Z"),
        ("avui", "2026-11-22T23:00:00.000Z"),
        ("yesterday", "2026-11-21T23:00:00.000Z"),
        ("ayer", "2026-11-21T23:00:00.000Z"),
        ("ahir", "2026-11-21T23:00:00.000Z"),
        ("7d", "2026-11-16T09:00:00.000Z"),
        ("12h", "2026-11-22T21:00:00.000Z"),
        ("2w", "2026-11-09T09:00:00.000Z"),
        ("2026-07-01", "2026-06-30T22:00:00.000Z"),
        ("2026-07", "2026-06-30T22:00:00.000Z"),
        ("1/7/2026", "2026-06-30T22:00:00.000Z"),
        ("01.07.2026", "2026-06-30T22:00:00.000Z"),
        ("2026-07-01T10:00", "2026-07-01T08:00:00.000Z"),
        ("2026-07-01T10:00Z", "2026-07-01T10:00:00.000Z"),
        ("99999d", "1753-02-08T09:00:00.000Z"),
        ("0001-01-02", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_dates_are_days_of_the_desk_s_zone(text, wanted):
    assert node(f"after:{text}") == Field("after", wanted)


def test_while_typing_the_last_word_may_go_on_and_what_is_open_closes_itself():
    assert node("pedido ro", prefix_last=True) == And((Word("pedido"), Word("ro", prefix=True)))
    assert node("ro ", prefix_last=True) == Word("ro")
    assert node("from:mar", prefix_last=True) == Field("from", "mar", prefix=True)
    assert node('from:"mar', prefix_last=True) == Field("from", "mar", prefix=True)
    assert node('"pedido ro', prefix_last=True) == Phrase("pedido ro", prefix=True)
    assert node('"pedido ro"', prefix_last=True) == Phrase("pedido ro")
    assert node("-ro", prefix_last=True) == Not(Word("ro"))
    assert node("(a OR bo", prefix_last=True) == Or((Word("a"), Word("bo", prefix=True)))
    assert node("b", prefix_last=True) == Word("b")
    assert refused("status:op", prefix_last=True).values["nearest"] == "open"


def test_what_needs_no_message_is_known():
    assert about_tickets(node("is:unread -(tag:x OR #3)"))
    assert not about_tickets(node("is:unread OR hola"))
    assert not about_tickets(node("has:attachment"))


@given(
    st.text(alphabet=st.sampled_from("ab:\"-()#*OR AND is:from'“”«»é日😀\0\n"), max_size=40)
    | st.text(max_size=40)
)
def test_any_text_is_a_query_or_a_query_error(text):
    for typing in (False, True):
        with contextlib.suppress(QueryError):
            parse(text, KNOWN, prefix_last=typing)


@given(st.text(max_size=60))
def test_folding_keeps_places_and_is_done_once(text):
    low = folding.folded(text)
    assert folding.folded(low) == low
    assert len(low) == len(text) - sum("\u0300" <= char <= "\u036f" for char in text)


@given(
    st.text(alphabet=st.sampled_from("abcé\u0301ñ \n>'."), max_size=400), st.sampled_from(["a", "b c", "é"])
)
def test_a_snippet_shows_what_was_found_on_one_short_line(text, words):
    pattern = folding.finder([[(words, False)]])
    shown = folding.snippet(text, pattern)
    assert (shown is None) == (pattern.search(folding.folded(text)) is None)
    if shown is not None:
        assert len(shown) <= folding.WIDTH
        assert "\n" not in shown
        for start, end in folding.spans(shown, pattern):
            assert pattern.fullmatch(folding.folded(shown[start:end]))


def test_a_snippet_takes_the_line_that_says_most_and_one_s_own_words():
    pattern = folding.finder([[("pedido", False)], [("roto", False)]])
    text = "hola\npedido\nel Pedido llegó ROTO\n> pedido roto\n"
    assert folding.snippet(text, pattern) == "el Pedido llegó ROTO"
    quoted = "pedido roto\nmi pedido\n"
    assert folding.snippet(quoted, pattern, ((0, 12, "quote"),)) == "mi pedido"
    long = "inicio " * 60 + "el pedido " + "final " * 60
    shown = folding.snippet(long, pattern)
    assert shown.startswith("…inicio")
    assert "el pedido final" in shown
    assert shown.endswith("final…")
    assert folding.first_line("\n> citado\n--\nHola, Joan\n") == "Hola, Joan"


def test_an_age_counts_to_the_second_and_a_day_begins_at_midnight_across_the_change_of_the_clocks():
    known = Known(datetime(2026, 10, 25, 12, 0, tzinfo=UTC), MADRID)
    assert parse("window:12h", known).node == Field("window", stamp(known.now + timedelta(hours=12)))
    assert parse("due:2026-10-26", known).node == Field("due", "2026-10-25T23:00:00.000Z")
    assert parse("after:today", known).node == Field("after", "2026-10-24T22:00:00.000Z")
    assert parse("after:1d", known).node == Field("after", "2026-10-24T12:00:00.000Z")
    assert known.now - timedelta(days=1) == datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
