"""Whether a sender is verified: what the account's own server says counts, and nobody else's word.

Promises: "pass" and "fail" only where the topmost Authentication-Results of the mail bears the name that the account trusts;
"none" for everything else, a forged header included. Refuses: learning whom to trust from a mail.
"""

from typing import Literal

Verified = Literal["pass", "fail", "none"]


def verified(by: str, result: str, server: str) -> Verified:
    """`by` says `result` of a sender, and the account trusts `server` ("" nobody)."""
    if not server or not bears(by, server):
        return "none"
    return "pass" if result == "pass" else "fail" if result == "fail" else "none"


def bears(by: str, server: str) -> bool:
    """Whether a header of `by` is one of the server that is named, or of a host below it for `*.example.com`."""
    name, wanted = by.lower(), server.lower()
    return name.endswith(wanted[1:]) if wanted.startswith("*.") else name == wanted
