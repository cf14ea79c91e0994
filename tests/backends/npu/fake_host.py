"""A host that speaks the protocol of `host.c`, and does what the model's text says.

    python fake_host.py TRACE

A model with the word `refuse`, `crash`, `hang`, `hoard` or `silent` in it is refused, ends the
process, never ends, is killed as where memory is short, or writes nothing; one with `stumble` ends
the first process that it meets. Any other is compiled, and TRACE becomes its trace. Each job is
added to `jobs.txt` beside the model.

Asked for strategies, it writes those of one layer, `acos in h.0/Acos`, which it splits as it is
told. Told so, it predicts half the time, with `slower` in the model's text twice as much, and with
`picky` it refuses. With `old` it knows nothing of strategies.

For a model with `free` in its text its product costs nothing, and it predicts three times as long
where the result is made f16. With `deceptive` it is slower as it is told, but not in f16; with
`rigid` it refuses what it is told there.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

BLOB = b"\x7fELF of the fake host"


def refuses(text: str) -> str | None:
    """Why the model is not compiled, if the process lives to say so."""
    if "crash" in text:
        os._exit(5)
    if "hoard" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "hang" in text:
        time.sleep(600)
    if "refuse" in text:
        print("[ERROR] 18:25:05.015 [vpux-compiler] 'IE.Acos' op operand #0 must be a float")
        return "Exception from plugin.cpp:1: Compiler returned msg: Cannot do this"
    return None


LAYER = {
    "layerType": "VPU.NCE.Eltwise",
    "multiClusterStrategy": "HKSwitch",
    "tilingStrategy": {"N": 1, "C": 2, "H": 1, "W": 1},
}


def split(told: bool) -> None:
    """Write how layers are split, as the compiler does."""
    layers = {"acos in h.0/Acos?t_Acos/as_add": dict(LAYER)}
    if told:
        for name, fields in json.loads(Path("strategy_in.json").read_text()).items():
            layers.get(name, {}).update(fields)
    Path("strategy_out.json").write_text(json.dumps(layers))


def write_trace(factor: float, free: bool) -> None:
    """Write the trace, with another latency."""
    trace = json.loads(Path(sys.argv[1]).read_text())
    for event in trace["traceEvents"]:
        if free and event.get("cat") == "DPU":
            event["dur"] = 0.0
            event["name"] = "acos in h.0/Acos?t_Acos/as_add/cluster_0"
    trace["taskStatistics"]["total duration"] *= factor
    Path("compileTimeScheduleTrace.json").write_text(json.dumps(trace))


def main() -> None:
    for line in sys.stdin:
        model, blob, *properties = line.rstrip("\n").split("\t")
        text = Path(model).read_text()
        with Path(model).with_name("jobs.txt").open("a") as jobs:
            jobs.write(f"{os.getpid()} {' '.join(properties)}\n")
        stumbled = Path(model).with_name("stumbled")
        if "stumble" in text and not stumbled.exists():
            stumbled.touch()
            os._exit(5)
        print("some garbage of the compiler\n\x00\xff")
        mode = " ".join(properties)
        told = "read-strategy-from-json=true" in mode
        reason = refuses(text)
        halved = 'destination_type="f16"' in text
        if told and ("picky" in text or (halved and "rigid" in text)):
            reason = "Failed Pass TilingStrategyAssignment"
        if reason is None and "silent" not in text:
            slow = "slower" in text or ("deceptive" in text and not halved)
            factor = (2.0 if slow else 0.5) if told else 1.0
            factor *= 3.0 if "free" in text and halved else 1.0
            write_trace(factor, "free" in text and not halved)
            Path(blob).write_bytes(BLOB)
            if "write-strategy-to-json=true" in mode and "old" not in text:
                split(told)
        print("ok" if reason is None else f"failed {reason}", flush=True)


if __name__ == "__main__":
    main()
