"""Claim files: a sentence people say, the scenarios it is about, and what in the runs would make it true."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator, model_validator

from segsim.policies.evidence import Decider
from segsim.scenario.reading import Document
from segsim.scenario.schema import Scenario
from segsim.section import RefusedValueError, Section, Title
from segsim.words.text import Language

Expectation = Literal["rises", "falls", "moves", "stays", "does_not_rise", "does_not_fall", "shown"]
"""What a test expects of its quantity, by the smallest effect of interest; `shown` decides nothing."""

Needs = Literal["all", "any"]


def _name_scenario(item: Any) -> Any:
    """Turn the bare name of a scenario into a mapping."""
    return {"scenario": item} if isinstance(item, str) else item


class Variant(Section):
    """A scenario as a claim uses it: as it stands, or with a part of its policies."""

    scenario: str = Field(min_length=1, description="A scenario, by name or path.")
    only: tuple[str, ...] = Field((), description="Keep these of its policies, by kind or name.")
    without: tuple[str, ...] = Field((), description="Leave these of its policies out.")
    decided_by: Decider | None = Field(
        None, description="Keep the policies that this body decides, within today's law."
    )
    label_en: Title = Field("", description="What to call it; the scenario's own title unless given.")
    label_sv: Title = Field("", description="The same in Swedish.")

    @property
    def is_part(self) -> bool:
        """Whether some of the scenario's policies are left out."""
        return bool(self.only or self.without or self.decided_by)


class ClaimTest(Section):
    """One thing that must hold, or may, for a claim to be true.

    The quantity is a sum of differences from the baseline, seed by seed, each times its weight; without a
    contrast it is how much the baseline itself has changed since the start.
    """

    title_en: Title = Field(min_length=1, description="What is looked at, in a few words.")
    title_sv: Title = Field(min_length=1, description="The same in Swedish.")
    measure: str = Field(
        min_length=1,
        description="Such as D/background/area; of a place, people/employed.",
    )
    place: str = Field(
        "", description="The scenario whose areas are followed, for the measures of people and place."
    )
    contrast: dict[str, float] = Field(
        {}, description="Weights of the scenarios, such as {together: 1, schools: -1}."
    )
    years: tuple[int, int] | None = Field(
        None,
        description="Years after the start to average over, first and last if run; empty means the last.",
    )
    per_msek: float | None = Field(
        None, gt=0, description="Divide by what the scenario has cost; the unit is so many million SEK."
    )
    expect: Expectation
    by: float | None = Field(
        None,
        gt=0,
        description="Smallest effect of interest in the measure's unit (of a share .01 is 1 %).",
    )

    @field_validator("contrast")
    @classmethod
    def _weigh_something(cls, contrast: dict[str, float]) -> dict[str, float]:
        if idle := [name for name, weight in contrast.items() if weight == 0]:
            raise RefusedValueError(
                f'"{idle[0]}" has weight 0 and decides nothing; remove it, or give a weight',
                f'"{idle[0]}" har vikten 0 och avgör inget; ta bort den, eller ge den en vikt',
            )
        return contrast

    @field_validator("years")
    @classmethod
    def _in_order(cls, years: tuple[int, int] | None) -> tuple[int, int] | None:
        if years is not None and not 0 <= years[0] <= years[1]:
            raise RefusedValueError(
                f"{years[0]} to {years[1]} are no years after the start; write first and last",
                f"{years[0]} till {years[1]} är inga år efter starten; skriv första och sista",
            )
        return years

    @model_validator(mode="after")
    def _can_decide(self) -> Self:
        if self.expect != "shown" and self.by is None:
            raise RefusedValueError(
                "says no smallest effect of interest; give `by`, such as 0.01, or `expect: shown` if it is "
                "only shown",
                "säger ingen minsta effekt av intresse; ange `by`, såsom 0.01, eller `expect: shown` om den "
                "bara visas",
            )
        if self.expect == "shown" and self.by is not None:
            raise RefusedValueError(
                "`by` stands beside `expect: shown`, which decides nothing; remove one of them",
                "`by` står bredvid `expect: shown`, som inte avgör något; ta bort en av dem",
            )
        if self.per_msek is not None and not self.contrast:
            raise RefusedValueError(
                "per_msek: the baseline costs nothing; give a contrast of scenarios",
                "per_msek: utgångsläget kostar inget; ange en skillnad mellan scenarier",
            )
        return self

    def title(self, language: Language) -> str:
        """Return what is looked at in a language."""
        return self.title_sv if language == "sv" else self.title_en


class Claim(Section):
    """A claim and how it is answered: yes if all tests hold (or any, if so said), no if that is ruled out."""

    name: str = Field(min_length=1, description="Name of the file without its ending.")
    claim_en: str = Field(min_length=1, description="The claim, as a sentence.")
    claim_sv: str = Field(min_length=1, description="The same in Swedish.")
    source_en: str = Field("", description="Who says so, and what is known from elsewhere.")
    source_sv: str = Field("", description="The same in Swedish.")
    rests_on_en: str = Field(min_length=1, description="What in the model the answer rests on.")
    rests_on_sv: str = Field(min_length=1, description="The same in Swedish.")
    needs: Needs = Field("all", description="Whether all tests must hold, or any one of them.")
    scenarios: dict[str, Annotated[Variant, BeforeValidator(_name_scenario)]] = Field(
        {}, description="What the tests compare, each under a name of the claim's own."
    )
    tests: tuple[ClaimTest, ...] = Field(description="What decides.")

    _scenarios: dict[str, Scenario] = PrivateAttr(default_factory=dict)
    _document: Document | None = PrivateAttr(None)

    @field_validator("tests")
    @classmethod
    def _decide_something(cls, tests: tuple[ClaimTest, ...]) -> tuple[ClaimTest, ...]:
        if all(test.expect == "shown" for test in tests):
            if not tests:
                raise RefusedValueError(
                    "there is no test; write at least one, with an `expect`",
                    "det finns inget test; skriv minst ett, med `expect`",
                )
            raise RefusedValueError(
                "no test decides anything; give one an `expect` other than shown",
                "inget test avgör något; ge ett av dem en `expect` som inte är shown",
            )
        return tests

    @property
    def deciding(self) -> tuple[ClaimTest, ...]:
        """The tests that decide."""
        return tuple(test for test in self.tests if test.expect != "shown")

    @property
    def alternatives(self) -> dict[str, Scenario]:
        """The scenarios by the names the claim has for them, laid over the city the claim is put to."""
        return self._scenarios

    def text(self, field: str, language: Language) -> str:
        """Return one of the texts, such as "rests_on", in a language."""
        text: str = getattr(self, f"{field}_{language}")
        return text

    def where(self, *keys: str | int) -> str:
        """Return `file:line` of a value of the file."""
        return str(self._document.origin(keys)) if self._document else self.name
