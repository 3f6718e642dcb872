"""The years in which something holds, from its first to its last."""

from pydantic import ConfigDict, ValidationInfo, field_validator

from segsim.section import RefusedValueError, Section, setting


class Period(Section):
    """A section that holds from one year to another."""

    model_config = ConfigDict(populate_by_name=True)

    since: int | None = setting(
        "First year in force; empty means from the first year.",
        "Första året åtgärden gäller; tomt betyder från första året.",
        None,
        alias="from",
        ge=1800,
        le=3000,
    )
    until: int | None = setting(
        "Last year in force; empty means to the end.",
        "Sista året åtgärden gäller; tomt betyder till slutet.",
        None,
        ge=1800,
        le=3000,
    )

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: int | None, info: ValidationInfo) -> int | None:
        since = info.data.get("since")
        if since is not None and until is not None and until < since:
            raise RefusedValueError(
                f"until {until} is before from {since}; swap or correct them",
                f"until {until} är före from {since}; byt plats på dem eller rätta dem",
            )
        return until

    def overlaps(self, other: "Period") -> bool:
        """Tell whether it has years in common with another."""
        return _may_follow(self.until, other.since) and _may_follow(other.until, self.since)


def _may_follow(last: int | None, first: int | None) -> bool:
    """Tell whether a last year is not before a first one."""
    return last is None or first is None or first <= last
