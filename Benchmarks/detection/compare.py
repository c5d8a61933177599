#!/usr/bin/env python3
"""How well planted anomalies are found: plumbline against two baselines and against the ceiling.

    compare.py --generator make_workload.py --out DIR [--plumbline PROGRAM] [--case S:1-10] [--case M:1-3:0.5] ...

A case is SIZE:SEEDS[:STRENGTH[:VARIANT]]. Prints a Markdown table; each cell is AUC / average precision / precision among
the first k (k = number planted), the mean over the seeds. `--json FILE` keeps the figures of every campaign.
"""

import argparse
import json
import os
import time

import numpy as np

import baselines
import ceilings
import ranking
import screened
import workload


def seeds_of(text):
    low, _, high = text.partition("-")
    return range(int(low), int(high or low) + 1)


def case_of(text):
    size, seeds, strength, variant = (text.split(":") + ["", ""])[:4]
    return size, seeds_of(seeds), float(strength or 1), variant or "cont"


def evaluate(options, size, seed, strength, variant):
    campaign = workload.make(options.generator, options.out, size, seed, variant, strength)
    found = {
        "feature": ranking.judge(campaign, baselines.feature_rankings(campaign)),
        "model": ranking.judge(campaign, baselines.model_rankings(campaign)),
        "ceiling": ranking.judge(campaign, ceilings.ceiling_rankings(campaign)),
    }
    seconds = None
    if options.plumbline:
        tests = screened.scratch(options.out, campaign.name + "_tests.csv")
        start = time.perf_counter()
        report = screened.screen(options.plumbline, campaign.path, tests, options.screen_option)
        seconds = time.perf_counter() - start
        found["plumbline"] = ranking.judge(campaign, screened.rule_rankings(campaign, tests))
        found["gate"] = named(campaign, report)
    return found, seconds


def named(campaign, report):
    """Of the findings at error or warning level: how many there are, and how many name no rater with anything planted
    and no favoured sheet."""
    planted = {r for r, l in zip(campaign.raters.tolist(), campaign.label) if l != "clean"}
    planted |= {campaign.raters[r] for r in campaign.rater[campaign.favoured]}
    units = {campaign.units[u] for u in campaign.unit[campaign.favoured]}
    found = screened.findings_at(report)
    off = [f for f in found if not planted & set(f["subjects"]["raters"]) and not units & set(f["subjects"]["units"])]
    return {"findings": len(found), "naming nobody planted": len(off)}


def table(results, methods):
    lines = ["| campaign | anomaly | planted | " + " | ".join(methods) + " |", "|---|---|---:|" + "---|" * len(methods)]
    for case, runs in results.items():
        kinds = [k for k in ranking.TYPES + ["owngroup, size known", "owngroup, units unknown", "favour_pair, units unknown", "favour_pair, raters and units unknown"] if any(k in r[m] for r in runs for m in methods if m in r)]
        for kind in kinds:
            cells = []
            for method in methods:
                values = [r[method][kind] for r in runs if method in r and kind in r[method]]
                if not values:
                    cells.append("–")
                    continue
                auc, ap, first = np.mean(values, 0)
                cells.append(f"{auc:.3f} / {ap:.2f} / {first:.2f}")
            lines.append(f"| {case} | {kind} | {sum(kind in r['ceiling'] for r in runs)} sets | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--generator", required=True, help="path of the workload generator")
    p.add_argument("--out", required=True, help="directory for the campaigns")
    p.add_argument("--plumbline", help="the program to measure; without it only baselines and ceilings")
    p.add_argument("--screen-option", action="append", default=[], help="passed on to plumbline screen (repeatable)")
    p.add_argument("--case", action="append", type=case_of, help="SIZE:SEEDS[:STRENGTH[:VARIANT]], e.g. S:1-10 or M:1-3:0.5")
    p.add_argument("--json", help="file for the figures of every campaign")
    options = p.parse_args()
    cases = options.case or [case_of(c) for c in ("S:1-10", "S:1-10:0.5", "M:1-3", "M:1-3:0.5")]
    results, kept = {}, []
    for size, seeds, strength, variant in cases:
        title = f"{size} {variant}" + (f" ×{strength:g}" if strength != 1 else "")
        for seed in seeds:
            found, seconds = evaluate(options, size, seed, strength, variant)
            results.setdefault(title, []).append(found)
            kept.append({"case": title, "seed": seed, "seconds": seconds, "found": found})
    methods = ["feature", "model"] + (["plumbline"] if options.plumbline else []) + ["ceiling"]
    print(table(results, methods))
    if options.plumbline:
        print("\n| campaign | findings at error or warning | of these naming nobody planted | seconds a screen |\n|---|---:|---:|---:|")
        for title in results:
            runs = [k for k in kept if k["case"] == title]
            total = sum(k["found"]["gate"]["findings"] for k in runs)
            off = sum(k["found"]["gate"]["naming nobody planted"] for k in runs)
            print(f"| {title} | {total} | {off} | {np.median([k['seconds'] for k in runs]):.2f} |")
    if options.json:
        temporary = options.json + ".part"
        with open(temporary, "w") as f:
            json.dump(kept, f, indent=1)
        os.replace(temporary, options.json)


if __name__ == "__main__":
    main()
