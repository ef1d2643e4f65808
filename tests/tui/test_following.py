"""Accounts that come and go in config.toml while the console is open."""

import pytest

from agentdesk import config
from servers.telegram import TOKEN, Telegram
from tui.driver import plays


@pytest.fixture
def server(monkeypatch):
    made = Telegram()
    monkeypatch.setenv("BOT", TOKEN)
    yield made
    made.stop()


@plays
async def test_an_account_that_is_added_elsewhere_is_received_and_one_that_is_removed_no_more(shop, server):
    fields = {
        "name": "tienda",
        "channel": "telegram",
        "address": "@vimet_bot",
        "options": {"base_url": server.base},
        "env": "BOT",
    }
    async with shop.console() as glass:
        server.writes(7001, "Hola, sóc la Rosa")
        config.add_account(shop.home, fields)
        await glass.sees("tienda was added: its messages come in from now on.")
        await glass.sees("Hola, sóc la Rosa")
        config.change_account(shop.home, "tienda", "waiting_days", 7)
        await glass.sees("tienda was changed: its messages come in that way from now on.")
        config.rename_account(shop.home, "tienda", "botiga")
        server.writes(7001, "Encara hi sóc")
        await glass.until(lambda: len(shop.bench.messages(3)) == 2)
        config.remove_account(shop.home, "botiga")
        await glass.sees("botiga was removed: nothing comes in by it any more.")
        home = glass.app.home
        assert [each.name for each in home.settings.accounts] == ["La Botiga"]
        await glass.until(lambda: not home.behind._background._polled)


@plays
async def test_a_segment_that_is_written_elsewhere_is_known_at_once(shop):
    shop.write("Ona Vila", "Un paquet", "Quan arriba?")
    async with shop.console() as glass:
        text = '[desk]\nzone = "Europe/Madrid"\nlanguage = "es"\n[segments]\nvip = "domain:x.test"\n'
        shop.home.config_file.parent.mkdir(parents=True, exist_ok=True)
        shop.home.config_file.write_text(text)
        await glass.until(lambda: shop.bench.desk.segments)
        glass.app.home.paths.go_to("inbox", "segment:vip")
        await glass.sees("Un paquet")
