"""`relay serve` and `relay box`: the small server's side of webhooks. Neither needs a desk.

Promises: what was not given as an option is taken from AGENTDESK_RELAY_..., else as shipped; a token is told once, when
its box is made. Refuses: tokens as arguments, where every process can read them.
"""

import os
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from agentdesk.cli import log
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.cli.parse import decimal
from agentdesk.config import hint, make_directory
from agentdesk.core.instant import plain, stamp
from agentdesk.engine import clock
from agentdesk.errors import INTERRUPTED, N_, ExtraError, NotFoundError, UsageError
from agentdesk.i18n import tr, tr_n
from agentdesk.relay import LARGEST_BODY, Box, Limits
from agentdesk.relay.shelf import Shelf

LISTEN = "127.0.0.1:8787"
VARIABLE = "AGENTDESK_RELAY_"
MEGABYTE = 1 << 20
NAMELESS = "https://YOUR-SERVER"
_EXTRA = {"starlette", "uvicorn"}


def serve(ctx: Context, args: Namespace) -> int | None:
    try:
        from agentdesk.relay.serve import listening
        from agentdesk.relay.serve import serve as run
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise ExtraError(what="`agentdesk relay`", extra="relay") from None
    limits = limits_of(args, os.environ)
    host, port = _host_and_port(args.listen or os.environ.get(f"{VARIABLE}LISTEN") or LISTEN)
    log.aloud(debug=ctx.options.debug)
    with _opened(ctx) as shelf, listening(host, port) as line:
        host, port = line.getsockname()[:2]
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if host not in {"127.0.0.1", "::1"}:
            text = tr("Attention: {address} is not encrypted; put a proxy with TLS before it.")
            ctx.say(text.format(address=url))
        said = tr("Listening on {address}; Ctrl-C ends it.").format(address=url)
        by_hand = run(shelf, limits, line, clock.now, clock.ticks, lambda: ctx.line({"listening": url}, said))
    ctx.say(tr("Stopped."))
    return INTERRUPTED if by_hand else None


def limits_of(args: Namespace, environ: Mapping[str, str]) -> Limits:
    """What may come and stay: options first, then the environment; raises UsageError."""
    shipped = Limits()

    def chosen(name: str, fallback: float) -> float:
        given: float | None = getattr(args, name)
        word = environ.get(VARIABLE + name.upper())
        if given is not None or not word:
            return fallback if given is None else given
        try:
            return decimal(word)
        except ArgumentTypeError as error:
            raise UsageError(reason=f"{VARIABLE}{name.upper()}: {error}") from None

    def size(name: str, fallback: int) -> int:
        return int(chosen(name, fallback / MEGABYTE) * MEGABYTE)

    body = size("body", shipped.body)
    if body > LARGEST_BODY:
        raise UsageError(reason=tr("--body: at most {size} MB").format(size=LARGEST_BODY // MEGABYTE))
    return Limits(
        body=body,
        total=size("total", shipped.total),
        keep_free=size("keep_free", shipped.keep_free),
        days=chosen("days", shipped.days),
        box_rate=chosen("box_rate", shipped.box_rate),
        address_rate=chosen("address_rate", shipped.address_rate),
    )


def _host_and_port(word: str) -> tuple[str, int]:
    host, _, port = word.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise UsageError(reason=tr("{word} must be written HOST:PORT").format(word=word))
    return host.strip("[]"), int(port)


def add(ctx: Context, args: Namespace) -> None:
    with _opened(ctx) as shelf:
        try:
            box, tokens = shelf.add_box(args.name)
        except KeyError:
            raise UsageError(reason=tr("there is a box {name} already").format(name=args.name)) from None
    url = f"{(args.server or NAMELESS).rstrip('/')}{_path(box)}"
    document = {
        "name": box.name,
        "path": _path(box),
        "url": url if args.server else None,
        "verify_token": tokens.verify,
        "pull_token": tokens.pull,
    }
    rows = [
        (tr("Callback URL"), url),
        (tr("Verify token"), tokens.verify),
        (tr("Pull token"), tokens.pull),
    ]
    ctx.out(document, table([tr("BOX"), box.name], rows))
    ctx.say(
        tr(
            "The tokens are shown this once. The service gets callback URL and verify token, the account on the laptop callback URL and pull token."
        )
    )


def list_boxes(ctx: Context, _: Namespace) -> None:
    with _opened(ctx) as shelf:
        found = [(box, shelf.content(box)) for box in shelf.boxes()]
    document = [
        {
            "name": box.name,
            "path": _path(box),
            "waiting": content.waiting,
            "aside": content.aside,
            "oldest_at": plain(stamp(content.oldest_at)) if content.oldest_at else None,
        }
        for box, content in found
    ]
    headings = [tr("NAME"), tr("PATH"), tr("WAITING"), tr("SET ASIDE"), tr("OLDEST")]
    ctx.out(document, table(headings, [tuple(row.values()) for row in document]))


def remove(ctx: Context, args: Namespace) -> None:
    with _opened(ctx) as shelf:
        box = _known(shelf, args.name)
        waiting = shelf.content(box).waiting
        if waiting and not args.yes:
            text = tr_n(
                "{count} message in {name} was not fetched yet; add --yes to delete it too",
                "{count} messages in {name} were not fetched yet; add --yes to delete them too",
                waiting,
            )
            raise UsageError(reason=text.format(count=waiting, name=box.name))
        shelf.remove_box(box)
    text = tr("{name} was removed; what is sent to its address is refused from now on.")
    ctx.out({"name": box.name, "removed": True, "deleted": waiting}, text.format(name=box.name))


def _known(shelf: Shelf, name: str) -> Box:
    boxes = {box.name: box for box in shelf.boxes()}
    if name not in boxes:
        raise NotFoundError(what=N_("box"), name=f"{name}{hint(name, list(boxes))}")
    return boxes[name]


def _path(box: Box) -> str:
    return f"/in/{box.key}"


@contextmanager
def _opened(ctx: Context) -> Iterator[Shelf]:
    make_directory(ctx.home.data)
    with closing(Shelf(ctx.home.data / "relay.db")) as shelf:
        yield shelf
