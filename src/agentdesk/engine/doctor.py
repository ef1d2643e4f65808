"""`doctor`: what can be wrong, looked at one by one; each with what helps. Nothing is changed, but for a file that is written
to see whether that can be done, and taken away."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from agentdesk import ailing, outside
from agentdesk.config import Home, Settings
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.engine import clock, former, kept, timecheck, waitcheck
from agentdesk.engine.check import Check, when
from agentdesk.engine.desk import Desk
from agentdesk.engine.forgetting import undeleted
from agentdesk.engine.repair import fault
from agentdesk.engine.seek import misread_views
from agentdesk.engine.start import open_desk, sound
from agentdesk.errors import ConfigError, DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.store import driver, queries
from agentdesk.store.wish import Undeleted

LOW = 200 << 20
"""Bytes of free disk below which a full disk is near."""
TRIAL = 1 << 16
"""Bytes that are written to see whether that can be done, and taken away."""


def checks(home: Home, settings: Settings, agent: str) -> list[Check]:
    """Everything that can be checked without a network."""
    found = [_sqlite(), _disk(home), _private(home), _backup(home, settings), *_notices(settings)]
    found += [*timecheck.hours(home, settings), *_shop(home, settings)]
    try:
        with sound(home, settings):
            if damage := fault(home, settings):
                raise damage
            with closing(open_desk(home, settings, agent)) as desk:
                found += [
                    Check("store", ok=True, detail="ok"),
                    *_store(desk),
                    *timecheck.clocks(desk, home, settings),
                    *_accounts(desk, settings),
                    *_logins(settings),
                    *waitcheck.answers(desk, settings),
                    *_deleting(desk, settings),
                    *_put_aside(desk, home),
                    *_senders(desk, settings),
                    *_views(desk, home, settings),
                    *_rules(desk, home, settings),
                ]
    except ConfigError as error:
        text = tr("not looked at: {reason}").format(reason=error.values.get("reason"))
        found.append(Check("store", ok=False, detail=text, remedy=tr(error.remedy).format(**error.values)))
    except DeskError as error:
        remedy = tr(error.remedy).format(**error.values)
        found.append(Check("store", ok=False, detail=outside.said(error.values.get("reason")), remedy=remedy))
    return found


def _sqlite() -> Check:
    text = ".".join(map(str, driver.VERSION))
    sound = driver.VERSION >= driver.SOUND
    remedy = tr("Install the pysqlite3 wheel or a newer Python: this SQLite has the WAL-reset bug.")
    return Check("sqlite", sound, text, "" if sound else remedy)


def _disk(home: Home) -> Check:
    if home.data.exists() and (fault := _unwritable(home.data)):
        remedy = tr("Free some space or correct the permissions.")
        return Check("disk", ok=False, detail=f"{home.data}: {fault}", remedy=remedy)
    free = shutil.disk_usage(home.data if home.data.exists() else home.data.parent).free
    text = tr("{size} MB free").format(size=free >> 20)
    return Check("disk", free > LOW, text, "" if free > LOW else tr("Free some space."))


def _unwritable(folder: Path) -> str:
    """Why nothing can be written there; empty where it can. A quota or a dying disk says nothing before."""
    trial = folder / f".doctor.{os.getpid()}"
    try:
        with os.fdopen(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(bytes(TRIAL))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return outside.said(error.strerror or error)
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)
    return ""


def _private(home: Home) -> Check:
    wide = [
        path
        for path in (home.key, home.store, home.config_file)
        if path.exists() and path.stat().st_mode & 0o077
    ]
    remedy = tr("Run: chmod 600 {paths}").format(paths=" ".join(map(str, wide)))
    return Check("permissions", not wide, os.pathsep.join(map(str, wide)), remedy if wide else "")


def _backup(home: Home, settings: Settings) -> Check:
    """The last good backup: how old, whether it still lies there, and what became of the last attempt."""
    note, wanted = kept.read(home.state), settings.backup
    late_at = kept.late_at(note, kept.begun(home))
    folder, reason = note.folder, tr(note.reason)
    if wanted.folder and not wanted.folder.is_dir():  # said before the first attempt, too
        folder, reason = str(wanted.folder), tr(kept.NO_FOLDER)
    elif kept.is_back(note, wanted):
        reason = ""
    if reason:
        text = tr(
            "See that {folder} is there, has room and can be written, or name another one under [backup] in {file}."
        )
        remedy = text.format(folder=folder, file=home.config_file)
        return Check("backup", ok=False, detail=f"{folder}: {reason}", remedy=remedy)
    if note.file and not kept.at_hand(home, wanted):
        text = tr("{path} is gone").format(path=note.file)
    elif late_at is None or clock.now() < moment(late_at):
        text = f"{when(moment(note.at), settings.desk.tzinfo)} {note.file}" if note.at else tr("none yet")
        if kept.is_back(note, wanted):
            again = tr("{folder} is there again: what failed is done with the next sync")
            text = f"{text}; {again.format(folder=folder)}"
        return Check("backup", ok=True, detail=text)
    else:
        text = (
            tr("the last one is of {at}").format(at=when(moment(note.at), settings.desk.tzinfo))
            if note.at
            else tr("there is none")
        )
    remedy = tr("Run: agentdesk sync --once") if wanted.daily else tr("Run: agentdesk backup FILE")
    return Check("backup", ok=False, detail=text, remedy=remedy)


def _notices(settings: Settings) -> Iterator[Check]:
    """Whether notices get out of here; said only where something keeps them back."""
    from agentdesk.engine import notify

    if settings.notify.osc and os.environ.get("TMUX") and notify.passes_tmux() is False:
        text = tr("tmux keeps the terminal's notices back: set -g allow-passthrough on")
        yield Check("notices", ok=True, detail=text)
    if settings.notify.desktop and not notify.has_desktop():
        program = notify.desktop("")[0]
        yield Check(
            "desktop",
            ok=False,
            detail=tr("{program} is not there").format(program=program),
            remedy=tr("Install it, or run: agentdesk notify switch desktop off"),
        )


def _store(desk: Desk) -> Iterator[Check]:
    connection = desk.reader()
    try:
        quarantined = queries.unreadable(connection)
        remedy = tr(
            "Look at them: agentdesk quarantine list. What needs nothing more: agentdesk quarantine dismiss ID"
        )
        yield Check("quarantine", quarantined == 0, str(quarantined), remedy if quarantined else "")
        unread = queries.intake_size(connection)
        yield Check("intake", unread == 0, str(unread), tr("Run: agentdesk sync") if unread else "")
    finally:
        connection.close()


def _accounts(desk: Desk, settings: Settings) -> Iterator[Check]:
    connection = desk.reader()
    try:
        known = queries.health(connection)
    finally:
        connection.close()
    for account in settings.accounts:
        health = known.get(account.id)
        code = health.error if health else None
        detail = ailing.trouble(code) or ailing.state(health.state if health else "never")
        if health and health.synced_at and not code:
            detail = tr("synced last: {time}").format(
                time=when(moment(health.synced_at), settings.desk.tzinfo)
            )
        missing = ailing.gap(health.gap) if health else ""
        ok = health is not None and code is None
        text = tr("Run: agentdesk account check {name}").format(name=account.name)
        remedy = "" if ok else ailing.remedy(code, account.name) or text
        yield Check(f"account {account.name}", ok, "; ".join(filter(None, (detail, missing))), remedy)


def _logins(settings: Settings) -> Iterator[Check]:
    """Grants that their place cannot keep once the provider renews them; nothing is said where there are none."""
    from agentdesk.engine import token

    for account in settings.accounts:
        if token.is_passing(account):
            remedy = tr(token.PASSING_REMEDY).format(name=account.name)
            yield Check(f"login {account.name}", ok=True, detail=tr(token.PASSING), remedy=remedy)


def _shop(home: Home, settings: Settings) -> Iterator[Check]:
    """How customers read the shop's name, where that is what an account is called here."""
    by_handle = [each for each in settings.accounts if settings.shop(each) == each.name]
    if by_handle and not settings.desk.shop:
        text = tr("customers read {name} as the shop's name: it is what the account is called here").format(
            name=by_handle[0].name
        )
        remedy = tr('If they call it something else: shop = "..." under [desk] in {file}')
        yield Check("shop", ok=True, detail=text, remedy=remedy.format(file=home.config_file))


def _deleting(desk: Desk, settings: Settings) -> Iterator[Check]:
    """Mails of people who were forgotten that still lie at their providers; nothing is said where there are none."""
    by_account: dict[str, list[Undeleted]] = {}
    for each in undeleted(desk):
        by_account.setdefault(each.account, []).append(each)
    for account, left in by_account.items():
        found = settings.account(account)
        refused = found is None or any(each.tries for each in left)
        counted = ", ".join(f"{safe_line(each.folder)} {each.mails}" for each in left)
        detail = tr("mails of people who were forgotten, still to be deleted there: {folders}")
        remedy = (
            tr(
                "The server would not; delete them in the mail program. It is tried again until they are gone."
            )
            if refused
            else tr("Run: agentdesk sync")
        )
        name = safe_line(found.name if found else account)
        yield Check(f"deleting {name}", ok=not refused, detail=detail.format(folders=counted), remedy=remedy)


def _put_aside(desk: Desk, home: Home) -> Iterator[Check]:
    """What restores put aside, where it may still hold somebody who was forgotten; nothing is said where it does not."""
    for data in former.unsure(desk, home):
        detail = tr("{path}, which a restore put aside, may still hold somebody who was forgotten")
        yield Check(
            "put aside",
            ok=False,
            detail=detail.format(path=data),
            remedy=tr("Look whether you still need it, then remove it: rm -r {path}").format(path=data),
        )


def _senders(desk: Desk, settings: Settings) -> Iterator[Check]:
    """Whose word on senders counts, and what the mails themselves suggest."""
    from agentdesk.engine.servers import seen

    for account in settings.accounts:
        if account.channel != "email":
            continue
        server = desk.trusted.get(account.id, "")
        with closing(desk.reader()) as connection:
            found = seen(connection, account.id, server)
        detail, remedy = server or tr("nobody is asked whether a sender is real"), ""
        if found.missing:
            text = tr("None of the last {n} mails bears it: see authserv_id of {name}.")
            remedy = text.format(n=found.mails, name=account.name)
        elif found.suggested and not server:
            text = tr(
                '{server} vouches for nearly all of the last {n} mails; if it is your provider: authserv_id = "{server}"'
            )
            detail = text.format(server=found.suggested, n=found.mails)
        yield Check(f"senders {account.name}", not found.missing, detail, remedy)


def _views(desk: Desk, home: Home, settings: Settings) -> Iterator[Check]:
    """Views of one's own that nobody can look at; nothing is said where all are right."""
    for name, reason in misread_views(desk, settings).items():
        remedy = tr("Correct its filter under [[views]] in {file}").format(file=home.config_file)
        yield Check(f"view {name}", ok=False, detail=reason, remedy=remedy)


def _rules(desk: Desk, home: Home, settings: Settings) -> Iterator[Check]:
    """Rules that are on and cannot be used, and what rules could not do in the last days; nothing is said where none is on."""
    from agentdesk.engine import ruling
    from agentdesk.engine.rules import load

    if not settings.rules:
        return
    loaded = load(home, settings)
    missing = [name for name in settings.rules if name not in {rule.name for rule in loaded.rules}]
    for name in missing:
        fault = next(
            (str(each) for each in loaded.problems if each.file.stem == name), tr("there is no such rule")
        )
        remedy = tr("Correct the file, or run: agentdesk rules off {name}").format(name=name)
        yield Check(f"rule {name}", ok=False, detail=fault, remedy=remedy)
    failed = sum(ruling.standing(desk).failed.values())
    if failed:
        text = tr_n("{n} thing could not be done", "{n} things could not be done", failed).format(n=failed)
        yield Check("rules", ok=False, detail=text, remedy=tr("See why: agentdesk rules fired"))
    elif not missing:
        yield Check("rules", ok=True, detail=", ".join(settings.rules))
