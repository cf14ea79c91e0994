"""Parameters of rotary embeddings, as transformers' configurations take them."""

from __future__ import annotations

from typing import Any


def plain_rope(theta: float) -> dict[str, Any]:
    """Frequencies that fall as powers of theta."""
    return {"rope_type": "default", "rope_theta": theta}


def llama3_rope(factor: float) -> dict[str, Any]:
    """The rotary embedding of Llama 3: low frequencies are stretched by a factor."""
    return {
        "rope_type": "llama3",
        "rope_theta": 500000.0,
        "factor": factor,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }
