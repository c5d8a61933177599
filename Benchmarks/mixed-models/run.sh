#!/bin/sh
# Usage: [REPETITIONS=5] [PYTHON=python3] [PEERS=1] run.sh DATA_DIRECTORY WORKLOAD_DIRECTORY
# Plumbline, lme4 and GPBoost by turns, as often as REPETITIONS says, each in a process of its own; then medians and ratios. A peer that is not installed
# is left out, and so is one that would take many minutes (see the table at the end). PEERS=0 leaves out all of them.
set -eu
cd "$(dirname "$0")"
: "${REPETITIONS:=5}" "${PYTHON:=python3}" "${PEERS:=1}"
swift build -c release --package-path ..
bench=$(swift build -c release --package-path .. --show-bin-path)/MixedModelBenchmark
has_lme4=0; has_gpboost=0
if [ "$PEERS" = 1 ]; then
  Rscript -e 'library(lme4)' >/dev/null 2>&1 && has_lme4=1
  "$PYTHON" -c 'import gpboost' >/dev/null 2>&1 && has_gpboost=1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# turns NAME MODEL FILE PEERS: the peers are named when they are to take part.
turns() {
  i=0
  while [ "$i" -lt "$REPETITIONS" ]; do
    i=$((i + 1))
    "$bench" "$2" "$3" 1 | tee -a /dev/stderr | sed -n "s/^$2  wall \([0-9.]*\) s  cpu \([0-9.]*\) s.*/$1 plumbline \1 \2/p" >>"$log"
    case "$4 $has_lme4" in *lme4*1)
      Rscript lme4.R "$2" "$3" | tee -a /dev/stderr | sed -n "s/^lme4 .* wall \([0-9.]*\) cpu \([0-9.]*\) .*/$1 lme4 \1 \2/p" >>"$log" ;;
    esac
    case "$4 $has_gpboost" in *gpboost*1)
      "$PYTHON" gpboost_fit.py "$2" "$3" | tee -a /dev/stderr | sed -n "s/^gpboost .* wall \([0-9.]*\) cpu \([0-9.]*\) .*/$1 gpboost \1 \2/p" >>"$log" ;;
    esac
  done
}

turns insteval insteval "$1/insteval_eth/data.csv" "lme4 gpboost"
turns M-simple simple "$2/M_cont_clean_s1.csv" "lme4 gpboost"
turns M-full full "$2/M_cont_clean_s1.csv" ""      # lme4 takes six minutes: Rscript lme4.R full FILE
turns L-simple simple "$2/L_cont_clean_s1.csv" "gpboost"
turns L-full full "$2/L_cont_clean_s1.csv" ""
"$bench" large
"$bench" movielens
"$bench" cost

echo
echo "medians of $REPETITIONS runs, seconds; ratio to plumbline"
sort "$log" | awk '
  function median(values, n,   list, i, j, t) {
    split(values, list, " ")
    for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] + 0 < list[i] + 0) { t = list[i]; list[i] = list[j]; list[j] = t }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
  }
  { key = $1 " " $2; wall[key] = wall[key] " " $3; cpu[key] = cpu[key] " " $4; n[key]++ }
  END {
    for (key in n) { w[key] = median(wall[key], n[key]); c[key] = median(cpu[key], n[key]) }
    for (key in n) {
      split(key, part, " "); own = part[1] " plumbline"
      printf "%-10s %-10s wall %9.3f (%6.1f x)   cpu %9.3f (%6.1f x)\n", part[1], part[2], w[key], w[key] / w[own], c[key], c[key] / c[own]
    }
  }' | sort
