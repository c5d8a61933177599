"""Planted and clean campaigns from a workload generator given by path, with the truth behind them.

The generator writes scores and a truth file but not every effect it drew. It is therefore run in this process, and
the local variables of its `main` are read at the moment it returns (a profiling hook; the source is neither copied nor
changed, and no random number is drawn by us, so the files are byte for byte those of the command). Only names that are
documented below are used; a generator without one of them is refused with the missing name.
"""

import contextlib
import importlib.util
import io
import os
import sys
from dataclasses import dataclass

import numpy as np
import polars as pl

NEEDED = ["su", "sr", "y", "eta", "sev", "who", "label", "rgroup", "ugroup", "S", "a", "cont", "R", "U", "C", "truth", "name", "TAU"]


@dataclass
class Truth:
    """What is known of one campaign. Sheets are in submission order, criteria in the generator's."""

    expected: np.ndarray  # sheets x criteria: the score expected with every honest effect known, before anything is planted
    variance: np.ndarray  # sheets x criteria: variance of a score about `expected` (before rounding and limits)
    known: np.ndarray  # sheets: whether `expected` is exact (not for the members of planted cliques, nor under drift)
    severity: np.ndarray  # raters
    own_effect: float  # planted own-group extra in points; 0 for ordinal scores, where it is not in points
    scale: dict  # standard deviations of the effects (unit, rater, rc, uc, e) and planted sizes (shift, …), by the generator's names


@dataclass
class Campaign:
    name: str
    path: str
    scores: np.ndarray  # sheets x criteria
    rater: np.ndarray  # sheets
    unit: np.ndarray  # sheets
    raters: np.ndarray  # names
    units: np.ndarray  # names
    own: np.ndarray  # sheets: rater and unit are of the same group
    label: np.ndarray  # raters: clean, or what was planted
    favoured: np.ndarray  # sheets: a planted favoured pair
    copies: set  # (rater, rater) in ascending order of code
    truth: Truth | None


def run(generator, out, size, seed, variant="cont", strength=1.0, clean=False):
    """Writes the campaign to `out` and returns its name and the generator's local variables."""
    spec = importlib.util.spec_from_file_location("workload_generator", generator)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    code, caught = module.main.__code__, {}

    def hook(frame, event, _):
        if event == "return" and frame.f_code is code:
            caught.update(frame.f_locals)

    argv = ["generator", "--size", size, "--variant", variant, "--seed", str(seed), "--out", out]
    argv += ["--strength", f"{strength:g}"] if strength != 1 else []
    argv += ["--clean"] if clean else []
    old = sys.argv
    try:
        sys.argv = argv
        sys.setprofile(hook)
        with contextlib.redirect_stdout(io.StringIO()):
            module.main()
    finally:
        sys.setprofile(None)
        sys.argv = old
    caught["TAU"] = module.TAU
    missing = [n for n in NEEDED if n not in caught]
    if missing:
        raise SystemExit(f"{generator}: its main has no variable {', '.join(missing)}; the ceiling cannot be computed")
    return caught["name"], caught


def rating_scale_moments(eta, tau):
    """Mean and variance of a score 1... under the rating-scale model, log P(k)/P(k-1) = eta - tau_k."""
    steps = np.concatenate([np.zeros(eta.shape + (1,)), np.cumsum(eta[..., None] - tau, -1)], -1)
    p = np.exp(steps - steps.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    k = np.arange(1, p.shape[-1] + 1)
    mean = p @ k
    return mean, p @ (k * k) - mean**2


def truth_of(v):
    """Removes from the final linear predictor what was planted in it; what is left is the honest part."""
    eta, sr, su, S = v["eta"].copy(), v["sr"], v["su"], v["S"]
    label = v["label"].astype(str)
    favoured = np.zeros(len(sr), bool)
    if not v["a"].clean:
        eta[np.isin(sr, v["who"]["owngroup"]) & (v["rgroup"][sr] == v["ugroup"][su])] -= S["own"]
        favoured[v["fav"]] = True
        eta[favoured] -= S["fav"]
    known = ~np.isin(label[sr], ["clique", "drift", "inflate"])
    if v["cont"]:
        expected, variance = 60 + eta, np.full(eta.shape, S["e"] ** 2)
    else:
        expected, variance = rating_scale_moments(eta, v["TAU"])
    return Truth(expected, variance, known, v["sev"].copy(), float(S["own"]) if v["cont"] else 0.0, dict(S))


def make(generator, out, size, seed, variant="cont", strength=1.0, clean=False):
    """The campaign with its truth; the files stay in `out`."""
    os.makedirs(out, exist_ok=True)
    name, v = run(generator, out, size, seed, variant, strength, clean)
    path = os.path.join(out, name + ".csv")
    raters = pl.read_csv(os.path.join(out, name + "_raters.csv"))["rater"].to_numpy()
    units = pl.read_csv(os.path.join(out, name + "_units.csv"))["unit"].to_numpy()
    planted = pl.read_csv(os.path.join(out, name + "_truth.csv"))
    code = {r: i for i, r in enumerate(raters)}
    where = {u: i for i, u in enumerate(units)}
    sr, su = v["sr"], v["su"]
    pairs = planted.filter(pl.col("type") == "favour_pair")
    pair = {(code[r], where[u]) for r, u in zip(pairs["rater"], pairs["unit"])}
    copies = planted.filter(pl.col("type") == "copier")
    return Campaign(
        name=name, path=path, scores=v["y"].astype(float), rater=sr, unit=su, raters=raters, units=units,
        own=v["rgroup"][sr] == v["ugroup"][su], label=v["label"].astype(str),
        favoured=np.array([(r, u) in pair for r, u in zip(sr.tolist(), su.tolist())]),
        copies={tuple(sorted((code[a], code[b]))) for a, b in zip(copies["rater"], copies["partner"])},
        truth=truth_of(v))
