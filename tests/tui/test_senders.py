"""Who is behind a mail, as somebody at the console says and sees it."""

from email import message_from_bytes
from email.utils import parseaddr

from desks import SHOP
from tui.driver import HUGE, SIZES, WIDE, plays

BULK = "List-Unsubscribe: <https://news.test/u>\r\nPrecedence: bulk\r\n"


def newsletter(shop) -> int:
    return shop.write("Butlletí", "Ofertes", "Compri", extra=BULK)


@SIZES
@plays
async def test_machine_mail_waits_in_its_view_with_a_count_until_a_key_says_it_is_a_person(shop, size):
    number = newsletter(shop)
    async with shop.console(size) as at:
        if size == WIDE:
            await at.sees("machine 1")
        await at.do("go.machine")
        await at.sees("machine 1", "Ofertes")
        await at.do("sender.person")
        await at.sees(f"butlletí@x.test is a person: #{number}")
        await at.loses("machine 1")
        await at.do("go.inbox")
        await at.sees("Ofertes")
        await at.do("act.undo")
        await at.loses("Ofertes")
        await at.do("go.machine")
        await at.sees("machine 1", "Ofertes")


@SIZES
@plays
async def test_who_is_no_customer_leaves_the_queue_and_undo_brings_them_back(shop, size):
    async with shop.console(size) as at:
        await at.sees("No m'ha")
        await at.do("queue.open", "sender.machine")
        await at.sees("maria@x.test is not a customer", "I would like my money back")
        assert at.ticket == 2
        assert [row.number for row in shop.bench.queue("machine")] == [1]
        await at.do("act.undo")
        await at.sees("undone")
        assert [row.number for row in shop.bench.queue("machine")] == []


@plays
async def test_the_sidebar_says_what_was_said_of_an_address(shop):
    async with shop.console(HUGE) as at:
        await at.do("queue.open", "sender.machine", "go.machine", "queue.open")
        await at.sees("maria@x.test", "not a customer, as an agent said")


@SIZES
@plays
async def test_what_was_said_of_a_sender_is_forgotten_by_a_key_and_undo_remembers_it(shop, size):
    async with shop.console(size) as at:
        await at.do("queue.open", "sender.forget")
        await at.sees("! It is like that already")
        await at.do("sender.machine", "go.machine", "queue.open", "sender.forget")
        await at.sees("maria@x.test: each mail is judged by itself again.")
        shop.write("Maria Puig", "Otra", "Y otra cosa")
        assert [row.subject for row in shop.bench.queue("inbox")][-1] == "Otra"
        await at.do("act.undo")
        await at.sees("undone")
        shop.write("Maria Puig", "Tercera", "Y una más")
        assert "Tercera" in [row.subject for row in shop.bench.queue("machine")]


@plays
async def test_of_our_own_address_nothing_is_kept_and_the_console_says_so(shop):
    shop.bench.mail("Nom: Maria", sender=SHOP, subject="Formulari")
    async with shop.console(WIDE) as at:
        await at.do("go.machine", "sender.person")
        await at.sees("is work; nothing is kept for soporte@shop.test")


def in_junk(shop) -> int:
    number = shop.write("Pep Soler", "Encara espero", "Fa dies que escric", role="junk")
    assert shop.bench.ticket(number).row.junk
    return number


@SIZES
@plays
async def test_mail_in_junk_is_work_and_says_where_it_lies_until_a_key_rescues_it(shop, size):
    number = in_junk(shop)
    async with shop.console(size) as at:
        await at.sees("! in Junk")
        await at.do("ticket.rescue")
        await at.sees("Nothing of this ticket lies in Junk.")
        await at.do("queue.bottom", "queue.open")
        assert at.ticket == number
        await at.sees("! lies in the mailbox's Junk folder", "Fa dies que escric")
        await at.do("ticket.rescue")
        await at.sees(f"#{number} is no junk")
        await at.loses("in Junk", "lies in the mailbox's")
        await at.do("act.undo")
        await at.sees("! lies in the mailbox's Junk folder")


OURS = "mx.shop.test"


def vouched(result: str) -> str:
    return f"Authentication-Results: {OURS}; dmarc={result} header.from=x.test\r\n"


@SIZES
@plays
async def test_the_heading_says_whether_the_sender_is_verified(shop, size):
    shop.bench.desk.trusted = {"mailbox": OURS}
    good = shop.write("Pep Soler", "Bo", "Hola", extra=vouched("pass"))
    bad = shop.write("Pau Vila", "Fals", "Hola", extra=vouched("fail"))
    async with shop.console(size) as at:
        for number, said in ((good, "✓ verified"), (bad, "✗ failed the check"), (1, "? not verified")):
            await at.goes_to(number)
            await at.sees(said)
            if number == bad:
                await at.sees("! The sender failed the server's check: it may be forged.")


@plays
async def test_the_sidebar_says_it_beside_the_address(shop):
    shop.bench.desk.trusted = {"mailbox": OURS}
    shop.write("Pep Soler", "Bo", "Hola", extra=vouched("pass"))
    async with shop.console(HUGE) as at:
        await at.do("queue.bottom", "queue.open")
        await at.sees("pep@x.test")
        beside = [line[160:] for line in at.lines]
        assert any("✓ verified" in line for line in beside), at.text


@SIZES
@plays
async def test_a_domain_in_foreign_letters_is_shown_in_both_forms(shop, size):
    shop.bench.mail(sender="Apple <info@аpple.test>", subject="Pagament")
    async with shop.console(size) as at:
        await at.do("queue.bottom", "queue.open")
        await at.sees("аpple.test", "xn--pple-43d.test", "Letters of another script")


@SIZES
@plays
async def test_an_answer_to_somebody_new_in_the_ticket_asks_first_and_means_the_customer(shop, size):
    number = shop.write("Pep Soler", "Factura", "On la pago?")
    token = shop.bench.desk.seal.own_message_id(shop.bench.id(number), "1", "shop.test")
    shop.bench.mail("I a mi?", sender="Eve <eve@evil.test>", reply_to=token)
    async with shop.console(size) as at:
        await at.do("queue.bottom", "ticket.reply")
        await at.type("Aqui")
        await at.do("compose.send")
        await at.sees("who is not the customer", "pep@x.test", "eve@evil.test")
        await at.press("enter")
        await at.sees("undo answer")
        shop.bench.clock.go(minutes=1)
        await shop.flush()
        assert b"pep@x.test" in shop.provider.accepted[0].partition(b"\nTo: ")[2].partition(b"\n")[0]


async def sent(shop):
    """Whom the answer went to, once it has gone."""
    shop.bench.clock.go(minutes=1)
    await shop.flush()
    return parseaddr(message_from_bytes(shop.provider.accepted[0])["To"])[1]


@SIZES
@plays
async def test_an_answer_that_is_to_go_elsewhere_asks_first_who_gets_it(shop, size):
    shop.write("Pep Soler", "Factura", "On la pago?", extra="Reply-To: Eve <eve@evil.test>\r\n")
    async with shop.console(size) as at:
        await at.do("queue.bottom", "ticket.reply")
        await at.sees("to eve@evil.test")
        await at.type("Aqui")
        await at.do("compose.send")
        await at.sees("asks for the answer to go to somebody else", "pep@x.test", "eve@evil.test")
        await at.press("escape")
        await at.until(lambda: at.where == "writing")
        assert shop.outbox() == []
        await at.do("compose.send")
        await at.sees("somebody else. Who gets it?")
        await at.press("enter")
        await at.sees("undo answer")
        assert await sent(shop) == "pep@x.test"


@SIZES
@plays
async def test_an_answer_to_a_form_that_names_nobody_asks_who_gets_it(shop, size):
    text = "Nom: Pau Roca\nTelèfon: 600111222\nMissatge: on és?"
    shop.bench.mail(text, sender="La Botiga <soporte@shop.test>", subject="Message from contact form")
    async with shop.console(size) as at:
        await at.do("queue.bottom", "queue.open")
        await at.sees("Pau Roca", "A form without an address to answer")
        await at.do("ticket.reply")
        await at.type("Aqui")
        await at.do("compose.send")
        await at.sees("names nobody to answer. Who gets it?")
        await at.press("escape")
        await at.until(lambda: at.where == "writing")
        assert shop.outbox() == []
        await at.do("compose.send")
        await at.sees("Who gets it?")
        await at.type("soporte@shop.test")
        await at.press("enter")
        await at.sees("! ")
        for _ in "soporte@shop.test":
            await at.press("backspace")
        await at.type("pau@y.test")
        await at.press("enter")
        await at.sees("undo answer")
        assert await sent(shop) == "pau@y.test"
