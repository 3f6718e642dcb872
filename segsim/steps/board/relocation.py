"""The housing step of an abstract grid: households move one at a time, and tables follow when looked at."""

from typing import Any

import numpy as np

from segsim.kernels.board.conduct import (
    CONDUCT,
    PROGRESS,
    QUEUED,
    Desk,
)
from segsim.kernels.board.fast_step import FastStep, replay, sweep
from segsim.kernels.board.layout import RESIDENT, SelfCounting, make_record, pack_tables
from segsim.kernels.board.occupancy import join_clusters, set_out
from segsim.kernels.board.relocation import take_step
from segsim.kernels.board.reserved_squares import assign_pools
from segsim.kernels.board.utility import (
    BoardSurroundings,
    Neighbours,
    count_neighbours,
    mark_unsatisfied,
    surroundings,
    tabulate_unsatisfied,
)
from segsim.kernels.choices.own_functions import compile_rule, refuse_choice
from segsim.kernels.draws import Stream, bits
from segsim.rules.board.relocation import OneAtATime
from segsim.scenario.board.grid import Grid
from segsim.steps.board.geometry import (
    build_ground,
    dwelling_blocks,
    empty_board,
    inner_positions,
    list_areas,
    make_zeros,
)
from segsim.steps.board.market import pack_market
from segsim.steps.board.preferences import draw_wants, refuse_failures
from segsim.steps.board.setting_numbers import ACTIVATIONS, DESTINATIONS, RULES, SOURCES
from segsim.tables import NONE, Array, Tables

LATEST_YEAR = 32_767  # what the tables' 16-bit years hold; a board may run for longer
_TURN = int(Stream.TURN)


class Relocation:
    """The board of a city and its households' conduct, kept between steps.

    Parameters
    ----------
    grid : Grid
        Shape of the board.
    mode : OneAtATime
        How people choose; `change` puts another in its place at any time.
    names : list of str
        The groups.
    tables : Tables
        Where everybody lives when the run begins; brought up to date by `write`.
    key : int
        The run's key.
    city_seed : int
        Seed of the first city, which says what squares are reserved.
    """

    def __init__(
        self, grid: Grid, mode: OneAtATime, names: list[str], tables: Tables, key: int, city_seed: int
    ) -> None:
        self.grid, self.names, self.key, self.city_seed = grid, names, int(key), city_seed
        self._key = np.uint64(self.key)
        self.tables, self.mode, self.year = tables, mode, 0
        self._is_behind = False
        self.read()

    def change(self, mode: OneAtATime) -> None:
        """Let people choose by other rules from now on; who lives where stays as it is."""
        self.write()
        self.mode = mode
        self.read()

    def read(self) -> None:
        """Set the board out anew from the tables."""
        households, dwellings = self.tables.households, self.tables.dwellings
        self.group = np.where(households.id == NONE, NONE, households.group).astype(np.int8)
        pool, admits = assign_pools(
            [r.groups for r in self.grid.reserved],
            self.grid.shares_reserved,
            dwelling_blocks(self.grid),
            self.names,
            dwellings.id,
            self.city_seed,
        )
        ground, tables = build_ground(self.grid, self.mode, self.names, pool, admits)
        taste, wants, curves = draw_wants(self.mode, self.names, self.group, households.id, self.key)
        self.inner = inner_positions(self.grid.rows, self.grid.dwellings_per_row, int(ground.border))
        positions = (self.grid.rows + 2 * int(ground.border)) * int(ground.width)
        fields, numbers = pack_market(self.mode.market, self.tables, self.inner, positions, curves.size)
        for name, value in fields.items():
            ground[name] = value
        who = np.empty(taste.size, RESIDENT)
        who["home"] = np.where(households.home == NONE, NONE, self.inner[households.home])
        who["group"] = np.maximum(self.group, 0)
        who["taste"] = taste
        area = list_areas(self.grid, self.mode.neighbourhood)
        self.board = empty_board(
            self.grid, ground, tables, area, wants, np.concatenate((curves, numbers)), who, pool
        )
        set_out(self.board)
        self._take_fast_way()
        if self.fast is None:
            self.desk = self._prepare_desk()
        self._logged, self._is_behind = 0, False

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs: the fast way looks into the board's arrays, which no copy shares."""
        self._catch_up()
        return {name: value for name, value in vars(self).items() if name not in ("fast", "_swept")}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        """Go on from what was kept."""
        vars(self).update(kept)
        self._take_fast_way()

    def step(self, step: int) -> tuple[int, int]:
        """Let households act once; return the number of turns and moves."""
        self.year, self._is_behind = step, True
        if self.fast is not None:
            # moves are logged and replayed when somebody asks, for the fast step only knows squares
            if self._logged + self.group.size > self.fast.log.shape[0]:
                self._catch_up()
            moves = sweep(*self._swept, step, self._logged)
            self._logged += moves
            return int(moves), int(moves)  # only the unsatisfied have a turn, and any vacancy will do
        desk = self.desk._replace(base=np.uint64(bits(self._key, _TURN, step, 0, 0)))
        turns, moves = take_step(self.board, desk)
        refuse_failures(self.mode, self.board.numbers)
        if desk.progress.has_failed and self.mode.rule.function:
            refuse_choice(self.mode.rule.function)
        return int(turns), int(moves)

    def squares(self) -> Array:
        """Return who lives on each square now: 0 for nobody, 1 + group otherwise (uint8, rows x columns).

        Of several dwellings on a square each is a column.
        """
        border, rows, columns = int(self.board.ground.border), self.grid.rows, self.grid.dwellings_per_row
        whole = self.board.squares.reshape(-1, columns + 2 * border)
        return np.ascontiguousarray(whole[border : border + rows, border : border + columns])

    def count_neighbours(self) -> Neighbours:
        """Return households by group, how many are unsatisfied, and whom they live among."""
        self._catch_up()
        n = len(self.names)
        counts = Neighbours(
            np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros((n, n))
        )
        count_neighbours(self.board, *counts)
        return counts

    def list_homes(self) -> Array:
        """Return the home (row of dwellings) of each household row now, NONE if it has none."""
        self._catch_up()
        homes: Array = self._find_homes()
        return homes

    def find_unsatisfied(self) -> Array:
        """Return whether each household row lives somewhere and is not satisfied there."""
        self._catch_up()
        out = np.zeros(self.group.size, np.bool_)
        mark_unsatisfied(self.board, out)
        return out

    def cluster_sizes(self) -> list[Array]:
        """Return, per group, the households of each cluster: squares that hang together by their sides.

        Where a square has several dwellings, a group is there if any of its households is.
        """
        squares, each = self.squares(), self.grid.dwellings_per_square
        if each > 1:
            here = squares.reshape(self.grid.rows, self.grid.columns, each)
            return [self._size_clusters((here == g + 1).sum(axis=2)) for g in range(len(self.names))]
        leader = np.empty(squares.size, np.int64)
        join_clusters(squares, self.grid.torus, leader)
        size = np.bincount(leader, minlength=leader.size)
        led = squares.reshape(-1)
        return [size[(led == g + 1) & (size > 0)] for g in range(len(self.names))]

    def _size_clusters(self, households: Array) -> Array:
        """Return the households of each cluster of squares that have any (rows x columns)."""
        leader = np.empty(households.size, np.int64)
        join_clusters((households > 0).astype(np.uint8), self.grid.torus, leader)
        size = np.bincount(leader, households.reshape(-1)).astype(np.int64)
        return size[size > 0]

    def surroundings(self, trait: int = 0) -> BoardSurroundings:
        """Return how households live on the whole; likeness by the group (0) or the n-th trait named."""
        self._catch_up()
        return BoardSurroundings(*surroundings(self.board, trait))

    def all_satisfied(self) -> bool:
        """Tell whether nobody is unsatisfied."""
        here = self.surroundings()
        return bool(here.satisfied == here.households)

    def is_written(self) -> bool:
        """Tell whether the tables are as the board has them, nobody having changed either."""
        households = self.tables.households
        group = np.where(households.id == NONE, NONE, households.group)
        same_homes = np.array_equal(self._find_homes(), households.home)
        return same_homes and np.array_equal(group, self.group)

    def write(self) -> None:
        """Bring the tables up to date: homes, occupants, vacancies, and the year of those who moved."""
        if not self._is_behind:
            return  # else a change somebody made in the tables would be written over
        self._is_behind = False
        self._catch_up()
        households, dwellings = self.tables.households, self.tables.dwellings
        home = self._find_homes()
        moved = home != households.home
        stamp = min(self.year, LATEST_YEAR)
        households.moved[moved] = stamp
        households.home[:] = home
        was_vacant = dwellings.occupant == NONE
        dwellings.occupant[:] = NONE  # all anew: a home may have changed hands several times since
        settled = np.flatnonzero(home != NONE)
        dwellings.occupant[home[settled]] = settled
        is_vacant = dwellings.occupant == NONE
        dwellings.vacant_since[~is_vacant] = NONE
        dwellings.vacant_since[is_vacant & ~was_vacant] = stamp

    def _find_homes(self) -> Array:
        """Return the home (row of dwellings) of each household, NONE if it has none."""
        home, border = self.board.who["home"], int(self.board.ground.border)
        row, column = np.divmod(home, int(self.board.ground.width))
        dwelling = (row - border) * self.grid.dwellings_per_row + column - border
        return np.where(home == NONE, NONE, dwelling)

    def _catch_up(self) -> None:
        """Work out who lives where from the log of the fast way."""
        if self.fast is not None and self._logged:
            replay(self.fast.log, self._logged, self.board.spot, self.board.who)
            self._logged = 0

    def _pack_conduct(self) -> tuple[np.record, Array]:
        """Return the settings of turns, candidates and choice, and the tables that go with them."""
        activation, seen, rule = self.mode.activation, self.mode.candidates, self.mode.rule
        settled = np.flatnonzero(self.board.who["home"] != NONE)
        group = self.board.who["group"][settled]
        is_listed = activation.households in ("all_in_order", "unsatisfied_at_start")
        asks = rule.kind == "threshold" or rule.only_unsatisfied
        route = self._list_route(activation.order if is_listed else "")
        starts, lists = pack_tables(
            {
                "route": route,
                "group_start": np.append(0, np.cumsum(np.bincount(group, minlength=len(self.names)))),
                "by_group": settled[np.argsort(group, kind="stable")],
            }
        )
        conduct = make_record(
            CONDUCT,
            activation=ACTIVATIONS[activation.households],
            n_turns=settled.size if activation.number is None else activation.number,
            is_shuffled=is_listed and activation.order == "random",
            asks=asks and (activation.households != "unsatisfied_at_start" or activation.recheck),
            source=SOURCES[seen.squares],
            is_king=seen.distance == "king",
            n_candidates=seen.number,
            is_distinct=seen.distinct,
            reach=seen.reach,
            keeps_home=seen.staying,
            rule=RULES[rule.kind],
            destination=DESTINATIONS[rule.destination],
            else_any=rule.if_none == "any_vacancy",
            ties_with_home=rule.ties_with_home,
            restless=rule.restless,
            restless_anywhere=rule.restless_goes == "anywhere",
            beta=rule.beta,
            minimum_improvement=rule.minimum_improvement,
            altruism=rule.altruism,
            swaps_for_sum=rule.swaps_for == "sum",
            own_rule=compile_rule(rule.function) if rule.function else 0,
            n_route=route.size,
            **starts,
        )
        return conduct, lists

    def _list_route(self, order: str) -> Array:
        """Return positions in the order in which households act, empty if by row of the tables."""
        if order == "reading" or self.grid.is_line:  # rows of the tables are not places in a line
            return self.inner
        if order == "centre_outward":
            square = np.arange(self.inner.size) // self.grid.dwellings_per_square
            row, column = np.divmod(square, self.grid.columns)
            away = (row - (self.grid.rows - 1) / 2) ** 2 + (column - (self.grid.columns - 1) / 2) ** 2
            return self.inner[np.argsort(away, kind="stable")]
        return np.zeros(0, np.int64)

    def _prepare_desk(self) -> Desk:
        """Return the switches and room to work in, as much as they need."""
        households, positions = self.group.size, self.board.squares.size
        seen = self.mode.candidates
        most = positions if self.grid.is_line else int(self.board.n_vacant.sum())
        if seen.squares == "random_vacancies":
            most = min(seen.number, most) if seen.distinct else seen.number
        # room only for what the mode needs: for a million households an unused queue is 16 MB touched in vain
        queue = households + 1 if self.mode.activation.households == "unsatisfied_only" else 1
        conduct, lists = self._pack_conduct()
        return Desk(
            base=np.uint64(0),
            conduct=conduct,
            progress=make_record(PROGRESS),
            lists=lists,
            order=np.zeros(households, np.int64),
            seen=np.zeros(most + 2, np.int64),
            value=np.zeros(most + 2),
            mark=np.zeros(positions, np.int64),
            queue=np.zeros(queue, QUEUED),
            members=np.zeros(households + 1 if self.mode.rule.altruism else 1, np.int64),
        )

    def _is_plain(self) -> bool:
        """Tell whether the fast way serves: unsatisfied at the start, any vacancy, two groups, one trait."""
        mode, ground = self.mode, self.board.ground
        activation, rule = mode.activation, mode.rule
        taste = self.board.who["taste"]
        return (
            activation.households == "unsatisfied_at_start"
            and activation.number is None
            and activation.order == "random"
            and not activation.recheck
            and mode.candidates.squares == "random_vacancies"
            and mode.candidates.number == 1
            and rule.kind == "threshold"
            and rule.destination == "any_vacancy"
            and mode.market is None
            and len(self.names) == 2
            and not mode.traits
            and not self.grid.reserved
            and not ground.by_area
            and not ground.places_vary
            and not ground.is_line
            and self.board.near.dtype == np.uint8
            and int(self.board.n_vacant[0]) > 0
            and all(np.unique(taste[self.group == g]).size <= 1 for g in range(2))
        )

    def _take_fast_way(self) -> None:
        """Take the fast way if it serves."""
        self.fast = self._prepare_fast_step() if self._is_plain() else None
        if self.fast is not None:
            # argument by argument: taking a tuple apart costs a microsecond, which tells on small boards
            self._swept = (*self.fast, self._key, _TURN)

    def _prepare_fast_step(self) -> FastStep:
        """Return what the fast way needs."""
        board, ground = self.board, self.board.ground
        border, width, around = int(ground.border), int(ground.width), int(ground.n_around)
        # squares of the border, each with the square of the opposite edge that it stands for on a torus
        edge = np.setdiff1d(np.arange(board.squares.size), self.inner, assume_unique=True)
        row, column = np.divmod(edge, width)
        to_row = (row - border) % self.grid.rows + border
        to_column = (column - border) % self.grid.columns + border
        return FastStep(
            squares=board.squares,
            pair=board.near.view(np.uint16),
            vacant=board.vacant[: int(board.n_vacant[0])],
            unsatisfied=self._tabulate_unsatisfied(around),
            offset=board.tables[ground.offset : ground.offset + around].copy(),
            edge=np.stack((edge, to_row * width + to_column), axis=1).astype(np.uint32),
            movers=make_zeros(board.squares.size + 1, np.uint32),
            # room for at least two steps in which everybody moves, before it must be replayed
            log=make_zeros((2 * self.group.size + 16, 2), np.uint32),
            n_pairs=257 * around + 1,  # two 8-bit counts read as one number: first + 256 * second
            border=border,
            width=width,
            torus=self.grid.torus,
        )

    def _tabulate_unsatisfied(self, around: int) -> Array:
        """Return who is unsatisfied, by square value and by counts of the first and second group."""
        table = np.zeros((3, 257 * around + 1), np.uint8)
        own = int(self.board.ground.counts_self != SelfCounting.NEVER)
        for g in range(2):
            mine = np.flatnonzero(self.group == g)
            if mine.size:
                want = self.board.wants[self.board.who["taste"][mine[0]], 0]
                level = self.mode.rule.satisfied_at
                tabulate_unsatisfied(want, self.board.numbers, g, level, around, own, table[g + 1])
        return table.reshape(-1)
