"""The law's one question: given how things are, what somebody wants, the policy and the time, what happens?

Answers with one event, with `Known` (nothing new happened), or with a Refusal. Pure: everything is an argument.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agentdesk.core import (
    act,
    aftermath,
    afterwards,
    amending,
    belonging,
    cause,
    firing,
    forgetting,
    introducing,
    junk,
    macro,
    move,
    mute,
    pledged,
    profile,
    sending,
    snooze,
    steps,
    survey,
    unanswered,
    verdict,
)
from agentdesk.core.arrival import receive
from agentdesk.core.call import note_call
from agentdesk.core.commands import (
    AddNote,
    AddTranscript,
    Assign,
    BringNote,
    CloseCause,
    Command,
    Erase,
    EraseAgain,
    JudgeSender,
    Learn,
    MarkRead,
    Merge,
    MergeCustomers,
    NoteCall,
    OpenAccount,
    OpenCause,
    Prioritise,
    PutUnder,
    Quarantine,
    Receive,
    Reclock,
    Reopen,
    ReportLies,
    Rescue,
    Resolve,
    RunMacro,
    SetLanguage,
    Snooze,
    SnoozeAgain,
    Split,
    Tag,
    Undo,
    UnmergeCustomers,
    Wake,
)
from agentdesk.core.derivation import Derive
from agentdesk.core.draft import Draft
from agentdesk.core.events import AccountOpened, Event
from agentdesk.core.instant import stamp
from agentdesk.core.keeping import Introduce, MoveTicket, Mute, NoteCustomer, SetProfile
from agentdesk.core.later import Amend, ReportUnchanged
from agentdesk.core.pledging import DropPledge, GivePledge, KeepPledge, RaisePledge
from agentdesk.core.posting import (
    Forward,
    Reply,
    ReportDoubtful,
    ReportFailed,
    ReportSent,
    Resend,
    Withdraw,
    WriteAutomatic,
    WriteFirst,
)
from agentdesk.core.progress import ChoosePlaybook, Describe, TakeStep
from agentdesk.core.quarantine import Dismiss, Quarantined, QuarantineSet
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.ruled import FireRule
from agentdesk.core.settling import MarkSeen, NoAnswerNeeded, RefuteThanks
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State
from agentdesk.core.surveyed import WantSurveys
from agentdesk.core.undo import undo


def decide(state: State, command: Command, policy: Policy, given: Given) -> Event | Known:
    """One event for one command; raises Refusal."""
    found = _DECISIONS[type(command)](state, command, policy, given)
    return belonging.followed(state, found, policy, given) if isinstance(found, Event) else found


def _open_account(state: State, command: OpenAccount, policy: Policy, given: Given) -> Event:
    if state.field("account", command.account, "opened_at") is not None:
        raise Refusal("nothing_changes")
    draft = Draft(state, given)
    draft.add(AccountOpened(command.account, command.channel, stamp(command.at), command.waiting_days))
    return draft.event("AccountOpened", event_id=given.seal.shared_id("account_opened", command.account))


def _receive(state: State, command: Receive, policy: Policy, given: Given) -> Event | Known:
    return (
        forgetting.kept_out(state, command, given)
        or aftermath.of_known(state, command, policy, given)
        or receive(state, command, policy, given)
    )


def _quarantine(state: State, command: Quarantine, policy: Policy, given: Given) -> Event | Known:
    if forgetting.is_known(state, command.raw):
        return Known("")
    before = state.quarantined(command.raw)
    quarantine, attempts = before or (given.seal.shared_id("quarantine", command.raw), 0)
    if before and command.before and not command.waits:  # a file, or an older copy, makes no history of it
        was, waited = (bool(state.field("quarantine", quarantine, name)) for name in ("before", "waits"))
        command = replace(command, before=was, waits=waited)
    draft = Draft(state, given)
    draft.add(
        Quarantined(
            quarantine=quarantine,
            account=command.account,
            raw=command.raw,
            size=command.size,
            received_at=stamp(command.received_at),
            reason=command.reason,
            attempts=attempts + 1,
            role=command.role,
            before=command.before,
            waits=command.waits,
        )
    )
    dismissed_at = state.field("quarantine", quarantine, "dismissed_at")
    if dismissed_at:  # another copy tells nothing new
        draft.add(QuarantineSet(quarantine, "dismissed_at", None, dismissed_at))
    return draft.event("Quarantined")


def _dismiss(state: State, command: Dismiss, policy: Policy, given: Given) -> Event:
    if state.field("quarantine", command.quarantine, "id") is None:
        raise Refusal("no_quarantined")
    was = state.field("quarantine", command.quarantine, "dismissed_at")
    if was is not None:
        raise Refusal("nothing_changes")
    draft = Draft(state, given)
    draft.add(QuarantineSet(command.quarantine, "dismissed_at", was, stamp(given.now)))
    return draft.event("QuarantineDismissed")


_DECISIONS: dict[type[Any], Callable[[State, Any, Policy, Given], Event | Known]] = {
    AddNote: act.add_note,
    AddTranscript: aftermath.add_transcript,
    Amend: amending.amend,
    Assign: act.assign,
    BringNote: act.bring_note,
    ChoosePlaybook: steps.choose,
    CloseCause: cause.close_cause,
    Dismiss: _dismiss,
    Derive: act.derive,
    Describe: steps.describe,
    DropPledge: pledged.drop,
    Erase: forgetting.erase,
    FireRule: firing.fire,
    EraseAgain: forgetting.erase_again,
    Forward: sending.forward,
    GivePledge: pledged.give,
    JudgeSender: verdict.judge,
    KeepPledge: pledged.keep,
    Learn: aftermath.learn,
    MarkRead: act.mark_read,
    Merge: act.merge,
    MergeCustomers: act.merge_customers,
    MarkSeen: afterwards.mark_seen,
    MoveTicket: move.move,
    Mute: mute.mute,
    NoteCall: note_call,
    NoAnswerNeeded: unanswered.no_answer_needed,
    NoteCustomer: profile.note_customer,
    OpenAccount: _open_account,
    OpenCause: cause.open_cause,
    Prioritise: act.prioritise,
    SetLanguage: act.set_language,
    SetProfile: profile.set_profile,
    Introduce: introducing.introduce,
    PutUnder: cause.put_under,
    Quarantine: _quarantine,
    Receive: _receive,
    Reclock: act.reclock,
    Reopen: act.reopen,
    Reply: sending.reply,
    RaisePledge: pledged.rise,
    ReportDoubtful: sending.report_doubtful,
    ReportFailed: sending.report_failed,
    ReportLies: junk.report_lies,
    ReportSent: sending.report_sent,
    ReportUnchanged: amending.report_unchanged,
    RefuteThanks: afterwards.refute_thanks,
    Rescue: junk.rescue,
    Resend: sending.resend,
    Resolve: act.resolve,
    RunMacro: macro.run,
    Snooze: snooze.snooze,
    SnoozeAgain: snooze.snooze_again,
    Split: act.split,
    Tag: act.tag,
    TakeStep: steps.take,
    Undo: undo,
    UnmergeCustomers: act.unmerge_customers,
    Wake: snooze.wake,
    WantSurveys: survey.want,
    Withdraw: sending.withdraw,
    WriteAutomatic: sending.write_automatic,
    WriteFirst: sending.write_first,
}
