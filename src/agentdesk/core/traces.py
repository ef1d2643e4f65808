"""The words that tell a person, found wherever they stand whole: "Ana" is not in "Banana", and no address in a longer one."""

import re
from collections.abc import Iterable
from typing import Any

GONE = ""


class Traces:
    def __init__(self, words: Iterable[str]) -> None:
        each = sorted({re.escape(word.casefold()) for word in words if word}, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![\w.+-])(?:{'|'.join(each)})(?![\w-])") if each else None

    def are_in(self, text: str) -> bool:
        return self._pattern is not None and self._pattern.search(text.casefold()) is not None

    def without(self, value: Any) -> Any:
        """`value` (as JSON has it) with every text that holds one of them emptied."""
        if isinstance(value, str):
            return GONE if self.are_in(value) else value
        if isinstance(value, list):
            return [self.without(each) for each in value]
        if isinstance(value, dict):
            return {key: self.without(each) for key, each in value.items()}
        return value
