"""A policy of one's own held to what every policy of segsim says of itself."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from segsim.errors import SegsimError
from segsim.own import OwnPart
from segsim.policies.evidence import Decider, Evidence, Grade
from segsim.policies.policy import Policy, Reach
from segsim.words.text import Text


def load_policy(part: OwnPart, taken: Mapping[str, type[Policy]]) -> type[Policy]:
    """Return the class of an own policy.

    Parameters
    ----------
    part : OwnPart
    taken : mapping
        The policies there are, by kind.

    Raises
    ------
    SegsimError
        If it is no policy, or leaves out what every policy says of itself; everything at once.
    """
    lever = part.load()
    if lever in _SOUND:
        return _SOUND[lever]
    name = part.path.partition(":")[2]
    if not (isinstance(lever, type) and issubclass(lever, Policy)):
        raise SegsimError(
            f"{name}: is no policy; let the class inherit from segsim.policies.Policy",
            f"{name}: är ingen åtgärd; låt klassen ärva från segsim.policies.Policy",
        )
    if lever.KIND in taken:
        raise SegsimError(
            f"{name}: segsim has a policy {lever.KIND} already; give the class another name",
            f"{name}: segsim har redan en åtgärd {lever.KIND}; ge klassen ett annat namn",
        )
    flaws = list(find_flaws(lever))
    if flaws:
        raise SegsimError(
            "\n".join(f"{name}: {flaw}" for flaw in flaws), "\n".join(f"{name}: {flaw:sv}" for flaw in flaws)
        )
    _SOUND[lever] = lever
    return lever


_SOUND: dict[type[Policy], type[Policy]] = {}
"""The classes that have been looked through."""


def find_flaws(lever: type[Policy]) -> Iterator[Text]:
    """Yield what a class lacks of what every policy says of itself."""
    for name in ("TITLE", "MECHANISM"):
        if not is_told(getattr(lever, name, None)):
            yield Text(
                f'{name} must be a Text in English and Swedish, Text("...", "...")',
                f'{name} ska vara en Text på engelska och svenska, Text("...", "...")',
            )
    evidence = getattr(lever, "EVIDENCE", None)
    if not isinstance(evidence, Evidence) or not is_told(evidence.effect):
        yield Text(
            'EVIDENCE must say what is known, Evidence(Text("...", "..."), "own", ())',
            'EVIDENCE ska säga vad som är känt, Evidence(Text("...", "..."), "own", ())',
        )
    elif evidence.grade not in get_args(Grade):
        known = ", ".join(get_args(Grade))
        yield Text(
            f'the grade of EVIDENCE is "{evidence.grade}"; it must be one of {known}',
            f'graden i EVIDENCE är "{evidence.grade}"; den ska vara en av {known}',
        )
    if getattr(lever, "DECIDED_BY", None) not in get_args(Decider):
        known = ", ".join(get_args(Decider))
        yield Text(f"DECIDED_BY must be one of {known}", f"DECIDED_BY ska vara en av {known}")
    if lever.REACHES is not None and lever.REACHES not in get_args(Reach):
        known = ", ".join(get_args(Reach))
        yield Text(f"REACHES must be None or one of {known}", f"REACHES ska vara None eller en av {known}")
    for name in lever.model_fields:
        if name not in {*Policy.model_fields, "kind"} and not is_told(lever.meaning(name)):
            yield Text(
                f'the setting {name} must say what it means, setting("...", "...", default)',
                f'inställningen {name} ska säga vad den betyder, setting("...", "...", standardvärde)',
            )
    for name in ("NEUTRAL", "EXAMPLE"):
        yield from find_wrong_settings(lever, name, getattr(lever, name, None))


def find_wrong_settings(lever: type[Policy], name: str, settings: Any) -> Iterator[Text]:
    """Yield what is wrong of the settings with which a policy does nothing, or is an example."""
    told = {
        "NEUTRAL": Text("with which it changes nothing", "med vilka den inte ändrar något"),
        "EXAMPLE": Text("with which it changes a town", "med vilka den ändrar en stad"),
    }[name]
    if not isinstance(settings, dict) or not settings:
        yield Text(f"{name} must be the settings {told}", f"{name} ska vara inställningarna {told:sv}")
        return
    try:
        lever.model_validate(settings)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        yield Text(f"{name}: {where}: {first['msg']}", f"{name}: {where}: {first['msg']}")


def is_told(text: Any) -> bool:
    """Tell whether something is said in both languages."""
    return isinstance(text, Text) and bool(str(text).strip()) and bool(f"{text:sv}".strip())
