"""How a process of Forge's ends when others end it."""

import signal
import subprocess
import sys

from forge.tools.running import TERMINATED

WORKS = """
import time
from forge.tools.running import leave_in_order

leave_in_order()
try:
    print("works", flush=True)
    time.sleep(60)
finally:
    print("has put away its things")
"""


def test_who_is_told_to_end_puts_away_its_things() -> None:
    process = subprocess.Popen([sys.executable, "-c", WORKS], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "works\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.read() == "has put away its things\n"
    assert process.wait() == TERMINATED
