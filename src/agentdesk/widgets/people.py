"""Addresses in one line: as many whole ones as there is room for, and how many more there are.

Promises: whoever reads the line knows whether it names all of them. Refuses: deciding who is named.
"""

from collections.abc import Sequence

from rich.cells import cell_len

from agentdesk.core.text import safe_line
from agentdesk.i18n import tr
from agentdesk.widgets.cells import cut


def named(people: Sequence[str], width: int, more: str = "…") -> str:
    """`people` in at most `width` cells; only where not even one of them fits is an address cut, with `more` at its end."""
    text = ", ".join(safe_line(each) for each in people)
    if cell_len(text) <= width or not people:
        return text
    for shown in range(min(len(people) - 1, width // 3), 0, -1):
        text = _and_more(", ".join(safe_line(each) for each in people[:shown]), len(people) - shown)
        if cell_len(text) <= width:
            return text
    rest = len(people) - 1
    room = width - (cell_len(_and_more("", rest)) if rest else 0)
    first = cut(safe_line(people[0]), max(1, room), more)
    return _and_more(first, rest) if rest else first


def _and_more(names: str, n: int) -> str:
    return tr("{names} and {n} more").format(names=names, n=n)


def shared(groups: Sequence[Sequence[str]], width: int, more: str = "…") -> list[str]:
    """Several groups in at most `width` cells together: each names one of its people, the first ones more."""
    rooms = _rooms([_least(each) for each in groups], width)
    texts: list[str] = []
    for at, each in enumerate(groups):
        texts.append(named(each, max(1, width - sum(rooms[at + 1 :])), more))
        width -= cell_len(texts[-1])
    return texts


def _least(people: Sequence[str]) -> int:
    """The cells that one of them takes, with how many more there are."""
    one = ", ".join(safe_line(each) for each in people[:1])
    return cell_len(_and_more(one, len(people) - 1) if people[1:] else one)


def _rooms(least: Sequence[int], width: int) -> list[int]:
    """What each gets, so that those who want little get it and the others are cut alike."""
    rooms = [*least]
    left = width
    for done, at in enumerate(sorted(range(len(least)), key=least.__getitem__)):
        rooms[at] = min(least[at], max(1, left // (len(least) - done)))
        left -= rooms[at]
    return rooms
