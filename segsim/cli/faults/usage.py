"""What is wrong with how a command is called, told in one sentence in English and in Swedish."""

import inspect
import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Any, get_args, get_type_hints

from segsim.errors import did_you_mean
from segsim.words.text import Text


def is_usage_error(error: BaseException) -> bool:
    """Tell whether an error is about the command line; a bare command that shows its help is none.

    Told by names, since newer versions of Typer bring a Click of their own.
    """
    names = [kind.__name__ for kind in type(error).__mro__]
    return "UsageError" in names and "NoArgsIsHelpError" not in names


def find_written_language(arguments: Sequence[str]) -> str:
    """Return the language that a command line asks for, before anything else in it is understood."""
    for option, value in pairwise((*arguments, "")):
        name, equals, joined = option.partition("=")
        if name == "--language":
            return joined if equals else value
    return ""


def describe_usage_error(error: Any, arguments: Sequence[str]) -> Text:
    """Return what is wrong with a command line, and how its help is called."""
    context = getattr(error, "ctx", None)
    told = _describe(error, context, arguments)
    if context is None:
        return told
    command = re.sub(r"^\S*python\S* -m ", "", context.command_path)
    return Text(
        f"{told}; {command} --help tells more", f"{told:sv}; {command} --help --language sv visar mer"
    )


def _describe(error: Any, context: Any, arguments: Sequence[str]) -> Text:
    """Return what is wrong."""
    kinds, message = {kind.__name__ for kind in type(error).__mro__}, str(getattr(error, "message", error))
    parameter = getattr(error, "param", None)
    if "NoSuchOption" in kinds:
        written = error.option_name
        commands = getattr(getattr(context, "command", None), "commands", {})
        if after := [name for name, one in commands.items() if written in _list_options(one)]:
            return Text(
                f"{written} goes after a command, such as {after[0]} {written}",
                f"{written} står efter ett kommando, såsom {after[0]} {written}",
            )
        near = did_you_mean(written, _list_options(getattr(context, "command", None)))
        return Text(f"there is no option {written}{near}", f"det finns inget tillval {written}{near:sv}")
    if "BadOptionUsage" in kinds:
        name = error.option_name
        if "not take" in message:
            return Text(f"{name} takes no value", f"{name} har inget värde")
        return Text(f"{name} has no value after it", f"{name} saknar ett värde efter sig")
    if "MissingParameter" in kinds and parameter is not None:
        name, kind = _name_parameter(parameter), describe_kind(context, parameter)
        more = Text(f"; it is {kind}", f"; det är {kind:sv}") if kind.en else kind
        return Text(f"{name} is missing{more}", f"{name} saknas{more:sv}")
    if "BadParameter" in kinds and parameter is not None:
        return _describe_bad_value(context, parameter, arguments, message)
    if commands := getattr(getattr(context, "command", None), "commands", {}):
        written, known = next(iter(re.findall(r"'([^']*)'", message)), ""), ", ".join(commands)
        near = did_you_mean(written, commands)
        return Text(
            f'there is no command "{written}"; there are {known}{near}',
            f'det finns inget kommando "{written}"; det finns {known}{near:sv}',
        )
    if extra := re.search(r"extra argument\S* \((.*)\)", message):
        return Text(f'"{extra[1]}" is too much', f'"{extra[1]}" är för mycket')
    return Text(message.rstrip("."), f'går inte att tolka ("{message}")')


def _list_options(command: Any) -> list[str]:
    """Return the options of a command."""
    parameters = [] if command is None else command.params
    return [name for one in parameters for name in (*one.opts, *one.secondary_opts) if name.startswith("-")]


def _name_parameter(parameter: Any) -> str:
    """Return what a parameter is called on the command line."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.name).upper()


def _describe_bad_value(context: Any, parameter: Any, arguments: Sequence[str], message: str) -> Text:
    """Return what is wrong with a value: what it must be, and what was written."""
    name, kind = _name_parameter(parameter), describe_kind(context, parameter)
    if not kind.en:
        return Text(f"{name}: {message.rstrip('.')}", f'{name}: går inte att tolka ("{message}")')
    quoted = [one for one in re.findall(r"'([^']*)'", message) if one in arguments]
    written = _find_written(parameter.opts, arguments) or next(iter(quoted), None)
    near = did_you_mean(written, _list_choices(context, parameter)) if written else Text("", "")
    shown = Text("", "") if written is None else Text(f', found "{written}"', f', här står "{written}"')
    return Text(f"{name}: must be {kind}{shown}{near}", f"{name}: ska vara {kind:sv}{shown:sv}{near:sv}")


def _find_written(names: Sequence[str], arguments: Sequence[str]) -> str | None:
    """Return the last value written for an option."""
    written = None
    for option, value in pairwise((*arguments, "")):
        name, equals, joined = option.partition("=")
        if name in names and name.startswith("-"):
            written = joined if equals else value
    return written


def describe_kind(context: Any, parameter: Any) -> Text:
    """Return what a value of a parameter is, nothing if that is any text."""
    choices = _list_choices(context, parameter)
    if choices:
        return Text(f"one of {', '.join(choices)}", f"något av {', '.join(choices)}")
    kinds, info = _read_annotation(context, parameter)
    if int not in kinds:
        return Text("", "")
    least, most = getattr(info, "min", None), getattr(info, "max", None)
    if least is not None and most is not None:
        return Text(f"a whole number from {least} to {most}", f"ett heltal från {least} till {most}")
    if least is not None:
        return Text(f"a whole number, at least {least}", f"ett heltal, minst {least}")
    return Text("a whole number", "ett heltal")


def _list_choices(context: Any, parameter: Any) -> list[str]:
    """Return the words a parameter lets one choose among."""
    kinds, _ = _read_annotation(context, parameter)
    return [str(one.value) for kind in kinds if issubclass(kind, Enum) for one in kind]


def _read_annotation(context: Any, parameter: Any) -> tuple[list[type], Any]:
    """Return the types that a parameter of a command was declared with, and its declaration."""
    callback = getattr(getattr(context, "command", None), "callback", None)
    if callback is None:
        return [], None
    hint = get_type_hints(inspect.unwrap(callback), include_extras=True).get(parameter.name)
    declared = getattr(hint, "__metadata__", (None,))[0]
    return list(_list_types(hint)), declared


def _list_types(hint: Any) -> list[type]:
    """Return every class inside a type."""
    inner = [kind for part in get_args(hint) for kind in _list_types(part)]
    return [hint, *inner] if isinstance(hint, type) and not get_args(hint) else inner
