"""What forgetting a person would take and what would stay, in words: shared by the command line and the console's dialog.

Promises: what agentdesk cannot delete is said as plainly as what it can. Refuses: names of people; the title has one.
"""

from collections.abc import Iterable

from agentdesk import present
from agentdesk.config import Account, Settings
from agentdesk.core.staying import Extent, Staying
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr, tr_n

_GMAIL = ("imap.gmail.com", "imap.googlemail.com")


def here(gone: Extent) -> str:
    """What goes, counted."""
    text = tr(
        "tickets: {tickets}, messages: {messages}, attachments: {files}; notes among them: {notes}; notes about the customer: {about}; drafts: {drafts}"
    )
    return text.format(
        tickets=gone.tickets,
        messages=gone.messages,
        files=gone.attachments,
        notes=gone.notes,
        about=gone.about,
        drafts=gone.drafts,
    )


def elsewhere(staying: Staying, settings: Settings, *, mailbox: bool = False) -> list[str]:
    """What stays with the providers, a line each; with `mailbox` as it will be once they have deleted what they can."""
    lines = [] if mailbox else list(_folders(staying, settings))
    for chat in staying.chats:
        text = tr_n(
            "{service} ({account}): {count} message stays with the service; agentdesk cannot delete there",
            "{service} ({account}): {count} messages stay with the service; agentdesk cannot delete there",
            chat.messages,
        )
        name = account_name(settings, chat.account)
        lines.append(text.format(service=present.channel(chat.channel), account=name, count=chat.messages))
    shared = sum(each.mails - each.deletable for each in staying.folders)
    if shared:
        text = tr_n(
            "{count} of these mails is shared with others or written by them: it is never deleted at the provider",
            "{count} of these mails are shared with others or written by them: they are never deleted at the provider",
            shared,
        )
        lines.append(text.format(count=shared))
    if staying.named:
        text = tr_n(
            "{count} mail of others names this person and stays as it was written",
            "{count} mails of others name this person and stay as they were written",
            staying.named,
        )
        lines.append(text.format(count=staying.named))
    return lines


def by_hand() -> str:
    """What nobody but the shop can find."""
    return tr("backups and exports that you made yourself still hold the customer: delete them yourself")


def at_gmail(staying: Staying, settings: Settings) -> list[str]:
    """What is different there."""
    text = tr("{account}: Gmail deletes by way of its bin; what breaks off in between is gone after 30 days")
    return [
        text.format(account=safe_line(each.name))
        for each in settings.accounts
        if _is_gmail(each) and any(folder.account == each.id for folder in staying.folders)
    ]


def account_name(settings: Settings, account: str) -> str:
    found = settings.account(account)
    return safe_line(found.name if found else account)


def folders(counted: Iterable[tuple[str, int]]) -> str:
    """`INBOX 12, Sent 9`."""
    return ", ".join(f"{safe_line(folder)} {count}" for folder, count in counted)


def _folders(staying: Staying, settings: Settings) -> Iterable[str]:
    for account in dict.fromkeys(each.account for each in staying.folders):
        there = [each for each in staying.folders if each.account == account]
        text = tr("mails at {account}: {folders}; {count} of them can be deleted there")
        yield text.format(
            account=account_name(settings, account),
            folders=folders((each.folder, each.mails) for each in there),
            count=sum(each.deletable for each in there),
        )


def _is_gmail(account: Account) -> bool:
    return account.imap is not None and account.imap.host.lower() in _GMAIL
