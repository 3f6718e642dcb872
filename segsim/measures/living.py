"""How people live: numbers, shares, work, incomes, homes, and what happened during the year."""

from collections.abc import Iterable, Sequence

import numpy as np

from segsim.catalogue import CATEGORIES
from segsim.flows import Flows
from segsim.indices.inputs.numbers import ratio
from segsim.kernels.counting import count_stock
from segsim.measures.rows import Rows
from segsim.measures.snapshot import Snapshot, sum_by_district
from segsim.policies import Account, ProgrammeAccount
from segsim.tables import NONE, TENURES, Array, Tenure, live

POINTS = 100.0
SEXES = ("woman", "man")
RENTAL = TENURES[: Tenure.COOPERATIVE]

RENTED = "tenure.rental"
"""The share of residents in rental of either kind."""


def add_people(rows: Rows, snap: Snapshot, groupings: Iterable[str]) -> None:
    """Add residents and the share of each category: of the city, of districts and of areas."""
    state = snap.state
    rows.add("population", "", "municipality", float(snap.residents.sum()))
    rows.add("households", "", "municipality", float(live(state.tables.households).size))
    rows.add_each("population", "", "area", state.area_names, snap.residents)
    by_district = sum_by_district(snap, snap.residents)
    rows.add_each("population", "", "district", state.district_names, by_district)
    for grouping in groupings:
        table = snap.by_area(grouping)
        names = [f"{grouping}.{category}" for category in snap.categories(grouping)]
        if grouping == "tenure":
            table = np.column_stack([table, table[:, : len(RENTAL)].sum(axis=1)])
            names.append(RENTED)
        totals = table[:, : len(snap.categories(grouping))].sum(axis=1)
        add_shares(rows, snap, table, names, totals, rows.details(grouping))
    rows.add_each("safety", "", "area", state.area_names, state.tables.areas.safety)
    rows.add_each("service", "", "area", state.area_names, state.tables.areas.service)
    add_offices(rows, snap)


def add_offices(rows: Rows, snap: Snapshot) -> None:
    """Add the share within reach of a service office, of all and by origin, where a policy has opened one."""
    tables, supports = snap.state.tables, snap.state.rules.neighbourhood.supports
    offices = [
        (area, support.office_km) for support in supports for area in support.areas if support.office_km
    ]
    if not offices:
        return
    is_near = np.zeros(tables.cells.id.size + 1, bool)  # the last entry is that of nowhere
    for area, km in offices:
        away = np.hypot(tables.cells.x - tables.areas.x[area], tables.cells.y - tables.areas.y[area])
        is_near[:-1] |= away <= 1000 * km
    persons = tables.persons
    is_near_home = np.append(is_near[snap.homes.cell], False)  # and who is in no household is near nothing
    group = persons.group[is_near_home[persons.household]]
    near = np.bincount(group, minlength=len(snap.state.groups)).astype(np.float64)
    everybody = snap.counts.group.sum(axis=0)
    for grouping in ("background", "origin"):
        parts = (near, everybody) if grouping == "origin" else map(snap.backgrounds, (near, everybody))
        for name, value in zip(snap.categories(grouping), ratio(*parts), strict=True):
            rows.add("near_office", f"{grouping}.{name}", "municipality", float(value))
    rows.add("near_office", "", "municipality", float(ratio(near.sum(), everybody.sum())))


def add_shares(
    rows: Rows, snap: Snapshot, table: Array, names: list[str], totals: Array, by_districts: bool
) -> None:
    """Add the share of each column of areas x categories: of city, areas and, if wanted, districts.

    The share in rental is always given for districts too.
    """
    by_district, all_of_them = sum_by_district(snap, table), sum_by_district(snap, totals)
    names_of_districts = snap.state.district_names
    for k, name in enumerate(names):
        rows.add("share", name, "municipality", float(ratio(table[:, k].sum(), totals.sum())))
        rows.add_each("share", name, "area", snap.state.area_names, ratio(table[:, k], totals))
        if by_districts or name == RENTED:
            rows.add_each(
                "share", name, "district", names_of_districts, ratio(by_district[:, k], all_of_them)
            )


def add_work(rows: Rows, snap: Snapshot) -> None:
    """Add employment and unemployment at 20-64: by area, by origin and sex, and the gaps."""
    state, work = snap.state, snap.counts.work
    by_background = snap.backgrounds(np.moveaxis(work.sum(axis=0), 0, -1))  # sex x kind x background
    employed = ratio(by_background[:, 3], by_background[:, 0])
    for level, names, counts in (
        ("area", state.area_names, work.sum(axis=(1, 2))),
        ("district", state.district_names, sum_by_district(snap, work.sum(axis=(1, 2)))),
    ):
        rows.add_each("employed", "", level, names, ratio(counts[:, 3], counts[:, 0]))
        rows.add_each("unemployed", "", level, names, ratio(counts[:, 2], counts[:, 0]))
    whole = work.sum(axis=(0, 1, 2))
    rows.add("employed", "", "municipality", float(ratio(whole[3], whole[0])))
    rows.add("unemployed", "", "municipality", float(ratio(whole[2], whole[0])))
    of_sex = by_background.sum(axis=2)
    of_background = ratio(by_background[:, 3].sum(axis=0), by_background[:, 0].sum(axis=0))
    for b, name in enumerate(CATEGORIES["background"]):
        rows.add("employed", f"background.{name}", "municipality", float(of_background[b]))
        for s, sex in enumerate(SEXES):
            rows.add("employed", f"background*sex.{name}*{sex}", "municipality", float(employed[s, b]))
    add_employed_by_origin(rows, snap, work.sum(axis=0))
    gap = float(of_background[0] - of_background[1])
    rows.add("employment_gap", "background", "municipality", POINTS * gap)
    women, men = ratio(of_sex[:, 3], of_sex[:, 0])
    rows.add("employment_gap", "sex", "municipality", POINTS * float(men - women))


def add_employed_by_origin(rows: Rows, snap: Snapshot, work: Array) -> None:
    """Add employment of each origin group and sex; `work` is groups x sex x kind."""
    for g, group in enumerate(snap.state.groups):
        both = work[g].sum(axis=0)
        rows.add("employed", f"origin.{group.name}", "municipality", float(ratio(both[3], both[0])))
        for s, sex in enumerate(SEXES):
            rate = float(ratio(work[g, s, 3], work[g, s, 0]))
            rows.add("employed", f"origin*sex.{group.name}*{sex}", "municipality", rate)


def add_housing(rows: Rows, snap: Snapshot) -> None:
    """Add crowding, lodging, queues, moves, prices and rents."""
    households, flows = snap.state.tables.households, snap.state.flows
    lodgers = (households.id != NONE) & (households.home == NONE)
    residents = max(float(snap.residents.sum()), 1.0)
    crowded = snap.backgrounds(snap.counts.crowded)
    rows.add("crowded", "", "municipality", float(crowded.sum()) / residents)
    of_background = ratio(crowded, snap.backgrounds(snap.counts.group.sum(axis=0)))
    for b, name in enumerate(CATEGORIES["background"]):
        rows.add("crowded", f"background.{name}", "municipality", float(of_background[b]))
    rows.add("lodging", "", "municipality", float(households.size[lodgers].sum()) / residents)
    waited = snap.state.year - households.queue_since[lodgers]
    rows.add("queue_years_lodging", "", "municipality", float(waited.mean()) if waited.size else np.nan)
    rows.add("queue_years", "", "municipality", flow_ratio(flows, "queue.years", "queue.lettings"))
    rows.add("chain_length", "", "municipality", flow_ratio(flows, "chains.moves", "chains.number"))
    if "moves.persons" in flows:
        rows.add("move_rate", "", "municipality", flows["moves.persons"] / residents)
    add_tenures(rows, snap)


def add_tenures(rows: Rows, snap: Snapshot) -> None:
    """Add stock, vacancies, moves, turnover, price and fee of each tenure."""
    dwellings, flows = snap.state.tables.dwellings, snap.state.flows
    stock = np.zeros((len(Tenure), 5))
    count_stock(dwellings, stock)
    number, to_let, off_market = stock[:, :3].T
    price, fee = ratio(stock[:, 3], number), ratio(stock[:, 4], number)
    for t, name in enumerate(TENURES):
        grouping = f"tenure.{name}"
        rows.add("dwellings", grouping, "municipality", float(number[t]))
        rows.add("vacant", grouping, "municipality", float(ratio(to_let[t], number[t])))
        rows.add("off_market", grouping, "municipality", float(ratio(off_market[t], number[t])))
        rows.add("fee", grouping, "municipality", float(fee[t]))
        if t >= Tenure.COOPERATIVE:
            rows.add("price", grouping, "municipality", float(price[t]))
        if f"moves.{name}" in flows:
            moves = flows[f"moves.{name}"]
            rows.add("moves", grouping, "municipality", moves)
            lived_in = number[t] - to_let[t] - off_market[t]
            rows.add("turnover", grouping, "municipality", float(ratio(moves, lived_in)))


def add_standard(rows: Rows, snap: Snapshot) -> None:
    """Add the median economic standard of households."""
    values = snap.standards
    middle = values[[(values.size - 1) // 2, values.size // 2]].mean() if values.size else np.nan
    rows.add("standard_median", "", "municipality", float(middle))


def add_flows(rows: Rows, snap: Snapshot) -> None:
    """Add everything the steps noted this year, by its name."""
    for name, value in sorted(snap.state.flows.items()):
        rows.add("flow", name, "municipality", float(value))


def add_accounts(rows: Rows, accounts: Sequence[Account], programme: ProgrammeAccount | None) -> None:
    """Add what each policy cost (MSEK), how many it reached and how far it got; the programme's purse too."""
    for account in sorted(accounts):
        rows.add("policy_cost", account.policy, "municipality", account.cost)
        rows.add("policy_reached", account.policy, "municipality", account.reached)
        rows.add("policy_carried_out", account.policy, "municipality", account.carried_out)
    if programme is not None:
        rows.add("programme_purse", programme.programme, "municipality", programme.purse)
        rows.add("programme_cost", programme.programme, "municipality", programme.cost)
        rows.add("programme_reached", programme.programme, "municipality", programme.reached)


def flow_ratio(flows: Flows, part: str, whole: str) -> float:
    """Return one flow over another, NaN if there was none."""
    return flows[part] / flows[whole] if flows[whole] > 0 else np.nan
