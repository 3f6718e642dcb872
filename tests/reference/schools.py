"""School choice and priorities in plain Python: one guardian, one school, one sentence at a time."""

import math

from segsim.kernels.draws import Stream, gumbel, normal, uniform
from segsim.tables import NONE

FAR = 1000.0


def value_of_share(x, peak, value_at_one):
    """V(x; f, M): from 0 up to 1 at the peak, then down to M."""
    if x <= peak:
        return x / peak
    return value_at_one + (1 - x) * (1 - value_at_one) / (1 - peak)


def kilometres(applicants, campus, i, s):
    return math.hypot(applicants.x[i] - campus.x[s], applicants.y[i] - campus.y[s]) / 1000


def composition_value(applicants, campus, taste, i, s):
    return value_of_share(campus.share[s, applicants.kind[i]], taste.peak, taste.value_at_one)


def utility(applicants, campus, taste, i, s):
    """What is published about a school, and its appeal."""
    composition, distance, merit, education, provider, _, _ = applicants.weights[i]
    appeal = campus.appeal[s, applicants.kind[i], applicants.education[i]]
    value = composition_value(applicants, campus, taste, i, s)
    like_us = campus.educated[s, 1] if applicants.education[i] >= 2 else campus.educated[s, 0]
    km = max(0.0, kilometres(applicants, campus, i, s) - taste.transport_km)
    rest = merit * campus.merit[s] + provider * campus.is_independent[s]
    rest += education * value_of_share(like_us, taste.peak, taste.value_at_one)
    if taste.is_cobb_douglas:
        a = composition / (composition + distance) if composition + distance > 0 else 0.5
        nearness = max(0.0, 1 - km / taste.far_km)
        return taste.scale * (value**a * nearness ** (1 - a) + rest) + appeal
    if taste.is_sigmoid:
        km = 1 / (1 + math.exp(-(km - taste.sigmoid_km) / taste.sigmoid_width))
    return taste.scale * (composition * value - distance * km + rest) + appeal


def felt(key, applicants, campus, taste, siblings, i, s):
    """What a guardian orders schools by."""
    composition, _, merit, _, _, sibling, noise = applicants.weights[i]
    error = noise * normal(key, Stream.SCHOOL_ERROR, 0, applicants.id[i], campus.id[s])
    seen = utility(applicants, campus, taste, i, s)
    seen += taste.scale * (merit * error + sibling * siblings[i, s])
    rule = ["logit", "best", "threshold", "heuristic"][taste.rule]
    value, km = composition_value(applicants, campus, taste, i, s), kilometres(applicants, campus, i, s)
    if rule == "logit":
        return seen + gumbel(key, Stream.SCHOOL_TASTE, 0, applicants.id[i], campus.id[s])
    if rule == "best":
        return seen
    if rule == "threshold":
        return 1e6 - km if value >= taste.threshold else seen
    first = math.floor(value / taste.noticeable) if composition else 0
    then = math.floor((campus.merit[s] + error) / taste.noticeable) if merit else 0
    return 1e8 * first + 1e4 * then - max(0.0, km - taste.transport_km)


def teaching(applicants, campus, i):
    """Schools with the grade other than the present one, nearest first."""
    there = [
        s
        for s in range(len(campus.id))
        if campus.first_grade[s] <= applicants.grade[i] <= campus.last_grade[s] and s != applicants.current[i]
    ]
    return sorted(there, key=lambda s: kilometres(applicants, campus, i, s))


def going_by_default(applicants, campus, taste, i, k):
    """Municipal schools as those who do not choose list them, a redrawn catchment's first."""
    by_distance = teaching(applicants, campus, i)
    municipal = [s for s in by_distance if not campus.is_independent[s]][: max(k, 2)]

    def detour(s):
        appeal = campus.appeal[s, applicants.kind[i], applicants.education[i]]
        return kilometres(applicants, campus, i, s) - taste.appeal_km * appeal

    municipal.sort(key=detour)
    own = applicants.catchment[i]
    if own in by_distance:
        municipal = [own] + [s for s in municipal if s != own]
    return municipal


def considered(applicants, campus, taste, i, k):
    """The schools an active guardian thinks of, nearest first."""
    by_distance, municipal = (
        teaching(applicants, campus, i),
        going_by_default(applicants, campus, taste, i, k),
    )
    near = by_distance[: taste.nearest]
    independent = [
        s
        for s in by_distance
        if campus.is_independent[s]
        and (s in near or kilometres(applicants, campus, i, s) <= taste.independent_km)
    ]
    public = [] if taste.is_catchment else [s for s in near if not campus.is_independent[s]]
    return [s for s in by_distance if s in {*independent, *public, *municipal[:1]}]


def chances(applicants, campus, taste, i, k, chooses):
    """How likely each school is the one a family wishes, who goes by default or chooses by logit."""
    if not chooses:
        return {s: 1.0 for s in going_by_default(applicants, campus, taste, i, k)[:1]}
    weight = {
        s: math.exp(utility(applicants, campus, taste, i, s))
        for s in considered(applicants, campus, taste, i, k)
    }
    return {s: value / sum(weight.values()) for s, value in weight.items()}


def list_schools(key, applicants, campus, taste, siblings, i, k):
    """The ranked list of one applicant."""
    municipal, current = going_by_default(applicants, campus, taste, i, k), applicants.current[i]
    chosen = []
    if applicants.is_active[i]:
        worth = {
            s: felt(key, applicants, campus, taste, siblings, i, s)
            for s in considered(applicants, campus, taste, i, k)
        }
        if current != NONE:
            least = felt(key, applicants, campus, taste, siblings, i, current) + taste.inertia
            worth = {s: value for s, value in worth.items() if value > least}
        chosen = sorted(worth, key=lambda s: -worth[s])[:k]
    if current != NONE:
        if not applicants.is_active[i]:
            here = kilometres(applicants, campus, i, current)
            chosen = [s for s in municipal[:k] if kilometres(applicants, campus, i, s) < here]
        return chosen
    if municipal and municipal[0] not in chosen:
        chosen = [*chosen[: k - 1], municipal[0]]
    if taste.is_catchment or not applicants.is_active[i]:
        chosen += [s for s in municipal if s not in chosen][: k - len(chosen)]
    return chosen


def earliness(u, taste, education):
    return u ** (1 / (1 + taste.queue_education * education))


def queue_years(key, applicants, campus, taste, i, s):
    u = uniform(key, Stream.SCHOOL_QUEUE, 0, applicants.id[i], campus.id[s])
    return applicants.queue_years[i] * earliness(u, taste, applicants.education[i])


def priority(key, year, applicants, campus, taste, has_sibling, i, s):
    """Priority for ordinary seats and for seats drawn by lot."""
    km = kilometres(applicants, campus, i, s)
    drawn_for = 0 if taste.has_one_lot else campus.id[s]
    lot = uniform(key, Stream.SCHOOL_LOTTERY, year, applicants.id[i], drawn_for)
    sent = uniform(key, Stream.SCHOOL_APPLICATION, year, applicants.id[i], 0)
    municipal = [
        kilometres(applicants, campus, i, q)
        for q in teaching(applicants, campus, i)
        if not campus.is_independent[q]
    ]
    nearest, next_nearest = [*municipal, FAR, FAR][:2]
    other = next_nearest if km <= nearest else nearest
    points = [
        -km,
        other - km,
        queue_years(key, applicants, campus, taste, i, s),
        lot,
        earliness(sent, taste, applicants.education[i]),
        applicants.attainment[i],
    ][campus.rule[s]]
    if campus.rule[s] in (0, 1) and s == applicants.catchment[i]:
        points += 1e4
    first = 1e6 if has_sibling else 0.0
    return first + points, first + lot
