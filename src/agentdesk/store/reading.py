"""The messages of a ticket, whole: newest first underneath, oldest first to the reader."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from agentdesk.core.later import FIRST_SEEN_EDITED, VersionView
from agentdesk.core.model import THEIRS, Fold
from agentdesk.core.text import visible
from agentdesk.core.views import AttachmentView, MessageView
from agentdesk.core.vouching import OF_FORMS, Verified, verified
from agentdesk.store import amendment, failure, survey
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection

_COLUMNS = (
    "m.n, m.id, m.ticket, m.direction, m.class, m.class_reason, m.joined_by, coalesce(m.name, ''), m.address, "
    "i.channel, i.address, coalesce(m.subject, ''), m.sent_at, m.received_at, m.fetched_at, m.text, m.raw, m.folds, "
    "m.warnings, m.history, m.erased, m.state, m.error, m.headers, m.seconds, m.junk, m.account, m.hidden, m.settled, "
    "m.asks_since"
)


def messages(
    connection: Connection,
    blobs: Blobs,
    ticket: str,
    *,
    before: int | None = None,
    limit: int = 30,
    trusted: Mapping[str, str] | None = None,
    mail_id: Callable[[str], str] | None = None,
) -> list[MessageView]:
    """The newest `limit` messages of a ticket and of those merged into it (before row `before`), oldest first.

    `trusted` is by account the server whose word on senders counts. `mail_id` is the desk's seal's: by it is found what they answer."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM message m LEFT JOIN identity i ON i.id = m.author "  # noqa: S608
        "WHERE m.ticket IN (SELECT id FROM ticket WHERE root = ?) AND NOT m.hidden AND (? IS NULL OR m.n < ?) "
        "ORDER BY m.n DESC LIMIT ?",
        (ticket, before, before, limit + 1),
    ).fetchall()
    found = [_message(connection, blobs, row, trusted or {}) for row in reversed(rows[:limit])]
    if mail_id is None:
        return found
    # Not before the first paint, which shows no ticket.
    from agentdesk.store.answered import Pointing, answered

    pointing = [Pointing(row[1], row[3], row[9], row[21] is not None, *_names(row)) for row in reversed(rows)]
    answers = answered(connection, blobs, ticket, pointing, mail_id, {each.id: each.text for each in found})
    return [replace(each, answers=answers[each.id]) if each.id in answers else each for each in found]


def _names(row: Any) -> tuple[str, list[str]]:
    """What a message is called at its service, and what it answers."""
    headers = json.loads(row[23]) if row[23] else {}
    return headers.get("message_id", ""), headers.get("references", [])


def all_of(connection: Connection, blobs: Blobs, ticket: str) -> Iterator[MessageView]:
    """Every message of a ticket and of those merged into it, also those taken back, oldest first, one after another."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM message m LEFT JOIN identity i ON i.id = m.author "  # noqa: S608
        "WHERE m.ticket IN (SELECT id FROM ticket WHERE root = ?) ORDER BY m.n",
        (ticket,),
    )
    for row in rows:
        yield _message(connection, blobs, row, {})


def vouchers(connection: Connection, account: str, limit: int) -> list[tuple[str, str]]:
    """(the server that vouches or "", the sender's address) of the newest mails from outside."""
    rows = connection.execute(
        "SELECT coalesce(json_extract(headers, '$.vouched[0]'), ''), address FROM message WHERE account = ? "
        "AND direction = 'in' AND address IS NOT NULL AND NOT erased ORDER BY n DESC LIMIT ?",
        (account, limit),
    )
    return [(by, address) for by, address in rows]


def row_of(connection: Connection, message: str) -> int | None:
    row = connection.execute("SELECT n FROM message WHERE id = ?", (message,)).fetchone()
    return int(row[0]) if row else None


def raw_of(connection: Connection, message: str) -> tuple[str | None, bool] | None:
    """(content address of the raw message, erased); None where there is no such message."""
    row = connection.execute("SELECT raw, erased FROM message WHERE id = ?", (message,)).fetchone()
    return (row[0], bool(row[1])) if row else None


def _message(connection: Connection, blobs: Blobs, row: Any, trusted: Mapping[str, str]) -> MessageView:
    headers = json.loads(row[23]) if row[23] else {}
    came = "" if row[20] else blobs.text(connection, row[15])
    versions = _versions(connection, blobs, row[1], erased=bool(row[20]))
    text, first = _newest(came, versions)
    folds = _folds(row[17]) if first is None else ()
    address = row[8] or row[10] or ""
    warnings = _warnings(row[18], versions)
    said = _verified(row, headers, warnings, trusted.get(row[26], ""))
    return MessageView(
        id=row[1],
        ticket=row[2],
        direction=row[3],
        mail_class=row[4],
        class_reason=row[5],
        joined_by=row[6],
        name=row[7],
        identity=f"{row[9] or 'email'}:{address}" if address else None,
        subject=row[11],
        sent_at=row[12],
        received_at=row[13],
        fetched_at=row[14],
        text=text,
        visible=visible(text, tuple(Fold(a, b, k) for a, b, k in folds)),  # type: ignore[arg-type]
        folds=folds,
        attachments=attachments_of(connection, row[1]),
        warnings=warnings,
        history=bool(row[19]),
        erased=bool(row[20]),
        raw=row[16],
        state=row[21],
        error=row[22],
        reason=failure.reason(connection, row[1]) if row[21] in {"failed", "unknown"} else None,
        places=_places(connection, row[1]),
        versions=versions,
        reactions=_reactions(connection, row[1]),
        first=first,
        seconds=row[24],
        junk=bool(row[25]),
        verified=said,
        vouched_by=headers["vouched"][0] if said in {"pass", "fail"} else None,
        account=row[26],
        hidden=bool(row[27]),
        came=came,
        **_of_headers(headers),
        **_became(connection, row, versions),
    )


def _warnings(said: str | None, versions: tuple[VersionView, ...]) -> tuple[str, ...]:
    """Those that still hold: what a message said first may have come after its edit."""
    is_known = any(each.kind == "original" for each in versions)
    found = json.loads(said) if said else ()
    return tuple(each for each in found if not (is_known and each == FIRST_SEEN_EDITED))


def _verified(row: Any, headers: dict[str, Any], warnings: tuple[str, ...], server: str) -> Verified | None:
    """Of mail from outside; a form's server can only be vouched for, not who filled it in."""
    if row[3] not in THEIRS or (row[9] or "email") != "email" or row[20]:
        return None
    by, result = headers.get("vouched", ("", ""))
    return "none" if OF_FORMS & set(warnings) else verified(by, result, server)


def _folds(text: str | None) -> tuple[tuple[int, int, str], ...]:
    return tuple((int(a), int(b), str(k)) for a, b, k in json.loads(text or "[]"))


def _of_headers(headers: dict[str, Any]) -> dict[str, Any]:
    """To whom it went, what it is called at its service, and who wrote first what it forwards."""
    people = {field: _got(headers, field) for field in ("to", "cc", "bcc")}
    more = {"remote_id": headers.get("message_id"), "forwarded_from": headers.get("forwarded_from", "")}
    return {**people, **more}


def _got(headers: dict[str, Any], field: str) -> tuple[str, ...]:
    """The addresses of a field: to, cc or bcc."""
    return tuple(address for _, address in headers.get(field, ()))


def _versions(connection: Connection, blobs: Blobs, message: str, *, erased: bool) -> tuple[VersionView, ...]:
    rows = connection.execute(
        "SELECT kind, at, text FROM version WHERE message = ? ORDER BY number", (message,)
    )
    return tuple(
        VersionView(kind, at, None if erased or text is None else blobs.text(connection, text))
        for kind, at, text in rows
    )


def _became(connection: Connection, row: Any, versions: tuple[VersionView, ...]) -> dict[str, Any]:
    """Of a message of theirs why it needs no answer, and when it was edited after it had one, or came in after one that is later; of a survey what it was answered with; of another one of ours what was said of a
    change that is still to be made, and why the last one was not made."""
    if row[3] == "auto":
        return {"score": survey.score_of(connection, row[1])}
    if row[3] != "out" or not versions:
        reworded_at = (
            row[29] if any(each.kind == "edited" and each.at == row[29] for each in versions) else None
        )
        crossed = (
            row[29] and reworded_at is None and row[29] <= row[14]
        )  # what was put together asks from then on, later
        return {"settled": row[28], "reworded_at": reworded_at, "crossed_at": row[14] if crossed else None}
    unchanged = (failure.unchanged(connection, row[1]) or "") if versions[-1].is_refused else None
    return {"asking": amendment.said_of(connection, row[1]), "unchanged": unchanged}


def _newest(text: str, versions: tuple[VersionView, ...]) -> tuple[str, str | None]:
    """What a message says now, and what it said first where that is something else."""
    first = next((each.text for each in versions if each.kind == "original"), None)
    edited = [each for each in versions if each.kind == "edited" and each.text is not None]
    if not edited:
        return text, first
    newest = max(reversed(edited), key=lambda each: each.at)  # of two at one moment the later one
    return newest.text or "", text if first is None else first


def wordings(connection: Connection, blobs: Blobs, message: str, text: str) -> tuple[str, tuple[str, ...]]:
    """What a message says now whose own text is `text`, and what it has said before, the newest first."""
    versions = _versions(connection, blobs, message, erased=False)
    now, first = _newest(text, versions)
    if first is None:
        return now, ()
    said = (text, *(each.text for each in versions if each.text is not None))
    return now, tuple(each for each in dict.fromkeys(reversed(said)) if each != now)


def _reactions(connection: Connection, message: str) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(
        "SELECT coalesce(i.name, i.address, ''), r.sign FROM reaction r LEFT JOIN identity i ON i.id = r.identity "
        "WHERE r.message = ? AND r.sign IS NOT NULL ORDER BY r.identity",
        (message,),
    )
    return tuple((row[0], row[1]) for row in rows)


def attachments_of(connection: Connection, message: str) -> tuple[AttachmentView, ...]:
    """The files of a message, as they stand in it."""
    rows = connection.execute(
        "SELECT coalesce(name, ''), media_type, size, sha256, part, inline, seconds FROM attachment WHERE message = ? "
        "ORDER BY position",
        (message,),
    )
    return tuple(
        AttachmentView(name, media_type, size, sha256, part, bool(inline), seconds)
        for name, media_type, size, sha256, part, inline, seconds in rows
    )


def files_of(connection: Connection, ticket: str) -> list[tuple[str, int]]:
    """Names and sizes of the files of a ticket's messages, ours not."""
    return connection.execute(
        "SELECT coalesce(a.name, ''), a.size FROM message m JOIN attachment a ON a.message = m.id "
        "WHERE m.ticket = ? AND m.state IS NULL",
        (ticket,),
    ).fetchall()


def _places(connection: Connection, message: str) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(
        "SELECT account, folder FROM place WHERE message = ? ORDER BY account, folder, validity, uid",
        (message,),
    )
    return tuple((row[0], row[1]) for row in rows)
