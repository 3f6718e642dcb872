"""What may hold in one municipality of a region in the place of what holds in all of it."""

from typing import Any

from pydantic import Field

from segsim.rules.housing import Allocation, IncomeRule, PublicQueue
from segsim.rules.schools import MajorityTrait, Mechanism, Priority, TieBreaking
from segsim.section import Section, Share

_AS_REGION = "; none means as in the region."


class LocalHousing(Section):
    """How one municipality's landlords let, where that differs from the region."""

    public_queue: PublicQueue | None = Field(None, description=f"Who stands in the queue{_AS_REGION}")
    public_allocation: Allocation | None = Field(None, description=f"Who gets a public rental{_AS_REGION}")
    public_lottery_share: Share | None = Field(None, description=f"Public lettings by lot{_AS_REGION}")
    public_need_share: Share | None = Field(None, description=f"Public lettings by need{_AS_REGION}")
    local_priority: Share | None = Field(None, description=f"Lettings to residents of the area{_AS_REGION}")
    public_income_rule: IncomeRule | None = Field(None, description=f"What is asked of income{_AS_REGION}")
    public_income_floor: float | None = Field(None, ge=0, description=f"Income over rent{_AS_REGION}")
    norm_after_rent: float | None = Field(None, ge=0, le=1000, description=f"Left after rent{_AS_REGION}")
    private_income_floor: float | None = Field(
        None, ge=0, description=f"Income over rent that private landlords ask for{_AS_REGION}"
    )
    rent_growth: float | None = Field(
        None, ge=-0.2, le=0.5, description=f"Yearly growth of rents{_AS_REGION}"
    )
    new_rent_ratio: float | None = Field(None, ge=0.5, le=5, description=f"Rent of new dwellings{_AS_REGION}")


class LocalAdmission(Section):
    """How seats are given in one municipality, where that differs from the region."""

    mechanism: Mechanism | None = Field(None, description=f"How applications meet seats{_AS_REGION}")
    municipal_priority: Priority | None = Field(None, description=f"At municipal schools{_AS_REGION}")
    independent_priority: Priority | None = Field(None, description=f"At independent schools{_AS_REGION}")
    sibling: bool | None = Field(None, description=f"Whether siblings come first{_AS_REGION}")
    lottery_share: Share | None = Field(None, description=f"Seats drawn by lot{_AS_REGION}")
    ses_quota: bool | None = Field(None, description=f"Seats reserved by parental education{_AS_REGION}")
    quota_tolerance: Share | None = Field(None, description=f"How far a reserve falls short{_AS_REGION}")
    majority_quota: Share | None = Field(None, description=f"Most seats of the majority{_AS_REGION}")
    majority: MajorityTrait | None = Field(None, description=f"Who the majority is{_AS_REGION}")
    tie_breaking: TieBreaking | None = Field(None, description=f"One lot or one a school{_AS_REGION}")
    common_system: bool | None = Field(None, description=f"Independent schools bound too{_AS_REGION}")
    offer_rounds: int | None = Field(
        None, ge=0, le=20, description=f"Rounds of offers of each provider{_AS_REGION}"
    )
    mandatory_choice: bool | None = Field(None, description=f"Every guardian ranks schools{_AS_REGION}")
    active_share: tuple[Share, Share, Share, Share] | None = Field(
        None, description=f"Guardians who choose, by education{_AS_REGION}"
    )
    transport_km: float | None = Field(None, ge=0, le=100, description=f"Kilometres unfelt{_AS_REGION}")


class LocalRules(Section):
    """What one municipality decides for itself."""

    housing: LocalHousing = LocalHousing()
    admission: LocalAdmission = LocalAdmission()


def settings_given(section: Section) -> dict[str, Any]:
    """Return the settings of a section that differ from the region's, by name."""
    return {name: value for name, value in section if value is not None}
