"""What may be decided about homes (stock, plans, allocation, rents), and what people want of a home."""

from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from segsim.rules.board.relocation import OneAtATime
from segsim.section import AreaRows, RefusedValueError, Section, Share
from segsim.tables import TENURES, Array, TenureName


class TenureShares(Section):
    """How new dwellings divide over the four tenures; the shares sum to 1."""

    public_rental: Share = Field(0.0, description="Dwellings let by the public landlord.")
    private_rental: Share = Field(0.0, description="Dwellings let by private landlords.")
    cooperative: Share = Field(0.0, description="Dwellings in housing cooperatives (bostadsrätt).")
    owner_occupied: Share = Field(0.0, description="Dwellings whose dweller owns the house (äganderätt).")

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        total = sum(self.as_tuple())
        if abs(total - 1.0) > 1e-6:
            raise RefusedValueError(
                f"tenure shares must sum to 1, they sum to {total:g}",
                f"upplåtelseformernas andelar ska summera till 1, de summerar till {total:g}",
            )
        return self

    def as_tuple(self) -> tuple[float, ...]:
        """Return the shares in the order of `Tenure`."""
        return tuple(getattr(self, tenure) for tenure in TENURES)


RoomShares = tuple[Share, Share, Share, Share, Share]
"""Shares of dwellings of 1, 2, 3, 4 and 5 rooms, kitchen and bathroom apart."""


class RoomsOfNewDwellings(Section):
    """How many rooms new dwellings have, by tenure; the shares of a tenure sum to 1."""

    public_rental: RoomShares = Field(
        (0.2, 0.4, 0.3, 0.1, 0.0), description="Those let by the public landlord."
    )
    private_rental: RoomShares = Field(
        (0.2, 0.4, 0.3, 0.1, 0.0), description="Those let by private landlords."
    )
    cooperative: RoomShares = Field(
        (0.15, 0.35, 0.35, 0.15, 0.0), description="Those in housing cooperatives (bostadsrätt)."
    )
    owner_occupied: RoomShares = Field(
        (0.0, 0.0, 0.1, 0.3, 0.6), description="Those whose dweller owns the house (äganderätt)."
    )

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        for tenure in TENURES:
            total = sum(getattr(self, tenure))
            if abs(total - 1.0) > 1e-6:
                raise RefusedValueError(
                    f"shares of rooms must sum to 1, those of {tenure} sum to {total:g}",
                    f"andelarna av antal rum ska summera till 1, de för {tenure} summerar till {total:g}",
                )
        return self

    def by_tenure(self) -> Array:
        """Return the shares of 1 to 5 rooms (tenures x rooms, in the order of `Tenure`)."""
        return np.array([getattr(self, tenure) for tenure in TENURES])


class Construction(Section):
    """Ordinary completions, spread over the areas in proportion to their dwellings."""

    share_of_stock: float | None = Field(
        None,
        ge=0,
        le=0.1,
        description="Dwellings completed a year as a share of the stock; 0 builds only what policies add. "
        "None: building follows households, so that as many are completed as the growth of "
        "households needs, and demolished homes are replaced while no more stand empty than at the start. "
        "Housing starts 2023-24 were 0.55 % of the stock a year (A, from Statistics Sweden).",
    )
    tenure_shares: TenureShares | None = Field(
        None,
        description="Tenures of new dwellings; none means each area's own tenure mix, so that ordinary "
        "building does not change the mix (C).",
    )
    rooms: RoomsOfNewDwellings = Field(
        RoomsOfNewDwellings(),
        description="Shares of 1, 2, 3, 4 and 5 rooms among all new dwellings, by tenure (C).",
    )


class ExtraConstruction(Section):
    """Dwellings a policy adds in chosen areas, above the ordinary completions or in their place."""

    areas: AreaRows
    dwellings_per_year: float = Field(ge=0, description="Dwellings completed a year.")
    tenure_shares: TenureShares
    replaces_ordinary: bool = Field(
        False,
        description="Whether ordinary completions of the municipality are as many fewer, as far as there are "
        "such.",
    )
    rent_ratio: float | None = Field(
        None,
        ge=0.5,
        le=5,
        description="Rent of these dwellings over that of the stock; none means as other new ones.",
    )
    rooms: RoomsOfNewDwellings | None = Field(
        None, description="Rooms of these dwellings; none means as other new ones."
    )


class HousingAllowance(Section):
    """Money a year to crowded families with low incomes in chosen areas, counted as income in the market."""

    areas: AreaRows
    ksek_per_year: float = Field(ge=0, description="What a family is paid, tkr a year.")
    highest_income: float = Field(
        300.0, ge=0, description="Highest household income with which it is paid, tkr a year (C)."
    )


class TenurePlan(Section):
    """Tenure shares that bind part of the new dwellings of chosen areas."""

    areas: AreaRows
    shares: dict[TenureName, float] = Field(
        description="Share of the bound dwellings that must have each named tenure; what the named tenures "
        "leave is built as it would have been."
    )
    binding_share: Share = Field(1.0, description="Share of the new dwellings there that the plan can bind.")
    min_dwellings_per_year: float = Field(
        0.0,
        ge=0,
        description="Dwellings a year built in the areas together even if the ordinary pace is lower.",
    )
    first_year: int = Field(0, description="First year whose completions the plan covers.")
    last_year: int = Field(3000, description="Last year whose completions the plan covers.")
    permanence_years: int = Field(
        0, ge=0, le=200, description="Years a covered dwelling of a named tenure may not be converted."
    )


class Conversion(Section):
    """A yearly share of one tenure's dwellings in chosen areas that changes tenure."""

    areas: AreaRows
    origin: TenureName = Field(description="Tenure the dwellings have.")
    destination: TenureName = Field(description="Tenure they get.")
    share_per_year: Share = Field(description="Of the dwellings of that tenure in the areas, a year.")


class ContractInspection(Section):
    """Search for rental contracts let outside the queue in chosen areas, and their end."""

    areas: AreaRows
    detect_rate: Share = Field(description="Yearly probability that an unlawful contract is detected.")
    contested_share: Share = Field(0.0, description="Share of the detected that go to the tribunal.")
    delay_years: int = Field(0, ge=0, le=20, description="Years until a contested contract ends.")
    first_year: int = Field(0, description="First year of the control; no older case is under way.")


Allocation = Literal["queue", "lottery", "need"]
IncomeRule = Literal["multiple", "residual"]
PublicQueue = Literal["municipality", "region"]


class HousingRules(Section):
    """What a council, a parliament or a landlord may decide about homes."""

    construction: Construction = Construction()
    extra_construction: tuple[ExtraConstruction, ...] = ()
    allowances: tuple[HousingAllowance, ...] = ()
    plans: tuple[TenurePlan, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    contract_controls: tuple[ContractInspection, ...] = ()
    demolition_share: Share = Field(
        0.05,
        description="Yearly probability that a dwelling to let or for sale for over two years is demolished "
        "(C).",
    )
    public_queue: PublicQueue = Field(
        "municipality",
        description="Who stands in a public landlord's queue in a region of several municipalities: those "
        "who live in its own (C), or in any of the region, as at Bostadsförmedlingen in Stockholm (B).",
    )
    public_allocation: Allocation = Field(
        "queue", description="Who gets a public rental: longest registration, a lottery, or the most crowded."
    )
    public_lottery_share: Share = Field(
        0.0, description="Share of public lettings that are drawn by lot whatever the allocation."
    )
    public_need_share: Share = Field(
        0.0, description="Share of public lettings that go to the most crowded whatever the allocation."
    )
    local_priority: Share = Field(
        0.0, description="Share of public lettings where residents of the area come first."
    )
    public_income_floor: float = Field(
        1.5,
        ge=0,
        description="Household income over rent that the public landlord asks for (C; 1.5 to 3 occur).",
    )
    public_income_rule: IncomeRule = Field(
        "multiple",
        description="What the public landlord asks: an income of so many rents (`public_income_floor`), or "
        "that a norm is left after rent (`norm_after_rent`; Telge Bostäder asks so).",
    )
    norm_after_rent: float = Field(
        60.0,
        ge=0,
        le=1000,
        description="What must be left after rent per consumption unit, tkr a year, under the residual "
        "rule (C, near the norm of social assistance).",
    )
    private_income_floor: float = Field(
        2.0, ge=0, description="Household income over rent that private landlords ask for (C; 2 to 3 occur)."
    )
    private_queue_weight: float = Field(
        0.1, ge=0, description="What a year in the queue adds to a private landlord's score (C)."
    )
    private_income_weight: float = Field(
        0.5, ge=0, description="What a doubling of income over rent adds to a private landlord's score (C)."
    )
    private_penalty_foreign: float = Field(
        0.0,
        ge=0,
        le=5,
        description="What foreign background takes from a private landlord's score; 0 unless "
        "set, the size in the Swedish market is not measured by lettings (none).",
    )
    loan_to_value: float = Field(
        0.85,
        ge=0,
        le=1,
        description="Largest mortgage as a share of the price (B, Finansinspektionen 2010; C later).",
    )
    loan_to_income: float = Field(
        4.5,
        ge=0,
        le=20,
        description="Largest mortgage in years of gross income, taken here as disposable "
        "income over `net_share` (C; the stricter amortisation rule starts at 4.5).",
    )
    net_share: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Disposable income as a share of gross income, on which banks reckon loans (C).",
    )
    illegal_share_public: Share = Field(
        0.06,
        description="Public lettings that pass outside the queue for money (B, Sveriges Allmännytta 2021).",
    )
    illegal_share_private: Share = Field(
        0.04,
        description="Private lettings that pass outside the queue for money (B, Fastighetsägarna 2024).",
    )
    illegal_price: float = Field(
        125.0, ge=0, description="Price of an illegal contract, tkr (B, Södertälje 2016: 100-150)."
    )
    rent_growth: float = Field(0.0, ge=-0.2, le=0.5, description="Real yearly growth of regulated rents (C).")
    new_rent_ratio: float = Field(
        1.66,
        ge=0.5,
        le=5,
        description="Rent of a new dwelling over that of the stock "
        "(B, Statistics Sweden 2024: 2 326 against 1 404 SEK per m2 and year).",
    )

    @model_validator(mode="after")
    def _shares_of_lettings(self) -> Self:
        total = self.public_lottery_share + self.public_need_share
        if total > 1 + 1e-9:
            raise RefusedValueError(
                f"public_lottery_share and public_need_share sum to {total:g}; together they may be at most "
                "1",
                f"public_lottery_share och public_need_share summerar till {total:g}; tillsammans får de "
                "vara högst 1",
            )
        return self


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
        description="Utility per unit of own-group share: the median of those with which 124 municipalities "
        "keep their D of foreign background, each of which has its own; see MODEL.md.",
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
    own_group_shape: Literal["slope", "threshold", "single_peaked", "none"] = Field(
        "slope",
        description="How own-background share enters: a continuous slope (strong evidence, Korpi et "
        "al.), a threshold on the other group's share, single-peaked, or not at all.",
    )
    own_group_threshold: Share = Field(
        0.175,
        description="Other-background share above which a threshold taste objects (3.5 % or "
        "17.5 % in the literature, which disagrees).",
    )
    own_group_peak: Share = Field(0.5, description="Best own-background share when single-peaked.")
    own_group_at_one: Share = Field(0.6, description="Value of a one-group area when single-peaked.")
    income_similarity: float = Field(
        3.2,
        ge=-20,
        le=20,
        description="Utility lost per log point between own economic standard and the area's mean: the "
        "median of those with which 124 municipalities keep their D of low standard; see MODEL.md.",
    )
    affluent_similarity: float = Field(
        1.1,
        ge=-0.5,
        le=20,
        description="Rise of `income_similarity`, as a share of it, per log point of own economic standard "
        "above the median household's (C): the median of those with which 124 municipalities keep their D of "
        "high standard; below 0 the rich live less apart than the poor.",
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
