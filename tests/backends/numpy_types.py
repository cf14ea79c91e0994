"""Element types, and what numpy has for them."""

import numpy as np

NUMPY_TYPES = [
    ("f16", np.float16),
    ("f32", np.float32),
    ("f64", np.float64),
    ("bf16", np.uint16),
    ("i1", np.bool_),
    ("i8", np.int8),
    ("i16", np.int16),
    ("i32", np.int32),
    ("i64", np.int64),
    ("ui8", np.uint8),
]
"""What every executor takes and gives; bf16 comes as its bits."""
