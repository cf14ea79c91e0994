"""What devices take: one description a target, in a file that a person can read."""

from forge.targets.description import load_target, target_names
from forge.targets.target import Group, Limit, Refusal, Target

__all__ = ["Group", "Limit", "Refusal", "Target", "load_target", "target_names"]
