"""The table of actions: complete, without collisions, and every key one that a terminal can send."""

from collections import Counter
from itertools import chain

import pytest

from agentdesk import i18n, present
from agentdesk.actions import (
    ACTIONS,
    BY_ID,
    CUSTOMER,
    FILES,
    PREFIXES,
    QUEUE,
    READING,
    REPLIES,
    WRITING,
    places,
    view_title,
)
from agentdesk.core.views import VIEWS
from agentdesk.errors import ConfigError
from agentdesk.keymap import Keymap, mistakes
from agentdesk.keyname import UNSENDABLE, is_key, key_name
from agentdesk.screens.routes import ROUTES

PLACES = (QUEUE, READING, CUSTOMER, WRITING, REPLIES, FILES)
FLOW_CONTROL = {"ctrl+s", "ctrl+q"}
"""Some terminals keep these for themselves; only leaving may be on one, and has another key."""


def words(action):
    return list(chain.from_iterable(key.split() for key in action.keys))


def test_every_action_runs_something_and_nothing_else_is_routed():
    assert set(ROUTES) == set(BY_ID)
    assert len(BY_ID) == len(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_says_what_it_is(action):
    assert action.title.strip()
    assert action.help.strip().endswith(".")
    assert "." in action.id
    assert set(places(action)) <= set(PLACES)
    assert action.keys
    assert action.needs <= {
        "ticket",
        "message",
        "ours",
        "account",
        "live",
        "over",
        "resolved",
        "junk",
        "lookup",
        "template",
        "waits",
        "wrote",
        "marked",
        "alone",
    }


@pytest.mark.parametrize("where", PLACES)
def test_a_key_means_one_thing_in_a_place(where):
    counts = Counter(key for action in ACTIONS if where in places(action) for key in action.keys)
    assert [key for key, n in counts.items() if n > 1] == []
    firsts = {key.split()[0] for key in counts if " " in key}
    assert not firsts & set(counts), "the first key of a chord does nothing by itself"
    assert firsts <= set(PREFIXES)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_no_key_is_one_that_terminals_cannot_send_or_keep(action):
    for word in words(action):
        assert word not in UNSENDABLE
        assert "shift+" not in word or word == "shift+tab"
        assert not word.startswith("ctrl+shift")
        assert word not in {"ctrl+enter", "alt+enter", "ctrl+c", "ctrl+backslash"}
    assert not FLOW_CONTROL & set(words(action)) or (action.id == "program.quit" and len(action.keys) > 1)
    alone = [key for key in action.keys if not key.startswith("alt+")]
    assert alone, "a key with alt is not there on every keyboard"


def test_ctrl_z_takes_back_instead_of_stopping_the_program():
    from textual.app import App

    bound = {key for each in App.BINDINGS for key in getattr(each, "key", "").split(",")}
    assert "ctrl+z" not in bound
    assert Keymap().action(QUEUE, "ctrl+z").id == "act.undo"


@pytest.mark.parametrize("where", [QUEUE, READING, CUSTOMER, WRITING])
def test_every_key_in_the_footer_does_what_it_says(where):
    keymap = Keymap()
    footer = keymap.footer(where)
    assert footer
    for key, action in footer:
        assert keymap.action(where, key) is action


@pytest.mark.parametrize("where", [QUEUE, READING, CUSTOMER])
def test_help_leaving_and_going_back_are_everywhere_but_in_a_text(where):
    keymap = Keymap()
    assert keymap.action(where, "question_mark").id == "help.keys"
    assert keymap.action(where, "q").id == "program.quit"
    assert keymap.action(where, "escape").id == "go.back"
    assert keymap.action(WRITING, "escape").id == "compose.close"
    assert all(len(key) > 1 for action in ACTIONS if action.where == WRITING for key in action.keys)


def test_a_key_of_one_s_own_takes_the_place_of_the_old_ones():
    keymap = Keymap({"ticket.resolve": "Z", "ticket.quick": ["@", "g Z"], "ticket.merge": ""})
    assert keymap.action(QUEUE, "Z").id == "ticket.resolve"
    assert keymap.action(QUEUE, "e") is None
    assert keymap.action(READING, "at").id == "ticket.quick"
    assert keymap.action(READING, "g Z").id == "ticket.quick"
    assert keymap.action(QUEUE, "m") is None
    assert ("Z", BY_ID["ticket.quick"]) in keymap.chord(QUEUE, "g")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"ticket.resolve": "r"}, ("ticket.resolve", "ticket.reply")),
        ({"ticket.resolve": "j"}, ("ticket.resolve", "queue.down")),
        ({"ticket.resolve": "g"}, ("ticket.resolve", "queue.top", "g g")),
        ({"ticket.reslove": "x"}, ("ticket.resolve", "unknown action")),
        ({"compose.send": "ctrl+m"}, ("compose.send", "enter")),
        ({"compose.send": "ctrl+r"}, ("compose.send", "compose.resolve")),
    ],
)
def test_what_cannot_be_is_said_with_both_actions_or_the_nearest(own, said):
    with pytest.raises(ConfigError) as caught:
        Keymap(own, "config.toml")
    text = " ".join(str(value) for value in caught.value.values.values())
    for word in (*said, "config.toml"):
        assert word in text


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("?", "question_mark"),
        (";", "semicolon"),
        ("/", "slash"),
        ("\\", "backslash"),
        ("!", "exclamation_mark"),
        (":", "colon"),
        ("g ;", "g semicolon"),
        ("R", "R"),
        ("ñ", "ñ"),
        ("ctrl+j", "ctrl+j"),
        (".", "full_stop"),
    ],
)
def test_keys_are_written_as_they_stand_on_the_keyboard(written, name):
    from textual.keys import _character_to_key

    assert key_name(written) == name
    if len(written) == 1:
        assert _character_to_key(written) == name


def test_a_view_of_one_s_own_takes_the_key_of_one_of_ours_or_the_next_free_chord():
    keymap = Keymap(views=(("urgent", "2"), ("vip", ""), ("late", "g 1"), ("old", "")))
    own = {name: keys for name, keys in keymap.keys.items() if name.startswith("view.")}
    assert own == {"view.urgent": ("2",), "view.vip": ("g 2",), "view.late": ("g 1",), "view.old": ("g 3",)}
    assert keymap.keys["go.mine"] == ("g m",)
    assert keymap.action(QUEUE, "2").id == "view.urgent"
    assert ("2", keymap.by_id["view.vip"]) in keymap.chord(QUEUE, "g")


@pytest.mark.parametrize(
    ("views", "key"), [((("a", "e"),), "views.a.key"), ((("a", "2"), ("b", "2")), "views.b.key")]
)
def test_a_key_of_another_act_or_of_another_own_view_is_refused_by_name(views, key):
    with pytest.raises(ConfigError) as refused:
        Keymap(views=views)
    assert refused.value.values["key"] == key


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("ctrl+foo", "ctrl+f"),
        ("Ctrl+R", "ctrl+r"),
        ("ctrl-x", "ctrl+x"),
        ("^j", "ctrl+j"),
        ("M-x", "alt+x"),
        ("crtl+left", "ctrl+left"),
        ("F5", "f5"),
        ("esc", "escape"),
        ("PgDn", "pagedown"),
        ("shift+a", "A"),
        ("gm", "g m"),
        ("hyphen_minus", ""),
        ("ctrl+ctrl+a", ""),
    ],
)
def test_a_key_that_no_keyboard_has_is_refused_with_the_one_that_was_meant(written, near):
    with pytest.raises(ConfigError) as refused:
        Keymap({"ticket.resolve": written})
    assert refused.value.values["key"] == "keys.ticket.resolve"
    assert f"no keyboard has the key {written}" in refused.value.values["reason"]
    assert refused.value.values["nearest"] == (near or None)


def test_every_key_that_the_toolkit_gives_can_be_chosen():
    from textual.keys import Keys, _character_to_key

    never = {"return", "ctrl-at", *(each.value for each in Keys if each.value.startswith("<"))}
    asked = {each.value for each in Keys} - never
    asked |= {"alt+x", "super+k"}
    asked |= {_character_to_key(chr(each)) for each in range(33, 127)} | {"ñ", "ç", "euro_sign"}
    asked |= {key for action in ACTIONS for keys in action.keys for key in keys.split()}
    assert [each for each in sorted(asked) if not is_key(each)] == []


def test_all_that_is_wrong_with_keys_is_found_in_one_look():
    own = {"ticket.reslove": "x", "ticket.resolve": "r", "ticket.note": "ctrl+foo", "ticket.tag": "Z"}
    found = mistakes(own, "config.toml", [("vip", "r"), ("late", "Z")])
    assert sorted(each.values["key"] for each in found) == [
        "keys.ticket.note", "keys.ticket.reslove", "keys.ticket.resolve", "views.late.key", "views.vip.key",
    ]  # fmt: skip


def test_a_view_is_called_as_many_tickets_and_a_status_as_one():
    said = {
        "es": ("dormidos", "dormido", "resueltos", "resuelto"),
        "ca": ("posposats", "posposat", "resolts", "resolt"),
    }
    try:
        for language, words in said.items():
            i18n.use(language)
            found = [each(name) for name in ("snoozed", "resolved") for each in (view_title, present.status)]
            assert tuple(found) == words
            assert all(view_title(view) for view in VIEWS)
    finally:
        i18n.use("en")
