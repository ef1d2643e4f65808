"""The one table of what config.toml may say.

Promises: reading, `config schema`, `config show` and the comments of a new file all come from here, so they
cannot disagree. Refuses: unknown keys, wrong types and wrong values, with a reason and the nearest right word.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Any, Literal

from agentdesk.config.checks import address, called, channel, handle, line, mail_address, quiet_hours, zone
from agentdesk.config.themes import theme
from agentdesk.config.words import hint
from agentdesk.core.views import SORTS, VIEWS
from agentdesk.errors import N_
from agentdesk.i18n import LANGUAGES, tr
from agentdesk.values import dataclass

Kind = Literal["text", "integer", "boolean", "texts", "table", "tables", "named", "any"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `keys` are those of a table, `named` of tables that have a name each; an integer lies in [least, most]."""

    name: str
    kind: Kind
    help: str
    default: object = None
    choices: tuple[str, ...] = ()
    check: Callable[[str], str] | None = None
    least: int = 0
    most: int = 3600
    keys: tuple["Key", ...] = ()
    required: bool = False


SECRETS = ("secret", "command", "env", "file")

ACCOUNT = (
    Key("id", "text", N_("made by agentdesk; never change it"), required=True, check=handle),
    Key("name", "text", N_("how commands name it; may change"), required=True, check=handle),
    Key("channel", "text", N_("the kind of medium"), required=True, check=channel),
    Key("address", "text", N_("how customers reach it"), "", check=address),
    Key("shop", "text", N_("what its customers call the shop, if not what [desk] says"), "", check=line),
    Key("aliases", "texts", N_("other addresses that arrive in the same mailbox"), (), check=mail_address),
    Key("imap", "text", N_("where mail is read")),
    Key("smtp", "text", N_("where mail is sent")),
    Key("secret", "text", N_("where the password is"), choices=("keyring",)),
    Key("command", "text", N_("a command whose first line of output is the password")),
    Key("env", "text", N_("the variable that holds the password"), check=handle),
    Key("file", "text", N_("the encrypted file that holds the password")),
    Key("ca_file", "text", N_("the certificates of a private authority")),
    Key("auth", "text", N_("how to log in"), "password", choices=("password", "xoauth2")),
    Key("folders", "texts", N_("folders to watch"), ("INBOX",), check=line),
    Key(
        "mark_seen",
        "text",
        N_("when a mail is marked as read on the server"),
        "opened",
        choices=("opened", "answered", "never"),
    ),
    Key(
        "sent_copy",
        "text",
        N_("whether a copy is filed in Sent; auto: not where the provider files it itself"),
        "auto",
        choices=("auto", "always", "never"),
    ),
    Key(
        "authserv_id",
        "text",
        N_("the server whose word on senders is believed, as it calls itself in Authentication-Results"),
        "",
        check=handle,
    ),
    Key("plus_address", "boolean", N_("whether replies come back to name+token@domain"), False),
    Key(
        "waiting_days", "integer", N_("how old a still unanswered mail may be to become work"), 14, most=3650
    ),
    Key("options", "any", N_("what only this kind of channel knows"), {}),
)

WAYS = ("command", "url", "csv", "woocommerce")
LOOKUP_SECRETS = ("secret", "secret_command", "secret_env", "secret_file")
LOOKUP = (
    Key("command", "texts", N_("a program and its arguments: JSON in, JSON out")),
    Key("url", "text", N_("an address that the question is posted to")),
    Key("csv", "text", N_("a file with the orders")),
    Key("woocommerce", "text", N_("the address of a WooCommerce shop")),
    Key("columns", "any", N_("what the file calls the columns, by our name: number, status, email, ..."), {}),
    Key("header", "text", N_("the header that holds the secret"), "Authorization", check=handle),
    Key("secret", "text", N_("where the secret is"), choices=("keyring",)),
    Key("secret_command", "text", N_("a command whose first line of output is the secret")),
    Key("secret_env", "text", N_("the variable that holds the secret"), check=handle),
    Key("secret_file", "text", N_("the encrypted file that holds the secret")),
    Key("pattern", "text", N_("a regular expression whose one group is an order number")),
    Key("timeout", "integer", N_("seconds that an answer may take"), 2, least=1, most=10),
    Key("minutes", "integer", N_("how long an answer is fresh"), 5, least=1, most=1440),
    Key("done", "texts", N_("what the shop calls orders that are over"), (), check=line),
)

HOLD = (
    Key("email", "integer", N_("seconds a mail waits before it leaves"), 10),
    Key("chat", "integer", N_("seconds a chat message waits before it leaves"), 2),
)

COVERED = N_("when the provider says by itself that you are closed: docs/away.md")
AWAY = tuple(
    Key(each, "text", COVERED, "none", ("none", "closed", "laptop")) for each in ("email", "whatsapp")
)

ROOT = (
    Key(
        "desk",
        "table",
        N_("the desk"),
        keys=(
            Key("zone", "text", N_("the time zone of the opening hours"), check=zone),
            Key("language", "text", N_("the language of the console"), choices=LANGUAGES),
            Key(
                "shop",
                "text",
                N_("what customers call the shop; empty: the account's name is used"),
                "",
                check=line,
            ),
            Key("form", "text", N_("how customers are addressed"), "tu", choices=("tu", "vostè", "usted")),
            Key(
                "calendar", "text", N_("data/calendars/NAME.toml; none is always open"), "none", check=handle
            ),
            Key(
                "preset",
                "text",
                N_("which targets the clocks run by"),
                "guide",
                choices=("guide", "small-shop"),
            ),
        ),
    ),
    Key(
        "agents",
        "tables",
        N_("who works here"),
        keys=(
            Key("name", "text", N_("how the agent is called"), required=True, check=called),
            Key("address", "text", N_("the agent's own address"), "", check=mail_address),
            Key("signature", "text", N_("what stands under each mail of this agent"), ""),
        ),
    ),
    Key("accounts", "tables", N_("where messages come from"), keys=ACCOUNT),
    Key(
        "views",
        "tables",
        N_("parts of the queue with a name of yours"),
        keys=(
            Key("name", "text", N_("how the view is called"), required=True, check=handle),
            Key("view", "text", N_("which part of the queue it narrows"), "inbox", choices=VIEWS),
            Key("filter", "text", N_("what a search would find"), "", check=line),
            Key("sort", "text", N_("in which order; empty: the view's own"), "", choices=("", *SORTS)),
            Key(
                "key",
                "text",
                N_("its key, 1 to 9 or another free one; empty: the next free of g 1 to g 9"),
                "",
                check=line,
            ),
        ),
    ),
    Key(
        "send",
        "table",
        N_("what leaves"),
        keys=(
            Key("hold", "table", N_("how long a message can be taken back"), keys=HOLD),
            Key(
                "quote",
                "text",
                N_("where the quoted mail stands"),
                "below",
                choices=("below", "above", "none"),
            ),
            Key("signature", "text", N_("what stands under each mail"), ""),
            Key(
                "checks",
                "boolean",
                N_("whether a first answer is looked through: received, by when, what comes next"),
                default=True,
            ),
        ),
    ),
    Key(
        "ui",
        "table",
        N_("the console"),
        keys=(
            Key("theme", "text", N_("the colours; agentdesk theme list"), "agentdesk", check=theme),
            Key("ascii", "boolean", N_("only letters and signs that every terminal has"), False),
            Key("mouse", "boolean", N_("whether the mouse works"), True),
            Key("screen_mouse", "boolean", N_("also within GNU screen, which then holds Esc back"), False),
            Key("clipboard", "boolean", N_("whether what is copied goes to the terminal's clipboard"), True),
            Key("reader", "boolean", N_("for a screen reader: one pane, words, a cursor to follow"), False),
            Key(
                "reduced_motion",
                "boolean",
                N_("countdowns move every five seconds, as they do over ssh anyway"),
                False,
            ),
        ),
    ),
    Key(
        "rules",
        "table",
        N_("what is done by itself"),
        keys=(Key("on", "texts", N_("the rules that run: names of files in rules/"), (), check=handle),),
    ),
    Key("keys", "any", N_("action id = key"), {}),
    Key("segments", "any", N_("customers by what they have in common; see docs/segments.md"), {}),
    Key(
        "notify",
        "table",
        N_("what rings"),
        keys=(
            Key(
                "bell",
                "texts",
                N_("what rings the bell"),
                ("new", "due_soon"),
                choices=("new", "reply", "due_soon", "breached"),
            ),
            Key("osc", "boolean", N_("whether the terminal shows notices"), True),
            Key(
                "show",
                "texts",
                N_("what is told"),
                ("new", "due_soon", "breached"),
                choices=("new", "reply", "due_soon", "breached"),
            ),
            Key(
                "way",
                "text",
                N_("by which sequence the terminal is told"),
                "auto",
                choices=("auto", "osc9", "osc777", "osc99"),
            ),
            Key("mine_only", "boolean", N_("only of what is assigned to whoever is here"), False),
            Key("budget", "integer", N_("notices an hour at most; the rest is one number"), 12, most=1000),
            Key("text", "boolean", N_("whether a notice may hold the subject"), False),
            Key("desktop", "boolean", N_("whether the desktop shows notices"), False),
            Key("command", "texts", N_("a program and its arguments that is told: docs/notices.md"), ()),
        ),
    ),
    Key(
        "voice",
        "table",
        N_("voice notes"),
        keys=(
            Key(
                "transcribe_command",
                "text",
                N_(
                    "a command of yours that prints the words of the sound whose path it is given; empty: none"
                ),
                "",
            ),
        ),
    ),
    Key("away", "table", N_("who answers while the laptop is off"), keys=AWAY),
    Key(
        "automatic",
        "table",
        N_("what agentdesk says by itself"),
        keys=(
            Key(
                "quiet",
                "text",
                N_("hours in which customers hear nothing that can wait, such as 21:00-09:00; empty: none"),
                "21:00-09:00",
                check=quiet_hours,
            ),
            Key(
                "survey_cooldown",
                "integer",
                N_("days in which no customer is asked twice how it was"),
                14,
                most=365,
            ),
        ),
    ),
    Key("lookup", "named", N_("what the shop itself knows of a customer, such as orders"), keys=LOOKUP),
    Key(
        "backup",
        "table",
        N_("copies of everything, in case the laptop is lost"),
        keys=(
            Key("daily", "boolean", N_("whether one is made each day"), True),
            Key(
                "folder", "text", N_("a folder that is there, best on another disk; empty: data/backups"), ""
            ),
            Key("keep", "integer", N_("how many of them are kept"), 7, least=1, most=365),
        ),
    ),
)


def value_of(key: Key, raw: object) -> Any:
    """`raw` as the settings hold it; raises ValueError with a reason for people."""
    if key.kind == "integer":
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise ValueError(tr("it must be a whole number"))
        if not key.least <= raw <= key.most:
            raise ValueError(
                tr("it must lie between {least} and {most}").format(least=key.least, most=key.most)
            )
        return raw
    if key.kind == "boolean":
        if not isinstance(raw, bool):
            raise ValueError(tr("it must be true or false"))
        return raw
    if key.kind == "texts":
        if not isinstance(raw, list):
            raise ValueError(tr("it must be a list of texts"))
        return tuple(_text(key, each) for each in raw)
    return _text(key, raw)


def _text(key: Key, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(tr("it must be a text in quotes"))  # noqa: TRY004 - callers catch one kind
    if any("\ud800" <= letter <= "\udfff" for letter in raw):  # bytes of a command line that are no text
        raise ValueError(tr("it must be written in UTF-8"))
    if key.choices and raw not in key.choices:
        raise ValueError(tr("{value} is not known{hint}").format(value=raw, hint=hint(raw, key.choices)))
    empty_as_unset = not raw and key.default == ""
    return raw if key.check is None or empty_as_unset else key.check(raw)


def json_schema() -> dict[str, object]:
    """JSON Schema (2020-12) of the whole file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "agentdesk config.toml",
        **_object(ROOT),
    }


def _object(keys: tuple[Key, ...]) -> dict[str, object]:
    result: dict[str, object] = {
        "type": "object",
        "properties": {key.name: _property(key) for key in keys},
        "additionalProperties": False,
    }
    if needed := [key.name for key in keys if key.required]:
        result["required"] = needed
    if keys is LOOKUP:
        result["oneOf"] = [{"required": [way]} for way in WAYS]
    if keys in (ACCOUNT, LOOKUP):
        words = SECRETS if keys is ACCOUNT else LOOKUP_SECRETS
        pairs = itertools.combinations(words, 2)
        result["not"] = {"anyOf": [{"required": list(pair)} for pair in pairs]}
    return result


def _property(key: Key) -> dict[str, object]:
    about: dict[str, object] = {"description": tr(key.help)}
    if key.default is not None:
        about["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    words: dict[str, object] = {"type": "string"}
    if key.choices:
        words["enum"] = list(key.choices)
    shapes: Mapping[Kind, Callable[[], dict[str, object]]] = {
        "text": lambda: words,
        "texts": lambda: {"type": "array", "items": words},
        "integer": lambda: {"type": "integer", "minimum": key.least, "maximum": key.most},
        "boolean": lambda: {"type": "boolean"},
        "table": lambda: _object(key.keys),
        "tables": lambda: {"type": "array", "items": _object(key.keys)},
        "named": lambda: {"type": "object", "additionalProperties": _object(key.keys)},
        "any": lambda: {"type": "object"},
    }
    return {**about, **shapes[key.kind]()}
