#!/bin/sh
# Exits with 0 where a program has a SiLU.
grep -q aten.silu "$1"
