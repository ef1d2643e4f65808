"""Which function an action runs: the one place where the table of actions meets the console."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from agentdesk.i18n import tr
from agentdesk.screens import (
    acts,
    amending,
    attaching,
    call,
    cause,
    closing,
    copying,
    ending,
    filing,
    first,
    flows,
    forgetting,
    links,
    listening,
    looking,
    manner,
    morning,
    moving,
    muting,
    outbox,
    party,
    playbook,
    profile,
    promising,
    quick,
    recipients,
    same,
    senders,
    survey,
    switches,
    template,
    themes,
    undoing,
    views,
    who,
)
from agentdesk.screens.front import Front
from agentdesk.screens.leaving import leave

Route = Callable[[Front], Awaitable[None] | None]


def _view(name: str) -> Route:
    return lambda home: home.paths.go_to(name)


def _add_mailbox(home: Front) -> Awaitable[None]:
    """Loaded when it is wanted: what speaks to mail servers would cost the first key a tenth of a second."""
    from agentdesk.screens import newcomer

    return newcomer.add(home)


def _rules(home: Front) -> Awaitable[None]:
    """Loaded when they are wanted, as above."""
    from agentdesk.screens import rules

    return rules.show(home)


def _unparsed(home: Front) -> Awaitable[None]:
    """Loaded when it is wanted, as above."""
    from agentdesk.screens import unparsed

    return unparsed.show(home)


def _life(home: Front) -> Awaitable[None]:
    """Loaded when it is wanted, as above."""
    from agentdesk.screens import life

    return life.show(home)


def _figures(home: Front) -> Awaitable[None]:
    """Loaded when it is wanted: few look at them, and nobody before the first ticket."""
    from agentdesk.screens import report

    return report.show(home)


def _quotes(home: Front) -> None:
    """Unfolds or folds what the selected message quotes; says so where there is nothing of the kind."""
    chosen = home.panes.conversation.selected()
    if chosen is not None and not chosen.folds:
        home.tell(tr("There is neither a quote nor a signature in this message."))
    else:
        home.panes.conversation.toggle_quotes()


ROUTES: dict[str, Route] = {
    "queue.next_due": lambda home: home.paths.next_due(),
    "queue.down": lambda home: home.panes.queue.move(1),
    "queue.up": lambda home: home.panes.queue.move(-1),
    "queue.page_down": lambda home: home.panes.queue.page(1),
    "queue.page_up": lambda home: home.panes.queue.page(-1),
    "queue.top": lambda home: home.panes.queue.top(),
    "queue.bottom": lambda home: home.panes.queue.bottom(),
    "queue.sort": lambda home: home.paths.sort(),
    "queue.save_view": views.save,
    "queue.mark": lambda home: home.marking.toggle(),
    "queue.range": lambda home: home.marking.range(),
    "queue.everything": lambda home: home.marking.everything(),
    "queue.open": lambda home: home.panes.queue.open(),
    "reading.down": lambda home: home.panes.conversation.move(1),
    "reading.up": lambda home: home.panes.conversation.move(-1),
    "reading.page_down": lambda home: home.panes.conversation.page(1),
    "reading.page_up": lambda home: home.panes.conversation.page(-1),
    "reading.quotes": _quotes,
    "reading.save": filing.save_attachment,
    "reading.file": filing.open_attachment,
    "reading.play": listening.play,
    "reading.look": looking.look,
    "reading.raw": flows.show_raw,
    "reading.split": flows.split,
    "reading.edit": amending.edit,
    "reading.delete": amending.delete,
    "reading.links": links.show,
    "copy.text": copying.message_text,
    "copy.whole": copying.whole_message,
    "copy.number": copying.number,
    "copy.address": copying.address,
    "copy.order": copying.order,
    "customer.down": lambda home: home.panes.customer.move(1),
    "customer.up": lambda home: home.panes.customer.move(-1),
    "customer.export": forgetting.hand_out,
    "customer.erase": forgetting.erase,
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
    "go.muted": _view("muted"),
    "go.resolved": _view("resolved"),
    "go.unanswered": _view("unanswered"),
    "go.afterwards": _view("afterwards"),
    "go.all": _view("all"),
    "ticket.reply": party.answer,
    "ticket.forward": party.pass_on,
    "ticket.note": lambda home: home.paths.write("note"),
    "ticket.quick": quick.choose,
    "ticket.template": template.answer,
    "ticket.switch": flows.switch,
    "ticket.resolve": ending.resolve,
    "ticket.no_answer": ending.no_answer,
    "ticket.not_thanks": ending.not_thanks,
    "ticket.seen": ending.seen,
    "ticket.reopen": acts.reopen,
    "ticket.life": _life,
    "ticket.assign": acts.assign,
    "ticket.take": acts.take,
    "ticket.tag": acts.tag,
    "ticket.priority": acts.priority,
    "ticket.language": acts.language,
    "ticket.describe": acts.describe,
    "ticket.playbook": playbook.follow,
    "ticket.promise": promising.promise,
    "ticket.derive": promising.derive,
    "ticket.merge": flows.merge,
    "ticket.move": moving.move,
    "ticket.cause": cause.put,
    "cause.deal": cause.deal,
    "snooze.later": ending.snooze_for(lambda now: now + timedelta(hours=3)),
    "snooze.tomorrow": ending.snooze_for(ending.tomorrow),
    "snooze.monday": ending.snooze_for(ending.monday),
    "snooze.again": ending.again,
    "snooze.until": ending.until,
    "snooze.quiet": ending.quietly,
    "sender.machine": senders.no_customer,
    "sender.person": senders.person,
    "sender.forget": senders.forget,
    "ticket.rescue": senders.rescue,
    "act.undo": undoing.undo,
    "act.repeat": acts.repeat,
    "customer.show": lambda home: home.paths.customer(),
    "customer.link": same.link,
    "customer.edit": profile.edit,
    "customer.note": profile.note,
    "customer.mute": muting.toggle,
    "customer.lookup": flows.ask_shop,
    "customer.surveys": survey.toggle,
    "survey.ask": survey.ask,
    "find.search": flows.search,
    "find.filter": flows.narrow_queue,
    "outbox.show": outbox.show,
    "quarantine.show": _unparsed,
    "call.note": call.note,
    "go.morning": morning.show,
    "go.closing": closing.show,
    "go.came": lambda home: home.passing.came(),
    "go.figures": _figures,
    "ticket.new": first.begin,
    "account.add": _add_mailbox,
    "sync.now": flows.receive_now,
    "help.keys": flows.show_help,
    "help.palette": flows.show_palette,
    "help.command": flows.type_command,
    "program.who": who.switch,
    "program.theme": themes.choose,
    "program.notices": switches.choose,
    "rules.show": _rules,
    "program.blank": who.blank,
    "program.mouse": manner.mouse,
    "program.motion": manner.motion,
    "program.reader": manner.reader,
    "program.quit": leave,
    "replies.edit": quick.edit,
    "replies.new": quick.make,
    "replies.read": quick.choose,
    "replies.read_back": quick.choose,
    "files.mark": attaching.attach,
    "compose.send": lambda home: home.writing.send(),
    "compose.resolve": ending.send_and_resolve,
    "compose.snooze": acts.send_and_snooze,
    "compose.later": acts.send_later,
    "compose.editor": flows.in_editor,
    "compose.quick": quick.choose,
    "compose.blank": lambda home: home.writing.next_blank(),
    "compose.pane": lambda home: home.panes.next(),
    "compose.attach": attaching.attach,
    "compose.help": flows.show_help,
    "compose.switch": flows.switch,
    "compose.until": lambda home: home.writing.tell(),
    "compose.promise": lambda home: home.writing.saying.promise(),
    "compose.derive": lambda home: home.writing.saying.derive(),
    "compose.people": recipients.choose,
    "compose.everybody": lambda home: home.writing.toggle_everybody(),
    "compose.close": lambda home: home.writing.close(),
}
