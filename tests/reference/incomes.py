"""Incomes in plain Python, written for reading."""

from segsim.tables import NONE, Activity


def net_income(terms, activity, age, wage):
    """Return one person's income after tax."""
    gross = {
        Activity.EMPLOYED: wage,
        Activity.UNEMPLOYED: min(terms.unemployment_rate * wage, terms.unemployment_cap),
        Activity.OUTSIDE: min(terms.outside_rate * wage, terms.outside_cap),
        Activity.RETIRED: max(terms.pension_rate * wage, terms.pension_floor),
    }.get(activity, 0.0)
    allowance = terms.elderly_allowance if age >= 65 else terms.basic_allowance
    tax = terms.local_tax * max(gross - allowance, 0)
    if gross > terms.state_threshold:
        tax += terms.state_tax * (gross - terms.state_threshold)
    if activity == Activity.EMPLOYED:
        tax -= min(terms.work_credit * wage, terms.work_credit_cap)
    grant = terms.study_grant if activity == Activity.STUDENT and age >= 20 else 0.0
    return gross - max(tax, 0) + grant


def fill_household_incomes(terms, persons, year, units):
    """Return income and standard of each household."""
    income = [0.0] * len(units)
    for p in range(persons.id.size):
        if persons.id[p] != NONE:
            age = year - int(persons.birth_year[p])
            own = net_income(terms, Activity(int(persons.activity[p])), age, float(persons.wage[p]))
            income[persons.household[p]] += own + (terms.child_allowance if age < 16 else 0.0)
    out = []
    for h, unit in enumerate(units):
        total = max(income[h], terms.assistance * unit) if unit > 0 else 0.0
        out.append((total, total / unit if unit > 0 else 0.0))
    return out


def find_scale(standard_at, target, bounds, rounds):
    """Halve the bounds until little is left; return the middle of what is left."""
    low, high = bounds
    for _ in range(rounds):
        middle = (low + high) / 2
        if standard_at(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
