"""Webhooks off a real relay: believed only when they are signed, let go only when they are committed."""

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from agentdesk.channels import Opening
from agentdesk.channels.relayed import Hook, Relayed, signed_by_meta
from agentdesk.errors import ChannelError, LoginError, SecretError, SignatureError, UnreachableError
from channels.contract import asked
from channels.hooks import SECRET, Connector, account, now, signature, status, text, webhook
from servers import free_port, until
from servers.relay import Box, Relay
from servers.web import Answer, Service

BODY = b'{"entry":[]}'
RIGHT = "516e371c4b5b8fa353481608247afeb6337226a016782642203afa11d248b191"
"""HMAC-SHA256 of BODY under "appsecret"."""


@pytest.fixture
def box(relay, request):
    return relay.box(request.node.name)


@pytest.fixture
def shop(box, tmp_path):
    return Connector(account(box, tmp_path), now)


def posts(relay, box, *bodies, secret=SECRET):
    for body in bodies:
        assert relay.post(box, body, **signature(body, secret)).status_code == 200


def looks(connector, cursor=None, *, most=None):
    """The batches of one pass, or the first of them: what comes after was not asked for, so nothing is confirmed."""

    async def taken():
        found = []
        async with aclosing(connector.receive(cursor, Opening(now(), 14), once=True)) as batches:
            async for batch in batches:
                found.append(batch)
                if len(found) == most:
                    break
        return found

    return asked(connector, taken)


def words(batches):
    read = [Connector.read(arrival.raw) for batch in batches for arrival in batch.arrivals]
    return [each.text for each in read]


def reasons(batches):
    return [gap.reason for batch in batches for gap in batch.gaps]


def hook(body=BODY, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Hook(1, datetime(2026, 11, 23, tzinfo=UTC), named, body)


def test_metas_signature_is_that_of_the_raw_body():
    assert signed_by_meta("appsecret", hook(x_hub_signature_256=f"sha256={RIGHT}"))
    assert not signed_by_meta("appsecret", hook(b'{"entry": []}', x_hub_signature_256=f"sha256={RIGHT}"))
    assert not signed_by_meta("appsecret", hook(x_hub_signature_256=f"sha1={RIGHT}"))
    assert not signed_by_meta("appsecret", hook(x_hub_signature=f"sha256={RIGHT}"))
    assert not signed_by_meta("rotated", hook(x_hub_signature_256=f"sha256={RIGHT}"))


SHA1 = "sha1=2e3f0f0d1ad0bcd7be5ac1e9b1b6de9a8c3b9a57"
FORGED = [
    {},
    {"X-Hub-Signature-256": ""},
    {"X-Hub-Signature-256": "sha256="},
    {"X-Hub-Signature-256": "sha256=" + "0" * 64},
    {"X-Hub-Signature-256": RIGHT},
    {"X-Hub-Signature-256": f"sha1={RIGHT}"},
    {"X-Hub-Signature-256": f"sha256={RIGHT[:-1]}"},
    {"X-Hub-Signature-256": f"sha256={RIGHT}\u00e9"},
    {"X-Hub-Signature": SHA1},
    signature(webhook(text(1, "Hola")), "the secret before this one"),
    signature(webhook(text(2, "Hola"))),
]


@pytest.mark.parametrize("headers", FORGED, ids=[str(number) for number in range(len(FORGED))])
def test_what_is_not_signed_is_a_gap_and_no_message(relay, box, shop, headers):
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    assert relay.post(box, webhook(text(1, "Hola")), **raw).status_code == 200, "the relay cannot know"
    posts(relay, box, webhook(text(3, "Bon dia")))
    batches = looks(shop)
    assert words(batches) == ["Bon dia"]
    assert reasons(batches) == ["signature"]
    assert isinstance(shop.relayed.trouble, SignatureError)
    assert "1 webhook" in shop.relayed.trouble.values["reason"]


def test_a_signed_webhook_after_it_ends_the_trouble_of_forged_ones(relay, box, shop):
    relay.post(box, b"forged")
    relay.post(box, b"forged too")
    first = looks(shop)
    assert reasons(first) == ["signature", "signature"]
    assert "2 webhooks" in shop.relayed.trouble.values["reason"]
    posts(relay, box, webhook(text(1, "Hola")))
    looks(shop, first[-1].cursor)
    assert shop.relayed.trouble is None


def test_a_webhook_holds_many_messages_each_in_a_place_of_its_own(relay, box, shop):
    posts(
        relay,
        box,
        webhook(text(1, "Hola"), text(2, "Hi ha algú?"), statuses=(status(9),)),
        webhook(text(3, "Ei")),
    )
    arrivals = [arrival for batch in looks(shop) for arrival in batch.arrivals]
    assert len({arrival.place for arrival in arrivals}) == len(arrivals) == 4
    assert arrivals[0].received_at < arrivals[1].received_at


def test_the_relay_lets_go_when_the_batch_is_committed_and_not_before(relay, box, shop):
    posts(relay, box, webhook(text(1, "Hola")))
    first = looks(shop, most=2)
    again = looks(shop, most=2)
    assert words(first) == words(again) == ["Hola"], "it was never committed, so it comes again"
    assert [a.place for b in first for a in b.arrivals] == [a.place for b in again for a in b.arrivals]
    assert len(relay.pull(box).bodies) == 1
    after = looks(shop, first[-1].cursor)
    assert words(after) == []
    assert relay.pull(box).bodies == []


def test_whoever_entered_a_wrong_secret_loses_nothing(relay, box, tmp_path):
    """All that came meanwhile looked forged. It lies aside and comes once the secret is right."""
    wrong = Connector(account(box, tmp_path, "typed wrong"), now)
    bodies = [webhook(text(number, f"Missatge {number}")) for number in range(120)]
    posts(relay, box, *bodies)
    refused = looks(wrong)
    assert words(refused) == []
    assert len(reasons(refused)) == 120
    assert words(looks(wrong, refused[-1].cursor)) == []
    assert relay.pull(box).bodies == []
    expected = [f"Missatge {number}" for number in range(120)]
    right = Connector(account(box, tmp_path), now)
    assert words(looks(right, refused[-1].cursor)) == expected
    fresh = Connector(account(box, tmp_path), now)
    assert words(looks(fresh)) == expected, "so it is when the account was removed and added again"


def test_what_was_looked_at_again_is_not_again_and_again(relay, box, tmp_path, shop):
    relay.post(box, b"forged")
    batches = looks(shop)
    batches += looks(shop, batches[-1].cursor)
    batches += looks(shop, batches[-1].cursor)
    assert reasons(batches) == ["signature"]
    assert relay.pull(box).document["aside"] == 1


def test_a_box_made_anew_is_said_and_nothing_in_it_is_deleted_unseen(tmp_path):
    relay = Relay(tmp_path / "relay")
    box = relay.box()
    posts(relay, box, *[webhook(text(number, f"A{number}")) for number in range(5)])
    cursor = looks(Connector(account(box, tmp_path), now))[-1].cursor
    relay.stop()
    relay.file.unlink()
    relay.start()
    new = relay.box()
    posts(relay, new, *[webhook(text(10 + number, f"B{number}")) for number in range(3)])
    batches = looks(Connector(account(new, tmp_path), now), cursor)
    assert words(batches) == ["B0", "B1", "B2"]
    assert "box" in reasons(batches)
    relay.stop()


def test_a_relay_that_was_put_back_to_an_older_day_is_said(relay, box, shop):
    posts(relay, box, webhook(text(1, "Hola")))
    mark = json.loads(looks(shop)[-1].cursor)
    ahead = json.dumps({**mark, "number": 40})
    batches = looks(shop, ahead)
    assert reasons(batches) == ["box"]
    assert words(batches) == ["Hola"]


def test_numbers_that_are_missing_are_said(relay, box, shop):
    posts(relay, box, webhook(text(1, "Hola")))
    cursor = looks(shop)[-1].cursor
    posts(relay, box, webhook(text(2, "Perdut")), webhook(text(3, "Aquí")))
    relay.ack(box, 2)
    later = looks(shop, cursor)
    assert words(later) == ["Aquí"]
    assert reasons(later) == ["missing"]
    posts(relay, box, webhook(text(4, "Perdut també")))
    relay.ack(box, 4)
    last = looks(shop, later[-1].cursor)
    assert reasons(last) == ["missing"]
    assert reasons(looks(shop, last[-1].cursor)) == []


@pytest.mark.parametrize("cursor", ["", "[]", '{"version":9}', '{"version":1,"uid":3}', "\x00"])
def test_a_cursor_that_cannot_be_read_is_said_and_begins_anew(relay, box, shop, cursor):
    posts(relay, box, webhook(text(1, "Hola")))
    batches = looks(shop, cursor)
    assert words(batches) == ["Hola"]
    assert reasons(batches) == ["cursor"]


ODD = [
    b"[" * 100_000 + b"]" * 100_000,
    b'{"entry":7}',
    b'{"entry":[{"changes":"x"}]}',
    b"[]",
    b"",
    b"\xff\xfe",
    b"null",
]


@pytest.mark.parametrize("body", ODD, ids=[str(number) for number in range(len(ODD))])
def test_a_signed_body_that_cannot_be_read_is_kept_whole_and_stops_nothing(relay, box, shop, body):
    posts(relay, box, body, webhook(text(1, "Hola")))
    batches = looks(shop)
    odd, good = (arrival for batch in batches for arrival in batch.arrivals)
    assert odd.raw == body
    with pytest.raises(ValueError, match=r"."):
        Connector.read(odd.raw)
    assert Connector.read(good.raw).text == "Hola"


def test_a_file_that_cannot_be_fetched_now_makes_its_webhook_come_again(relay, box, tmp_path):
    posts(relay, box, webhook(text(1, "Hola")))

    def unreachable(_):
        raise UnreachableError(account="vimet", server="graph", reason="timed out")

    with pytest.raises(UnreachableError):
        looks(Connector(account(box, tmp_path), now, unreachable))
    assert words(looks(Connector(account(box, tmp_path), now))) == ["Hola"]


def test_without_the_apps_secret_nothing_is_even_fetched(relay, box, tmp_path):
    before = relay.log.read_text("utf-8").count("/pull")
    with pytest.raises(SecretError):
        looks(Connector(account(box, tmp_path, secret=""), now))
    with pytest.raises(SecretError):
        looks(Connector(account(box, tmp_path, token=""), now))
    assert relay.log.read_text("utf-8").count("/pull") == before


def test_a_wrong_token_is_a_login_that_failed_and_no_secret_is_in_its_words(box, tmp_path):
    connector = Connector(account(box, tmp_path, token="not the token"), now)
    with pytest.raises(LoginError) as error:
        looks(connector)
    said = str(error.value)
    assert "box and token" in said
    assert not any(each in said for each in (box.key, "not the token", SECRET))
    with pytest.raises(LoginError):
        asked(connector, connector.relayed.check)


def test_a_check_says_what_was_refused(relay, box, shop):
    assert asked(shop, shop.relayed.check) == ("relay",)
    relay.post(box, b"forged")
    batches = looks(shop)
    looks(shop, batches[-1].cursor)
    assert asked(shop, shop.relayed.check) == ("relay", "1_refused")


class Odd(Service):
    """Answers every fetch with the same thing."""

    said: object = None

    def handle(self, request):
        return Answer(self.said)


EMPTY = {"generation": 1, "last": 0, "more": False, "aside": 0, "trouble": "", "hooks": []}
ONE = {"number": 1, "at": "2026-11-23T09:00:00+00:00", "headers": [], "body": ""}
ANSWERS = [
    b"<html>Sign in to the hotel's network</html>",
    [],
    {},
    {**EMPTY, "hooks": {"a": 1}},
    {**EMPTY, "generation": "x"},
    {**EMPTY, "last": -1},
    {**EMPTY, "last": 1 << 60},
    {**EMPTY, "hooks": [{**ONE, "number": "1"}]},
    {**EMPTY, "hooks": [{**ONE, "body": "%%%"}]},
    {**EMPTY, "hooks": [{**ONE, "headers": [1]}]},
    {**EMPTY, "hooks": [{**ONE, "at": "yesterday"}]},
    {**EMPTY, "hooks": [ONE, ONE]},
    b"[" * 200_000,
]


@pytest.mark.parametrize("said", ANSWERS, ids=[str(number) for number in range(len(ANSWERS))])
def test_what_is_no_answer_of_a_relay_is_an_error_and_nothing_else(tmp_path, said):
    server = Odd()
    server.said = said
    url = f"{server.base}/in/key"
    connector = Connector(account(Box(url, "/in/key", "token", ""), tmp_path), now)
    with pytest.raises(ChannelError, match="not how a relay answers"):
        looks(connector)
    server.stop()


def test_the_console_hears_at_once_and_a_relay_that_dies_is_waited_out(tmp_path):
    """For ever: a webhook that comes during a wait, a relay that is killed meanwhile, and one that comes after."""
    relay = Relay(tmp_path / "relay")
    box = relay.box()
    connector = Connector(account(box, tmp_path), now)

    async def lived():
        heard = []
        async for batch in connector.receive(None, Opening(now(), 14), once=False):
            heard += words([batch])
            if heard == [] and batch.pass_began_at:
                await asyncio.to_thread(arrives, "Hola")
            elif heard == ["Hola"]:
                await asyncio.to_thread(dies_and_comes_back)
            elif len(heard) == 2:
                await connector.relayed.close()
        return heard

    def arrives(said):
        posts(relay, box, webhook(text(len(said), said)))

    def dies_and_comes_back():
        relay.kill()
        relay.start()
        arrives("Ja hi som")

    assert asyncio.run(asyncio.wait_for(lived(), 60)) == ["Hola", "Ja hi som"]
    relay.stop()


def test_a_wait_is_ended_by_what_comes_and_by_closing(tmp_path):
    relay = Relay(tmp_path / "relay")
    box = relay.box()
    connector = Connector(account(box, tmp_path), now)
    heard = []

    async def listens():
        async for batch in connector.receive(None, Opening(now(), 14), once=False):
            heard.extend(words([batch]))

    async def lived():
        listening = asyncio.create_task(listens())
        await asyncio.to_thread(until, lambda: relay.health()["fetching"] == 1)
        await asyncio.to_thread(posts, relay, box, webhook(text(1, "Hola")))
        await asyncio.to_thread(until, lambda: heard == ["Hola"] and relay.health()["fetching"] == 1)
        await asyncio.wait_for(connector.relayed.close(), 10)
        await asyncio.wait_for(listening, 10)

    asyncio.run(lived())
    relay.stop()


def test_a_relay_that_is_full_is_said_on_the_laptop(tmp_path):
    relay = Relay(tmp_path / "relay", "--keep-free", "999999999")
    box = relay.box()
    assert relay.post(box, BODY, **signature(BODY)).status_code == 507
    connector = Connector(account(box, tmp_path), now)
    looks(connector)
    assert connector.relayed.trouble.code == "relay_full"
    assert "disk" in connector.relayed.trouble.values["reason"]
    relay.stop()


def test_a_relay_that_is_away_is_unreachable(tmp_path):
    url = f"http://127.0.0.1:{free_port()}/in/key"
    relayed = Relayed(account(Box(url, "/in/key", "token", ""), tmp_path), clock=now)
    with pytest.raises(UnreachableError):
        asked(relayed, relayed.check)
