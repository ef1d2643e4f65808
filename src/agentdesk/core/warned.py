"""What is odd about a message that comes in, as codes: what its parser found, and what only the desk can know.

Promises: each code has words in `trust`. Refuses: acting on any of it; whoever reads decides, and history is not doubted.
"""

from agentdesk.core import responder
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.model import BY_DEED, Direction, Incoming, JoinedBy
from agentdesk.core.suspicion import doubts
from agentdesk.core.text import visible
from agentdesk.core.vouching import ADDRESS_IN_TEXT, DISOWNED, NO_ADDRESS, is_disowned
from agentdesk.core.who import Who


def of(
    draft: Draft, command: Receive, who: Who, *, mail_id: str | None, by: JoinedBy, root: str, history: bool
) -> tuple[str, ...]:
    """The codes of a message that goes into the ticket `root`, found `by` a rule; `mail_id` names its Message-ID."""
    state, mail = draft.state, command.incoming
    found = [code for code in mail.warnings if not (who.by_form and code == "reply_to_elsewhere")]
    found += () if history else doubts(state, draft.given, mail, who)
    if mail_id and state.messages_by_mail_id(mail_id):
        found.append("same_message_id")
    if by == JoinedBy.TOKEN and not any(
        state.takes_part(t, who.identity) or state.takes_part(t, who.identity, apart=True)
        for t in state.family(root)
    ):
        found.append("new_participant")
    if who.by_form:
        found += _of_form(mail, who)
    elif who.direction == Direction.IN and is_disowned(*mail.vouched, draft.given.server(command.account)):
        found.append(DISOWNED)
    if mail.edits:
        found.append("first_seen_edited")
    return (*found, *_of_programs(draft, mail, who))


def _of_form(mail: Incoming, who: Who) -> tuple[str, ...]:
    """How far it is known who filled in a form."""
    if not who.person.email:
        return (NO_ADDRESS,)
    is_asked = any(each.email == who.person.email for each in mail.reply_to)
    return ("by_form",) if is_asked else ("by_form", ADDRESS_IN_TEXT)


def _of_programs(draft: Draft, mail: Incoming, who: Who) -> tuple[str, ...]:
    """Whether a program wrote, or everybody on a list would hear what goes by itself."""
    if who.reason in BY_DEED:
        return (who.reason,)
    if not who.speaks:
        return ()
    ours = {each.replace("@", ".") for each in draft.given.own}
    found = (responder.BY_LIST,) if mail.by_list and mail.by_list not in ours else ()
    says_so = mail.is_own and responder.says_so(visible(mail.text, mail.folds))
    return (*found, responder.SAYS_SO) if says_so else found
