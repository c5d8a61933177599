#!/usr/bin/env python3
"""Single favours in campaigns of one score a sheet, under noise with tails of every kind.

    single_favours.py --plumbline PROGRAM --out DIR [--noise KIND ...] [--panel 4 5 9] [--campaigns 20] [--favours 4 6 8 | --share 0.03]

60 raters, 70 to 200 units (by seed). A mark is the unit's merit (mean 60, sd 8) + the rater's leniency (3.5) + noise (sd 4), in halves from 0 to 100.
Nothing is planted without `--favours` (one sheet of each size) or `--share` (of all sheets; sizes of 4, 6 and 8 by turns). Sizes are in sds of the noise, up
or down. Prints a Markdown table; the detectable effect is that of rater-unit-favouritism, in points, as quartiles over the campaigns.
"""

import argparse
import collections
import os

import numpy as np

import screened

RATERS = 60
NOISE = 4.0
KINDS = ["normal", "contaminated", "t5", "t4", "t3"]


def standard_noise(rng, kind, n):
    """Of variance 1; `contaminated` is normal, with three times the spread in one of twenty."""
    if kind == "normal":
        return rng.normal(size=n)
    if kind == "contaminated":
        wide = rng.random(n) < 0.05
        return rng.normal(size=n) * np.where(wide, 3, 1) / np.sqrt(0.95 + 0.05 * 9)
    freedom = float(kind[1:])
    return rng.standard_t(freedom, n) * np.sqrt((freedom - 2) / freedom)


def make(seed, kind, panel, favours=(), share=0.0):
    """Unit, rater and mark of every sheet, and its favour in sds of the noise."""
    rng = np.random.default_rng([seed, panel, sum(map(ord, kind))])
    units = int(rng.integers(70, 201))
    load, chosen = np.zeros(RATERS), []
    for _ in range(units):
        members = np.lexsort((rng.random(RATERS), load))[:panel]
        load[members] += 1
        chosen.append(members)
    unit, rater = np.repeat(np.arange(units), panel), np.concatenate(chosen)
    n = len(unit)
    mark = 60 + rng.normal(0, 8, units)[unit] + rng.normal(0, 3.5, RATERS)[rater] + NOISE * standard_noise(rng, kind, n)
    favour = np.zeros(n)
    sizes = [(4, 6, 8)[i % 3] for i in range(round(share * n))] if share else favours
    # No two for one unit while there are enough.
    for size, u in zip(sizes, np.resize(rng.permutation(units), len(sizes))):
        sheet = rng.choice(np.nonzero((unit == u) & (favour == 0))[0])
        favour[sheet] = size * (1 if rng.random() < 0.5 else -1)
    # The ends of the scale cut none.
    favour = np.where((mark + NOISE * favour < 2) | (mark + NOISE * favour > 98), -favour, favour)
    return unit, rater, np.clip(np.round(2 * (mark + NOISE * favour)) / 2, 0, 100), favour


def write(path, unit, rater, mark):
    with open(path, "w") as f:
        f.write("rater,unit,score\n")
        for u, r, y in zip(unit, rater, mark):
            f.write(f"R{r + 1:02d},U{u + 1:03d},{y:g}\n")


def row(options, kind, panel):
    effects, rules, named, planted = [], collections.Counter(), collections.Counter(), collections.Counter()
    found = 0
    for seed in range(options.first_seed, options.first_seed + options.campaigns):
        unit, rater, mark, favour = make(seed, kind, panel, options.favours, options.share)
        path = os.path.join(options.out, "favours.csv")
        write(path, unit, rater, mark)
        report = screened.screen(options.plumbline, path)
        findings = screened.findings_at(report)
        found += bool(findings)
        rules.update({f["rule"] for f in findings})
        [rule] = [r for r in report["rules"] if r["id"] == "rater-unit-favouritism"]
        effects.append(rule["minimumDetectableEffect"]["value"])
        sheets = {(f"R{r + 1:02d}", f"U{u + 1:03d}"): abs(int(x)) for u, r, x in zip(unit, rater, favour)}
        planted.update(x for x in sheets.values() if x)
        for f in findings:
            if f["rule"] == "rater-unit-favouritism":
                size = sheets[f["subjects"]["raters"][0], f["subjects"]["units"][0]]
                named[size] += 1
    others = named.pop(0, 0)
    low, middle, high = np.quantile(effects, [0.25, 0.5, 0.75])
    by_size = ", ".join(f"{size}: {named[size]} of {planted[size]}" for size in sorted(planted)) or "–"
    listed = ", ".join(f"{rule} {n}" for rule, n in rules.most_common()) or "–"
    return f"| {kind} | {panel} | {options.campaigns} | {found} | {middle:.1f} ({low:.1f}–{high:.1f}) | {by_size} | {others} | {listed} |"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--plumbline", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--campaigns", type=int, default=20)
    p.add_argument("--first-seed", type=int, default=1)
    p.add_argument("--noise", nargs="+", choices=KINDS, default=KINDS)
    p.add_argument("--panel", type=int, nargs="+", default=[4, 5, 9])
    p.add_argument("--favours", type=int, nargs="+", default=[])
    p.add_argument("--share", type=float, default=0.0)
    options = p.parse_args()
    os.makedirs(options.out, exist_ok=True)
    print("| noise | panel | campaigns | with a finding | detectable effect | favours named, by size | other sheets named | rules |")
    print("|---|---:|---:|---:|---:|---|---:|---|")
    for kind in options.noise:
        for panel in options.panel:
            print(row(options, kind, panel), flush=True)


if __name__ == "__main__":
    main()
