#!/usr/bin/env python3
"""Campaigns of one score a sheet: how often rings are found, and how often something is found where there is none.

    single_scores.py --plumbline PROGRAM --out DIR --honest [--kind KIND ...] [--campaigns 20] [--first-seed 1]
    single_scores.py --plumbline PROGRAM --out DIR --ring 2 [--shared 8.5] [--own 0.4] [--panel 4 7 9] [--common 10 20 40]

A mark is the unit's merit (mean 60, sd 8) + the rater's leniency (3.5) + noise (4), in halves from 0 to 100. Members of a ring meet on `--common` units
only; there they add one draw of sd `--shared` a unit and keep `--own` of their noise. The oracle knows merits, severities, noise, members, their units and what
they do: the likelihood ratio of a pair, its p by importance sampling, at the bar of a screen with all rules. Prints a Markdown table.
"""

import argparse
import collections
import os

import numpy as np

import screened

TAU = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
CLAIMS = 17
NOISE = 4.0

# Raters, units, panel, and what is changed.
KINDS = {
    "normal": (14, 120, 5, ""),
    "panels of 3": (12, 120, 3, ""),
    "panels of 9": (30, 60, 9, ""),
    "jury of 9": (9, 40, 9, ""),
    "1 to 7": (14, 120, 5, "ordinal"),
    "1 to 7, jury of 7": (7, 60, 7, "ordinal"),
    "1 to 10, ends in use": (8, 150, 5, "ten"),
    "heavy tails (t, 4)": (12, 40, 9, "heavy"),
    "skewed": (14, 120, 5, "skewed"),
    "ceiling (mean 90)": (14, 60, 9, "ceiling"),
    "hard units (noise × 5 on a seventh)": (14, 60, 9, "hard"),
    "uneven raters (log sd 0.6), panels of 9": (14, 60, 9, "uneven"),
    "uneven raters, panels of 4": (12, 100, 4, "uneven"),
    "scale used widely or narrowly (slope sd 0.15)": (14, 60, 9, "slopes"),
    "teams of 3 with units of their own": (15, 120, 3, "nested"),
    "teams of 2 with units of their own": (16, 120, 2, "nested"),
}


def panels(rng, raters, units, panel, ring, shared_units):
    """Raters of each unit, loads as equal as can be; a ring meets on its units only."""
    load, chosen = np.zeros(raters), []
    for u in range(units):
        members = list(range(ring)) if u in shared_units else []
        for r in np.lexsort((rng.random(raters), load)):
            if len(members) == panel:
                break
            if r < ring and (u in shared_units or any(q < ring for q in members)):
                continue
            members.append(int(r))
        load[members] += 1
        chosen.append(members)
    return chosen


def make(seed, raters, units, panel, kind="", ring=0, common=0, shared=8.5, own=0.4):
    """Unit, rater, mark and noise of every sheet, and which sheets are a ring's."""
    rng = np.random.default_rng([seed, raters, units, panel, ring, common])
    shared_units = set(rng.permutation(units)[:common].tolist())
    teams = raters // panel
    sets = [range(panel * (u % teams), panel * (u % teams + 1)) for u in range(units)] if kind == "nested" else panels(rng, raters, units, panel, ring, shared_units)
    unit = np.repeat(np.arange(units), [len(s) for s in sets])
    rater = np.concatenate([np.array(s) for s in sets])
    n = len(unit)
    member = np.array([u in shared_units and r < ring for u, r in zip(unit, rater)], bool)
    common_draw = shared * rng.normal(size=units)
    if kind == "ordinal":
        eta = rng.normal(0, 1.2, units)[unit] + rng.normal(0, 0.5, raters)[rater]
        logit = np.concatenate([np.zeros((n, 1)), np.cumsum(eta[:, None] - TAU, 1)], 1)
        weight = np.exp(logit - logit.max(1, keepdims=True))
        share = np.cumsum(weight, 1) / weight.sum(1, keepdims=True)
        return unit, rater, 1 + (rng.random(n)[:, None] > share[:, :-1]).sum(1), None, member
    mean = 90 if kind == "ceiling" else 60
    merit, leniency = rng.normal(mean, 8, units), rng.normal(0, 3.5, raters)
    noise = NOISE * (
        rng.standard_t(4, n) / np.sqrt(2) if kind == "heavy" else (2 - rng.gamma(2, 1, n)) / np.sqrt(2) if kind == "skewed" else rng.normal(size=n)
    )
    if kind == "hard":
        noise[unit % 7 == 0] *= 5
    if kind == "uneven":
        noise *= np.exp(rng.normal(0, 0.6, raters))[rater]
    noise = np.where(member, own * noise + common_draw[unit], noise)
    slope = rng.normal(0, 0.15, raters) if kind == "slopes" else np.zeros(raters)
    mark = merit[unit] + leniency[rater] + slope[rater] * (merit[unit] - mean) + noise
    mark = np.clip(np.round(7 + (mark - 60) / 6), 1, 10) if kind == "ten" else np.clip(np.round(mark * 2) / 2, 0, 100)
    return unit, rater, mark, noise, member


def write(path, unit, rater, mark):
    with open(path, "w") as f:
        f.write("rater,unit,score,rater_group,unit_group\n")
        for u, r, y in zip(unit, rater, mark):
            f.write(f"R{r + 1:02d},U{u + 1:03d},{y:g},G{r % 6},G{u % 6}\n")


def oracle_p(rng, a, b, shared, own):
    """p of the likelihood ratio for noise `a`, `b` of a pair on the ring's units."""
    n = len(a)
    total = 2 * (2 * shared**2 + (own * NOISE) ** 2)
    apart, honest = 2 * (own * NOISE) ** 2, 2 * NOISE**2

    def log_ratio(u, d):
        return 0.5 * (u * (1 / honest - 1 / total) + d * (1 / honest - 1 / apart) - n * np.log(total * apart / honest**2))

    drawn = log_ratio(total * rng.chisquare(n, 20000), apart * rng.chisquare(n, 20000))
    return np.mean((drawn >= log_ratio(((a + b) ** 2).sum(), ((a - b) ** 2).sum())) * np.exp(-drawn))


def honest(options, screen):
    print("| honest campaigns of one score a sheet | runs | with a finding | with a ring | pairs tested | rules |\n|---|---:|---:|---:|---:|---|")
    for kind in options.kind or KINDS:
        raters, units, panel, change = KINDS[kind]
        found, tested, rules = [], [], collections.Counter()
        for seed in range(options.first_seed, options.first_seed + options.campaigns):
            report = screen(*make(seed, raters, units, panel, change)[:3])
            found.append({f["rule"] for f in screened.findings_at(report)})
            rules.update(found[-1])
            tested += [r["tested"] or 0 for r in report["rules"] if r["id"] == "collusion-ring"]
        listed = ", ".join(f"{rule} {n}" for rule, n in rules.most_common()) or "–"
        rings = sum("collusion-ring" in f for f in found)
        print(f"| {kind} | {len(found)} | {sum(map(bool, found))} | {rings} | {np.mean(tested):.0f} | {listed} |", flush=True)


def power(options, screen):
    print("| panel | units in common | runs | two or more named | the whole ring | with anybody else | oracle | found by copied-sheets alone |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    rng = np.random.default_rng(1)
    for panel in options.panel:
        for common in options.common:
            raters, units = 3 * panel, max(120, 6 * common)
            named = whole = others = copies = known = 0
            for seed in range(options.first_seed, options.first_seed + options.campaigns):
                unit, rater, mark, noise, member = make(seed, raters, units, panel, "", options.ring, common, options.shared, options.own)
                findings = screened.findings_at(screen(unit, rater, mark))
                ring = {f"R{r + 1:02d}" for r in range(options.ring)}
                rings = [set(f["subjects"]["raters"]) for f in findings if f["rule"] == "collusion-ring"]
                hit = any(len(r & ring) > 1 for r in rings)
                named += hit
                whole += any(r >= ring for r in rings)
                others += any(r - ring for r in rings)
                copies += not hit and any(f["rule"] == "copied-sheets" and len(set(f["subjects"]["raters"]) & ring) > 1 for f in findings)
                own = [noise[member & (rater == r)] for r in range(options.ring)]
                bar = 0.05 / CLAIMS / (raters * (raters - 1) / 2)
                known += any(
                    oracle_p(rng, own[a], own[b], options.shared, options.own) <= bar for a in range(options.ring) for b in range(a)
                )
            print(f"| {panel} | {common} | {options.campaigns} | {named} | {whole} | {others} | {known} | {copies} |", flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--plumbline", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--campaigns", type=int, default=20)
    p.add_argument("--first-seed", type=int, default=1)
    p.add_argument("--honest", action="store_true")
    p.add_argument("--kind", action="append", choices=list(KINDS))
    p.add_argument("--ring", type=int, default=2)
    p.add_argument("--shared", type=float, default=8.5)
    p.add_argument("--own", type=float, default=0.4)
    p.add_argument("--panel", type=int, nargs="+", default=[4, 7, 9])
    p.add_argument("--common", type=int, nargs="+", default=[10, 20, 40])
    options = p.parse_args()
    os.makedirs(options.out, exist_ok=True)

    def screen(unit, rater, mark):
        path = os.path.join(options.out, "single.csv")
        write(path, unit, rater, mark)
        return screened.screen(options.plumbline, path)

    (honest if options.honest else power)(options, screen)


if __name__ == "__main__":
    main()
