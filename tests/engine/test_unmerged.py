"""Two chats that were taken for one person, and were two after all: whoever writes then is told from the other."""

from dataclasses import replace

import pytest

from agentdesk.channels import Arrival, Batch, chat
from agentdesk.config import Account
from agentdesk.core.commands import Merge, MergeCustomers
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, Incoming, Place
from agentdesk.engine import person, reply
from agentdesk.engine.intake import Intake
from agentdesk.engine.switch import Switch, ways_to
from agentdesk.engine.window import Window
from engine.chats import MARIA, Chats

BERTA = "90"


class Two(Chats):
    """Maria writes by WhatsApp, Berta to a bot; somebody took them for one, and answered Berta's ticket by WhatsApp."""

    def __init__(self, folder):
        super().__init__(folder, "whatsapp")
        bot = Account("bot", "tg", "telegram", "@vimet_bot")
        self.settings = replace(self.settings, accounts=(*self.settings.accounts, bot))
        self.told = 0
        self.writes("Soy Maria", 1)
        self.bot("Soy Berta")
        with Window(self.bench.desk) as window:
            maria, berta = window.customer(f"whatsapp:{MARIA}"), window.customer(f"telegram:{BERTA}")
        self.bench.desk.do(MergeCustomers(berta, maria))
        way = next(each for each in self.ways(2) if each.channel == "whatsapp")
        switch = Switch(way, "Por WhatsApp")
        ticket = self.bench.id(2)
        reply.write(self.bench.desk, self.settings, self, ticket, Wish("Ya va"), hold=0, switch=switch)  # type: ignore[arg-type]

    def bot(self, text):
        self.told += 1
        name = chat.name("telegram", BERTA, self.told)
        said = Incoming(
            "telegram",
            Address("Berta", BERTA),
            text,
            text,
            message_id=name,
            sent_at=self.bench.clock.at,
        )
        raw = b"bot %d" % self.told
        arrival = Arrival(Place("bot", "x", 0, self.told), self.bench.clock.at, raw, len(raw))
        Intake(self.bench.desk, "bot", lambda _: said).take(Batch(f"bot {self.told}", (arrival,)))

    def ways(self, number):
        return ways_to(self.bench.desk, self.bench.id(number))

    def parted(self):
        return person.unmerge(self.bench.desk, f"telegram:{BERTA}", f"whatsapp:{MARIA}")

    def whom(self, number):
        with Window(self.bench.desk) as window:
            return window.to_whom(self.bench.id(number))


@pytest.fixture
def shop(tmp_path):
    made = Two(tmp_path)
    yield made
    made.bench.close()


def test_what_one_of_them_writes_then_has_a_ticket_of_its_own_beside_the_shared_one(shop):
    shop.parted()
    shop.go(minutes=1)
    shop.bot("dato privado")
    shop.bot("y otro")
    row = shop.bench.ticket(3).row
    assert (row.customer_name, [m.text for m in shop.bench.messages(3)]) == (
        "Berta",
        ["dato privado", "y otro"],
    )
    assert shop.bench.messages(3)[0].joined_by == "linked"
    assert 3 in shop.bench.ticket(1).linked
    assert (shop.whom(3).to, shop.whom(3).another) == ((BERTA,), "")
    shop.writes("Soy Maria otra vez", 2)
    assert [m.text for m in shop.bench.messages(1)][-1] == "Soy Maria otra vez"


def test_what_somebody_merged_by_hand_goes_on_together_whosever_it_is(tmp_path):
    """A couple with one matter: nobody ever said that they are two, since nobody took them for one."""
    shop = Chats(tmp_path)
    shop.writes("Escric jo", 1)
    shop.writes("I jo", 1, person="34600999888")
    shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    shop.writes("Una cosa més", 2, person="34600999888")
    assert [m.text for m in shop.bench.messages(1)] == ["Escric jo", "I jo", "Una cosa més"]
    shop.bench.close()


def test_it_is_said_which_tickets_hold_messages_of_both(shop):
    assert shop.parted().shared == (1,)


def test_until_then_they_are_one_wherever_they_are_named(shop):
    with Window(shop.bench.desk) as window:
        card = person.card(shop.bench.desk, window.customer(f"telegram:{BERTA}"))
    row = shop.bench.ticket(1).row
    assert (row.customer, row.customer_name) == (card.id, card.name)
    shop.bot("Sigo aquí")
    assert [m.text for m in shop.bench.messages(1)][-1] == "Sigo aquí"
    assert shop.whom(1).another == "", "whoever it is, it is the ticket's customer"


def test_who_really_gets_an_answer_is_named_where_that_is_not_the_tickets_customer(shop):
    shop.bot("La última palabra")
    shop.parted()
    whom = shop.whom(1)
    assert (whom.channel, whom.to, whom.another) == ("telegram", (BERTA,), "Berta")


def test_a_note_is_on_the_card_of_whom_its_ticket_is(shop):
    shop.parted()
    cards = {}
    for each in (f"telegram:{BERTA}", f"whatsapp:{MARIA}"):
        with Window(shop.bench.desk) as window:
            cards[each] = person.card(shop.bench.desk, window.customer(each))
    assert [[text for _, _, text in card.notes] for card in cards.values()] == [[], ["Por WhatsApp"]]
