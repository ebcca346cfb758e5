"""A charm as large as its variables say, the same as the one in Rust."""

import os
from pathlib import Path

from charmhelpers.core import hookenv, unitdata
from charms.reactive import hook, when_all


@hook("install")
def set_flags():
    """Set so many flags, without the program that set_flag starts for each."""
    flags = {f"bench.{number}": None for number in range(int(os.environ["FLAGS"]))}
    unitdata.kv().update(flags, prefix="reactive.states.")


def register(number):
    """Register a handler that looks at two flags, and never runs.

    The framework tells functions apart by their names and lines.
    """
    name = f"handler_{number}"
    exec(f"def {name}(): pass", globals())
    when_all(f"bench.{number}", "bench.missing")(globals()[name])


def note_peak():
    """Leave word of how much memory this process has had at most."""
    Path(os.environ["PEAK_FILE"]).write_bytes(Path("/proc/self/status").read_bytes())


for number in range(int(os.environ["HANDLERS"])):
    register(number)
if "PEAK_FILE" in os.environ:
    hookenv.atexit(note_peak)
