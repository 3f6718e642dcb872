"""How households of an abstract board look for a home and decide, one at a time."""

from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.own import OwnPart
from segsim.rules.board.activation import Activation
from segsim.rules.board.market import BoardMarket
from segsim.rules.board.neighbourhood import Neighbourhood
from segsim.rules.board.tastes import MOST, Likeness
from segsim.rules.choice.own_function import OwnRule, refuse_lone_function
from segsim.rules.choice.points import WORST
from segsim.section import RefusedValueError, Section


class Candidates(Section):
    """Where a household looks."""

    squares: Literal["random_vacancies", "all_vacancies", "nearest_satisfactory", "local_jump", "swap"] = (
        Field(
            "random_vacancies",
            description="random_vacancies: `number` of them; all_vacancies; nearest_satisfactory: the "
            "vacancy that satisfies the least `distance` away, ties evenly; local_jump: "
            "random jumps up to `reach` squares long, each from where the last ended, to the first vacancy "
            "(NetLogo); swap: the homes of `number` random households of other groups, to swap with. "
            "On a line: all places between two households (all_vacancies), `number` of them, or the "
            "nearest that satisfies.",
        )
    )
    distance: Literal["steps", "king"] = Field(
        "steps",
        description="What nearest means on a board: fewest steps along rows and columns (Manhattan), or "
        "fewest moves of a chess king, who steps askew too.",
    )
    number: int = Field(1, ge=1, le=MOST, description="How many are seen.")
    distinct: bool = Field(True, description="Whether no vacancy is seen twice.")
    staying: bool = Field(
        True, description="Whether the present home is among the candidates (best response and logit)."
    )
    reach: float = Field(10.0, gt=0, le=10_000, description="Longest local jump, squares.")


class Decision(Section):
    """How a household decides."""

    kind: Literal["threshold", "best_response", "logit", "own"] = Field(
        "threshold",
        description="threshold: the unsatisfied move, as `destination` says; best_response: to the candidate "
        "of highest utility, ties evenly; logit: to a candidate with probability in proportion to "
        "exp(beta x utility); own: as the `function` says.",
    )
    function: OwnRule = Field(
        None,
        description="Of kind own: a function of the utilities of the candidates seen, the utility of staying "
        "and a draw on [0, 1), by module and name; it returns the place of one of the first, or -1 to stay.",
    )
    satisfied_at: float = Field(
        1.0, ge=-WORST, le=1000, description="Utility from which a household is satisfied."
    )
    destination: Literal["any_vacancy", "first_satisfactory", "random_satisfactory"] = Field(
        "first_satisfactory",
        description="Threshold rule: any candidate, the first seen that satisfies, or a random one of those.",
    )
    if_none: Literal["stay", "any_vacancy"] = Field(
        "stay", description="Threshold rule: what a household does that sees nothing satisfactory."
    )
    only_unsatisfied: bool = Field(
        False,
        description="Best response, logit and own: whether only the unsatisfied look (threshold: always).",
    )
    beta: float = Field(1.0, ge=0, le=1e6, description="Logit scale, 1 / utility; 0 is chance alone.")
    ties_with_home: bool = Field(
        False,
        description="Best response: whether home takes part in a tie like any candidate; if not, a household "
        "moves for a gain only.",
    )
    minimum_improvement: float = Field(
        0.0,
        ge=0,
        le=1000,
        description="Best response, logit and own: utility by which staying is better than its surroundings "
        "(the cost of moving).",
    )
    swaps_for: Literal["both", "sum"] = Field(
        "both",
        description="Best response with candidates swap: both, so that neither may lose by it; or the sum of "
        "what the two gain, as if who gains more paid the other.",
    )
    restless: float = Field(
        0.0, ge=0, le=1, description="Probability that a satisfied household moves too when its turn comes."
    )
    restless_goes: Literal["anywhere", "as_others"] = Field(
        "anywhere",
        description="Where it then goes: to a random one of the vacancies seen, or to the one the rule "
        "names.",
    )
    altruism: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Logit and best response: weight of the change in everybody else's utility (Grauwin et "
        "al. 2009: 0 selfish, 1 for the common good).",
    )

    @model_validator(mode="after")
    def _has_function(self) -> Self:
        refuse_lone_function(self.kind, self.function)
        return self


class OneAtATime(Likeness):
    """Households act one after another and see at once what the one before did.

    Defaults are assumed (C); each classic scenario sets its own and says what its paper did.
    """

    neighbourhood: Neighbourhood = Neighbourhood()
    activation: Activation = Activation()
    candidates: Candidates = Candidates()
    rule: Decision = Decision()
    market: BoardMarket | None = Field(
        None, description="What homes cost, and what status and quality are worth; none is likeness alone."
    )
    first_step: int = Field(1, ge=1, le=MOST, description="First step in which households move.")
    last_step: int | None = Field(
        None, ge=0, le=MOST, description="Last step in which households move; none is the end, 0 is never."
    )
    stop: Literal["never", "all_satisfied", "nobody_moved"] = Field(
        "never", description="When the run is over before its years are."
    )
    measure_every: int = Field(
        0,
        ge=0,
        le=MOST,
        description="Steps between measurements; 0 measures at the start, at the end and when somebody asks, "
        "so that a step costs nothing else.",
    )

    def list_functions(self) -> list[OwnPart]:
        """Return the own functions it asks."""
        return [*super().list_functions(), *([self.rule.function] if self.rule.function else [])]

    @model_validator(mode="after")
    def _rule_fits_candidates(self) -> Self:
        rule, seen = self.rule, self.candidates.squares
        if rule.kind == "own" and (seen == "swap" or not self.candidates.staying):
            raise RefusedValueError(
                "a rule of one's own chooses among vacancies and may always stay: no candidates swap, and "
                "staying true",
                "en egen regel väljer bland lediga platser och får alltid stanna: inte candidates swap, och "
                "staying true",
            )
        if seen == "nearest_satisfactory" and rule.kind != "threshold":
            raise RefusedValueError(
                "candidates nearest_satisfactory go with rule threshold only",
                "candidates nearest_satisfactory hör bara ihop med rule threshold",
            )
        if rule.swaps_for == "sum" and (seen != "swap" or rule.kind != "best_response"):
            raise RefusedValueError(
                "swaps_for goes with rule best_response and candidates swap; logit always goes by the sum",
                "swaps_for hör ihop med rule best_response och candidates swap; logit går alltid efter "
                "summan",
            )
        if rule.altruism and rule.kind == "threshold":
            raise RefusedValueError(
                "altruism goes with rule logit or best_response; threshold looks at oneself only",
                "altruism hör ihop med rule logit eller best_response; threshold ser bara till en själv",
            )
        if rule.altruism and self.market is not None:
            raise RefusedValueError("altruism does not go with a market", "altruism går inte ihop med market")
        if rule.altruism and seen == "swap":
            raise RefusedValueError(
                "altruism does not go with candidates swap", "altruism går inte ihop med candidates swap"
            )
        if rule.restless and self.activation.households in ("unsatisfied_only", "unsatisfied_at_start"):
            raise RefusedValueError(
                "restless households are satisfied, but activation takes only the unsatisfied",
                "hushåll som är restless är nöjda, men activation tar bara de missnöjda",
            )
        if rule.restless and rule.kind != "threshold" and not rule.only_unsatisfied:
            raise RefusedValueError(
                "restless goes with only_unsatisfied: true, else everyone looks anyway",
                "restless hör ihop med only_unsatisfied: true, annars ser sig alla ändå om",
            )
        return self
