"""What an undo turns round, or cannot, in words: by the type of the event.

Promises: every act that can be taken back is called something that an agent says. Refuses: deciding what can be (`core.undo`).
"""

from collections.abc import Mapping
from typing import Any

from agentdesk.errors import N_
from agentdesk.i18n import tr

ACTS: Mapping[str, str] = {
    "Amended": N_("what was changed at the customer's"),
    "Assigned": N_("whose it is"),
    "Called": N_("a call"),
    "CauseClosed": N_("the end of a cause"),
    "CauseOpened": N_("a cause"),
    "CustomerMuted": N_("the muting"),
    "CustomerNoted": N_("a note about the customer"),
    "CustomerNoteRemoved": N_("the removal of a note about the customer"),
    "CustomerUnmuted": N_("the end of a muting"),
    "CustomersMerged": N_("two customers made one"),
    "CustomersUnmerged": N_("one customer made two"),
    "Derived": N_("where the customer was sent"),
    "Described": N_("what it is about"),
    "Forwarded": N_("what went to a third party"),
    "LanguageSet": N_("the language"),
    "MacroRun": N_("a macro"),
    "MarkedSeen": N_("that it was seen"),
    "Merged": N_("a merge"),
    "Moved": N_("another customer's ticket"),
    "NoAnswerNeeded": N_("that no answer is needed"),
    "Noted": N_("a note"),
    "PlaybookChosen": N_("the playbook"),
    "PledgeDropped": N_("the end of a promise"),
    "PledgeKept": N_("a promise that was kept"),
    "Pledged": N_("a promise"),
    "Prioritised": N_("the priority"),
    "ProfileChanged": N_("what is known of the customer"),
    "PutUnderCause": N_("the cause of a ticket"),
    "QuarantineDismissed": N_("the dismissal of a mail that could not be read"),
    "Reopened": N_("the reopening"),
    "Replied": N_("an answer"),
    "Rescued": N_("a rescue from Junk"),
    "Resolved": N_("the end"),
    "RuleFired": N_("what a rule did"),
    "SenderJudged": N_("who writes"),
    "Snoozed": N_("the snooze"),
    "Split": N_("a split"),
    "StepTaken": N_("a step of the playbook"),
    "SurveysEnded": N_("the end of surveys"),
    "SurveysWanted": N_("that they are asked how it was"),
    "Tagged": N_("the tags"),
    "ThanksRefuted": N_("that it was no mere thanks"),
    "WrittenFirst": N_("a first message"),
}


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` of a refusal, with an act among them in words."""
    what = str(values.get("what", ""))
    return {**values, "what": tr(ACTS[what])} if what in ACTS else dict(values)
