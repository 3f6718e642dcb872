"""Counting residents and pupils one person at a time."""

from segsim.tables import NONE, Activity


def home_of(tables, household):
    """Return the dwelling a household lives in, its host's while it lodges; None for nobody."""
    households = tables.households
    host = household if households.home[household] != NONE else households.lodging_with[household]
    if host == NONE or households.home[host] == NONE:
        return None
    return int(households.home[host])


def under_roof(tables, dwelling):
    """Return how many persons live in a dwelling, lodgers included."""
    return sum(
        int(tables.households.size[h])
        for h in range(tables.households.id.size)
        if tables.households.id[h] != NONE and home_of(tables, h) == dwelling
    )


def income_class(standard, national_median):
    if standard < 0.6 * national_median:
        return 0
    return 2 if standard >= 2.0 * national_median else 1


def residents(tables, year, is_foreign, national_median):
    """Return one plain record per person with a home."""
    out = []
    persons = tables.persons
    for p in range(persons.id.size):
        if persons.id[p] == NONE:
            continue
        h = int(persons.household[p])
        home = home_of(tables, h)
        if home is None:
            continue
        cell = int(tables.dwellings.cell[home])
        rooms = max(float(tables.dwellings.rooms[home]) - 1, 0.5)
        out.append(
            {
                "row": p,
                "cell": cell,
                "area": int(tables.cells.area[cell]),
                "group": int(persons.group[p]),
                "foreign": bool(is_foreign[persons.group[p]]),
                "sex": int(persons.sex[p]),
                "age": year - int(persons.birth_year[p]),
                "education": int(persons.education[p]),
                "employed": persons.activity[p] == Activity.EMPLOYED,
                "unemployed": persons.activity[p] == Activity.UNEMPLOYED,
                "income": income_class(float(tables.households.standard[h]), national_median),
                "tenure": int(tables.dwellings.tenure[home]),
                "crowded": under_roof(tables, home) > 2 * rooms,
                "school": int(persons.school[p]),
                "parents": int(persons.parent_education[p]),
            }
        )
    return out


def counted(people, key, n_keys, column, n_columns, chosen=lambda person: True):
    """Return a table of people by two of their properties."""
    table = [[0] * n_columns for _ in range(n_keys)]
    for person in people:
        if chosen(person):
            table[person[key]][int(person[column])] += 1
    return table
