"""The language of whoever sits at the keyboard.

Promises: `tr` and `tr_n` answer in the language that `use` chose last, and in English (the text itself) where
a catalogue has no translation or is not compiled. Refuses: guessing, formatting and reading settings; templates
are filled by the caller with `str.format`, so that a catalogue can put names in another order.
The catalogues are gettext's, because every translator's tool reads them; `hatch_build.py` compiles them.
"""

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LANGUAGES = ("es", "ca", "en")

_FOLDER = Path(__file__).parent / "locale"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_for_now: ContextVar[gettext.NullTranslations | None] = ContextVar("language", default=None)


def use(language: str) -> None:
    """Speaks `language` (es, ca, en) from now on in this process; anything else is English."""
    global _catalogue
    _catalogue = _of(language)


@contextmanager
def speaking(language: str) -> Iterator[str]:
    """Speaks another language inside, to somebody else than who sits at the keyboard; other threads and tasks go on in theirs."""
    token = _for_now.set(_of(language))
    try:
        yield language
    finally:
        _for_now.reset(token)


def tr(text: str) -> str:
    """`text` in the language in use."""
    return (_for_now.get() or _catalogue).gettext(text) if text else ""


def tr_n(singular: str, plural: str, n: int) -> str:
    """The form for `n` things, in the language in use."""
    return (_for_now.get() or _catalogue).ngettext(singular, plural, n)


def _of(language: str) -> gettext.NullTranslations:
    if language == "en" or language not in LANGUAGES:
        return gettext.NullTranslations()
    return gettext.translation("agentdesk", _FOLDER, [language], fallback=True)


def from_environment(environ: Mapping[str, str]) -> str:
    """The language the system asks for, limited to the ones there are."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := environ.get(name, ""):
            return wanted[:2].lower() if wanted[:2].lower() in LANGUAGES else "en"
    return "en"


def language_name(code: str) -> str:
    """What a language is called; a code that we do not know shows itself."""
    return {"es": tr("Spanish"), "ca": tr("Catalan"), "en": tr("English")}.get(code, code)
