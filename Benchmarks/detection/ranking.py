"""How well a ranking finds what was planted: positives against clean subjects only.

Raters: planted raters of the type against clean raters. Sheets: favoured pairs against all other sheets of clean raters.
Pairs: planted copier pairs against all pairs of clean raters who score a unit together.
"""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

RATER_TYPES = ["severe", "lenient", "random", "straightline", "owngroup", "heaped", "inflate", "drift", "clique"]
TYPES = RATER_TYPES + ["favour_pair", "copier"]


def measures(positive, statistic):
    """(area under the ROC curve, average precision, precision among the first k = number planted)."""
    positive = positive.astype(int)
    statistic = np.nan_to_num(np.asarray(statistic, float), nan=-np.inf)
    lowest = statistic[np.isfinite(statistic)].min(initial=0.0)
    statistic = np.where(np.isfinite(statistic), statistic, lowest - 1)
    k = int(positive.sum())
    first = positive[np.argsort(-statistic, kind="stable")[:k]].mean()
    return roc_auc_score(positive, statistic), average_precision_score(positive, statistic), float(first)


def co_scoring_pairs(campaign):
    """Pairs of raters who score a unit together: codes (a, b) with a < b, one row a pair, and for every meeting its
    pair and its two sheets."""
    order = np.argsort(campaign.unit, kind="stable")
    size = np.bincount(campaign.unit, minlength=len(campaign.units))
    start = np.concatenate([[0], np.cumsum(size)])
    first, second = [], []
    for k in np.unique(size):
        if k < 2:
            continue
        block = order[start[:-1][size == k][:, None] + np.arange(k)]
        i, j = np.triu_indices(k, 1)
        first.append(block[:, i].ravel())
        second.append(block[:, j].ravel())
    a, b = np.concatenate(first), np.concatenate(second)
    ra, rb = campaign.rater[a], campaign.rater[b]
    a, b = np.where(ra < rb, a, b), np.where(ra < rb, b, a)
    key = campaign.rater[a].astype(np.int64) * len(campaign.raters) + campaign.rater[b]
    pairs, meeting = np.unique(key, return_inverse=True)
    return np.column_stack([pairs // len(campaign.raters), pairs % len(campaign.raters)]), meeting, a, b


def judge(campaign, rankings):
    """`rankings`: for a type, one statistic a rater (or a sheet for favour_pair; for copier a dictionary by pair, absent
    pairs being lowest). Returns {type: (auc, ap, precision)} for the types that were planted and are ranked."""
    clean = campaign.label == "clean"
    out = {}
    for name, statistic in rankings.items():
        kind = name.split(",")[0]  # what follows a comma says how the ranking was made
        if kind == "favour_pair":
            chosen = clean[campaign.rater]
            positive = campaign.favoured
        elif kind == "copier":
            pairs, _, _, _ = co_scoring_pairs(campaign)
            positive = np.array([(a, b) in campaign.copies for a, b in pairs.tolist()])
            chosen = positive | clean[pairs].all(1)
            statistic = np.array([statistic.get((a, b), np.nan) for a, b in pairs.tolist()])
        else:
            positive = campaign.label == kind
            chosen = positive | clean
        if positive[chosen].any():
            out[name] = measures(positive[chosen], np.asarray(statistic)[chosen])
    return out
