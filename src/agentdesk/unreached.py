"""Why something is not written to somebody: that a channel lets nobody begin, that it would go to the wrong side of a ticket, or
that what was sent, or promised, stays as it is.

Promises: every reason says what to do instead. Refuses: why a mail came back, which is `undelivered`'s.
"""

from collections.abc import Mapping

from agentdesk.errors import N_

_AMEND = N_("Where the channel lets you, M on the message changes it and D takes it back (agentdesk amend).")
_SMALLER = N_("Send it smaller or in another form, as a link, or by another channel.")

REMEDIES: Mapping[str, str] = {
    "too_long": N_("Shorten it, send it in parts, or choose another channel."),
    "no_files": N_("Send it as a link, or by another channel."),
    "too_many_files": N_("Send them in several messages."),
    "no_such_files": _SMALLER,
    "file_too_large": _SMALLER,
    "already_sent": _AMEND,
    "answer_gone": _AMEND,
    "answer_gone_here": _AMEND,
}
"""What to do where looking at the ticket again would not help."""

REFUSALS: Mapping[str, str] = {
    "text_incomplete": N_("The text {name} is incomplete: nothing fills {blank}."),
    "to_party": N_("{address} is a third party of this ticket: it never gets an answer to the customer."),
    "to_customer": N_("{address} is this ticket's own customer: answer instead of passing on."),
    "no_address": N_("{address} is no address such as maria@example.com."),
    "nobody_there": N_(
        "There is nobody in this ticket to answer: who wrote was forgotten, or nobody has written."
    ),
    "unwritable": N_(
        "Nobody can be written to at {address}: it is no valid address. Choose another one (--to, or F2 in the console)."
    ),
    "too_many": N_("At most {most} addresses."),
    "no_copies": N_("Only a mail has Cc and Bcc: here the answer goes to the customer alone."),
    "closed_by_then": N_("By then the channel's window has closed: it takes an answer until {time}."),
    "to_ourselves": N_("{address} is an address of ours."),
    "no_mailbox": N_("Third parties are written to by mail, and there is no mailbox: account add email."),
    "only_answers": N_(
        "On {channel} a shop can only answer; write by mail or SMS, or wait until they write."
    ),
    "begins_telegram": N_("A bot cannot write first: {address} has to write to it once."),
    "begins_matrix": N_("There is no room with {address} yet: it opens when they write to us once."),
    "template_first": N_(
        "WhatsApp takes only an approved template, except in the 24 hours after the customer wrote: g t in a ticket of theirs."
    ),
    "other_channel": N_(
        "The account {account} is {channel}; for {wanted} choose an account of that channel."
    ),
    "who_is_meant": N_("{name} is no address, and not one customer's name on this channel: {known}"),
    "need_until_open": N_("The quick reply need-until asks for more than the time: {blank}"),
    "no_subject": N_("A mail needs a subject."),
    "nothing_written": N_("There is nothing to send yet."),
    "nothing_to_pass_on": N_("The customer has written nothing here yet; say with --message what goes."),
    "note_passed_on": N_("A note is for us alone; only messages are passed on."),
    "amended": N_("The customer may have seen the change: change it once more instead."),
    "not_sent_here": N_("Only what was sent from here can be changed."),
    "taken_back": N_("It was taken back already."),
    "no_pledge": N_("Nothing is promised there that is still open."),
    "no_edits": N_("This channel does not change what was sent."),
    "keeps_sent": N_("This channel does not take back what was sent."),
    "amends_no_more": N_("Too late: {hours} hours have passed."),
    "no_name": N_("The service has not said what it calls this message: it stays as it is."),
    "emptied": N_("Nothing would be left of it: delete it instead."),
    "only_text": N_("Only the text of what was sent can be changed."),
}
