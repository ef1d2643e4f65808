"""What stands above a conversation: number and subject, who and where, the clock that is next, what else hangs on it.

Promises: pure, at most ten lines, each within its width; the clock stays in sight at any width; of somebody who came by
other channels too, what is open and what came out last stands above what they write now. Refuses: scrolling away.
"""

from datetime import UTC, datetime, tzinfo

from rich.cells import cell_len

from agentdesk import dates, excused, present, standing, trust, whose
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.core.views import Before, MessageView, QueueRow, TicketView
from agentdesk.i18n import tr
from agentdesk.widgets.cells import cut, ending
from agentdesk.widgets.glyphs import Glyphs
from agentdesk.widgets.pane import Line
from agentdesk.widgets.row import customer

NAME_AT_LEAST = 12
"""Cells of whose it is, where all else has no room."""


def heading(
    view: TicketView,
    messages: list[MessageView],
    now: datetime,
    width: int,
    glyphs: Glyphs,
    zone: tzinfo = UTC,
    key: str = "",
    account: str = "",
) -> list[Line]:
    """The lines above the messages; the last one is a rule. `key` puts the ticket under the cause that it looks like; `account` is
    what the account is called, where its channel has several."""
    row = view.row
    number = f"#{row.number} "
    subject = cut(safe_line(present.subject(row)), max(4, width - cell_len(number)), glyphs.more)
    asked = next((each for each in reversed(messages) if each.direction == "in"), None)
    badge = trust_badge(asked.verified if asked else None, glyphs)
    lines: list[Line] = [
        ((number, "dim"), (subject, "title")),
        _who(view, badge, now, width, glyphs, account),
    ]
    if rest := _rest(view, glyphs, now, zone):
        lines.append(((cut(rest, width, glyphs.more), "dim"),))
    if view.offered:
        said = tr("looks like {cause}: {key} puts it there").format(cause=view.offered, key=key or "-")
        lines.append(((cut(f"? {safe_line(said)}", width, glyphs.more), "mark"),))
    lines += [_before(each, now, zone, width, glyphs) for each in view.before]
    if asked and (doubts := trust.doubts(asked)):
        text = "  ".join(f"! {each}" for each in doubts)
        lines.append(((cut(text, width, glyphs.more), "warn"),))
    return [*lines, ((glyphs.rule * width, "rule"),)]


def trust_badge(verified: str | None, glyphs: Glyphs) -> tuple[str, str]:
    """What the server says of a sender, as sign and word, and its ink; nothing where it can say nothing."""
    if verified is None:
        return "", ""
    sign, ink = {"pass": (glyphs.good, "good"), "fail": (glyphs.bad, "bad")}.get(verified, ("?", "dim"))
    return trust.badge(verified) if glyphs.speaks else f"{sign} {trust.badge(verified)}", ink


def _who(
    view: TicketView, badge: tuple[str, str], now: datetime, width: int, glyphs: Glyphs, account: str
) -> Line:
    """Channel and account, badge, customer, status and assignee to the left, the clock to the right. Whoever calls themselves something long
    is cut for the rest, and not the rest for them."""
    row = view.row
    clock, ink = standing.next_clock(view, now)
    closes = standing.window_left(row, now)
    window = f"{closes.text}  " if closes and clock else closes.text if closes else ""
    clock = cut(clock, width - cell_len(window), glyphs.more)
    room = max(0, width - cell_len(clock) - cell_len(window) - 2)
    channel = present.channel(row.channel) if glyphs.speaks else present.letters(row.channel)
    channel = f"{channel} {safe_line(account)}" if account else channel
    rest = [
        ((not glyphs.speaks and present.short_status(row.status)) or present.status(row.status), ""),
        (safe_line(row.assignee or "") or tr("nobody's"), ""),
        (row.language or "", ""),
        (present.priority(row.priority) if row.priority in glyphs.priority else "", ""),
    ]
    rest = [each for each in rest if each[0]]
    first: Line = (
        ((f"{channel} ", ""), badge, (f" {glyphs.dot} ", "")) if badge[0] else ((f"{channel} ", ""),)
    )
    left_over = room - sum(cell_len(text) for text, _ in first) - sum(cell_len(text) + 3 for text, _ in rest)
    name = _name(row, max(NAME_AT_LEAST, left_over), glyphs, proved=badge[1] == "good")
    left = _joined(first, [(name, ""), *rest], room, glyphs)
    space = " " * (width - sum(cell_len(text) for text, _ in left) - cell_len(window) - cell_len(clock))
    inks = {"late": "bad", "soon": "soon"}
    return (*left, (space, ""), (window, inks.get(closes.tone, "dim") if closes else ""), (clock, ink))


def _name(row: QueueRow, room: int, glyphs: Glyphs, *, proved: bool) -> str:
    """Whose it is, in `room` cells. A name is anybody's: where the server does not vouch for the sender of a mail its address stands beside it,
    with its end, and of the name what room is left."""
    if row.room and not row.erased:
        return cut(whose.group(row.room), room, glyphs.more)
    name, (channel, _, address) = customer(row), row.identity.partition(":")
    address = safe_line(address)
    if proved or row.erased or channel != "email" or not row.customer_name or not address:
        return cut(name, room, glyphs.more)
    shown = ending(address, max(NAME_AT_LEAST, room * 2 // 3), glyphs.more)
    return f"{cut(name, max(1, room - cell_len(shown) - 3), glyphs.more)} <{shown}>"


def _joined(first: Line, parts: list[tuple[str, str]], room: int, glyphs: Glyphs) -> Line:
    """What comes first, then the parts with a dot between, as far as there is room."""
    line: list[tuple[str, str]] = []
    for n, (text, ink) in enumerate((*first, *parts)):
        whole = cut(f" {glyphs.dot} {text}" if n > len(first) else text, room, glyphs.more)
        room -= cell_len(whole)
        line.append((whole, ink))
    return tuple(line)


def _before(one: Before, now: datetime, zone: tzinfo, width: int, glyphs: Glyphs) -> Line:
    """Another matter of the same person: number, channel and day, until when it sleeps, and what we said there."""
    today = now.astimezone(zone).date()
    day = dates.short_day(moment(one.at).astimezone(zone).date(), today)
    sign = glyphs.status.get(one.status, glyphs.alive)
    text = f"{sign} {present.earlier(one)} {day}"
    if one.until:
        until = moment(one.until).astimezone(zone)
        text += ", " + tr("until {time}").format(time=f"{dates.short_day(until.date(), today)} {until:%H:%M}")
    said = one.said or one.subject
    text += f" {glyphs.dot} {safe_line(said)}" if said else ""
    return ((cut(text, width, glyphs.more), "warn" if one.is_open else "note"),)


def _asleep(row: QueueRow, zone: tzinfo) -> str:
    """Until when it sleeps, what for, and whether a message wakes it."""
    until = f"{moment(row.snoozed_until or row.created_at).astimezone(zone):%d/%m %H:%M}"
    return ", ".join(filter(None, (tr("until {time}").format(time=until), excused.snoozed(row))))


def _rest(view: TicketView, glyphs: Glyphs, now: datetime, zone: tzinfo) -> str:
    parts = [_asleep(view.row, zone)] if view.row.snoozed_until else []
    if view.tags:
        parts.append(tr("tags: {names}").format(names=", ".join(map(safe_line, view.tags))))
    return f" {glyphs.dot} ".join([*parts, *standing.besides(view, now, zone)])
