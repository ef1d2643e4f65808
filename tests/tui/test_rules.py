"""Rules in the console: seen with what they would have done, put on by a key, and what they did under the message."""

from agentdesk import config
from agentdesk.engine.rules import Runner
from agentdesk.screens import rules
from tui.driver import SMALL, plays

MINE = 'on = "customer_wrote"\nwhere = "{word}"\n[do]\ntag = ["seen"]\n'


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
        await at.sees("parcel: would have acted 2 times in the last 7 days", "tag seen (the customer wrote)")
        await at.press("enter")
        await at.sees("Rules: 1 is on", "[x] parcel")
        assert config.load(shop.home).rules == ("parcel",)
        await at.press("escape")
        number = shop.write("Ona Vila", "Un altre", "Quan arriba el paquet?")
        Runner(shop.bench.desk, shop.home).run()
        await at.do("find.search")
        await at.answer(f"#{number}")
        await at.press("enter")
        await at.sees("rule parcel: tag seen (the customer wrote)")


@plays
async def test_whoever_begins_chooses_what_is_done_by_itself(shop):
    async with shop.console(SMALL) as at:
        offering = at.app.run_worker(rules.offer(at.app.home))
        await at.sees("What shall be done by itself?", "[ ] Etiqueta lo que", "g R shows this")
        await at.answer("noche")
        await at.sees("[x] Etiqueta lo que")
        await at.press("escape")
        await offering.wait()
    assert config.load(shop.home).rules == ("overnight",)
