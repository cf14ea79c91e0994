#!/bin/sh
# Exits with 0 where a program has a GELU.
grep -q aten.gelu "$1"
