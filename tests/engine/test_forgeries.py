"""Who may join a conversation: sixty forgeries get in nowhere, and of a hundred honest answers ninety-five arrive where they belong."""

import random
from base64 import b32decode, b32encode, b64decode, b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from agentdesk.channels.compose import compose
from agentdesk.core.commands import MergeCustomers
from agentdesk.core.letter import Sender, Wish, answer
from agentdesk.core.seal import Seal
from agentdesk.store import ways
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


def outlook(index: str, blocks: int = 1) -> str:
    """The Thread-Index of an answer to a mail that bore `index`: five bytes more for each."""
    return b64encode(b64decode(index) + b"\x01\x02\x03\x04\x05" * blocks).decode()


def forged_threads(bench, chance):
    """Thread-Indexes that are guessed, changed, another desk's or another ticket's."""
    seal, ticket, at = bench.desk.seal, bench.id(1), bench.clock.at
    right = b64decode(seal.thread_index(ticket, at))
    for place in range(22):
        changed = bytearray(right)
        changed[place] ^= 1 << chance.randrange(8)
        yield bytes(changed)
    yield right[:16] + chance.randbytes(6)
    yield right[:6] + chance.randbytes(16)
    yield right[:21]
    yield right[1:] + right[:1]
    yield right[:16] + b64decode(seal.thread_index(ticket, at + timedelta(days=1)))[16:]
    yield b64decode(Seal(chance.randbytes(32)).thread_index(ticket, at))
    yield b64decode(seal.thread_index(str(UUID(bytes=chance.randbytes(16))), at))
    party = b64decode(seal.thread_index(ticket, at, party=True))
    yield party[:16] + right[16:][::-1]
    name, signature = seal.token(ticket)
    yield right[:6] + b32decode(name.upper()) + b32decode(signature.upper())[:6]


def test_a_thread_index_that_is_guessed_or_changed_joins_nothing(bench):
    made = list(forged_threads(bench, random.Random(CHANCE)))
    assert len(made) >= 30
    for more in (b"", b"\x01\x02\x03\x04\x05"):
        for index in made:
            extra = f"Thread-Index: {b64encode(index + more).decode()}\r\nThread-Topic: Comanda 1042\r\n"
            bench.mail(
                "Torneu-me els diners", sender="eve@evil.test", subject="Re: Comanda 1042", extra=extra
            )
    for odd in ("AQ1042", "", "=" * 32, "A" * 10_000, "\u00e9" * 32, "AQ==", "!" * 44):
        bench.mail(
            "Hola", sender="eve@evil.test", subject="Re: Comanda 1042", extra=f"Thread-Index: {odd}\r\n"
        )
    assert bench.ticket(1).row.messages == 2


def test_what_a_customer_of_outlook_answers_bears_our_thread_and_says_who_is_new(bench):
    index = bench.desk.seal.thread_index(bench.id(1), bench.clock.at)
    bench.mail(
        "Sí",
        sender="Pep <pep@home.test>",
        subject="RE: Comanda",
        extra=f"Thread-Index: {outlook(index, 3)}\r\n",
    )
    *_, last = bench.messages(1)
    assert (last.joined_by, last.verified) == ("token", "none")
    assert "new_participant" in last.warnings
    holds(bench.desk)


def test_our_answers_bear_a_thread_that_no_other_ticket_has(bench):
    with bench.reading() as connection:
        found = ways.to_answer(connection, bench.store.blobs, bench.id(1))
    made = answer(
        found.original, Sender("Joan", SHOP, (SHOP,)), Wish("Surt avui."), ticket=bench.id(1), unique="x", seal=bench.desk.seal,
        language="ca", zone=UTC, at=bench.clock.at,
    )  # fmt: skip
    raw = compose(made)
    assert (
        f"\r\nThread-Index: {bench.desk.seal.thread_index(bench.id(1), bench.clock.at)}\r\n".encode() in raw
    )
    assert b"\r\nThread-Topic: Comanda 1042\r\n" in raw
    index = b64decode(made.thread)
    ticks = int.from_bytes(index[:6] + b"\0\0", "big")
    assert len(index) == 22
    assert abs(
        datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10) - bench.clock.at
    ) < timedelta(seconds=1)
    assert not bench.desk.seal.threads(bench.id(1), index.hex(), party=True)


def by_other_addresses(bench):
    """A third of the mix of research/reliability.md, H6: the customer's other addresses, 34 of them: (sender, subject, answers, to, index)."""
    seal, ticket, subject = bench.desk.seal, bench.id(1), "Re: Comanda 1042"
    index = seal.thread_index(ticket, bench.clock.at)
    for number in range(10):
        ours = seal.own_message_id(ticket, str(number), "shop.test")
        yield f"Maria <maria{number}@work.test>", subject, f"<b@shop.test> {ours}", SHOP, ""
    for number in range(6):
        yield f"puig{number}@mail.test", subject, "", seal.plus_address(ticket, SHOP), ""
    for number in range(8):
        yield f"pare{number}@home.test", "RE: Comanda 1042", "", SHOP, outlook(index, number % 3 + 1)
    for _ in range(6):  # an address that an agent said is hers too
        yield "maria@known.test", subject, "<b@shop.test>", SHOP, ""
    # Nothing that such a one bears proves anything: to a mail sent from another program, and with the tag alone.
    yield "mare@home.test", subject, "<b@shop.test>", SHOP, ""
    yield "mare@home.test", subject, "<a@x.test> <b@shop.test>", SHOP, ""
    yield "avia@home.test", f"Re: Comanda 1042 {seal.subject_tag(1)}", "", SHOP, ""
    yield "avi@home.test", f"RV: Comanda 1042 {seal.subject_tag(1)}", "", SHOP, ""


def by_broken_references(bench):
    """Another third, 33 of them: what clients and gateways make of our Message-ID."""
    seal, ticket = bench.desk.seal, bench.id(1)
    subjects = (
        "Re: Comanda 1042",
        "AW: Comanda 1042",
        "Rv: RE: Comanda 1042",
        "Comanda 1042",
        "una altra cosa",
        "",
    )
    for number in range(32):
        ours = seal.own_message_id(ticket, str(number), "shop.test")
        broken = (
            ours.upper(),
            ours.strip("<>"),
            f"<x{number}@client.test>\r\n\t{ours}",
            ours[:-8],
            ours.replace("@", "@\r\n "),
            f"garbage; {ours}, <trencat",
            f"{ours[:60]} {ours[60:]}",
            "",
        )[number % 8]
        tag = "" if broken else f" {seal.subject_tag(1)}"
        sender = "maria@x.test" if number % 2 or not broken else "MARIA@work.test"
        yield sender, f"{subjects[number % 6]}{tag}", broken, SHOP, ""
    yield "maria@x.test", "Re: Comanda 1042", "", SHOP, ""  # all of it was left out


def by_thread_index(bench):
    """The last third, 33 of them: Outlook with its Thread-Index and nothing else."""
    for number in range(33):
        at = bench.clock.at - timedelta(minutes=number)
        index = outlook(bench.desk.seal.thread_index(bench.id(1), at), number % 4)
        subject = ("RE: Comanda 1042", "Comanda 1042", "RV: una altra cosa")[number % 3]
        yield "maria@x.test" if number % 2 else "Maria <maria@feina.test>", subject, "", SHOP, index


def test_of_a_hundred_honest_answers_at_most_five_open_a_ticket_and_those_are_linked(bench):
    """The mix of H6, a third each. What opens a ticket bears no proof whatever (five kinds of mail, which no desk can tell from a forgery): it is
    linked, so that one key puts it where it belongs."""
    bench.mail("Hola, sóc jo", sender="maria@known.test", subject="des de la feina")
    theirs = [bench.ticket(number).row.customer for number in (2, 1)]
    bench.desk.do(MergeCustomers(*theirs))
    made = [*by_other_addresses(bench), *by_broken_references(bench), *by_thread_index(bench)]
    for number, (sender, subject, answers, to, index) in enumerate(made):
        bench.clock.go(minutes=1)
        extra = f"Thread-Index: {index}\r\nThread-Topic: Comanda 1042\r\n" if index else ""
        bench.mail(f"resposta {number}", sender=sender, subject=subject, reply_to=answers, to=to, extra=extra)
    apart = [row.number for row in bench.queue("all", limit=200) if row.number > 2]
    assert len(made) == 100
    assert bench.ticket(1).row.messages == 2 + 100 - len(apart)
    assert len(apart) <= 5, [bench.ticket(number).row.subject for number in apart]
    assert [bench.ticket(number).linked for number in apart] == [(1,)] * len(apart)
    holds(bench.desk)


def test_the_same_subject_links_what_calls_itself_an_answer_and_joins_nothing(bench):
    bench.mail("I doncs?", subject="RE: Comanda 1042", sender="maria@x.test")
    assert bench.ticket(2).linked == (1,)
    for sender, subject in (
        ("maria@x.test", "Comanda 1042"),
        ("maria@x.test", "Re: una altra"),
        ("eve@evil.test", "Re: Comanda 1042"),
    ):
        bench.mail("I doncs?", subject=subject, sender=sender)
    assert [bench.ticket(number).linked for number in (3, 4, 5)] == [()] * 3
    bench.clock.go(days=31)
    bench.mail("I doncs?", subject="RE: Comanda 1042", sender="maria@x.test")
    assert bench.ticket(6).linked == ()


def test_answers_without_a_sign_are_a_flood_all_the_same(bench):
    for number in range(40):
        bench.mail(f"I doncs? {number}", subject="RE: Comanda 1042", sender="maria@x.test")
    assert len(bench.queue("all", limit=100)) < 25
