"""What people call the values of a search's operators: a word goes before a spelling, which finds `last` for `late`.

Refuses: understanding them; they are offered where a value is not known.
"""

from collections.abc import Mapping

_SPOKEN = {
    word: code
    for code, words in {
        "es": "sp spa spanish espanol espanyol castellano castella",
        "ca": "cat catalan catala",
        "en": "eng english ingles angles",
    }.items()
    for word in words.split()
}
_STATES = {
    word: state
    for state, words in {
        "unread": "new nuevo nou noleido nollegit",
        "overdue": "late breached missed tarde atrasado vencido tard endarrerit vencut",
        "mine": "me my mio mia meu meva",
        "unassigned": "nobody free nadie libre ningu lliure",
        "snoozed": "asleep sleeping later pospuesto aplazado posposat ajornat",
        "draft": "drafts begun borrador esborrany",
        "muted": "silenced silenciado silenciat",
        "unhappy": "angry bad enfadado enfadat descontento descontent",
        "first": "newcomer primero primera primer",
        "last": "ultimo ultima ultim",
    }.items()
    for word in words.split()
}
MEANINGS: Mapping[str, Mapping[str, str]] = {"lang": _SPOKEN, "is": _STATES}
"""By operator; words without accents, in small letters."""
