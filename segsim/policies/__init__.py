"""Policies: one lever per file, each a pure amendment of the rules; `LEVERS` is their table of contents."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError, ValidationInfo, WrapValidator

from segsim.errors import did_you_mean, list_names
from segsim.own import OwnPart
from segsim.policies.city_wide import CityWide
from segsim.policies.evidence import Evidence
from segsim.policies.governance.municipal_governance import MunicipalGovernance
from segsim.policies.housing.allocation import Allocation
from segsim.policies.housing.contract_control import ContractControl
from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.housing.new_build_subsidy import NewBuildSubsidy
from segsim.policies.housing.new_construction import NewConstruction
from segsim.policies.housing.overcrowding_relief import OvercrowdingRelief
from segsim.policies.housing.rent_setting import RentSetting
from segsim.policies.housing.tenure_conversion import TenureConversion
from segsim.policies.housing.tenure_in_detailed_plans import TenureInDetailedPlans
from segsim.policies.implementation import Account, UnitCost
from segsim.policies.naming import default_names, find_duplicate_name, name_policies, unique_names
from segsim.policies.newcomers.newcomers_assignment import NewcomersAssignment
from segsim.policies.newcomers.newcomers_own_housing import NewcomersOwnHousing
from segsim.policies.own import load_policy
from segsim.policies.policy import Policy
from segsim.policies.profile import CellProfiles, CityProfile, SchoolProfiles
from segsim.policies.programme import Programme, ProgrammeAccount
from segsim.policies.safety.blue_light_penalties import BlueLightPenalties
from segsim.policies.safety.civil_society import CivilSociety
from segsim.policies.safety.police_cooperation import PoliceCooperation
from segsim.policies.safety.public_service_office import PublicServiceOffice
from segsim.policies.safety.reentry_groups import ReentryGroups
from segsim.policies.safety.youth_leaders import YouthLeaders
from segsim.policies.schools.admission_rule import AdmissionRule
from segsim.policies.schools.catchment_redraw import CatchmentRedraw
from segsim.policies.schools.independent_school_share import IndependentSchoolShare
from segsim.policies.schools.low_performing_school_support import LowPerformingSchoolSupport
from segsim.policies.schools.new_school import NewSchool
from segsim.policies.schools.plan_alignment import PlanAlignment
from segsim.policies.schools.preschool_support import PreschoolSupport
from segsim.policies.schools.school_closure import SchoolClosure
from segsim.policies.schools.school_plan import SchoolPlan, list_planned_schools
from segsim.policies.schools.school_quality_programme import SchoolQualityProgramme
from segsim.policies.schools.school_transport import SchoolTransport
from segsim.policies.scope import Scope, ShareRange
from segsim.policies.work.employment_foreign_born_women import EmploymentForeignBornWomen
from segsim.rules import Rules
from segsim.section import RefusedValueError

LEVERS: tuple[type[Policy], ...] = (
    TenureInDetailedPlans,
    NamedPlans,
    NewConstruction,
    TenureConversion,
    ContractControl,
    Allocation,
    RentSetting,
    NewBuildSubsidy,
    OvercrowdingRelief,
    NewcomersOwnHousing,
    NewcomersAssignment,
    PreschoolSupport,
    LowPerformingSchoolSupport,
    SchoolQualityProgramme,
    AdmissionRule,
    CatchmentRedraw,
    PlanAlignment,
    IndependentSchoolShare,
    NewSchool,
    SchoolClosure,
    SchoolPlan,
    SchoolTransport,
    BlueLightPenalties,
    PoliceCooperation,
    PublicServiceOffice,
    CivilSociety,
    ReentryGroups,
    YouthLeaders,
    EmploymentForeignBornWomen,
    MunicipalGovernance,
)
"""Every lever a scenario may use, in the order of the manual."""

POLICIES = {lever.KIND: lever for lever in LEVERS}
"""The levers by the name they have in scenario files."""


def tag_with_kind(item: Any) -> Any:
    """Turn `{name: {settings}}`, as a scenario file writes a policy, into `{kind: name, settings}`."""
    if isinstance(item, str):
        return {"kind": str(item)}
    if isinstance(item, Policy) or (isinstance(item, Mapping) and "kind" in item):
        return item
    if not isinstance(item, Mapping) or len(item) != 1:
        names = ", ".join(map(str, item)) if isinstance(item, Mapping) and item else "-"
        raise RefusedValueError(
            f"a policy is one name with its settings beneath it; found {names}; write the name, and indent "
            "the settings below it",
            f"en åtgärd är ett namn med sina inställningar under sig; här står {names}; skriv namnet, och "
            "dra in inställningarna under det",
        )
    name, settings = next(iter(item.items()))
    if settings is not None and not isinstance(settings, Mapping) and name not in POLICIES:
        return {"kind": str(name), "settings": settings}  # what it is instead is told of the name
    if settings is not None and not isinstance(settings, Mapping):
        raise RefusedValueError(
            f'the settings of "{name}" must be `key: value` lines beneath it',
            f'inställningarna för "{name}" ska vara rader `nyckel: värde` under namnet',
        )
    if settings is not None and "kind" in settings:
        raise RefusedValueError(
            f'"kind" is no setting of {name}; a policy is written under the name of its kind',
            f'"kind" är ingen inställning för {name}; en åtgärd skrivs under namnet på sitt slag',
        )
    return {**(settings or {}), "kind": str(name)}


def one_of(levers: tuple[type[Policy], ...]) -> Any:
    """Return the type of a policy of one of some levers, as a scenario file writes it."""
    lever: Any = Annotated[Union[levers], Field(discriminator="kind")]  # noqa: UP007  the members are a variable
    written_by_itself: Any = SerializeAsAny()  # type: ignore[type-arg]
    own, tagged = WrapValidator(read_own_policy), BeforeValidator(tag_with_kind)
    return Annotated[lever, written_by_itself, own, tagged]


def read_own_policy(item: Any, read: Callable[[Any], Policy], info: ValidationInfo) -> Policy:
    """Return a policy of one's own if it is of such a kind, else one of segsim's."""
    levers = find_own_levers((info.data or {}).get("own", ()))
    kind = item.kind if isinstance(item, Policy) else item.get("kind") if isinstance(item, Mapping) else None
    if isinstance(item, Policy) and type(item) not in (*LEVERS, *levers.values()) and kind in POLICIES:
        raise RefusedValueError(
            f"{type(item).__name__} is no policy of segsim, though it is called as one; give it another name",
            f"{type(item).__name__} är ingen åtgärd i segsim, fast den heter som en; ge den ett annat namn",
        )
    lever = levers.get(str(kind))
    if lever is None:
        return read(item)
    if isinstance(item, Policy):
        item = item.model_dump(by_alias=True, include={*item.model_fields_set, "kind"})
    known = [field.alias or name for name, field in lever.model_fields.items() if name != "kind"]
    for key in item:
        if key not in known and key not in lever.model_fields:
            near, names = did_you_mean(key, known), list_names(known)
            raise RefusedValueError(
                f'unknown key "{key}"; allowed here: {names}{near}',
                f'okänd nyckel "{key}"; här får stå: {names:sv}{near:sv}',
                (lever.KIND,),
            )
    try:
        return lever.model_validate(item, strict=info.mode == "python")
    except ValidationError as error:
        lines: Any = [{**line, "loc": (kind, *line["loc"])} for line in error.errors(include_url=False)]
        raise ValidationError.from_exception_data(error.title, lines) from error


def find_own_levers(parts: Iterable[OwnPart]) -> dict[str, type[Policy]]:
    """Return the policies among some own parts, by the name they have in scenario files."""
    levers = [load_policy(part, POLICIES) for part in parts if part.role == "policy"]
    return {lever.KIND: lever for lever in levers}


if TYPE_CHECKING:
    AnyPolicy = Policy
else:
    AnyPolicy = one_of(LEVERS)
"""One policy as a scenario file writes it."""


def start_years(policies: Iterable[Policy], first_year: int) -> set[int]:
    """Return the years in which some policy begins, so that the city can be noted as it was then."""
    return {policy.first_year(first_year) for policy in policies}


def amend_rules(
    policies: Iterable[Policy],
    rules: Rules,
    profiles: Mapping[int, CityProfile],
    year: int,
    first_year: int,
) -> Rules:
    """Return the rules of a year after every policy in force has amended them, in the order of the file.

    Parameters
    ----------
    policies : iterable of Policy
    rules : Rules
        The rules without policies.
    profiles : mapping of year to CityProfile
        The city at the beginning of every year in which a policy starts (see `start_years`).
    year : int
        The year to come.
    first_year : int
        The first simulated year of the run.
    """
    for policy, profile in policies_in_force(policies, profiles, year, first_year):
        rules = policy.amend(rules, profile)
    return rules


def policies_in_force(
    policies: Iterable[Policy], profiles: Mapping[int, CityProfile], year: int, first_year: int
) -> list[tuple[Policy, CityProfile]]:
    """Return the policies in force in a year, each with the city as it was when it began."""
    acting = [(policy, policy.first_year(first_year)) for policy in policies if policy.in_force(year)]
    seen = {
        began: replace(profiles[began], year=year, began=began) for began in {began for _, began in acting}
    }
    return [(policy, seen[began]) for policy, began in acting]


__all__ = [
    "LEVERS",
    "POLICIES",
    "Account",
    "AnyPolicy",
    "CellProfiles",
    "CityProfile",
    "CityWide",
    "Evidence",
    "Policy",
    "Programme",
    "ProgrammeAccount",
    "SchoolProfiles",
    "Scope",
    "ShareRange",
    "UnitCost",
    "amend_rules",
    "default_names",
    "find_duplicate_name",
    "find_own_levers",
    "list_planned_schools",
    "load_policy",
    "name_policies",
    "one_of",
    "policies_in_force",
    "start_years",
    "tag_with_kind",
    "unique_names",
]
