"""Facts about programs that passes, lowerings and reports share."""
