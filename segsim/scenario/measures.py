"""What a run measures: a choice among the measures of the catalogue, and places to follow."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, field_validator

from segsim.catalogue import GROUPINGS, MEASURES, split_grouping
from segsim.errors import did_you_mean
from segsim.national import INDEX_MEAN_2022, INDEX_SD_2022
from segsim.policies import Policy, Scope, unique_names
from segsim.section import RefusedValueError, Section, Title

Level = Literal["municipality", "district", "area", "cell", "school", "neighbourhood"]


OwnMeasureName = Annotated[str, Field(pattern=r"^[\w.]+$", max_length=200)]
"""What a file calls a measure of one's own."""


class FollowedPlace(Section):
    """A place whose people are followed wherever they go."""

    model_config = ConfigDict(populate_by_name=True)

    name: Title = Field(min_length=1, description="What the place is called in tables.")
    areas: Scope
    since: int | None = Field(
        None, alias="from", description="Year at whose end people are counted in; without it the start."
    )


class NationalIndex(Section):
    """The socio-economic index of the nation's RegSO in one year."""

    year: int = Field(description="Year it holds for.")
    mean: float = Field(ge=0, le=100, description="Mean over RegSO, each counting once, %.")
    sd: float = Field(gt=0, le=100, description="SD over RegSO, points.")


class MeasureChoice(Section):
    """What to measure every year; an empty list means all there are."""

    names: tuple[str, ...] = Field(
        (), description="Measures to keep; empty keeps all (see segsim list measures)."
    )
    groupings: tuple[str, ...] = Field(
        (),
        description="Groupings to keep (background, origin, education, income, tenure, or a crossing such as "
        "background*education); empty keeps all but the crossings. One named here is given for every "
        "district and school too, as background always is.",
    )
    levels: tuple[Level, ...] = Field(
        (),
        description="Systems of units to keep; empty keeps all. Indices over single cells are made only "
        "when cell is named, because they are large by construction.",
    )
    profiles_every: int = Field(
        10,
        ge=0,
        description="Years between the costlier measures (k nearest persons, spatial indices, exact income "
        "segregation); the start year always has them unless 0, which leaves them out.",
    )
    index_mean: float = Field(
        INDEX_MEAN_2022,
        ge=0,
        le=100,
        description="Mean of the socio-economic index over the nation's RegSO in the base year 2022, % (A).",
    )
    index_sd: float = Field(
        INDEX_SD_2022,
        gt=0,
        le=100,
        description="SD of the index over the nation's RegSO in the base year 2022, points (A).",
    )
    annual_national: tuple[NationalIndex, ...] = Field(
        (),
        description="The nation's index by year, when there are national data: area types then follow the "
        "latest year given; otherwise mean and SD are held fixed.",
    )
    follow: tuple[FollowedPlace, ...] = Field(
        (), description="Places whose people are followed wherever they go."
    )
    own: tuple[OwnMeasureName, ...] = Field(
        (),
        description="Measures and indices of one's own, by module and name, such as my_measures.lone_parents "
        "(docs/extending.md); they are kept whatever names are.",
    )

    @field_validator("names")
    @classmethod
    def _check_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in MEASURES:
                near = did_you_mean(name, MEASURES)
                raise RefusedValueError(
                    f'there is no measure "{name}"; see segsim list measures{near}',
                    f'det finns inget mått "{name}"; se segsim list measures{near:sv}',
                )
        return names

    @field_validator("groupings")
    @classmethod
    def _check_groupings(cls, groupings: tuple[str, ...]) -> tuple[str, ...]:
        for grouping in groupings:
            parts = split_grouping(grouping)
            for part in parts:
                if part not in GROUPINGS:
                    near, known = did_you_mean(part, GROUPINGS), ", ".join(GROUPINGS)
                    raise RefusedValueError(
                        f'there is no grouping "{part}"; there are {known}{near}',
                        f'det finns ingen indelning "{part}"; det finns {known}{near:sv}',
                    )
            if len(parts) > 2 or len(set(parts)) < len(parts):
                raise RefusedValueError(
                    f'"{grouping}" must cross two different groupings',
                    f'"{grouping}" ska korsa två olika indelningar',
                )
        return groupings

    def reference(self, year: int) -> tuple[float, float]:
        """Return the mean and SD that area types of a year are measured against."""
        known = [national for national in self.annual_national if national.year <= year]
        if not known:
            return self.index_mean, self.index_sd
        latest = max(known, key=lambda national: national.year)
        return latest.mean, latest.sd


def policy_places(policies: Sequence[Policy], start: int) -> list[tuple[FollowedPlace, list[Policy]]]:
    """Return the places of policies, so that whoever lives there when a policy begins is followed.

    A policy for the whole city has no place. Policies with the same areas and year share one, which has the
    name of the first of them, numbered where places of several scenarios would be called the same.
    """
    shared: dict[tuple[str, int], list[Policy]] = {}
    for policy in policies:
        since = start if policy.since is None else max(start, policy.since - 1)
        if not policy.areas.all:
            shared.setdefault((policy.areas.model_dump_json(), since), []).append(policy)
    names = unique_names([first.name for first, *_ in shared.values()])
    return [
        (FollowedPlace.model_validate({"name": name, "areas": of[0].areas, "from": since}), of)
        for name, ((_, since), of) in zip(names, shared.items(), strict=True)
    ]
