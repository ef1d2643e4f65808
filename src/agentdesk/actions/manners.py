"""Acts on the terminal itself: what is copied out of it, what is opened from it, and how it behaves."""

from agentdesk.actions.row import READING, Action, act
from agentdesk.errors import N_

MANNERS_ACTS: tuple[Action, ...] = (
    act(
        "copy.text",
        "y",
        N_("copy"),
        N_("Copy what this message says, without quotes and signature."),
        READING,
        "message",
    ),
    act(
        "copy.whole",
        "Y m",
        N_("whole message"),
        N_("Copy this message with its quotes and its signature."),
        READING,
        "message",
    ),
    act("copy.number", "Y n", N_("ticket number"), N_("Copy the ticket's number."), needs="ticket"),
    act("copy.address", "Y a", N_("address"), N_("Copy the customer's address or number."), needs="ticket"),
    act(
        "copy.order",
        "Y o",
        N_("order number"),
        N_("Copy the order that the ticket is about."),
        needs="ticket",
    ),
    act(
        "reading.links",
        "b",
        N_("links"),
        N_(
            "List the links of this message and where each really leads; one is opened after its whole address was shown."
        ),
        READING,
        "message",
    ),
    act(
        "program.mouse",
        "g x",
        N_("mouse"),
        N_("Leave the mouse to the terminal, whose own selection works then; the same key takes it back."),
    ),
    act(
        "program.motion",
        "g k",
        N_("less motion"),
        N_("Countdowns move every five seconds instead of each second; the same key again: each second."),
    ),
    act(
        "program.reader",
        "g v",
        N_("to be heard"),
        N_(
            "For a screen reader: one pane, words instead of signs and boxes, a cursor that follows; the same key: as before."
        ),
    ),
)
