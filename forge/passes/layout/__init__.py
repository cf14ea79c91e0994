"""The patterns of `optimize-layout`, and what they count as cost."""
