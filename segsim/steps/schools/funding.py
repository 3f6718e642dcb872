"""Money for schools: the ordinary grant by need, and supports to schools in greatest need."""

from typing import NamedTuple

import numpy as np

from segsim.rules.schools import SchoolSupport
from segsim.state import CityState
from segsim.tables import NONE, Array, Provider, municipality_of_cells


class Grants(NamedTuple):
    """What each school gets above the base this year, one entry per school in the order of ids.

    `need` and `supports` are money (kSEK a year and pupil), `lacking` is that which did not follow pupils of
    closed schools, `ordinary` the part that counts as ordinary resources; `teachers` is the relative gain in
    teachers per pupil, `merit_sd` the supports' own gain in achievement over ten years (SD),
    `eligibility_pp` the percentage points more pupils who become eligible.
    """

    need: Array
    supports: Array
    lacking: Array
    ordinary: Array
    teachers: Array
    merit_sd: Array
    eligibility_pp: Array


def school_grants(state: CityState, order: Array) -> Grants:
    """Return what the rules give each school."""
    rules, schools = state.rules.schools, state.tables.schools
    effect = state.preferences.schools.achievement
    # only below the mean: the grant adds, it takes from no school; each municipality pays its own
    municipality = municipality_of_cells(state.tables)[schools.cell[order]]
    need = np.zeros(order.size)
    for m in range(len(state.municipality_codes)):
        own = municipality == m
        need[own] = np.maximum(-standard_scores(schools.ses[order[own]].astype(np.float64)), 0.0)
    need *= rules.need_grant
    unfunded = find_unfunded(state, order)
    lacking = rules.base_grant * unfunded
    # the teachers there are have so many more pupils
    ordinary, teachers = need - lacking, rules.need_teachers * need / effect.reference_grant - unfunded
    supports, merit_sd, eligibility_pp = np.zeros((3, order.size))
    for support in rules.supports:
        given = support_grant(state, order, support)
        supports += given
        # money tied to less experienced teachers works through its own effects, or would count twice
        ordinary += given * (not support.teacher_quality_penalty)
        teachers += support.teacher_density_gain * given / effect.reference_grant
        merit_sd += support.merit_effect_points_per_1000sek * given / effect.points_per_sd
        eligibility_pp += support.eligibility_effect_pp * given / effect.reference_grant
    return Grants(need, supports, lacking, ordinary, teachers, merit_sd, eligibility_pp)


def find_unfunded(state: CityState, order: Array) -> Array:
    """Return the share of each municipal school's pupils whose money did not follow from a closed school."""
    schools, persons = state.tables.schools, state.tables.persons
    share = np.zeros(order.size)
    if persons.is_unfunded.any():
        attends = persons.school != NONE
        pupils, unfunded = (
            np.bincount(persons.school[rows], minlength=schools.id.size)[order]
            for rows in (attends, attends & persons.is_unfunded)
        )
        is_municipal = schools.provider[order] == Provider.MUNICIPAL
        share = np.where(is_municipal, unfunded / np.maximum(pupils, 1), 0.0)
    return share


def support_grant(state: CityState, order: Array, support: SchoolSupport) -> Array:
    """Return what one support gives each school, kSEK a year and pupil.

    Of the schools in its areas with a known figure, the share in greatest need gets it: all of it at the
    first, then falling in equal steps that would reach 0 at the next school after the last.
    """
    schools = state.tables.schools
    figure = (schools.published_merit if support.criterion == "merit" else schools.ses)[order]
    known = np.isfinite(figure)
    if support.areas is not None:
        known &= np.isin(state.tables.cells.area[schools.cell[order]], support.areas)
    line = np.flatnonzero(known)
    # by need, and by id where two are alike, since `order` is by id
    line = line[np.argsort(figure[line], kind="stable")]
    line = line[: round(support.share_of_schools * line.size)]
    given = np.zeros(order.size)
    given[line] = support.sek_per_pupil / 1000 * (1 - np.arange(line.size) / max(line.size, 1))
    return given


def programme_gains(state: CityState, order: Array) -> Array:
    """Return what quality programmes add to each school's yearly gain (SD a year)."""
    schools, effect = state.tables.schools, state.preferences.schools.achievement
    merit = schools.published_merit[order]
    gains = np.zeros(order.size)
    for programme in state.rules.schools.quality_programmes:
        takes_part = schools.provider[order] == Provider.MUNICIPAL
        if programme.areas is not None:
            takes_part &= np.isin(state.tables.cells.area[schools.cell[order]], programme.areas)
        line = np.flatnonzero(takes_part & np.isfinite(merit))
        # by merit value, and by id where two are alike, since `order` is by id
        line = line[np.argsort(merit[line], kind="stable")]
        points = np.where(takes_part, programme.points_others, 0.0)
        points[line[: round(programme.low_share * line.size)]] = programme.points_low
        gains += points / effect.points_per_sd
    return gains


def pay_grants(state: CityState, order: Array, grants: Grants, pupils: Array) -> None:
    """Write money and teachers per pupil into the schools, and note what the supports cost (MSEK)."""
    schools = state.tables.schools
    schools.resources[order] = grants.need + grants.supports - grants.lacking
    schools.teacher_density[order] = state.rules.schools.teacher_density * (1 + grants.teachers)
    state.flows["schools.supports_msek"] = float((grants.supports * pupils).sum() / 1000)
    if grants.lacking.any():
        state.flows["schools.saved_msek"] = float((grants.lacking * pupils).sum() / 1000)


def standard_scores(values: Array) -> Array:
    """Return known values in SD over schools around their mean; 0 where unknown or all alike."""
    known = np.isfinite(values)
    if not known.any() or values[known].std() == 0:
        return np.zeros(values.size)
    return np.where(known, (values - values[known].mean()) / values[known].std(), 0.0)
