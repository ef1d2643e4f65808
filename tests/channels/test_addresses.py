"""Addresses in a head: whatever was written there, nobody is taken for somebody else."""

from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.channels.header import addresses


def found(*values: str) -> list[tuple[str, str]]:
    return [(each.name, each.email) for each in addresses(values)]


@pytest.mark.parametrize(
    "value",
    [
        '"maria@bank.test "@evil.test',
        'Maria <"maria@bank.test "@evil.test>',
        '"maria@bank.test"@evil.test',
        '<"maria@bank.test>"@evil.test>',
        '"maria@bank.test\\" "@evil.test',
        'maria@bank.test"x"@evil.test',
        '"x"maria@bank.test"y"@evil.test',
        "<maria@bank.test @evil.test>",
        "=?utf-8?q?maria=40bank.test?=@evil.test",
        "<=?utf-8?q?maria=40bank.test?=>",
        "=?utf-8?b?bWFyaWFAYmFuay50ZXN0?= <=?utf-8?b?bWFyaWFAYmFuay50ZXN0?=@evil.test>",
    ],
)
def test_a_part_of_a_strangers_address_is_nobodys(value):
    """The receiving server has judged evil.test; whoever is taken for Maria by a part of it reads her answers."""
    assert "maria@bank.test" not in {email for _, email in found(value)}


def test_a_quoted_part_that_needs_no_quotes_is_the_same_mailbox():
    assert found('"ana"@x.test') == [("", "ana@x.test")]
    assert found('Ana <"ana.b"@x.test>') == [("Ana", "ana.b@x.test")]


def test_two_people_never_share_the_address_of_one():
    assert found('"ana b"@x.test', "Bob <b@x.test>") == [("Bob", "b@x.test")]


def test_a_name_in_quotes_stays_a_name():
    assert found('"Vila, Ana" <ana@x.test>, "b@y.test" <c@z.test>') == [
        ("Vila, Ana", "ana@x.test"),
        ("b@y.test", "c@z.test"),
    ]
    assert found('"Ana Vila" ana@x.test') == [("Ana Vila", "ana@x.test")]


def test_addresses_apart_by_blanks_alone_are_several():
    assert found("ana@x.test bob@y.test") == [("", "ana@x.test"), ("", "bob@y.test")]
    assert found("Ana @home ana@x.test") == [("Ana", "ana@x.test")]


words = st.sampled_from(
    [
        '"',
        "@",
        "<",
        ">",
        " ",
        ",",
        ":",
        ";",
        "(",
        ")",
        "\\",
        "a",
        "maria@bank.test",
        "@evil.test",
        '"x y"',
        "=?utf-8?q?a=40b.c?=",
    ]
)


@given(st.lists(words, max_size=12).map("".join))
def test_every_address_that_is_found_has_the_form_of_one(value):
    for _, email in found(value):
        assert email.count("@") == 1
        assert not set(email) & set('" <>'), email


@given(st.from_regex(r'"[a-z@ .]{1,12}"@[a-z]{1,5}\.test', fullmatch=True))
def test_a_quoted_local_part_is_taken_whole_or_not_at_all(value):
    theirs = parseaddr(value)[1].replace('"', "")
    assert [email for _, email in found(value)] in ([], [theirs])
