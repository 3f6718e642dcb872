"""Keyed chance: the generator's published answers, and what keying promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segsim.kernels import draws
from segsim.kernels.draws import Stream

WORD = st.integers(0, 2**64 - 1)


def rotated(x, n):
    return ((x << n) | (x >> (64 - n))) & (2**64 - 1)


def threefry_plain(key0, key1, counter0, counter1):
    """Threefry-2x64-13 as its paper gives it: rounds of add, rotate, xor; the key added every four."""
    most = 2**64 - 1
    keys = [key0, key1, key0 ^ key1 ^ 0x1BD11BDAA9FC1A22]
    x0, x1 = (counter0 + key0) & most, (counter1 + key1) & most
    for r in range(13):
        x0 = (x0 + x1) & most
        x1 = rotated(x1, [16, 42, 12, 31, 16, 32, 24, 21][r % 8]) ^ x0
        if r % 4 == 3:
            s = r // 4 + 1
            x0, x1 = (x0 + keys[s % 3]) & most, (x1 + keys[(s + 1) % 3] + s) & most
    return x0, x1


@pytest.mark.parametrize(
    ("key", "counter", "answer"),
    [
        ((0, 0), (0, 0), (0xF167B032C3B480BD, 0xE91F9FEE4B7A6FB5)),
        ((2**64 - 1,) * 2, (2**64 - 1,) * 2, (0xCCDEC5C917A874B1, 0x4DF53ABCA26CEB01)),
        (
            (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0x243F6A8885A308D3, 0x13198A2E03707344),
            (0xC3AAC71561042993, 0x3FE7AE8801AFF316),
        ),
    ],
)
def test_threefry__known_answers_of_random123(key, counter, answer):
    """The kat_vectors file of the authors' Random123 library, threefry2x64 with 13 rounds."""
    words = draws.threefry(*[np.uint64(word) for word in (*key, *counter)])
    assert tuple(int(word) for word in words) == answer


@given(WORD, WORD, WORD, WORD)
def test_threefry__agrees_with_plain_python(key0, key1, counter0, counter1):
    words = (key0, key1, counter0, counter1)
    found = draws.threefry(*[np.uint64(word) for word in words])
    assert tuple(int(word) for word in found) == threefry_plain(*words)


def test_stream__no_number_twice():
    numbers = [stream.value for stream in Stream]
    assert len(numbers) == len(set(numbers))
    assert all(0 < number < 2**16 for number in numbers)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), st.integers(1900, 2200))
def test_uniform__changes_with_every_part_of_its_key(who, which, year):
    key, other = draws.key_of(1), draws.key_of(2)
    base = draws.uniform(key, Stream.TASTE, year, who, which)
    changed = [
        draws.uniform(other, Stream.TASTE, year, who, which),
        draws.uniform(key, Stream.SEARCH, year, who, which),
        draws.uniform(key, Stream.TASTE, year + 1, who, which),
        draws.uniform(key, Stream.TASTE, year, who ^ 1, which),
        draws.uniform(key, Stream.TASTE, year, who, which ^ 1),
    ]
    assert 0 <= base < 1
    assert base == draws.uniform(key, Stream.TASTE, year, who, which)
    assert base not in changed


def test_distributions__have_their_moments():
    """100 000 draws each: standard errors are .0009 (uniform), .004 (Gumbel), .0032 (normal); 5 of them."""
    who = np.arange(100_000)
    key = draws.key_of(7)
    uniform = draws.uniforms(key, Stream.SEARCH, 2030, who, 0)
    gumbel = np.array([draws.gumbel(key, Stream.TASTE, 2030, w, 1) for w in who[:20_000]])
    normal = np.array([draws.normal(key, Stream.TASTE, 2030, w, 2) for w in who[:20_000]])
    assert uniform.mean() == pytest.approx(0.5, abs=0.0046)
    assert uniform.var() == pytest.approx(1 / 12, abs=0.0013)
    assert gumbel.mean() == pytest.approx(np.euler_gamma, abs=5 * 1.2825 / 20_000**0.5)
    assert normal.mean() == pytest.approx(0, abs=5 / 20_000**0.5)
    assert normal.std() == pytest.approx(1, abs=5 / 40_000**0.5)


@given(WORD, st.floats(-5, 60))
def test_gumbel_above__spares_none_that_is_above(word, least):
    exact = draws.gumbel_above(np.uint64(word), -np.inf)
    spared = draws.gumbel_above(np.uint64(word), least)
    assert spared == exact if exact >= least else spared in (exact, -np.inf)


def test_fill_bits__is_one_draw_for_each():
    which, out = np.arange(50), np.empty(50, np.uint64)
    draws.fill_bits(np.uint64(3), int(Stream.TASTE), 2030, 17, which, out)
    assert out.tolist() == [draws.bits(np.uint64(3), Stream.TASTE, 2030, 17, w) for w in which]


def test_gumbel__is_that_of_its_bits():
    draw = draws.bits(np.uint64(3), Stream.TASTE, 2030, 17, 4)
    assert draws.gumbel_above(draw, -np.inf) == draws.gumbel(np.uint64(3), Stream.TASTE, 2030, 17, 4)


def test_identities__are_distinct_and_never_negative():
    ids = draws.identities(Stream.ID_FIRST_PERSON, 5, 2022, 0, 200_000)
    assert ids.min() >= 0
    assert np.unique(ids).size == ids.size
    one = draws.identities_of(Stream.ID_FIRST_PERSON, np.array([5]), 2022, np.array([17]))
    assert one[0] == ids[17]
