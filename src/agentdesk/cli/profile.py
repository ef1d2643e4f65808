"""`customer set`, `note`, `mute`: what the shop itself says of a customer."""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.customer import shown
from agentdesk.cli.desk import looking
from agentdesk.cli.given import gives_text, text_of
from agentdesk.core.keeping import Mute, NoteCustomer, SetProfile
from agentdesk.errors import UsageError
from agentdesk.i18n import tr


def set_fields(ctx: Context, args: Namespace) -> None:
    """Prints the customer as it is afterwards."""
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        event = desk.do(SetProfile(customer, tuple(args.fields)))
        shown(ctx, desk, customer, event.id)


def note(ctx: Context, args: Namespace) -> None:
    if args.remove is not None and (args.instead or gives_text(args)):
        raise UsageError(reason=tr("either a text or --remove"))
    text = "" if args.remove is not None else text_of(args)
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        event = desk.do(NoteCustomer(customer, text, args.remove or args.instead))
        shown(ctx, desk, customer, event.id)


def mute(ctx: Context, args: Namespace) -> None:
    _muted(ctx, args, muted=True)


def unmute(ctx: Context, args: Namespace) -> None:
    _muted(ctx, args, muted=False)


def _muted(ctx: Context, args: Namespace, *, muted: bool) -> None:
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        event = desk.do(Mute(customer, muted))
        shown(ctx, desk, customer, event.id)
