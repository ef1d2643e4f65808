"""A whole channel: `in/PERSON.NUMBER.txt` is a message, what we answer lies in `out/` under a number of its own."""

import asyncio
from pathlib import Path

from agentdesk import channels
from agentdesk.channels import bookmark, chat
from agentdesk.channels.pump import Look, Pump
from agentdesk.core.model import Incoming, Place


class Dropbox:
    kind = "dropbox"
    ability = channels.Ability(text_max=10_000, same_again=True)

    def __init__(self, account, *, clock, between=2.0):
        self._account, self._folder = account, Path(str(account.options["folder"]))
        self._clock, self._pump = clock, Pump(clock, between=between)

    async def check(self):
        return channels.Identity(f"@{self._folder.name}")

    async def receive(self, cursor, opening, *, once):
        async for batch in self._pump.batches(cursor, self._look, once=once):
            yield batch

    async def _look(self, cursor, may_wait):
        known = bookmark.read(cursor, "done") if cursor is not None else {"done": 0}
        gaps = () if known else (channels.Gap(self._account.id, "in", "cursor"),)
        done = known["done"] if known else 0
        files = sorted((self._folder / "in").glob("*.txt"), key=number)
        fresh = [file for file in files if number(file) > done]
        some, more = fresh[:50], len(fresh) > 50
        after = bookmark.write(done=max(map(number, some), default=done))
        arrivals, total = tuple(map(self._arrival, some)), None if more else len(some)
        batch = channels.Batch(after, arrivals, gaps=gaps, done=len(some), total=total)
        return Look(batch, more=more)

    def _arrival(self, file):
        person, at = file.name.partition(".")[0], file.stat().st_mtime
        event = {"person": person, "number": number(file), "at": at, "text": file.read_text("utf-8")}
        raw, place = chat.received(self.kind, event), Place(self._account.id, "in", 0, number(file))
        return channels.Arrival(place, chat.moment(at), raw, len(raw))

    def read(self, raw):
        document = chat.opened(raw)
        if "event" not in document:
            return chat.read_sent(document)
        try:
            event, text = document["event"], chat.words(document["event"]["text"])
            name = chat.name(self.kind, event["person"], event["number"])
            who, at = chat.person("", event["person"]), chat.moment(event["at"])
        except (KeyError, TypeError):
            raise ValueError("it has not the shape of a message") from None
        return Incoming(self.kind, who, chat.title(text), text, message_id=name, sent_at=at)

    def compose(self, out):
        return chat.sent(out, self.kind)

    async def send(self, raw, envelope, before_data):
        out = chat.sending(raw)
        before_data()
        file = self._folder / "out" / f"{chat.number(out.message_id)}.txt"
        await asyncio.to_thread(file.write_text, out.text, "utf-8")
        return channels.Accepted(self._clock(), names=(chat.name(self.kind, out.to, file.stem),))

    async def find_sent(self, message_id):
        return (self._folder / "out" / f"{chat.number(message_id)}.txt").exists()

    def nudge(self):
        self._pump.nudge()

    async def close(self):
        await self._pump.close()


def number(file):
    return int(file.stem.rpartition(".")[2])
