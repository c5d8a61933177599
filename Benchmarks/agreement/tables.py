"""tables.py FOLDER: ratings of units by raters on five categories, six of ten as the unit deserves, the others up to two off; 20 % missing, or none for ICC."""
import sys

import numpy as np

for name, n, k, missing in (
    ("agreement", 1000, 10, 0.2), ("agreement", 100000, 10, 0.2), ("icc", 100, 10, 0), ("icc", 1000, 50, 0), ("icc", 10000, 100, 0),
):
    rng = np.random.default_rng(1)
    true = rng.integers(1, 6, n)[:, None]
    x = np.where(rng.random((n, k)) < 0.6, true, np.clip(true + rng.integers(-2, 3, (n, k)), 1, 5)).astype(float)
    x[rng.random((n, k)) < missing] = np.nan
    np.savetxt(f"{sys.argv[1]}/{name}_{n}x{k}.csv", x, delimiter=",", fmt="%g")
