"""Warnings of libraries that are expected, and told in another way."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silenced(*kinds: type[Warning]) -> Iterator[None]:
    """Within the block, warnings of these kinds are not shown."""
    with warnings.catch_warnings():
        for kind in kinds:
            warnings.simplefilter("ignore", kind)
        yield
