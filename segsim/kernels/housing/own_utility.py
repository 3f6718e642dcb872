"""What a home is worth by a researcher's own function, which is shown household and home as plain values."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from segsim.errors import SegsimError
from segsim.kernels.choices.own_functions import compile_function
from segsim.kernels.housing.records import HOME, MOVER
from segsim.own import OwnPart

ARGUMENTS = ("seeker", "offer")

_numba, _intrinsic = cast(Any, numba), cast(Any, intrinsic)  # numba has no types
ir = cast(Any, cgutils).ir
_NUMBER = types.float64


class Seeker(NamedTuple):
    """A household that looks for a home.

    Attributes
    ----------
    income : float
        Disposable income, tkr a year.
    wealth : float
        Savings that can go into a home, tkr.
    log_standard : float
        Log of its economic standard over the median household's.
    education : float
        Highest education among its adults, 0 to 3.
    size : int
        Persons.
    has_children : bool
    group : int
        Its group, by place in the scenario's list.
    is_foreign : bool
        Whether that is of foreign background.
    has_home : bool
        Whether it has a home; else it lodges.
    """

    income: float
    wealth: float
    log_standard: float
    education: float
    size: int
    has_children: bool
    group: int
    is_foreign: bool
    has_home: bool


class Offer(NamedTuple):
    """A home that a household considers: a vacancy, or its own.

    Attributes
    ----------
    utility : float
        What segsim's terms make it worth to this household, without chance and ties to the present home.
    own_group : float
        Share of people like the household around it, 0 to 1; with `own_group_points`, what that is worth.
    log_standard, education : float
        Means of its area: log economic standard over the median household's; highest education, 0 to 3.
    quality : float
        Of the dwelling, SD.
    price, fee : float
        Purchase price, 0 in rental, tkr; yearly rent, fee or running cost, tkr.
    rooms : int
        Apart from kitchen and bathroom.
    tenure : int
        0 public rental, 1 private rental, 2 cooperative, 3 owned.
    distance : float
        From where the household lives or lodges, km.
    area : int
        By place in the table of areas.
    is_present : bool
        Whether it is the home the household has.
    """

    utility: float
    own_group: float
    log_standard: float
    education: float
    quality: float
    price: float
    fee: float
    rooms: int
    tenure: int
    distance: float
    area: int
    is_present: bool


_SEEKER = Seeker(300.0, 100.0, 0.0, 1.0, 2, False, 0, False, True)
_OFFER = Offer(0.0, 0.5, 0.0, 1.0, 0.0, 1500.0, 60.0, 3, 2, 1.0, 0, False)
"""A household and a home to try an own utility on."""


def _build_call(
    context: Any, address: Any, mover: Any, home: Any, utility: Any, share: Any, km: Any, is_present: Any
) -> tuple[Any, Callable[..., Any]]:
    """Tell numba how the utility at an address is called: records go as what they are, pointers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        double, byte = ir.DoubleType(), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(double, [byte, byte, double, double, double, double])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        records = [builder.bitcast(argument, byte) for argument in arguments[1:3]]
        return builder.call(function, [*records, *arguments[3:]])

    return _NUMBER(types.int64, mover, home, _NUMBER, _NUMBER, _NUMBER, _NUMBER), generate


call_home_utility: Any = _intrinsic(_build_call)
"""Return what the own utility at an address makes of a mover and a home (records); NaN where it fails.

Beside them it takes segsim's own utility, the share of people alike, the distance (km), and whether it is the
mover's present home (1.0 or 0.0).
"""


def compile_home_utility(part: OwnPart) -> int:
    """Return the address of an own utility of a home.

    Parameters
    ----------
    part : OwnPart
        A function of a `Seeker` and an `Offer`; it returns a number.

    Raises
    ------
    SegsimError
        If it cannot be compiled, or gives no number for an ordinary home.
    """
    given = (_numba.typeof(_SEEKER), _numba.typeof(_OFFER))
    records = [types.CPointer(_numba.from_dtype(dtype)) for dtype in (MOVER, HOME)]  # type: ignore[no-untyped-call]
    signature = _NUMBER(*records, _NUMBER, _NUMBER, _NUMBER, _NUMBER)
    compiled = compile_function(part, "home_utility", ARGUMENTS, given, signature, _wrap)
    for tenure in range(4):
        for is_present in (False, True):
            offer = _OFFER._replace(tenure=tenure, price=1500.0 * (tenure > 1), is_present=is_present)
            if not np.isfinite(compiled.ask(_SEEKER, offer)):
                refuse_home_utility(part, f" of {offer}", f" om {offer}")
    return compiled.address


def refuse_home_utility(part: OwnPart, of_en: str = "", of_sv: str = "") -> None:
    """Refuse an own utility that has given no number."""
    raise SegsimError(
        f"{part.name_in_files}: gives no number{of_en}; let it return one for every household and home",
        f"{part.name_in_files}: ger inget tal{of_sv}; låt den returnera ett för varje hushåll och bostad",
    )


def _wrap(inner: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return an own utility as kernels call it, and as it is asked from Python."""
    carray = _numba.carray

    def ask(seeker: Seeker, offer: Offer) -> float:
        try:
            return float(inner(seeker, offer))
        except Exception:
            return np.nan

    asked = _numba.njit(error_model="numpy")(ask)

    def outer(
        at_mover: Any, at_home: Any, utility: float, share: float, km: float, is_present: float
    ) -> float:
        mover, home = carray(at_mover, 1)[0], carray(at_home, 1)[0]
        seeker = Seeker(
            mover.income,
            mover.wealth,
            mover.log_standard,
            mover.education,
            int(mover.size),
            bool(mover.has_children),
            int(mover.group),
            bool(mover.is_foreign),
            bool(mover.has_home),
        )
        offer = Offer(
            utility,
            share,
            home.log_standard,
            home.education,
            float(home.quality),
            float(home.price),
            float(home.fee),
            int(home.rooms),
            int(home.tenure),
            km,
            int(home.area),
            is_present > 0.0,
        )
        return float(asked(seeker, offer))

    return outer, asked
