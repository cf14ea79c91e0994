"""The parts of `forge-opt`: its options, what reads, what watches the passes, what writes."""
