"""What Forge adds to xDSL: shapes, shape functions, one syntax, locations, verification."""
