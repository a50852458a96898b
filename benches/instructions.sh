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

# The instructions of a call of workload $1.
count() {
  valgrind --tool=callgrind --callgrind-out-file="$work/callgrind.out" --toggle-collect='*counted*' \
    "$ours" count "$work" $CALLS "$1" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
  awk -v calls=$CALLS '/^summary:/ { printf "%d\n", $2 / calls }' "$work/callgrind.out"
}

if [ "${1-}" = --write ]; then
  {
    echo "# Instructions of a call, compiled by $(rustc --version | cut -d' ' -f1-2); see instructions.sh"
    for workload in $("$ours" list); do
      echo "$workload $(count "$workload")"
    done
  } | tee $pinned
  exit
fi

failed=0
while read -r workload expected; do
  counted=$(count "$workload")
  awk -v name="$workload" -v counted="$counted" -v expected="$expected" 'BEGIN {
    ratio = counted / expected
    is_within = ratio > 0.97 && ratio < 1.03
    printf "%-18s %12d of %12d instructions, ratio %.3f %s\n", name, counted, expected, ratio, is_within ? "ok" : "OFF"
    exit !is_within
  }' || failed=1
done < <(grep -v '^#' $pinned)
if [ "$(grep -v '^#' $pinned | cut -d' ' -f1)" != "$("$ours" list)" ]; then
  echo "$pinned does not have all workloads: write it again" >&2
  failed=1
fi
if [ $failed = 1 ]; then
  echo "the counts are not those of $pinned ($(sed -n 's/.*compiled by \([^;]*\);.*/\1/p' $pinned)); this is $(rustc --version)" >&2
fi
exit $failed
