#!/bin/sh
# Usage: run.sh DIRECTORY. Writes the samples there (python3 with numpy; PYTHON names another) and runs each method here and, where Rscript with robustbase
# and rrcov is found, there directly afterwards. BENCH names a program built already.
set -eu
cd "$(dirname "$0")"
if [ -z "${BENCH:-}" ]; then
  swift build -c release --package-path ..
  BENCH=$(swift build -c release --package-path .. --show-bin-path)/RobustBenchmark
fi
peer() { if command -v Rscript >/dev/null && Rscript -e 'library(rrcov)' >/dev/null 2>&1; then Rscript robustbase.R "$@"; fi; }
for size in "1000 10" "10000 20" "100000 50"; do
  set -- "$1" $size
  file="$1/$2x$3.f64"
  [ -f "$file" ] || "${PYTHON:-python3}" generate.py "$2" "$3" "$file"
  "$BENCH" mcd "$file" "$2" "$3" 3
  peer fast "$file" "$2" "$3" 3
  "$BENCH" mcd "$file" "$2" "$3" 3
  peer fast "$file" "$2" "$3" 3
  "$BENCH" ogk "$file" "$2" "$3" 1
  peer ogk "$file" "$2" "$3" 1
  if [ "$2" -lt 100000 ]; then
    peer deterministic "$file" "$2" "$3" 1   # 42 s at 100000x50
    "$BENCH" mm "$file" "$2" "$3" 1
    peer lmrob "$file" "$2" "$3" 1
  fi
  "$BENCH" mrcd "$file" "$2" "$3" 1          # rrcov: 32 s at 10000x20, more than 500 s at 100000x50
  "$BENCH" cells "$file" "$2" "$3" 1
done
