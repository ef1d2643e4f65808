"""Hostile HTML made harmless before it is parsed.

Promises: what comes out nests at most 200 deep, has no scripts, styles, comments or formatting elements, and costs
linear time; the HTML standard's rules for open elements take quadratic time and memory on made-up input.
Refuses: judging what is shown. Only pages with very many tags come here; the rest go to the parser as they are.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DEPTH = 200
TAGS_TRUSTED = 4000
_DATA_URI = re.compile(r"data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%\s]{400,}")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")
# Formatting is not drawn, but its elements are reopened in every paragraph if they are left open.
_FORMATTING = _words("b big code em font i nobr s small strike strong tt u")
_RAW = _words("script style textarea title xmp iframe noembed noframes noscript plaintext svg math template")
_UNNESTED = _words(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th tbody thead tfoot a "
    "html head body"
)


def tamed(html: str) -> str:
    """`html` as it is if it has few tags, else rewritten: shallow, plain, every tag's quotes balanced."""
    if len(html) > 100_000 and "data:" in html:
        html = _DATA_URI.sub("data:,", html)
    if html.count("<") <= TAGS_TRUSTED:
        return html
    out: list[str] = []
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
        tag = _TAG.match(html, found)
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
        odd = tag[3].count('"') % 2 or tag[3].count("'") % 2 or "<" in tag[3]
        out.append(f"<{tag[1]}{name}>" if odd else tag[0])
    return "".join(out)


def _past_odd(html: str, at: int) -> int:
    """Past a comment, a declaration or a lone `<`; what never ends is dropped to the end."""
    if html.startswith("<!--", at):
        end = html.find("-->", at + 4)
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
