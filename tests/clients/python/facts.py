"""What the suites share: the checks' words, and the partitions that Java's default partitioner gives to keys."""
import multiprocessing
import os
import sys
import time
import uuid

# Of 12 partitions; murmur2 as Java's default partitioner uses it.
JAVA_PARTITIONS_OF_12 = {
    "a": 4,
    "21": 0,
    "foobar": 6,
    "a-little-bit-long-string": 8,
    "a-little-bit-longer-string": 11,
}


class Summary:
    """Counts what a suite did, for its closing line."""

    def __init__(self, name):
        self.name, self.produced, self.consumed, self.rebalances = name, 0, 0, 0

    def close(self):
        check(self.produced > 0 and self.consumed > 0, "the suite produced and consumed nothing")
        print(
            f"SUITE {self.name} produced={self.produced} consumed={self.consumed} rebalances={self.rebalances}",
            flush=True,
        )


def check(holds, words):
    if not holds:
        print(f"FAILED: {words}", file=sys.stderr, flush=True)
        for child in multiprocessing.active_children():
            child.kill()
        os._exit(1)


def equal(found, wanted, words):
    check(found == wanted, f"{words}: found {found!r}, wanted {wanted!r}")


def name(kind):
    return f"{kind}-{uuid.uuid4().hex[:10]}"


def wait_until(words, condition, seconds=60, step=None):
    """Calls `step` until `condition` holds; the suite fails when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"not within {seconds} s: {words}")
        if step:
            step()
        else:
            time.sleep(0.05)


def bootstrap():
    check(len(sys.argv) >= 2, "usage: suite HOST:PORT")
    return sys.argv[1]
