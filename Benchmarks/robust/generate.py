"""A correlated normal sample, its first tenth shifted: generate.py ROWS COLUMNS FILE. Writes doubles, column after column. numpy 1.26.4, seed 5."""
import sys
import numpy as np

n, p = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(5)
factor = np.tril(rng.normal(0, 0.3, (p, p)), -1) + np.eye(p)
x = rng.normal(size=(n, p)) @ factor.T
x[: n // 10] += 3.0 * rng.choice([-1, 1], p)
np.asfortranarray(x).T.tofile(sys.argv[3])
