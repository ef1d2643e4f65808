"""The contract that every connector keeps: nothing lost, nothing twice, an end within two seconds, no secret said."""

import asyncio
import time
from dataclasses import replace
from importlib.metadata import entry_points

import pytest

from agentdesk.channels import Ability, Accepted, Doubtful, Refused, TryLater
from agentdesk.errors import DeskError
from channels.breaking import broken_off
from channels.contract import HARNESSES, Taker, arrivals, asked, envelope, places, some
from channels.hooked import LiveInstagramHarness, LivePageHarness, WhatsAppHarness
from channels.rooms import MatrixHarness
from servers import PROOF

CUTS = 3
"""Awaits of a receiving consumer at which it is broken off; all of them by `make proof`."""

KINDS = [
    pytest.param("demo"),
    pytest.param("email", marks=pytest.mark.servers),
    pytest.param("telegram"),
    pytest.param("sms"),
    pytest.param("messenger"),
    pytest.param("whatsapp"),
    pytest.param("messenger by relay"),  # Instagram is the same under another name: its sending is below
    pytest.param("matrix", marks=pytest.mark.servers),
]
ALL = {
    **HARNESSES,
    MatrixHarness.kind: MatrixHarness,
    "whatsapp": WhatsAppHarness,
    "messenger by relay": LivePageHarness,
    "instagram by relay": LiveInstagramHarness,
}


@pytest.fixture(params=KINDS)
def harness(request, tmp_path):
    return ALL[request.param](tmp_path, request)


@pytest.fixture
def sender(harness):
    return harness.make()


def given(harness, cursor=None, most=None):
    return asyncio.run(some(harness, cursor, most))


def test_from_every_committed_cursor_comes_the_rest_and_only_the_rest(harness):
    batches = given(harness)
    assert len(batches) > 1
    whole = places(batches)
    assert len(whole) == len(set(whole))
    for number, batch in enumerate(batches, 1):
        rest, cursor = whole[len(places(batches[:number])) :], str(batch.cursor)
        if hasattr(
            harness, "rewind"
        ):  # what is confirmed is gone: the same way is gone again, and no further
            harness.rewind()
            cursor = given(harness, most=number)[-1].cursor
        found = places(given(harness, cursor))
        assert [(each.folder, each.uid) for each in found] == [(each.folder, each.uid) for each in rest]


def test_two_passes_with_nothing_new_bring_nothing(harness):
    cursor = given(harness)[-1].cursor
    for _ in range(2):
        again = given(harness, cursor)
        assert not any(b.arrivals or b.flagged or b.gone or b.gaps for b in again)
        cursor = again[-1].cursor if again else cursor


def test_what_comes_later_comes_once(harness):
    first = given(harness)
    harness.grow()
    second = given(harness, first[-1].cursor)
    assert arrivals(second)
    assert not set(places(first)) & set(places(second))


def test_a_cursor_that_nobody_wrote_begins_anew_and_says_so(harness):
    whole = places(given(harness))
    for cursor in ("", "rubbish", '{"version": 999}', "[]", "null"):
        batches = given(harness, cursor)
        if not getattr(harness, "forgets", False):  # a service that keeps nothing can give nothing again
            assert sorted(map(repr, places(batches))) == sorted(map(repr, whole))
        assert [gap for batch in batches for gap in batch.gaps]


@pytest.mark.parametrize("after_commit", [False, True], ids=["before the commit", "after the commit"])
def test_a_consumer_that_dies_at_any_batch_ends_with_the_same_rows(harness, tmp_path, after_commit):
    straight = Taker(tmp_path / "straight", harness)
    assert asyncio.run(straight.take())
    wanted = straight.rows()
    straight.close()
    assert sum(len(messages) for _, _, messages in wanted) >= 50
    died = 0
    for dies_at in range(1, harness.deaths + 1):
        taker = Taker(tmp_path / f"dies at {dies_at}", harness)
        died += not asyncio.run(taker.take(dies_at, after_commit=after_commit))
        assert asyncio.run(taker.take())
        assert taker.rows() == wanted
        taker.close()
    assert died >= 2


def test_a_consumer_that_dies_at_every_batch_comes_to_an_end_too(harness, tmp_path):
    straight = Taker(tmp_path / "straight", harness)
    assert asyncio.run(straight.take())
    taker = Taker(tmp_path / "dies at each", harness)
    for _ in range(50):
        if asyncio.run(taker.take(1)) or taker.rows() == straight.rows():
            break
    assert taker.rows() == straight.rows()
    straight.close()
    taker.close()


def test_a_consumer_that_is_cancelled_anywhere_ends_with_the_same_rows(harness, tmp_path):
    straight = Taker(tmp_path / "straight", harness)
    assert asyncio.run(straight.take())
    taker = Taker(tmp_path / "cancelled", harness)

    async def cancelled(after: int) -> None:
        task = asyncio.ensure_future(taker.take())
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait((task,))

    for after in range(harness.cancels.stop) if PROOF else harness.cancels:
        asyncio.run(cancelled(after))
    assert asyncio.run(taker.take())
    assert taker.rows() == straight.rows()
    straight.close()
    taker.close()


def test_a_consumer_that_is_broken_off_at_any_of_its_awaits_ends_with_the_same_rows(harness, tmp_path):
    straight = Taker(tmp_path / "straight", harness)
    count = asyncio.run(broken_off(straight.take(), 0))
    every = range(1, count + 1)
    for at in every if PROOF else every[1 :: count // CUTS]:
        taker = Taker(tmp_path / f"broken off at {at}", harness)
        asyncio.run(broken_off(taker.take(), at))
        assert asyncio.run(taker.take())
        assert taker.rows() == straight.rows(), at
        taker.close()
    straight.close()


@pytest.mark.parametrize("batches", [0, 1, 1000])
def test_closing_ends_it_within_two_seconds(harness, batches):
    async def closed() -> float:
        channel, taken, there = harness.make(), 0, asyncio.Event()

        async def consume() -> None:
            nonlocal taken
            async for batch in channel.receive(None, harness.opening, once=False):
                taken += 1
                if taken == batches or batch.done == batch.total:
                    there.set()

        task = asyncio.ensure_future(consume())
        if batches:
            await asyncio.wait_for(there.wait(), 20)
        else:
            await asyncio.sleep(0)
        began = time.monotonic()
        await channel.close()
        await channel.close()
        await asyncio.wait_for(task, 5)
        return time.monotonic() - began

    assert asyncio.run(closed()) < 2


def test_closing_and_nudging_what_never_ran_does_no_harm(harness):
    channel = harness.make()
    channel.nudge()
    asyncio.run(channel.close())
    asyncio.run(channel.close())


def test_a_nudge_from_another_thread_brings_what_is_new(harness):
    channel = harness.make()

    async def nudged() -> int:
        found, whole = 0, None
        async for batch in channel.receive(None, harness.opening, once=False):
            found += len(batch.arrivals)
            if whole is not None and found > whole:
                await channel.close()
            elif batch.done == batch.total and whole is None:
                whole = found
                await asyncio.to_thread(harness.grow)
                await asyncio.to_thread(channel.nudge)
        return found - (whole or 0)

    assert asyncio.run(asyncio.wait_for(nudged(), 20)) > 0


def test_reading_is_pure_and_the_same_from_a_file(harness, tmp_path):
    channel = harness.make()
    for arrival in arrivals(given(harness))[-40:]:
        raw = arrival.raw if isinstance(arrival.raw, bytes) else arrival.raw.read_bytes()
        assert len(raw) == arrival.size
        file = tmp_path / "raw"
        file.write_bytes(raw)
        assert channel.read(raw) == channel.read(raw) == channel.read(file)


def test_garbage_is_refused_with_a_reason(harness):
    for raw in harness.garbage:
        with pytest.raises(ValueError) as caught:
            harness.make().read(raw)
        assert str(caught.value)


def test_no_secret_is_ever_said(harness):
    channel = harness.make()
    batches = given(harness)
    said = [repr(channel), repr(harness.account), *(batch.cursor for batch in batches)]
    broken = replace(harness.account, options={**harness.account.options, "folders": ("Nowhere",)})
    try:
        other = type(channel)(broken, clock=lambda: harness.opening.opened_at)
        said.append(repr(asked(other, other.check)))
    except DeskError as error:
        said += [str(error), repr(error)]
    secrets = {harness.account.secret(), *harness.account.secrets().values()}
    assert not [text for text in said for each in secrets if each in text]


def test_who_we_are_is_told(harness):
    channel = harness.make()
    assert asked(channel, channel.check).address == harness.account.address or "@" in harness.account.address


def test_composing_is_pure_and_can_be_read(harness, sender):
    out = harness.letter()
    raw = sender.compose(out)
    assert raw == sender.compose(out)
    mail = sender.read(raw)
    assert mail.message_id == out.message_id
    assert mail.references == out.references
    assert mail.text.split() == out.text.split()


RESULTS = ("Accepted", "TryLater", "Refused", "Doubtful", "Doubtful, but gone")
# What a real server cannot be made to do is tested with one that misbehaves: test_smtp.py, test_matrix_faults.py.
SENDING = [
    (channel, kind)
    for channel in ("demo", "telegram", "sms", "messenger", "whatsapp", "instagram by relay")
    for kind in RESULTS
] + [pytest.param(channel, "Accepted", marks=pytest.mark.servers) for channel in ("email", "matrix")]


@pytest.mark.parametrize(("harness", "kind"), SENDING, indirect=["harness"])
def test_what_is_said_of_a_message_is_true(harness, sender, kind):
    harness.troubles()[kind]()
    out, marks = harness.letter(), []
    raw = sender.compose(out)
    result = asked(sender, lambda: sender.send(raw, envelope(out), lambda: marks.append(1)))
    if kind == "Accepted" and hasattr(sender, "file_sent"):
        asked(sender, lambda: sender.file_sent(raw, out.message_id))
    known = asyncio.run(harness.make().find_sent(out.message_id))
    wanted = {"Accepted": Accepted, "TryLater": TryLater, "Refused": Refused}.get(kind, Doubtful)
    assert isinstance(result, wanted)
    assert len(marks) in ({1} if kind not in {"TryLater", "Refused"} else {0, 1})
    assert known in {None, kind in {"Accepted", "Doubtful, but gone"}}


AMENDING = ["demo", "telegram", pytest.param("matrix", marks=pytest.mark.servers)]


@pytest.mark.parametrize("harness", AMENDING, indirect=True)
def test_a_change_that_is_broken_off_anywhere_and_asked_again_is_made(harness, sender):
    out = harness.chat_letter()
    names = asked(sender, lambda: sender.send(sender.compose(out), envelope(out), lambda: None)).names
    for text, unique in (("Ja és aquí", "change-1"), (None, "change-2")):
        broken = harness.make()
        count = asyncio.run(broken_off(broken.amend(names, text, f"{unique}-whole"), 0))
        asyncio.run(broken.close())
        for at in range(1, count + 1)[:: max(1, count // CUTS)]:
            asyncio.run(broken_off(harness.make().amend(names, text, unique), at))
        again = harness.make()
        assert isinstance(asked(again, lambda: again.amend(names, text, unique)), Accepted)  # noqa: B023
        assert harness.shown(names[0]) == text


def test_what_says_that_it_changes_what_was_sent_does_and_nothing_else():
    connectors = entry_points(group="agentdesk.channels")
    assert connectors
    for each in connectors:
        connector = each.load()
        said = [*getattr(connector, "abilities", {}).values(), getattr(connector, "ability", Ability())]
        assert any(one.edits or one.deletes for one in said) == hasattr(connector, "amend"), each.name


def test_nothing_goes_where_the_mark_could_not_be_made(harness, sender):
    def no_mark() -> None:
        raise OSError("the disk is full")

    out = harness.letter()
    with pytest.raises(OSError, match="full"):
        asked(sender, lambda: sender.send(sender.compose(out), envelope(out), no_mark))
    assert not asyncio.run(harness.make().find_sent(out.message_id))


def test_what_was_never_sent_is_not_found(harness, sender):
    assert asyncio.run(sender.find_sent("<never@shop.test>")) in {None, False}
