"""The two dialogs of a new mailbox: its servers are looked for, and one form with what was found, the password, and the login.

Promises: keys are never blocked, whatever a server does; what was typed stays until the login worked or the form is left, and a
password stands nowhere but in its field. Refuses: writing anything.
"""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from agentdesk import config, present, setups
from agentdesk.core.setup import Discovery, Setup, Source, domain_of, typed
from agentdesk.core.text import safe_line
from agentdesk.engine import mailbox
from agentdesk.engine.aside import aside
from agentdesk.errors import CertificateError, DeskError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Kept, line
from agentdesk.screens.front import Front
from agentdesk.values import dataclass
from agentdesk.widgets.typed import Line

DRAWN_EVERY = 0.1


class Searching(ModalScreen[Discovery | None]):
    """Who is asked and what became of it, while it goes on; answers with what was found."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._states: dict[Source, str] = {}
        self._rows = Static("")

    def compose(self) -> ComposeResult:
        title = tr("Looking for the mail servers of {domain} ...")
        with Vertical(classes="dialog"):
            yield Static(Content(title.format(domain=domain_of(self._address))), classes="title")
            yield self._rows
            yield Static(Content(tr("Only the domain is told to others.   [Esc] back")), classes="hint")

    def on_mount(self) -> None:
        self._draw()
        self.set_interval(DRAWN_EVERY, self._draw)
        self.run_worker(self._search())

    def _draw(self) -> None:
        width = max(len(setups.source(each)) for each in Source)
        rows = (
            f"{setups.source(each):<{width}}  {setups.state(self._states.get(each, 'asking'))}"
            for each in Source
        )
        self._rows.update(Content("\n".join(rows)))

    async def _search(self) -> None:
        self.dismiss(await aside(lambda: mailbox.find(self._address, self._states.__setitem__)))

    def action_leave(self) -> None:
        self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Tried:
    """A mailbox whose login works: what `config` writes of it, the password, and by days how many people wait."""

    fields: dict[str, object]
    word: str
    waiting: Mapping[int, int]


class Letterbox(Kept, ModalScreen[Tried | None]):
    """The form. `setup` is what was found, None where `found` has nothing that lets in. Left with Esc, it keeps all but the
    password."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+j,ctrl+enter", "try", show=False, priority=True),
    ]

    def __init__(self, home: Front, address: str, found: Discovery, setup: Setup | None) -> None:
        super().__init__()
        self.topic = f"mailbox {address}"
        self._home = home
        self._address = address
        known = config.former_id(home.place, home.settings, "email", address)
        self._account_id = known or config.new_id()
        self._about = _about(address, found, setup)
        first, user = setup or next(iter(found.setups), None), quote(address, safe="")
        imap = config.url_of(first.imap.place, "imap") if first else f"imaps://{user}@"
        smtp = config.url_of(first.smtp.place, "smtp") if first else f"smtps://{user}@"
        self._imap, self._smtp = (
            Line(imap, select_on_focus=False, id="imap"),
            Line(smtp, select_on_focus=False, id="smtp"),
        )
        self._word = Line(password=True, id="word")
        self._called = Line(_short(home, address), id="name")
        self._shop = Line(home.settings.desk.shop, id="shop")
        self._below = Static("", classes="hint")
        self._trying = False
        self._known = setup is not None

    @property
    def typed(self) -> str:
        return "\n".join(each.value for each in (self._imap, self._smtp, self._called, self._shop))

    def resume(self, words: str) -> None:
        self._imap.value, self._smtp.value, self._called.value, self._shop.value = words.split("\n")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide form"):
            yield Static(Content(self._address), classes="title")
            if self._about:
                yield Static(Content(self._about), classes="about")
            yield line(tr("mail is read at"), self._imap)
            yield line(tr("mail is sent by"), self._smtp)
            label = tr("password; what the mailbox is called here; what customers call the shop")
            yield line(label, self._word, self._called, self._shop)
            yield self._below

    def on_mount(self) -> None:
        self._say(
            tr("[Ctrl+j] log in   [Tab] next field   [Esc] back; nothing is written before the login works")
        )
        self.set_focus(self._word if self._known else self._imap)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input in {self._word, self._called, self._shop}:
            self.action_try()
        else:
            self.focus_next()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_try(self) -> None:
        """Once what was typed before has reached its field."""
        if not self._trying:
            self.call_later(self._try)

    def _try(self) -> None:
        if not self._word.value:
            self._say(tr("The password is missing."), bad=True)
            self.set_focus(self._word)
            return
        fields: dict[str, object] = {
            "id": self._account_id,
            "name": self._called.value.strip(),
            "channel": "email",
            "address": self._address,
            "imap": config.with_scheme(self._imap.value, "imap"),
            "smtp": config.with_scheme(self._smtp.value, "smtp"),
            "shop": self._shop.value.strip() or None,
            "secret": "keyring",
        }
        try:
            account = config.check_account(self._home.settings, self._home.place, fields)
        except DeskError as error:
            self._say(str(error.values.get("reason") or present.problem(error).detail), bad=True)
            return
        self._trying = True
        self._say(tr("Logging in ..."))
        word = typed(self._word.value, account.imap.host if account.imap else "")
        self.run_worker(self._log_in(account, fields, word))

    async def _log_in(self, account: config.Account, fields: dict[str, object], word: str) -> None:
        place, now = self._home.place, self._home.desk.now()

        def work() -> Mapping[int, int]:
            mailbox.attempt(place, account, word)
            return mailbox.waiting(place, account, word, now)

        try:
            self.dismiss(Tried(fields, word, await aside(work)))
        except DeskError as error:
            told = present.problem(error)
            said = f"{told.title}. {told.detail}"
            if isinstance(
                error, CertificateError
            ):  # it says itself what it is about, and there is little room
                said = f"{told.detail}. {told.remedy}"
            self._say(said, bad=True)
        finally:
            self._trying = False

    def _say(self, text: str, *, bad: bool = False) -> None:
        self._below.update(Content(f"! {safe_line(text)}" if bad else text))
        self._below.set_class(bad, "wrong")


def _about(address: str, found: Discovery, setup: Setup | None) -> str:
    """What was found by whom, and what to know before the password is typed."""
    if setup is None:
        text = tr("! No servers were found ({reason}). Type what your provider says.")
        return safe_line(text.format(reason=setups.nothing(found)))
    lines = [tr("Found by {source}.").format(source=setups.source(setup.source))]
    if not setup.vouched(domain_of(address)):
        lines = [tr("! {text} Go on only if they are your provider's.").format(text=setups.unvouched(setup))]
    lines.append(setups.beforehand(setup.provider))
    return "\n".join(each for each in lines if each)


def _short(home: Front, address: str) -> str:
    """What the mailbox is called unless somebody says otherwise."""
    short = address.partition("@")[0]
    return address if home.settings.account(short) else short
