"""What the receiving server says of a sender: the topmost Authentication-Results of a mail, weighed against its From.

Promises: only the topmost such header is read, since what lies below it came with the mail; only what concerns the domain of the
one From counts (RFC 8601, RFC 7489 section 3.1); whatever is odd gives "none", never "pass"; and a mail is "disowned" where it failed
DMARC and the header says that the domain's own rule is to quarantine or reject it. Refuses: trusting. Who wrote the header is told
along, and whether that server's word counts is the account's setting, not the mail's.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from agentdesk.channels.header import Headers
from agentdesk.core.lookalike import domain_of, wired
from agentdesk.core.model import Address
from agentdesk.core.text import safe_line
from agentdesk.core.vouching import DISOWNED

NAME = "authentication-results"
PASS, FAIL, NONE = "pass", "fail", "none"
Vouched = tuple[str, str]
"""(the server that says so, what it says: pass, fail, disowned or none); two empty texts where none says anything."""
NOBODY: Vouched = ("", "")

_AT_MOST = 16_000  # characters of a header that are read
_NESTED_AT_MOST = 4  # comments within comments
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[();]|[^"\\();]+|.', re.DOTALL)
_SERVER = re.compile(r"\s*(\"[^\"]{1,255}\"|[^\s;=\"]{1,255})(?:\s+\d+)?\s*")
_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"\s*(dmarc|dkim|spf)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)(?![\w.-])")
_PROPERTY = re.compile(r'\s++([\w-]++(?:\.[\w-]++)?)\s*+=\s*+((?:"(?:[^"\\]++|\\.)*"|[^\s"]++)+)')
# Where servers say the domain's rule in a comment: "(p=reject dis=none)", "(policy=quarantine)".
_RULE = re.compile(r"\(\s*+(?:p|policy)\s*+=\s*+([a-z]++)[^()]*\)", re.IGNORECASE)
_RULES = ("policy.dmarc", "policy.published-domain-policy", "policy.comment", "action")
"""Where the rule stands, the surest first: RFC 7489 section 11.1, Fastmail, most servers, Microsoft."""
_TURNS_AWAY = frozenset({"quarantine", "reject", "oreject", "o.reject", "pct.quarantine", "pct.reject"})
# What in an envelope sender could break out of a comment or a value of this header.
_BREAKING = re.compile(r'[()";\\\s]')

_Result = tuple[str, dict[str, str]]


def vouched(headers: Headers, senders: Sequence[Address]) -> Vouched:
    """Who says what of the sender of a mail: pass, fail, disowned or none."""
    value = _RULE.sub(r" policy.comment=\1 ", headers.raw(NAME)[:_AT_MOST])
    parts = _parts(value)
    server = _SERVER.fullmatch(parts[0]) if parts else None
    if server is None or parts is None:
        return NOBODY
    by = safe_line(server[1].strip('"')).lower()
    path = headers.raw("return-path").strip().strip("<>").rpartition("@")[0]
    if len(senders) != 1 or len(headers.all("from")) != 1 or _BREAKING.search(path):
        return by, NONE
    return by, _verdict(_results(parts[1:]), wired(domain_of(senders[0].email)))


def _parts(value: str) -> list[str] | None:
    """The header cut at its semicolons, comments taken out; None where it cannot be read with certainty.

    What stands in quotation marks is taken as one, also within a comment: a sender's address is often told in one, and
    would end it.
    """
    if '"' not in value and "\\" not in value:
        for _ in range(_NESTED_AT_MOST):
            value = _COMMENT.sub(" ", value) if "(" in value else value
        return None if "(" in value or ")" in value else value.split(";")
    parts, depth = [""], 0
    for found in _TOKEN.finditer(value):
        piece = found[0]
        if piece == "(":
            depth += 1
            parts[-1] += " "
        elif piece == ")":
            depth -= 1
            if depth < 0:
                return None
        elif depth:
            continue
        elif piece == ";":
            parts.append("")
        elif piece == '"':
            return None
        else:
            parts[-1] += piece
    return None if depth else parts


def _results(parts: Sequence[str]) -> dict[str, list[_Result]]:
    """By method what it found, with its properties in small letters; what follows something odd is not read."""
    found: dict[str, list[_Result]] = defaultdict(list)
    for part in parts:
        method = _METHOD.match(part.lower())
        if method is None:
            continue
        told: dict[str, str] = {}
        at = method.end()
        while given := _PROPERTY.match(method.string, at):
            told.setdefault(given[1], given[2].strip('"'))
            at = given.end()
        found[method[1]].append((method[2], told))
    return found


def _verdict(results: dict[str, list[_Result]], domain: str) -> str:
    dmarc = [result for result in results["dmarc"] if result[0] in {PASS, FAIL}]
    if len(results["dmarc"]) > 1:
        return NONE  # a server says it once: somebody else had a hand in this
    if dmarc and (judged := dmarc[0][1].get("header.from")):
        return _said(*dmarc[0]) if _domain(judged) == domain else NONE
    if dmarc and dmarc[0][0] == FAIL:
        return _said(*dmarc[0])
    aligned = {
        result
        for method, names in (("dkim", ("header.d", "header.i")), ("spf", ("smtp.mailfrom",)))
        for result, told in results[method]
        if any(_is_aligned(_domain(told[name]), domain) for name in names if name in told)
    }
    return PASS if PASS in aligned else FAIL if FAIL in aligned else NONE


def _said(result: str, told: dict[str, str]) -> str:
    """The result of DMARC, and whether the domain's own rule turns away what fails; what names no rule only failed."""
    rule = next((told[name] for name in _RULES if name in told), "")
    return DISOWNED if result == FAIL and rule in _TURNS_AWAY else result


def _domain(value: str) -> str:
    return wired(domain_of(value).strip('"<>').rstrip("."))


def _is_aligned(vouching: str, domain: str) -> bool:
    """Whether whoever speaks for `vouching` speaks for `domain` too: it is the same, or above it."""
    return bool(domain) and (vouching == domain or ("." in vouching and domain.endswith(f".{vouching}")))
