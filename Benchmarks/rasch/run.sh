#!/bin/sh
# Usage: run.sh WORKLOAD_DIRECTORY. Joint and marginal estimation of the S, S2 and M workloads (ordinal, clean, seed 1), then the large campaign, which
# needs no file.
set -eu
cd "$(dirname "$0")"
swift build -c release --package-path ..
bench=$(swift build -c release --package-path .. --show-bin-path)/RaschBenchmark
for method in joint marginal; do
  "$bench" "$method" "$1"/S_ord_clean_s1.csv "$1"/S2_ord_clean_s1.csv "$1"/M_ord_clean_s1.csv
  "$bench" large "$method"
done
