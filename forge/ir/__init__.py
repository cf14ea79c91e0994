"""What Forge adds to xDSL: tensor shapes, shape functions, one assembly format, locations, verification."""
