"""Passwords and tokens: kept where the user chose, read when they are needed.

Promises: what was kept can be read back, or the error says so and which choices there are; nothing here waits
for ever (keyring 5 s, command 20 s, no question without a terminal). Refuses: plain text on the disk, and
secrets in errors, logs or reprs. `known` lists what was read, so that the log can take it out.
"""

import base64
import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from agentdesk.config import Account, SecretPlace, write_file
from agentdesk.config.model import PASSPHRASE
from agentdesk.core.text import safe
from agentdesk.errors import DiskError, SecretError
from agentdesk.i18n import tr

SERVICE = "agentdesk"
KEYRING_SECONDS = 5.0
COMMAND_SECONDS = 20.0

OURS = frozenset({"keyring", "file"})
"""Kinds of places that agentdesk writes itself."""

T = TypeVar("T")
Ask = Callable[[str], str]

_known: set[str] = set()
_passphrases: dict[str, str] = {}


def known() -> frozenset[str]:
    """Every secret this process has seen, for whoever must never write one down."""
    return frozenset(_known)


def keep(account_id: str, secret: str, how: SecretPlace, *, name: str = "", ask: Ask | None = None) -> None:
    """Puts `secret` where `how` says; what a keyring was given is read back. Raises SecretError, DiskError.

    A command and a variable keep themselves: nothing is stored for them. `name` is the account's for errors and
    questions; `ask` asks for a passphrase.
    """
    _remember(secret)
    if how.kind == "keyring":
        _bounded(name or account_id, lambda: _into_keyring(account_id, name, secret))
    elif how.kind == "file":
        passphrase = _passphrase(name or account_id, how.value, ask, again=True)
        write_file(Path(how.value), _seal(account_id, secret, passphrase))
        _passphrases[how.value] = passphrase


def read(account: Account, *, ask: Ask | None = None) -> str:
    """The secret of `account`; raises SecretError. May block (see the limits above): not on the UI thread."""
    place = account.secret
    if place.kind == "keyring":
        found = _bounded(account.name, lambda: _from_keyring(account))
    elif place.kind == "command":
        found = _from_command(account.name, place.value)
    elif place.kind == "env":
        found = os.environ.get(place.value, "")
        if not found:
            raise SecretError(
                account=account.name, reason=tr("the variable {name} is not set").format(name=place.value)
            )
    else:
        found = _from_file(account, ask)
    _remember(found)
    return found


def _remember(found: str) -> None:
    """A channel with several secrets has them in one JSON object: none of them is ever to be written down."""
    _known.add(found)
    _known.update(str(each) for each in _several(found).values() if each)


def renewed(former: str, given: str) -> str:
    """What is to be kept once `given` takes the place of `former`. Of several secrets in one JSON object only those given are
    others; a word alone is then the token."""
    before, now = _several(former), _several(given)
    if len(before) < 2 or not given:
        return given
    return json.dumps({**before, **(now or {"token": given})})


def _several(secret: str) -> dict[str, Any]:
    """The secrets of a JSON object by name; none where it is a word."""
    try:
        found = json.loads(secret) if secret.startswith("{") else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def forget(account: Account) -> None:
    """Removes what `keep` kept; one that is gone already is no error. Raises SecretError, DiskError."""
    if account.secret.kind == "keyring":
        _bounded(account.name, lambda: _out_of_keyring(account.id))
    elif account.secret.kind == "file":
        try:
            Path(account.secret.value).unlink(missing_ok=True)
        except OSError as error:
            raise DiskError(path=account.secret.value, reason=error.strerror or error) from error


def ask_terminal(question: str) -> str:
    """Asks without echo; raises SecretError where nobody is there to answer."""
    import getpass

    if not (sys.stderr and sys.stderr.isatty() and _has_terminal()):
        raise SecretError(
            account="agentdesk",
            reason=tr("there is no terminal to ask for the passphrase; set {name}").format(name=PASSPHRASE),
        )
    return getpass.getpass(safe(question))


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _bounded(account: str, work: Callable[[], T]) -> T:
    """`work` in a thread of its own: a locked or dead keyring waits for ever."""
    answers: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread
            answers.put((None, error))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        answer, error = answers.get(timeout=KEYRING_SECONDS)
    except queue.Empty:
        reason = tr("the keyring did not answer in {seconds} s; it may be locked")
        raise SecretError(account=account, reason=reason.format(seconds=int(KEYRING_SECONDS))) from None
    if error is None:
        return answer  # type: ignore[return-value]  # with no error it is what work returned
    if isinstance(error, SecretError):
        raise error
    kind = type(error).__name__
    missing = kind == "NoKeyringError"
    reason = (
        tr("this system has no keyring") if missing else tr("the keyring refused ({kind})").format(kind=kind)
    )
    raise SecretError(account=account, reason=reason) from None


def _into_keyring(account_id: str, name: str, secret: str) -> None:
    import keyring

    backend = keyring.get_keyring()
    first: Any = next(iter(getattr(backend, "backends", [])), backend)
    if "plaintext" in type(first).__name__.lower():
        raise SecretError(
            account=name or account_id, reason=tr("the keyring of this system writes plain text")
        )
    backend.set_password(SERVICE, account_id, secret)
    if backend.get_password(SERVICE, account_id) != secret:
        raise SecretError(account=name or account_id, reason=tr("the keyring of this system keeps nothing"))


def _from_keyring(account: Account) -> str:
    import keyring

    found = keyring.get_password(SERVICE, account.id)
    if not found:
        raise SecretError(account=account.name, reason=tr("the keyring has no password for it"))
    return found


def _out_of_keyring(account_id: str) -> None:
    import keyring
    from keyring.errors import PasswordDeleteError

    try:
        keyring.delete_password(SERVICE, account_id)
    except PasswordDeleteError:
        return


def _from_command(account: str, command: str) -> str:
    """The first line that `command` prints. Errors name the program alone: the rest may be secret."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise SecretError(account=account, reason=tr("the command cannot be understood"))
    program = Path(words[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603 - it is the user's own command, run without a shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        reason = tr("{program} cannot be run: {reason}").format(program=program, reason=error.strerror)
        raise SecretError(account=account, reason=reason) from None
    try:
        said, _ = process.communicate(timeout=COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        reason = tr("{program} did not end in {seconds} s")
        raise SecretError(
            account=account, reason=reason.format(program=program, seconds=int(COMMAND_SECONDS))
        ) from None
    finally:
        if process.poll() is None:
            _end(process)
    if process.returncode:
        reason = tr("{program} ended with status {status}; run the command by hand to see why")
        raise SecretError(account=account, reason=reason.format(program=program, status=process.returncode))
    secret = said.partition(b"\n")[0].rstrip(b"\r").decode(errors="replace")
    if not secret:
        raise SecretError(account=account, reason=tr("{program} printed nothing").format(program=program))
    return secret


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the command with whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _passphrase(account: str, path: str, ask: Ask | None, *, again: bool = False) -> str:
    """From the variable, from before, or from the person at the terminal; twice where it is new."""
    if given := os.environ.get(PASSPHRASE) or _passphrases.get(path):
        _known.add(given)
        return given
    asking = ask or ask_terminal
    try:
        given = asking(tr("Passphrase for {account}: ").format(account=account))
        repeated = asking(tr("The same passphrase again: ")) if again else given
    except (EOFError, OSError):
        given = repeated = ""
    if not given or given != repeated:
        raise SecretError(account=account, reason=tr("no passphrase was given, or the two did not match"))
    _known.add(given)
    return given


def _from_file(account: Account, ask: Ask | None) -> str:
    path = Path(account.secret.value)
    try:
        sealed = path.read_bytes()
    except OSError as error:
        reason = tr("{path} cannot be read: {reason}").format(path=path, reason=error.strerror)
        raise SecretError(account=account.name, reason=reason) from None
    passphrase = _passphrase(account.name, str(path), ask)
    secret = _unseal(account, sealed, passphrase)
    _passphrases[str(path)] = passphrase
    return secret


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(passphrase.encode())


def _seal(account_id: str, secret: str, passphrase: str) -> bytes:
    """scrypt (2^16, 8, 1: 64 MiB) and AES-256-GCM, bound to the account's id."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce, cost = os.urandom(16), os.urandom(12), 16
    sealed = AESGCM(_key(passphrase, salt, cost)).encrypt(nonce, secret.encode(), account_id.encode())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    written = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return json.dumps({"agentdesk_secret": 1, "scrypt": cost, **written}, indent=1).encode() + b"\n"


def _unseal(account: Account, content: bytes, passphrase: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    damaged = SecretError(account=account.name, reason=tr("the encrypted file is damaged"))
    try:
        parts = json.loads(content)
        cost = parts["scrypt"]
        salt, nonce, sealed = (base64.b64decode(parts[name]) for name in ("salt", "nonce", "sealed"))
        if parts["agentdesk_secret"] != 1 or not 10 <= cost <= 20:
            raise damaged
        key = _key(passphrase, salt, cost)
        return AESGCM(key).decrypt(nonce, sealed, account.id.encode()).decode()
    except InvalidTag:
        _passphrases.pop(account.secret.value, None)
        reason = tr("the passphrase is wrong, or the encrypted file is another account's")
        raise SecretError(account=account.name, reason=reason) from None
    except (ValueError, KeyError, TypeError):
        raise damaged from None
