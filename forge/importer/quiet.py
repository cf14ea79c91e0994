"""Keeping PyTorch's tracer from talking: what it has to say is in the error that it raises."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr
from io import StringIO


@contextmanager
def quiet() -> Generator[None]:
    """No warnings, no log and no print of the graph as it was when tracing failed.

    What a model itself writes to stderr appears afterwards, unless tracing fails.
    """
    said = StringIO()
    # Not by logger: PyTorch's many loggers have handlers of their own.
    threshold = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stderr(said):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(threshold)
    sys.stderr.write(said.getvalue())
