"""Whether a sender is verified: what the account's own server says counts, and nobody else's word.

Promises: "pass" and "fail" only where the topmost Authentication-Results of the mail bears the name that the account trusts;
"none" for everything else, a forged header included; and a mail is disowned only by the word of that same server. Refuses:
learning whom to trust from a mail.
"""

from typing import Literal

Verified = Literal["pass", "fail", "none"]
DISOWNED = "disowned"
"""What a server says of a mail that failed, and that the sender's own domain wants to be turned away then."""
ADDRESS_IN_TEXT, NO_ADDRESS = "form_address_in_text", "form_without_address"
"""Warnings of a form that asks for no answer elsewhere: its text names the one address, or none or several."""
OF_FORMS = frozenset({"by_form", ADDRESS_IN_TEXT, NO_ADDRESS})
"""The warnings of what came by a form: nobody vouches for who filled it in."""


def verified(by: str, result: str, server: str) -> Verified:
    """`by` says `result` of a sender, and the account trusts `server` ("" nobody)."""
    if not server or not bears(by, server):
        return "none"
    return "pass" if result == "pass" else "fail" if result in {"fail", DISOWNED} else "none"


def is_disowned(by: str, result: str, server: str) -> bool:
    """Whether the `server` that the account trusts says that the sender's own domain does not want it to be believed."""
    return result == DISOWNED and verified(by, result, server) == "fail"


def bears(by: str, server: str) -> bool:
    """Whether a header of `by` is one of the server that is named, or of a host below it for `*.example.com`."""
    name, wanted = by.lower(), server.lower()
    return name.endswith(wanted[1:]) if wanted.startswith("*.") else name == wanted
