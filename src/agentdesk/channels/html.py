"""HTML mail as plain text that can be read, quoted, folded and searched.

Promises: nothing is ever fetched, real addresses of links are in sight, quotations come out as lines with `> ` so
that folding knows them, hidden parts are left out unless nothing else is there; time is linear and depth bounded.
Refuses: colours, sizes, scripts, remote pictures. A hostile page costs a bounded amount: see `markup`.
"""

import re
from dataclasses import field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agentdesk.channels.markup import tamed
from agentdesk.values import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HTML_AT_MOST = 3_000_000
TEXT_AT_MOST = 1_000_000
BOXES_AT_MOST = 60
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
# What newsletters fill their preview line with: characters without a shape.
_FILLER = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff\uffa0]+"
)
_LONE_JOINER = re.compile("(?<=[\\s\u200c\u200d])[\u200c\u200d]|^[\u200c\u200d]|[\u200c\u200d](?=\\s|$)")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:[;!]|$)"
    r"|max-height\s*:\s*0(?:px|pt|em)?\s*(?:[;!]|$)|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size\s*:\s*(\d*\.?\d*)", re.IGNORECASE)
_DROPPED = _words(
    "head script style title template noscript object embed applet iframe frame svg math audio video canvas map select "
    "textarea input meta link base xmp -comment _comment"
)
_BLOCKS = _words(
    "p div section article header footer main aside nav center address form fieldset figure figcaption h1 h2 h3 h4 h5 h6 "
    "dl dt dd caption legend details summary pre table ul ol menu dir tbody thead tfoot"
)
_SPACED = _words("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table figure")
_SHOWN_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_POINTLESS_ALT = re.compile(
    r"(?:image|img|imagen|imatge|logo|picture|photo|foto|spacer|pixel|icon|inline image)?[\s\d._-]*"
    r"(?:\.(?:png|jpe?g|gif|webp|bmp))?",
    re.IGNORECASE,
)
_BOXES = frozenset({"blockquote", "li", "tr", "td", "th"})
_ROW_AT_MOST = 300  # characters of a row that is drawn on one line


def _filled(filler: re.Match[str]) -> str:
    """Nothing where it fills a space; within a word it hides there, and stays to be seen (`core.text`)."""
    text = filler.string
    within = (
        text[filler.start() - 1 : filler.start()].isalnum()
        and text[filler.end() : filler.end() + 1].isalnum()
    )
    return filler[0] if within else ""


@dataclass(slots=True)
class _Box:
    """What is written apart and then put into the box around it: a quote, a list item, a row, a cell."""

    kind: str
    prefix: str = ""
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    gap: bool = False
    cells: list[list[str]] = field(default_factory=list)

    def end_line(self) -> None:
        raw = "".join(self.line)
        self.line.clear()
        text = raw.strip()
        if not text:
            self.gap = self.gap or "\u00a0" in raw
            return
        self.add([text])

    def add(self, lines: list[str]) -> None:
        if lines and self.gap and self.lines:
            self.lines.append("")
        if lines:
            self.gap = False
            self.lines.extend(lines)


@dataclass(slots=True)
class _Left:
    """What has to be undone when an element ends."""

    tag: str
    boxes: int
    shrunk: bool
    link: str = ""
    line_at: int = 0
    lines_at: int = 0


class _Writer:
    """Walks a page once, without recursion, and writes what a reader would see."""

    def __init__(self, *, show_hidden: bool) -> None:
        self.show_hidden = show_hidden
        self.boxes = [_Box("page")]
        self.lists: list[int] = []  # the number of the last item, -1 in lists without numbers
        self.pre = 0
        self.shrunk = False
        self.written = 0

    def write(self, root: LexborNode) -> list[str]:
        todo: list[LexborNode | _Left] = [root]
        while todo and self.written <= TEXT_AT_MOST:
            step = todo.pop()
            if isinstance(step, _Left):
                self.leave(step)
                continue
            after = step.next
            if after is not None and len(todo) > 0:
                todo.append(after)
            left = self.enter(step)
            if left is not None:
                todo.append(left)
                child = step.child
                if child is not None:
                    todo.append(child)
        while len(self.boxes) > 1:
            self.close_box()
        self.boxes[0].end_line()
        return self.boxes[0].lines

    def enter(self, node: LexborNode) -> _Left | None:
        """Opens an element, or writes a text; None where there are no children to read."""
        tag = node.tag or ""
        if tag == "-text":
            self.write_text(node.text_content or "")
            return None
        if tag in _DROPPED:
            return None
        attributes = node.attributes
        style = (attributes.get("style") or "") if attributes else ""
        if not self.show_hidden and ("hidden" in attributes or (style and _HIDDEN.search(style))):
            return None
        box = self.boxes[-1]
        if tag == "br":
            box.gap = box.gap or not "".join(box.line).strip()
            box.end_line()
            return None
        if tag == "img":
            self.write_image(attributes)
            return None
        if tag == "hr":
            box.end_line()
            box.add(["_" * 32])
            return None
        left = _Left(tag, len(self.boxes), self.shrunk)
        if style and (size := _SIZE.search(style)):
            self.shrunk = bool(size[1]) and not size[1].strip("0.")
        if tag == "a":
            left.link = _address(attributes.get("href") or "")
            left.line_at, left.lines_at = len(box.line), len(box.lines)
        elif tag in _BLOCKS or tag in _BOXES:
            self.open_block(tag, attributes, style)
        return left

    def open_block(self, tag: str, attributes: dict[str, str | None], style: str) -> None:
        box = self.boxes[-1]
        if box.line:
            box.end_line()
        if tag in _SPACED and not (tag == "p" and "MsoNormal" in (attributes.get("class") or "")):
            box.gap = box.gap or not (self.lists and tag in {"ul", "ol"})
        if tag == "pre":
            self.pre += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else -1)
        if tag not in _BOXES or len(self.boxes) >= BOXES_AT_MOST:
            return
        prefix = ""
        if tag == "blockquote":
            prefix = "" if _indents(style, attributes) else "> "
        elif tag == "li":
            prefix = "- "
            if self.lists and self.lists[-1] >= 0:
                self.lists[-1] += 1
                prefix = f"{self.lists[-1]}. "
        self.boxes.append(_Box(tag, prefix))

    def leave(self, left: _Left) -> None:
        self.shrunk = left.shrunk
        if left.tag == "a":
            self.close_link(left)
            return
        if left.tag == "pre" and self.boxes[-1].line:
            self.end_pre_line(self.boxes[-1])
        while len(self.boxes) > left.boxes:
            self.close_box()
        if left.tag not in _BLOCKS and left.tag not in _BOXES:
            return
        box = self.boxes[-1]
        if box.line:
            box.end_line()
        box.gap = box.gap or left.tag in _SPACED
        if left.tag == "pre":
            self.pre -= 1
        elif left.tag in {"ul", "ol"}:
            self.lists.pop()
            if self.lists:
                box.gap = False

    def close_box(self) -> None:
        box = self.boxes.pop()
        outer = self.boxes[-1]
        box.end_line()
        if box.kind in {"td", "th"} and outer.kind == "tr":
            outer.cells.append(box.lines)
            return
        lines = box.lines
        if box.kind == "tr":
            lines = _row(box.cells) + lines
        elif box.kind == "blockquote" and box.prefix:
            lines = [f"> {line}".rstrip() for line in lines]
        elif box.prefix and lines:
            pad = " " * len(box.prefix)
            lines = [box.prefix + lines[0], *((pad + line).rstrip() for line in lines[1:])]
        outer.end_line()
        outer.add(lines)

    def write_text(self, text: str) -> None:
        if self.shrunk and not self.show_hidden:
            return
        box = self.boxes[-1]
        if not text.isascii():
            text = _FILLER.sub(_filled, text)
            if "\u200c" in text or "\u200d" in text:
                text = _LONE_JOINER.sub("", text)
        self.written += len(text)
        if self.pre:
            first, *rest = text.expandtabs(8).splitlines() or [""]
            box.line.append(first)
            for line in rest:
                self.end_pre_line(box)
                box.line.append(line)
            return
        if "  " in text or not text.isprintable():
            text = _SPACE.sub(" ", text)
        if text[:1] == " " and (not box.line or box.line[-1][-1:] == " "):
            text = text[1:]
        if text:
            box.line.append(text)

    @staticmethod
    def end_pre_line(box: _Box) -> None:
        text = "".join(box.line).rstrip()
        box.line.clear()
        if text:
            box.add([text])
        else:
            box.gap = True

    def write_image(self, attributes: dict[str, str | None]) -> None:
        alt = " ".join((attributes.get("alt") or "").split())
        small = {attributes.get("width"), attributes.get("height")} & {"0", "1", "1px"}
        if alt and not small and not self.shrunk and not _POINTLESS_ALT.fullmatch(alt):
            self.boxes[-1].line.append(f"[image: {alt[:200]}]")
            self.written += len(alt)

    def close_link(self, left: _Left) -> None:
        box = self.boxes[-1]
        if not left.link or self.shrunk:
            return
        same = len(box.lines) == left.lines_at and len(box.line) >= left.line_at
        text = "".join(box.line[left.line_at :] if same else box.line).strip()
        if not text:
            if same or not box.lines or len(box.lines) < left.lines_at:
                return
            text = box.lines[-1]
        if _bare(text) == _bare(left.link) or text.endswith(f"<{left.link}>"):
            return
        self.written += len(left.link)
        if box.line:
            box.line[-1] = box.line[-1].rstrip()
            box.line.append(f" <{left.link}>")
        else:
            box.lines[-1] += f" <{left.link}>"


def _row(cells: list[list[str]]) -> list[str]:
    """Short cells side by side; cells of several lines, as in tables used for layout, below one another."""
    full = [cell for cell in cells if cell]
    if len(full) > 1 and all(len(c) == 1 and c[0][:1] != ">" for c in full):
        line = " | ".join(c[0] for c in full)
        if len(line) <= _ROW_AT_MOST:
            return [line]
    return [line for cell in full for line in cell]


def _indents(style: str, attributes: dict[str, str | None]) -> bool:
    """Some programs indent with a quotation; it says so by having no border and is not marked as cited."""
    if attributes.get("type") == "cite" or "cite" in attributes or "quote" in (attributes.get("class") or ""):
        return False
    flat = style.replace(" ", "").lower()
    return "40px" in flat and ("border:none" in flat or "border:0" in flat)


def _address(href: str) -> str:
    """A link's address if it is one that may be shown, else nothing."""
    href = "".join(href.split())
    return href[:2000] if href.lower().startswith(_SHOWN_SCHEMES) else ""


def _bare(text: str) -> str:
    text = "".join(text.split()).lower().removeprefix("<").removesuffix(">")
    for scheme in ("mailto:", "tel:", "https://", "http://"):
        text = text.removeprefix(scheme)
    return text.removeprefix("www.").rstrip("/")


def text_of(html: str) -> str:
    """What a reader would see of an HTML mail, lines separated by line feeds; at most about 1 MB.

    Not yet safe for a terminal: the caller passes it through `core.text.safe`.
    """
    if len(html) > HTML_AT_MOST:
        html = html[:HTML_AT_MOST]
    parsed = LexborHTMLParser(tamed(html.replace("\x00", "")))
    root = parsed.body or parsed.root
    if root is None:
        return ""
    lines = _Writer(show_hidden=False).write(root)
    if not lines:
        lines = _Writer(show_hidden=True).write(root)
    return "\n".join(lines)[: TEXT_AT_MOST + 1]
