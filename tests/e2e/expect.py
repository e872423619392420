"""Expectations: the first that breaks ends the run with a message that says what was seen."""

import json
import time

PATIENCE_S = 60
PAUSE_S = 0.5


class Broken(Exception):
    """Something is not as it must be."""


def shown(value):
    """A value on one line, cut where it gets long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 1500 else f"{text[:1500]}…"


def equal(what, seen, wanted):
    if seen != wanted:
        raise Broken(f"{what}: expected {shown(wanted)}, saw {shown(seen)}")


def true(what, holds, seen=None):
    if not holds:
        raise Broken(what if seen is None else f"{what}: saw {shown(seen)}")


def eventually(what, look, patience_s=PATIENCE_S):
    """What `look` finds, once it finds something. The bound is for a system that is stuck; how long
    it takes says nothing."""
    end = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Broken(f"{what}: not within {patience_s} s; last seen: {shown(found)}")
        time.sleep(PAUSE_S)


class Journal:
    """The steps that were taken, in order, with what each of them found."""

    def __init__(self):
        self.parts = []

    def part(self, title):
        self.parts.append((title, []))
        print(f"-- {title}", flush=True)

    def step(self, text):
        self.parts[-1][1].append(text)
        print(f"   {text}", flush=True)

    def count(self):
        return sum(len(steps) for _, steps in self.parts)
