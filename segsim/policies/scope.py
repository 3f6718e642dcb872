"""Where a policy acts: areas by name, by district, or by what they are like when it begins."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from segsim.errors import ScenarioError
from segsim.policies.profile import CityProfile
from segsim.section import RefusedValueError, Section
from segsim.sweden.municipalities import find_municipality
from segsim.tables import Array, TenureName

Trait = Literal[TenureName, "foreign_background", "low_economic_standard", "employed"]


class ShareRange(Section):
    """Areas by their share of something, such as a tenure or a background."""

    of: Trait = Field(description="What the share is of: a tenure among dwellings, or people.")
    at_least: float = Field(0.0, ge=0, le=1, description="Lowest share, from 0 to 1.")
    at_most: float = Field(1.0, ge=0, le=1, description="Highest share, from 0 to 1.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_least > self.at_most:
            raise RefusedValueError(
                f"at_least {self.at_least:g} is above at_most {self.at_most:g}",
                f"at_least {self.at_least:g} är över at_most {self.at_most:g}",
            )
        return self


class Scope(Section):
    """Where a policy acts; an area belongs when it meets every condition given.

    Names and districts together are one condition: any of them will do. Conditions are judged once, on the
    city as it is when the policy begins.
    """

    all: bool = Field(False, description="The whole city.")
    municipalities: tuple[str, ...] = Field(
        (),
        description="Municipalities of a region, by name or code; weakest and strongest are then judged "
        "among their areas.",
    )
    names: tuple[str, ...] = Field((), description="Areas, or all areas of districts, by name.")
    districts: tuple[str, ...] = Field((), description="Every area of these districts.")
    types: tuple[int, ...] = Field(
        (), description="Areas of these official types, 1 (great challenges) to 5 (very good)."
    )
    share: ShareRange | None = Field(None, description="Areas whose share of something lies in a range.")
    weakest: float | None = Field(
        None,
        gt=0,
        le=1,
        description="The areas with the greatest socio-economic challenges, up to this share of residents.",
    )
    strongest: float | None = Field(
        None,
        gt=0,
        le=1,
        description="The areas with the best socio-economic conditions, up to this share of residents.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"all": True} if value == "all" else {"names": (value,)}
        return {"names": tuple(value)} if isinstance(value, tuple | list) else value

    @field_validator("municipalities", mode="before")
    @classmethod
    def _find_municipalities(cls, names: Any) -> Any:
        """Return the codes of the municipalities."""
        names = (names,) if isinstance(names, str | int) and not isinstance(names, bool) else names
        if not isinstance(names, tuple | list):
            return names
        codes = []
        for i, name in enumerate(names):
            try:
                codes.append(find_municipality(f"{name:04d}" if isinstance(name, int) else str(name)).code)
            except ScenarioError as error:
                raise RefusedValueError(f"{error}", f"{error:sv}", (i,)) from error
            if codes[-1] in codes[:-1]:
                raise RefusedValueError(
                    f'"{name}" is there twice; keep it once',
                    f'"{name}" står två gånger; behåll den en gång',
                    (i,),
                )
        return tuple(codes)

    @field_validator("types")
    @classmethod
    def _official(cls, types: tuple[int, ...]) -> tuple[int, ...]:
        if wrong := [t for t in types if t not in range(1, 6)]:
            raise RefusedValueError(
                f"there is no area type {wrong[0]}; the official types are 1, 2, 3, 4, 5",
                f"det finns ingen områdestyp {wrong[0]}; de officiella typerna är 1, 2, 3, 4, 5",
            )
        return types

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        given = any(getattr(self, name) for name in type(self).model_fields if name != "all")
        if not (given or self.all):
            raise RefusedValueError(
                "names no area; write `all` or at least one of "
                "municipalities, names, districts, types, share, weakest, strongest",
                "nämner inget område; skriv `all` eller minst en av municipalities, names, districts, "
                "types, share, weakest, strongest",
            )
        if given and self.all:
            raise RefusedValueError(
                "`all` stands beside a condition; keep one of them",
                "`all` står bredvid ett villkor; behåll en av dem",
            )
        return self

    @property
    def whole_municipalities(self) -> tuple[str, ...]:
        """The municipalities whose every area is in scope; none where other conditions are given too."""
        others = (name for name in type(self).model_fields if name != "municipalities")
        return () if any(getattr(self, name) for name in others) else self.municipalities

    def rows(self, profile: CityProfile) -> Array:
        """Return the rows of the areas in scope, ascending (int64)."""
        if self.all:
            return np.arange(len(profile.areas))
        inside = among = np.ones(len(profile.areas), np.bool_)
        if self.municipalities:
            inside = among = np.isin(profile.municipalities or [""] * among.size, self.municipalities)
        if self.names or self.districts:
            by_district = np.isin(profile.districts, (*self.names, *self.districts))
            inside = inside & (np.isin(profile.areas, self.names) | by_district)
        if self.types:
            inside = inside & np.isin(profile.types, self.types)
        if self.share is not None:
            share = profile.shares[self.share.of]
            inside = inside & (share >= self.share.at_least) & (share <= self.share.at_most)
        if self.weakest is not None:
            inside = inside & mark_among(among, profile.index, profile.residents, self.weakest)
        if self.strongest is not None:
            inside = inside & mark_among(among, -profile.index, profile.residents, self.strongest)
        return np.flatnonzero(inside)


def mark_among(among: Array, index: Array, residents: Array, share: float) -> Array:
    """Return whether each area is among those of highest index of some areas, as `mark_highest` has it."""
    chosen = np.zeros(index.size, np.bool_)
    chosen[among] = mark_highest(index[among], residents[among], share)
    return chosen


def mark_highest(index: Array, residents: Array, share: float) -> Array:
    """Return whether each area is among those of highest index that hold at most a share of residents.

    The area of highest index is always among them, so that a small share still names one area.
    """
    order = np.lexsort((np.arange(index.size), -index))
    before = np.cumsum(residents[order]) - residents[order]
    chosen = np.zeros(index.size, np.bool_)
    chosen[order[(before + residents[order] <= share * residents.sum()) | (before == 0)]] = True
    return chosen


def choose_part(areas: Sequence[int], profile: CityProfile, share: float) -> tuple[int, ...]:
    """Return a share of some areas (rows, ascending): those with the greatest challenges."""
    rows = np.array(areas, np.int64)
    first = rows[np.argsort(-profile.index[rows], kind="stable")][: round(share * rows.size)]
    return tuple(np.sort(first).tolist())
