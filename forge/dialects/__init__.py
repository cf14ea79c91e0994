"""The dialects, from what PyTorch said (`aten`) to what a device runs (`reg`)."""
