"""The indices in plain Python: from the definitions, with fractions wherever a number is rational."""

from fractions import Fraction
from itertools import combinations, product
from math import comb, exp, hypot, log, nan, sqrt


def clean(counts):
    """Return the counts as fractions without empty units."""
    return [[Fraction(n) for n in row] for row in counts if sum(row) > 0]


def share_of_groups(counts):
    rows = clean(counts)
    total = sum(map(sum, rows))
    return [sum(column) / total for column in zip(*rows, strict=True)] if rows else []


def entropy(shares):
    return -sum(float(p) * log(p) for p in shares if p > 0)


def n_groups(counts):
    return sum(p > 0 for p in share_of_groups(counts))


def pair(counts, a, b):
    return [[row[a], row[b]] for row in counts]


def pair_with_rest(counts, k):
    return [[row[k], sum(row) - row[k]] for row in counts]


def dissimilarity(counts):
    if n_groups(counts) < 2:
        return nan
    rows, p = clean(counts), share_of_groups(counts)
    total, mixed = sum(map(sum, rows)), sum(x * (1 - x) for x in p)
    apart = sum(sum(row) * abs(row[k] / sum(row) - p[k]) for row in rows for k in range(len(p)))
    return float(apart / (2 * total * mixed))


def gini_pair(counts):
    """Mean difference of the share over pairs of people, against its largest possible value."""
    if n_groups(counts) < 2:
        return nan
    rows, p = clean(counts), share_of_groups(counts)[0]
    total = sum(map(sum, rows))
    apart = sum(sum(a) * sum(b) * abs(a[0] / sum(a) - b[0] / sum(b)) for a in rows for b in rows)
    return float(apart / (2 * total**2 * p * (1 - p)))


def gini(counts):
    p = share_of_groups(counts)
    if n_groups(counts) < 2:
        return nan
    weights = [float(x * (1 - x)) for x in p]
    each = [gini_pair(pair_with_rest(counts, k)) for k in range(len(p))]
    return sum(w * g for w, g in zip(weights, each, strict=True) if w > 0) / sum(weights)


def mutual_information(counts):
    rows, p = clean(counts), share_of_groups(counts)
    if not rows:
        return nan
    total = sum(map(sum, rows))
    return float(
        sum(
            float(n / total) * (log(n / sum(row)) - log(p[k])) if n != sum(row) * p[k] else 0.0
            for row in rows
            for k, n in enumerate(row)
            if n > 0
        )
    )


def theil(counts):
    if n_groups(counts) < 2:
        return nan
    return mutual_information(counts) / entropy(share_of_groups(counts))


def squares(counts):
    """Per group, sum_j t_j (p_jk - P_k)^2 / T."""
    rows, p = clean(counts), share_of_groups(counts)
    total = sum(map(sum, rows))
    return [sum(sum(row) * (row[k] / sum(row) - p[k]) ** 2 for row in rows) / total for k in range(len(p))]


def relative_diversity(counts):
    if n_groups(counts) < 2:
        return nan
    return float(sum(squares(counts)) / sum(p * (1 - p) for p in share_of_groups(counts)))


def normalised_exposure(counts):
    if n_groups(counts) < 2:
        return nan
    return float(sum(s / (1 - p) for s, p in zip(squares(counts), share_of_groups(counts), strict=True)))


def squared_variation(counts):
    if n_groups(counts) < 2:
        return nan
    parts = [s / p for s, p in zip(squares(counts), share_of_groups(counts), strict=True) if p > 0]
    return float(sum(parts) / (n_groups(counts) - 1))


def atkinson(counts, b):
    """James and Taeuber's own form, with the odds P / (1 - P) in front."""
    if n_groups(counts) < 2:
        return nan
    rows, p = clean(counts), float(share_of_groups(counts)[0])
    total = float(sum(map(sum, rows)))
    inner = 0.0
    for row in rows:
        here = float(sum(row))
        mine = float(row[0]) / here
        if 0 < mine < 1:
            inner += (1 - mine) ** (1 - b) * mine**b * here / (p * total)
    return 1 - p / (1 - p) * inner ** (1 / (1 - b))


def atkinson_symmetric(counts):
    p = share_of_groups(counts)
    present = [k for k in range(len(p)) if p[k] > 0]
    if len(present) < 2:
        return nan
    rows = clean(counts)
    sizes = {k: sum(row[k] for row in rows) for k in present}
    overlap = 0.0
    for row in rows:
        log_parts = [log(row[k] / sizes[k]) for k in present if row[k] > 0]
        if len(log_parts) == len(present):
            overlap += exp(sum(log_parts) / len(present))
    return 1 - overlap


def exposure(counts):
    rows, k = clean(counts), len(counts[0])
    sizes = [sum(row[a] for row in rows) for a in range(k)]
    return [
        [
            float(sum(row[a] / sizes[a] * row[b] / sum(row) for row in rows)) if sizes[a] else nan
            for b in range(k)
        ]
        for a in range(k)
    ]


def exposure_shortfall(counts):
    matrix, p = exposure(counts), share_of_groups(counts) or [0] * len(counts[0])
    k = len(p)
    return [
        [1 - matrix[a][b] / float(p[b]) if a != b and p[b] > 0 else nan for b in range(k)] for a in range(k)
    ]


def local_information(counts):
    total = sum(map(sum, counts))
    p = [Fraction(sum(column), total) if total else 0 for column in zip(*counts, strict=True)]
    out = []
    for row in counts:
        here = sum(row)
        parts = [n / here * (log(n / here) - log(p[k])) for k, n in enumerate(row) if n > 0]
        out.append(sum(parts) if here else nan)
    return out


def of_counts(counts):
    """Return every index of a table, named as in the fixtures."""
    k, total = len(counts[0]), sum(map(sum, counts))
    p = share_of_groups(counts)
    rests = [pair_with_rest(counts, g) for g in range(k)]
    pairs = [pair(counts, a, b) for a, b in combinations(range(k), 2)]
    own = [exposure(counts)[g][g] for g in range(k)]
    return {
        "D": dissimilarity(counts),
        "G": gini(counts),
        "H": theil(counts),
        "M": mutual_information(counts),
        "R": relative_diversity(counts),
        "P": normalised_exposure(counts),
        "C": squared_variation(counts),
        "E": entropy(p) if total else nan,
        "I": float(sum(x * (1 - x) for x in p)) if total else nan,
        "atkinson_sym": atkinson_symmetric(counts),
        "D_vs_rest": [dissimilarity(x) for x in rests],
        "G_vs_rest": [gini_pair(x) for x in rests],
        "H_vs_rest": [theil(x) for x in rests],
        "V_vs_rest": [relative_diversity(x) for x in rests],
        "A0.5_vs_rest": [atkinson(x, 0.5) for x in rests],
        "A0.1_vs_rest": [atkinson(x, 0.1) for x in rests],
        "A0.9_vs_rest": [atkinson(x, 0.9) for x in rests],
        "isolation": own,
        "interaction_with_rest": [1 - x for x in own],
        "exposure": exposure(counts),
        "norm_exposure_shortfall": exposure_shortfall(counts),
        "D_pair": [dissimilarity(x) for x in pairs],
        "G_pair": [gini_pair(x) for x in pairs],
        "local_M_units": local_information(counts),
        "local_M_groups": local_information([list(column) for column in zip(*counts, strict=True)]),
    }


def spread(p, kind):
    if kind == "R":
        return 4 * p * (1 - p)
    return 0.0 if p in (0, 1) else -(p * log(p, 2) + (1 - p) * log(1 - p, 2))


def rank_order(incomes, units, kind):
    values, n = sorted(set(incomes)), len(incomes)
    share = [0.0] + [sum(x <= v for x in incomes) / n for v in values]
    members = {u: [x for x, w in zip(incomes, units, strict=True) if w == u] for u in set(units)}
    within = total = 0.0
    for i in range(1, len(values)):
        weight = (share[i + 1] - share[i - 1]) / 2
        total += weight * spread(share[i], kind)
        for own in members.values():
            below = sum(x <= values[i - 1] for x in own) / len(own)
            within += weight * len(own) / n * spread(below, kind)
    return 1 - within / total if total > 0 else nan


def classes(incomes, n):
    """Return the class of each income: the smallest k with share at or below <= (k + 1) / n."""
    found = []
    for x in incomes:
        below = Fraction(sum(y <= x for y in incomes), len(incomes))
        found.append(next(k for k in range(n) if below <= Fraction(k + 1, n)))
    return found


def thresholds(counts, kind):
    """Return (share below, spread, index) at every threshold between classes."""
    total, out = sum(map(sum, counts)), []
    for k in range(len(counts[0]) - 1):
        at = sum(sum(row[: k + 1]) for row in counts) / total
        mixed = sum(
            sum(row) / total * spread(sum(row[: k + 1]) / sum(row), kind) for row in counts if sum(row)
        )
        out.append((at, spread(at, kind), mixed))
    return out


def ordinal(counts, kind):
    found = thresholds(counts, kind)
    whole = sum(s for _, s, _ in found)
    return 1 - sum(m for _, _, m in found) / whole if whole > 0 else nan


def polynomial(counts, kind, weighted):
    """Fit the quartic by the normal equations in exact fractions."""
    points = [(at, s, 1 - m / s) for at, s, m in thresholds(counts, kind) if s > 0]
    if len(points) < 5:
        return nan
    rows = [[Fraction(at) ** m for m in range(5)] for at, _, _ in points]
    weights = [Fraction(s) ** 2 if weighted else Fraction(1) for _, s, _ in points]
    left = [
        [sum(w * r[i] * r[j] for w, r in zip(weights, rows, strict=True)) for j in range(5)] for i in range(5)
    ]
    right = [
        sum(w * r[i] * Fraction(p[2]) for w, r, p in zip(weights, rows, points, strict=True))
        for i in range(5)
    ]
    beta = solve(left, right)
    if kind == "R":
        delta = [Fraction(6, (m + 2) * (m + 3)) for m in range(5)]
    else:
        delta = [
            Fraction(2, (m + 2) ** 2)
            + 2 * sum(Fraction((-1) ** (m - n) * comb(m, n), (m - n + 2) ** 2) for n in range(m + 1))
            for m in range(5)
        ]
    return float(sum(b * d for b, d in zip(beta, delta, strict=True)))


def solve(left, right):
    """Solve linear equations by elimination."""
    n = len(right)
    rows = [[*left[i], right[i]] for i in range(n)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i], strict=True)]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def places(n_rows, n_cols):
    return [(r, c) for r in range(n_rows) for c in range(n_cols)]


def neighbours(where, i, contiguity):
    r, c = where[i]
    for j, (y, x) in enumerate(where):
        dr, dc = abs(r - y), abs(c - x)
        if max(dr, dc) == 1 and (contiguity == "queen" or dr + dc == 1):
            yield j


def morrill(counts, where, contiguity):
    full = [i for i, row in enumerate(counts) if sum(row) > 0]
    spots, rows = [where[i] for i in full], [counts[i] for i in full]
    out = []
    for k in range(len(counts[0])):
        share = [row[k] / sum(row) for row in rows]
        steps = [abs(share[i] - share[j]) for i in range(len(rows)) for j in neighbours(spots, i, contiguity)]
        out.append(dissimilarity(pair_with_rest(counts, k)) - (sum(steps) / len(steps) if steps else 0.0))
    return out


def white(counts, where, own):
    def proximity(a, b):
        total = 0.0
        for i, j in product(range(len(where)), repeat=2):
            d = own if i == j else hypot(where[i][0] - where[j][0], where[i][1] - where[j][1])
            total += a[i] * b[j] * exp(-d)
        return total / (sum(a) * sum(b))

    groups = [g for g in zip(*counts, strict=True) if sum(g) > 0]
    if len(groups) < 2:
        return nan
    everybody = [sum(row) for row in counts]
    mean = sum(sum(g) * proximity(g, g) for g in groups) / sum(everybody)
    return mean / proximity(everybody, everybody)


def environments(counts, where, weight):
    out = []
    for here in where:
        w = [weight(hypot(here[0] - y, here[1] - x)) for y, x in where]
        out.append([sum(a * row[k] for a, row in zip(w, counts, strict=True)) for k in range(len(counts[0]))])
    return out


def spatial(counts, where, weight):
    local = environments(counts, where, weight)
    total, p = sum(map(sum, counts)), [float(x) for x in share_of_groups(counts)]
    mixed, k = sum(x * (1 - x) for x in p), len(p)
    h = d = r = 0.0
    matrix = [[0.0] * k for _ in range(k)]
    sizes = [sum(column) for column in zip(*counts, strict=True)]
    for row, near in zip(counts, local, strict=True):
        if sum(row):
            q = [x / sum(near) for x in near]
            h += sum(row) * entropy(q)
            d += sum(row) * sum(abs(q[g] - p[g]) for g in range(k))
            r += sum(row) * sum(x * (1 - x) for x in q)
            for a, b in product(range(k), repeat=2):
                matrix[a][b] += row[a] / sizes[a] * q[b] if sizes[a] else nan
    if mixed == 0:
        return nan, nan, nan, matrix
    return 1 - h / (total * entropy(p)), d / (2 * total * mixed), 1 - r / (total * mixed), matrix


def nearest(counts, where, size, exclude, whole):
    """Follow each person outwards, ring by ring of equal distance."""
    k = len(counts[0])
    sizes = [sum(column) for column in zip(*counts, strict=True)]
    total = sum(sizes)
    out = [[0.0 if sizes[a] else nan for _ in range(k)] for a in range(k)]
    for i, row in enumerate(counts):
        for a in range(k):
            if not row[a]:
                continue
            people = [list(map(Fraction, r)) for r in counts]
            if exclude:
                people[i][a] -= 1
            rings = {}
            for j, (y, x) in enumerate(where):
                rings.setdefault((y - where[i][0]) ** 2 + (x - where[i][1]) ** 2, []).append(j)
            got, found = [Fraction(0)] * k, Fraction(0)
            for distance in sorted(rings):
                ring = [sum(people[j][b] for j in rings[distance]) for b in range(k)]
                if found + sum(ring) >= size:
                    part = Fraction(1) if whole else (size - found) / sum(ring)
                    got = [g + part * r for g, r in zip(got, ring, strict=True)]
                    found = sum(got)
                    break
                got, found = [g + r for g, r in zip(got, ring, strict=True)], found + sum(ring)
            for b in range(k):
                short = exclude and total - 1 < size
                out[a][b] += nan if short else row[a] / sizes[a] * float(got[b] / found)
    return out


def moran(values, where, contiguity, standardised):
    n, mean = len(values), sum(map(Fraction, values)) / len(values)
    z = [v - mean for v in values]
    squared = sum(x * x for x in z)
    if squared == 0:
        return nan, [nan] * n
    lags, weights = [], 0
    for i in range(n):
        near = list(neighbours(where, i, contiguity))
        scale = Fraction(1, len(near)) if standardised and near else 1
        lags.append(sum(z[j] * scale for j in near))
        weights += scale * len(near)
    overall = n / weights * sum(a * b for a, b in zip(z, lags, strict=True)) / squared if weights else nan
    return float(overall), [float(a * b * n / squared) for a, b in zip(z, lags, strict=True)]


def biweight(b):
    return lambda d: (1 - (d / b) ** 2) ** 2 if d <= b else 0.0


def of_grid(counts, n_rows, n_cols):
    """Return every spatial index of a grid, named as in the fixtures."""
    where = places(n_rows, n_cols)
    full = [i for i, row in enumerate(counts) if sum(row)]
    spots = [where[i] for i in full]
    shares = [Fraction(counts[i][0], sum(counts[i])) for i in full]
    out = {f"SD_{c}": morrill(counts, where, c) for c in ("rook", "queen")}
    for name, own in (("white", sqrt(0.6)), ("diag0", 0.0), ("diag06", 0.6)):
        out[f"SP_{name}"] = white(counts, where, own)
    weights = {
        "exp2_0": lambda d: exp(-2 * d),
        "biweight_2.5": biweight(2.5),
        "biweight_4": biweight(4),
        "uniform_2": lambda d: float(d <= 2),
    }
    for name, weight in weights.items():
        h, d, r, matrix = spatial(counts, where, weight)
        out[f"H_spatial_{name}"], out[f"D_spatial_{name}"] = h, d
        out[f"R_spatial_{name}"], out[f"exposure_spatial_{name}"] = r, matrix
    for size in (4, 25):
        out[f"knn_{size}_excl_ego_fractional"] = nearest(counts, where, size, True, False)
        out[f"knn_{size}_incl_ego_fractional"] = nearest(counts, where, size, False, False)
        out[f"knn_{size}_incl_ego_wholering"] = nearest(counts, where, size, False, True)
    for contiguity, standardised in (("rook", True), ("rook", False), ("queen", True)):
        key = f"moran_I_{contiguity}_{'W' if standardised else 'B'}"
        out[key] = moran(shares, spots, contiguity, standardised)[0]
    out["local_moran_queen_W"] = moran(shares, spots, "queen", True)[1]
    return out


def hypergeometric(draws, members, total):
    """Return the exact law of how many of `members` are among `draws` people out of `total`."""
    ways = comb(total, draws)
    low, high = max(0, draws + members - total), min(draws, members)
    return {
        x: Fraction(comb(members, x) * comb(total - members, draws - x), ways) for x in range(low, high + 1)
    }


def binomial(draws, members, total):
    p = Fraction(members, total)
    return {x: comb(draws, x) * p**x * (1 - p) ** (draws - x) for x in range(draws + 1)}


def expected_dissimilarity(counts, law):
    sizes, total = [sum(c) for c in zip(*counts, strict=True)], sum(map(sum, counts))
    if sum(n > 0 for n in sizes) < 2:
        return nan
    apart = 0.0
    for members in sizes:
        for row in counts:
            mean = Fraction(sum(row) * members, total)
            apart += float(sum(p * abs(x - mean) for x, p in law(sum(row), members, total).items()))
    return apart / (2 * total * float(sum(p * (1 - p) for p in share_of_groups(counts))))


def expected_information(counts):
    sizes, total = [sum(c) for c in zip(*counts, strict=True)], sum(map(sum, counts))
    value = 0.0
    for members in sizes:
        for row in counts:
            draws = sum(row)
            for x, p in hypergeometric(draws, members, total).items():
                if x and draws and members:
                    value += float(p) * x / total * log(Fraction(x * total, draws * members))
    return value


def adjusted(value, expected):
    if not expected < 1:
        return nan
    return (value - expected) / ((1 - expected) if value >= expected else expected)


def of_chance(counts):
    """Return what chance gives for a table and the adjusted indices, named as in the fixtures."""
    total, k = sum(map(sum, counts)), n_groups(counts)
    units = sum(sum(row) > 0 for row in counts)
    m, spread_of_groups = expected_information(counts), entropy(share_of_groups(counts))
    h, r = theil(counts), relative_diversity(counts)
    e_r = (units - 1) / (total - 1)
    out = {
        "E_M_hypergeom": m,
        "E_H": m / spread_of_groups,
        "H": h,
        "H_adj_CT": adjusted(h, m / spread_of_groups),
        "M_miller_madow_bias": (units - 1) * (k - 1) / (2 * total),
        "R": r,
        "E_R": e_r,
        "R_adj": adjusted(r, e_r),
    }
    if len(counts[0]) == 2:
        d, exact, near = (
            dissimilarity(counts),
            expected_dissimilarity(counts, hypergeometric),
            expected_dissimilarity(counts, binomial),
        )
        rows = clean(counts)
        x, y = (sum(row[g] for row in rows) for g in (0, 1))
        single = any(sum(row) == 1 for row in rows)
        own = nan if single else float(sum(a / x * (a - 1) / (a + b - 1) for a, b in rows))
        other = nan if single else float(sum(b / y * a / (a + b - 1) for a, b in rows))
        out |= {
            "D": d,
            "E_D_hypergeom": exact,
            "E_D_binomial": near,
            "D_adj_CT_binomial": adjusted(d, near),
            "D_adj_CT_hypergeom": adjusted(d, exact),
            "xPx_excl_self": own,
            "yPx_excl_self": other,
            "S_fossett": own - other,
            "E_S_fossett": -1 / (total - 1),
        }
    return out


def of_incomes(incomes, units, bins10=None, bins20=None):
    """Return the income indices, named as in the fixtures."""
    out = {"HR_exact": rank_order(incomes, units, "H"), "RR_exact": rank_order(incomes, units, "R")}
    for n, bins in ((10, bins10), (20, bins20)):
        if bins:
            out |= {
                f"ordinal_H_{n}": ordinal(bins, "H"),
                f"ordinal_R_{n}": ordinal(bins, "R"),
                f"HR_poly4_OLS_{n}": polynomial(bins, "H", False),
                f"RR_poly4_OLS_{n}": polynomial(bins, "R", False),
                f"HR_poly4_WLS_{n}": polynomial(bins, "H", True),
            }
    return out


def of_schools(rows, n_zones, n_schools, n_groups_, district):
    """Return school and residential segregation of (zone, school, group, children) rows."""
    zone = [[0] * n_groups_ for _ in range(n_zones)]
    school = [[0] * n_groups_ for _ in range(n_schools)]
    joint = {}
    for z, s, g, n in rows:
        zone[z][g] += n
        school[s][g] += n
        joint.setdefault((z, s), [0] * n_groups_)[g] += n
    both = list(joint.values())
    m_zone, m_school, m_joint = map(mutual_information, (zone, school, both))
    out = {
        "M_zone": m_zone,
        "M_school": m_school,
        "M_joint_zone_school": m_joint,
        "M_school_given_zone": m_joint - m_zone,
        "M_zone_given_school": m_joint - m_school,
        "excess_M": m_school - m_zone,
    }
    for name, index in (("H", theil), ("D", dissimilarity), ("V", relative_diversity)):
        out |= {
            f"{name}_zone": index(zone),
            f"{name}_school": index(school),
            f"excess_{name}": index(school) - index(zone),
        }
    names = sorted(set(district))
    parts = [[row for row, d in zip(school, district, strict=True) if d == name] for name in names]
    sums = [[sum(column) for column in zip(*part, strict=True)] for part in parts]
    total, spread_of_groups = sum(map(sum, school)), entropy(share_of_groups(school))
    out["M_between_district"] = mutual_information(sums)
    out["M_within_district"] = sum(
        sum(s) / total * mutual_information(p) for s, p in zip(sums, parts, strict=True) if sum(s)
    )
    for name in ("between", "within"):
        out[f"H_{name}_district"] = out[f"M_{name}_district"] / spread_of_groups
    return out


def fitted(association, unit_margin, group_margin):
    """Fit a table to margins by turns, for long."""
    table = [list(map(float, row)) for row in association]
    for _ in range(20_000):
        for k in range(len(group_margin)):
            factor = group_margin[k] / sum(row[k] for row in table)
            for row in table:
                row[k] *= factor
        worst = 0.0
        for row, margin in zip(table, unit_margin, strict=True):
            factor = margin / sum(row)
            worst = max(worst, abs(factor - 1))
            row[:] = [n * factor for n in row]
        if worst < 1e-14:
            break
    return table


def of_change(before, after):
    """Return the parts of a change in M, named as in the fixtures."""
    kept_units = [j for j in range(len(before)) if sum(before[j]) and sum(after[j])]
    columns = range(len(before[0]))
    kept = [k for k in columns if sum(r[k] for r in before) and sum(r[k] for r in after)]
    a, b = ([[t[j][k] for k in kept] for j in kept_units] for t in (before, after))
    shares = {}
    for name, t in (("A", a), ("B", b)):
        filled = [[n or 1e-10 for n in row] for row in t]
        total = sum(map(sum, filled))
        shares[name] = [[n / total for n in row] for row in filled]
    m = {"AAA": mutual_information(a), "BBB": mutual_information(b)}
    for name in ("AAB", "ABA", "ABB", "BAA", "BAB", "BBA"):
        group, unit, association = (shares[x] for x in name)
        units = [sum(row) for row in unit]
        m[name] = mutual_information(fitted(association, units, [sum(c) for c in zip(*group, strict=True)]))
    m1, m2 = mutual_information(before), mutual_information(after)
    return {
        "M1": m1,
        "M2": m2,
        "diff": m2 - m1,
        "additions": m2 - m["BBB"],
        "removals": m["AAA"] - m1,
        "group_marginal": (
            m["BAA"] - m["AAA"] + m["BBA"] - m["ABA"] + m["BBB"] - m["ABB"] + m["BAB"] - m["AAB"]
        )
        / 4,
        "unit_marginal": (
            m["ABA"] - m["AAA"] + m["BBA"] - m["BAA"] + m["BBB"] - m["BAB"] + m["ABB"] - m["AAB"]
        )
        / 4,
        "structural": (m["AAB"] - m["AAA"] + m["BBB"] - m["BBA"]) / 2,
    }
