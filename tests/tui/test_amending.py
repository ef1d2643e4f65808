"""Changing what was sent, and taking it back, in the real console."""

import pytest

from agentdesk.channels import Ability, Accepted, Refused
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from agentdesk.engine.outbox import Postman
from tui.chats import ACCOUNT, MARIA, Service, chats
from tui.driver import HUGE, plays


class Chat(Service):
    """One that lets what was sent be changed and taken back, or does what `says` has."""

    def __init__(self) -> None:
        super().__init__(Ability(text_max=40, edits=3600.0, deletes=3600.0))
        self.asked: list[str | None] = []
        self.says: list[Refused] = []

    async def send(self, raw, envelope, before_data):
        before_data()
        return Accepted(self.taken[-1].at, names=(f"whatsapp:{MARIA}/2",))

    async def amend(self, names, text, unique):
        self.asked.append(text)
        return self.says.pop(0) if self.says else Accepted(self.taken[-1].at)


@pytest.fixture
def service(shop):
    """Maria wrote by a chat (#3)."""
    shop.with_settings(accounts=(*shop.settings.accounts, ACCOUNT))
    shop.home.make()
    made = shop.others[ACCOUNT.id] = Chat()
    chats(shop, "On és el meu paquet?")
    return made


@plays
async def test_what_was_sent_is_changed_refused_changed_again_and_taken_back(shop, service):
    postman = Postman(shop.bench.desk, shop.home, ACCOUNT.id, service)
    reply.write(shop.bench.desk, shop.settings, service, shop.bench.id(3), Wish("Demà arriva"), hold=0)
    await postman.flush()
    async with shop.console(HUGE) as glass:
        await glass.goes_to(3)
        await glass.press("enter")
        await glass.do("reading.edit")
        await glass.sees("Changes what was sent · Maria Puig · 10:02 · WhatsApp", "11/40")
        await glass.do("compose.switch")
        await glass.sees("Only the text of what was sent can be changed.")
        await glass.type(" avui")
        await glass.press("escape")
        await glass.do("reading.edit")
        await glass.sees("Demà arriva avui")  # what was begun is kept
        glass.app.home.panes.composer.rewrite("Avui arriva")
        await glass.do("compose.send")
        await glass.sees("edited at", "not changed at WhatsApp yet", "what it said first (1 line)")
        service.says.append(Refused("refused", "message can't be edited"))
        await postman.flush()
        await glass.sees(
            "WhatsApp still shows the former text: message can't be edited",
            "Demà arriva",
            "what it was to say (1 line)",
        )
        await glass.do("reading.edit")
        await glass.sees("11/40")
        glass.app.home.panes.composer.rewrite("Avui a la tarda")
        await glass.do("compose.send")
        await glass.loses("still shows")
        await glass.do("reading.delete")
        await glass.sees("Take back what was sent to Maria Puig at 10:02?")
        await glass.press("enter")
        await glass.sees("taken back by us at", "not taken back at WhatsApp yet")
        await postman.flush()
        await glass.loses("not taken back")
        await glass.do("reading.edit")
        await glass.sees("It was taken back already.")
        await glass.do("act.undo")
        await glass.sees("The customer may have seen the change")
        await glass.do("reading.up", "reading.edit")
        await glass.sees("Only what was sent from here can be changed.")
    assert service.asked == ["Avui arriva", None]
