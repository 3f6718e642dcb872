"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

from segsim.tables import Tables
from tests import six_by_six as checkable

# the first call of a kernel compiles it, and a busy machine draws slowly
settings.register_profile(
    "segsim", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("hunt", settings.get_profile("segsim"), derandomize=False, max_examples=2000)
settings.load_profile("segsim")


@pytest.fixture
def six_by_six() -> Tables:
    """Return a new copy of the city of 36 cells described in `tests/six_by_six.py`."""
    return checkable.six_by_six()
