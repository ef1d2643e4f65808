"""Acts within the lists of quick replies and of files, where what is typed narrows the list. From elsewhere they open it."""

from agentdesk.actions.row import FILES, REPLIES, Action, act
from agentdesk.errors import N_

LIST_ACTS: tuple[Action, ...] = (
    act("replies.edit", "ctrl+e", N_("edit reply"), N_("Edit a quick reply in your own editor."), REPLIES),
    act("replies.new", "ctrl+t", N_("new reply"), N_("Write a new quick reply in your own editor."), REPLIES),
    act("replies.read", "pagedown", N_("read on"), N_("The next page of the reply at hand."), REPLIES),
    act("replies.read_back", "pageup", N_("read back"), N_("The page before."), REPLIES),
    act("files.mark", "ctrl+t", N_("mark file"), N_("This file too: several go along at once."), FILES),
)
