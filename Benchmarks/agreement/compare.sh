#!/bin/sh
# Usage: compare.sh [FOLDER]. Plumbline, krippendorff, irrCAC, pingouin and psych in turn on the same tables of ratings, which are written to FOLDER.
# PYTHON and RSCRIPT name the interpreters; what is not installed is left out and said so.
set -eu
cd "$(dirname "$0")"
folder=${1:-../.build/tables}
python=${PYTHON:-python3}
rscript=${RSCRIPT:-Rscript}
mkdir -p "$folder"
if [ -z "${AGREEMENT_BENCHMARK:-}" ]; then
  swift build -c release --package-path ..
  AGREEMENT_BENCHMARK=$(swift build -c release --package-path .. --show-bin-path)/AgreementBenchmark
fi
"$python" tables.py "$folder"
for table in agreement_1000x10 agreement_100000x10; do
  echo "## $table"
  "$AGREEMENT_BENCHMARK" "$folder/$table.csv"
  "$python" peers.py "$folder/$table.csv"
done
for table in icc_100x10 icc_1000x50 icc_10000x100; do
  echo "## $table"
  "$AGREEMENT_BENCHMARK" "$folder/$table.csv" icc
  # 10,000 × 100: pingouin takes minutes and psych asks for 75 GB.
  if [ "$table" != icc_10000x100 ]; then
    "$python" peers.py "$folder/$table.csv" icc
    "$rscript" psych.R "$folder/$table.csv" || echo "psych is not installed"
  fi
done
