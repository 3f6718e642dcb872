"""Work's kernels in plain Python."""

from math import exp, floor, hypot, log, sqrt

from segsim.kernels.draws import Stream, gumbel, normal, uniform

NONE, WOMAN = -1, 0


def pass_news(key, period, people, hear, lose):
    """Next state of people: dicts with id, contacts (ids), employed, since."""
    was = {p["id"]: p["employed"] for p in people.values()}
    for person in people.values():
        if uniform(key, Stream.NEWS, period, person["id"], 0) >= hear:
            continue
        taker = person["id"]
        if was[taker]:
            idle = [c for c in person["contacts"] if not was[c]]
            if not idle:
                continue
            taker = idle[int(uniform(key, Stream.NEWS_TO, period, person["id"], 0) * len(idle))]
        if not people[taker]["employed"]:
            people[taker].update(employed=True, since=period)
    for person in people.values():
        if person["employed"] and uniform(key, Stream.NEWS_LOSS, period, person["id"], 0) < lose:
            person.update(employed=False, since=period)


def news_through_contacts(hear, contacts, employment):
    """The mean field, with the expectation written out over the other contacts' states."""
    if contacts == 0:
        return 0.0
    passes_here, chances = 0.0, 1.0
    for others in range(contacts):
        chances = binomial(contacts - 1, others)
        chances *= (1 - employment) ** others * employment ** (contacts - 1 - others)
        passes_here += chances / (1 + others)
    return 1 - (1 - hear * employment * passes_here) ** contacts


def binomial(n, k):
    out = 1
    for i in range(k):
        out = out * (n - i) // (i + 1)
    return out


def times_heard(u, n, p):
    """Quantile u of the binomial distribution."""
    total = 0.0
    for k in range(n + 1):
        total += binomial(n, k) * p**k * (1 - p) ** (n - k)
        if u < total:
            return k
    return n


def draw_skill(u, own, reach, n_skills):
    weights = [reach ** abs(s - own) for s in range(n_skills)]
    left = u * sum(weights)
    for s, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return s
    return n_skills - 1


def search_jobs(key, year, terms, seekers, vacancies, workplaces, most):
    """Per seeker (workplace, score, if by contact), best first; vacancies are (skill, point, workplace)."""
    lists = []
    for seeker in seekers:
        who = seeker["id"]
        hear = min(1.0, terms.hear * seeker["reach"])
        direct = times_heard(uniform(key, Stream.JOB_HEARD, year, who, 0), 12, hear)
        told = news_through_contacts(hear, terms.contacts, seeker["employment"])
        through = times_heard(uniform(key, Stream.JOB_HEARD, year, who, 1), 12, told)
        found = {}
        for n in range(direct + through):
            if len(found) == most:
                break
            u = uniform(key, Stream.JOB_SKILL, year, who, n)
            skill = draw_skill(u, seeker["skill"], terms.skill_reach, 4)
            ring = sorted((point, w) for s, point, w in vacancies if s == skill)
            if not ring:
                continue
            draw = uniform(key, Stream.JOB_MEETING, year, who, n)
            w = next((w for point, w in ring if point >= draw), ring[0][1])
            if w in found:
                continue
            place = workplaces[w]
            km = hypot(place["x"] - seeker["x"], place["y"] - seeker["y"]) / 1000
            utility = terms.wage_weight * place["wage_level"] - terms.commute_cost * km
            utility += gumbel(key, Stream.JOB_TASTE, year, who, place["id"])
            score = -terms.underqualified * max(0, place["skill"] - seeker["skill"])
            score += terms.ability_weight * seeker["ability"]
            score -= terms.duration_cost * seeker["years_out"] + seeker["penalty"]
            score += terms.referral_bonus * (n >= direct)
            score += gumbel(key, Stream.JOB_SCORE, year, who, place["id"])
            found[w] = (utility, score, n >= direct)
        ranked = sorted(found, key=lambda w: -found[w][0])
        lists.append([(w, *found[w][1:]) for w in ranked])
    return lists


def pay_at(scale, rank):
    """Log pay at a rank on a scale from -4 to 4, drawn on beyond its ends."""
    step = 8 / (len(scale) - 1)
    k = min(max(floor((rank + 4) / step), 0), len(scale) - 2)
    return scale[k] + ((rank + 4) / step - k) * (scale[k + 1] - scale[k])


def rank_of(scale, pay):
    """The rank whose log pay this is, by search."""
    low, high = -1000.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if pay_at(scale, middle) <= pay else (low, middle)
    return low


def luck_of(terms, person, before):
    """What ability does not explain of a person's former rank; None without a former wage."""
    education, ability, wage = person
    if wage <= 0:
        return None
    rank = min(max(rank_of(terms.pay[max(education, 0)], log(wage) - before), -8.0), 8.0)
    return rank - terms.ability * ability


def new_wage(key, year, terms, who, person, others, typical, before, kept):
    """One person's wage of this year; `others` is the former luck of the household's other earners."""
    education, ability, _ = person
    former = luck_of(terms, person, before)
    expected = terms.shared * sum(others) / len(others) if others else 0.0
    left = sqrt((1 - terms.ability**2) * (1 - terms.shared**2 if others else 1))
    kept = 0.0 if former is None else kept
    luck = expected + kept * ((former or 0.0) - expected)
    luck += sqrt(1 - kept**2) * left * normal(key, Stream.WAGE, year, who, 0)
    return exp(typical + pay_at(terms.pay[max(education, 0)], terms.ability * ability + luck))


def typical_wage(terms, education, age, sex, workplace, wage_level):
    """Log wage that education, experience, sex and workplace let expect; and with a year less."""
    level = terms.base + terms.by_education[max(education, 0)]
    level += terms.women * (sex == WOMAN) + (wage_level[workplace] if workplace != NONE else 0.0)
    years = min(max(age - terms.study_ends[max(education, 0)], 0), 40)
    return tuple(
        level + terms.experience * n + terms.experience_squared * n**2 for n in (years, max(years - 1, 0))
    )
