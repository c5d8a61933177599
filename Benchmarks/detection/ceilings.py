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
"""

import numpy as np

from baselines import by, leave_one_out, statistics


UNSOUND = ["random", "straightline", "copier", "clique", "drift", "inflate"]


def against_sound_panel(campaign):
    """Sheets: mean of (score - true expectation) less that of the sound sheets of the unit's other raters, and its
    variance in units of a score's noise. Infinite variance where no other sheet of the unit is sound."""
    t, su, U = campaign.truth, campaign.unit, len(campaign.units)
    mean = (campaign.scores - t.expected).mean(1)
    sound = ~np.isin(campaign.label[campaign.rater], UNSOUND) & ~campaign.favoured
    # Own-group sheets of those who favour their own are unsound as a yardstick.
    sound &= ~((campaign.label[campaign.rater] == "owngroup") & campaign.own)
    others = by(su, U, sound.astype(float))[su] - sound
    total = by(su, U, mean * sound)[su] - mean * sound
    variance = (1 + np.divide(1, others, out=np.full(len(su), np.inf), where=others > 0)) / campaign.scores.shape[1]
    return mean - total / np.maximum(others, 1), variance


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
        # Log likelihood ratio of a shift of that size.
        cells = by(sr, R, own.astype(float)) * C
        out["owngroup, size known"] = t.own_effect * total - t.own_effect**2 * cells / 2
    return out
