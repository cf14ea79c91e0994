"""Forge: a compiler framework that takes PyTorch transformers to OpenVINO, every step readable as text."""
