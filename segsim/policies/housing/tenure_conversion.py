"""Tenure conversion: dwellings that stand change tenure, such as rental turned cooperative."""

from typing import Self

from pydantic import model_validator

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.section import RefusedValueError, Share, setting
from segsim.tables import TenureName
from segsim.words.text import Text


class TenureConversion(Policy):
    """Convert a share of the dwellings of one tenure to another every year."""

    TITLE = Text("Tenure conversion", "Ombildning av upplåtelseform")
    MECHANISM = Text(
        en="Converted dwellings leave the rental queue; when they fall vacant, buyers with savings and loans "
        "take them instead of those first in the queue.",
        sv="Ombildade bostäder lämnar hyreskön. När de blir lediga tas de av köpare med sparande och lån i "
        "stället för av dem som står först i kön.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Conversions in Stockholm gentrified the inner city, left public housing poorer and raised "
            "socio-economic segregation.",
            sv="Ombildningar i Stockholm gentrifierade innerstaden, gjorde kvarvarande allmännytta "
            "fattigare och ökade den socioekonomiska segregationen.",
        ),
        "moderate",
        ("Andersson and Magnusson Turner 2014, International Journal of Housing Policy 14(1)",),
    )
    DECIDED_BY = "landlord"
    NEUTRAL = {"share_per_year": 0.0}
    EXAMPLE = {"share_per_year": 0.3}
    ADDS = "housing.conversions"
    SIZE = "share_per_year"

    origin: TenureName = setting(
        "Tenure of the dwellings before.", "Bostädernas upplåtelseform före.", "public_rental"
    )
    destination: TenureName = setting(
        "Tenure of the dwellings after.", "Bostädernas upplåtelseform efter.", "cooperative"
    )
    share_per_year: Share = setting(
        en="Share of the dwellings of the first tenure in the areas converted a year.",
        sv="Andel av områdenas bostäder i den första upplåtelseformen som ombildas per år.",
    )

    @model_validator(mode="after")
    def _changes_tenure(self) -> Self:
        if self.origin == self.destination:
            raise RefusedValueError(
                f"origin and destination are both {self.origin}; a conversion changes tenure",
                f"origin och destination är båda {self.origin}; en omvandling byter upplåtelseform",
            )
        return self
