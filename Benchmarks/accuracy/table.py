"""Usage: table.py DATASETS [PROGRAM]. Log relative errors on NIST's certified sets: the program (built here unless PROGRAM names it), R, and numpy or scipy; writes the table to standard output."""
import csv
import json
import math
import pathlib
import subprocess
import sys

import numpy
import scipy
from scipy import stats

folder = pathlib.Path(__file__).resolve().parent
datasets = pathlib.Path(sys.argv[1])
sets = json.load(open(folder / "data/linear_regression.json"))
certified = {}
for name in ("nist_numacc", "nist_anova"):
    for key, value in json.load(open(datasets / name / "expected.json"))["campaigns"].items():
        certified[key] = {k: v for k, v in value["published"].items() if not k.startswith(("df_", "ms_"))}
for key, value in sets.items():
    c = value["certified"]
    certified[key] = {f"b{j}": b for j, b in enumerate(c["coefficients"])} | {f"se{j}": b for j, b in enumerate(c["standard_errors"])}
    certified[key] |= {"residual_sd": c["residual_sd"], "r_squared": c["r_squared"]} | ({"F": c["F"]} if c["F"] else {})

found = {}


def keep(lines):
    for line in lines.splitlines():
        program, key, statistic, value = line.split(",")
        found[program, key, statistic] = float(value)


if len(sys.argv) > 2:
    program = pathlib.Path(sys.argv[2])
else:
    build = ["swift", "build", "-c", "release", "--package-path", ".."]
    subprocess.run(build, cwd=folder, check=True, stdout=sys.stderr)
    program = pathlib.Path(subprocess.run(build + ["--show-bin-path"], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()) / "accuracy"
keep(subprocess.run([program, folder, datasets], check=True, capture_output=True, text=True).stdout)
rows = "".join(
    ",".join([key, s["kind"], str(s.get("degree", 0)), repr(y), *(repr(column[i]) for column in s["x"])]) + "\n"
    for key, s in sets.items() for i, y in enumerate(s["y"]))
keep(subprocess.run(["Rscript", folder / "peers.R", folder, datasets], input=rows, check=True, capture_output=True, text=True).stdout)

for name in ("nist_numacc", "nist_anova"):
    samples = {}
    for row in csv.DictReader(open(datasets / name / "data.csv")):
        samples.setdefault(row["campaign"].removeprefix("NIST "), []).append((row.get("rater"), float(row["score"])))
    for key, sample in samples.items():
        x = numpy.array([v for _, v in sample])
        if name == "nist_numacc":
            d = x - x.mean()
            values = {"mean": x.mean(), "sd": x.std(ddof=1), "lag1_autocorrelation": (d[1:] * d[:-1]).sum() / (d * d).sum()}
        else:
            groups = {}
            for g, v in sample:
                groups.setdefault(g, []).append(v)
            values = {"F": stats.f_oneway(*groups.values()).statistic}
        found |= {("scipy", key, k): float(v) for k, v in values.items()}
for key, s in sets.items():
    y, x = numpy.array(s["y"], float), numpy.array(s["x"], float)
    if s["kind"] == "polynomial":
        design = numpy.vander(x[0], s["degree"] + 1, increasing=True)
    else:
        design = numpy.column_stack(([numpy.ones(len(y))] if s["kind"] == "linear" else []) + list(x))
    b = numpy.linalg.lstsq(design, y, rcond=1e-17)[0]
    rss = ((y - design @ b) ** 2).sum()
    sd = math.sqrt(rss / (len(y) - len(b)))
    se = sd * numpy.sqrt((numpy.linalg.pinv(design, rcond=1e-17) ** 2).sum(axis=1))
    tss = ((y - (0 if s["kind"] == "through origin" else y.mean())) ** 2).sum()
    found |= {("scipy", key, f"b{j}"): v for j, v in enumerate(b)} | {("scipy", key, f"se{j}"): v for j, v in enumerate(se)}
    found |= {("scipy", key, "residual_sd"): sd, ("scipy", key, "r_squared"): 1 - rss / tss}


def error(value, exact):
    """Digits right, at most 15, the number certified; digits of the value itself where 0 is certified."""
    if value is None or math.isnan(value):
        return None
    size = abs(value) if exact == 0 else abs(value - exact) / abs(exact)
    return 15.0 if size == 0 else max(0.0, min(15.0, -math.log10(size)))


r = subprocess.run(["Rscript", "-e", "cat(R.version$major, R.version$minor, sep='.')"], capture_output=True, text=True).stdout
print(f"| set | statistic | as written | as stored | R {r} | numpy {numpy.__version__}, scipy {scipy.__version__} |\n|---|---|---:|---:|---:|---:|")
least = {}
for key, values in certified.items():
    families = {}
    for statistic in values:
        family = "coefficients" if statistic[0] == "b" else "standard errors" if statistic[:2] == "se" and statistic[2:].isdigit() else statistic
        families.setdefault(family, []).append(statistic)
    for family, statistics in families.items():
        cells = []
        for program in ("decimal", "binary", "R", "scipy"):
            errors = [error(found.get((program, key, s)), values[s]) for s in statistics]
            worst = None if None in errors else min(errors)
            if worst is not None:
                least[program] = min(least.get(program, 15.0), worst)
            cells.append("–" if worst is None else f"{worst:.1f}")
        print(f"| {key} | {family.replace('_', ' ')} | " + " | ".join(cells) + " |")
print("| **least of all** | | " + " | ".join(f"**{least[p]:.1f}**" for p in ("decimal", "binary", "R", "scipy")) + " |")
