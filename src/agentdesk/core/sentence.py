"""A text of ours sentence by sentence, without what it quotes: for whoever asks what we say in it.

Promises: linear in the text; a sentence is one line and at most `MOST` characters long, so that patterns over it are quick; its
question mark stays. A line that was broken because it was long goes on in the next. Refuses: grammar.
"""

import re
from collections.abc import Iterator

MOST = 400
_BROKEN = 60
"""From so many characters on a line may have been broken by a program, where the next begins small."""
_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+(?=[^a-zà-ÿ])|\s*[;\n]\s*")


def sentences(text: str) -> Iterator[str]:
    """Each sentence of what is not quoted, in order."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.lstrip().startswith((">", "|")):
            continue
        if lines and len(lines[-1]) >= _BROKEN and line[:1].islower():
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    for sentence in _END.split("\n".join(lines)):
        if said := " ".join(sentence.split()):
            yield said[:MOST]
