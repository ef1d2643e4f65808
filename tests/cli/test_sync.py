"""What `sync --daemon` says of what goes on beside receiving."""

from agentdesk import i18n
from agentdesk.cli import sync
from agentdesk.errors import FullDiskError


def test_what_cannot_go_on_is_said_with_what_helps_and_so_is_its_end():
    i18n.use("en")
    told = sync._ailing("voices", FullDiskError(path="desk.db", reason="database or disk is full"))
    assert told.startswith("voices: The disk is full: desk.db: database or disk is full\n  Free some space;")
    assert sync._ailing("voices", None) == "voices: all is well again."
