"""Conversions from one dialect to the next."""
