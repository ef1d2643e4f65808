"""Acts of several steps: a call written down, a template filled, two customers made one and two again."""

import io

import pytest
from PIL import Image

from agentdesk.actions import WRITING
from agentdesk.engine.voice import is_sound
from agentdesk.engine.window import Window
from agentdesk.screens.attached import meant
from engine.test_files import MAIL as WITH_FILE
from tui.chats import MARIA, chats, connected
from tui.driver import SMALL, framed, plays
from tui.glass import file, message


@pytest.fixture
def service(shop):
    return connected(shop)


@plays
async def test_a_call_is_written_down_on_one_screen(shop):
    async with shop.console(SMALL) as glass:
        await glass.do("call.note")
        await glass.sees("A phone call", "+34 600 111 222")
        assert "#" not in next(line for line in glass.lines if "+34 600" in line), (
            "whoever rings is asked for"
        )
        await glass.press("ctrl+j")
        await glass.sees("Say who called")
        await glass.type("+34 600 111 222")
        await glass.press("tab", "tab", "tab")
        await glass.type("3:20")
        await glass.press("ctrl+j")
        await glass.sees("Say in a few words")
        await glass.press("tab")
        await glass.type("Vol la talla M")
        await glass.press("tab", "right", "tab")
        await glass.type("some day")
        await glass.press("ctrl+j")
        await glass.sees('"some day" is no time')
        await glass.press("escape")
        await glass.loses("A phone call")
        await glass.do("call.note")
        await glass.sees("Vol la talla M", "+34 600 111 222", "3:20", "we owe an answer", "some day")
        await glass.press("tab", "tab", "backspace", "shift+tab", "left")
        await glass.press("ctrl+j")
        await glass.sees("The call is kept.")
        await glass.goes_to(3)
        await glass.sees("Joan took a call", "Vol la talla M")
        await glass.do("call.note")
        await glass.sees("#3")
        await glass.type("Torna a trucar")
        await glass.press("ctrl+j")
        await glass.sees("Torna a trucar")
    assert [m.text for m in shop.bench.messages(3)] == ["Vol la talla M", "Torna a trucar"]


@plays
async def test_a_template_is_chosen_filled_seen_and_sent_when_the_window_has_closed(shop, service):
    chats(shop, "Hola, on és?")
    shop.bench.clock.go(hours=25)
    async with shop.console() as glass:
        await glass.goes_to(3)
        await glass.do("ticket.reply")
        await glass.sees("The window has closed: only a template goes (g t).")
        await glass.type("Surt avui")
        await glass.do("compose.send")
        await glass.sees("the channel takes an approved template only")
        await glass.press("escape")
        await glass.do("ticket.template")
        await glass.sees("Which template?", "Hola {{1}}, tenim notícies")
        await glass.press("enter")
        await glass.sees("What goes in {{1}}?")
        await glass.press("enter")
        await glass.sees("A placeholder cannot stay empty.")
        await glass.answer("Maria")
        await glass.sees("What goes in {{2}}?", "Hola Maria, tenim notícies de la teva comanda {{2}}")
        await glass.answer("VM-7")
        await glass.sees("Send this?", "Hola Maria, tenim notícies de la teva comanda VM-7")
        await glass.press("enter")
        await glass.until(lambda: service.taken)
        await glass.goes_to(1)
        await glass.do("ticket.template")
        await glass.sees("This channel has no templates.")
    assert service.taken[-1].template.values == ("Maria", "VM-7")
    assert shop.draft(3) == "Surt avui"


@plays
async def test_pictures_are_looked_at_one_after_the_other(shop, service):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 0, 0)).save(out, "PNG")
    chats(shop, "Mireu", files=(out.getvalue(), b"\x1b]0;title\x07"))
    async with shop.console(SMALL) as glass:
        await glass.goes_to(3)
        await glass.do("reading.look")
        await glass.sees("foto1.png", "1/2", "▀" * 8)
        await glass.press("right")
        await glass.sees("foto2.png", "2/2", "This picture cannot be drawn")
        assert "▀▀" not in glass.text
        await glass.press("escape")
        await glass.goes_to(1)
        await glass.do("reading.look")
        await glass.sees("There is no picture in this ticket.")


@plays
async def test_two_customers_become_one_person_and_two_again(shop, service):
    chats(shop, "Hola, us he escrit un correu")

    async with shop.console() as glass:
        await glass.goes_to(3)
        await glass.do("customer.link")
        await glass.sees("Who is the same person as Maria Puig?", "maria@x.test")
        await glass.press("enter")
        await glass.sees("They are one person now.", "still open: #1 mail")
        with Window(shop.bench.desk) as window:
            assert window.customer("maria@x.test") == window.customer(f"whatsapp:{MARIA}")
        await glass.do("act.undo")
        await glass.loses("still open: #1 mail")
        with Window(shop.bench.desk) as window:
            assert window.customer("maria@x.test") != window.customer(f"whatsapp:{MARIA}")


def test_the_voice_of_the_message_at_hand_is_played_else_the_newest():
    voice, photo = file("voice.ogg", media_type="audio/ogg"), file()
    old, new = message(1, attachments=(voice,)), message(2, attachments=(photo, voice))
    words = message(3)
    assert meant((old, new, words), old, is_sound) == (old, voice)
    assert meant((old, new, words), words, is_sound) == (new, voice)
    assert meant((old, new, words), None, is_sound) == (new, voice)
    assert meant((words,), words, is_sound) is None


@plays
async def test_a_file_that_is_spoken_of_and_forgotten_is_asked_about_and_the_answer_puts_the_ticket_off(shop):
    async with shop.console(SMALL) as at:
        await at.do("ticket.reply")
        await at.type("Te adjunto la factura.")
        await at.do("compose.send")
        await at.sees("Send without a file?", "adjunto")
        await at.press("escape")
        assert shop.outbox() == []
        await at.do("compose.snooze")
        await at.answer("2h")
        await at.sees("Send without a file?")
        await at.press("enter")
        await at.until(shop.outbox)
        assert shop.bench.ticket(1).row.status == "snoozed"
        await at.do("act.undo")
        await at.sees("Te adjunto la factura.", "#1: taken back")
        assert shop.bench.ticket(1).row.status == "new"


@plays
async def test_a_number_that_no_calendar_holds_is_no_time_while_it_is_typed(shop):
    async with shop.console(SMALL) as at:
        await at.do("snooze.until")
        await at.type("2w")
        await at.sees("= ")
        await at.answer("999999w")
        await at.sees("is no time")


@plays
async def test_a_day_of_the_month_that_is_today_says_which_month_it_is_taken_for(shop):
    async with shop.console(SMALL) as at:
        await at.do("snooze.until")
        await at.type("el 23")
        await at.sees("= today, Monday, 23 November, 21:00")
        await at.type(" a les 9")
        await at.sees("= Wednesday, 23 December, 9:00")


@plays
async def test_a_message_is_split_off_after_a_look_at_it_and_put_back(shop):
    shop.write("Maria Puig", "Una altra cosa", "I la factura de juny?", reply_to="<m1@x.test>")

    def texts(number):
        return [each.text.strip() for each in shop.bench.messages(number)]

    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("reading.split")
        await at.sees("Take this message out of #1", "I la factura de juny?")
        await at.press("escape")
        assert len(texts(1)) == 2
        await at.do("reading.split")
        await at.press("enter")
        await at.until(lambda: texts(3) == ["I la factura de juny?"])
        await at.sees("ticket of its own")
        await at.do("act.undo")
        await at.until(lambda: len(texts(1)) == 2)


@plays
async def test_the_line_for_commands_knows_the_words_that_the_list_of_all_acts_knows(shop):
    async with shop.console(SMALL) as glass:
        for typed, meant in (
            ("help", "help.keys"),
            ("close", "ticket.resolve"),
            ("ticket.resolv", "ticket.resolve"),
        ):
            await glass.do("help.command")
            await glass.answer(typed)
            await glass.sees(f"There is no action {typed}.", f"({meant})?")
            await glass.press("escape")
            await glass.until(lambda: glass.app.screen is glass.app.home)
        await glass.do("help.command")
        await glass.answer("respond")
        await glass.sees("Do this instead: reply (ticket.reply)?")
        await glass.press("enter")
        await glass.until(lambda: glass.where == WRITING)
        await glass.press("escape")
        await glass.do("help.command")
        await glass.answer("qqqqqq")
        await glass.sees("There is no action qqqqqq.")
        assert glass.app.screen is glass.app.home
        await glass.do("help.palette")
        await glass.until(lambda: glass.app.screen is not glass.app.home)
        await glass.type("send")
        await glass.sees("compose.send")
        await glass.press("escape")


@plays
async def test_a_message_without_quotes_says_that_there_is_nothing_to_unfold(shop):
    async with shop.console() as at:
        await at.do("queue.open", "reading.quotes")
        await at.sees("There is neither a quote nor a signature in this message.")


@plays
async def test_a_file_is_saved_into_a_folder_that_is_made_and_offered_the_next_time(shop, tmp_path):
    shop.bench.mail(raw=WITH_FILE)
    place = tmp_path / "a folder whose path is longer than the line in which it is asked for"
    place.mkdir()
    folder = place / "facturas"
    (place / "nota").write_text("")
    async with shop.console() as at:

        async def says(words):
            await at.until(lambda: words in framed(at.text))

        async def offers():
            await says("Into which folder?")
            assert at.app.screen.focused.value == str(folder)

        await at.goes_to(3)
        await at.do("reading.save")
        await at.answer(str(place / "nota"))
        await says("is no folder")
        await at.answer(str(folder))
        await says("Make it?")
        await at.press("escape")
        await offers()
        await at.press("enter")
        await says("Make it?")
        await at.press("enter")
        await at.sees("Saved as")
        await at.do("reading.save")
        await offers()
    assert [each.read_bytes() for each in folder.iterdir()] == [b"hola"]
