"""The boundaries of an imported city: those in the folder, or else estimated ones that come with segsim."""

from typing import Any

from segsim.sweden.municipalities import Municipality
from segsim.synthesis.imports.assembly import Assembly
from segsim.synthesis.imports.folder import Folder
from segsim.synthesis.maps.district_map import estimate_outlines
from segsim.synthesis.notes import Note


def choose_outlines(
    read: Folder, assembly: Assembly, municipality: Municipality, fill: bool, notes: list[Note]
) -> dict[str, Any]:
    """Return the polygons of all areas by code, of the folder or of the facts; none if any is lacking."""
    codes = [str(code) for code in assembly.table.index]
    lacking = [code for code in codes if code not in read.outlines]
    if not lacking:
        return {code: read.outlines[code] for code in codes}
    if len(lacking) < len(codes):
        notes.append(Note("outlines_lacking", {"areas": ", ".join(lacking[:4]), "n": len(lacking)}))
    elif read.outlines:
        notes.append(Note("outlines_of_others", {"code": next(iter(read.outlines)), "area": codes[0]}))
    outlines = estimate_outlines(codes, municipality.code) if fill else {}
    if outlines and codes[0][4] != "R":
        notes.append(Note("estimated_borders", {"areas": len(codes)}))
    if not outlines and not read.outlines:
        notes.append(Note("no_outlines", {"division": str(assembly.division)}))
    return outlines
