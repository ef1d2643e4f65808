"""`completion bash|zsh|fish`: scripts for a shell, drawn from the table of verbs.

Promises: what completes can be run. Refuses: completing names from the store; a shell must not wait for it.
"""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.parse import GLOBAL, Argument
from agentdesk.cli.verbs import VERBS


def completion(ctx: Context, args: Namespace) -> None:
    script = {"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell]()
    ctx.out({"shell": args.shell, "script": script}, script)


def _following() -> dict[str, list[str]]:
    """By the words typed so far: which words can come next."""
    found: dict[str, list[str]] = {"": []}
    for verb in VERBS:
        if not verb.run or not verb.name:
            continue
        words = verb.name.split()
        for at, word in enumerate(words):
            here = found.setdefault(" ".join(words[:at]), [])
            if word not in here:
                here.append(word)
        choices = next((each.choices for each in verb.arguments if each.choices and not each.is_option), ())
        found.setdefault(verb.name, []).extend([*choices, *_flags(verb.arguments)])
    return found


def _flags(arguments: tuple[Argument, ...]) -> list[str]:
    return [flag for each in arguments if each.is_option for flag in each.flags]


def _cases(pattern: str) -> str:
    return "\n".join(
        pattern.format(path=path, words=" ".join(words)) for path, words in _following().items() if words
    )


def _bash() -> str:
    return f"""\
# agentdesk completion for bash: source <(agentdesk completion bash)
_agentdesk() {{
  local word path="" candidate options="{" ".join(_flags(GLOBAL))}" next="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="${{COMP_WORDS[at]}}"
    case "$word" in
      --home|--as) ((at++)); continue ;;
      -*) continue ;;
    esac
    candidate="${{path:+$path }}$word"
    _agentdesk_next "$candidate" && path="$candidate"
  done
  _agentdesk_next "$path"
  COMPREPLY=($(compgen -W "$next $options" -- "${{COMP_WORDS[COMP_CWORD]}}"))
  [[ -n "${{COMPREPLY[*]}}" ]] || compopt -o default
}}
_agentdesk_next() {{
  case "$1" in
{_cases('    "{path}") next="{words}" ;;')}
    *) return 1 ;;
  esac
}}
complete -F _agentdesk agentdesk
"""


def _zsh() -> str:
    return f"""\
#compdef agentdesk
# agentdesk completion for zsh: source <(agentdesk completion zsh)
_agentdesk() {{
  local word path_so_far="" candidate next=""
  local -i at=2
  while (( at < CURRENT )); do
    word="${{words[at]}}"
    (( at++ ))
    case "$word" in
      --home|--as) (( at++ )); continue ;;
      -*) continue ;;
    esac
    candidate="${{path_so_far:+$path_so_far }}$word"
    _agentdesk_next "$candidate" && path_so_far="$candidate"
  done
  _agentdesk_next "$path_so_far"
  compadd -- ${{=next}} {" ".join(_flags(GLOBAL))} || _files
}}
_agentdesk_next() {{
  case "$1" in
{_cases('    ("{path}") next="{words}" ;;')}
    (*) return 1 ;;
  esac
}}
compdef _agentdesk agentdesk
"""


def _fish() -> str:
    return f"""\
# agentdesk completion for fish: agentdesk completion fish | source
function __agentdesk_next
  switch "$argv[1]"
{_cases('    case "{path}"' + chr(10) + '      string split " " -- "{words}"')}
    case "*"
      return 1
  end
end
function __agentdesk
  set -l path ""
  set -l skip 0
  for word in (commandline -opc)[2..]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case --home --as
        set skip 1
        continue
      case "-*"
        continue
    end
    set -l candidate (string trim -- "$path $word")
    __agentdesk_next $candidate >/dev/null; and set path $candidate
  end
  __agentdesk_next "$path"
  string split " " -- "{" ".join(_flags(GLOBAL))}"
end
complete -c agentdesk -a "(__agentdesk)"
"""
