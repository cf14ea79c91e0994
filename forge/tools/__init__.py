"""The command line: `forge-opt` to work on the compiler, `forge` to use it."""
