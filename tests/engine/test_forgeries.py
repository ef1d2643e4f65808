"""Who may join a conversation: sixty forgeries get in nowhere, and sixty honest answers arrive where they belong."""

import random
from base64 import b32encode

import pytest

from agentdesk.core.seal import Seal
from desks import SHOP, Bench

CHANCE = 20_261_122


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail("On és?", sender="Maria <maria@x.test>", message_id="<a@x.test>", subject="Comanda 1042")
    made.clock.go(minutes=5)
    made.mail(
        "De camí.",
        sender=SHOP,
        to="maria@x.test",
        reply_to="<a@x.test>",
        message_id="<b@shop.test>",
        role="sent",
    )
    made.clock.go(minutes=5)
    yield made
    made.close()


def forged_tokens(bench, chance):
    """Message-IDs and addresses that look like ours and were not made with this desk's key for this ticket."""
    seal, ticket = bench.desk.seal, bench.id(1)
    name, right = seal.token(ticket)
    other = Seal(chance.randbytes(32))
    guessed = b32encode(chance.randbytes(10)).decode().lower()
    cut = chance.randrange(1, 16)
    for signature in (other.token(ticket)[1], guessed, right[:cut] + "a" * (16 - cut), right[::-1], "a" * 16):
        if signature != right:
            yield f"<ad.{name}.{signature}.1@shop.test>", f"soporte+ad-{name}-{signature}@shop.test"
    elsewhere = b32encode(chance.randbytes(10)).decode().lower()
    yield f"<ad.{elsewhere}.{right}.1@shop.test>", f"soporte+ad-{elsewhere}-{right}@shop.test"


def forgeries(bench, chance):
    """What a stranger may send: (sender, subject, answers, to, more headers, text)."""
    for answers in ("<a@x.test>", "<b@shop.test>", "<A@X.TEST>", " <a@x.test> <b@shop.test>"):
        for sender in (
            "eve@evil.test",
            '"Maria" <eve@evil.test>',
            '"maria@x.test" <eve@evil.test>',
            "Maria <maria@x.test.evil.test>",
        ):
            yield sender, "Re: Comanda 1042", answers, SHOP, "", ""
    for token, address in (pair for _ in range(3) for pair in forged_tokens(bench, chance)):
        yield "eve@evil.test", "Re: Comanda 1042", token, SHOP, "", ""
        yield "eve@evil.test", "Re: Comanda 1042", "", address, "", ""
    for number in range(8):
        check = b32encode(chance.randbytes(5)).decode().lower()[:4]
        if check != bench.desk.seal.subject_tag(1)[4:8]:
            yield "eve@evil.test", f"Re: Comanda 1042 [#1-{check}]", "", SHOP, "", f"{number}"
    yield "eve@evil.test", f"Re: Comanda {bench.desk.seal.subject_tag(1)}", "", SHOP, "", "with the right tag"
    for more in (
        "Reply-To: maria@x.test\r\n",
        "Sender: maria@x.test\r\n",
        "X-Agentdesk-Ticket: 1\r\n",
        "Thread-Index: AQ1042\r\n",
    ):
        yield "eve@evil.test", "Re: Comanda 1042", "<b@shop.test>", SHOP, more, ""
    name, _ = bench.desk.seal.token(bench.id(1))
    for marker in (f"[ad:{name.upper()}.{'A' * 16}]", "[ad:1]", f"[ad:{name.upper()}]"):
        yield "eve@evil.test", "Re: Comanda 1042", "", SHOP, "", f"> {marker}"


def test_sixty_forgeries_join_nothing(bench):
    chance = random.Random(CHANCE)
    made = list(forgeries(bench, chance))
    assert len(made) >= 60
    for sender, subject, answers, to, more, text in made:
        bench.mail(
            f"Torneu-me els diners {text}",
            sender=sender,
            subject=subject,
            reply_to=answers,
            to=to,
            extra=more,
        )
    assert bench.ticket(1).row.messages == 2


def honest(bench, chance):
    """Answers as clients really write them: (sender, subject, answers, to)."""
    seal, ticket = bench.desk.seal, bench.id(1)
    subjects = (
        "Re: Comanda 1042",
        "RE: Comanda 1042",
        "AW: Comanda 1042",
        "Rv: RE: Comanda 1042",
        "Comanda 1042",
        "una altra cosa",
        "",
    )
    senders = (
        "maria@x.test",
        "MARIA@X.TEST",
        "Maria <maria@work.test>",
        "puig.maria@mail.test",
        "pare@home.test",
    )
    for number in range(60):
        ours = seal.own_message_id(ticket, str(number), "shop.test")
        shape = number % 6
        sender = chance.choice(senders)
        if shape == 0:
            yield sender, chance.choice(subjects), ours, SHOP
        elif shape == 1:
            yield sender, chance.choice(subjects), ours.upper(), SHOP
        elif shape == 2:
            yield sender, chance.choice(subjects), f"<x{number}@client.test>\r\n\t{ours}", SHOP
        elif shape == 3:
            yield sender, chance.choice(subjects), "", seal.plus_address(ticket, SHOP)
        elif shape == 4:
            yield "maria@x.test", chance.choice(subjects), "<b@shop.test>", SHOP
        else:
            yield "maria@x.test", f"Re: Comanda 1042 {seal.subject_tag(1)}", "", SHOP


def test_honest_answers_arrive_from_other_addresses_and_broken_clients(bench):
    made = list(honest(bench, random.Random(CHANCE)))
    for number, (sender, subject, answers, to) in enumerate(made):
        bench.mail(f"resposta {number}", sender=sender, subject=subject, reply_to=answers, to=to)
    apart = [row.number for row in bench.queue("all", limit=200) if row.number != 1]
    assert len(made) == 60
    assert len(apart) <= 3, [bench.ticket(number).row.subject for number in apart]
