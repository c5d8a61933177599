"""The peers' side in Python: gpboost_fit.py insteval|simple|full FILE. Fits by maximum likelihood, which is GPBoost's only criterion here."""
import resource
import sys
import time

import gpboost
import numpy as np

kind, path = sys.argv[1:3]
with open(path) as lines:
    header = lines.readline().rstrip("\n").split(",")
    rows = [line.rstrip("\n").split(",") for line in lines]
column = {name: np.array([row[i] for row in rows]) for i, name in enumerate(header)}


def codes(*names):
    joined = column[names[0]]
    for name in names[1:]:
        joined = np.char.add(np.char.add(joined, ":"), column[name])
    return np.unique(joined, return_inverse=True)[1]


y = column["score"].astype(float)
ones = np.ones(len(y))
if kind == "insteval":
    groups = [codes("rater"), codes("unit"), codes("unit_group")]
    x = [ones, column["service"].astype(float)]
else:
    groups = [codes("unit"), codes("rater")]
    if kind == "full":
        groups += [codes("unit", "criterion"), codes("rater", "criterion")]
    criterion = codes("criterion")
    x = [ones] + [(criterion == k).astype(float) for k in range(1, criterion.max() + 1)]

before = resource.getrusage(resource.RUSAGE_SELF)
start = time.perf_counter()
model = gpboost.GPModel(group_data=np.column_stack(groups), likelihood="gaussian")
model.fit(y=y, X=np.column_stack(x))
wall = time.perf_counter() - start
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print("gpboost", gpboost.__version__, kind, "wall", round(wall, 3), "cpu", round(cpu, 3),
      "criterion", 2 * model.get_current_neg_log_likelihood())
