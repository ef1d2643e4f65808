"""A day at the console: what somebody types, what is painted then, and what the desk keeps of it."""

from agentdesk.core.commands import Resolve
from agentdesk.engine import kept
from tui.driver import SIZES, WIDE, Shop, plays
from tui.glass import HOSTILE, raw_free


@SIZES
@plays
async def test_the_first_ticket_is_answered_the_next_one_is_there_and_undo_brings_it_back(shop, size):
    async with shop.console(size) as at:
        await at.sees("No m'ha", "Refund")
        await at.do("queue.open")
        await at.sees("encara no m'ha arribat el paquet")
        await at.do("ticket.reply")
        await at.sees("Answer to Maria Puig", "send")
        await at.type("Avui t'ho mirem")
        await at.do("compose.send")
        await at.sees("undo answer to Maria Puig, #1", "(10 s)", "I would like my money back")
        assert at.ticket == 2
        assert shop.bench.ticket(1).row.status == "waiting_customer"
        assert [row.state for row in shop.outbox()] == ["held"]
        await at.do("act.undo")
        await at.sees("Avui t'ho mirem", "Answer to Maria Puig")
        assert (at.ticket, at.where) == (1, "writing")
        assert shop.outbox() == []
        assert shop.bench.ticket(1).row.status == "new"
        assert shop.draft(1) == "Avui t'ho mirem"
        shop.bench.clock.go(minutes=1)
        await shop.flush()
        assert shop.provider.accepted == []


@SIZES
@plays
async def test_the_send_key_again_sends_at_once_from_wherever_one_is(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.reply")
        await at.type("Va")
        await at.do("compose.send")
        await at.sees("undo answer")
        assert at.where == "reading"
        await at.do("compose.send")
        await at.sees("on its way")
        await shop.flush()
        assert len(shop.provider.accepted) == 1
        await at.do("act.undo")
        await at.sees("sent already")


@SIZES
@plays
async def test_send_and_resolve_is_one_act(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.reply")
        await at.type("Fet")
        await at.do("compose.resolve")
        await at.sees("undo answer to Maria Puig, #1", "money back")
        assert shop.bench.ticket(1).row.status == "resolved"
        await at.do("act.undo")
        await at.sees("Answer to Maria Puig")
        assert shop.bench.ticket(1).row.status == "new"


@SIZES
@plays
async def test_an_internal_note_looks_different_and_is_never_sent(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.note")
        await at.sees("Internal note: no customer sees it")
        assert "Answer to" not in at.text
        assert "from soporte" not in at.text
        await at.type("courier lost it")
        await at.do("compose.send")
        await at.sees("internal note by Joan", "courier lost it", "The note is kept.")
        assert shop.outbox() == []
        assert [m.direction for m in shop.bench.messages(1)] == ["in", "note"]
        shop.bench.clock.go(minutes=1)
        await shop.flush()
        assert shop.provider.accepted == []
        await at.do("act.undo")
        await at.loses("courier lost it")


@SIZES
@plays
async def test_a_draft_outlives_the_console_and_its_crash(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.reply")
        await at.type("Hola Maria")
        await at.until(lambda: shop.draft(1) == "Hola Maria")
        async with shop.console(size) as second:  # the first one is as good as dead
            await second.do("ticket.reply")
            await second.sees("Hola Maria")
            await second.type(" guapa")
            await second.do("compose.close")
            await second.sees("1 draft")
        assert shop.draft(1) == "Hola Maria guapa"
    async with shop.console(size) as third:
        await third.do("ticket.note")
        assert "guapa" not in third.text.partition("Internal note")[2], "a note has a draft of its own"
        await third.do("compose.close", "ticket.reply")
        await third.sees("Hola Maria guapa")


@SIZES
@plays
async def test_what_is_opened_is_read_on_the_server_too(shop, size):
    async with shop.console(size) as at:
        await at.do("queue.open")
        await at.until(lambda: not shop.bench.ticket(1).row.unread)
        await shop.flush()
        assert [place.uid for place in shop.provider.seen] == [1]
        assert shop.bench.ticket(2).row.unread


@SIZES
@plays
async def test_a_placeholder_blocks_sending_and_is_named(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.reply")
        at.app.home.panes.composer.insert("Va amb {{?courier}}")
        await at.sees("1 blank to fill in")
        await at.do("compose.send")
        await at.sees("{{?courier}} is still to be filled in")
        assert at.where == "writing"
        assert shop.outbox() == []


@SIZES
@plays
async def test_what_came_in_meanwhile_is_shown_before_anything_is_sent(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.reply")
        await at.type("Ja surt")
        shop.bench.clock.go(minutes=1)
        shop.bench.mail("Ja ha arribat!", sender="Maria <maria@x.test>", reply_to="<m1@x.test>")
        await at.do("compose.send")
        await at.sees("A message came in", "Ja ha arribat!", "Ja surt")
        assert shop.outbox() == []
        shop.bench.clock.go(seconds=3)
        await at.do("compose.send")
        await at.sees("undo answer")
        assert len(shop.outbox()) == 1


@SIZES
@plays
async def test_a_quick_reply_comes_filled_and_in_the_customer_s_language(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        await at.type("delay")
        await at.press("enter")
        await at.sees("leave the rest blank")
        await at.press("escape")
        await at.until(lambda: at.where == "writing")
        text = at.app.home.panes.composer.text
        assert "Maria" in text
        assert "customer." not in text
        assert text.startswith("Hola, Maria")
        await at.sees("blanks to fill in")
        assert shop.outbox() == [], "nothing is sent yet"


@plays
async def test_a_key_that_means_nothing_is_spoken_of_until_one_is_pressed_that_does(shop):
    async with shop.console() as at:
        await at.press("z", "x")
        await at.sees("z x does nothing here")
        await at.press("question_mark")
        await at.loses("does nothing here")
        await at.press("escape")
        await at.press("z", "x")
        await at.sees("z x does nothing here")
        await at.press("r")
        await at.until(lambda: at.where == "writing")
        await at.loses("does nothing here")


@SIZES
@plays
async def test_a_chord_shows_what_may_follow_and_the_snoozed_ticket_wakes_by_itself(shop, size):
    async with shop.console(size) as at:
        await at.press("z")
        await at.until(lambda: "snooze" in at.footer and "in 3 hours" in at.footer)
        await at.press("x")
        await at.sees("z x does nothing here")
        assert shop.bench.ticket(1).row.status == "new"
        await at.do("snooze.later")
        await at.loses("No m'ha")
        assert shop.bench.ticket(1).row.status == "snoozed"
        await at.do("go.snoozed")
        await at.sees("No m'ha")
        await at.do("go.inbox")
        shop.bench.clock.go(hours=3, seconds=1)
        await at.sees("No m'ha")
        assert shop.bench.ticket(1).row.status != "snoozed"


@SIZES
@plays
async def test_search_finds_an_old_ticket_and_escape_comes_back(shop, size):
    shop.write("Pere Vila", "Factura vella", "La factura del sofa blau, si us plau.")
    shop.bench.desk.do(Resolve(shop.bench.id(3)))
    async with shop.console(size) as at:
        await at.do("find.search")
        await at.type("sofa")
        await at.sees("#3")
        await at.press("enter")
        await at.sees("La factura del")
        assert at.ticket == 3
        await at.do("go.back")
        await at.until(lambda: at.where == "queue" and at.ticket == 1)
        assert any("Refund" in line for line in at.lines)


@SIZES
@plays
async def test_an_earlier_ticket_of_the_customer_opens_in_place_and_escape_comes_back(shop, size):
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    shop.bench.clock.go(days=40)
    newest = shop.write("Maria Puig", "Una altra cosa", "Ara em falta una peça.")
    async with shop.console(size) as at:
        assert at.ticket == newest
        await at.do("queue.open")
        await at.sees("em falta una")
        await at.do("customer.show")
        await at.sees("Earlier tickets", "#1")
        assert at.where == "customer"
        assert "open" in at.footer
        await at.do("customer.down", "customer.up")
        while at.app.home.panes.customer.chosen.number != 1:
            await at.do("customer.down")
        await at.do("customer.open")
        await at.sees("encara no m'ha arribat")
        assert at.ticket == 1
        await at.do("go.back")
        await at.until(lambda: at.ticket == newest)
        await at.sees("em falta una")
        await at.do("go.back")
        assert at.where == "queue"


@SIZES
@plays
async def test_assign_tag_and_priority_ask_and_are_kept(shop, size):
    async with shop.console(size) as at:
        await at.do("queue.open", "ticket.assign")
        await at.answer("Núria")
        await at.until(lambda: shop.bench.ticket(1).row.assignee == "Núria")
        await at.do("ticket.take")
        await at.until(lambda: shop.bench.ticket(1).row.assignee == "Joan")
        await at.do("ticket.tag")
        await at.answer("+courier +lost")
        await at.until(lambda: set(shop.bench.ticket(1).tags) == {"courier", "lost"})
        await at.do("ticket.priority")
        await at.answer("urgent")
        await at.until(lambda: shop.bench.ticket(1).row.priority == "urgent")
        await at.do("act.undo")
        await at.until(lambda: shop.bench.ticket(1).row.priority == "normal")
        await at.do("ticket.reopen")
        await at.sees("The ticket is open already.")


@SIZES
@plays
async def test_a_merge_can_be_undone_and_a_wrong_number_is_told_in_place(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.merge")
        await at.answer("77")
        await at.sees("There is no ticket 77.")
        await at.answer("2")
        await at.sees("Make #1 part of #2?", "Maria Puig: ", "John ONeil: Refund", "two customers")
        await at.press("enter")
        await at.sees("#1 was merged into #2.")
        assert (at.ticket, shop.bench.ticket(1).row.number) == (2, 2)
        await at.do("act.undo")
        await at.until(lambda: shop.bench.ticket(1).row.number == 1)


@SIZES
@plays
async def test_a_filter_narrows_says_what_is_wrong_in_place_and_escape_takes_it_away(shop, size):
    async with shop.console(size) as at:
        await at.do("find.filter")
        await at.answer("is:nonsense")
        await at.sees("! ", "nonsense")
        assert at.app.screen is not at.app.home
        await at.answer("lang:ca")
        await at.loses("Refund")
        await at.sees("No m'ha")
        await at.do("go.back")
        await at.sees("Refund")


@SIZES
@plays
async def test_views_have_numbers_and_help_runs_what_it_finds(shop, size):
    async with shop.console(size) as at:
        await at.press("6")
        await at.until(lambda: "snoozed" in at.lines[0] and "Nothing here." in at.text)
        await at.press("1")
        await at.sees("No m'ha")
        await at.do("help.keys")
        await at.type("resolve")
        await at.sees("It is done.")
        await at.press("enter")
        await at.sees("why is none needed?")
        await at.press("2")
        await at.sees("#1 is resolved. No answer needed: answered by phone.")
        assert shop.bench.ticket(1).row.status == "resolved"


@SIZES
@plays
async def test_after_every_last_act_there_is_something_to_see(shop, size):
    async with shop.console(size) as at:
        await at.do("queue.open", "ticket.resolve")
        await at.sees("why is none needed?", "go back and answer")
        await at.press("enter")
        await at.until(lambda: at.where == "writing")
        assert shop.bench.ticket(1).row.status == "new", "Enter alone discards no question"
        await at.do("go.back", "ticket.resolve")
        await at.sees("why is none needed?")
        await at.press("1")
        await at.sees("money back")
        assert at.ticket == 2
        await at.do("ticket.life")
        await at.sees("The life of #2", "the customer: wrote first")
        await at.press("escape")
        await at.do("act.repeat")
        await at.sees("why is none needed?")  # only thanks is not carried over to another ticket
        await at.press("3")
        await at.sees("Nothing here.")
        assert at.where == "queue"
        await at.do("ticket.resolve")
        await at.sees("No ticket is selected.")


@SIZES
@plays
async def test_what_is_typed_fast_means_the_same(shop, size):
    async with shop.console(size) as at:
        await at.send("r", *"Ereza", "ctrl+j", "R", *"ezu", "ctrl+j")
        await at.sees("The note is kept.")
        texts = (
            [m.visible.strip() for m in shop.bench.messages(1)],
            [m.visible for m in shop.bench.messages(2)],
        )
        assert texts[0][1:] == ["Ereza"]
        assert texts[1][1:] == ["ezu"]
        assert {shop.bench.ticket(n).row.status for n in (1, 2)} == {"waiting_customer", "new"}


@plays
async def test_the_conversation_follows_the_cursor_though_the_queue_is_read_again_at_that_moment(shop):
    async with shop.console(WIDE) as at:
        await at.sees("encara no m'ha arribat el paquet")
        at.app.home.panes.queue.move(1)
        at.app.home.panes.queue.reload(shop.bench.clock.at)
        await at.sees("I would like my money back")
        assert at.ticket == 2


@SIZES
@plays
async def test_customer_text_reaches_the_screen_tame(tmp_path, size):
    shop = Shop(tmp_path)
    try:
        for n, text in enumerate(HOSTILE):
            clean = text.encode("utf-8", "replace").decode().replace("\r", " ").replace("\n", " ")
            shop.bench.mail(f"{clean}\nfi {n}", sender=f"c{n}@x.test", subject=f"S{n} {clean}")
        async with shop.console(size) as at:
            assert raw_free(at.lines)
            for _ in HOSTILE:
                await at.do("queue.open")
                assert raw_free(at.lines)
                await at.do("ticket.reply", "compose.close", "go.back", "queue.down")
                assert raw_free(at.lines)
            await at.do("find.search")
            await at.type("fi")
            assert raw_free(at.lines)
    finally:
        shop.close()


@SIZES
@plays
async def test_a_backup_that_fails_is_said_above_and_below(shop, size):
    async with shop.console(size) as at:
        kept.failed(shop.home.state, shop.bench.clock.at, shop.home.backups, "No space left on device")
        await at.sees("backup failed", "The daily backup failed: No space left")
        await at.do("queue.open")
        await at.sees("encara no m'ha arribat el paquet")
        kept.good(shop.home.state, shop.bench.clock.at, shop.home.backups / "good.tar")
        await at.until(lambda: "backup failed" not in at.lines[0])
        shop.bench.clock.go(days=2)
        await at.sees("last backup 2 d ago")
