"""A private Dovecot: IMAP, IMAPS, LMTP, submission, XOAUTH2 with tokens it checks itself.

Runs as root (mail belongs to the system user "mail") and without (everything belongs to whoever runs it).
"""

import base64
import grp
import os
import pwd
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import jwt
import trustme
from imapclient import IMAPClient

from servers import free_port, listens, until

PROGRAMS = ("dovecot", "doveadm")
TOKEN_KEY = "a key of thirty-two bytes or more."

_CONF = """
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp submission
ssl = yes
ssl_cert = <{d}/cert.pem
ssl_key = <{d}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0 secs
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 1000
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
postmaster_address = postmaster@shop.test
hostname = localhost
imap_capability = {capability}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {d}/oauth2.conf.ext
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {d}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {d}/users
  default_fields = uid={user} gid={group} home={d}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Spam {{
    special_use = \\Junk
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
  mailbox Archive {{
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
  client_limit = 500
  {chroot}
}}
service imap {{
  process_limit = 200
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
  {chroot}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_trusted = yes
"""
_SIEVE = """
protocol lmtp {{
  mail_plugins = sieve
}}
submission_host = 127.0.0.1:{relay}
plugin {{
  sieve_extensions = +vacation-seconds
  sieve_vacation_min_period = 0
}}
"""
SIEVE_PLUGIN = Path("/usr/lib/dovecot/modules/lib90_sieve_plugin.so")
"""What makes it filter what is delivered (Debian: dovecot-sieve)."""


def missing() -> str:
    """The programs that are not installed, "" when all are."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return ", ".join(name for name in PROGRAMS if not shutil.which(name, path=path))


class Dovecot:
    """Started from construction to `stop`; every test uses users of its own (`user`)."""

    def __init__(self, *, relay: int = 0, capability: str = "") -> None:
        """`relay`: the port submissions are passed on to. `capability`: overrides what is announced."""
        # Not below pytest's own folders: the paths of its sockets have to be short.
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port, self.tls_port, self.lmtp_port, self.submission_port = (free_port() for _ in range(4))
        self.relay = relay or free_port()
        self.ca = trustme.CA()
        self.ca_file = self.folder / "ca.pem"
        self._capability = capability
        self._conf = self.folder / "dovecot.conf"
        self._as_root = os.geteuid() == 0
        self._owner = "mail" if self._as_root else pwd.getpwuid(os.geteuid()).pw_name
        self._passwords = {f"soporte{number}@shop.test": "secreto" for number in range(1, 4000)}
        self._count = 0
        self._write()
        self.start()

    def start(self) -> None:
        # Nothing of ours is left open in the daemon: whoever waits for our output would wait for its end.
        subprocess.run(
            ["dovecot", "-c", str(self._conf)],
            check=True,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: listens(self.port) and listens(self.lmtp_port))

    def stop(self) -> None:
        pid = self.folder / "run" / "master.pid"
        if pid.exists():
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGTERM)
        until(lambda: not pid.exists() and not listens(self.port))

    def remove(self) -> None:
        """Stops it for good."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self) -> None:
        self.stop()
        self.start()

    def doveadm(self, *arguments: str) -> str:
        """What doveadm says."""
        return subprocess.run(
            ["doveadm", "-c", str(self._conf), *arguments],
            check=True,
            env=_environment(),
            capture_output=True,
            text=True,
        ).stdout

    def user(self, password: str = "secreto") -> str:
        """The address of a user nobody else has."""
        self._count += 1
        address = f"soporte{self._count}@shop.test"
        if password != "secreto":
            self._passwords[address] = password
            self._write_users()
            # Dovecot looks at the file once a second.
            until(lambda: self._knows(address, password))
        return address

    def _knows(self, user: str, password: str) -> bool:
        command = ["doveadm", "-c", str(self._conf), "auth", "test", user, password]
        return subprocess.run(command, check=False, env=_environment(), capture_output=True).returncode == 0

    def _write_users(self) -> None:
        lines = "".join(f"{who}:{{PLAIN}}{word}::::::\n" for who, word in self._passwords.items())
        (self.folder / "users").write_text(lines, encoding="utf-8")

    def client(self, user: str) -> IMAPClient:
        """A logged-in connection of the test's own, on INBOX."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.login(user, self._passwords[user])
        client.select_folder("INBOX")
        return client

    def append(
        self, user: str, raw: bytes, *, folder: str = "INBOX", at: datetime | None = None, flags=()
    ) -> None:
        """By IMAP."""
        with self.client(user) as client:
            client.append(folder, raw, flags=flags, msg_time=at)

    def filter(self, user: str, script: str) -> None:
        """What is delivered to `user` goes through this Sieve script from now on."""
        file = self.folder / "mail" / user / ".dovecot.sieve"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(script)
        self._own(file.parent)
        self._own(file)

    def deliver(self, user: str, raw: bytes, sender: str = "ana@cliente.test") -> None:
        """By LMTP, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [user], raw)

    def fill(
        self, user: str, raws: list[bytes], *, folder: str = "INBOX", at: datetime | None = None
    ) -> None:
        """By writing Maildir files: thousands a second."""
        home = self.folder / "mail" / user
        inner = home / "Maildir"
        box = inner if folder == "INBOX" else inner / f".{folder}"
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True, exist_ok=True)
        moment = at.timestamp() if at else None
        for number, raw in enumerate(raws):
            path = (
                box / "cur" / f"{1_600_000_000 + number}.M{number:06}P{os.getpid()}.{time.monotonic_ns()}:2,"
            )
            path.write_bytes(raw)
            if moment:
                os.utime(path, (moment, moment))
        if self._as_root:
            subprocess.run(["chown", "-R", f"{self._owner}:{self._owner}", str(home)], check=True)

    def new_validity(self, user: str, validity: int, folder: str = "INBOX") -> None:
        """Numbers a folder anew, as a restored or moved server does."""
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(validity), folder)

    def token(self, user: str, *, valid_for: int = 3600) -> str:
        """An access token; negative seconds make an expired one."""
        now = int(time.time())  # noqa: TID251 - the server's clock is the real one
        claims = {"email": user, "sub": user, "iat": now - 7200, "nbf": now - 7200, "exp": now + valid_for}
        return jwt.encode(claims, TOKEN_KEY, algorithm="HS256")

    def _write(self) -> None:
        d = self.folder
        for name in ("run", "state", "mail", "keys/default/HS256"):
            (d / name).mkdir(parents=True, exist_ok=True)
        for above in (d, *d.parents):
            if above.stat().st_uid == os.geteuid() and len(above.parts) > 2:
                above.chmod(above.stat().st_mode | 0o755)
        cert = self.ca.issue_cert("localhost", "127.0.0.1")
        cert.private_key_pem.write_to_path(d / "key.pem")
        for number, blob in enumerate(cert.cert_chain_pems):
            blob.write_to_path(d / "cert.pem", append=number > 0)
        self.ca.cert_pem.write_to_path(self.ca_file)
        (d / "keys/default/HS256/default").write_bytes(base64.b64encode(TOKEN_KEY.encode()))
        (d / "oauth2.conf.ext").write_text(
            "introspection_mode = local\n"
            f"local_validation_key_dict = fs:posix:prefix={d}/keys/\n"
            "username_attribute = email\n"
        )
        group = grp.getgrgid(pwd.getpwnam(self._owner).pw_gid).gr_name
        conf = (_CONF + (_SIEVE if SIEVE_PLUGIN.exists() else "")).format(
            d=d,
            user=self._owner,
            group=group,
            imap=self.port,
            imaps=self.tls_port,
            lmtp=self.lmtp_port,
            submission=self.submission_port,
            relay=self.relay,
            capability=self._capability,
            chroot="" if self._as_root else "chroot =",
        )
        if not self._as_root:
            conf += (
                f"default_internal_user = {self._owner}\ndefault_login_user = {self._owner}\n"
                f"default_internal_group = {group}\n"
            )
        self._conf.write_text(conf)
        self._write_users()
        self._own(d / "mail")

    def _own(self, path: Path) -> None:
        if self._as_root:
            shutil.chown(path, self._owner, self._owner)


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
