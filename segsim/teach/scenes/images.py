"""A city as a picture: bytes by row and column, and the colour of each byte."""

import struct
import zlib
from typing import NamedTuple

import numpy as np

from segsim.city import City
from segsim.groups import is_foreign
from segsim.simulation import BoardSimulation
from segsim.tables import NONE, Array, Tenure

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
VACANT = "#F4F4F0"
PEOPLE = (VACANT, BLUE, ORANGE, GREEN, PURPLE, "#56B4E9", "#D55E00", "#F0E442", "#1F2328")
"""Colours that colour-blind people tell apart (Okabe and Ito 2008), unlike in lightness too."""

LEVELS = (
    "#F4F9C8", "#D9EFB3", "#B0DFB6", "#7FCDBB", "#52BCC2", "#32A0C2", "#2480B8", "#225EA8", "#243C92",
    "#0E2260",
)  # fmt: skip
"""Ten levels, light is little and dark is much (after ColorBrewer YlGnBu)."""


class CityImage(NamedTuple):
    """Bytes to draw, and what each stands for."""

    squares: Array  # uint8, rows x columns
    colours: tuple[str, ...]  # by byte


def city_image(city: City) -> CityImage:
    """Return a board's households by group, or a municipality's cells by share of foreign background.

    Parameters
    ----------
    city : City

    Returns
    -------
    Picture
        On a board 0 is a vacant square, else 1 + group (from the eighth group on, all alike); in a
        municipality 0 is a place without homes, else 1 for no foreign background to 10 for nothing else.
    """
    board = city.simulation
    if isinstance(board, BoardSimulation) and board.relocation is not None:
        return CityImage(np.minimum(board.relocation.squares(), len(PEOPLE) - 1), PEOPLE)
    return CityImage(levels_by_cell(city), (VACANT, *LEVELS))


def levels_by_cell(city: City, of: str = "background") -> Array:
    """Return the level of each cell, 0 where nobody lives, north at the top.

    Parameters
    ----------
    city : City
    of : {"background", "tenure"}
        Whether levels are of foreign background among people, or of rentals among homes that are lived in.
    """
    cells = city.tables.cells
    if of == "tenure":
        counts = homes_by_tenure(city)
    else:
        counts = people_by_background(city, city.household_cells(), cells.id.size)
    people = counts.sum(1)
    share = counts[:, 1] / np.maximum(people, 1)
    level = np.minimum((share * len(LEVELS)).astype(np.uint8), len(LEVELS) - 1)
    row, column = cell_squares(city)
    sheet = np.zeros((int(row.max()) + 1, int(column.max()) + 1), np.uint8)
    sheet[row, column] = np.where(people > 0, level + 1, 0)
    return sheet


def cell_squares(city: City) -> tuple[Array, Array]:
    """Return the row and column of each cell on the map, north at the top."""
    cells, side = city.tables.cells, city.measurer.cell_side
    row = np.rint((cells.y.max() - cells.y) / side).astype(np.int64)
    return row, np.rint((cells.x - cells.x.min()) / side).astype(np.int64)


def homes_by_tenure(city: City) -> Array:
    """Return the homes of each cell that are lived in: owned or cooperative, rented."""
    dwellings = city.tables.dwellings
    lived_in = np.flatnonzero((dwellings.id != NONE) & (dwellings.occupant != NONE))
    is_rented = np.isin(dwellings.tenure[lived_in], (Tenure.PUBLIC_RENTAL, Tenure.PRIVATE_RENTAL))
    which = dwellings.cell[lived_in].astype(np.int64) * 2 + is_rented
    return np.bincount(which, minlength=2 * city.tables.cells.id.size).reshape(-1, 2)


def people_by_background(city: City, place: Array, n_places: int) -> Array:
    """Return people by place and background (Swedish, foreign), given the place of each household row."""
    persons, foreign = city.tables.persons, is_foreign(city.state.groups)
    rows = np.flatnonzero(persons.id != NONE)
    which = place[persons.household[rows]].astype(np.int64) * 2 + foreign[persons.group[rows]]
    return np.bincount(which, minlength=2 * n_places).reshape(-1, 2)


def encode_png(picture: CityImage, scale: int = 1) -> bytes:
    """Return a picture as a PNG file with a palette, each byte a square of `scale` points."""
    squares = np.ascontiguousarray(picture.squares.repeat(scale, 0).repeat(scale, 1))
    rows, columns = squares.shape
    palette = b"".join(bytes.fromhex(colour[1:]) for colour in picture.colours)
    lines = np.hstack([np.zeros((rows, 1), np.uint8), squares]).tobytes()
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
