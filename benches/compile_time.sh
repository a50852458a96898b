#!/usr/bin/env bash
# What a network costs to compile: prints a Markdown table. Dependencies are built before anything is timed; each figure is the
# least of three runs, wall time and processor time (user and system).
#
# A package of its own is made for each network, so that its spec can be edited without touching this directory.
set -euo pipefail
cd "$(dirname "$0")"
benches=$PWD
work=${CARGO_TARGET_DIR:-$benches/target}/compile_time
export CARGO_TARGET_DIR=$work/target

# The package for the program `$1`, in `$work/$1`.
package() {
  mkdir -p "$work/$1/src"
  cp Cargo.lock "$work/$1/"
  sed -e "s|\"\.\./nn-runtime\"|\"$benches/../nn-runtime\"|" -e 's/^name = .*/name = "'"${1//_/-}"'"/' Cargo.toml >"$work/$1/Cargo.toml"
  cp "src/bin/$1.rs" "$work/$1/src/main.rs"
}

# The least wall time of three runs of `cargo "${@:2}"` on the program `$1`, and its processor time; before each run the first
# layer grows by two.
least() {
  local program=$1 runs=''
  shift
  TIMEFORMAT='%R %U %S'
  for _ in 1 2 3; do
    perl -0 -i -pe 's/\b(linear|conv2d)\((\d+)/"$1(" . ($2 + 2)/e' "$work/$program/src/main.rs"
    runs+=$( { time cargo "$@" --offline --quiet --manifest-path "$work/$program/Cargo.toml" >/dev/null; } 2>&1)$'\n'
  done
  awk 'NF == 3 { if (!n++ || $1 < wall) { wall = $1; cpu = $2 + $3 } } END { printf "%.2f s (%.2f s)", wall, cpu }' <<<"$runs"
}

# A row of the table: the program and its name in the table.
row() {
  package "$1"
  local -a command
  local cells=''
  for command in 'build --release' check build; do
    read -ra command <<<"$command"
    cargo "${command[@]}" --quiet --manifest-path "$work/$1/Cargo.toml"
    cells+=" $(least "$1" "${command[@]}") |"
  done
  echo "| $2 |$cells"
}

echo '| network | `cargo build --release` | `cargo check` after an edit of the spec | `cargo build` after an edit |'
echo '|---|---:|---:|---:|'
row twenty_layers '20 dense layers'
row thirty_layers '30 dense layers, all sizes odd and distinct'
row vgg16 'VGG-16, 138 million parameters, 3x224x224'
echo
echo 'Wall time, in brackets processor time; dependencies built, the least of three. dfdx took 15 minutes to compile VGG-16'
echo '(quoted: its issue 390); it needs a nightly compiler for convolutions and is not measured here.'
