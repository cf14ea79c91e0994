"""Bytecode that somebody has damaged, or made up."""

import random
import zlib

from forge.backends.vm.wire import MAGIC

HEAD = len(MAGIC) + 1 + 4
"""The bytes in front of what the checksum is over."""


def with_checksum(content: bytes) -> bytes:
    """Bytecode whose checksum is right, whatever it holds."""
    checksum = zlib.crc32(content[HEAD:]).to_bytes(4, "little")
    return content[: HEAD - 4] + checksum + content[HEAD:]


def mutate(content: bytes, rng: random.Random) -> bytes:
    """Change a few bytes, move, repeat or cut some; the checksum is right again."""
    mutated = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 5])):
        place = rng.randrange(HEAD, len(mutated))
        flipped = mutated[place] ^ (1 << rng.randrange(8))
        mutated[place] = rng.choice([flipped, rng.randrange(256), 0, 0x7F, 0x80, 0xFF])
    if rng.random() < 0.2:
        del mutated[rng.randrange(HEAD, len(mutated)) :]
    elif rng.random() < 0.1:
        start, end = sorted(rng.randrange(HEAD, len(mutated)) for _ in range(2))
        place = rng.randrange(HEAD, len(mutated))
        mutated[place:place] = mutated[start : min(end, start + 64)]
    elif rng.random() < 0.1:
        place = rng.randrange(HEAD, len(mutated))
        # A number of 63 bits: the largest that the format has.
        mutated[place : place + 1] = b"\xff" * 8 + b"\x7f"
    return with_checksum(bytes(mutated))
