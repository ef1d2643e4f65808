"""What the console writes to a terminal that was closed."""

import os
import threading
from pathlib import Path

import pytest

from agentdesk.screens.terminal import Lasting


def test_more_words_than_the_toolkit_holds_are_taken_after_the_terminal_was_closed():
    from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

    master, slave = os.openpty()
    with os.fdopen(slave, "w", buffering=1) as file:
        os.close(master)
        with pytest.raises(OSError, match="Input/output"):
            os.write(slave, b"x")
        writer = WriterThread(Lasting(file))
        writer.start()

        def last_words():
            for _ in range(3 * MAX_QUEUED_WRITES):
                writer.write("Adeu\n")
            writer.stop()

        leaving = threading.Thread(target=last_words, daemon=True)
        leaving.start()
        leaving.join(10)
        assert not leaving.is_alive(), "it waits for ever"
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), slave)  # so that closing it has somewhere to write
