"""Help, drawn from the table of verbs, so that it cannot say what is not there.

Promises: every verb has one line and every argument another, in the agent's language. Refuses: argparse's help.
"""

from agentdesk.cli.parse import GLOBAL, Argument, Verb, verb_of
from agentdesk.errors import UsageError
from agentdesk.i18n import tr


def help_of(words: list[str], verbs: tuple[Verb, ...]) -> str:
    """Help for the verb or noun that `words` name, for everything where they name none; raises UsageError."""
    plain = [word for word in words if not word.startswith("-")]
    if not plain:
        return _everything(verbs)
    for length in range(len(plain), 0, -1):
        name = " ".join(plain[:length])
        family = [verb for verb in verbs if verb.name.startswith(f"{name} ")]
        exact = next((verb for verb in verbs if verb.name == name), None)
        if exact is not None:
            return _one(exact)
        if family and length == len(plain):
            return "\n".join([f"agentdesk {name}", "", *_lines([(_usage(v), _summary(v)) for v in family])])
    verb_of(plain, verbs)  # knows what is wrong and what is near
    raise UsageError(reason=tr("there is no help for {words}").format(words=" ".join(plain)))


def _everything(verbs: tuple[Verb, ...]) -> str:
    text = [tr("agentdesk: a help desk that lives in the terminal"), ""]
    text += [tr("Use: agentdesk [options] [command]"), ""]
    topics = dict.fromkeys(verb.topic for verb in verbs if verb.run)
    for topic in topics:
        rows = [(_usage(verb), tr(verb.summary)) for verb in verbs if verb.topic == topic and verb.run]
        text += [tr(topic), *_lines(rows), ""]
    text += [tr("Options, before or after the command"), *_options(GLOBAL), ""]
    if missing := [verb.name for verb in verbs if not verb.run and verb.name]:
        text += [tr("Not available yet: {names}").format(names=", ".join(missing)), ""]
    text.append(tr("`agentdesk COMMAND --help` says more of a command."))
    return "\n".join(text)


def _summary(verb: Verb) -> str:
    return (
        tr(verb.summary) if verb.run else tr("{summary} (not available yet)").format(summary=tr(verb.summary))
    )


def _usage(verb: Verb) -> str:
    positionals = [each.shown for each in verb.arguments if not each.is_option]
    return " ".join([verb.name or tr("(no command)"), *positionals])


def _one(verb: Verb) -> str:
    ending = [tr("[options]")] if any(each.is_option for each in verb.arguments) else []
    text = [" ".join(["agentdesk", _usage(verb), *ending]), "", tr(verb.summary)]
    positionals = [each for each in verb.arguments if not each.is_option]
    options = [each for each in verb.arguments if each.is_option]
    if positionals:
        text += ["", tr("Arguments"), *_options(tuple(positionals))]
    if options:
        text += ["", tr("Options"), *_options(tuple(options))]
    text += ["", tr("Options, before or after the command"), *_options(GLOBAL)]
    if not verb.run:
        text += ["", tr("Not available yet in this version.")]
    return "\n".join(text)


def _options(arguments: tuple[Argument, ...]) -> list[str]:
    return _lines([(each.shown, tr(each.help)) for each in arguments])


def _lines(rows: list[tuple[str, str]]) -> list[str]:
    room = min(34, max((len(left) for left, _ in rows), default=0))
    return [f"  {left.ljust(room)}  {right}".rstrip() for left, right in rows]
