"""The servers of a mailbox are found with nothing but its address, and no answer however bad costs more than the limit."""

import asyncio

import pytest

from agentdesk.channels import discovery
from agentdesk.channels.discovery import autoconfig
from agentdesk.config.endpoint import url_of
from agentdesk.core.setup import Source, typed
from channels.setups import DOVECOT, ISPDB, PATH, POSTFIX, SHOPS, config
from servers.internet import HUNG, Internet, Mail, World

LIMIT = 8.0
"""Seconds, as the program gives; only what hangs takes them."""


@pytest.fixture(autouse=True)
def no_mistake(caplog):
    yield
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


def found(world: World, within: float = LIMIT, told=lambda *_: None) -> tuple[discovery.Discovery, list[str]]:
    with Internet(world) as internet:
        seen = asyncio.run(discovery.discover(world.address, told, internet.net, within))
        return seen, internet.asked


@pytest.mark.parametrize("name", SHOPS)
def test_the_servers_of_a_shop_are_found_by_its_address(name):
    world, expected = SHOPS[name]
    seen, _ = found(world, 2.0 if "hangs" in name else LIMIT)
    first = seen.setups[0]
    assert (str(first.source), first.works) == (expected.source, True), seen
    assert url_of(first.imap.place, "imap") == expected.imap
    assert url_of(first.smtp.place, "smtp") == expected.smtp
    assert first.ways == frozenset(expected.ways.split())
    assert first.provider == expected.provider


def test_the_whole_address_goes_to_the_domain_alone_and_never_in_the_clear():
    world, _ = SHOPS["dinahosting"]
    asked = World(
        world.address, world.mx, world.srv,
        {**world.files, f"https://telasgalegas.gal/.well-known/autoconfig/{PATH}": "<nothing/>", f"{ISPDB}/x.test": "x"},
        world.servers,
    )  # fmt: skip
    _, said = found(asked)
    named = [each for each in said if "ventas" in each]
    assert [each.partition("?")[0] for each in named] == [
        f"https://telasgalegas.gal/.well-known/autoconfig/{PATH}"
    ]
    assert any(each.startswith(f"{ISPDB}/telasgalegas.gal") for each in said)
    assert any(each.startswith("http://autoconfig.telasgalegas.gal") for each in said)


def test_whoever_listens_hears_of_each_source_when_it_is_asked_and_once_what_became_of_it():
    heard: list[tuple[str, str]] = []
    world, _ = SHOPS["a hoster with cPanel"]
    seen, _ = found(world, told=lambda source, state: heard.append((source, state)))
    assert [each for each in heard if each[1] == "asking"] == [(each, "asking") for each in Source]
    ends = [each for each in heard if each[1] != "asking"]
    assert sorted(ends) == sorted(seen.asked.items())
    assert seen.asked[Source.AUTOCONFIG] == "found"
    assert seen.asked[Source.ISPDB] in {"nothing", "silent"}


def test_a_hung_internet_costs_the_limit_and_says_who_was_silent():
    names = (
        "x.test",
        "autoconfig.x.test",
        "autoconfig.thunderbird.net",
        "imap.x.test",
        "mail.x.test",
        "smtp.x.test",
    )
    services = tuple(f"_{each}._tcp.x.test" for each in ("imaps", "imap", "submissions", "submission"))
    seen, _ = found(World("a@x.test", silent=names + services), 0.3)
    assert seen.setups == ()
    assert set(seen.asked.values()) == {"silent"}


def test_an_empty_internet_has_nothing():
    seen, _ = found(World("a@x.test"))
    assert seen.setups == ()
    assert set(seen.asked.values()) == {"nothing"}


def test_servers_that_were_named_and_do_not_let_in_are_shown_with_the_reason_behind_those_that_do():
    named = config("imap.x.test:993 SSL", "smtp.x.test:465 SSL")
    seen, _ = found(
        World(
            "a@x.test",
            files={f"https://autoconfig.x.test/{PATH}": named},
            servers={
                "imap.x.test:993": Mail(DOVECOT.offers, name="other.test"),
                "smtp.x.test:465": Mail("", greeting="554 no service here"),
                "mail.x.test:993": DOVECOT,
                "mail.x.test:465": POSTFIX,
            },
        )
    )
    first, second = seen.setups
    assert (str(first.source), first.imap.place.host) == ("guess", "mail.x.test")
    assert str(second.source) == "autoconfig"
    assert (
        second.smtp.place.host == "mail.x.test"
    )  # the one it named turned us away, so that the next best stands in
    ((imap, why),) = second.problems
    assert imap == "imap.x.test:993"
    assert "Hostname mismatch" in why


def test_a_sending_server_is_never_made_up():
    seen, _ = found(
        World(
            "a@x.test",
            srv={"_imaps._tcp.x.test": ["0 1 993 imap.x.test"]},
            servers={"imap.x.test:993": DOVECOT},
        )
    )
    assert seen.setups == ()


def test_a_server_elsewhere_that_only_dns_named_is_not_vouched_for():
    far = {"in.evil.test:993": DOVECOT, "in.evil.test:465": POSTFIX}
    srv = {
        "_imaps._tcp.x.test": ["0 1 993 in.evil.test"],
        "_submissions._tcp.x.test": ["0 1 465 in.evil.test"],
    }
    seen, _ = found(World("a@x.test", srv=srv, servers=far))
    assert not seen.setups[0].vouched("x.test")
    seen, _ = found(SHOPS["gmail"][0])
    assert seen.setups[0].vouched("gmail.com")


@pytest.mark.parametrize("redirect", ["http://elsewhere.test/mail.xml", "file:///etc/passwd"])
def test_a_redirect_does_not_leave_encryption(redirect):
    served = {
        f"https://autoconfig.x.test/{PATH}": f">{redirect}",
        "http://elsewhere.test/mail.xml": config(
            "imap.elsewhere.test:993 SSL", "imap.elsewhere.test:465 SSL"
        ),
    }
    seen, said = found(World("a@x.test", files=served))
    assert any(each.startswith("https://autoconfig.x.test") for each in said)
    assert not any("elsewhere" in each for each in said)
    assert seen.setups == ()


def test_a_redirect_is_followed_and_not_in_circles():
    moved, circle = "https://hoster.test/mail.xml", f"https://autoconfig.x.test/{PATH}"
    served = {circle: f">{moved}", moved: config("imap.x.test:993 SSL", "smtp.x.test:465 SSL")}
    servers = {"imap.x.test:993": DOVECOT, "smtp.x.test:465": POSTFIX}
    seen, _ = found(World("a@x.test", files=served, servers=servers))
    assert str(seen.setups[0].source) == "autoconfig"
    _, said = found(World("a@x.test", files={circle: f">{circle}"}))
    assert 1 < len([each for each in said if each.startswith(circle)]) < 5


@pytest.mark.parametrize(
    "file",
    [
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><clientConfig>&b;</clientConfig>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><clientConfig/>',
        "<clientConfig>" * 9,
        "<clientConfig><emailProvider>" + "<x/>" * 600,
        "not xml at all",
        "",
        "<clientConfig>\0</clientConfig>",
        "x" * (autoconfig.LARGEST + 1),
    ],
)
def test_a_file_that_no_provider_would_serve_is_refused(file):
    with pytest.raises(ValueError, match=r"."):
        autoconfig.read(file.encode(), "a@x.test")


@pytest.mark.parametrize(
    ("imap", "user"),
    [
        ("imap.x.test:993 plain", "a"),
        ("imap.x.test:0 SSL", "a"),
        ("imap.x.test:99999999999999999999 SSL", "a"),
        ("imap.x.test:９９３ SSL", "a"),
        ("localhost:993 SSL", "a"),
        ("imap_x\u202e.test:993 SSL", "a"),
        ("imap.x.test/evil:993 SSL", "a"),
        ("imap.x.test:993 SSL", "a\u202eb"),
        ("imap.x.test:993 SSL", "a" * 300),
    ],
)
def test_a_server_that_cannot_be_meant_is_left_out(imap, user):
    places = autoconfig.read(config(imap, "smtp.x.test:465 SSL", user=user).encode(), "a@x.test")
    assert not any(protocol == "imap" for protocol, _ in places)


@pytest.mark.parametrize(
    "address", ["", "x", "@x.test", "a@", "a@x", "a b@x.test", "a@x..test", "a@x/.test", "a@\x1b.test"]
)
def test_what_is_no_address_asks_nobody(address):
    with pytest.raises(ValueError, match=r"^"):
        asyncio.run(discovery.discover(address))


def test_a_domain_beyond_ascii_is_asked_for_as_the_network_knows_it():
    world = World("hola@pastisseria-núria.cat", servers={"mail.xn--pastisseria-nria-7vb.cat:993": DOVECOT})
    _, said = found(world)
    assert any("xn--pastisseria-n" in each for each in said)


def test_a_hung_server_beside_a_good_one_is_not_waited_for_where_nothing_better_can_come():
    world, _ = SHOPS["a hoster with cPanel"]
    slow = World(
        world.address, world.mx, world.srv, world.files, {**world.servers, "imap.quesosnorte.com:993": HUNG}
    )
    seen, _ = found(slow, 60.0)
    assert str(seen.setups[0].source) == "autoconfig"


@pytest.mark.parametrize(
    ("word", "host", "wanted"),
    [
        ("abcd efgh ijkl mnop", "imap.gmail.com", "abcdefghijklmnop"),
        ("abcd efgh ijkl mnop", "mail.x.test", "abcd efgh ijkl mnop"),
        ("my own pass word 16x", "imap.gmail.com", "my own pass word 16x"),
        ("", "imap.gmail.com", ""),
    ],
)
def test_an_app_password_can_be_typed_as_google_shows_it(word, host, wanted):
    assert typed(word, host) == wanted
