"""Keeping PyTorch's tracer from talking: what it has to say is in the error that it raises."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def quiet() -> Generator[None]:
    """No warnings, and no log of the graph as it was when tracing failed."""
    logger = logging.getLogger("torch")
    disabled, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = disabled
