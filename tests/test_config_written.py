"""The one file of a shop: written once with comments, and what somebody writes in it stays."""

import os

import pytest

from agentdesk import config, i18n
from agentdesk.config import Home, OwnView, write, write_file
from agentdesk.errors import ConfigError, NotFoundError

MAILBOX = {
    "name": "soporte",
    "channel": "email",
    "address": "a@shop.cat",
    "imap": "imaps://x.es",
    "smtp": "smtps://x.es",
}


@pytest.fixture
def home(tmp_path):
    i18n.use("en")
    yield Home.under(tmp_path / "desk")
    i18n.use("en")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_first_file_speaks_the_language_that_is_chosen_until_somebody_writes_in_it(home, language):
    config.ensure(home)
    settings = config.choose_language(home, language)
    text = home.config_file.read_text("utf-8")
    assert (settings.desk.language, text) == (language, write.first_text(language))
    home.config_file.write_text(text + "\n# what I know of it\n", "utf-8")
    assert config.choose_language(home, "en").desk.language == "en"
    changed = home.config_file.read_text("utf-8")
    assert changed == text.replace(f'language = "{language}"', 'language = "en"') + "\n# what I know of it\n"


def test_accounts_and_views_come_and_go_and_leave_the_file_as_it_was(home):
    config.ensure(home)
    text = home.config_file.read_text("utf-8").replace(
        'preset = "guide"', 'preset = "guide"  # ask Ana first'
    )
    home.config_file.write_text(text + "\n# below: what the program wrote\n", "utf-8")
    before = home.config_file.read_text("utf-8")
    config.add_account(
        home,
        {
            "name": "soporte",
            "channel": "email",
            "address": "a@shop.cat",
            "imap": "imaps://x.es",
            "smtp": "smtps://x.es",
        },
    )
    config.add_view(home, OwnView("urgent", "mine"))
    config.change_account(home, "soporte", "waiting_days", 7)
    after = home.config_file.read_text("utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    config.remove_view(home, "urgent")
    config.remove_account(home, "soporte")
    assert home.config_file.read_text("utf-8").split() == before.split()


def test_the_first_name_of_a_shop_is_the_desk_s_and_another_one_that_account_s(home):
    servers = {"channel": "email", "imap": "imaps://x.es", "smtp": "smtps://x.es"}
    for name, shop in (
        ("hola", "Mimo Cerámica"),
        ("info", "Mimo Cerámica"),
        ("web", "La Paloma"),
        ("x", None),
    ):
        config.add_account(home, {"name": name, "address": f"{name}@shop.cat", "shop": shop, **servers})
    text = home.config_file.read_text("utf-8")
    assert (text.count('shop = "Mimo Cerámica"  '), text.count('shop = "La Paloma"')) == (1, 1), (
        "its comment stays"
    )
    settings = config.load(home)
    assert settings.desk.shop == "Mimo Cerámica"
    assert [settings.shop(each) for each in settings.accounts] == [
        "Mimo Cerámica", "Mimo Cerámica", "La Paloma", "Mimo Cerámica",
    ]  # fmt: skip
    home.config_file.write_text(text.replace('shop = "Mimo Cerámica"  ', "# "), "utf-8")
    config.add_account(home, {"name": "y", "address": "y@shop.cat", "shop": "Mimo", **servers})
    settings = config.load(home)
    assert [settings.shop(each) for each in settings.accounts[::2]] == ["Mimo", "La Paloma", "Mimo"]


def test_a_file_that_never_heard_of_a_shop_s_name_goes_on_with_that_of_the_account(home):
    home.config.mkdir()
    row = '[[accounts]]\nid = "1"\nname = "hola"\nchannel = "email"\naddress = "hola@shop.cat"\n'
    home.config_file.write_text(row, "utf-8")
    settings = config.load(home)
    assert [settings.shop(each) for each in settings.accounts] == ["hola"]
    assert settings.shop(None) == ""


@pytest.fixture
def before_us(monkeypatch):
    """`before_us(act)`: another process has its turn, in which it does `act`, right before ours."""
    turn = write._turn

    def meanwhile(act):
        def turned(home):
            monkeypatch.setattr(write, "_turn", turn)
            act()
            return turn(home)

        monkeypatch.setattr(write, "_turn", turned)

    return meanwhile


def test_a_language_that_is_chosen_while_an_account_is_written_leaves_the_account(home, before_us):
    config.ensure(home)
    before_us(lambda: config.add_account(home, MAILBOX))
    assert config.choose_language(home, "es").desk.language == "es"
    assert [each.name for each in config.load(home).accounts] == ["soporte"]


@pytest.mark.parametrize(
    "change",
    [
        lambda home: config.remove_account(home, "soporte"),
        lambda home: config.rename_account(home, "soporte", "hola"),
        lambda home: config.move_secret(home, "soporte", {"env": "SHOP"}),
    ],
)
def test_an_account_that_is_taken_out_meanwhile_is_said_not_to_be_there(home, before_us, change):
    config.add_account(home, MAILBOX)
    before_us(lambda: config.remove_account(home, "soporte"))
    with pytest.raises(NotFoundError) as caught:
        change(home)
    assert caught.value.values["name"] == "soporte"


def test_a_view_that_is_taken_out_meanwhile_is_said_not_to_be_there(home, before_us):
    config.add_view(home, OwnView("urgent", "mine"))
    before_us(lambda: config.remove_view(home, "urgent"))
    with pytest.raises(NotFoundError):
        config.remove_view(home, "urgent")


def test_a_file_that_is_written_by_two_at_once_is_one_of_the_two_whole(tmp_path, monkeypatch):
    path, sync = tmp_path / "forgotten.jsonl", os.fsync

    def meanwhile(handle):
        monkeypatch.setattr("agentdesk.config.home.os.fsync", sync)
        write_file(path, b"the other's")
        sync(handle)

    monkeypatch.setattr("agentdesk.config.home.os.fsync", meanwhile)
    write_file(path, b"ours, which is longer")
    assert path.read_bytes() == b"ours, which is longer"
    assert list(tmp_path.iterdir()) == [path]


def test_two_agents_of_one_name_are_shown_where_the_second_stands(home):
    home.make()
    home.config_file.write_text('[[agents]]\nname = "Joan"\n\n[[agents]]\nname = " joan "\n', "utf-8")
    with pytest.raises(ConfigError) as raised:
        config.load(home)
    assert (raised.value.values["key"], raised.value.values["line"]) == ("agents.joan.name", 5)
