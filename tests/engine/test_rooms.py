"""Groups: what several people read is a conversation of its own, and no answer to one person is ever said there."""

from dataclasses import replace

import pytest

from agentdesk.channels import chat
from agentdesk.core.commands import Merge, MergeCustomers, Split
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address
from agentdesk.engine import person, reply
from agentdesk.engine.first import whom as whom_first
from agentdesk.engine.switch import Switch, ways_to
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from engine.chats import MARIA, Chats

GROUP, OTHER = "-1001", "-1002"
LEO = "34600999888"


class Groups(Chats):
    """A bot that people write to, alone and in groups."""

    def says(self, text, number=1, *, person=MARIA, name="Maria", group=GROUP, title="Vecinos", **more):
        """Somebody writes in a group."""
        said = self.text(text, number, person=person, **more)
        room = chat.room(title, group)
        return self.comes(
            replace(
                said, sender=Address(name, person), message_id=chat.name(self.kind, group, number), room=room
            )
        )

    def ours(self, text, number, group=GROUP):
        """We answer in the group from a phone."""
        said = self.text(text, number)
        room = chat.room("Vecinos", group)
        name = chat.name(self.kind, group, number)
        one = replace(said, sender=Address("", "+34900"), message_id=name, to=(room,), room=room)
        return self.comes(one, "sent")

    def tickets(self):
        """(what the queue calls it, room, texts) of every ticket, by number."""
        rows = sorted(self.bench.queue("all"), key=lambda row: row.number)
        return [
            (row.customer_name, row.room, [m.text for m in self.bench.messages(row.number)]) for row in rows
        ]

    def whom(self, number):
        with Window(self.bench.desk) as window:
            return window.to_whom(self.bench.id(number))

    def goes_to(self):
        """(to, conversation of what is answered, in a room) of everything that was sent."""
        self.flush()
        return [(each.to, each.conversation, each.is_room) for each in self.sent]


@pytest.fixture
def bot(tmp_path):
    made = Groups(tmp_path, "telegram")
    yield made
    made.bench.close()


def test_what_is_said_in_a_group_and_to_us_alone_are_two_conversations_either_way_round(bot):
    bot.writes("mi pedido privado 99", 1)
    bot.says("hola vecinos", 2)
    bot.writes("¿y bien?", 3)
    bot.says("¿alguien?", 4)
    assert bot.tickets() == [
        ("Maria", "", ["mi pedido privado 99", "¿y bien?"]),
        ("Vecinos", "Vecinos", ["hola vecinos", "¿alguien?"]),
    ]


def test_a_private_answer_never_goes_into_the_group_whatever_came_last(bot):
    bot.writes("mi pedido privado 99", 1)
    bot.says("hola vecinos", 2)
    bot.answer("Su pedido 99: enviado a Reforma 1", ticket=1)
    assert bot.goes_to() == [(MARIA, MARIA, False)]


def test_an_answer_to_the_group_goes_there_whoever_wrote_to_us_alone_since(bot):
    bot.says("hola vecinos", 1)
    bot.writes("mi pedido privado 99", 2)
    bot.answer("Abrimos a las nueve", ticket=1)
    assert bot.goes_to() == [(GROUP, GROUP, True)]


def test_a_group_has_one_ticket_with_everybody_under_their_own_name(bot):
    bot.says("¿Abrís hoy?", 1)
    bot.says("Yo también pregunto", 2, person=LEO, name="Leo")
    bot.says("Otra cosa", 3, group=OTHER, title="Familia", person=LEO, name="Leo")
    assert [title for title, _, _ in bot.tickets()] == ["Vecinos", "Familia"]
    messages = bot.bench.messages(1)
    assert [(m.name, m.identity) for m in messages] == [
        ("Maria", f"telegram:{MARIA}"),
        ("Leo", f"telegram:{LEO}"),
    ]
    bot.answer("Sí, hasta las ocho", ticket=1)
    bot.flush()
    row = bot.bench.ticket(1).row
    assert (row.status, row.owed_since) == ("waiting_customer", None)  # everybody is answered at once


def test_the_room_is_named_where_an_answer_goes_and_a_person_is_none(bot):
    bot.says("hola", 1)
    bot.says("hola", 2, title="Vecinos del 5")
    bot.writes("a solas", 3)
    assert (bot.whom(1).room, bot.whom(1).to) == ("Vecinos del 5", (f"room:{GROUP}",))
    assert (bot.whom(2).room, bot.whom(2).to) == ("", (MARIA,))


def test_what_we_say_in_the_group_from_a_phone_is_the_groups(bot):
    bot.says("hola", 1)
    bot.ours("buenas", 2)
    bot.ours("aquí también", 3, group=OTHER)
    assert [texts for _, _, texts in bot.tickets()] == [["hola", "buenas"], ["aquí también"]]


def test_a_quotation_joins_nothing_across_the_border(bot):
    """A room of two that a third has come to since: the answer to what was private is said before all."""
    bot.writes("privado", 1, person=GROUP)  # as a Matrix room, which is called the same before and after
    bot.says("ahora somos tres", 2, in_reply_to=(bot.name(1, GROUP),), references=(bot.name(1, GROUP),))
    assert [texts for _, _, texts in bot.tickets()] == [["privado"], ["ahora somos tres"]]


def test_of_two_tickets_that_were_merged_the_one_that_is_left_says_where_an_answer_goes(bot):
    bot.writes("privado", 1)
    bot.says("en el grupo", 2)
    bot.bench.desk.do(Merge(bot.bench.id(2), bot.bench.id(1)))
    bot.answer("Enviado a Reforma 1", ticket=1)
    bot.says("seguimos aquí", 3)
    assert bot.goes_to() == [(MARIA, MARIA, False)]
    assert [texts for _, room, texts in bot.tickets() if room] == [["seguimos aquí"]]


def test_a_message_taken_out_of_a_groups_ticket_is_answered_in_the_group(bot):
    bot.says("una cosa", 1)
    bot.says("y otra", 2)
    bot.bench.desk.do(Split(bot.bench.messages(1)[1].id))
    assert [room for _, room, _ in bot.tickets()] == ["Vecinos", "Vecinos"]
    bot.answer("De acuerdo", ticket=2)
    assert bot.goes_to() == [(GROUP, GROUP, True)]


def test_nobody_is_written_to_by_a_way_that_is_a_group(bot):
    bot.says("en el grupo", 1)
    assert ways_to(bot.bench.desk, bot.bench.id(1)) == ()
    with pytest.raises(RefusedError):  # Maria has never written to the bot herself
        whom_first(bot.bench.desk, bot.settings.accounts[0], MARIA)
    bot.writes("a solas", 2)
    bot.says("y otra vez", 3)
    first = whom_first(bot.bench.desk, bot.settings.accounts[0], MARIA)
    assert first.began == bot.name(2)
    (way,) = ways_to(bot.bench.desk, bot.bench.id(2))
    assert (way.address, way.number) == (MARIA, 2)


def test_a_group_that_was_taken_for_a_person_stays_a_group(bot):
    """Somebody makes the customer of the group and one of its members one: each conversation stays what it is."""
    bot.says("en el grupo", 1)
    bot.writes("a solas", 2)
    with Window(bot.bench.desk) as window:
        group, maria = window.customer(f"telegram:room:{GROUP}"), window.customer(f"telegram:{MARIA}")
    bot.bench.desk.do(MergeCustomers(group, maria))
    bot.says("seguimos", 3)
    bot.writes("y yo", 4)
    assert [texts for _, _, texts in bot.tickets()] == [["en el grupo", "seguimos"], ["a solas", "y yo"]]
    (way,) = ways_to(bot.bench.desk, bot.bench.id(1))
    switch = Switch(way, "a solas")
    ticket = bot.bench.id(1)
    reply.write(bot.bench.desk, bot.settings, bot, ticket, Wish("Solo para usted"), hold=0, switch=switch)  # type: ignore[arg-type]
    assert bot.goes_to() == [(MARIA, MARIA, False)]


def test_a_rebuild_knows_the_room(bot):
    bot.writes("privado", 1)
    bot.says("hola", 2)
    bot.says("adiós", 3, person=LEO, name="Leo")
    with bot.bench.reading() as connection:
        before = digest(connection)
    bot.bench.store.rebuild()
    with bot.bench.reading() as connection:
        assert digest(connection) == before
    with Window(bot.bench.desk) as window:
        card = person.card(bot.bench.desk, window.customer(f"telegram:room:{GROUP}"))
    assert (card.name, [ticket.number for ticket in card.tickets]) == ("Vecinos", [2])


def test_what_was_stored_before_groups_were_known_is_answered_in_its_group(bot):
    said = bot.text("hola vecinos", 1)
    bot.comes(replace(said, sender=Address("Maria", MARIA), message_id=chat.name(bot.kind, GROUP, 1)))
    assert bot.tickets() == [("Maria", "", ["hola vecinos"])], "as it was stored then"
    assert bot.whom(1).room == GROUP
    bot.answer("Sí, a todos")
    assert bot.goes_to() == [(GROUP, GROUP, True)]
