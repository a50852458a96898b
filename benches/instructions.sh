#!/usr/bin/env bash
# The instructions that a call of each workload takes, counted by valgrind's callgrind: they repeat to the instruction, whatever
# else the machine does. A count that is 3 % off the one in instructions.txt fails: a loop is no longer vectorised, a helper no
# longer inlined; or something is better, and is written down with `benches/instructions.sh --write`.
set -euo pipefail
cd "$(dirname "$0")"

CALLS=4
pinned=instructions.txt
target=${CARGO_TARGET_DIR:-$PWD/../target/benches}
work=$target/instructions

command -v valgrind >/dev/null || apt-get install -y valgrind >/dev/null
cargo build --release --quiet --target-dir "$target" --bin ours
ours=$target/release/ours
mkdir -p "$work"
"$ours" export "$work"

# The instructions of a call of workload $1, behind its name.
count() {
  local result=$work/$1.callgrind
  valgrind --tool=callgrind --callgrind-out-file="$result" --toggle-collect='*counted*' \
    "$ours" count "$work" $CALLS "$1" >"$result.log" 2>&1 || { cat "$result.log" >&2; return 1; }
  awk -v name="$1" -v calls=$CALLS '/^summary:/ { printf "%s %d\n", name, $2 / calls }' "$result"
}

# Those of all workloads, two side by side, in the order of their table.
count_all() {
  export -f count
  export CALLS ours work
  "$ours" list >"$work/names"
  xargs -P 2 -I {} bash -c 'count {}' <"$work/names" >"$work/counts"
  while read -r name; do grep "^$name " "$work/counts"; done <"$work/names"
}

if [ "${1-}" = --write ]; then
  {
    echo "# Instructions of a call, compiled by $(rustc --version | cut -d' ' -f1-2); see instructions.sh"
    count_all
  } | tee $pinned
  exit
fi

count_all | awk '
  NR == FNR { if ($1 != "#") expected[$1] = $2; next }
  {
    ratio = $1 in expected ? $2 / expected[$1] : 0
    is_within = ratio > 0.97 && ratio < 1.03
    printf "%-16s %9d of %9d instructions, ratio %.3f %s\n", $1, $2, expected[$1], ratio, is_within ? "ok" : "OFF"
    failed += !is_within
  }
  END { exit failed > 0 }' $pinned - || {
  echo "the counts are not those of $pinned: $(head -n 1 $pinned); this is $(rustc --version)" >&2
  exit 1
}
