#!/bin/sh
# Usage: run.sh DATA_DIRECTORY WORKLOAD_DIRECTORY. Each model here and, where Rscript and lme4 are found, in lme4 directly afterwards.
set -eu
cd "$(dirname "$0")"
swift build -c release
bench=$(swift build -c release --show-bin-path)/MixedModelBenchmark
run() {
  "$bench" "$@"
  if command -v Rscript >/dev/null && Rscript -e 'library(lme4)' >/dev/null 2>&1; then Rscript lme4.R "$@"; fi
}
run insteval "$1/insteval_eth/data.csv"
run simple "$2/M_cont_clean_s1.csv"
"$bench" full "$2/M_cont_clean_s1.csv"   # lme4 takes six minutes here: Rscript lme4.R full FILE
"$bench" simple "$2/L_cont_clean_s1.csv"
"$bench" full "$2/L_cont_clean_s1.csv"
"$bench" large
