"""The household sums in plain Python, written for reading."""

from segsim.tables import NONE, Role


def sum_households(persons, year, n_households):
    """Return one dict of sums per household row."""
    members = {h: [] for h in range(n_households)}
    for p in range(persons.id.size):
        if persons.id[p] != NONE:
            members[int(persons.household[p])].append(p)
    return {h: sums_of(persons, year, rows) for h, rows in members.items() if rows}


def sums_of(persons, year, rows):
    """Return the sums of the household made of these persons."""
    age = {p: year - int(persons.birth_year[p]) for p in rows}
    head = min(rows, key=lambda p: (persons.birth_year[p], persons.id[p]))
    adults = [p for p in rows if age[p] >= 18]
    grown = [p for p in rows if age[p] >= 20]
    return {
        "size": len(rows),
        "adults": len(adults),
        "children": len(rows) - len(adults),
        "head_birth_year": int(persons.birth_year[head]),
        "group": int(persons.group[head]),
        "education": max([0] + [int(persons.education[p]) for p in adults]),
        "units": units_of(len(rows), len(grown), any(persons.role[p] == Role.PARTNER for p in grown)),
    }


def units_of(size, grown, paired):
    """Return the consumption units by Statistics Sweden's scale."""
    adults = max(grown, 1)
    weights = [1.0] + [0.51 if paired else 0.60] + [0.60] * max(adults - 2, 0)
    children = [0.52] + [0.42] * size
    return sum(weights[:adults]) + sum(children[: size - adults])
