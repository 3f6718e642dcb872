"""The `city.grid:` section of a scenario: an abstract board of squares, and what may stand on it."""

from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from segsim.section import RefusedValueError, Section
from segsim.tables import Array

MOST_SQUARES = 400_000_000


class Blocks(Section):
    """How the board is cut into areas."""

    height: int = Field(ge=1, description="Rows of squares in a block; the last block may be lower.")
    width: int = Field(ge=1, description="Columns of squares in a block; the last block may be narrower.")


class Reserved(Section):
    """Squares kept for some groups."""

    groups: tuple[str, ...] = Field(min_length=1, description="Groups that may live there; nobody else may.")
    share: float = Field(ge=0, le=1, description="Share of the squares, spread at random.")
    blocks: tuple[int, ...] = Field(
        (), description="Blocks where these squares are, counted from 1 row by row; empty is everywhere."
    )


class Status(Section):
    """Numbers between 0 and 1, each even over them: households have a status and a wealth, homes a quality.

    Status and wealth are correlated as two normal variables are, of whose distributions they are the places.
    """

    wealth_correlation: float = Field(
        0.0, ge=-1, le=1, description="Correlation of the two normal variables behind status and wealth."
    )
    above: dict[str, float] = Field(
        {},
        description="By how much the status of a group lies above that of the others, SD of its normal "
        "variable, and wealth as the correlation has it.",
    )


class GridSchools(Section):
    """Schools on the board."""

    number: int = Field(ge=1, le=100_000, description="Schools.")
    placement: Literal["random", "lattice"] = Field(
        "random",
        description="random: on distinct random squares; lattice: `number`, a square number, in the middle "
        "of equal parts of the board.",
    )


class Grid(Section):
    """A board of squares with one dwelling each, or several; every household is one person."""

    rows: int = Field(ge=1, le=50_000, description="Rows of squares; 1 row without vacancies is a line.")
    columns: int = Field(ge=1, le=50_000, description="Columns of squares.")
    dwellings_per_square: int = Field(
        1,
        ge=1,
        le=10_000,
        description="Dwellings on each square, such as the flats of a house; those of one square are "
        "neighbours, and have the same squares around.",
    )
    torus: bool = Field(False, description="Whether opposite edges meet; a line becomes a ring.")
    vacancy: float = Field(
        0.1, ge=0, le=1, description="Share of dwellings that are vacant; their number is rounded."
    )
    households: int | None = Field(
        None, ge=0, le=MOST_SQUARES, description="Number of households; none leaves it to `vacancy`."
    )
    shares: dict[str, float] = Field(
        {}, description="Share of households by group, summing to 1; none means equal shares."
    )
    numbers: dict[str, int] = Field(
        {}, description="Households by group, in place of shares, households and vacancy."
    )
    composition: Literal["exact", "drawn"] = Field(
        "exact",
        description="exact: the numbers the shares give, rounded; drawn: each dwelling is vacant, and each "
        "household of a group, by a draw of its own (NetLogo, Mesa).",
    )
    placement: Literal["random", "checkerboard", "sorted", "pattern", "anywhere"] = Field(
        "random",
        description="random; checkerboard: groups alternate, vacancies at random; sorted: group after group, "
        "row by row, vacancies last; pattern: as `pattern` draws it, a sign for all dwellings of a square; "
        "anywhere: at random points of the plane instead of squares.",
    )
    pattern: tuple[str, ...] = Field((), description='Rows of signs, with placement pattern; "." is vacant.')
    signs: dict[str, str] = Field({}, description="Group that each sign of the pattern stands for.")
    blocks: Blocks | None = Field(None, description="Areas of the board; none makes it one area.")
    block_shares: dict[str, tuple[float, ...]] = Field(
        {},
        description="Share of each group among the households of each block, in order of blocks, in place of "
        "shares; blocks hold equally many households.",
    )
    elsewhere: float | None = Field(
        None,
        ge=0,
        le=1,
        description="If given, the last block is the world outside, of this utility whoever lives there.",
    )
    reserved: tuple[Reserved, ...] = Field((), max_length=20, description="Squares reserved for groups.")
    schools: GridSchools | None = None
    status: Status | None = Field(
        None, description="Status and wealth of households and quality of homes; none if nobody minds."
    )
    side: float = Field(100.0, gt=0, le=1e5, description="Side of a square, m.")

    @model_validator(mode="after")
    def _check_sizes(self) -> Self:
        size = f"{self.rows} x {self.columns}"
        size += f" x {self.dwellings_per_square}" if self.dwellings_per_square > 1 else ""
        if self.n_dwellings > MOST_SQUARES:
            raise RefusedValueError(
                f"{size} dwellings are too many; {MOST_SQUARES:,} is the most",
                f"{size} bostäder är för många; högst {MOST_SQUARES:,}",
            )
        if self.shares and abs(sum(self.shares.values()) - 1) > 1e-6:
            listed = ", ".join(f"{name} {share:g}" for name, share in self.shares.items())
            raise RefusedValueError(
                f"shares must sum to 1; they sum to {sum(self.shares.values()):g} ({listed})",
                f"shares ska summera till 1; de summerar till {sum(self.shares.values()):g} ({listed})",
            )
        for name, share in self.shares.items():
            if not 0 <= share <= 1:
                raise RefusedValueError(
                    f"the share of {name} must be from 0 to 1, found {share:g}",
                    f"andelen för {name} ska vara från 0 till 1, här står {share:g}",
                )
        for name, number in self.numbers.items():
            if number < 0:
                raise RefusedValueError(
                    f"the number of {name} must be 0 or more, found {number}",
                    f"antalet för {name} ska vara 0 eller mer, här står {number}",
                )
        households = sum(self.numbers.values()) if self.numbers else self.households or 0
        if households > self.n_dwellings and self.placement != "anywhere":
            raise RefusedValueError(
                f"{households:,} households do not fit on {size} = {self.n_dwellings:,} "
                "squares; have fewer households or more squares"
                if self.dwellings_per_square == 1
                else f"{households:,} households do not fit in {size} = {self.n_dwellings:,} dwellings; have "
                "fewer households, more squares or more dwellings_per_square",
                f"{households:,} hushåll får inte plats på {size} = {self.n_dwellings:,} "
                "rutor; ha färre hushåll eller fler rutor"
                if self.dwellings_per_square == 1
                else f"{households:,} hushåll får inte plats i {size} = {self.n_dwellings:,} bostäder; ha "
                "färre hushåll, fler rutor eller högre dwellings_per_square",
            )
        self._check_placement()
        self._check_blocks()
        return self

    def _check_placement(self) -> None:
        """Refuse a pattern that is not one."""
        if (self.placement == "pattern") != bool(self.pattern):
            raise RefusedValueError(
                "placement pattern and the key pattern go together",
                "placement pattern och nyckeln pattern hör ihop",
            )
        if self.pattern:
            widths = {len(row) for row in self.pattern}
            if len(self.pattern) != self.rows or widths != {self.columns}:
                raise RefusedValueError(
                    f"the pattern must have {self.rows} rows of {self.columns} signs; it has "
                    f"{len(self.pattern)} of {' or '.join(str(w) for w in sorted(widths))}",
                    f"mönstret ska ha {self.rows} rader med {self.columns} tecken; det har "
                    f"{len(self.pattern)} med {' eller '.join(str(w) for w in sorted(widths))}",
                )
            unknown = sorted(set("".join(self.pattern)) - set(self.signs) - {"."})
            if unknown:
                raise RefusedValueError(
                    f'the pattern has the sign "{unknown[0]}", which signs does not explain',
                    f'mönstret har tecknet "{unknown[0]}", som signs inte förklarar',
                )
        several = self.dwellings_per_square > 1
        if self.placement == "anywhere" and (self.torus or self.blocks or self.reserved or several):
            raise RefusedValueError(
                "placement anywhere knows no torus, blocks, reserved squares or dwellings_per_square",
                "placement anywhere har varken torus, block, reserverade rutor eller dwellings_per_square",
            )
        if self.placement == "anywhere" and self.schools and self.schools.placement != "lattice":
            raise RefusedValueError(
                "on a plane (placement anywhere) schools stand on a lattice",
                "på ett plan (placement anywhere) står skolor på ett gitter",
            )
        if self.numbers and self.composition == "drawn":
            raise RefusedValueError(
                "composition drawn goes with shares, not with numbers",
                "composition drawn hör ihop med shares, inte med numbers",
            )
        for i, reserved in enumerate(self.reserved):
            if wrong := [block for block in reserved.blocks if not 1 <= block <= self.n_blocks]:
                raise RefusedValueError(
                    f"there is no block {wrong[0]}; there are 1 to {self.n_blocks}",
                    f"det finns inget block {wrong[0]}; det finns 1 till {self.n_blocks}",
                    ("reserved", i, "blocks"),
                )
        if self.reserved and self.shares_reserved.sum(axis=0).max() > 1 + 1e-9:
            raise RefusedValueError(
                "more squares are reserved than there are", "fler rutor är reserverade än det finns"
            )
        if self.schools and self.schools.placement == "lattice":
            root = round(self.schools.number**0.5)
            if root * root != self.schools.number:
                raise RefusedValueError(
                    f"a lattice has a square number of schools, found {self.schools.number}",
                    f"ett gitter har ett kvadrattal skolor, här står {self.schools.number}",
                )
        on_squares = self.schools is not None and self.schools.placement == "random"
        if on_squares and self.schools and self.schools.number > self.rows * self.columns:
            raise RefusedValueError(
                f"{self.schools.number} schools do not fit on the squares",
                f"{self.schools.number} skolor får inte plats på rutorna",
            )

    def _check_blocks(self) -> None:
        """Refuse blocks that cannot be."""
        if self.blocks and (self.blocks.height > self.rows or self.blocks.width > self.columns):
            raise RefusedValueError("a block is larger than the board", "ett block är större än brädet")
        if self.elsewhere is not None and self.n_blocks < 2:
            raise RefusedValueError(
                "elsewhere is the last of several blocks; give blocks",
                "elsewhere är det sista av flera block; ange blocks",
            )
        for name, shares in self.block_shares.items():
            if len(shares) != self.n_blocks:
                raise RefusedValueError(
                    f"block_shares of {name} must have one share for each of {self.n_blocks} blocks; "
                    f"found {len(shares)}",
                    f"block_shares för {name} ska ha en andel för vart och ett av {self.n_blocks} block; "
                    f"här står {len(shares)}",
                )
        if self.block_shares:
            for block, column in enumerate(zip(*self.block_shares.values(), strict=True)):
                if abs(sum(column) - 1) > 1e-6 or min(column) < 0:
                    raise RefusedValueError(
                        f"block_shares of block {block} must be shares that sum to 1",
                        f"block_shares för block {block} ska vara andelar som summerar till 1",
                    )

    @property
    def dwellings_per_row(self) -> int:
        """Dwellings in a row of squares."""
        return self.columns * self.dwellings_per_square

    @property
    def n_dwellings(self) -> int:
        """Dwellings on all squares."""
        return self.rows * self.dwellings_per_row

    @property
    def block_rows(self) -> int:
        """Rows of blocks."""
        return -(-self.rows // self.blocks.height) if self.blocks else 1

    @property
    def block_columns(self) -> int:
        """Columns of blocks."""
        return -(-self.columns // self.blocks.width) if self.blocks else 1

    @property
    def n_blocks(self) -> int:
        """Number of blocks, hence areas."""
        return self.block_rows * self.block_columns

    @property
    def shares_reserved(self) -> Array:
        """Share of each block's squares that each reservation takes (reservations x blocks)."""
        blocks = np.arange(1, self.n_blocks + 1)
        return np.array(
            [np.where(np.isin(blocks, r.blocks) | (not r.blocks), r.share, 0.0) for r in self.reserved]
        ).reshape(len(self.reserved), self.n_blocks)

    @property
    def is_line(self) -> bool:
        """Whether the board is one row without vacancies, where a mover goes in between two others."""
        is_row = self.rows == 1 and self.dwellings_per_square == 1
        if not is_row or self.placement == "anywhere" or self.composition == "drawn":
            return False
        if self.pattern:
            return "." not in self.pattern[0]
        return self.n_households == self.columns

    @property
    def n_households(self) -> int:
        """Households, or how many are expected where they are drawn."""
        if self.pattern:
            return sum(sign != "." for row in self.pattern for sign in row) * self.dwellings_per_square
        if self.numbers:
            return sum(self.numbers.values())
        if self.households is not None:
            return self.households
        return self.n_dwellings - round(self.vacancy * self.n_dwellings)
