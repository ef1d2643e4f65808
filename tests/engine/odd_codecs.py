"""Codecs for a second process: one for each thing that can go wrong there."""

import os
import signal
import threading
from dataclasses import replace

from agentdesk.channels.mime import read_mail
from agentdesk.core.model import Attachment


def dies(raw):
    """Ends its process at a mail that says so."""
    if b"X-Dies" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_mail(raw)


def hangs(raw):
    """Never answers."""
    threading.Event().wait()


def lies(raw):
    """Answers with what is no message."""
    return os.environ


def raises(raw):
    """Reads every other mail."""
    if b"X-Bad" in raw:
        raise ValueError("this mail is bad")
    if b"X-Odd" in raw:
        raise RuntimeError(raw.decode())
    return read_mail(raw)


def undecidable(raw):
    """Reads a mail that says so as something that no law knows."""
    read = read_mail(raw)
    return replace(read, mail_class="odd") if b"X-Odd" in raw else read


def unwritable(raw):
    """Reads a mail that says so as something that no table takes."""
    read = read_mail(raw)
    huge = Attachment("a.bin", "application/octet-stream", 1 << 70, "00", "1")
    return replace(read, attachments=(huge,)) if b"X-Odd" in raw else read


def unnamed(raw):
    """Reads a mail that says so as something that has no name."""
    read = read_mail(raw)
    return replace(read, message_id=7) if b"X-Odd" in raw else read
