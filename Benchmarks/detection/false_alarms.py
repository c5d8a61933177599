#!/usr/bin/env python3
"""The share of honest campaigns in which plumbline reports anything at error or warning level.

    false_alarms.py --plumbline PROGRAM --out DIR [--generator make_workload.py] [--campaigns 200] [--first-seed 1] [--kind KIND ...]

Kinds: `cont` and `ord` (workload S of the generator, --clean), and presets of `plumbline simulate --honest`: `nested`,
`nested-ordinal`, `ordinal`, `heavy-tails` (Student t, sheet errors), `unequal-noise` (by level and rater), `full-marks` (5, 10, 15, 100
in one campaign), `ceiling`, `missing` (a tenth of the sheets), `case`; `crowded` (`small` with half of the marks full); and the kinds of
`honest_kinds.py`. With `--campaign-file` screens read the campaign.yml beside the scores.
Prints a Markdown table with 95 % Clopper-Pearson intervals, and the rules that gave false alarms.
"""

import argparse
import collections
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from scipy.stats import beta

import honest_kinds
import screened
import workload

SIMULATED = ["nested", "nested-ordinal", "ordinal", "heavy-tails", "unequal-noise", "full-marks", "ceiling", "missing", "case", "crowded"]


def clopper_pearson(hits, n, level=0.95):
    tail = (1 - level) / 2
    low = beta.ppf(tail, hits, n - hits + 1) if hits else 0.0
    high = beta.ppf(1 - tail, hits + 1, n - hits) if hits < n else 1.0
    return low, high


def campaign(options, kind, seed):
    """The path of one honest campaign, made unless it is there."""
    if kind in ("cont", "ord"):
        name, _ = workload.run(options.generator, options.out, "S", seed, kind, clean=True)
        return os.path.join(options.out, name + ".csv")
    if kind in honest_kinds.KINDS:
        path = os.path.join(options.out, f"{kind}_s{seed}.csv")
        honest_kinds.write(path, kind, seed)
        return path
    directory = os.path.join(options.out, f"{kind}_s{seed}")
    preset = ["small", "--mean", "99", "--ceiling", "1"] if kind == "crowded" else [kind]
    command = [options.plumbline, "simulate", "--preset", *preset, "--honest", "--seed", str(seed), "--out", directory]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return os.path.join(directory, "scores.csv")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--generator", help="path of the workload generator, for kinds cont and ord")
    p.add_argument("--plumbline", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--campaigns", type=int, default=200)
    p.add_argument("--first-seed", type=int, default=1)
    p.add_argument("--kind", action="append", choices=["cont", "ord", *SIMULATED, *honest_kinds.KINDS])
    p.add_argument("--screen-option", action="append", default=[], help="passed on to plumbline screen (repeatable)")
    p.add_argument("--campaign-file", action="store_true", help="pass the simulated campaign.yml to the screen")
    p.add_argument("--jobs", type=int, default=1)
    p.add_argument("--json", help="file for the false findings, one line a campaign that has any")
    options = p.parse_args()
    kinds = options.kind or (["cont", "ord"] if options.generator else []) + SIMULATED + list(honest_kinds.KINDS)
    if not options.generator and {"cont", "ord"} & set(kinds):
        p.error("kinds cont and ord need --generator")
    os.makedirs(options.out, exist_ok=True)

    def screen(path):
        rules = os.path.join(os.path.dirname(path), "campaign.yml")
        extra = ["--campaign", rules] if options.campaign_file and os.path.exists(rules) else []
        return screened.screen(options.plumbline, path, extra=options.screen_option + extra)

    print("| honest campaigns | runs | with a finding | share | 95 % interval | rules |\n|---|---:|---:|---:|---|---|")
    for kind in kinds:
        # Campaigns are made one after another (the generator runs in this process), screens run side by side.
        paths = [campaign(options, kind, s) for s in range(options.first_seed, options.first_seed + options.campaigns)]
        with ThreadPoolExecutor(options.jobs) as pool:
            reports = list(pool.map(screen, paths))
        alarms = [screened.findings_at(r) for r in reports]
        hits = sum(bool(a) for a in alarms)
        if options.json:
            with open(options.json, "a") as f:
                for path, found in zip(paths, alarms):
                    if found:
                        f.write(json.dumps({"kind": kind, "path": path, "findings": found}, ensure_ascii=False) + "\n")
        low, high = clopper_pearson(hits, len(alarms))
        rules = collections.Counter(rule for a in alarms for rule in {f["rule"] for f in a})
        listed = ", ".join(f"{rule} {n}" for rule, n in rules.most_common()) or "–"
        print(f"| {kind} | {len(alarms)} | {hits} | {hits / len(alarms):.3f} | {low:.3f}–{high:.3f} | {listed} |", flush=True)


if __name__ == "__main__":
    main()
