"""peers.py FILE [icc]: the Python packages on one matrix of ratings; best of several runs, processor seconds."""
import sys
import time

import numpy as np

x = np.loadtxt(sys.argv[1], delimiter=",")


def run(name, f, repeats=3):
    cpu, wall, value = [], [], None
    for _ in range(repeats):
        a, b = time.process_time(), time.perf_counter()
        value = f()
        cpu.append(time.process_time() - a)
        wall.append(time.perf_counter() - b)
    print(f"python     {name:44} cpu {min(cpu):.5f} s  wall {min(wall):.5f} s  {value}", flush=True)


if len(sys.argv) > 2:
    import pandas as pd
    import pingouin

    n, k = x.shape
    long = pd.DataFrame({"unit": np.repeat(np.arange(n), k), "rater": np.tile(np.arange(k), n), "score": x.ravel()})
    run("pingouin, six ICCs with limits",
        lambda: pingouin.intraclass_corr(long, targets="unit", raters="rater", ratings="score")["ICC"].tolist(), 1)
    sys.exit()

import krippendorff
import pandas as pd
from irrCAC.raw import CAC

for level in ("nominal", "ordinal", "interval", "ratio"):
    run(f"krippendorff, {level}", lambda: krippendorff.alpha(x.T, level_of_measurement=level))
rng = np.random.default_rng(2)
resamples = 1000 if len(x) <= 1000 else 20
run(f"krippendorff, ordinal, {resamples} resamples in a loop",
    lambda: np.percentile([krippendorff.alpha(x[rng.integers(0, len(x), len(x))].T, level_of_measurement="ordinal") for _ in range(resamples)],
                          [2.5, 97.5]).tolist(), 1)
cac = CAC(pd.DataFrame(x))
for name in ("gwet", "krippendorff", "fleiss", "bp", "conger"):
    run(f"irrCAC, {name} with SE", lambda: getattr(cac, name)()["est"]["se"])
