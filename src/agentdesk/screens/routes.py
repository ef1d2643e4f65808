"""Which function an action runs: the one place where the table of actions meets the console."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from agentdesk.screens import call, flows, listening, looking, same, senders, template, who
from agentdesk.screens.front import Front
from agentdesk.screens.leaving import leave

Route = Callable[[Front], Awaitable[None] | None]


def _view(name: str) -> Route:
    return lambda home: home.paths.go_to(name)


ROUTES: dict[str, Route] = {
    "queue.next_due": lambda home: home.paths.next_due(),
    "queue.down": lambda home: home.panes.queue.move(1),
    "queue.up": lambda home: home.panes.queue.move(-1),
    "queue.page_down": lambda home: home.panes.queue.page(1),
    "queue.page_up": lambda home: home.panes.queue.page(-1),
    "queue.top": lambda home: home.panes.queue.top(),
    "queue.bottom": lambda home: home.panes.queue.bottom(),
    "queue.open": lambda home: home.panes.queue.open(),
    "reading.down": lambda home: home.panes.conversation.move(1),
    "reading.up": lambda home: home.panes.conversation.move(-1),
    "reading.page_down": lambda home: home.panes.conversation.page(1),
    "reading.page_up": lambda home: home.panes.conversation.page(-1),
    "reading.quotes": lambda home: home.panes.conversation.toggle_quotes(),
    "reading.save": flows.save_attachment,
    "reading.file": flows.open_attachment,
    "reading.play": listening.play,
    "reading.look": looking.look,
    "reading.raw": flows.show_raw,
    "customer.down": lambda home: home.panes.customer.move(1),
    "customer.up": lambda home: home.panes.customer.move(-1),
    "customer.open": lambda home: home.panes.customer.choose(),
    "go.back": lambda home: home.paths.back(),
    "go.pane": lambda home: home.panes.next(),
    "go.inbox": _view("inbox"),
    "go.mine": _view("mine"),
    "go.unassigned": _view("unassigned"),
    "go.overdue": _view("overdue"),
    "go.waiting": _view("waiting"),
    "go.snoozed": _view("snoozed"),
    "go.machine": _view("machine"),
    "go.resolved": _view("resolved"),
    "go.all": _view("all"),
    "ticket.reply": lambda home: home.paths.write("reply"),
    "ticket.note": lambda home: home.paths.write("note"),
    "ticket.quick": flows.quick_reply,
    "ticket.template": template.answer,
    "ticket.switch": flows.switch,
    "ticket.resolve": flows.resolve,
    "ticket.reopen": flows.reopen,
    "ticket.assign": flows.assign,
    "ticket.take": flows.take,
    "ticket.tag": flows.tag,
    "ticket.priority": flows.priority,
    "ticket.merge": flows.merge,
    "snooze.later": flows.snooze_for(lambda now: now + timedelta(hours=3)),
    "snooze.tomorrow": flows.snooze_for(flows.tomorrow),
    "snooze.monday": flows.snooze_for(flows.monday),
    "snooze.until": flows.snooze_until,
    "sender.machine": senders.no_customer,
    "sender.person": senders.person,
    "ticket.rescue": senders.rescue,
    "act.undo": flows.undo,
    "customer.show": lambda home: home.paths.customer(),
    "customer.link": same.link,
    "find.search": flows.search,
    "find.filter": flows.narrow_queue,
    "outbox.show": flows.show_outbox,
    "call.note": call.note,
    "sync.now": flows.receive_now,
    "help.keys": flows.show_help,
    "help.palette": flows.show_palette,
    "help.command": flows.type_command,
    "program.who": who.switch,
    "program.blank": who.blank,
    "program.quit": leave,
    "compose.send": lambda home: home.writing.send(),
    "compose.resolve": lambda home: home.writing.send(resolve=True),
    "compose.editor": lambda home: home.writing.editor(),
    "compose.quick": flows.quick_reply,
    "compose.blank": lambda home: home.writing.next_blank(),
    "compose.pane": lambda home: home.panes.next(),
    "compose.attach": lambda home: home.writing.attach(),
    "compose.switch": lambda home: home.writing.switch(),
    "compose.everybody": lambda home: home.writing.toggle_everybody(),
    "compose.close": lambda home: home.writing.close(),
}
