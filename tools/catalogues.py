#!/usr/bin/env python3
"""Brings the catalogues up to the source: `make catalogues`.

Promises: every text given to `tr`, `tr_n` or `N_` under src/ stands in each catalogue, sorted; what was translated
stays translated, what is used no more is dropped; the compiled files are written too. Refuses: translating.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "agentdesk"
LANGUAGES = ("es", "ca")
MARKS = {"tr": 1, "N_": 1, "tr_n": 2}

# Header lines that would change with every run, or say nothing.
_STAMPS = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)

Text = str | tuple[str, str]


def texts(source: Path = SOURCE) -> dict[Text, list[str]]:
    """Each text (or pair of singular and plural) with the files that use it."""
    found: dict[Text, list[str]] = {}
    for file in sorted(source.rglob("*.py")):
        for text in _marked(ast.parse(file.read_text("utf-8"))):
            places = found.setdefault(text, [])
            name = file.relative_to(source.parent).as_posix()
            if name not in places:
                places.append(name)
    return found


def _marked(tree: ast.AST) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = node.args[: MARKS.get(name, 0)]
        words = [
            each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if words and len(words) == MARKS[name]:
            yield words[0] if len(words) == 1 else (words[0], words[1])


def catalogue_file(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "agentdesk.po"


def update(language: str) -> list[Text]:
    """Writes both files of `language`; returns the texts that nobody has translated."""
    file = catalogue_file(language)
    old = Catalog(locale=language)
    if file.exists():
        with file.open("rb") as said:
            old = read_po(said, locale=language)
    new = Catalog(locale=language, project="agentdesk", fuzzy=False, header_comment="# The console's words.")
    missing: list[Text] = []
    plurals = {each.id[0]: each for each in old if isinstance(each.id, tuple)}
    for text, places in texts().items():
        singular = text if isinstance(text, str) else text[0]
        before = plurals.get(singular) if isinstance(text, tuple) else old.get(singular)
        string = before.string if before is not None and not before.fuzzy else ""
        if not string or (isinstance(text, tuple) and not all(string)):
            missing.append(text)
        new.add(text, string, locations=[(place, None) for place in places])
    file.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, new, sort_output=True, width=110, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    file.write_bytes(b"".join(line for line in lines if not line.startswith(_STAMPS)))
    with file.with_suffix(".mo").open("wb") as out:
        write_mo(out, new)
    return missing


def main() -> int:
    left = {language: update(language) for language in LANGUAGES}
    for language, missing in left.items():
        for text in missing:
            sys.stderr.write(f"{catalogue_file(language)}: not translated: {text!r}\n")
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
