"""A line for each command that the test of terminal safety runs besides those that print a payload each: what is shown of a
hostile desk, and what is said of hostile words."""

from hostile_shop import EVERYTHING

TYPED = EVERYTHING.replace("\x00", "")
NOWHERE = f"/proc/{TYPED}"
"""A path at which nobody can make anything."""
EVERY_OTHER: tuple[list[str], ...] = (
    ["life", "1"], ["life", "5"], ["links", "1"], ["links", TYPED], ["closing"], ["today"], ["unanswered"],
    ["unanswered", "--prove"], ["away", "show"], ["away", "sieve"], ["away", "covered", TYPED], ["away",
    "whatsapp", "Vimet"], ["cause", "open", TYPED], ["cause", "list"], ["cause", "put", "1", TYPED], ["cause",
    "put", "2", "nope"], ["cause", "wait", TYPED], ["queue"], ["show", "1"], ["cause", "close", TYPED],
    ["cause", "list"], ["customer", "set", "c3@x.test", f"name={TYPED}"], ["customer", "set", "c3@x.test",
    f"phone={TYPED}"], ["customer", "set", "c3@x.test", f"{TYPED}=x"], ["customer", "set", "c3@x.test",
    f"company={TYPED}"], ["customer", "show", "c3@x.test"], ["customer", "note", "c3@x.test", "--text", TYPED],
    ["customer", "show", "c3@x.test"], ["customer", "mute", "c3@x.test"], ["customer", "unmute", "c3@x.test"],
    ["customer", "surveys", "c3@x.test", "off"], ["customer", "unmerge", "c1@x.test", "c2@x.test"],
    ["customer", "mute", TYPED], ["customer", "erase", TYPED, "--yes"], ["segment", "list"], ["survey", "list"],
    ["survey", "ask", "1"], ["derivation", "1"], ["derivation", "1", "--to", TYPED], ["forward", "1", "--to",
    f"{TYPED}@x.test", "--text", TYPED], ["forward", "1", "--to", "z@x.test", "--text", TYPED], ["new", "--to",
    "n@x.test", "--account", "Vimet", "--subject", TYPED, "--text", TYPED], ["new", "--to", TYPED, "--account",
    TYPED, "--subject", "x", "--text", "y"], ["incident", "1", TYPED], ["incident", "1", "product"], ["kind",
    "1", TYPED], ["language", "1", TYPED], ["priority", "1", TYPED], ["merge", "3", "4"], ["merge", "1", TYPED],
    ["move", "5", "--to", TYPED], ["move", "5", "--to", "w@x.test"], ["no-answer", "6", "--reason", TYPED],
    ["not-thanks", "7"], ["seen", "8"], ["outbox", "list"], ["outbox", "cancel", TYPED], ["outbox", "settle",
    TYPED, "sent"], ["playbook", "list"], ["playbook", "check"], ["playbook", "show", TYPED], ["playbook",
    "choose", "1", TYPED], ["playbook", "step", "1", TYPED], ["promise", "add", "1", TYPED], ["promise", "add",
    "1", "tomorrow", "9:00"], ["promise", "list"], ["promise", "kept", "1"], ["promise", "drop", "1"],
    ["quarantine", "list"], ["quarantine", "dismiss", TYPED], ["quarantine", "show", "1"], ["quick", "run",
    TYPED, "1"], ["quick", "send", "zz00", "1"], ["quick", "edit", TYPED], ["reopen", "9"], ["resolve", "9"],
    ["report", "sla"], ["report", "volume", "--tickets"], ["report", "unanswered", "--tickets"], ["report",
    "topics", "--tickets"], ["report", "staffing"], ["report", "fcr"], ["report", "csat"], ["report", "sla",
    "--by", "agent"], ["report", "sla", "--by", "agent", "--csv"], ["report", TYPED], ["rules", "list"],
    ["rules", "check"], ["rules", "on", TYPED], ["rules", "off", TYPED], ["rules", "dry-run", "--since",
    TYPED], ["rules", "dry-run"], ["rules", "fired"], ["save", "1", "--into", TYPED], ["save", "1"], ["sender",
    "forget", "2"], ["sla", "apply"], ["theme", "list"], ["theme", "use", TYPED], ["view", "list"], ["view",
    "add", TYPED], ["view", "add", "v1", "--filter", TYPED], ["view", "list"], ["view", "remove", TYPED],
    ["relay", "box", "list", TYPED], ["relay", "box", "add", TYPED], ["notify", "list"], ["notify", "switch",
    TYPED], ["amend", "1", TYPED, "--text", "x"], ["account", "add", "email", TYPED,
    "--address", TYPED], ["account", "add", "telegram", TYPED], ["account", "remove", TYPED], ["account",
    "secret", TYPED], ["account", "discover", TYPED], ["config", "path"], ["config", "schema"], ["backup",
    NOWHERE], ["lookup", "show", "1"], ["lookup", "secret", TYPED], ["kb", "search", TYPED], ["completion",
    "bash"], ["completion", TYPED], ["manual"], ["team", "status"], ["demo", "--speed", TYPED], ["rebuild"],
    ["customer", "import", NOWHERE], ["queue", "--view", TYPED], ["queue", "--sort", TYPED], ["account", "add",
    "form", TYPED, "--address", TYPED], ["account", "add", "instagram", TYPED, "--address", TYPED], ["account",
    "add", "matrix", TYPED, "--address", TYPED], ["account", "add", "messenger", TYPED, "--address", TYPED],
    ["account", "add", "other", TYPED, "--address", TYPED], ["account", "add", "phone", TYPED, "--address",
    TYPED], ["account", "add", "slack", TYPED, "--address", TYPED], ["account", "add", "sms", TYPED,
    "--address", TYPED], ["account", "add", "webchat", TYPED, "--address", TYPED], ["account", "add",
    "whatsapp", TYPED, "--address", TYPED], ["account", "add", "x", TYPED, "--address", TYPED], ["gateway",
    TYPED], ["kb", "build"], ["kb", "check"], ["kb", "check", NOWHERE], ["relay", "box", "remove", TYPED],
    ["relay", "serve", TYPED], ["team", "init"], ["team", "join", TYPED], ["team", "digest"],
)  # fmt: skip
