#!/usr/bin/env python3
"""How often a rater who marks one criterion by another standard is found, beside an oracle.

    profiles.py --plumbline PROGRAM --out DIR [--shift 2 4 6 10] [--kind level own reversed] [--design crossed nested] [--campaigns 20]

Campaigns of 60 raters, 120 units (`own`: 360), 10 criteria, five raters a unit: a random panel or (`nested`) a team. A mark is the unit's merit (mean 60, sd 8) + the
rater's leniency (3.5) + criterion (3) + rater by criterion (1.5) + unit by criterion (4) + noise (4), in halves from 0 to 100. One rater adds `--shift` on one
criterion (`level`), adds it on units of the rater's own group only (`own`), or marks the criterion upside down about its mean (`reversed`, whatever the
shift). The oracle knows everything but whose and which it is: the rater's marks less what is expected of them, at the bar of a screen with all rules.
Prints a Markdown table.
"""

import argparse
import os

import numpy as np
from scipy.stats import norm

import screened

RATERS, CRITERIA, PANEL, GROUPS = 60, 10, 5, 6
# Enough that a rater has five sheets of the own group.
UNITS = {"level": 120, "reversed": 120, "own": 360}
RULE = {"level": "rater-profile-outlier", "reversed": "rater-profile-outlier", "own": "own-group-criterion"}
CLAIMS = 17
RATER_CRITERION, NOISE = 1.5, 4.0


def group_of(unit):
    """Of every team's units as many of each group."""
    return unit // (RATERS // PANEL) % GROUPS


def panels(rng, design, units):
    if design == "nested":
        return [np.arange(PANEL) + PANEL * (u % (RATERS // PANEL)) for u in range(units)]
    load, chosen = np.zeros(RATERS), []
    for _ in range(units):
        panel = np.lexsort((rng.random(RATERS), load))[:PANEL]
        load[panel] += 1
        chosen.append(panel)
    return chosen


def make(seed, design, kind, shift):
    """Unit, rater and marks of every sheet, and what the odd rater's marks on the odd criterion are above what was expected, in standard deviations."""
    rng = np.random.default_rng(seed)
    units = UNITS[kind]
    sets = panels(rng, design, units)
    unit, rater = np.repeat(np.arange(units), PANEL), np.concatenate(sets)
    expected = (rng.normal(60, 8, units)[unit] + rng.normal(0, 3.5, RATERS)[rater])[:, None] + rng.normal(0, 3, CRITERIA)
    expected = expected + rng.normal(0, 4, (units, CRITERIA))[unit]
    own = rng.normal(0, RATER_CRITERION, (RATERS, CRITERIA))[rater]
    noise = rng.normal(0, NOISE, expected.shape)
    mark = expected + own + noise
    odd = rater == 0
    favoured = odd & (group_of(unit) == 0) if kind == "own" else odd
    known = (own + noise)[favoured, 0]
    if kind == "reversed":
        # As much as the rater turned round the marks expected, by least squares.
        x = (expected[odd, 0] - expected[odd, 0].mean())
        mark[odd, 0] = 2 * mark[odd, 0].mean() - mark[odd, 0]
        z = -2 * np.sqrt((x**2).sum()) / NOISE
    else:
        mark[favoured, 0] += shift
        n = favoured.sum()
        variance = (NOISE**2 + 1 / 48) / max(1, n)
        # What a rater gives the criterion throughout is known from the other sheets.
        habit = own[odd, 0][0] if kind == "own" else 0.0
        z = (known.mean() - habit + shift) / np.sqrt(variance + (0 if kind == "own" else RATER_CRITERION**2)) if n else 0.0
    return unit, rater, np.clip(np.round(mark * 2) / 2, 0, 100), z


def write(path, unit, rater, mark):
    with open(path, "w") as f:
        f.write("rater,unit,criterion,score,rater_group,unit_group\n")
        for u, r, row in zip(unit, rater, mark):
            for k, y in enumerate(row):
                f.write(f"R{r + 1:02d},Unit {u + 1:03d},Criterion {k + 1:02d},{y:g},G{r % GROUPS},G{group_of(u)}\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--plumbline", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--campaigns", type=int, default=20)
    p.add_argument("--first-seed", type=int, default=1)
    p.add_argument("--shift", type=float, nargs="+", default=[2, 4, 6, 10])
    p.add_argument("--kind", nargs="+", default=["level"], choices=["level", "own", "reversed"])
    p.add_argument("--design", nargs="+", default=["crossed"], choices=["crossed", "nested"])
    options = p.parse_args()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "profiles.csv")
    looks = CLAIMS * RATERS * CRITERIA

    print("| design | kind | shift | runs | rater and criterion named | by any rule | others named | oracle | median p |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for design in options.design:
        for kind in options.kind:
            for shift in options.shift if kind != "reversed" else [0]:
                named = anyhow = others = known = 0
                least = []
                for seed in range(options.first_seed, options.first_seed + options.campaigns):
                    unit, rater, mark, z = make(seed, design, kind, shift)
                    write(path, unit, rater, mark)
                    found = screened.findings_at(screened.screen(options.plumbline, path))
                    exact = [f for f in found if f["rule"] == RULE[kind] and f["subjects"] | {"raters": ["R01"], "criteria": ["Criterion 01"]} == f["subjects"]]
                    named += bool(exact)
                    least += [f["pValue"] for f in exact]
                    anyhow += any("R01" in f["subjects"]["raters"] for f in found)
                    others += any("R01" not in f["subjects"]["raters"] for f in found)
                    known += abs(z) >= norm.isf(0.05 / looks / (1 if kind == "own" else 2))
                size = f"{shift:g}" if kind != "reversed" else "–"
                print(
                    f"| {design} | {kind} | {size} | {options.campaigns} | {named} | {anyhow} | {others} | {known} | {np.median(least) if least else 1:.1e} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
