"""Errors raised on purpose, each with what happened and what to do next.

An error carries an id (`code`), values and an exit status; its texts are English templates that
`present.problem` translates and fills. They are caught in three places only: a screen's flow, the
sync loop and the command line's `main`. A value never holds a secret.
"""

from typing import Any, ClassVar

INTERRUPTED = 130
"""The exit status after Ctrl-C."""
SOME_FAILED = 4
"""The exit status where some of it could not be done."""


def N_(text: str) -> str:  # noqa: N802 - the name every catalogue tool knows
    """Marks `text` for the catalogues where it is written and leaves the translating to `present`."""
    return text


class DeskError(Exception):
    """The root. `values` fill `title`, `detail` and `remedy`."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1
    title: ClassVar[str] = N_("Something went wrong")
    detail: ClassVar[str] = "{reason}"
    remedy: ClassVar[str] = N_("Run the command again with --debug and look into the log.")

    def __init__(self, **values: Any) -> None:
        self.values: dict[str, Any] = {"reason": "", **values}
        super().__init__(f"{self.code}: {self.values}")


class UsageError(DeskError):
    """The words of a command are off. Values: reason, and `verb`, the command with a space behind it where it is known."""

    code = "usage"
    exit_status = 2
    title = N_("That command cannot be understood")
    remedy = N_("See `agentdesk {verb}--help`.")

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"verb": "", **values})


class NotAvailableError(DeskError):
    """The contract names it, this version has not built it. Values: what."""

    code = "not_available"
    exit_status = 2
    title = N_("Not available yet")
    detail = N_("{what} is not available yet in this version.")
    remedy = N_("See CHANGELOG.md for what this version can do.")


class NotFoundError(DeskError):
    """A named thing is not there. Values: what, name."""

    code = "not_found"
    exit_status = 3
    title = N_("Not found")
    detail = N_("There is no {what} {name}.")
    remedy = N_("Check the name; the list commands show what there is.")


class NoDeskError(NotFoundError):
    """There is neither a configuration nor a store where somebody wants to look at one. Values: name."""

    detail = N_("There is no desk in {name}.")
    remedy = N_("See that --home and AGENTDESK_HOME say where yours is; `agentdesk` alone begins a new one.")


class RefusedError(DeskError):
    """The law refuses a command now. Values: reason."""

    code = "refused"
    title = N_("That cannot be done now")
    remedy = N_("Look at the ticket again: it may have changed.")


class CustomerRefusedError(RefusedError):
    """The same of what the shop says of a customer. Values: reason."""

    remedy = N_("See what is known of them: `agentdesk customer show`.")


class AwayRefusedError(RefusedError):
    """The same of what is said while the shop is closed. Values: reason."""

    remedy = N_(
        "Say when you are open, or correct the text: `agentdesk sla check` and `agentdesk quick check` find mistakes."
    )


class BusyError(DeskError):
    """Another process holds what is needed. Values: what, holder."""

    code = "busy"
    exit_status = 5
    title = N_("Another agentdesk is at work")
    detail = N_("{what} is held by {holder}.")
    remedy = N_("Wait until it ends, or close it.")


class ConfigError(DeskError):
    """Configuration that cannot be used. Values: file, key, reason, nearest."""

    code = "config"
    exit_status = 2
    title = N_("The configuration cannot be used")
    detail = N_("{file}: {key}: {reason}")
    remedy = N_("Correct the file; `agentdesk config validate` checks it.")


class ConfigLineError(ConfigError):
    """The same where the line is known. Values: file, line, key, reason, nearest."""

    detail = N_("{file}:{line}: {key}: {reason}")


class ConfigMistakesError(ConfigError):
    """Several of them, all said at once. Values: file, mistakes (a line each), problems (the same as a document has them)."""

    detail = N_("{mistakes}")


class NoCalendarError(ConfigError):
    """The calendar that config.toml names is not there. Values: file, key, reason, nearest."""

    remedy = N_("Write the file, or name another one: calendar under [desk] in config.toml.")


class TimeFileError(ConfigError):
    """A line of sla.toml or of a calendar that cannot be used. Values: file, line, key, reason, nearest."""

    detail = N_("{file}:{line}: {key}: {reason}")
    remedy = N_("Correct the line; `agentdesk sla check` checks it.")


class StoreError(DeskError):
    """The store cannot be opened, read or written. Values: path, reason."""

    code = "store"
    title = N_("The store cannot be used")
    detail = N_("{path}: {reason}")
    remedy = N_("Run `agentdesk doctor`.")


class DiskError(StoreError):
    """No room, or no permission to write. Values: path, reason."""

    code = "disk"
    title = N_("The disk could not be written to")
    remedy = N_(
        "Free some space or correct the permissions; no message was lost: none is confirmed before it is stored."
    )


class UnreadableError(DiskError):
    """A file is there and cannot be read. Values: path, reason."""

    title = N_("A file could not be read")
    remedy = N_("See that it is there whole and that you may read it. Nothing was changed.")


class FullDiskError(DiskError):
    """The same where it is known that there is no room. Values: path, reason."""

    title = N_("The disk is full")
    remedy = N_("Free some space; no message was lost: none is confirmed before it is stored.")


class NewerStoreError(StoreError):
    """Written by a newer agentdesk. Values: path, reason."""

    code = "newer_store"
    title = N_("This store was written by a newer agentdesk")
    remedy = N_("Install the newer version; nothing was changed.")


class DamagedStoreError(StoreError):
    """SQLite cannot make sense of the store's bytes. Values: path, reason."""

    code = "damaged_store"
    title = N_("The store is damaged")
    remedy = N_("Put a backup in its place: agentdesk restore FILE --yes. What is here is kept beside.")


class RepairableStoreError(DamagedStoreError):
    """The same where a good backup is at hand. Values: path, reason, backup."""

    remedy = N_(
        "The last good backup is {backup}. To keep the damaged files and go on with it: agentdesk doctor --repair"
    )


class ExtraError(DeskError):
    """A part that is installed apart is not there. Values: what, extra."""

    code = "extra"
    exit_status = 2
    title = N_("A part of agentdesk is not installed")
    detail = N_("{what} needs what agentdesk alone does not bring.")
    remedy = N_("Install it: pip install 'agentdesk-console[{extra}]'")


class AddressError(DeskError):
    """Nothing can listen there. Values: address, reason."""

    code = "address"
    title = N_("Nothing can listen on that address")
    detail = N_("{address}: {reason}")
    remedy = N_("Stop what listens there already, or give another address with --listen.")


class ChannelError(DeskError):
    """A service did not do what was asked. Values: account, server, reason (the server's own words)."""

    code = "channel"
    title = N_("The server did not do what was asked")
    detail = N_("{server}: {reason}")
    remedy = N_("It is tried again by itself; `agentdesk account check {account}` shows more.")

    @property
    def is_no(self) -> bool:
        """The server said no to this one thing; the other kinds are about the connection."""
        return type(self) is ChannelError


class UnreachableError(ChannelError):
    """No connection. Values: account, server, reason."""

    code = "unreachable"
    title = N_("The server cannot be reached")
    remedy = N_("Check the network and the host name; it is tried again by itself.")


class LoginError(ChannelError):
    """The server refuses who we are. Values: account, server, reason."""

    code = "login"
    title = N_("The server refused the login")
    remedy = N_(
        "The password or token of {account} is wrong or has expired. `agentdesk account secret {account}` asks for the right "
        "one, tries it and keeps it; what waits goes at once then."
    )


class SendingLoginError(LoginError):
    """The server refuses who we are when something is sent. Values: account, reason."""

    code = "login_sending"
    title = N_("The service refuses our login when something is sent")
    detail = N_("The service says: {reason}")
    remedy = N_(
        "The password or token of {account} is wrong or has expired. `agentdesk account secret {account}` asks for the right "
        "one, tries it and keeps it; what waits goes at once then."
    )


class CertificateError(ChannelError):
    """The certificate is not to be trusted. Values: account, server, reason."""

    code = "certificate"
    title = N_("The server's certificate cannot be trusted")
    remedy = N_("Ask whoever runs the server; for a private certificate authority give --ca-file.")


class CertificateNameError(CertificateError):
    """It is made out to other names. Values: account, server, reason."""

    detail = N_("The certificate is made out to another name. {server}: {reason}")
    remedy = N_("Use the server's name as your provider's help page has it.")


class CertificateIssuerError(CertificateError):
    """Nobody whom this machine trusts vouches for it. Values: account, server, reason."""

    detail = N_("Nobody whom this machine trusts vouches for the certificate. {server}: {reason}")
    remedy = N_(
        "If it is the server's own: --ca-file FILE, or ca_file in config.toml. A foreign network or a virus scanner can be behind it too."
    )


class CertificateTimeError(CertificateError):
    """It has expired, or is not valid yet. Values: account, server, reason."""

    detail = N_("The certificate has expired or is not valid yet. {server}: {reason}")
    remedy = N_("See that this machine's date is right; otherwise tell whoever runs the server.")


class NoFolderError(ChannelError):
    """A folder that config.toml names is not on the server. Values: account, server, folders, there (the folders that there are)."""

    code = "no_folder"
    title = N_("A folder that is to be read is not on the server")
    detail = N_("{folders} is not there; these folders are: {there}")
    remedy = N_("Correct folders of {account} in config.toml.")


class SignatureError(ChannelError):
    """Webhooks whose signature is wrong or missing. Values: account, server, reason."""

    code = "signature"
    title = N_("Messages came in that the service has not signed")
    remedy = N_(
        "None of them was accepted. Compare the app secret of {account} with the service's; they come again once it is right."
    )


class RelayFullError(ChannelError):
    """A relay that takes in nothing more. Values: account, server, reason."""

    code = "relay_full"
    title = N_("The relay takes in nothing more")
    remedy = N_(
        "Make room on the relay's server soon: services call again for some days only. `agentdesk relay box list` there says what lies in it."
    )


class InsecureError(ChannelError):
    """The server offers no encryption. Values: account, server, reason."""

    code = "insecure"
    title = N_("The server offers no encryption")
    remedy = N_("Use imaps:// or smtps://; imap+insecure:// sends the password in the clear.")


class NoReplyError(ChannelError):
    """The address tells people not to answer. Values: account, server, address."""

    code = "no_reply"
    title = N_("Customers cannot answer this address")
    detail = N_("{address} says that nobody reads it.")
    remedy = N_("Use an address whose answers arrive in this mailbox, such as hello@ or support@.")


class NoServersError(DeskError):
    """Nobody knows the mail servers of an address, or none of them answers. Values: domain, reason."""

    code = "no_servers"
    exit_status = 3
    title = N_("No mail servers were found")
    detail = N_("{domain}: {reason}")
    remedy = N_("Check the address, or ask your provider for the servers and give --imap and --smtp.")


class UnprovenError(DeskError):
    """Servers that only DNS or an unencrypted file named, with nobody there to look at them. Values: servers."""

    code = "unproven"
    exit_status = 2
    title = N_("A person has to look at these servers first")
    detail = N_("{servers}: named in a way that can be changed on its way here.")
    remedy = N_("If they are your provider's, give them with --imap and --smtp.")


class NoPasswordError(DeskError):
    """Servers that let nobody in by a password, or nobody by a token. Values: servers, reason."""

    code = "no_password"
    exit_status = 2
    title = N_("The servers do not accept this kind of login")
    detail = N_("{servers}: {reason}")
    remedy = N_("docs/first-mailbox.md says which logins there are.")


class NewLoginError(LoginError):
    """The login of a new account, or with a new secret, was refused. Values: account, server, reason."""

    remedy = N_("Nothing was written. Check the user name and the password, and try again.")


class NewAccountError(ChannelError):
    """A new account, or a new secret, was tried and does not work. Values: account, server, reason."""

    code = "not_added"
    title = N_("The server cannot be used")
    remedy = N_("Nothing was written. Try again later; --unchecked keeps it all the same.")


class LookupFailedError(DeskError):
    """The shop's own program or service did not say what was asked. Values: name, failure (unreachable, unreadable), reason."""

    code = "lookup"
    title = N_("The shop's own data cannot be fetched")
    detail = N_("{name}: {reason}")
    remedy = N_("See what is wrong: `agentdesk lookup check`.")


class SecretError(DeskError):
    """A secret cannot be read or kept. Values: account, reason."""

    code = "secret"
    exit_status = 2
    title = N_("The password cannot be read or kept")
    detail = N_("{account}: {reason}")
    remedy = N_("Choose --secret-command, --secret-env or --secret-file.")
