"""What runs a program: from `reg` to something executable."""
