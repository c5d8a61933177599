#!/usr/bin/env python3
"""How often it is found that a team lifts a unit together, or that its sheets of two units were exchanged.

    team_units.py --plumbline PROGRAM --out DIR [--kind none lift exchange] [--teams 2 3] [--shift 8 10 12 16] [--campaigns 12] [--first-seed 1]

Campaigns of 60 raters in 20 teams of three, 90 units, 6 criteria; two or three teams a unit, drawn evenly. A mark is the unit's merit (mean 75, sd 6) + leniency
(2.5) + team by unit (`--opinion`, 0) + sheet (2) + unit by criterion (2) + rater by criterion (1.5) + noise (3), in halves from 0 to 100. The first team adds
`--shift` to its first unit, or its sheets of its strongest and its weakest unit change places. The oracle knows everything but which team and unit it is, at the bar
of a screen with all rules. Prints a Markdown table.
"""

import argparse
import os

import numpy as np
from scipy.stats import norm

import screened

TEAMS, SIZE, UNITS, CRITERIA = 20, 3, 90, 6
CLAIMS = 17
SHEET, NOISE, RATER_CRITERION = 2.0, 3.0, 1.5


def make(seed, kind, teams, shift, opinion):
    """Unit, rater and marks of every sheet, the units concerned, and what is off there in the oracle's standard deviations."""
    rng = np.random.default_rng([seed, teams])
    load, sheets = np.zeros(TEAMS), []
    for u in range(UNITS):
        chosen = np.lexsort((rng.random(TEAMS), load))[:teams]
        load[chosen] += 1
        sheets += [(u, t * SIZE + m, t) for t in chosen for m in range(SIZE)]
    unit, rater, team = np.array(sheets).T
    merit = rng.normal(75, 6, UNITS)
    level = merit[unit] + rng.normal(0, 2.5, TEAMS * SIZE)[rater] + rng.normal(0, opinion, (TEAMS, UNITS))[team, unit] + rng.normal(0, SHEET, len(unit))
    mark = level[:, None] + rng.normal(0, 2, (UNITS, CRITERIA))[unit] + rng.normal(0, RATER_CRITERION, (TEAMS * SIZE, CRITERIA))[rater]
    mark = np.clip(np.round((mark + rng.normal(0, NOISE, mark.shape)) * 2) / 2, 0, 100)
    own = np.unique(unit[team == 0])
    sd = np.sqrt(opinion**2 + (SHEET**2 + NOISE**2 / CRITERIA) / SIZE)
    if kind == "lift":
        mark[(team == 0) & (unit == own[0])] += shift
        return unit, rater, np.clip(mark, 0, 100), own[:1], shift / sd
    if kind == "exchange":
        weak, strong = own[np.argmin(merit[own])], own[np.argmax(merit[own])]
        moved = np.where((team == 0) & (unit == weak), strong, np.where((team == 0) & (unit == strong), weak, unit))
        return moved, rater, mark, np.array([weak, strong]), (merit[strong] - merit[weak]) / sd
    return unit, rater, mark, own[:0], 0.0


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--plumbline", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--kind", nargs="+", default=["none", "lift", "exchange"], choices=["none", "lift", "exchange"])
    p.add_argument("--teams", type=int, nargs="+", default=[2, 3])
    p.add_argument("--shift", type=float, nargs="+", default=[8, 10, 12, 16])
    p.add_argument("--opinion", type=float, default=0)
    p.add_argument("--campaigns", type=int, default=12)
    p.add_argument("--first-seed", type=int, default=1)
    options = p.parse_args()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "team_units.csv")
    bar = norm.isf(0.05 / CLAIMS / (UNITS * 3) / 2)

    print("| kind | teams a unit | shift | runs | all units named with the team | any finding elsewhere | oracle |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in options.kind:
        for teams in options.teams:
            for shift in options.shift if kind == "lift" else [0]:
                named = elsewhere = known = 0
                for seed in range(options.first_seed, options.first_seed + options.campaigns):
                    unit, rater, mark, concerned, z = make(seed, kind, teams, shift, options.opinion)
                    with open(path, "w") as f:
                        f.write("rater,team,unit,criterion,score\n")
                        for u, r, row in zip(unit, rater, mark):
                            f.writelines(f"R{r + 1:02d},T{r // SIZE + 1:02d},Unit {u + 1:02d},Criterion {k + 1},{y:g}\n" for k, y in enumerate(row))
                    found = screened.findings_at(screened.screen(options.plumbline, path))
                    names = {f"Unit {u + 1:02d}" for u in concerned}
                    exact = {u for f in found if f["rule"] == "team-unit-favouritism" and "T01" in f["subjects"]["teams"] for u in f["subjects"]["units"]}
                    named += bool(names) and names <= exact
                    elsewhere += any(not names & set(f["subjects"]["units"]) for f in found)
                    known += abs(z) >= bar
                print(f"| {kind} | {teams} | {f'{shift:g}' if kind == 'lift' else '–'} | {options.campaigns} | {named} | {elsewhere} | {known} |", flush=True)


if __name__ == "__main__":
    main()
