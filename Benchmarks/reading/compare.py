#!/usr/bin/env python3
"""compare.py FILE [ROUNDS]: Plumbline's reader and polars.read_csv in turn on one file, each in a process of its own.

Build first: swift build -c release --package-path Benchmarks
Prints the best and the median time of both, their ratio, and the peak memory of the reader beyond the size of the file, in bytes a score.
READER names another executable with the same output.
"""
import os
import pathlib
import statistics
import subprocess
import sys

file = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
here = pathlib.Path(__file__).parent
reader = os.environ.get("READER", str(here.parent / ".build/release/reading"))
polars = "import polars, time, sys; t = time.perf_counter(); polars.read_csv(sys.argv[1]); print(time.perf_counter() - t)"
# The program sets the same when it begins.
economical = os.environ | {"MALLOC_TRIM_THRESHOLD_": str(8 << 20), "MALLOC_MMAP_THRESHOLD_": str(2 << 20)}
ours, theirs, peak, scores = [], [], 0, 0
for _ in range(rounds):
    seconds, count, kilobytes = subprocess.check_output([reader, file], text=True, env=economical).split()
    ours.append(float(seconds))
    scores = int(count)
    peak = max(peak, int(kilobytes) * 1024)
    theirs.append(float(subprocess.check_output([sys.executable, "-c", polars, file], text=True)))
for name, times in (("plumbline", ours), ("polars", theirs)):
    print(f"{name:10} best {min(times):.3f} s  median {statistics.median(times):.3f} s")
print(f"ratio      best {min(ours) / min(theirs):.2f}    median {statistics.median(ours) / statistics.median(theirs):.2f}")
size = os.path.getsize(file)
print(f"peak       {peak / 1e6:.0f} MB, {(peak - size) / scores:.1f} bytes a score beyond the file of {size / 1e6:.0f} MB")
