"""What a message of a chat answers, in words: the same in the conversation and in `show`.

Promises: pure; who wrote what is answered, when, and how it begins, on one line. Refuses: signs and ink, which are the screen's, and finding
it, which is `store.answered`'s.
"""

from datetime import tzinfo

from agentdesk import dates, present
from agentdesk.core.instant import moment
from agentdesk.core.later import Answered
from agentdesk.i18n import tr


def named(one: Answered, came: str, zone: tzinfo) -> str:
    """ "Maria, 10:02: which of the two ...", for a message that `came` at that stamp; with the day where that is another one."""
    then, now = moment(one.at).astimezone(zone), moment(came).astimezone(zone)
    day = "" if then.date() == now.date() else f"{dates.short_day(then.date(), now.date())} "
    who = present.erased() if one.gone else one.name or (tr("we") if one.is_ours else "?")
    said = f"{who}, {day}{then:%H:%M}"
    return f"{said}: {one.words}" if one.words else said


def sentence(one: Answered, came: str, zone: tzinfo) -> str:
    """The same where no sign says what it is."""
    return tr("in answer to {message}").format(message=named(one, came, zone))
