"""Which key does what and where: the table of actions with the user's `[keys]` and own views laid over it.

Two acts never share a key in one place, no key is one that terminals send as another, and a key that begins a chord does
nothing by itself: such a wish is refused with the names of both acts, before the console opens.
"""

from collections.abc import Iterable, Mapping
from typing import NoReturn

from agentdesk.actions import ACTIONS, BY_ID, LIST_ACTS, QUEUE, Action, places
from agentdesk.errors import ConfigError
from agentdesk.i18n import tr
from agentdesk.keyname import UNSENDABLE, is_key, key_name, meant

QUICK = "quick."
"""What the ids of quick replies begin with."""
_LAST = frozenset({"reading.quotes", "customer.show", "act.undo", "compose.blank", "compose.editor"})


class Keymap:
    """Which key does what, where: the table with the user's `[keys]` laid over it. A value is a key, several, or none ("").

    `quick.NAME` puts a quick reply or a macro on a key; whether there is one of that name is asked when it is pressed.
    """

    def __init__(
        self,
        own: Mapping[str, object] | None = None,
        file: str = "config.toml",
        views: Iterable[tuple[str, str]] = (),
    ) -> None:
        """`views` are names and keys of views of one's own. Raises ConfigError for an unknown action, a key that no terminal
        sends, or one that two actions would share."""
        self._file = file
        self._own = own or {}
        self.lay(views)

    def lay(self, views: Iterable[tuple[str, str]]) -> None:
        """The table with these views of one's own; raises as a new one does.

        A key that is given to such a view is taken from the view of ours that had it; without one it has the next free of g 1
        to g 9.
        """
        views = tuple(views)
        named = [Action(f"view.{name}", (), name, tr("A view of your own.")) for name, _ in views]
        keyed = [quick(name.removeprefix(QUICK)) for name in self._own if name.startswith(QUICK)]
        self.actions = (*ACTIONS, *named, *keyed)
        self.by_id: dict[str, Action] = {action.id: action for action in self.actions}
        self.keys: dict[str, tuple[str, ...]] = {action.id: action.keys for action in self.actions}
        for name, value in self._own.items():
            if name not in self.by_id:
                self._refuse(name, *_unknown(name))
            keys = value if isinstance(value, list | tuple) else (value,)
            self._give(name, tuple(key_name(str(key)) for key in keys if str(key).strip()))
        for name, key in views:
            if key.strip():
                self._give(f"view.{name}", (key_name(key),))
                for ours in (each for each in ACTIONS if each.id.startswith("go.")):
                    self.keys[ours.id] = tuple(k for k in self.keys[ours.id] if k != key_name(key))
        taken = {key for keys in self.keys.values() for key in keys}
        free = iter([f"g {n}" for n in range(1, 10) if f"g {n}" not in taken])
        for name, key in views:
            if not key.strip() and not self.keys[f"view.{name}"]:
                self.keys[f"view.{name}"] = tuple(filter(None, (next(free, ""),)))
        self._fill()

    def _give(self, name: str, keys: tuple[str, ...]) -> None:
        self.keys[name] = keys
        for word in (word for key in keys for word in key.split()):
            if word not in UNSENDABLE and not is_key(word):
                self._refuse(name, _no_key(word), meant(word))
            if word in UNSENDABLE:
                self._refuse(
                    name, tr("a terminal sends {key} as {other}").format(key=word, other=UNSENDABLE[word])
                )

    def _fill(self) -> None:
        """What each key means; raises ConfigError where it would mean two things."""
        self._table: dict[tuple[str, str], str] = {}
        for action in self.actions:
            for key in self.keys[action.id]:
                for where in places(action):
                    other = self._table.setdefault((where, key), action.id)
                    if other != action.id:
                        is_own = action.id in self._own or action.id.startswith("view.")
                        self._refuse(action.id if is_own else other, self._taken(key, other, action.id))
        begun = {(where, key[:at]) for where, key in self._table for at, c in enumerate(key) if c == " "}
        for where_key, name in self._table.items():
            if where_key in begun:
                key, following = where_key[1], self.chord(*where_key)
                if name.startswith("view."):
                    self._refuse(name, self._taken(f"{key} {following[0][0]}", following[0][1].id, name))
                self._refuse(name, f"{key}: {name}, {following[0][1].id} ({key} {following[0][0]})")

    def _taken(self, key: str, other: str, action: str) -> str:
        """Why a key cannot be `action`'s, and of a view of one's own what it can have instead."""
        if not action.startswith("view."):
            return f"{key}: {other}, {action}"
        text = tr(
            '{key} is taken by "{title}" ({action}); choose another, or none: a view then has the next free of g 1 to g 9'
        )
        return text.format(key=key, title=tr(self.by_id[other].title), action=other)

    def _refuse(self, action: str, reason: str, nearest: str = "") -> NoReturn:
        own = action.startswith("view.") and action not in self._own
        key = f"views.{action.removeprefix('view.')}.key" if own else f"keys.{action}"
        raise ConfigError(file=self._file, key=key, reason=reason, nearest=nearest or None)

    def action(self, where: str, key: str) -> Action | None:
        """What `key` (or chord) does in `where`."""
        found = self._table.get((where, key))
        return self.by_id[found] if found else None

    def in_lists(self) -> dict[str, str]:
        """The keys of the lists, by act, as the toolkit takes them for its bindings of that name."""
        return {each.id: ",".join(self.keys[each.id]) for each in LIST_ACTS}

    def chord(self, where: str, prefix: str) -> list[tuple[str, Action]]:
        """What may follow `prefix`: (key, action)."""
        return [
            (key.partition(" ")[2], self.by_id[action])
            for (place, key), action in self._table.items()
            if place == where and key.startswith(prefix + " ")
        ]

    def footer(self, where: str) -> list[tuple[str, Action]]:
        """The keys worth a place in the footer of `where`; the last ones are those that a narrow screen can do without."""
        found = [
            (self.keys[action.id][0], action)
            for action in ACTIONS
            if action.footer and where in places(action) and self.keys[action.id]
        ]
        found = [pair for pair in found if where != QUEUE or pair[1].id != "go.back"]
        return sorted(found, key=lambda pair: pair[1].id in _LAST)


def mistakes(
    own: Mapping[str, object], file: str, views: Iterable[tuple[str, str]]
) -> tuple[ConfigError, ...]:
    """Everything for which a keymap would be refused, each once: what was is left out when it is looked at again."""
    kept, keyed = dict(own), dict(views)
    found: list[ConfigError] = []
    while True:
        try:
            Keymap(kept, file, keyed.items())
        except ConfigError as mistake:
            found.append(mistake)
            table, _, name = str(mistake.values["key"]).partition(".")
            if table == "views":
                keyed[name.removesuffix(".key")] = ""
            elif kept.pop(name, None) is None:
                return tuple(found)
        else:
            return tuple(found)


def quick(name: str, title: str = "") -> Action:
    """What takes the quick reply `name`, or runs it where it is a macro without a text."""
    return Action(
        f"{QUICK}{name}",
        (),
        title or name,
        tr("A quick reply, or a macro."),
        needs=frozenset({"ticket", "marked"}),
    )


def _no_key(word: str) -> str:
    near = meant(word)
    if near:
        return tr("no keyboard has the key {key} (did you mean {word}?)").format(key=word, word=near)
    return tr("no keyboard has the key {key}").format(key=word)


def _unknown(action: str) -> tuple[str, str]:
    """The reason and the nearest action."""
    from difflib import get_close_matches

    near = next(iter(get_close_matches(action, BY_ID, 1, 0.4)), "")
    words = tr("unknown action; the nearest is {name}").format(name=near) if near else tr("unknown action")
    return words, near
