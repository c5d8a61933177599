"""The same rankings when the true parameters are known: no screen of these scores can be expected to do better.

severe, lenient    the true severity
owngroup           sum of (score - true expectation) over the rater's own-group sheets, in standard errors; the most powerful
                   ranking when the planted size is known too is the log likelihood ratio, given as `owngroup, size known`
favour_pair        mean of (score - true expectation) over the sheet
random             standard deviation of (score - true expectation) over the rater's scores
straightline       share of sheets whose scores are all alike
copier             exact matches over the sheets of the pair, against the matches expected of independent scores

`units unknown` rows know the raters and which sheets are sound, but not the unit: the unit is estimated, criterion by
criterion, from the sound sheets of the others on its panel. A screen that knows only the scores cannot pass these by much.

`raters and units unknown` knows which sheets are sound, how large the planted shifts of severity are, and every variance, but no rater and no
unit: the best linear unbiased prediction of a sheet from all other sound sheets.
"""

import numpy as np

from baselines import by, leave_one_out, statistics


UNSOUND = ["random", "straightline", "copier", "clique", "drift", "inflate"]


def is_sound(campaign):
    """Sheets that may serve as a yardstick; the own-group sheets of those who favour their own may not."""
    label = campaign.label[campaign.rater]
    return ~np.isin(label, UNSOUND) & ~campaign.favoured & ~((label == "owngroup") & campaign.own)


def against_sound_panel(campaign):
    """Sheets: mean of (score - true expectation) less that of the sound sheets of the unit's other raters, and its
    variance in units of a score's noise. Infinite variance where no other sheet of the unit is sound."""
    t, su, U = campaign.truth, campaign.unit, len(campaign.units)
    mean = (campaign.scores - t.expected).mean(1)
    sound = is_sound(campaign)
    others = by(su, U, sound.astype(float))[su] - sound
    total = by(su, U, mean * sound)[su] - mean * sound
    variance = (1 + np.divide(1, others, out=np.full(len(su), np.inf), where=others > 0)) / campaign.scores.shape[1]
    return mean - total / np.maximum(others, 1), variance


def from_all_sound_sheets(campaign):
    """Sheets: mean score less its best linear unbiased prediction from all other sound sheets, in standard errors.

    Mean scores of sheets have crossed random effects of known variances: V = s_r^2 Z_r Z_r' + s_u^2 Z_u Z_u' + s_e^2 I, and an unknown mean. Dense
    algebra over the sheets: for small campaigns."""
    sr, su, s = campaign.rater, campaign.unit, campaign.truth.scale
    C = campaign.scores.shape[1]
    label = campaign.label[sr]
    y = campaign.scores.mean(1) + s["shift"] * ((label == "severe") * 1.0 - (label == "lenient"))
    rater, unit, noise = s["rater"] ** 2 + s["rc"] ** 2 / C, s["unit"] ** 2 + s["uc"] ** 2 / C, s["e"] ** 2 / C
    kept = np.nonzero(is_sound(campaign))[0]
    cov = lambda a, b: rater * (sr[a][:, None] == sr[b]) + unit * (su[a][:, None] == su[b])
    inverse = np.linalg.inv(cov(kept, kept) + noise * np.eye(len(kept)))
    row = inverse.sum(1)
    projection = inverse - np.outer(row, row) / row.sum()
    z = np.empty(len(y))
    # A sheet among them is predicted from the others: (P y)_i / P_ii with variance 1 / P_ii.
    z[kept] = projection @ y[kept] / np.sqrt(np.diag(projection))
    others = np.setdiff1d(np.arange(len(y)), kept)
    near = cov(others, kept)
    mean = row @ y[kept] / row.sum()
    error = y[others] - mean - near @ inverse @ (y[kept] - mean)
    variance = rater + unit + noise - ((near @ inverse) * near).sum(1) + (1 - near @ row) ** 2 / row.sum()
    z[others] = error / np.sqrt(variance)
    return z


def ceiling_rankings(campaign):
    t, sr, R = campaign.truth, campaign.rater, len(campaign.raters)
    C = campaign.scores.shape[1]
    residual = campaign.scores - t.expected
    own = campaign.own
    information = by(sr, R, t.variance.sum(1) * own)
    total = by(sr, R, residual.sum(1) * own)
    out = {
        "severe": t.severity, "lenient": -t.severity,
        "owngroup": np.where(information > 0, total / np.sqrt(np.maximum(information, 1e-12)), 0),
        "favour_pair": residual.mean(1) * np.sqrt(C / t.variance.mean(1)),
        "random": np.sqrt(by(sr, R, (residual**2).sum(1)) / by(sr, R, t.variance.sum(1))),
        "straightline": by(sr, R, (campaign.scores.std(1) == 0).astype(float)) / by(sr, R, np.ones(len(sr))),
        "copier": statistics(campaign, leave_one_out(campaign))["match"],
    }
    if t.own_effect:  # not for ordinal scores, whose noise is not the same everywhere
        deviation, variance = against_sound_panel(campaign)
        weight = by(sr, R, own / variance)
        out["owngroup, units unknown"] = by(sr, R, own * deviation / variance) / np.sqrt(np.maximum(weight, 1e-12))
        out["favour_pair, units unknown"] = deviation / np.sqrt(variance)
        if len(sr) <= 3000:
            out["favour_pair, raters and units unknown"] = from_all_sound_sheets(campaign)
        # Log likelihood ratio of a shift of that size.
        cells = by(sr, R, own.astype(float)) * C
        out["owngroup, size known"] = t.own_effect * total - t.own_effect**2 * cells / 2
    return out
