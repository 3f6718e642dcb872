"""How households of a city search for a home, what they want of it, and how prices respond."""

from typing import Literal, Self

from pydantic import Field, model_validator

from segsim.own import OwnPart
from segsim.rules.board.relocation import OneAtATime
from segsim.rules.choice.own_function import OwnHomeUtility, OwnRule
from segsim.rules.choice.points import Points, refuse_wrong_points
from segsim.section import RefusedValueError, Section, Share


class HousingPreferences(Section):
    """How households search, what they want, and how prices respond."""

    one_at_a_time: OneAtATime | None = Field(
        None, description="The one-at-a-time mode of an abstract grid; none is the yearly market."
    )

    rounds: int = Field(4, ge=1, le=12, description="Market rounds a year, so that vacancy chains run.")
    candidates: int = Field(
        20, ge=1, le=200, description="Vacancies a mover sees in a round, the choice set."
    )
    search_nearby: Share = Field(
        0.6,
        description="Share of the vacancies a mover is shown that lie in its own municipality, where there "
        "are any, in a region of several (C).",
    )
    window: int = Field(
        0,
        ge=0,
        le=50,
        description="Radius in cells of the neighbourhood whose own-group share counts; 0 means the area.",
    )
    own_group: float = Field(
        4.3,
        ge=-20,
        le=20,
        description="Utility per unit of own-group share (C): near the median, 4.2, of those with which 124 "
        "municipalities keep their D of foreign background, each of which has its own; see MODEL.md.",
    )
    shared_background: float = Field(
        0.5,
        ge=0,
        le=1,
        description="How much another group of the same background counts as one's own: 1 makes background "
        "all that matters, 0 the origin group alone (C).",
    )
    own_group_spread: float = Field(
        0.3, ge=0, le=2, description="Standard deviation over households of the own-group multiplier (C)."
    )
    own_group_shape: Literal["slope", "threshold", "single_peaked", "points", "none"] = Field(
        "slope",
        description="How own-background share enters: a continuous slope (strong evidence, Korpi et "
        "al.), a threshold on the other group's share, single-peaked, straight between "
        "`own_group_points`, or not at all.",
    )
    own_group_threshold: Share = Field(
        0.175,
        description="Other-background share above which a threshold taste objects (3.5 % or "
        "17.5 % in the literature, which disagrees).",
    )
    own_group_peak: Share = Field(0.5, description="Best own-background share when single-peaked.")
    own_group_at_one: Share = Field(0.6, description="Value of a one-group area when single-peaked.")
    own_group_points: Points = Field(
        (),
        max_length=1000,
        description="Of shape points: pairs of a share of the own group, rising from 0 to 1, and its value. "
        "Two at one share are a step: the first holds there, the second from there on.",
    )
    utility: OwnHomeUtility = Field(
        None,
        description="A function of one's own that says what a home is worth to a household, by module and "
        "name (`wishes.near_like_incomes`); none is segsim's sum of the terms here.",
    )
    rule: OwnRule = Field(
        None,
        description="A function of one's own that chooses among the homes seen: of their utilities, that of "
        "staying, and a draw on [0, 1), by module and name; it returns the place of one of the first, or -1 "
        "to stay. It is asked again without the one it named, so that the household's list is ranked. None: "
        "whatever is better than staying, chance of taste included, best first.",
    )
    income_similarity: float = Field(
        3.2,
        ge=-20,
        le=20,
        description="Utility lost per log point between own economic standard and the mean of those around "
        "(C); 124 municipalities keep their D of low standard with 3.7 in the median; see MODEL.md.",
    )
    affluent_similarity: float = Field(
        1.1,
        ge=-0.5,
        le=20,
        description="Rise of `income_similarity`, as a share of it, per log point of own economic standard "
        "above the median household's (C); 124 municipalities keep their D of high standard with 2.1 in the "
        "median; below 0 the rich live less apart than the poor.",
    )
    same_tenure: Share = Field(
        1.0,
        description="How far economic standard and education are compared with those who live in the area in "
        "the same tenure, and not with all of the area (C; see MODEL.md).",
    )
    education_similarity: float = Field(
        2.0,
        ge=-20,
        le=20,
        description="Utility lost per level between own highest education and the area's mean (0 to 3). "
        "Calibrated on how lower secondary education stays spread over areas.",
    )
    burden: float = Field(
        4.0,
        ge=0,
        le=50,
        description="Utility lost per unit of income share spent on the home above `burden_limit` (C).",
    )
    burden_limit: Share = Field(
        0.25, description="Share of income that a home may cost before it is a burden (C)."
    )
    interest: float = Field(
        0.04,
        ge=0,
        le=0.5,
        description="Yearly cost of borrowed money as movers reckon it, share of the loan (C).",
    )
    crowding: float = Field(1.5, ge=0, le=20, description="Utility lost per missing room (C).")
    spare_room: float = Field(
        0.15, ge=0, le=20, description="Utility lost per room above need and one extra (C)."
    )
    ownership: float = Field(
        0.6,
        ge=-20,
        le=20,
        description="Utility of an owned or cooperative home for a household with children (C).",
    )
    quality: float = Field(0.3, ge=-20, le=20, description="Utility per SD of a dwelling's quality (C).")
    distance: float = Field(
        0.12,
        ge=0,
        le=20,
        description="Utility lost per km from today's home (C; 49 % of moves are under 5 km, B).",
    )
    distance_cap: float = Field(
        10.0, gt=0, description="Distance beyond which no more utility is lost, km (C)."
    )
    safety: float = Field(0.3, ge=-20, le=20, description="Utility per SD of felt safety (C).")
    service: float = Field(0.1, ge=-20, le=20, description="Utility per SD of service level (C).")
    school: float = Field(
        0.2,
        ge=-20,
        le=20,
        description="Utility of one between-school SD in the nearest school's published merit "
        "value, households with children under 16 (C).",
    )
    commute: float = Field(
        0.0, ge=0, le=20, description="Utility lost per km to the centre; 0 unless set (none)."
    )
    staying: float = Field(
        3.6,
        ge=-20,
        le=20,
        description="Utility of not moving: cost of the move and ties to the place (calibrated to turnover).",
    )
    search_by_age: tuple[float, ...] = Field(
        (0.60, 0.50, 0.26, 0.12, 0.07),
        min_length=5,
        max_length=5,
        description="Yearly probability of looking at ages 18-24, 25-29, 30-44, 45-64, 65+ (calibrated to "
        "move rates by age).",
    )
    search_by_tenure: tuple[float, ...] = Field(
        (1.0, 1.0, 1.0, 0.2),
        min_length=4,
        max_length=4,
        description="Multiplier by present tenure: public rental, private rental, cooperative, owned "
        "(calibrated to turnover).",
    )
    search_crowded: float = Field(
        0.35,
        ge=0,
        le=1,
        description="Added to the probability when a room is missing (calibrated: crowding stays).",
    )
    exit_weight_safety: float = Field(
        0.0,
        ge=0,
        le=5,
        description="How much more readily the educated look for another home where they feel unsafe: the "
        "yearly probability is multiplied by exp(-w * safety * e / 3), safety in SD, e the household's "
        "highest education from 0 to 3. 0: no estimate was found (none); .3 as a test of sensitivity (C).",
    )
    savings_rate: Share = Field(0.06, description="Share of disposable income saved for a home (C).")
    wealth_return: float = Field(0.01, ge=-0.2, le=0.2, description="Real yearly return on savings (C).")
    bid_spread: float = Field(
        0.1, ge=0, le=2, description="Log price a bid rises per unit of utility gained (C)."
    )
    bid_bound: float = Field(
        1.0, ge=0, le=10, description="Largest rise of a bid above the price, in logs (C)."
    )
    price_response: float = Field(
        0.03,
        ge=0,
        le=1,
        description="Log price change per unit of excess applicants per vacancy, in logs (C).",
    )
    price_vacancy: float = Field(
        0.5,
        ge=0,
        le=10,
        description="Log price lost a year per unit of vacancy of a tenure above the normal (C).",
    )
    normal_vacancy: Share | None = Field(
        None,
        description="Share of a tenure to let or for sale at which prices stand still; none means that of "
        "the start, lodgers housed (C).",
    )
    price_bound: float = Field(0.1, ge=0, le=1, description="Largest yearly log price change.")

    def list_functions(self) -> list[OwnPart]:
        """Return the own functions that households of a city go by."""
        return [part for part in (self.utility, self.rule) if part is not None]

    @model_validator(mode="after")
    def _points_go_with_their_shape(self) -> Self:
        if (self.own_group_shape == "points") != bool(self.own_group_points):
            raise RefusedValueError(
                "own_group_points and own_group_shape points go together; give both, or neither",
                "own_group_points och own_group_shape points hör ihop; ange båda, eller ingen av dem",
            )
        if self.own_group_points:
            refuse_wrong_points(self.own_group_points, ends_at_one=True)
        return self

    @model_validator(mode="after")
    def _probabilities(self) -> Self:
        if not all(0 <= p <= 1 for p in self.search_by_age):
            raise RefusedValueError(
                "search_by_age holds probabilities from 0 to 1",
                "search_by_age rymmer sannolikheter från 0 till 1",
            )
        if min(self.search_by_tenure) < 0:
            raise RefusedValueError(
                "search_by_tenure holds multipliers of 0 or more",
                "search_by_tenure rymmer faktorer som är 0 eller mer",
            )
        return self
