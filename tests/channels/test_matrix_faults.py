"""Matrix where a homeserver is short of patience, breaks, forgets the login or says what no homeserver should."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.channels import Accepted, Account, Doubtful, Opening, Refused, TryLater, chat
from agentdesk.channels.matrix import Matrix
from agentdesk.core.model import Address, OutFile, Outgoing
from agentdesk.errors import ChannelError, DeskError, LoginError
from channels.contract import envelope
from servers import until
from servers.matrix import PASSWORD, ROOM, US, Homeserver, too_many, wrong
from servers.web import CUT_AFTER, CUT_BEFORE, SILENT, Answer

LEO, OTHER = "@leo:shop.test", "!other:shop.test"
BAD_GATEWAY = Answer(b"<html>bad gateway</html>", 502)
PAGE = b"<html>Sign in to this network</html>"


@pytest.fixture
def server():
    made = Homeserver()
    yield made
    made.stop()


class Shop:
    """Our account; `pauses` is what was waited for, which takes no time here."""

    def __init__(self, server, folder):
        self.server = server
        self.pauses = []
        self.opening = Opening(self.now() - timedelta(hours=1), 14)
        options = {"homeserver": server.base, "user": "vimet"}
        self.account = Account("chat", "vimet", US, lambda: PASSWORD, folder, options=options)
        self.cursor = None

    def now(self):
        return datetime.fromtimestamp(self.server.now / 1000, UTC) + timedelta(minutes=1)

    async def pause(self, seconds):
        self.pauses.append(seconds)

    def make(self):
        return Matrix(self.account, clock=self.now, pause=self.pause, long=1)

    def does(self, act):
        async def done():
            channel = self.make()
            try:
                return await act(channel)
            finally:
                await channel.close()

        return asyncio.run(done())

    def looks(self):
        """What a pass brings, as it came; its cursor is committed."""

        async def looked(channel):
            return [each async for each in channel.receive(self.cursor, self.opening, once=True)]

        batches = self.does(looked)
        self.cursor = batches[-1].cursor
        return [each for batch in batches for each in batch.arrivals]

    def news(self):
        """The same, read."""
        return [self.make().read(each.raw) for each in self.looks()]

    def sends(self, text="Bon dia", *files, to=Address("", "@ana:shop.test")):  # noqa: B008 - it is frozen
        out = Outgoing(
            "<a1@shop.test>",
            Address("Núria", US),
            (to,),
            "",
            text,
            datetime(2026, 11, 23, tzinfo=UTC),
            in_reply_to=f"matrix:{ROOM}/$1",
            references=(f"matrix:{ROOM}/$1",),
            files=files,
        )
        return self.does(lambda each: each.send(each.compose(out), envelope(out), lambda: None))


@pytest.fixture
def shop(server, tmp_path):
    return Shop(server, tmp_path)


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (too_many(7000), TryLater),
        (wrong(403, "M_FORBIDDEN", "User not in room"), Refused),
        (wrong(413, "M_TOO_LARGE", "event too large"), Refused),
        (wrong(500, "M_UNKNOWN", "Internal server error"), Doubtful),
        (BAD_GATEWAY, Doubtful),
        (Answer(PAGE), Doubtful),
        (CUT_BEFORE, Doubtful),
        (CUT_AFTER, Doubtful),
    ],
    ids=lambda each: each if isinstance(each, str) else str(getattr(each, "status", "")),
)
def test_what_becomes_of_a_send_and_the_next_attempt_arrives_once(server, shop, fault, wanted):
    server.on("/send/", fault)
    result = shop.sends()
    assert isinstance(result, wanted)
    if wanted is TryLater:
        assert result.after == 7
    if wanted is Refused:
        assert result.code == {403: "blocked", 413: "too_large"}[fault.status]
    assert isinstance(shop.sends(), Accepted)
    assert [each["body"] for each in server.put.values()] == ["Bon dia"]


def test_nobody_listens(server, shop):
    server.stop()
    assert isinstance(shop.sends(), TryLater)  # no connection came about: it has surely not gone


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (BAD_GATEWAY, TryLater),
        (CUT_AFTER, TryLater),
        (wrong(413, "M_TOO_LARGE", "too large"), Refused),
        (too_many(2000), TryLater),
    ],
    ids=["502", "cut", "413", "429"],
)
def test_a_file_that_cannot_be_uploaded_lets_nothing_go(server, shop, fault, wanted):
    """Nothing is to be seen in the room before all of it can be."""
    server.on("/upload", fault)
    assert isinstance(shop.sends("Mira", OutFile("a.png", "image/png", b"PNG")), wanted)
    assert server.put == {}


def test_files_that_have_gone_are_not_called_refused_with_the_text(server, shop):
    server.on("/send/", server.handle, wrong(403, "M_FORBIDDEN", "not allowed"))
    result = shop.sends("Mira", OutFile("a.png", "image/png", b"PNG"))
    assert isinstance(result, Accepted)
    assert (result.refused, len(result.names)) == ((("", "not allowed"),), 1)


def test_an_expired_token_is_replaced_in_the_middle_of_a_send(server, shop):
    shop.news()
    server.forget_logins()
    assert isinstance(shop.sends(), Accepted)
    assert len(server.logins) == 2
    assert len({each["device_id"] for each in server.logins}) == 1  # the device stays the same


def test_a_token_that_another_process_has_replaced_is_taken_over(server, shop):
    async def both():
        first, second = shop.make(), shop.make()
        await first.check()
        server.forget_logins()
        await second.check()  # logs in, and keeps the new token for all
        await first.check()
        await first.close()
        await second.close()

    asyncio.run(both())
    assert len(server.logins) == 2


def test_a_homeserver_that_knows_no_token_is_left_alone_after_one_login(server, shop):
    stranger = wrong(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.")
    server.on("/sync", *[stranger] * 9)
    with pytest.raises(LoginError):
        shop.news()
    assert len(server.logins) <= 3


def test_a_password_that_changed_is_said(server, shop):
    shop.news()
    server.forget_logins()
    shop.account = Account(
        "chat", "vimet", US, lambda: "another-one", shop.account.spool, options=shop.account.options
    )
    with pytest.raises(LoginError):
        shop.news()
    assert isinstance(shop.sends(), Refused)


def test_a_homeserver_that_asks_for_patience_is_given_it(server, shop):
    server.says("Hola")
    server.on("/sync", too_many(3000))
    assert [each.text for each in shop.news()] == ["Hola"]
    assert shop.pauses == [3.0]


def test_one_that_asks_for_too_much_is_left_and_asked_another_time(server, shop):
    server.says("Hola")
    server.on("/sync", too_many(600_000))
    with pytest.raises(ChannelError, match="Too Many"):
        shop.news()
    assert [each.text for each in shop.news()] == ["Hola"]


@pytest.mark.parametrize(
    "fault",
    [BAD_GATEWAY, CUT_BEFORE, CUT_AFTER, Answer(b"{"), Answer({"next_batch": "s1", "rooms": {"join": 7}})],
    ids=["502", "cut before", "cut after", "no JSON", "no rooms"],
)
def test_a_look_that_fails_is_made_again_from_where_it_was(server, shop, fault):
    shop.news()
    server.says("Hola")
    server.on("/sync", fault)

    async def followed():
        channel = shop.make()
        found = []
        async for batch in channel.receive(shop.cursor, shop.opening, once=False):
            found += [channel.read(each.raw).text for each in batch.arrivals]
            if found:
                await channel.close()
        return found, channel.trouble

    assert asyncio.run(asyncio.wait_for(followed(), 20)) == (["Hola"], None)
    assert len(shop.pauses) == 1


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("about", ["/members", "/event/"])
def test_what_somebody_between_us_answers_is_not_taken_for_the_homeservers_word(server, shop, about, status):
    shop.news()
    first = server.says("Hola")
    server.happens("m.room.message", {"msgtype": "m.text", "body": "Des del mòbil"}, sender=US)
    server.says("* Adéu", **{
        "m.new_content": {"msgtype": "m.text", "body": "Adéu"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    })  # fmt: skip
    server.on(about, Answer(PAGE, status))
    with pytest.raises(ChannelError):
        shop.news()
    hello, elsewhere, edit = shop.news()
    assert [hello.text, elsewhere.text] == ["Hola", "Des del mòbil"]
    assert (edit.edits, edit.text) == (hello.message_id, "Adéu")


def test_a_homeserver_that_falls_silent_does_not_hold_the_end_up(server, shop):
    server.on("/sync", SILENT)

    async def ended():
        channel = shop.make()
        stream = channel.receive(None, shop.opening, once=False)
        waiting = asyncio.ensure_future(anext(stream, None))
        await asyncio.to_thread(until, lambda: server.logins)
        await channel.close()
        return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(ended()) is None


def test_a_file_that_does_not_come_is_tried_again_and_then_said(server, shop):
    server.files |= {"one": b"first", "two": b"second"}
    server.says("a.png", msgtype="m.image", url="mxc://shop.test/one")
    server.says("b.png", msgtype="m.image", url="mxc://shop.test/two")
    server.says("després")
    server.on("/download", BAD_GATEWAY, CUT_AFTER, server.handle, BAD_GATEWAY, BAD_GATEWAY, BAD_GATEWAY)
    first, second, later = shop.news()
    assert ([each.size for each in first.attachments], first.warnings) == ([5], ())
    assert (second.attachments, second.warnings) == ((), ("file_missing",))
    assert later.text == "després"
    assert shop.pauses == [1, 2, 1, 2]


def test_an_invitation_that_cannot_be_accepted_now_is_tried_again(server, shop):
    shop.news()
    server.invites("!new:shop.test")
    server.says("Per fi", "!new:shop.test")
    server.on("/join", BAD_GATEWAY, CUT_BEFORE, Answer(PAGE))
    server.says("Hola")
    assert "Hola" in [each.text for each in shop.news()]  # the others do not wait for it
    while not server.joined:
        shop.news()
    assert server.joined == ["!new:shop.test"]
    assert json.loads(shop.cursor)["invited"] == {}


def test_an_invitation_whose_acceptance_was_heard_and_not_answered_is_accepted(server, shop):
    shop.news()
    server.invites("!new:shop.test")
    server.on("/join", CUT_AFTER)
    shop.news()
    server.says("Hola", "!new:shop.test")
    assert [each.text for each in shop.news()] == ["Hola"]


def test_a_clock_of_another_homeserver_that_is_wrong_hides_nobody(server, shop):
    """What comes to a known room is new, whatever its date says; only one that nobody can read goes to quarantine."""
    shop.news()
    seen_at = shop.now()
    for at in (0, -(1 << 53), (1 << 53) - 1):
        server.happens("m.room.message", {"msgtype": "m.text", "body": "Hola"}, origin_server_ts=at)
    found = shop.looks()
    assert [each.before for each in found] == [False] * 3
    assert min(each.received_at for each in found) >= seen_at
    assert max(each.received_at for each in found) <= shop.now()


def test_a_file_that_speaks_as_the_homeserver_does_is_a_file(server, shop):
    """What a customer's file says is no word of the homeserver's about our login."""
    data = json.dumps({"errcode": "M_UNKNOWN_TOKEN", "error": "go away"}).encode()
    server.files["evil"] = data
    server.says("evil.json", msgtype="m.file", url="mxc://shop.test/evil")
    (said,) = shop.news()
    assert [each.size for each in said.attachments] == [len(data)]
    assert len(server.logins) == 1


@pytest.mark.parametrize(
    "content",
    [
        {"msgtype": 7, "body": ["x"]},
        {"msgtype": "m.image", "body": {}, "info": [], "url": "mxc://../../etc/passwd", "filename": 3},
        {"msgtype": "m.image", "body": "a", "url": "https://tracker.example/pixel"},
        {"msgtype": "m.audio", "body": "a", "info": {"duration": "long", "size": -1}, "url": None},
        {"msgtype": "m.text", "body": "a", "m.relates_to": [1]},
        {"msgtype": "m.text", "body": "a", "m.relates_to": {"rel_type": "m.replace", "event_id": {}}},
        {"msgtype": "m.text", "body": "a", "m.relates_to": {"m.in_reply_to": "x"}},
        {"body": "\x1b[2J\u202eevil", "msgtype": "m.text", "m.new_content": 3},
    ],
    ids=range(8),
)
def test_whatever_a_customer_says_is_a_message(server, shop, content):
    server.happens("m.room.message", content)
    (said,) = shop.news()
    assert said.sender.email == "@ana:shop.test"
    assert "\x1b" not in said.text
    fetched = [each.path for each in server.said("/download")]
    assert not [path for path in fetched if "etc" in path or "tracker" in path]


def test_neither_password_nor_token_is_in_any_word(server, shop, caplog):
    caplog.set_level(logging.DEBUG)
    shop.news()
    (token,) = server.tokens
    said = [repr(shop.make()), repr(shop.account), shop.cursor]
    for fault in (
        CUT_BEFORE,
        CUT_AFTER,
        wrong(400, "M_X", f"no {token} {PASSWORD}"),
        Answer(b"{"),
        BAD_GATEWAY,
    ):
        shop.cursor = None
        server.on("/sync", fault)
        server.on("/send/", fault)
        try:
            shop.news()
        except DeskError as error:
            said += map(str, (error, repr(error), error.values, error.__cause__, error.__context__))
        said.append(repr(shop.sends()))
    server.forget_logins()
    server.on("/login", wrong(403, "M_FORBIDDEN", f"not with {PASSWORD}"))
    with pytest.raises(LoginError) as caught:
        shop.news()
    said += [str(caught.value), repr(caught.value)]
    said += [record.getMessage() for record in caplog.records]
    assert not [text for text in said if PASSWORD in text or token in text]
    files = [path for path in shop.account.spool.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if token.encode() in path.read_bytes()]


def test_a_room_to_which_a_third_has_come_is_a_room_of_several(server, shop):
    server.says("A soles")
    server.happens("m.room.message", {"msgtype": "m.text", "body": "Hola a tots"}, OTHER, sender=LEO)
    server.says("Jo també", OTHER)
    server.on("/state/m.room.name", Answer({"name": "Veïns"}), Answer({"name": "Veïns"}))
    alone, first, second = shop.news()
    assert (alone.room, first.room, second.room) == (None, *[chat.room("Veïns", OTHER)] * 2)
    assert (first.sender.email, second.sender.email) == (LEO, "@ana:shop.test")
    server.happens("m.room.message", {"msgtype": "m.text", "body": "Sóc aquí"}, ROOM, sender=LEO)
    server.happens("m.room.message", {"msgtype": "m.text", "body": "Benvinguts"}, ROOM, sender=US)
    theirs, ours = shop.news()  # nobody has named this one: it is called by its people
    assert theirs.room == ours.room == chat.room("@ana:shop.test, @leo:shop.test", ROOM)
    assert ours.to == (ours.room,)


def test_what_is_meant_for_one_person_goes_into_no_room_of_several(server, shop):
    server.says("On és?")
    assert isinstance(shop.sends(), Accepted)
    server.happens("m.room.message", {"msgtype": "m.text", "body": "Hola"}, sender=LEO)
    refused = shop.sends("Carrer Major 7")
    assert (refused.code, len(server.put)) == ("overheard", 1)
    assert isinstance(shop.sends("Hola a tots", to=chat.room("Veïns", ROOM)), Accepted)
    server.on("/members", wrong(500, "M_UNKNOWN", "Internal server error"))
    assert isinstance(shop.sends("Carrer Major 7"), TryLater)  # nobody can say who is there
