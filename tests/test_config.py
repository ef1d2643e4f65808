"""config.toml: what it says, what is wrong with it, and that nobody's words are lost when it changes."""

import json
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from agentdesk import config, i18n
from agentdesk.config import Home, OwnView, SecretPlace
from agentdesk.config.write import first_text
from agentdesk.core.model import Endpoint
from agentdesk.errors import ConfigError, DiskError, NotFoundError, UsageError

MAILBOX = """\
[[accounts]]
id = "0190-1"
name = "soporte"
channel = "email"
address = "soporte@shop.cat"
"""


@pytest.fixture(autouse=True)
def in_english():
    i18n.use("en")


@pytest.fixture
def home(tmp_path) -> Home:
    return Home.under(tmp_path / "desk")


def written(home: Home, text: str) -> Home:
    home.make()
    home.config_file.write_text(text, "utf-8")
    return home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refusal(home: Home, text: str) -> dict:
    with pytest.raises(ConfigError) as caught:
        config.load(written(home, text))
    assert str(caught.value.values["file"]) == str(home.config_file)
    return caught.value.values


def test_a_home_names_every_path_of_the_contract(tmp_path):
    home = Home.find(str(tmp_path), {"AGENTDESK_HOME": "/elsewhere"})
    paths = (
        home.config_file,
        home.store,
        home.blobs,
        home.key,
        home.backups,
        home.lock("sync"),
        home.log_file,
    )
    assert [str(path.relative_to(tmp_path)) for path in paths] == [
        "config.toml",
        "data/desk.db",
        "data/blobs",
        "data/desk.key",
        "data/backups",
        "state/sync.lock",
        "log/agentdesk.log",
    ]
    assert Home.find(None, {"AGENTDESK_HOME": str(tmp_path)}) == home


def test_without_a_home_the_places_are_the_systems(tmp_path, monkeypatch):
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    home = Home.find(None, {})
    assert home.config_file == tmp_path / "CONFIG/agentdesk/config.toml"
    assert home.store == tmp_path / "DATA/agentdesk/desk.db"
    assert home.lock("x").is_relative_to(tmp_path / "STATE/agentdesk")


def test_what_is_made_is_private_and_what_was_there_stays_as_it_was(tmp_path):
    tmp_path.chmod(0o755)
    home = Home.under(tmp_path)
    config.ensure(home)
    home.make()
    assert mode(tmp_path) == 0o755
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert made
    assert {mode(path) for path in made} == {0o700}
    assert mode(home.config_file) == 0o600


@pytest.mark.parametrize("broken", ["/proc/agentdesk", "a file"])
def test_a_home_that_cannot_be_written_is_a_disk_error_with_its_path(tmp_path, broken):
    (tmp_path / "a file").touch()
    home = Home.under(tmp_path / broken / "desk")
    with pytest.raises(DiskError) as caught:
        config.ensure(home)
    assert broken in str(caught.value.values["path"])


def test_the_first_file_is_written_once_with_comments_and_the_systems_words(home, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Madrid")
    monkeypatch.setenv("LC_ALL", "ca_ES.UTF-8")
    settings = config.ensure(home)
    assert (settings.desk.zone, settings.desk.language) == ("Europe/Madrid", "ca")
    assert (settings.desk.calendar, settings.desk.preset) == (None, "guide")
    text = home.config_file.read_text("utf-8")
    assert text.count("#") > 10
    monkeypatch.setenv("TZ", "America/Bogota")
    home.config_file.write_text("# mine\n" + text, "utf-8")
    assert config.ensure(home).desk.zone == "Europe/Madrid"
    assert home.config_file.read_text("utf-8") == "# mine\n" + text


@pytest.mark.parametrize(
    ("said", "spoken"), [("es_MX.UTF-8", "es"), ("fr_FR", "en"), ("C.UTF-8", "en"), ("", "en")]
)
def test_the_language_is_the_systems_limited_to_ours(home, monkeypatch, said, spoken):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", said)
    assert config.load(home).desk.language == spoken


def test_the_contracts_example_is_read_as_it_stands(home):
    text = """
[desk]
zone = "Europe/Madrid"
language = "ca"
form = "tu"
calendar = "shop"
preset = "small-shop"
[[agents]]
name = "Joan"
address = "joan@shop.cat"
[[accounts]]
id = "01"
name = "soporte"
channel = "email"
address = "soporte@Shop.cat"
aliases = ["pedidos@shop.cat"]
imap = "imaps://soporte%40shop.cat@mail.shop.cat:993"
smtp = "smtps://mail.shop.cat"
secret = "keyring"
folders = ["INBOX"]
mark_seen = "opened"
sent_copy = "auto"
plus_address = false
[send]
hold = { email = 10, chat = 2 }
quote = "below"
signature = "..."
[ui]
theme = "agentdesk"
ascii = false
mouse = true
[keys]
"ticket.resolve" = "e"
ticket.snooze = "z"
[notify]
bell = ["new", "due_soon"]
osc = true
"""
    settings = config.load(written(home, text))
    account = settings.account("soporte")
    assert account is not None
    assert account.imap == Endpoint("mail.shop.cat", 993, "tls", "soporte@shop.cat")
    assert account.smtp == Endpoint("mail.shop.cat", 465, "tls", "soporte@shop.cat")
    assert (account.secret, account.waiting_days) == (SecretPlace("keyring"), 14)
    assert settings.keys == {"ticket.resolve": "e", "ticket.snooze": "z"}
    assert (settings.send.hold_email, settings.send.hold_chat) == (10, 2)
    assert settings.desk.calendar == "shop"
    assert settings.agents[0].name == "Joan"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('[desk]\nlanguaje = "ca"', "desk.languaje", "language"),
        ('[dsk]\nzone = "UTC"', "dsk", "desk"),
        ('[desk]\nzone = "Europe/Madird"', "desk.zone", "Europe/Madrid"),
        ('[desk]\npreset = "guid"', "desk.preset", "guide"),
        ("[desk]\nzone = 3", "desk.zone", "text"),
        ("[send]\nhold = { email = true }", "send.hold.email", "number"),
        ("[send]\nhold = { email = -1 }", "send.hold.email", "3600"),
        ("[ui]\nmouse = 1", "ui.mouse", "true"),
        ('[notify]\nbell = "new"', "notify.bell", "list"),
        ('[notify]\nbell = ["nwe"]', "notify.bell", "new"),
        ("desk = 1", "desk", "table"),
        ("[accounts]\nid = 1", "accounts", "[[accounts]]"),
        ('[[accounts]]\nname = "x"', "accounts.x.id", "missing"),
        (MAILBOX.replace("email", "emial"), "accounts.soporte.channel", "email"),
        (MAILBOX.replace("soporte@shop.cat", "soporte"), "accounts.soporte.address", "shop@example.com"),
        (MAILBOX + 'imap = "smtps://x"', "accounts.soporte.imap", "imaps"),
        (MAILBOX + 'imap = "imaps://x:99999"', "accounts.soporte.imap", "port"),
        (MAILBOX + 'imap = "imaps://x/inbox"', "accounts.soporte.imap", "follow"),
        (MAILBOX + 'secret = "plain"', "accounts.soporte.secret", "keyring"),
        (MAILBOX + 'command = "a"\nenv = "B"', "accounts.soporte.env", "command, env"),
        (MAILBOX + MAILBOX, "accounts.soporte.name", "twice"),
        ('[[agents]]\nname = "Joan"\n[[agents]]\nname = " JOÁN "', "agents.JOÁN.name", "JOÁN is there twice"),
        ('[[agents]]\nname = "Ana Mas"\n[[agents]]\nname = "ana  mas"', "agents.ana mas.name", "twice"),
        ('[desk\nzone = ""', "TOML", "bracket is not closed"),
        ("keys = 3", "keys", "table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_key_and_the_right_word(home, text, key, words):
    values = refusal(home, text)
    assert values["key"].startswith(key)
    assert words in values["reason"]


def test_a_password_in_an_address_is_refused_and_not_repeated(home):
    values = refusal(home, MAILBOX + 'imap = "imaps://me:hunter2@x"')
    assert "hunter2" not in str(values)


def test_a_file_that_is_no_text_is_an_error_of_configuration(home):
    home.make()
    home.config_file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        config.load(home)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("imaps://h", Endpoint("h", 993, "tls", "me")),
        ("imap://h", Endpoint("h", 143, "starttls", "me")),
        ("imap+insecure://h:1143", Endpoint("h", 1143, "plain", "me")),
        ("smtps://a%40b.c@h", Endpoint("h", 465, "tls", "a@b.c")),
        ("smtp://a@b.c@h", Endpoint("h", 587, "starttls", "a@b.c")),
        ("SMTP+INSECURE://[::1]/", Endpoint("::1", 25, "plain", "me")),
    ],
)
def test_addresses_of_servers(url, place):
    protocol = url[:4].lower()
    assert config.endpoint(url, protocol, "me") == place
    assert config.endpoint(config.url_of(place, protocol), protocol, "other") == place


def test_changes_leave_comments_order_and_everything_else_alone(home):
    before = f"""# the shop's own words
[ui]   # first, because I like it so
mouse = false  # never
{MAILBOX}
# about what leaves
[send]
quote = "above"
"""
    written(home, before)
    added = config.add_account(home, {"name": "ventas", "channel": "email", "address": "ventas@shop.cat"})
    assert config.add_agent(home, "Joan", "joan@shop.cat").address == "joan@shop.cat"
    config.rename_account(home, "ventas", "pedidos")
    assert config.load(home).account(added.id) == config.known_account(config.load(home), "pedidos")
    text = home.config_file.read_text("utf-8")
    assert "# about what leaves\n[send]" in text
    config.remove_account(home, "pedidos")
    config.remove_account(home, "soporte")
    left = home.config_file.read_text("utf-8")
    for comment in (
        "# the shop's own words",
        "# first, because I like it so",
        "# never",
        "# about what leaves",
    ):
        assert comment in left
    assert tomllib.loads(left) == {
        "ui": {"mouse": False},
        "send": {"quote": "above"},
        "agents": [{"name": "Joan", "address": "joan@shop.cat"}],
    }
    assert mode(home.config_file) == 0o600


def test_accounts_written_in_one_line_can_be_added_to(home):
    written(home, 'accounts = [{ id = "1", name = "a", channel = "email", address = "a@b.c" }]\n')
    config.add_account(home, {"name": "b", "channel": "email", "address": "b@b.c"})
    config.remove_account(home, "a")
    assert [each.name for each in config.load(home).accounts] == ["b"]


def test_a_linked_file_stays_a_link(home, tmp_path):
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("[ui]\nascii = true\n")
    home.make()
    home.config_file.symlink_to(kept)
    config.add_agent(home, "Joan")
    assert home.config_file.is_symlink()
    assert "Joan" in kept.read_text()


def test_nothing_is_written_that_could_not_be_read_again(home):
    written(home, MAILBOX)
    for fields in (
        {"name": "x", "channel": "email", "address": "nobody"},
        {"name": "-x", "channel": "phone"},
    ):
        with pytest.raises(ConfigError):
            config.add_account(home, fields)
    assert home.config_file.read_text("utf-8") == MAILBOX


def test_names_are_taken_once_and_a_wrong_one_names_the_nearest(home):
    written(home, MAILBOX)
    with pytest.raises(UsageError):
        config.add_account(home, {"name": "soporte", "channel": "email", "address": "a@b.c"})
    with pytest.raises(NotFoundError) as caught:
        config.remove_account(home, "soprte")
    assert "soporte" in caught.value.values["name"]


def test_ids_are_of_version_7_and_never_the_same(home):
    ids = [config.new_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert {each[14] for each in ids} == {"7"}
    assert {each[19] for each in ids} <= set("89ab")


def test_show_says_where_each_value_comes_from_and_no_command_in_full(home):
    settings = config.load(written(home, MAILBOX + 'command = "pass show --key=hunter2"\n'))
    shown = {each.key: each for each in settings.shown}
    assert shown["accounts.soporte.address"].source == str(home.config_file)
    assert shown["accounts.soporte.folders"].source == "default"
    assert shown["desk.preset"].source == "default"
    assert "hunter2" not in str(settings.shown)


def test_an_encrypted_file_moves_with_its_home(home, tmp_path):
    written(home, MAILBOX + 'file = "data/secrets/1.json"\n')
    account = config.known_account(config.load(home), "soporte")
    assert account.secret == SecretPlace("file", str(home.secrets / "1.json"))


def test_the_schema_lists_what_the_reader_takes(home):
    schema = config.json_schema()
    json.dumps(schema)
    assert set(schema["properties"]) == {
        "desk",
        "agents",
        "accounts",
        "views",
        "send",
        "ui",
        "keys",
        "notify",
        "backup",
        "voice",
        "away",
        "automatic",
        "lookup",
        "segments",
        "rules",
    }
    account = schema["properties"]["accounts"]["items"]
    assert account["required"] == ["id", "name", "channel"]
    assert account["additionalProperties"] is False
    assert schema["properties"]["desk"]["properties"]["preset"]["enum"] == ["guide", "small-shop"]


def test_two_writers_take_turns(home):
    config.ensure(home)
    code = "import sys; from pathlib import Path; from agentdesk import config\n"
    code += "config.add_agent(config.Home.under(Path(sys.argv[1])), sys.argv[2])"
    names = ["Joan", "Marta", "Pau"]
    writers = [subprocess.Popen([sys.executable, "-c", code, str(home.config), name]) for name in names]
    assert [writer.wait(30) for writer in writers] == [0, 0, 0]
    assert sorted(each.name for each in config.load(home).agents) == names


def test_a_view_of_one_s_own_comes_and_goes_and_comments_stay(home):
    written(home, MAILBOX + "# my views are below\n")
    made = config.add_view(home, OwnView("urgent", "mine", "tag:rush", "waiting", "2"))
    assert config.load(home).views == (made,)
    with pytest.raises(UsageError):
        config.add_view(home, OwnView("urgent"))
    with pytest.raises(ConfigError):
        config.add_view(home, OwnView("everything", "all", sort="waiting"))
    assert config.remove_view(home, "urgent") == made
    assert config.load(home).views == ()
    assert "# my views are below" in home.config_file.read_text()
    with pytest.raises(NotFoundError):
        config.remove_view(home, "urgent")


@pytest.mark.parametrize("language", ["en", "es", "ca"])
def test_in_a_new_file_a_comment_stands_apart_from_the_value(language):
    with i18n.speaking(language):
        lines = first_text().splitlines()
    assert [each for each in lines if re.search(r"[^ #]#", each.partition("=")[2])] == []
