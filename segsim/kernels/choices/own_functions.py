"""Functions of a researcher's own, compiled, that kernels call by their address.

An address is a number like any other, so that no kernel is compiled anew for somebody's function.
"""

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from segsim.errors import SegsimError
from segsim.kernels.compile import part as kernel_part
from segsim.own import OwnPart
from segsim.tables import Array, Whole

FAILED = -2
"""What a choice rule of one's own returns that fails or names no candidate."""

UTILITY_ARGUMENTS = ("like", "everyone", "places")
RULE_ARGUMENTS = ("values", "staying", "chance")

_numba, _intrinsic = cast(Any, numba), cast(Any, intrinsic)  # numba has no types
ir = cast(Any, cgutils).ir
_DOUBLE, _WHOLE = ir.DoubleType(), ir.IntType(64)
_NUMBER = types.float64
_UTILITY = _NUMBER(_NUMBER, _NUMBER, _NUMBER)
_RULE = types.int64(cast(Any, types).CPointer(_NUMBER), types.int64, _NUMBER, _NUMBER)


class Compiled(NamedTuple):
    """A compiled function; it is kept for as long as the process lives, as kernels hold its address."""

    address: int
    ask: Callable[..., Any]
    owner: Any  # of the machine code at the address, which would go with it


_COMPILED: dict[tuple[str, str], Compiled] = {}


def _build_utility_call(
    context: Any, address: Any, like: Any, everyone: Any, places: Any
) -> tuple[Any, Callable[..., Any]]:
    """Tell numba how the utility at an address is called."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_DOUBLE, [_DOUBLE] * 3)
        return builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])

    return _NUMBER(types.int64, _NUMBER, _NUMBER, _NUMBER), generate


def _build_rule_call(
    context: Any, address: Any, values: Any, n: Any, staying: Any, chance: Any
) -> tuple[Any, Callable[..., Any]]:
    """Tell numba how the choice rule at an address is called."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_WHOLE, [_WHOLE, _WHOLE, _DOUBLE, _DOUBLE])
        return builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])

    return types.int64(types.int64, types.intp, types.int64, _NUMBER, _NUMBER), generate


call_utility: Any = _intrinsic(_build_utility_call)
"""Return what the own utility at an address says of like, everyone and places; NaN where it fails."""

call_rule: Any = _intrinsic(_build_rule_call)
"""Return which of `n` values, the first at an address, the rule at another chooses; else FAILED."""


@kernel_part
def choose_by_own_rule(address: Whole, value: Array, n: Whole, staying: float, u: float) -> Whole:
    """Return the place that an own rule chooses of the first `n` values, -1 to stay, FAILED for any other."""
    at: Whole = call_rule(address, value.ctypes.data, n, staying, u)
    return at if -1 <= at < n else np.int64(FAILED)


def compile_utility(part: OwnPart) -> int:
    """Return the address of an own utility.

    Parameters
    ----------
    part : OwnPart
        A function of like households around, all of them, and the squares (or seats) there are, as floats;
        it returns a number.

    Raises
    ------
    SegsimError
        If it cannot be compiled, or gives no number for some neighbourhood of one to eight.
    """
    compiled = compile_function(part, "utility", UTILITY_ARGUMENTS, (_NUMBER,) * 3, _UTILITY, _wrap_utility)
    for everyone, like in product(range(1, 9), range(9)):
        if like <= everyone:
            check_utility(part, float(like), float(everyone), 8.0)
    return compiled.address


def check_utility(part: OwnPart, like: float, everyone: float, places: float) -> None:
    """Refuse an own utility that gives no number here."""
    value = _COMPILED["utility", part.digest].ask(like, everyone, places)
    if not np.isfinite(value):
        at = f"like={like:g}, everyone={everyone:g}, places={places:g}"
        raise SegsimError(
            f"{part.name_in_files}: gives no number for {at}; let it return one for every neighbourhood",
            f"{part.name_in_files}: ger inget tal för {at}; låt den returnera ett för varje grannskap",
        )


def compile_rule(part: OwnPart) -> int:
    """Return the address of an own choice rule.

    Parameters
    ----------
    part : OwnPart
        A function of the utilities of what is seen (float64 array), that of staying, and a draw on [0, 1);
        it returns the place of one of the first, or -1 to stay.

    Raises
    ------
    SegsimError
        If it cannot be compiled, or names what is not there.
    """
    values = np.array([0.0, 1.0, 0.5])
    compiled = compile_function(
        part, "rule", RULE_ARGUMENTS, (_NUMBER[::1], _NUMBER, _NUMBER), _RULE, _wrap_rule
    )
    for n, staying, chance in product((1, 2, 3), (0.0, 0.5, 1.0), (0.0, 0.5, 0.999)):
        at = compiled.ask(values[:n], staying, chance)
        if not -1 <= at < n:
            refuse_choice(part)
    return compiled.address


def refuse_choice(part: OwnPart) -> None:
    """Refuse an own choice rule that has named nothing there is."""
    raise SegsimError(
        f"{part.name_in_files}: must return a whole number, the place of one of the values or -1 to stay",
        f"{part.name_in_files}: ska returnera ett heltal, platsen för ett av värdena eller -1 för att stanna",
    )


def compile_function(
    part: OwnPart,
    role: str,
    arguments: tuple[str, ...],
    given: tuple[Any, ...],
    signature: Any,
    wrap: Callable[[Any], tuple[Callable[..., Any], Callable[..., Any]]],
) -> Compiled:
    """Compile a part once a process.

    Parameters
    ----------
    part : OwnPart
    role : str
        What it is to do.
    arguments : tuple of str
        What its arguments are called.
    given : tuple
        Their types to numba.
    signature : numba signature
        As kernels call it.
    wrap : callable
        Returns, of the function compiled, what kernels call and what is asked from Python.

    Raises
    ------
    SegsimError
        If it is no such function, cannot be compiled, or returns no number.
    """
    if (role, part.digest) not in _COMPILED:
        function, name = part.load(), part.name_in_files
        function = getattr(function, "py_func", function)
        if not inspect.isfunction(function) or len(inspect.signature(function).parameters) != len(arguments):
            raise SegsimError(
                f"{name}: must be a function of {', '.join(arguments)}",
                f"{name}: ska vara en funktion av {', '.join(arguments)}",
            )
        inner = _numba.njit(error_model="numpy", boundscheck=True)(function)
        try:
            inner.compile(given)
        except Exception as error:  # numba has several families of errors, and all mean this
            told = find_reason(error)
            raise SegsimError(
                f"{name}: cannot be compiled by numba: {told}; write it with numbers, `if`, loops and math "
                "alone",
                f"{name}: kan inte kompileras av numba: {told}; skriv den med bara tal, `if`, slingor och "
                "math",
            ) from error
        if not isinstance(inner.nopython_signatures[0].return_type, types.Number | types.Boolean):
            raise SegsimError(
                f"{name}: must return a number whatever it is asked",
                f"{name}: ska returnera ett tal vad den än får för fråga",
            )
        outer, ask = wrap(inner)
        compiled = _numba.cfunc(signature)(outer)
        _COMPILED[role, part.digest] = Compiled(compiled.address, ask, compiled)
    return _COMPILED[role, part.digest]


def find_reason(error: Exception) -> str:
    """Return what of a long message of numba's says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines()]
    lines = [line for line in lines if line and not line.startswith(("Failed in", "During", "^", "File"))]
    return (lines or [type(error).__name__])[0].rstrip(".:")


def _wrap_utility(inner: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return an own utility as kernels call it, and as it is asked from Python."""

    def outer(like: float, everyone: float, places: float) -> float:
        try:
            return float(inner(like, everyone, places))
        except Exception:
            return np.nan

    return outer, _numba.njit(error_model="numpy")(outer)


def _wrap_rule(inner: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return an own choice rule as kernels call it, and as it is asked from Python."""

    def ask(values: Array, staying: float, chance: float) -> int:
        try:
            return int(inner(values, staying, chance))
        except Exception:
            return FAILED

    asked, carray = _numba.njit(error_model="numpy")(ask), _numba.carray

    def outer(start: Any, n: int, staying: float, chance: float) -> int:
        return int(asked(carray(start, n), staying, chance))

    return outer, asked
