"""A shop that asks its customers how it was."""

from agentdesk.core.commands import Resolve
from agentdesk.engine import survey
from agentdesk.engine.window import Window


def asks(shop, ticket=1):
    with Window(shop.bench.desk) as window:
        row = window.ticket(ticket).row
    return survey.ask(shop.bench.desk, shop.settings, shop.home, shop.provider, row)


def asked(shop, ticket=1):
    """Answered and resolved, asked an hour later; gives the Message-ID of the survey."""
    shop.answer(ticket=ticket)
    shop.flush()
    shop.bench.desk.do(Resolve(shop.bench.id(ticket)))
    shop.bench.clock.go(hours=1)
    written = asks(shop, ticket)
    assert shop.flush().sent == 1
    shop.bench.clock.go(minutes=5)
    (sent,) = [each for each in shop.bench.messages(ticket) if each.id == written.message]
    return sent.remote_id


def says(shop, text, name, **more):
    more.setdefault("sender", "María <maria@x.test>")
    return shop.bench.mail(text, subject="Re: Pedido 7", reply_to=name, **more)


def surveyed(shop, ticket=1):
    return survey.of_ticket(shop.bench.desk, shop.bench.id(ticket))
