"""What is to be beaten: hand-made statistics of leave-one-out deviations, and of the residuals of a two-way mixed model."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from ranking import co_scoring_pairs


def by(index, n, values):
    return np.bincount(index, values, minlength=n)


def leave_one_out(campaign):
    """Deviations of scores from the mean of the unit's other raters, criterion by criterion."""
    Y, U = campaign.scores, len(campaign.units)
    n = np.bincount(campaign.unit, minlength=U)
    total = np.zeros((U, Y.shape[1]))
    np.add.at(total, campaign.unit, Y)
    return Y - (total[campaign.unit] - Y) / (n[campaign.unit] - 1)[:, None]


def two_way_fit(campaign):
    """REML of score ~ criterion + (1|unit) + (1|rater) for complete sheets, as lme4 fits it.

    Sheet means carry all of unit and rater, contrasts within sheets only noise; the unit block of the mixed-model
    equations is diagonal, so each evaluation costs one Cholesky factorisation of the size of the raters.
    Returns residuals (sheets x criteria) and the raters' BLUPs."""
    Y, sr, su = campaign.scores, campaign.rater, campaign.unit
    N, C = Y.shape
    R, U = len(campaign.raters), len(campaign.units)
    crit = Y.mean(0)
    mean = Y.mean(1) - Y.mean()
    within = float(((Y - crit - mean[:, None]) ** 2).sum())
    incidence = np.zeros((U, R))
    np.add.at(incidence, (su, sr), 1.0)
    nu, nr = incidence.sum(1), incidence.sum(0)
    yu, yr, ones = by(su, U, mean), by(sr, R, mean), np.ones(N)

    def solve(lu, lr):
        """Mixed-model equations for sheet means; lu, lr are variance ratios to that of a sheet mean's noise."""
        d = nu + 1 / lu
        schur = np.diag(nr + 1 / lr) - incidence.T @ (incidence / d[:, None])
        factor = cho_factor(schur, lower=True)

        def inverse(v):  # V^-1 v for V = I + lu Zu Zu' + lr Zr Zr'
            vu, vr = by(su, U, v), by(sr, R, v)
            b = cho_solve(factor, vr - incidence.T @ (vu / d))
            a = (vu - incidence @ b) / d
            return v - a[su] - b[sr], a, b

        logdet = np.log(d).sum() + U * np.log(lu) + 2 * np.log(np.diag(factor[0])).sum() + R * np.log(lr)
        w1, _, _ = inverse(ones)
        wy, a, b = inverse(mean)
        x = ones @ w1
        mu = ones @ wy / x
        return logdet, x, mu, mean @ wy - mu * mu * x, inverse

    df = N * C - C

    def deviance(p):
        logdet, x, _, q, _ = solve(*np.exp(p))
        return logdet + np.log(x) + df * np.log((C * q + within) / df)

    best = minimize(deviance, np.log([4.0 * C / 2, 1.0 * C / 2]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6})
    _, _, mu, _, inverse = solve(*np.exp(best.x))
    _, unit, rater = inverse(mean - mu)
    return Y - crit - mu - unit[su][:, None] - rater[sr][:, None], rater


def statistics(campaign, D):
    """The statistics of `D` (deviations or residuals, sheets x criteria) that single out each kind of anomaly."""
    Y, sr, R, own = campaign.scores, campaign.rater, len(campaign.raters), campaign.own
    C = Y.shape[1]
    n = by(sr, R, np.ones(len(sr)))
    mean = by(sr, R, D.mean(1)) / n
    E = D - mean[sr][:, None]
    sheet = E.mean(1)
    spread = np.sqrt(by(sr, R, sheet**2) / n)
    no = by(sr, R, own.astype(float))
    nx = n - no
    gap = by(sr, R, sheet * own) / np.maximum(no, 1) - by(sr, R, sheet * ~own) / np.maximum(nx, 1)
    gap = np.where(no > 0, gap / (spread * np.sqrt(1 / np.maximum(no, 1) + 1 / np.maximum(nx, 1))), 0)
    pairs, meeting, a, b = co_scoring_pairs(campaign)
    m = np.bincount(meeting)
    sxy, sxx, syy = (np.bincount(meeting, w) for w in ((E[a] * E[b]).sum(1), (E[a] ** 2).sum(1), (E[b] ** 2).sum(1)))
    r = np.clip(sxy / np.sqrt(np.maximum(sxx * syy, 1e-12)), -0.9999, 0.9999)
    correlation = np.where(m * C < 6, -9, np.arctanh(r) * np.sqrt(np.maximum(m * C - 3, 1)))
    p0 = (Y[a] == Y[b]).mean()
    match = (np.bincount(meeting, (Y[a] == Y[b]).sum(1)) - m * C * p0) / np.sqrt(m * C * p0 * (1 - p0))
    keys = [tuple(x) for x in pairs.tolist()]
    return {
        "mean": mean, "sd": np.sqrt(by(sr, R, (E**2).sum(1)) / (n * C - 1)), "own": gap, "sheet": sheet,
        "within": by(sr, R, Y.std(1)) / n, "match": dict(zip(keys, match)), "correlation": dict(zip(keys, correlation)),
    }


def largest(campaign, pairs):
    """For every rater the largest statistic of a pair that the rater is in."""
    out = np.full(len(campaign.raters), np.nan)
    for (a, b), value in pairs.items():
        out[a], out[b] = np.fmax(out[a], value), np.fmax(out[b], value)
    return out


def feature_rankings(campaign):
    """One statistic made for each type, without any model."""
    f = statistics(campaign, leave_one_out(campaign))
    return {
        "severe": -f["mean"], "lenient": f["mean"], "random": f["sd"], "straightline": -f["within"], "owngroup": f["own"],
        "favour_pair": f["sheet"], "copier": f["match"], "clique": largest(campaign, f["correlation"])}


def model_rankings(campaign):
    """The same from the two-way mixed model: BLUPs and statistics of its residuals."""
    residual, rater = two_way_fit(campaign)
    f = statistics(campaign, residual)
    return {
        "severe": -rater, "lenient": rater, "random": f["sd"], "straightline": -f["sd"], "owngroup": f["own"],
        "favour_pair": f["sheet"], "copier": f["correlation"], "clique": largest(campaign, f["correlation"])}
