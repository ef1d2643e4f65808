"""Rules in the console: seen with what they would have done, put on by a key, and what they did under the message."""

from agentdesk import config
from agentdesk.engine import ringing
from agentdesk.engine.rules import Runner
from agentdesk.screens import rules
from tui.driver import SMALL, plays

MINE = 'on = "customer_wrote"\nwhere = "{word}"\n[do]\ntag = ["seen"]\nnotify = true\ncommand = ["/nonexistent/program"]\n'


@plays
async def test_a_rule_is_looked_at_put_on_and_seen_in_the_conversation(shop):
    folder = shop.home.config / "rules"
    folder.mkdir(parents=True)
    (folder / "parcel.toml").write_text(MINE.format(word="paquet"))
    (folder / "broken.toml").write_text(MINE.format(word="lnag:es"))
    shop.write("Lluc Pi", "Paquet", "Hola, on és el meu paquet?")
    async with shop.console(SMALL) as at:
        await at.do("rules.show")
        await at.sees("Rules: 0 are on", "[!] broken", "[ ] parcel")
        await at.answer("parcel")
        await at.sees("parcel: would have acted 2 times in the last 30 days", "tag seen, tells you, runs")
        await at.press("enter")
        await at.sees("Rules: 1 is on", "[x] parcel")
        assert config.load(shop.home).rules == ("parcel",)
        await at.answer("parcel")
        await at.sees("parcel: acted 0 times", "switch it off")
        await at.answer("try it")
        await at.sees("parcel: would have acted 2 times in the last 30 days", "#2 not: it is not: “paquet”")
        await at.press("escape")
        await at.sees("Rules: 1 is on")
        await at.press("escape")
        rung, said, home = [], [], at.app.home
        at.app.bell = lambda: rung.append("bell")
        home.tell = lambda text, **_: said.append(text)
        number = shop.write("Ona Vila", "Un altre", "Quan arriba el paquet?")
        Runner(shop.bench.desk, shop.home).run()
        await at.until(lambda: home.alert.waits)
        assert ringing.waits(shop.bench.desk), "who is killed before it is told leaves it to who starts next"

        def is_told() -> bool:
            shop.bench.clock.go(seconds=1)
            return f"rule parcel: mail #{number}" in said

        await at.until(is_told)
        assert rung
        assert any(f"rule parcel: #{number} runs /nonexistent/program: could not" in each for each in said)
        await at.until(lambda: not ringing.waits(shop.bench.desk))
        del home.tell
        await at.do("find.search")
        await at.answer(f"#{number}")
        await at.press("enter")
        await at.sees("rule parcel: tag seen, tells you")


@plays
async def test_what_is_wrong_with_a_rule_is_one_line_of_the_list_and_can_be_read_to_its_end_on_a_small_screen(
    shop,
):
    folder = shop.home.config / "rules"
    folder.mkdir(parents=True)
    wrong = 'on = "replied"\n[do]\npriority = "hihg"\nassing = "Joan"\nsnoze = "1d"\nkomand = "x"\nstatsu = "open"\n'
    (folder / "lampara.toml").write_text(wrong)
    async with shop.console(SMALL) as at:
        await at.do("rules.show")
        await at.sees("[!] lampara", "5 faults")
        assert at.text.count("[!] lampara") == 1
        box = at.app.screen.query_one(".preview-box")
        assert box.max_scroll_y > 0
        await at.press(*["pagedown"] * 4)
        await at.until(lambda: box.scroll_y == box.max_scroll_y)
        await at.sees("do.statsu")
        await at.press("enter")
        await at.sees("do.priority", "do.assing", "do.snoze", "do.komand", "do.statsu")
        await at.press("escape")
        await at.sees("Rules: 0 are on", "[!] lampara")


@plays
async def test_whoever_begins_chooses_what_is_done_by_itself(shop):
    async with shop.console(SMALL) as at:
        offering = at.app.run_worker(rules.offer(at.app.home))
        await at.sees("What should run by itself?", "[ ] Etiqueta lo que", "g R shows this")
        await at.answer("noche")
        await at.sees("[x] Etiqueta lo que")
        await at.press("escape")
        await offering.wait()
    assert config.load(shop.home).rules == ("overnight",)


@plays
async def test_the_pane_shows_and_changes_what_another_terminal_left_on(shop):
    async with shop.console(SMALL) as at:
        config.change_value(shop.home, "rules", "on", ["acknowledge", "overnight"])
        await at.do("rules.show")
        await at.sees("Rules: 2 are on", "[x] Acuse de recibo")
        config.change_value(shop.home, "rules", "on", ["overnight"])
        await at.answer("Acuse de recibo")
        await at.sees("switch it on")
        config.change_value(shop.home, "rules", "on", ["overnight", "out-of-hours"])
        await at.press("enter")
        await at.sees("Rules: 3 are on")
    assert set(config.load(shop.home).rules) == {"acknowledge", "overnight", "out-of-hours"}


@plays
async def test_the_offer_does_what_its_line_said_though_another_terminal_was_quicker(shop):
    async with shop.console(SMALL) as at:
        offering = at.app.run_worker(rules.offer(at.app.home))
        await at.sees("[ ] Etiqueta lo que")
        config.change_value(shop.home, "rules", "on", ["overnight"])
        await at.answer("noche")
        await at.sees("[x] Etiqueta lo que")
        await at.press("escape")
        await offering.wait()
    assert config.load(shop.home).rules == ("overnight",)


@plays
async def test_a_signature_that_is_changed_meanwhile_stands_under_the_next_mail_and_a_fault_is_said(shop):
    number = shop.write("Lluc Pi", "Paquet", "Hola, on és?")
    async with shop.console() as at:
        config.change_value(shop.home, "send", "signature", "La Botiga de sempre")
        config.change_value(shop.home, "desk", "shop", "Mimo")
        await at.until(lambda: at.app.home.settings.desk.shop == "Mimo")
        file = shop.home.config_file
        text = file.read_text("utf-8")
        file.write_text(text.replace("[send]", "[sned]"), "utf-8")
        await at.sees("The configuration cannot be used")
        assert [each.name for each in at.app.home.settings.accounts] == ["La Botiga"]
        await at.do("find.search")
        await at.answer(f"#{number}")
        await at.press("enter")
        await at.do("ticket.reply")
        await at.type("Ja surt")
        await at.press("ctrl+j")
        await at.until(shop.outbox)
        shop.bench.clock.go(minutes=1)
        await shop.flush()
    assert b"La Botiga de sempre" in shop.provider.accepted[0]
