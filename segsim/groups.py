"""The origin groups a scenario names: what they are called and what background they count as."""

from typing import Literal

import numpy as np
from pydantic import Field

from segsim.section import Section, Title
from segsim.tables import Array

Background = Literal["swedish", "foreign"]
Birthplace = Literal["sweden", "europe", "outside_europe"]


class Group(Section):
    """One origin group.

    `background` follows Statistics Sweden: foreign is born abroad, or born in Sweden with both parents
    born abroad. `born` is the birthplace of the group's members; a child born in the city to a group
    belongs to `children` (the group's own name if empty).
    """

    name: Title = Field(description="Name that scenario files call it by.")
    background: Background = Field("swedish", description="Background as Statistics Sweden has it.")
    born: Birthplace = Field("sweden", description="Where its members are born.")
    children: str = Field(
        "", description="Group that a child born in the city belongs to; the group itself if empty."
    )
    label_en: Title = Field("", description="What it is called in English; its name if empty.")
    label_sv: Title = Field("", description="What it is called in Swedish; its name if empty.")


SWEDISH_GROUPS = (
    Group(name="swedish", label_en="Swedish background", label_sv="Svensk bakgrund"),
    Group(
        name="second_generation",
        background="foreign",
        children="swedish",
        label_en="Born in Sweden, both parents born abroad",
        label_sv="Född i Sverige, båda föräldrarna födda utomlands",
    ),
    Group(
        name="europe",
        background="foreign",
        born="europe",
        children="second_generation",
        label_en="Born in the rest of Europe",
        label_sv="Född i övriga Europa",
    ),
    Group(
        name="outside_europe",
        background="foreign",
        born="outside_europe",
        children="second_generation",
        label_en="Born outside Europe",
        label_sv="Född utanför Europa",
    ),
)
"""The groups of open Swedish area statistics (region of birth crossed with background)."""


def is_foreign(groups: tuple[Group, ...]) -> Array:
    """Return, per group, whether its background is foreign (bool)."""
    return np.array([group.background == "foreign" for group in groups])


def child_groups(groups: tuple[Group, ...]) -> Array:
    """Return, per group, the group its children born in the city belong to (int8)."""
    names = [group.name for group in groups]
    return np.array([names.index(group.children or group.name) for group in groups], np.int8)
