"""Hostile HTML made harmless before it is parsed.

Promises: what comes out nests at most 200 deep, has no scripts, styles, comments or formatting elements, at most 200 attributes in a
tag that is long, and costs linear time; the HTML standard's rules for open elements and for attributes of one name take quadratic time
and memory on made-up input.
Refuses: judging what is shown. Only pages with very many tags or a very long one are rewritten; the rest go to the parser as they are.
"""

import re
from itertools import islice


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DEPTH = 200
TAGS_TRUSTED = 4000
PAGE_TRUSTED = 16_000
"""Characters; whatever stands in so few costs little."""
TAG_TRUSTED = 4000
ATTRIBUTES = 200
_LONG = 2000
"""Characters of a tag from which its attributes are counted."""
_ROOTS_TRUSTED = 20
_ROOTS = re.compile("<[bBhH][oOtT]")
"""What may be the tag of a page's root or body: the attributes of all of them gather in the one element."""
_BLANK = r" \t\n\r\f"
"""What parts attributes: a parser takes no other space for one."""
_HELD = re.compile(rf"""=[{_BLANK}]*+(?:"[^">]*+>|'[^'>]*+>)""")
"""A tag's end within a quoted value, where it is none."""
_VALUE = rf"""[{_BLANK}]*+=[{_BLANK}]*+(?:"[^"]*+"|'[^']*+'|[^{_BLANK}"'>]++)"""
_ATTRIBUTE = re.compile(rf"""[{_BLANK}/]*+[^{_BLANK}"'<>/=]++(?:{_VALUE})?""")
_ATTRIBUTES = re.compile(rf"(?:{_ATTRIBUTE.pattern})*[{_BLANK}/]*+")
_WHOLE = re.compile(rf"<(/?)([a-zA-Z][^{_BLANK}/>]*+)({_ATTRIBUTES.pattern})>")
_DATA_URI = re.compile(r"data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%\s]{400,}")
_TAG = re.compile(rf"<(/?)([a-zA-Z][^{_BLANK}/>]*)([^>]*)>")
# Formatting is not drawn, but its elements are reopened in every paragraph if they are left open.
_FORMATTING = _words("b big code em font i nobr s small strike strong tt u")
_RAW = _words("script style textarea title xmp iframe noembed noframes noscript plaintext svg math template")
_ROOT = _words("html body")
_UNNESTED = _words(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th tbody thead tfoot a "
    "html head body"
)


def tamed(html: str) -> str:
    """`html` as it is if it has few tags and none that is very long, else rewritten: shallow, plain, every tag's quotes balanced."""
    if len(html) > 100_000 and "data:" in html:
        html = _DATA_URI.sub("data:,", html)
    if html.count("<") <= TAGS_TRUSTED and (len(html) <= PAGE_TRUSTED or not _is_dense(html)):
        return html
    return _rewritten(html)


def _is_dense(html: str) -> bool:
    """Whether one element may have very many attributes: a tag is very long only where there is no `>` for long or one is held in a value."""
    for at in range(0, len(html), TAG_TRUSTED):
        if html.rfind(">", at, at + TAG_TRUSTED) < 0:
            start, end = html.rfind(">", 0, at) + 1, html.find(">", at)
            end = len(html) if end < 0 else end
            first = html.find("<", start, end)
            if 0 <= first < end - TAG_TRUSTED:
                return True
    return _HELD.search(html) is not None or len(_ROOTS.findall(html)) > _ROOTS_TRUSTED


def _rewritten(html: str) -> str:
    out: list[str] = []
    roots: set[str] = set()
    depth = 0
    at = 0
    last_end = html.rfind(">")
    while True:
        found = html.find("<", at)
        if found < 0:
            out.append(html[at:])
            break
        out.append(html[at:found])
        if found > last_end:
            break  # a tag that never ends is no text either
        tag = _WHOLE.match(html, found, found + _LONG) or _TAG.match(html, found)
        if tag is None:
            at = _past_odd(html, found)
            continue
        at = tag.end()
        name = tag[2].lower()
        if name in _FORMATTING:
            continue
        if name in _RAW:
            at = at if tag[1] else _past_raw(html, at, name)
            continue
        if name not in _UNNESTED:
            if tag[1]:
                depth = max(0, depth - 1)
            elif depth >= DEPTH:
                continue
            else:
                depth += 1
        kept = "" if name in roots else _kept(tag)
        if name in _ROOT:
            roots.add(name)
        out.append(f"<{tag[1]}{name}{kept}>")
    return "".join(out)


def _kept(tag: re.Match[str]) -> str:
    """The attributes of a tag, of a long one the first and without their long values; none where a parser might read them otherwise."""
    if tag.re is _WHOLE:
        return tag[3]
    if _ATTRIBUTES.fullmatch(tag[3]) is None:
        return ""
    each = (found[0] for found in islice(_ATTRIBUTE.finditer(tag[3]), ATTRIBUTES))
    return " ".join(["", *(one.strip() for one in each if len(one) <= _LONG)])


def _past_odd(html: str, at: int) -> int:
    """Past a comment, a declaration or a lone `<`; what never ends is dropped to the end."""
    if html.startswith("<!--", at):
        end = html.find("-->", at + 2)
        return len(html) if end < 0 else end + 3
    if html[at + 1 : at + 2] in {"!", "?", "/"}:
        end = html.find(">", at)
        return len(html) if end < 0 else end + 1
    return at + 1


def _past_raw(html: str, at: int, name: str) -> int:
    end = re.compile(rf"</{re.escape(name)}[\s/>]", re.IGNORECASE).search(html, at)
    if end is None:
        return len(html)
    close = html.find(">", end.start())
    return len(html) if close < 0 else close + 1
