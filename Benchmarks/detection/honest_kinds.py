"""Honest campaigns of kinds that neither the workload generator nor `plumbline simulate` makes. Nothing is planted in them.

60 raters in teams of 5, 70 units, 8 criteria; five raters a unit: a team (`nested-…`) or a random panel. A mark is the unit's merit (mean 60, sd 8)
+ the rater's leniency (3.5) + criterion (3) + rater by criterion (1.5) + unit by criterion (4) + noise (4), in whole points from 0 to 100.
Each kind changes one thing.
"""

import numpy as np

RATERS, TEAM, UNITS, CRITERIA, PANEL = 60, 5, 70, 8, 5

KINDS = {
    "hard-units": "five times the noise on every seventh unit",
    "nested-hard-units": "the same, a team for each unit",
    "hard-units-4": "the same, panels of four, 150 units",
    "uneven-raters": "raters' noise log-normal, sd 0.6 of the logarithm",
    "uneven-criteria": "four times the noise on every fourth criterion",
    "halo": "an error of the whole sheet as large as the noise of a score",
    "skewed": "skewed noise of scores and sheets: low marks are rarer and farther off",
    "three-marks": "two criteria with three distinct marks",
    "rounders": "a third of the raters round to fives",
    "uneven-panels": "two to nine raters a unit",
    "two-classes": "units about 60 and about 95 by turns",
    "nested-uneven-raters": "uneven-raters, a team for each unit",
    "nested-halo": "halo, a team for each unit",
    "nested-rounders": "rounders, a team for each unit",
    "nested-skewed": "skewed, a team for each unit",
    "uneven-slopes": "raters spread strong and weak units unequally wide: slopes log-normal, sd 0.2 of the logarithm",
    "nested-uneven-slopes": "the same, a team for each unit",
    "uneven-scales": "raters use the scale unequally wide: about the centre, all they give is stretched, slopes log-normal, sd 0.2 of the logarithm",
    "nested-uneven-scales": "the same, a team for each unit",
}


def panels(rng, kind, units, nested):
    """Raters of each unit; loads as equal as can be."""
    if nested:
        return [np.arange(TEAM) + TEAM * (u % (RATERS // TEAM)) for u in range(units)]
    load, chosen = np.zeros(RATERS), []
    for _ in range(units):
        size = int(rng.integers(2, 10)) if kind == "uneven-panels" else 4 if kind == "hard-units-4" else PANEL
        panel = np.lexsort((rng.random(RATERS), load))[:size]
        load[panel] += 1
        chosen.append(panel)
    return chosen


def gamma(rng, shape):
    """Standardised, with its long tail to the left."""
    return (2 - rng.gamma(2, 1, shape)) / np.sqrt(2)


def make(kind, seed):
    """Unit and rater of every sheet, and its marks (sheets x criteria)."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    nested, kind = kind.startswith("nested"), kind.removeprefix("nested-")
    units = 150 if kind == "hard-units-4" else UNITS
    sets = panels(rng, kind, units, nested)
    unit = np.repeat(np.arange(units), [len(p) for p in sets])
    rater = np.concatenate(sets)
    shape = (len(unit), CRITERIA)
    merit = rng.normal(60, 8, units)
    if kind == "two-classes":
        merit = np.where(np.arange(units) % 2 == 0, 60, 95) + rng.normal(0, 4, units)
    level = merit[unit]
    if kind == "uneven-slopes":
        level = 60 + np.exp(rng.normal(0, 0.2, RATERS))[rater] * (level - 60)
    leniency, criterion = rng.normal(0, 3.5, RATERS), rng.normal(0, 3, CRITERIA)
    expected = (level + leniency[rater])[:, None] + criterion
    expected = expected + rng.normal(0, 1.5, (RATERS, CRITERIA))[rater] + rng.normal(0, 4, (units, CRITERIA))[unit]
    sd = np.full(shape, 4.0)
    if "hard-units" in kind:
        sd[unit % 7 == 0] *= 5
    if kind == "uneven-raters":
        sd *= np.exp(rng.normal(0, 0.6, RATERS))[rater][:, None]
    if kind == "uneven-criteria":
        sd[:, ::4] *= 4
    if kind == "skewed":
        noise = 2 * gamma(rng, (len(unit), 1)) + sd * gamma(rng, shape)
    else:
        noise = sd * rng.normal(size=shape)
    if kind == "halo":
        noise += rng.normal(0, 4, (len(unit), 1))
    exact = expected + noise
    if kind == "uneven-scales":
        centre = 60 + criterion
        exact = centre + np.exp(rng.normal(0, 0.2, RATERS))[rater][:, None] * (exact - centre)
    marks = np.clip(np.round(exact), 0, 100)
    if kind == "three-marks":
        marks[:, :2] = np.select([marks[:, :2] < 57, marks[:, :2] < 64], [50, 60], 70)
    if kind == "rounders":
        some = rater % 3 == 0
        marks[some] = np.round(marks[some] / 5) * 5
    return unit, rater, marks


def write(path, kind, seed):
    unit, rater, marks = make(kind, seed)
    with open(path, "w") as f:
        f.write("team,rater,unit,criterion,score,rater_group,unit_group\n")
        for u, r, row in zip(unit, rater, marks):
            for c, mark in enumerate(row):
                f.write(f"T{r // TEAM + 1:02d},R{r + 1:02d},U{u + 1:03d},C{c + 1},{mark:g},G{r // TEAM % 6},G{u % 6}\n")
