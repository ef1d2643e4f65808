"""What people call an act by other names, and which acts are meant by what they type.

Promises: an act is found by the words of its name, its explanation, its id and its keys, by other usual names in the agent's
language, in any order and without accents; where nothing holds the words, by how they begin. Refuses: showing those names.
"""

from collections.abc import Iterable, Mapping, Sequence

from agentdesk.core.folding import folded
from agentdesk.errors import N_

ALSO: Mapping[str, str] = {
    "account.add": N_("account, e-mail, channel, connect, settings, configuration"),
    "act.repeat": N_("redo, once more, same"),
    "act.undo": N_("cancel, revert, go back on, mistake"),
    "call.note": N_("telephone, phone call, rang"),
    "cause.deal": N_("mass answer, outage, everybody"),
    "compose.attach": N_("file, photo, document, invoice"),
    "compose.close": N_("cancel, discard, draft"),
    "compose.help": N_("keys, shortcuts, palette, help"),
    "compose.later": N_("schedule, delay, at a time"),
    "compose.people": N_("recipients, copy, forward"),
    "compose.promise": N_("reminder, deadline, commitment"),
    "copy.text": N_("clipboard"),
    "customer.edit": N_("edit the customer, rename, data, VAT number, address book"),
    "customer.erase": N_("delete, remove, forget, privacy, GDPR, right to be forgotten"),
    "customer.export": N_("export, download, data, privacy, GDPR"),
    "customer.link": N_("merge customers, duplicate, join"),
    "customer.lookup": N_("order, invoice, parcel, tracking, refresh"),
    "customer.mute": N_("block, silence, ban, ignore"),
    "customer.show": N_("profile, history, card, earlier tickets"),
    "find.filter": N_("only, search in the queue, by tag, by language"),
    "find.search": N_("find, look up, order number"),
    "go.afterwards": N_("thank you, after closing"),
    "go.all": N_("history, archive, old"),
    "go.came": N_("offline, while away, news"),
    "go.closing": N_("shift, summary, go home, finish"),
    "go.figures": N_("report, statistics, stats, dashboard, metrics, SLA, CSAT, charts"),
    "go.machine": N_("newsletters, automatic, notifications of shops, robots"),
    "go.morning": N_("summary, dashboard, start, today, overview"),
    "go.overdue": N_("deadline, expired, SLA, urgent"),
    "go.resolved": N_("closed, finished, archive"),
    "go.snoozed": N_("asleep, postponed, reminders"),
    "go.waiting": N_("pending, on hold"),
    "help.keys": N_("keys, shortcuts, keyboard, manual"),
    "outbox.show": N_("sending, pending, stuck, failed"),
    "program.blank": N_("lock, hide, pause, break, privacy"),
    "program.notices": N_("notifications, sound, bell, alerts, settings, do not disturb"),
    "program.quit": N_("exit, close the program, leave"),
    "program.reader": N_("accessibility, screen reader, blind, voice"),
    "program.theme": N_("colours, color, dark, light, appearance, contrast, settings"),
    "program.who": N_("agent, user, switch, log in, change of shift, handover"),
    "quarantine.show": N_("quarantine, broken mail, could not be read"),
    "queue.everything": N_("select all"),
    "queue.mark": N_("select, several, bulk"),
    "queue.next_due": N_("following, most urgent, what now"),
    "queue.range": N_("select from to, several"),
    "queue.save_view": N_("saved search, folder, favourite"),
    "queue.sort": N_("sort, order, newest first, oldest first"),
    "reading.links": N_("URL, web page, address"),
    "reading.look": N_("photo, image, see"),
    "reading.play": N_("audio, voice message, sound, listen"),
    "reading.raw": N_("source, headers, original"),
    "reading.save": N_("download, attachment, print"),
    "reading.split": N_("separate, divide, two matters"),
    "replies.edit": N_("macro, canned reply"),
    "replies.new": N_("macro, canned reply"),
    "rules.show": N_("automation, automatic, triggers, autoresponder, away message"),
    "sender.machine": N_("newsletter, spam, robot, block, unsubscribe"),
    "snooze.later": N_("postpone, delay"),
    "snooze.monday": N_("postpone, delay, next week"),
    "snooze.tomorrow": N_("postpone, delay"),
    "snooze.until": N_("snooze, postpone, delay, remind me, reminder, hold"),
    "survey.ask": N_("satisfaction, rating, stars, CSAT"),
    "sync.now": N_("sync, refresh, reload, update, check mail"),
    "ticket.assign": N_("hand over, colleague, owner, transfer"),
    "ticket.cause": N_("problem, incident, outage, same trouble"),
    "ticket.describe": N_("complaint, claim, incident, category, reason"),
    "ticket.forward": N_("forward, supplier, courier, third party"),
    "ticket.language": N_("translate, Spanish, Catalan, English"),
    "ticket.life": N_("history, log, timeline, events, who did it"),
    "ticket.merge": N_("join, combine, duplicate"),
    "ticket.new": N_("compose, new mail, write to a customer"),
    "ticket.no_answer": N_("ignore, dismiss, nothing to do"),
    "ticket.note": N_("comment, private, colleague, mention"),
    "ticket.priority": N_("urgent, important, low"),
    "ticket.promise": N_("reminder, deadline, commitment, pledge"),
    "ticket.quick": N_("macro, canned reply, saved reply, snippet"),
    "ticket.reopen": N_("open again, not resolved"),
    "ticket.reply": N_("answer, write, respond"),
    "ticket.rescue": N_("spam, not spam, rescue"),
    "ticket.resolve": N_("close, done, finish, end, archive, solve"),
    "ticket.seen": N_("read, mark as read"),
    "ticket.tag": N_("label, category"),
    "ticket.take": N_("claim, assign to me, mine"),
    "ticket.template": N_("approved message, WhatsApp"),
}
_LEAST = 4
"""Letters by which a word is still looked for when its ending fits nowhere."""
_ENDING = 3


class Called:
    """Acts by `names`: (title, other names, explanation, id and keys) of each."""

    def __init__(self, names: Iterable[tuple[str, str, str, str]]) -> None:
        self._names = [tuple(map(folded, each)) for each in names]

    def meant(self, typed: str) -> list[int]:
        """The places of those that `typed` may mean, the likeliest first: what is called just so, then what has it in its name,
        then in another name, then what only speaks of it."""
        words = folded(typed).split()
        found = self._holding(words)
        if not found and any(len(word) > _LEAST for word in words):
            found = self._holding([word[: max(_LEAST, len(word) - _ENDING)] for word in words])
        return [place for _, place in sorted(found)]

    def _holding(self, words: Sequence[str]) -> list[tuple[tuple[bool, ...], int]]:
        whole = " ".join(words)
        found: list[tuple[tuple[bool, ...], int]] = []
        for place, (title, also, help_, rest) in enumerate(self._names):
            if all(word in f"{title}, {also}, {help_}, {rest}" for word in words):
                rank = (
                    title != whole,
                    whole not in also.split(", "),
                    not title.startswith(whole),
                    not all(word in title for word in words),
                    not all(f" {word}" in f" {also}" for word in words),
                    not all(f" {word}" in f" {help_}" for word in words),
                )
                found.append((rank, place))
        return found
