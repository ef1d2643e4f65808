"""What we ourselves say of a message that did not go, or of which nobody knows, where no service has said anything.

Promises: it stands in the log as it stands here, and `undelivered` says it in the agent's language; whatever else stands there are
a service's own words. Refuses: those words.
"""

from agentdesk.errors import N_

NO_CONNECTION = N_("no connection came about")
UNKNOWN_HOST = N_("nobody knows the server's name: is the line down?")
NO_ANSWER = N_("no answer in time")
BROKE_OFF = N_("the connection broke off before the answer came")
ENDED = N_("the program ended while it was sending")
REMOVED = N_("the account was removed")
NOT_THEIRS = N_("somebody answered in the service's place")
HUNG_UP = N_("the server hung up")
OUT_OF_TURN = N_("the server speaks out of turn")
LOST = N_("the connection ended before the message was out: most likely it has not gone")
LOST_AFTER = N_("the connection ended before the server said whether it took the message")
SILENT = N_("the server did not say in time whether it took the message")
NO_SERVER = N_("no server is configured")
NOBODY = N_("there is nobody to send it to")
TOO_LARGE = N_("the message is larger than the server takes")
ONLY_ASCII = N_("the server takes no addresses beyond ASCII (SMTPUTF8)")
ONLY_7_BIT = N_("the server takes 7-bit mail only")
NO_STARTTLS = N_("the server does not offer STARTTLS")
NO_TOKENS = N_("the server takes no tokens (XOAUTH2)")
NO_PASSWORDS = N_("the server takes passwords in no way known here")
NO_ROOM = N_("there is no room that it belongs to")
OVERHEARD = N_("several people are in the room by now")
NO_TEXT = N_("there is no text in it that could be changed")
NO_EDITS = N_("the channel does not change what was sent")

OURS = frozenset({
    NO_CONNECTION, UNKNOWN_HOST, NO_ANSWER, BROKE_OFF, ENDED, REMOVED, NOT_THEIRS, HUNG_UP, OUT_OF_TURN, LOST, LOST_AFTER,
    SILENT, NO_SERVER, NOBODY, TOO_LARGE, ONLY_ASCII, ONLY_7_BIT, NO_STARTTLS, NO_TOKENS, NO_PASSWORDS, NO_ROOM, OVERHEARD, NO_TEXT,
    NO_EDITS,
})  # fmt: skip
