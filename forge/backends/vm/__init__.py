"""Programs at level `reg` as bytecode, and what executes them without a vendor's compiler."""
