"""Runs `plumbline screen` and reads the statistics of every test it made."""

import json
import os
import subprocess

import numpy as np
import polars as pl

# For each planted anomaly: the rule that is to find it, and the sign of the rule's statistic that points to it.
RULES = {
    "severe": ("rater-severity", -1),  # positive severity statistics are lenient
    "lenient": ("rater-severity", 1),
    "random": ("rater-inconsistency", 1),
    "straightline": ("rater-straight-lining", 1),
    "owngroup": ("own-group-favouritism", 1),
    "favour_pair": ("rater-unit-favouritism", 1),
    "copier": ("copied-sheets", 1),
    "heaped": ("rater-digit-preference", 1),
    "drift": ("rater-drift", 1),
    "clique": ("collusion-ring", 1),
}


def screen(program, path, tests=None, extra=()):
    """The report of one run. Exit codes 0 (nothing at the gate) and 1 (something) are both a run that worked."""
    command = [program, "screen", path, "--format", "json", *extra]
    if tests:
        command += ["--tests", tests]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def cell(column):
    return [[] if not v else v.split("|") for v in column]


def rule_rankings(campaign, tests):
    """Statistics by type from a table of tests. Subjects without a test get no number, which ranks them lowest; a rule
    that made no test is left out."""
    table = pl.read_csv(tests, infer_schema_length=0)
    code = {r: i for i, r in enumerate(campaign.raters.tolist())}
    where = {u: i for i, u in enumerate(campaign.units.tolist())}
    out = {}
    for kind, (rule, sign) in RULES.items():
        part = table.filter(pl.col("rule") == rule)
        if part.is_empty():
            continue
        statistic = sign * part["statistic"].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
        raters = cell(part["raters"])
        if kind == "copier":
            out[kind] = {tuple(sorted(code[r] for r in pair)): s for pair, s in zip(raters, statistic) if len(pair) == 2}
        elif kind == "favour_pair":
            sheets = {(code[r[0]], where[u[0]]): s for r, u, s in zip(raters, cell(part["units"]), statistic) if r and u}
            keys = zip(campaign.rater.tolist(), campaign.unit.tolist())
            out[kind] = np.array([sheets.get(k, np.nan) for k in keys])
        else:
            values = np.full(len(campaign.raters), np.nan)
            for names, s in zip(raters, statistic):
                # A rater is as remarkable as the most remarkable test that names the rater; of the other rules' tests only those of one rater.
                if len(names) == 1 or kind == "clique":
                    for r in names:
                        values[code[r]] = np.fmax(values[code[r]], s)
            out[kind] = values
    return out


def findings_at(report, levels=("error", "warning")):
    return [f for f in report["findings"] if f["level"] in levels]


def scratch(directory, name):
    os.makedirs(directory, exist_ok=True)
    return os.path.join(directory, name)
