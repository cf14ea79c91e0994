"""Feed forge-opt with nearly right programs and random options, for as long as you like.

    scripts/fuzz.py --minutes 60            # findings, each with its seed, go to build/fuzz/
    scripts/fuzz.py --case text 1234567     # one case again

No case may end in a traceback, compute for longer than 10 s, wait for longer than a minute, or need
more than 1 GB. Cases run in a process of their own, which is watched, and started anew when it has
hung, died or found something.
"""

import argparse
import os
import random
import select
import subprocess
import sys
import traceback
from collections import Counter
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SLOWEST = 10.0
"""How many seconds a case may compute. It may wait longer, on a machine that has much to do."""
LONGEST = 60.0
MOST_MEMORY = 1 << 30
STARTING = 300.0


def work(seed: int) -> None:
    """Run cases for ever; each is named on stdout before it starts."""
    # What takes long when it is used first is not the fault of the case that does so.
    import forge.numeric_check  # noqa: F401
    from tests.tools.fuzzing import KINDS, run_case, seeds

    seeds()
    report = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    rng = random.Random(seed)
    while True:
        kind, case = rng.choice(KINDS), rng.randrange(1 << 48)
        report.write(f"{kind} {case}\n")
        try:
            run_case(kind, case)
        except BaseException:  # noqa: BLE001 whatever it is, it is a finding
            traceback.print_exc()
            sys.stderr.flush()
            report.write(f"FOUND {kind} {case}\n")
            sys.exit(1)


def processor_seconds(process: int) -> float:
    """How long a process has computed so far."""
    # Behind the name in brackets, which may have spaces: the state, and 10 numbers.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: int) -> int:
    """The bytes that a process has in memory."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) << 10
    return 0


def _exceeds(process: int, case: str, started: float, computed: float) -> str | None:
    """What a case has too much of, if anything."""
    if monotonic() - started > (LONGEST if case else STARTING):
        return f"waited longer than {LONGEST:.0f} s"
    if case and processor_seconds(process) - computed > SLOWEST:
        return f"computed longer than {SLOWEST:.0f} s"
    return "needs more than 1 GB" if resident(process) > MOST_MEMORY else None


def watch(seed: int, end: float, counts: Counter[str]) -> str | None:
    """Run cases until the end, or until something is found; what that is, and where."""
    errors = ROOT / "build" / "fuzz" / f"{seed}.txt"
    with errors.open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, __file__, "--work", str(seed)], stdout=subprocess.PIPE, stderr=log
        )
    assert worker.stdout is not None
    case, buffered, started, computed = "", b"", monotonic(), 0.0
    try:
        while monotonic() < end:
            ready, _, _ = select.select([worker.stdout], [], [], 0.2)
            if ready:
                if not (chunk := os.read(worker.stdout.fileno(), 1 << 16)):
                    if not case:
                        sys.exit(f"the process of the cases does not start: see {errors}")
                    return f"{case}: the process died ({worker.wait()})"
                *lines, buffered = (buffered + chunk).split(b"\n")
                for line in map(bytes.decode, lines):
                    if line.startswith("FOUND"):
                        return f"{line.removeprefix('FOUND ')}: see {errors}"
                    counts[line.split()[0]] += 1
                    case, started, computed = line, monotonic(), processor_seconds(worker.pid)
            if worker.poll() is None and (bad := _exceeds(worker.pid, case, started, computed)):
                return f"{case or 'the start'}: {bad}"
    finally:
        worker.kill()
        worker.wait()
        if not errors.read_text().strip():
            errors.unlink()
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--case", nargs=2, metavar=("KIND", "SEED"))
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work is not None:
        work(args.work)
    if args.case is not None:
        from tests.tools.fuzzing import run_case

        run_case(args.case[0], int(args.case[1]))
        return 0
    (ROOT / "build" / "fuzz").mkdir(parents=True, exist_ok=True)
    end, counts, found = monotonic() + 60 * args.minutes, Counter[str](), list[str]()
    rounds = random.Random(args.seed)
    while monotonic() < end:
        if (finding := watch(rounds.randrange(1 << 32), end, counts)) is not None:
            found.append(finding)
            print(finding, flush=True)
    total = ", ".join(f"{count} of {kind}" for kind, count in sorted(counts.items()))
    print(f"seed {args.seed}: {total}; {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
