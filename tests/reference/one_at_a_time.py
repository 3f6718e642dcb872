"""The one-at-a-time mode in plain Python, for reading: every neighbourhood is looked at anew.

It uses the same draws in the same order as the kernels, so both must end on the same board.
"""

import itertools
import math

from segsim.kernels.draws import Stream, bits
from segsim.rules.board.relocation import OneAtATime
from segsim.scenario.board.grid import Grid

EPS = 1e-9


def nth(base, i):
    """Return the i-th uniform of a sequence (SplitMix64)."""
    most = 2**64 - 1
    z = (base + i * 0x9E3779B97F4A7C15) & most
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & most
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & most
    return ((z ^ (z >> 31)) >> 11) / 2**53


def preference(shape, x, a, b, c, d, points):
    """Return the utility of a share; shapes by their number in `PreferenceShape`."""
    if shape == 0:
        return 1.0 if x >= a - EPS else b
    if shape == 2:
        if x <= a:
            return c + (1 - c) * x / a if a > 0 else 1.0
        return b + (1 - x) * (1 - b) / (1 - a) if a < 1 else 1.0
    if shape == 5:
        if x <= a + EPS:
            return c + (1 - c) * min(x, a) / a if a > 0 else 1.0
        return b + (1 - x) * (d - b) / (1 - a)
    if shape == 6:
        n = int(points[0])
        places = list(zip(points[1 : n + 1], points[n + 1 : 2 * n + 1], strict=True))
        for (x0, y0), (x1, y1) in itertools.pairwise(places):
            if x <= x1 + EPS:
                return y0 + min(1.0, (x - x0) / (x1 - x0)) * (y1 - y0) if x1 > x0 else y0
        return places[-1][1]
    if shape == 3:
        return math.floor(x * a + EPS) / a
    return x


def best(values, u):
    """Return the place of the largest value, ties broken evenly by `u`."""
    top = max(values)
    ties = [i for i, value in enumerate(values) if value >= top - EPS]
    return ties[int(u * len(ties))]


def logit(values, beta, u):
    """Return a place drawn with probability in proportion to exp(beta * value)."""
    weights = [math.exp(beta * (value - max(values))) for value in values]
    left = u * sum(weights)
    for i, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return i
    return len(values) - 1


class PlainBoard:
    """A board as a dictionary of squares; takes its start from a `Relocation`."""

    def __init__(self, relocation):
        self.grid: Grid = relocation.grid
        self.mode: OneAtATime = relocation.mode
        self.names = relocation.names
        self.key = relocation.key
        self.wants, self.curves = relocation.board.wants, relocation.board.numbers.tolist()
        who = relocation.board.who
        self.group, self.taste = who["group"].tolist(), who["taste"].tolist()
        # of several dwellings on a square each is a column
        self.each, self.columns = self.grid.dwellings_per_square, self.grid.dwellings_per_row
        self.home = {h: divmod(int(s), self.columns) for h, s in enumerate(relocation.tables.households.home)}
        self.occupant = {square: h for h, square in self.home.items()}
        tables = relocation.tables
        self.status, self.wealth = tables.households.standard.tolist(), tables.households.wealth.tolist()
        self.quality = tables.dwellings.quality.tolist()
        squares = [(r, k) for r in range(self.grid.rows) for k in range(self.columns)]
        pool_of = relocation.board.spot["pool"][relocation.inner].tolist()
        self.pool = dict(zip(squares, pool_of, strict=True))
        self.admits = relocation_admits(relocation)
        self.vacancies = [
            [s for s in squares if s not in self.occupant and self.pool[s] == pool]
            for pool in range(len(self.admits))
        ]
        self.traits = [{name: i for i, name in enumerate(self.names)}] + [
            {name: i for i, members in enumerate(categories.values()) for name in members}
            for categories in self.mode.traits.values()
        ]

    # neighbourhoods -----------------------------------------------------------------------------------

    def around(self, square):
        """Return the squares around one, each with its weight."""
        area = self.mode.neighbourhood.shape == "areas"
        return self.area_around(square) if area else [(s, 1.0) for s in self.window(square)]

    def window(self, square):
        """Return the squares of a moving neighbourhood, those of the same square first."""
        hood, grid = self.mode.neighbourhood, self.grid
        rows, columns = hood.reach
        rows = 0 if grid.rows == 1 else rows
        found = [other for other in self.flats((square[0], square[1] // self.each)) if other != square]
        for i in range(-rows, rows + 1):
            for j in range(-columns, columns + 1):
                far = hood.shape == "von_neumann" and abs(i) + abs(j) > hood.radius
                far |= hood.shape == "euclidean" and i * i + j * j > hood.radius**2 + EPS
                if (i, j) == (0, 0) or far:
                    continue
                r, k = square[0] + i, square[1] // self.each + j
                if grid.torus:
                    found += self.flats((r % grid.rows, k % grid.columns))
                elif 0 <= r < grid.rows and 0 <= k < grid.columns:
                    found += self.flats((r, k))
        return found

    def flats(self, square):
        """Return the dwellings of a square."""
        return [(square[0], square[1] * self.each + i) for i in range(self.each)]

    def block(self, square):
        """Return the block of a square."""
        blocks = self.grid.blocks
        return (square[0] // blocks.height, square[1] // self.each // blocks.width) if blocks else (0, 0)

    def area_around(self, square):
        """Return all other squares of the same block, and those of adjacent ones with their weight."""
        mine, weight, found = self.block(square), self.mode.neighbourhood.neighbour_weight, []
        for other in self.pool:
            block = self.block(other)
            apart = [abs(mine[axis] - block[axis]) for axis in (0, 1)]
            if self.grid.torus:
                sizes = (self.grid.block_rows, self.grid.block_columns)
                apart = [min(a, n - a) for a, n in zip(apart, sizes, strict=True)]
            if block == mine and other != square:
                found.append((other, 1.0))
            elif block != mine and weight and max(apart) <= 1:
                found.append((other, weight))
        return found

    def utility(self, h, square):
        """Return the utility a household would have on a square, everybody else staying."""
        if self.grid.elsewhere is not None and self.block(square) == (
            self.grid.block_rows - 1,
            self.grid.block_columns - 1,
        ):
            return self.grid.elsewhere
        counting = self.mode.neighbourhood.counts_self
        seen = self.around(square)
        places = sum(weight for _, weight in seen) + (counting != "never")
        people = [(self.occupant[s], weight) for s, weight in seen if s in self.occupant]
        if counting == "at_home":
            people += [(h, 1.0)] if self.home[h] == square else []
        else:
            people = [(other, weight) for other, weight in people if other != h]
            people += [(h, 1.0)] if counting == "always" else []
        total = 0.0
        for t, category in enumerate(self.traits):
            weight, if_empty, shape, demand, a, b, c, d, at = self.wants[self.taste[h], t].tolist()
            mine = category[self.names[self.group[h]]]
            like = sum(w for other, w in people if category[self.names[self.group[other]]] == mine)
            everyone = sum(w for _, w in people)
            whole = (everyone, places, 1.0)[int(demand)]
            if demand == 0 and everyone <= EPS:
                value = if_empty
            elif shape == 4:
                value = 1.0 if like >= math.floor(a * whole + 0.5 + EPS) else b
            else:
                value = preference(
                    int(shape), like / whole if whole > 0 else 0.0, a, b, c, d, self.curves[at:]
                )
            total += weight * value
        return total + (self.worth_on_market(h, square) if self.mode.market else 0.0)

    def worth_on_market(self, h, square):
        """Return what price, quality and the status around add, or what a household lacks to live there."""
        market, seen = self.mode.market, self.around(square)
        others = [(self.occupant[s], weight) for s, weight in seen if self.occupant.get(s, h) != h]
        n = sum(weight for _, weight in others)

        def mean(numbers):
            return sum(weight * numbers[m] for m, weight in others) / n if n else sum(numbers) / len(numbers)

        status, wealth = mean(self.status), mean(self.wealth)
        quality = self.quality[square[0] * self.columns + square[1]]
        price = market.price.base + market.price.status * status + market.price.wealth * wealth
        price += market.price.quality * quality
        if seen:
            price += market.price.occupied * n / sum(weight for _, weight in seen)
        if market.must_afford and price > self.wealth[h] + EPS:
            return -1e6 * (1 + price - self.wealth[h])
        return market.worth.status * status + market.worth.quality * quality - market.worth.price * price

    def satisfied(self, h, square=None):
        """Tell whether a household is satisfied on a square, by default at home."""
        square = self.home[h] if square is None else square
        return self.utility(h, square) >= self.mode.rule.satisfied_at - EPS

    # turns --------------------------------------------------------------------------------------------

    def step(self, step):
        """Let households act as `take_step` does; return turns and moves."""
        self.base, self.drawn = int(bits(self.key, int(Stream.TURN), step, 0, 0)), 0
        activation = self.mode.activation
        kind, number = activation.households, activation.number or len(self.home)
        listed = self.listed()
        turns = min(number, len(listed)) if kind in ("all_in_order", "unsatisfied_at_start") else number
        moves = 0
        if kind == "unsatisfied_only":
            self.queue = [h for h in sorted(self.home) if not self.satisfied(h)]
        for i in range(turns):
            h = self.whose_turn(listed, i)
            if h is None:
                return i, moves
            moves += self.swap(h) if self.mode.candidates.squares == "swap" else self.act(h)
        return turns, moves

    def draw(self):
        """Return the next uniform of the step."""
        self.drawn += 1
        return nth(self.base, self.drawn - 1)

    def below(self, n):
        """Return the next whole number below `n`."""
        return int(self.draw() * n)

    def listed(self):
        """Return who may act, in order."""
        activation = self.mode.activation
        households = sorted(self.home)
        if activation.households in ("all_in_order", "unsatisfied_at_start"):
            if activation.order == "reading":
                households.sort(key=lambda h: self.home[h])
            if activation.order == "centre_outward":
                middle = (self.grid.rows - 1) / 2, (self.grid.columns - 1) / 2
                households.sort(key=lambda h: self.home[h])
                households.sort(
                    key=lambda h: (
                        (self.home[h][0] - middle[0]) ** 2 + (self.home[h][1] // self.each - middle[1]) ** 2
                    )
                )
        if activation.households == "unsatisfied_at_start":
            households = [h for h in households if not self.satisfied(h)]
        return households

    def whose_turn(self, listed, i):
        """Return whose turn is the i-th."""
        kind = self.mode.activation.households
        if kind == "unsatisfied_only":
            return self.queue[self.below(len(self.queue))] if self.queue else None
        if kind == "one_of_each_group":
            groups = [[h for h in sorted(self.home) if self.group[h] == g] for g in range(len(self.names))]
            groups = [members for members in groups if members]
            members = groups[i % len(groups)]
            return members[self.below(len(members))]
        if kind == "random_with_replacement":
            return listed[self.below(len(listed))] if listed else None
        if self.mode.activation.order == "random":
            j = i + self.below(len(listed) - i)
            listed[i], listed[j] = listed[j], listed[i]
        return listed[i]

    def asks(self):
        """Tell whether a household first asks whether it is satisfied."""
        rule, activation = self.mode.rule, self.mode.activation
        fixed = activation.households == "unsatisfied_at_start" and not activation.recheck
        return (rule.kind == "threshold" or rule.only_unsatisfied) and not fixed

    def act(self, h):
        """Let a household look around and move if it chooses to."""
        rule, restless = self.mode.rule, False
        if self.asks() and self.satisfied(h):
            if rule.restless == 0 or self.draw() >= rule.restless:
                return 0
            restless = True
        seen = self.look(h)
        if not seen:
            return 0
        if restless and rule.restless_goes == "anywhere":
            target = seen[self.below(len(seen))]
        elif rule.kind == "threshold":
            target = self.satisfactory(h, seen)
        else:
            target = self.preferred(h, seen, self.mode.candidates.staying and not restless)
        if target == self.home[h]:
            return 0
        self.move(h, target)
        return 1

    def open_vacancies(self, h):
        """Return the vacancies a household may live on, pool after pool."""
        pools = [p for p in range(len(self.admits)) if self.admits[p][self.group[h]]]
        return [square for pool in pools for square in self.vacancies[pool]]

    def look(self, h):
        """Return the squares a household considers."""
        candidates = self.mode.candidates
        if candidates.squares == "all_vacancies":
            return self.open_vacancies(h)
        if candidates.squares == "random_vacancies":
            return self.some(h, candidates.number, candidates.distinct)
        if candidates.squares == "nearest_satisfactory":
            seen = self.nearest(h)
            return seen or (self.some(h, 1, False) if self.mode.rule.if_none == "any_vacancy" else [])
        return self.stray(h)

    def some(self, h, number, distinct):
        """Return random vacancies."""
        free = self.open_vacancies(h)
        if not free:
            return []
        if distinct and number >= len(free):
            return free
        seen = []
        while len(seen) < number:
            square = free[self.below(len(free))]
            if not distinct or square not in seen:
                seen.append(square)
        return seen

    def nearest(self, h):
        """Return the nearest vacancy that satisfies, ties evenly, in the order rings are walked."""
        grid, (row, column) = self.grid, self.home[h]
        column //= self.each
        for distance in range(1, grid.rows + grid.columns - 1):
            found, ties = None, 0
            low = -((grid.rows - 1) // 2) if grid.torus else -row
            high = grid.rows // 2 if grid.torus else grid.rows - 1 - row
            for i in range(max(-distance, low), min(distance, high) + 1):
                if self.mode.candidates.distance == "king":
                    inside = abs(i) < distance
                    beside = (-distance, distance) if inside else range(-distance, distance + 1)
                else:
                    side = distance - abs(i)
                    beside = (-side, side) if side else (0,)
                for j in beside:
                    r, k = row + i, column + j
                    if grid.torus:
                        if not -((grid.columns - 1) // 2) <= j <= grid.columns // 2:
                            continue
                        r, k = r % grid.rows, k % grid.columns
                    elif not (0 <= r < grid.rows and 0 <= k < grid.columns):
                        continue
                    for flat in self.flats((r, k)):
                        free = flat not in self.occupant and self.admits[self.pool[flat]][self.group[h]]
                        if free and self.satisfied(h, flat):
                            ties += 1
                            if ties == 1 or self.below(ties) == 0:
                                found = flat
            if ties:
                return [found]
        return []

    def stray(self, h):
        """Return the first free square of a random walk of jumps."""
        grid, home = self.grid, self.home[h]
        y, x = home[0] + 0.5, home[1] // self.each + 0.5
        while True:
            angle, length = 2 * math.pi * self.draw(), self.mode.candidates.reach * self.draw()
            to_x, to_y = x + length * math.cos(angle), y + length * math.sin(angle)
            if grid.torus:
                to_x, to_y = to_x % grid.columns, to_y % grid.rows
            square = (math.floor(to_y), math.floor(to_x))
            if 0 <= square[0] < grid.rows and 0 <= square[1] < grid.columns:
                x, y = to_x, to_y
                flats = self.flats(square)
                if home in flats:
                    return [home]
                for flat in flats:
                    if flat not in self.occupant and self.admits[self.pool[flat]][self.group[h]]:
                        return [flat]

    def satisfactory(self, h, seen):
        """Return where an unsatisfied household goes."""
        rule = self.mode.rule
        if rule.destination == "any_vacancy" or self.mode.candidates.squares == "nearest_satisfactory":
            return seen[self.below(len(seen))] if len(seen) > 1 else seen[0]
        target, found = self.home[h], 0
        for square in seen:
            if self.satisfied(h, square):
                found += 1
                if rule.destination == "first_satisfactory":
                    return square
                if found == 1 or self.below(found) == 0:
                    target = square
        if not found and rule.if_none == "any_vacancy":
            return seen[self.below(len(seen))]
        return target

    def preferred(self, h, seen, staying):
        """Return the square of best response or logit."""
        rule, home = self.mode.rule, self.home[h]
        values = [self.utility(h, s) + rule.altruism * self.change_for_others(h, s) for s in seen]
        home_value = self.utility(h, home) + rule.minimum_improvement
        if staying and (rule.ties_with_home or rule.kind == "logit"):
            seen, values = [*seen, home], [*values, home_value]
        if rule.kind == "logit":
            return seen[logit(values, rule.beta, self.draw())]
        i = best(values, self.draw())
        stays = staying and not rule.ties_with_home and values[i] <= home_value + EPS
        return home if stays else seen[i]

    def change_for_others(self, h, target):
        """Return by how much all others together would gain if a household moved."""
        if self.mode.rule.altruism == 0:
            return 0.0
        others, home = [m for m in self.home if m != h], self.home[h]
        before = sum(self.utility(m, self.home[m]) for m in others)
        del self.occupant[home]
        self.occupant[target] = h
        after = sum(self.utility(m, self.home[m]) for m in others)
        del self.occupant[target]
        self.occupant[home] = h
        return after - before

    def move(self, h, target):
        """Move a household; the square it leaves takes the place of the one it enters among the vacancies."""
        home = self.home[h]
        del self.occupant[home]
        self.vacancies[self.pool[home]].append(home)
        pool = self.vacancies[self.pool[target]]
        last = pool.pop()
        if last != target:
            pool[pool.index(target)] = last
        self.home[h], self.occupant[target] = target, h
        self.ask_again(home, target)

    def ask_again(self, *squares):
        """Keep the queue of the unsatisfied as the kernels do: ask whoever lives around, in order."""
        if self.mode.activation.households != "unsatisfied_only":
            return
        for square in squares:
            for seen in self.asked(square):
                if seen in self.occupant:
                    self.keep(self.occupant[seen])

    def asked(self, square):
        """Return the squares asked when something changed on one, in the order of the kernels."""
        if self.mode.neighbourhood.shape != "areas":
            return [square, *self.window(square)]
        blocks = sorted({self.block(s) for s, _ in self.area_around(square)} - {self.block(square)})
        order = [self.block(square), *blocks]
        return [square] + [s for block in order for s in sorted(self.pool) if self.block(s) == block]

    def keep(self, h):
        """Put a household into the queue of the unsatisfied or take it out."""
        unsatisfied = not self.satisfied(h)
        if unsatisfied and h not in self.queue:
            self.queue.append(h)
        elif not unsatisfied and h in self.queue:
            last = self.queue[-1]
            self.queue[self.queue.index(h)] = last
            self.queue.pop()

    def swap(self, h):
        """Let a household try to swap homes with households of other groups."""
        rule = self.mode.rule
        if self.asks() and self.satisfied(h):
            return 0
        for _ in range(self.mode.candidates.number):
            by_kind = sorted(self.home, key=lambda m: (self.group[m], m))
            others = [m for m in by_kind if self.group[m] != self.group[h]]
            if not others:
                return 0
            p = others[self.below(len(others))]
            a, b = self.home[h], self.home[p]
            if not (self.admits[self.pool[b]][self.group[h]] and self.admits[self.pool[a]][self.group[p]]):
                continue
            before = self.utility(h, a), self.utility(p, b)
            self.exchange(h, p)
            after = self.utility(h, b), self.utility(p, a)
            gain = sum(after) - sum(before)
            level = rule.satisfied_at - EPS
            if rule.kind == "logit":
                agreed = self.draw() < 1 / (1 + math.exp(-rule.beta * (gain - rule.minimum_improvement)))
            elif rule.kind == "best_response":
                agreed = after[0] >= before[0] - EPS and after[1] >= before[1] - EPS
                agreed = (agreed or rule.swaps_for == "sum") and gain > rule.minimum_improvement + EPS
            else:
                content = rule.destination == "any_vacancy" or min(after) >= level
                agreed = max(before) < level and content
            if agreed:
                self.ask_again(a, b)
                return 1
            self.exchange(h, p)
        return 0

    def exchange(self, h, p):
        """Let two households swap homes."""
        self.home[h], self.home[p] = self.home[p], self.home[h]
        self.occupant[self.home[h]], self.occupant[self.home[p]] = h, p

    def people_around(self, square):
        """Return the other households around a square, each with its weight."""
        here = self.occupant[square]
        seen = [(self.occupant[s], weight) for s, weight in self.around(square) if s in self.occupant]
        return [(other, weight) for other, weight in seen if other != here]

    def neighbour_shares(self):
        """Return, per household with neighbours, the share of each group among them."""
        shares = {}
        for square, h in self.occupant.items():
            people = self.people_around(square)
            everyone = sum(weight for _, weight in people)
            if everyone > EPS:
                shares[h] = [
                    sum(weight for other, weight in people if self.group[other] == g) / everyone
                    for g in range(len(self.names))
                ]
        return shares

    def clusters(self):
        """Return, per group, the sizes of its clusters, by walking from square to square over their sides."""
        return [self.clusters_of(group) for group in range(len(self.names))]

    def clusters_of(self, group):
        """Return the households of each cluster of squares where a group lives."""
        rows, columns = self.grid.rows, self.grid.columns
        here = {(r, k): 0 for r in range(rows) for k in range(columns)}
        for h, (r, k) in self.home.items():
            here[r, k // self.each] += self.group[h] == group
        seen, sizes = set(), []
        for start in here:
            if here[start] == 0 or start in seen:
                continue
            cluster, ahead = {start}, [start]
            while ahead:
                r, k = ahead.pop()
                for r2, k2 in ((r - 1, k), (r + 1, k), (r, k - 1), (r, k + 1)):
                    if self.grid.torus:
                        r2, k2 = r2 % rows, k2 % columns
                    if (r2, k2) not in cluster and here.get((r2, k2)):
                        cluster.add((r2, k2))
                        ahead.append((r2, k2))
            seen |= cluster
            sizes.append(sum(here[square] for square in cluster))
        return sizes

    def squares(self):
        """Return who lives on each square, 0 for nobody, 1 + group otherwise."""
        return [
            [
                1 + self.group[self.occupant[r, k]] if (r, k) in self.occupant else 0
                for k in range(self.columns)
            ]
            for r in range(self.grid.rows)
        ]


def relocation_admits(relocation):
    """Return which groups each pool of squares admits."""
    names = relocation.names
    rows = [[True] * len(names)]
    return rows + [[name in reserved.groups for name in names] for reserved in relocation.grid.reserved]


def sweep(board, step):
    """Let all who are unsatisfied at the start move once to a random vacancy, as the kernel `sweep` does."""
    base = int(bits(board.key, int(Stream.TURN), step, 0, 0))
    movers = sorted(board.home[h] for h in board.home if not board.satisfied(h))
    vacancies = board.vacancies[0]
    for k in range(len(movers)):
        j = k + int(nth(base, 2 * k) * (len(movers) - k))
        movers[k], movers[j] = movers[j], movers[k]
        i = int(nth(base, 2 * k + 1) * len(vacancies))
        old, new = movers[k], vacancies[i]
        vacancies[i] = old
        h = board.occupant.pop(old)
        board.home[h], board.occupant[new] = new, h
    return len(movers)


class PlainLine(PlainBoard):
    """A line or ring: a mover goes in between two others, and the rest close up."""

    def __init__(self, relocation):
        super().__init__(relocation)
        self.order = sorted(self.home, key=lambda h: self.home[h])

    def people_around(self, square):
        """Return the households up to the radius away on either side."""
        radius, n = int(self.mode.neighbourhood.radius), self.grid.columns
        places = [square[1] + step for step in range(-radius, radius + 1) if step]
        if self.grid.torus:
            places = [k % n for k in places]
        return [(self.occupant[0, k], 1.0) for k in places if 0 <= k < n]

    def utility(self, h, gap):
        """Return the utility of a household in a gap between the others."""
        others = [other for other in self.order if other != h]
        radius = int(self.mode.neighbourhood.radius)
        around = range(gap - radius, gap + radius)
        if self.grid.torus:
            seen = [others[i % len(others)] for i in around] if others else []
        else:
            seen = [others[i] for i in around if 0 <= i < len(others)]
        seen += [h] if self.mode.neighbourhood.counts_self != "never" else []
        weight, if_empty, shape, demand, a, b, c, d, at = self.wants[self.taste[h], 0].tolist()
        like = sum(self.group[other] == self.group[h] for other in seen)
        whole = 1.0 if demand == 2 else float(len(seen))
        if demand == 0 and not seen:
            return weight * if_empty
        if shape == 4:
            return weight * (1.0 if like >= math.floor(a * whole + 0.5 + EPS) else b)
        return weight * preference(int(shape), like / whole if whole else 0.0, a, b, c, d, self.curves[at:])

    def satisfied(self, h, gap=None):
        """Tell whether a household is satisfied in a gap, by default its own."""
        gap = self.order.index(h) if gap is None else gap
        return self.utility(h, gap) >= self.mode.rule.satisfied_at - EPS

    def listed(self):
        """Return who may act, from left to right."""
        only = self.mode.activation.households == "unsatisfied_at_start"
        return [h for h in self.order if not (only and self.satisfied(h))]

    def whose_turn(self, listed, i):
        """Return whose turn is the i-th."""
        if self.mode.activation.households == "unsatisfied_only":
            self.queue = [h for h in self.order if not self.satisfied(h)]
        return super().whose_turn(listed, i)

    def act(self, h):
        """Let a household choose a gap and go there."""
        rule, restless, place = self.mode.rule, False, self.order.index(h)
        if self.asks() and self.satisfied(h):
            if rule.restless == 0 or self.draw() >= rule.restless:
                return 0
            restless = True
        seen = self.gaps(h, place)
        if not seen:
            return 0
        self.home[h] = place
        if restless and rule.restless_goes == "anywhere":
            gap = seen[self.below(len(seen))]
        elif rule.kind == "threshold":
            gap = self.satisfactory(h, seen)
        else:
            gap = self.preferred(h, seen, self.mode.candidates.staying and not restless)
        if gap == place:
            return 0
        self.order.remove(h)
        self.order.insert(gap, h)
        return 1

    def gaps(self, h, place):
        """Return the gaps a household considers."""
        candidates = self.mode.candidates
        gaps = len(self.order) - 1 if self.grid.torus else len(self.order)
        own = place % gaps
        others = [gap for gap in range(gaps) if gap != own]
        if candidates.squares == "all_vacancies":
            return others
        if candidates.squares == "nearest_satisfactory":
            return self.nearest_gap(h, own, gaps)
        if gaps < 2:
            return []
        wanted = min(candidates.number, gaps - 1) if candidates.distinct else candidates.number
        seen = []
        while len(seen) < wanted:
            gap = self.below(gaps)
            if gap != own and not (candidates.distinct and gap in seen):
                seen.append(gap)
        return seen

    def nearest_gap(self, h, own, gaps):
        """Return the gap that satisfies and passes fewest others, ties evenly."""
        for passed in range(1, gaps):
            found, ties = None, 0
            for gap in (own - passed, own + passed):
                if self.grid.torus:
                    if 2 * passed > gaps or (2 * passed == gaps and gap < own):
                        continue
                    gap = gap % gaps
                if 0 <= gap < gaps and self.satisfied(h, gap):
                    ties += 1
                    if ties == 1 or self.below(ties) == 0:
                        found = gap
            if ties:
                return [found]
        return []

    def squares(self):
        """Return the groups from left to right."""
        return [[1 + self.group[h] for h in self.order]]
