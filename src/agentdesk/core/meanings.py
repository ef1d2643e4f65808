"""What people call a search's operators and their values: a word goes before a spelling, which finds `last` for `late`.

Refuses: understanding them; they are offered where a value is not known.
"""

from collections.abc import Mapping


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    """What each of the words behind a name means, which is that name."""
    return {word: name for name, words in table.items() for word in words.split()}


NAMES: Mapping[str, str] = _by_word(
    {
        "from": "author sender by de remitente remitent",
        "to": "cc bcc recipient para per destinatario destinatari",
        "subject": "title asunto assumpte",
        "channel": "canal via",
        "account": "mailbox cuenta compte in",
        "status": "state estado estat",
        "assignee": "assigned agent agente asignado assignat",
        "tag": "label etiqueta",
        "kind": "type tipo tipus",
        "lang": "language idioma llengua",
        "has": "con amb tiene",
        "file": "filename attachment archivo fichero fitxer adjunto",
        "before": "until older antes abans",
        "after": "since newer date desde despues despres",
        "customer": "client cliente",
        "cause": "causa",
        "incident": "incidencia",
    }
)
_SPOKEN = _by_word(
    {
        "es": "sp spa spanish espanol espanyol castellano castella",
        "ca": "cat catalan catala",
        "en": "eng english ingles angles",
    }
)
_STATES = _by_word(
    {
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
    }
)
MEANINGS: Mapping[str, Mapping[str, str]] = {"lang": _SPOKEN, "is": _STATES}
"""By operator; words without accents, in small letters."""
