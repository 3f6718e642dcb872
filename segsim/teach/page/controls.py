"""The controls of the page: sliders and menus for the settings of a lesson, each with its label."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from segsim.teach.scenes.exercises import EXERCISES
from segsim.teach.scenes.settings import (
    DECISIONS,
    LIMITS,
    Choice,
    Number,
    Settings,
    parse_value,
    rebalance,
    write_value,
)
from segsim.words.words import Words

SIZES = (10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500)
"""Sides of the board that the slider offers."""

PERCENT = ("density", "wanted", "sorting", "amount")

SECTIONS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "board": (
        ("people", ("wanted", "at_all", "utility", "content", "radius")),
        ("moves", ("rule", "beta", "candidates")),
        ("board", ("start", "density", "shares", "size", "torus")),
    ),
    "schools": (
        ("schools", ("composition_weight", "schools", "home_steps")),
        ("people", ("wanted", "at_all", "utility", "content", "radius", "beta")),
        ("board", ("density", "shares", "size")),
    ),
    "admission": (("admission", ("mechanism", "list_1", "list_2", "list_3")),),
    "league": (("league", ("sorting", "impact_a", "impact_b")),),
    "city": (("city", ("stage", "own_group", "town", "map")), ("life", ("household",))),
    "policy": (("maps", ("map",)), ("life", ("household",))),
}
"""Sections of controls by scene, and the settings in each."""

Changed = Callable[..., None]
"""Called with the settings that change, by name."""


def is_shown(key: str, settings: Settings) -> bool:
    """Tell whether a setting means anything beside the others."""
    if key == "wanted":
        return settings.utility in ("threshold", "single_peaked")
    if key == "at_all":
        return settings.utility == "single_peaked"
    if key == "content":
        return settings.utility != "threshold" and settings.scene == "board"
    if key == "radius":
        return settings.scene == "board" or settings.home_steps > 0
    if key == "amount":
        return settings.decision in EXERCISES[settings.preset].scaled
    if key == "beta":
        return settings.rule == "logit"
    return True


def show_control(key: str, settings: Settings, words: Words, changed: Changed) -> None:
    """Put the control of one setting on the page."""
    if key == "size":
        show_size(settings, words, changed)
    elif key == "shares":
        show_shares(settings, words, changed)
    elif key == "torus":
        ui.switch(
            words("set.torus"),
            value=settings.torus == "yes",
            on_change=lambda e: changed(torus="yes" if e.value else "no"),
        ).classes("setting").props(f'aria-label="{words("set.torus")}" data-setting=torus')
    elif key == "stage":
        show_stages(settings, words, changed)
    elif key == "household":
        show_household(settings, words, changed)
    elif isinstance(LIMITS[key], Choice):
        show_menu(key, settings, words, changed)
    else:
        show_slider(key, settings, words, changed)


def setting_name(key: str, settings: Settings, words: Words) -> str:
    """Return what a setting is called."""
    return words(f"set.{key}.{settings.utility}" if key == "wanted" else f"set.{key}")


def write_setting(key: str, value: float, words: Words) -> str:
    """Return the value of a setting as the page writes it."""
    if key in PERCENT:
        return words.percent(value)
    limit = LIMITS[key]
    step = limit.step if isinstance(limit, Number) else 1
    number = words.number(value, 0 if step == 1 else 1 if step >= 0.1 else 2)
    unit = f"value.{key}_one" if value == 1 and words.has(f"value.{key}_one") else f"value.{key}"
    return words(unit, n=number) if words.has(unit) else number


def show_labelled_slider(
    name: str, shown: Callable[[float], str], data: str, changed: Callable[[float], None], **range_: float
) -> None:
    """Put a slider with its name and value on the page."""
    with ui.element("div").classes("setting"):
        with ui.element("div").classes("name"):
            ui.element("span").add_slot("default", f"{name}")
            value = ui.element("b")
            with value:
                text = ui.label(shown(range_["value"])).style("display: inline")

        def take_value(event: Any) -> None:
            if event.value is not None:
                told = shown(event.value)
                text.set_text(told)
                slider.props(f'aria-valuetext="{told}"')
                changed(event.value)

        slider = ui.slider(**range_, on_change=take_value)
        slider.props(f'aria-label="{name}" aria-valuetext="{text.text}" data-setting={data} color=accent')


def show_slider(key: str, settings: Settings, words: Words, changed: Changed) -> None:
    """Put the slider of a number on the page."""
    limit = LIMITS[key]
    if not isinstance(limit, Number):
        raise ValueError(f"{key} is no number")
    is_whole = limit.step == 1

    def take_value(value: float) -> None:
        changed(**{key: int(value) if is_whole else round(value, 4)})

    show_labelled_slider(
        setting_name(key, settings, words),
        lambda value: write_setting(key, value, words),
        key,
        take_value,
        min=limit.low,
        max=limit.high,
        step=limit.step,
        value=getattr(settings, key),
    )
    if words.has(f"hint.{key}"):
        ui.label(words(f"hint.{key}")).classes("small")


def show_menu(key: str, settings: Settings, words: Words, changed: Changed) -> None:
    """Put the menu of a choice on the page."""
    limit = LIMITS[key]
    if not isinstance(limit, Choice):
        raise ValueError(f"{key} is no choice among words")
    if key.startswith("list_"):
        options = {word: " – ".join(word) for word in limit.words}
    else:
        options = {word: words(f"{key}.{word}") for word in limit.words if is_offered(key, word, settings)}
    name = setting_name(key, settings, words)
    ui.select(
        options, value=getattr(settings, key), label=name, on_change=lambda e: changed(**{key: e.value})
    ).classes("setting").props(f'outlined dense options-dense aria-label="{name}" data-setting={key}')


def show_stages(settings: Settings, words: Words, changed: Changed) -> None:
    """Put the stages of the city on the page, one below the other."""
    limit = LIMITS["stage"]
    last = int(limit.high) if isinstance(limit, Number) else 0
    options = {stage: words(f"stage.{stage}") for stage in range(last + 1)}
    with ui.element("div").classes("setting"):
        ui.label(words("set.stage")).classes("small")
        ui.radio(options, value=settings.stage, on_change=lambda e: changed(stage=int(e.value))).props(
            f'aria-label="{words("set.stage")}" data-setting=stage'
        )


def show_household(settings: Settings, words: Words, changed: Changed) -> None:
    """Put the buttons that follow a household, another or none, on the page, and the room for its life."""
    is_followed = settings.household > 0
    with ui.element("div").classes("line"):
        name = words("life.another" if is_followed else "life.follow")
        ui.button(name, on_click=lambda: changed(household=settings.household * 37 % 99 + 1)).props(
            "outline no-caps data-key=follow"
        )
        if is_followed:
            ui.button(words("life.stop"), on_click=lambda: changed(household=0)).props(
                "flat no-caps data-key=follow-none"
            )
    if is_followed:
        ui.html('<div id="life" class="life" role="log"></div>', sanitize=False)
    else:
        ui.label(words("life.explain")).classes("small")


def is_offered(key: str, word: str, settings: Settings) -> bool:
    """Tell whether a choice goes with the other settings."""
    if key == "decision":
        return word in DECISIONS[settings.preset]
    if key == "candidates" and settings.rule != "threshold":
        return word in ("some", "all")
    return True


def show_size(settings: Settings, words: Words, changed: Changed) -> None:
    """Put the slider of the board's size on the page; it steps through round sizes and keeps them square."""
    nearest = min(range(len(SIZES)), key=lambda i: abs(SIZES[i] - max(settings.rows, settings.columns)))
    first = True

    def write_size(value: float) -> str:
        nonlocal first
        rows, columns = (settings.rows, settings.columns) if first else (SIZES[int(value)], SIZES[int(value)])
        first = False
        return f"{rows} × {columns}"

    show_labelled_slider(
        setting_name("size", settings, words),
        write_size,
        "size",
        lambda value: changed(rows=SIZES[int(value)], columns=SIZES[int(value)]),
        min=0,
        max=len(SIZES) - 1,
        step=1,
        value=nearest,
    )


def show_shares(settings: Settings, words: Words, changed: Changed) -> None:
    """Put the number of groups and a slider for the share of each but the last on the page."""
    shares = settings.shares
    equal = {2: (50, 50), 3: (34, 33, 33), 4: (25, 25, 25, 25)}
    ui.select(
        [2, 3, 4],
        value=len(shares),
        label=words("set.groups"),
        on_change=lambda e: changed(shares=equal[e.value]),
    ).classes("setting").props(f'outlined dense aria-label="{words("set.groups")}" data-setting=groups')
    for group in range(len(shares) if len(shares) > 2 else 1):
        show_labelled_slider(
            words("set.share", group=words(f"group.{group}")),
            lambda value: words.percent(value / 100),
            f"share_{group}",
            lambda value, group=group: changed(group=group, share=int(value)),  # type: ignore[misc]
            min=2,
            max=98,
            step=1,
            value=shares[group],
        )


def apply_changes(settings: Settings, changes: dict[str, Any]) -> Settings:
    """Return the settings after a control has changed; a share brings the other shares along.

    What no control can say, but a message can, changes nothing.
    """
    if "group" in changes:
        changes = {"shares": rebalance(settings.shares, changes["group"], changes["share"])}
    can_be = {
        key: value for key, value in changes.items() if parse_value(key, write_value(value)) is not None
    }
    return settings.with_(**can_be)
