#!/usr/bin/env bash
# Peak resident memory of the 784-128-64-10 workloads, and the size of a program that has that network inside: prints Markdown
# tables. Peers that `run.sh` has built are measured; the others' figures are quoted, in italics, from a run on a server of the
# same kind.
set -euo pipefail
cd "$(dirname "$0")"
cache=$PWD/.cache
target=${CARGO_TARGET_DIR:-$PWD/target}
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 RAYON_NUM_THREADS=1
weights=$((109386 * 4))

# The peak resident memory of a command in MiB, as the kernel counts it from the command's start: `wait`'s figure has the
# starting shell in it.
peak() {
  local line='' last=''
  "$@" >/dev/null 2>&1 &
  while line=$(grep -s VmHWM "/proc/$!/status"); do
    last=$line
    sleep 0.01
  done
  wait $! || { echo "$* failed" >&2 && return 1; }
  awk '{ printf "%.1f", $2 / 1024 }' <<<"$last"
}

# A row of the table of memory: name, figures to quote for training and inference (`-` for what the peer does not do), and the
# program, which may not be there.
memory() {
  local name=$1 training=$2 inference=$3
  shift 3
  if [ -x "${1-}" ]; then
    [ "$training" = - ] || training=$(peak "$@" "$cache/exchange" 600 mlp-train-32)
    inference=$(peak "$@" "$cache/exchange" 600 mlp)
  fi
  echo "| $name | $training | $inference |"
}

# The bytes of the program in profile `$1` that are not its weights.
beyond() {
  cargo build --quiet --profile "$1" --bin minimal --target-dir "$target"
  strip -o "$target/minimal-stripped" "$target/$1/minimal"
  echo $(($(stat -c %s "$target/minimal-stripped") - weights))
}

# A number in groups of three digits.
grouped() {
  sed -E ':again; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; t again' <<<"$1"
}

cargo build --release --quiet --bin ours --target-dir "$target"
[ -e "$cache/exchange/mlp" ] || { mkdir -p "$cache" && "$target/release/ours" export "$cache/exchange"; }

echo '| peak resident memory, MiB | training, batch 32, Adam | one sample |'
echo '|---|---:|---:|'
memory ours '' '' "$target/release/ours"
memory FANN - '*3.9*'
for peer in 'burn *10.8* *5.5*' 'candle *13.9* *4.5*' 'dfdx *6.2* *3.9*' 'tract - *13.7*'; do
  read -r name training inference <<<"$peer"
  memory "$name" "$training" "$inference" "$cache/rust/release/peer-$name"
done
memory LiteRT - '*45.6*'
memory 'ONNX Runtime' - '*63.5*'
python=$cache/python/bin/python
[ -x "$python" ] || python=
memory 'JAX, jit' '*299.9*' '*237.2*' ${python:+"$python" peers/python/jax_.py jit}
memory 'PyTorch, eager' '*694.2*' '*533.3*' ${python:+"$python" peers/python/torch_.py eager}
echo
echo '| a program that classifies with the network, stripped | bytes beyond its weights |'
echo '|---|---:|'
echo "| ours, default release build | $(grouped "$(beyond release)") |"
echo "| ours, built for a small file: LTO, \`panic = \"abort\"\` | $(grouped "$(beyond small)") |"
echo '| *Rust program that prints a line* | *368,744* |'
echo '| *RTNeural (libstdc++ shared)* | *22,720* |'
echo '| *FANN (with its shared library)* | *106,736* |'
echo '| *dfdx* | *699,736* |'
echo '| *candle* | *1,253,040* |'
echo '| *burn, flex alone, native build* | *4,281,496* |'
echo '| *tract-onnx* | *22,705,320* |'
echo '| *ONNX Runtime, the library alone* | *34,824,680* |'
echo '| *JAX, its largest library alone* | *349,673,696* |'
echo '| *PyTorch, its largest library alone* | *448,373,553* |'
echo
echo 'Figures in italics are quoted: measured apart, on a server of the same kind, Rust programs with thin LTO.'
