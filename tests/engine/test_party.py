"""A third party is asked about a ticket: what it gets, where its answer goes, and that neither ever mixes with the customer's."""

import random
from email import message_from_bytes, policy

import pytest

from agentdesk.core.commands import Merge
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile
from agentdesk.engine import forward, marks, reply
from agentdesk.engine.enclosed import enclosed, read
from agentdesk.engine.forgetting import forget
from agentdesk.engine.forward import Passed
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import draft
from agentdesk.store.digest import digest
from desks import SHOP
from engine.answering import Shop, shop_in

COURIER = "rutas@courier.test"
SUPPLIER = "ventas@supplier.test"
MARIA = "maria@x.test"
MIXED = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
PHOTO = (
    "--b\r\nContent-Type: text/plain\r\n\r\nroto\r\n--b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Disposition: attachment; filename=foto.jpg\r\n\r\naG9sYQ==\r\n--b--"
)


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def pass_on(shop: Shop, to: str = COURIER, text: str = "¿Dónde está?", **passed):
    row = shop.bench.ticket(passed.pop("ticket", 1)).row
    hold = passed.pop("hold", 0.0)
    what = Passed((Address("", to),), text, **passed)
    return forward.pass_on(shop.bench.desk, shop.settings, shop.provider, row, what, hold=hold)


def go_on(shop: Shop, message: str, text: str):
    row = shop.bench.ticket(1).row
    return forward.answer(shop.bench.desk, shop.settings, shop.provider, row, message, Wish(text), hold=0.0)


def sent(shop: Shop):
    """What has gone since the last look, as mails."""
    before = len(shop.provider.accepted)
    shop.flush()
    return [message_from_bytes(raw, policy=policy.default) for raw in shop.provider.accepted[before:]]


def whole(mail) -> str:
    """Headers, texts and files of a mail, decoded."""
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    texts = [part if isinstance(part, str) else part.decode("utf-8", "replace") for part in parts]
    return "\n".join((*(f"{name}: {value}" for name, value in mail.items()), *texts))


def to_whom(mail) -> list[str]:
    """Everybody who gets it."""
    fields = (mail[name] for name in ("To", "Cc", "Bcc") if mail[name])
    return [each.addr_spec for field in fields for each in field.addresses]


def directions(shop: Shop, ticket: int = 1) -> list[str]:
    return [each.direction for each in shop.bench.messages(ticket)]


def drafted(shop: Shop, kind: str) -> str:
    with shop.bench.reading() as connection:
        return draft.text(connection, shop.bench.id(1), shop.bench.desk.agent, kind)


def clocks(shop: Shop):
    return [each for each in shop.bench.ticket(1).clocks if each["metric"] != "resolution"]


def test_a_customers_message_is_passed_on_and_the_ticket_waits_for_the_third_party(shop):
    before = clocks(shop)
    pass_on(shop)
    (mail,) = sent(shop)
    assert (mail["To"], mail["Subject"]) == (COURIER, "Fwd: Pedido 7")
    assert "¿Dónde está?" in whole(mail)
    assert "> Hola" in whole(mail)
    ticket = shop.bench.ticket(1)
    assert ticket.row.status == "waiting_third_party"
    assert ticket.row.waiting_since is not None
    assert clocks(shop) == before
    assert directions(shop) == ["in", "to_party"]


def test_its_files_go_along_unless_they_are_not_wanted(shop):
    shop.bench.mail(PHOTO, sender=MARIA, reply_to="<a@x.test>", extra=MIXED)
    pass_on(shop)
    pass_on(shop, with_files=False)
    full, bare = sent(shop)
    (file,) = full.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("foto.jpg", b"hola")
    assert list(bare.iter_attachments()) == []


def test_what_is_passed_on_names_no_message_before_it_and_quotes_nothing_that_was_not_chosen(shop):
    shop.answer("Lo miramos")
    (ours,) = sent(shop)
    body = "Sigue sin llegar\r\n\r\nOn Mon, Joan wrote:\r\n> Lo miramos"
    shop.bench.mail(body, sender=MARIA, reply_to=ours["Message-ID"])
    pass_on(shop)
    (mail,) = sent(shop)
    assert (mail["In-Reply-To"], mail["References"]) == (None, None)
    assert "Lo miramos" not in whole(mail)
    name = ours["Message-ID"].split(".")
    assert ".".join(name[:3]) not in whole(mail)  # the customer's token


def test_its_answer_comes_back_apart_and_the_ticket_rises(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    promised, waiting = clocks(shop), shop.bench.ticket(1).row.waiting_since
    shop.bench.clock.go(hours=2)
    shop.bench.mail("Está en Lleida", sender=COURIER, reply_to=mail["Message-ID"], extra=f"Cc: {MARIA}\r\n")
    row = shop.bench.ticket(1).row
    assert (row.status, row.unread, row.waiting_since) == ("open", True, waiting)
    assert clocks(shop) == promised
    assert directions(shop) == ["in", "to_party", "from_party"]
    assert len(shop.bench.queue("all")) == 1


def test_an_answer_without_token_joins_by_its_sender_and_a_colleagues_by_the_token(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("Visto", sender=COURIER, reply_to=mail["Message-ID"], message_id="<c1@courier.test>")
    shop.bench.mail("Y más", sender=COURIER, reply_to="<c1@courier.test>")
    shop.bench.mail("Soy su compañera", sender="lola@courier.test", reply_to=mail["Message-ID"])
    assert directions(shop) == ["in", "to_party", *["from_party"] * 3]


def test_a_customer_who_answers_the_third_partys_mail_is_still_the_customer(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("En Lleida", sender=COURIER, reply_to=mail["Message-ID"], message_id="<c1@courier.test>")
    shop.bench.mail("Gracias", sender=MARIA, reply_to=f"{mail['Message-ID']} <c1@courier.test>")
    assert directions(shop)[-1] == "in"


def test_an_automatic_answer_of_a_third_party_wakes_nobody(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail(
        "Recibido", sender=COURIER, reply_to=mail["Message-ID"], extra="Auto-Submitted: auto-replied\r\n"
    )
    assert shop.bench.ticket(1).row.status == "waiting_third_party"
    assert directions(shop)[-1] == "from_party"


def test_an_answer_to_everybody_leaves_the_third_party_out(shop):
    shop.bench.mail(
        "Copio al transportista", sender=MARIA, reply_to="<a@x.test>", extra=f"Cc: {COURIER}, hija@x.test\r\n"
    )
    pass_on(shop)
    shop.answer("Lo miramos", everybody=True)
    forwarded, answer = sent(shop)
    assert (to_whom(forwarded), to_whom(answer)) == ([COURIER], [MARIA, "hija@x.test"])


def test_whoever_types_a_third_partys_address_into_an_answer_is_stopped(shop):
    pass_on(shop)
    with pytest.raises(RefusedError) as refused:
        shop.answer("Lo miramos", cc=(Address("", COURIER),))
    assert refused.value.values["reason"] == "to_party"


@pytest.mark.parametrize(("to", "reason"), [(MARIA, "to_customer"), (SHOP, "to_ourselves")])
def test_the_customer_and_we_ourselves_are_no_third_party(shop, to, reason):
    with pytest.raises(RefusedError) as refused:
        pass_on(shop, to)
    assert refused.value.values["reason"] == reason


def test_an_answer_to_the_customer_quotes_the_customer_and_not_the_third_party(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("Se perdió en Lleida", sender=COURIER, reply_to=mail["Message-ID"])
    shop.answer("Mañana lo tiene")
    (answer,) = sent(shop)
    assert to_whom(answer) == [MARIA]
    assert "> Hola" in whole(answer)
    assert "Lleida" not in whole(answer)


def test_a_third_party_is_answered_under_its_own_message(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail(
        "¿Qué calle?",
        sender=f"Rutas <{COURIER}>",
        reply_to=mail["Message-ID"],
        message_id="<c1@courier.test>",
    )
    asked = shop.bench.messages(1)[-1]
    go_on(shop, asked.id, "Mayor, 3")
    (answer,) = sent(shop)
    assert (to_whom(answer), answer["In-Reply-To"]) == ([COURIER], "<c1@courier.test>")
    assert "> ¿Qué calle?" in whole(answer)
    assert shop.bench.ticket(1).row.status == "waiting_third_party"


def test_what_is_held_can_be_taken_back_and_the_ticket_is_as_it_was(shop):
    before = shop.bench.ticket(1).row
    pass_on(shop, hold=10.0)
    reply.undo(shop.bench.desk)
    row = shop.bench.ticket(1).row
    assert (row.status, row.assignee, directions(shop)) == (before.status, before.assignee, ["in"])
    assert sent(shop) == []
    shop.bench.mail("¿Y?", sender=COURIER, reply_to="<a@x.test>")
    assert directions(shop) == ["in"]  # nobody's third party: a stranger's mail gets a ticket of its own


def test_what_is_taken_back_of_it_is_a_draft_without_what_was_passed_on(shop):
    shop.bench.mail(PHOTO, sender=MARIA, reply_to="<a@x.test>", extra=MIXED)
    asked = shop.bench.messages(1)
    own = OutFile("plan.txt", "text/plain", b"por la noche")
    pass_on(shop, hold=10.0, messages=tuple(each.id for each in asked), files=(own,))
    reply.undo(shop.bench.desk)
    assert drafted(shop, f"party {COURIER}") == "¿Dónde está?"
    (kept,) = enclosed(drafted(shop, "files"), f"party {COURIER}")
    assert read(shop.bench.desk, kept) == own
    pass_on(shop, hold=10.0, to=SUPPLIER, text="")
    reply.undo(shop.bench.desk)
    assert drafted(shop, f"party {SUPPLIER}") == "", "nothing was typed"


def test_a_forward_that_comes_back_needs_a_person_and_no_promise_moves(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    promised = clocks(shop)
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\nMIME-Version: 1.0\r\n"
    )
    body = (
        "--r\r\nContent-Type: text/plain\r\n\r\nno\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        f"Final-Recipient: rfc822; {COURIER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {mail['Message-ID']}\r\n\r\n--r--"
    )
    shop.bench.mail(body, sender="MAILER-DAEMON@x.test", subject="Undelivered", extra=report)
    row = shop.bench.ticket(1).row
    assert (row.status, row.unread, row.failed) == ("open", True, True)
    assert clocks(shop) == promised


def test_a_note_is_never_passed_on(shop):
    from agentdesk.engine.note import note

    note(shop.bench.desk, shop.bench.id(1), "cliente difícil")
    secret = shop.bench.messages(1)[-1].id
    with pytest.raises(RefusedError) as refused:
        pass_on(shop, messages=(secret,))
    assert refused.value.values["reason"] == "note_passed_on"


def test_rows_drawn_up_anew_know_the_third_parties(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("En Lleida", sender=COURIER, reply_to=mail["Message-ID"])
    with shop.bench.reading() as connection:
        before = digest(connection)
    shop.bench.store.rebuild()
    with shop.bench.reading() as connection:
        assert digest(connection) == before
        assert connection.execute("SELECT count(*) FROM party").fetchone()[0] == 2


def test_a_third_party_that_is_forgotten_leaves_no_address_behind(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("En Lleida", sender=COURIER, reply_to=mail["Message-ID"])
    with shop.bench.reading() as connection:
        (customer,) = connection.execute(
            "SELECT customer FROM identity WHERE address = ?", (COURIER,)
        ).fetchone()
    forget(shop.bench.desk, customer)
    with shop.bench.reading() as connection:
        left = connection.execute(
            "SELECT count(*) FROM event WHERE personal LIKE ?", (f"%{COURIER}%",)
        ).fetchone()
    assert left[0] == 0


def test_a_merged_ticket_keeps_its_third_party_apart(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("Otra cosa", sender=MARIA, subject="Otra", message_id="<b@x.test>")
    shop.bench.desk.do(Merge(shop.bench.id(1), shop.bench.id(2)))
    shop.bench.mail("En Lleida", sender=COURIER, reply_to=mail["Message-ID"])
    assert directions(shop, 2)[-1] == "from_party"
    shop.answer("Ya está", ticket=2, everybody=True)
    (answer,) = sent(shop)
    assert to_whom(answer) == [MARIA]
    assert "Lleida" not in whole(answer)


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_three_parties_write_nobody_gets_what_is_not_theirs(tmp_path, seed):
    """Twelve mails each way; every part of every outgoing mail is looked at."""
    draw = random.Random(seed)
    for shop in shop_in(tmp_path):
        said = {MARIA: ["Hola"], COURIER: [], SUPPLIER: []}
        last = {MARIA: "<a@x.test>"}
        for who in (COURIER, SUPPLIER):
            pass_on(shop, who, f"pregunta-a-{who[:3]}")
            last[who] = sent(shop)[0]["Message-ID"]
        for n in range(12):
            who = draw.choice((MARIA, COURIER, SUPPLIER))
            word, name = f"palabra-{who[:3]}-{n}", f"<{seed}-{n}@{who.partition('@')[2]}>"
            cc = draw.choice(("", *(each for each in said if each != who)))
            quote = f"\r\n\r\nOn Mon, Joan wrote:\r\n> {draw.choice(said[who])}" if said[who] else ""
            extra = f"Cc: {cc}\r\n" if cc else ""
            shop.bench.clock.go(minutes=draw.randint(1, 90))
            shop.bench.mail(word + quote, sender=who, reply_to=last[who], message_id=name, extra=extra)
            said[who].append(word)
            to = draw.choice((MARIA, COURIER, SUPPLIER))
            newest = [each for each in shop.bench.messages(1) if each.identity == f"email:{to}"]
            if to == MARIA:
                shop.answer(f"para-mar-{n}", everybody=draw.random() < 0.5)
            elif newest:
                go_on(shop, newest[-1].id, f"para-{to[:3]}-{n}")
            else:
                pass_on(shop, to, f"para-{to[:3]}-{n}", messages=(shop.bench.messages(1)[0].id,))
            (mail,) = sent(shop)
            assert to_whom(mail) == [to]
            foreign = [each for each in said if each not in {to, MARIA}]
            if to == MARIA:
                foreign = [COURIER, SUPPLIER]
            text = whole(mail)
            assert [each for other in foreign for each in said[other] if each in text] == []
            last[to] = mail["Message-ID"]
        assert len(shop.bench.queue("all")) == 1


def test_what_was_between_us_and_a_third_party_on_another_desk_stays_so_here(shop):
    from agentdesk.channels.mime import read_mail
    from agentdesk.engine.exported import Message
    from agentdesk.engine.mailfile import Found
    from agentdesk.engine.transfer import Past

    mail = f"From: {COURIER}\r\nTo: {SHOP}\r\nSubject: Re: Fwd\r\nMessage-ID: <old@courier.test>\r\n\r\nEn Lleida\r\n".encode()
    past = Past(shop.bench.desk, "mailbox", read_mail)
    past.bring([Found(mail, shop.bench.clock.at, "inbox", is_known=True, party=True)])
    assert directions(shop, 2) == ["from_party"]
    record = {
        "id": "1", "ticket": 1, "account": "a", "direction": "out", "audience": "party", "class_reason": "",
        "author": {"name": "Joan"}, "received_at": "2026-11-23T09:00:00Z", "text": "¿Dónde?", "came": None, "versions": [],
        "raw": None, "delivery": None, "seconds": None, "erased": False, "hidden": False,
    }  # fmt: skip
    assert Message.of(record).direction == "to_party"
    assert Message.of({**record, "audience": "customer"}).direction == "out"


def test_a_search_says_which_words_are_a_third_partys(shop):
    pass_on(shop)
    (mail,) = sent(shop)
    shop.bench.mail("En Lleida", sender=COURIER, reply_to=mail["Message-ID"])
    with Window(shop.bench.desk) as window:
        assert [each.audience for each in window.search("lleida").messages()] == ["party"]
        assert {each.audience for each in window.search("hola").messages()} == {"party", "customer"}


def test_the_customers_mail_is_not_marked_as_answered_by_what_was_passed_on(shop):
    for written, wished in ((pass_on(shop), 0), (shop.answer(), 1)):
        with shop.bench.desk.transaction() as writer:
            marks.answered(writer, written.ticket, written.message, "never")
            (found,) = writer.connection.execute("SELECT count(*) FROM wish").fetchone()
        assert found == wished
