"""Who may join a conversation: sixty forgeries get in nowhere, and sixty honest answers arrive where they belong."""

import random
from base64 import b32encode

import pytest

from agentdesk.core.seal import Seal
from desks import SHOP, Bench, holds

CHANCE = 20_261_122
OURS = "mx.shop.test"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path, trusted={"mailbox": OURS})
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


DISOWNED = (
    "dmarc=fail (p=reject dis=none) header.from=x.test",
    "dmarc=fail (p=QUARANTINE sp=REJECT dis=QUARANTINE) header.from=x.test",
    "dmarc=fail(p=REJECT) header.from=x.test",
    'dmarc=fail reason="SPF (relaxed)" header.from=x.test (policy=quarantine)',
    "dmarc=fail policy.dmarc=reject header.from=x.test",
    "dmarc=fail policy.published-domain-policy=reject policy.applied-disposition=none header.from=x.test",
    "spf=fail smtp.mailfrom=x.test; dmarc=fail action=oreject header.from=x.test;compauth=fail reason=000",
    "dmarc=fail action=quarantine header.from=x.test",
)
ONLY_FAILED = (
    "dmarc=fail (p=none dis=none) header.from=x.test",
    "dmarc=fail action=none header.from=x.test",
    "dmarc=fail policy.dmarc=none (p=reject) header.from=x.test",
    "dmarc=fail header.from=x.test",
    "spf=fail smtp.mailfrom=x.test",
    "dmarc=fail (p=reject) header.from=another.test",
    "dmarc=pass (p=reject) header.from=x.test",
)


def as_maria(bench):
    """Whatever makes an answer of the customer's join: (subject, answers, to, text)."""
    seal, ticket = bench.desk.seal, bench.id(1)
    name, signature = seal.token(ticket)
    yield "Re: Comanda 1042", "<b@shop.test>", SHOP, "by reference"
    yield "Re: Comanda 1042", "<a@x.test>", SHOP, "by her own reference"
    yield "Re: Comanda 1042", seal.own_message_id(ticket, "7", "shop.test"), SHOP, "by token"
    yield "Re: Comanda 1042", "", seal.plus_address(ticket, SHOP), "by the address"
    yield f"Re: Comanda {seal.subject_tag(1)}", "", SHOP, "by tag"
    yield "Re: Comanda 1042", "", SHOP, f"> [ad:{name.upper()}.{signature.upper()}]"


def came_as_maria(bench, result, server=OURS):
    """All of them come in, with what `server` says of the sender on top."""
    for subject, answers, to, text in as_maria(bench):
        bench.clock.go(minutes=20)
        bench.mail(
            f"Torneu-me els diners {text}",
            sender="Maria <maria@x.test>",
            subject=subject,
            reply_to=answers,
            to=to,
            extra=f"Authentication-Results: {server}; {result}\r\n",
        )


@pytest.mark.parametrize("result", DISOWNED)
def test_what_the_customers_own_domain_disowns_joins_nothing_and_is_linked(bench, result):
    came_as_maria(bench, result)
    assert bench.ticket(1).row.messages == 2
    opened = [row.number for row in bench.queue("all", limit=50) if row.number != 1]
    assert len(opened) == 6
    for number in opened:
        (message,) = bench.messages(number)
        assert message.joined_by == "linked"
        assert bench.ticket(number).linked == (1,)
        assert message.verified == "fail"
        assert "disowned" in message.warnings
    holds(bench.desk)


@pytest.mark.parametrize("result", ONLY_FAILED)
def test_what_no_rule_of_its_domain_turns_away_joins_as_before(bench, result):
    came_as_maria(bench, result)
    assert bench.ticket(1).row.messages == 8
    assert all("disowned" not in each.warnings for each in bench.messages(1))


def test_the_word_of_a_server_that_is_not_trusted_keeps_nothing_apart(bench):
    came_as_maria(bench, DISOWNED[0], server="mx.evil.test")
    assert bench.ticket(1).row.messages == 8


def test_whom_a_setting_trusts_later_moves_nothing_that_has_come(bench):
    bench.desk.trusted = {}
    came_as_maria(bench, DISOWNED[0])
    bench.desk.trusted = {"mailbox": OURS}
    assert bench.ticket(1).row.messages == 8
    holds(bench.desk)
    assert bench.ticket(1).row.messages == 8


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
