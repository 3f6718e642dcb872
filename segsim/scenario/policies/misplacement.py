"""Parts of policies that would be left out: they lie where the policy does not act, or find no room."""

from collections.abc import Iterator

from segsim.errors import list_names
from segsim.policies import Policy
from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.safety.public_service_office import PublicServiceOffice
from segsim.policies.schools.new_school import NewSchool
from segsim.policies.schools.school_closure import SchoolClosure
from segsim.policies.schools.school_plan import SchoolPlan
from segsim.scenario.places import CityPlaces
from segsim.scenario.reading import Keys
from segsim.words.text import Text

Finding = tuple[Keys, Text]
"""The way to a setting within its policy, and what is wrong with it."""


def find_misplaced(policy: Policy, places: CityPlaces) -> Iterator[Finding]:
    """Yield every part of a policy that the city's places would leave out."""
    inside = places.rows(policy.areas)
    yield from _find_parts_outside(policy, places, inside)
    if isinstance(policy, NamedPlans):
        yield from _find_full_areas(policy, places)
    if isinstance(policy, SchoolClosure) and places.schools:
        yield from _find_schools_outside(policy, places, inside)
    if isinstance(policy, SchoolPlan):
        yield from _find_lines_amiss(policy, places, inside)
    if isinstance(policy, PublicServiceOffice) and policy.offices > len(inside):
        yield ("offices",), _tell_too_many(policy.offices, Text("offices", "kontor"), len(inside))
    if isinstance(policy, NewSchool) and policy.schools > len(inside):
        yield ("schools",), _tell_too_many(policy.schools, Text("schools", "skolor"), len(inside))


def _tell_too_many(n: int, what: Text, n_areas: int) -> Text:
    """Return what is wrong where more are to stand than there are areas."""
    return Text(
        f"{n} {what}, one in each area, but it acts in {n_areas} at most; lower it, or give more areas",
        f"{n} {what:sv}, med ett område var, men den verkar i högst {n_areas}; sänk antalet, eller ange fler "
        "områden",
    )


def _find_parts_outside(policy: Policy, places: CityPlaces, inside: set[int]) -> Iterator[Finding]:
    """Yield the plans that name areas where the policy does not act."""
    for way, scope in policy.scopes_of_parts():
        names_areas = scope.names or scope.districts or scope.municipalities
        outside = places.rows(scope) - inside if names_areas else set()
        if outside:
            there = list_names([places.areas[row] for row in sorted(outside)], 6)
            text = Text(
                f"lies in {there}, where the policy does not act; add that to the areas of the policy (or of "
                "its programme), or put the plan in a policy of its own",
                f"ligger i {there:sv}, där åtgärden inte verkar; lägg till det i åtgärdens (eller "
                "programmets) "
                "areas, eller lägg planen i en egen åtgärd",
            )
            yield way, text


def _find_full_areas(policy: NamedPlans, places: CityPlaces) -> Iterator[Finding]:
    """Yield the plans with which an area or district holds too many, by the plans in it alone."""
    for name, most in policy.most_in_area.items():
        held = {row for row, area in enumerate(places.areas) if name in (area, places.district(row))}
        dwellings = 0
        for i, plan in enumerate(policy.plans):
            if not places.rows(plan.areas) <= held:
                continue
            dwellings += plan.dwellings
            if dwellings > most:
                text = Text(
                    f"with this plan those of {name} hold {dwellings} dwellings, and it can hold {most}; "
                    "move some elsewhere or raise most_in_area",
                    f"med denna plan rymmer planerna i {name} {dwellings} bostäder, och där får {most} "
                    "plats; "
                    "flytta några till ett annat ställe eller höj most_in_area",
                )
                yield ("plans", i), text
                break


def _find_schools_outside(policy: SchoolClosure, places: CityPlaces, inside: set[int]) -> Iterator[Finding]:
    """Yield schools that cannot close or receive by it, and more closures than there are schools."""
    there = places.schools_in(inside)
    for key in ("schools", "receivers"):
        for j, name in enumerate(getattr(policy, key)):
            if name in places.independent:
                closed = Text("which the council cannot close", "som kommunen inte kan stänga")
                seats = Text("whose seats it decides itself", "som själv beslutar om sina platser")
                why = closed if key == "schools" else seats
                yield (
                    (key, j),
                    Text(
                        f'"{name}" is an independent school, {why}; name a municipal one',
                        f'"{name}" är en fristående skola, {why:sv}; nämn en kommunal',
                    ),
                )
            elif name in places.schools and key == "schools" and name not in there:
                yield (
                    (key, j),
                    Text(
                        f'"{name}" lies where the policy does not act; add its area to the areas, or remove '
                        "it",
                        f'"{name}" ligger där åtgärden inte verkar; lägg till dess område i areas, eller ta '
                        "bort den",
                    ),
                )
    left = [name for name in places.municipal if name in there and name not in policy.schools]
    if policy.lowest_merit > len(left):
        yield (
            ("lowest_merit",),
            Text(
                f"{policy.lowest_merit} schools, but it may close {len(left)} municipal ones at most; lower "
                "it",
                f"{policy.lowest_merit} skolor, men den kan stänga högst {len(left)} kommunala; sänk antalet",
            ),
        )


def _find_lines_amiss(policy: SchoolPlan, places: CityPlaces, inside: set[int]) -> Iterator[Finding]:
    """Yield the lines of a school plan for schools that are there already, are two, or lie outside."""
    there = places.schools_in(inside)
    for i, line in enumerate(policy.changes):
        if line.change == "open" and line.school in places.schools:
            why = Text(
                "is there already; give the new school another name, or resize this one",
                "finns redan; ge den nya skolan ett annat namn, eller ändra platserna i den som finns",
            )
        elif line.school not in policy.opening and places.schools.count(line.school) > 1:
            why = Text(
                f"is the name of {places.schools.count(line.school)} schools; give them names of their own "
                "in the table of schools",
                f"heter {places.schools.count(line.school)} skolor; ge dem egna namn i tabellen över skolor",
            )
        elif line.school in places.schools and line.school not in there:
            why = Text(
                "lies where the policy does not act; add its area to the areas, or remove the line",
                "ligger där åtgärden inte verkar; lägg till dess område i areas, eller ta bort raden",
            )
        else:
            continue
        yield ("changes", i, "school"), Text(f'"{line.school}" {why}', f'"{line.school}" {why:sv}')
