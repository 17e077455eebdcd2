"""Times the first token of a new instance, as on hosts that start an instance for every request.

wasmtime compiles the module before, so no figure includes the compiler.
"""

import json
import statistics
import time
from importlib.metadata import version
from pathlib import Path

import wasmtime

INSTANCES = 4000
HERE = Path(__file__).parent
KEY = (HERE / "../../tests/data/keys/rsa2048.pem").read_bytes()


class Way:
    """A function of the module, and its arguments before the header."""

    def __init__(self, name, function, *parts):
        self.name, self.function = name, function
        self.text, self.lengths = b"".join(parts), [len(part) for part in parts]

    def first_answer(self, engine, module, header):
        """Returns the answer of a new instance, and the microseconds from before its creation."""
        text = self.text + header
        now = time.time()
        start = time.perf_counter_ns()
        store = wasmtime.Store(engine)
        exports = wasmtime.Instance(store, module, []).exports(store)
        exports["memory"].write(store, text, exports["input"](store))
        answer = exports[self.function](store, *self.lengths, len(text), now)
        return answer, (time.perf_counter_ns() - start) / 1000


def measure(module, engine, ways, token):
    good, changed = token["header"].encode(), token["tampered"].encode()
    for way in ways[1:]:
        assert way.first_answer(engine, module, changed)[0] == 0, f"{way.name}: a changed token"
    times = {way.name: [] for way in ways}
    for _ in range(INSTANCES):
        for way in ways:
            answer, microseconds = way.first_answer(engine, module, good)
            assert answer == (way is not ways[0]), f"{way.name}: a good token"
            times[way.name].append(microseconds)
    return times


def main():
    token = json.loads((HERE / "built/fixture.json").read_text())["tokens"][0]
    org = token["org"].encode()
    ways = [
        # An org longer than the whole text: the function returns before it reads the token.
        Way("no token", "check", b""),
        Way("key embedded", "check", org),
        Way("key from the environment", "check_by_key", KEY, org),
    ]
    ways[0].lengths = [1 << 20]
    engine = wasmtime.Engine()
    print(f"First answer of an instance in wasmtime {version('wasmtime')}, µs, median (least) of {INSTANCES}:\n")
    print(f"| module | {' | '.join(way.name for way in ways)} |\n|---|{'---|' * len(ways)}")
    for name in ["plain", "relaxed"]:
        module = wasmtime.Module.from_file(engine, str(HERE / f"built/instance-{name}.wasm"))
        times = measure(module, engine, ways, token)
        cells = [f"{statistics.median(each):.0f} ({min(each):.0f})" for each in times.values()]
        print(f"| {name} | {' | '.join(cells)} |")


main()
