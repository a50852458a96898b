#!/usr/bin/env bash
# Our programs and the peers', for the same work: one thread, pinned, in interleaved rounds, values checked before anything is
# timed.
#
#   ./run.sh            everything; writes RESULTS.md
#   ./run.sh --quick    what needs no long build or installation: ours, Eigen, FANN; prints tables
#   ./run.sh --bars     `name ratio limit ok|short` for each bar; fails if one is short
#
# Workloads can follow: `./run.sh --bars mlp lstm16`. A ratio of a bar is our least time by the peer's; in tables it is the
# peer's by ours. Everything is set up in `.cache`, which may be deleted. ROUNDS, MILLISECONDS (of one measurement) and CORE
# (which to pin to) can be set.
set -euo pipefail
cd "$(dirname "$0")"
mode=all
case ${1-} in
  --quick | --bars) mode=${1#--} && shift ;;
  -*) sed -n '2,12p' "$0" && exit 2 ;;
esac
cache=$PWD/.cache
target=${CARGO_TARGET_DIR:-$PWD/target}
core=${CORE:-$(($(nproc) - 1))}
milliseconds=${MILLISECONDS:-300}
mkdir -p "$cache"
programs=$cache/programs-$mode.txt
: >"$programs"
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 RAYON_NUM_THREADS=1

# A program for the comparison: its variants, then its command.
program() {
  echo "$1 taskset -c $core ${*:2}" >>"$programs"
}

# What does not build is named and left out.
attempt() {
  "$@" || echo "!! $* failed: left out" >&2
}

ours() {
  cargo build --release --quiet --bin ours --bin compare --target-dir "$target"
  program ours "$target/release/ours"
  "$target/release/ours" export "$cache/exchange"
  [ $mode = bars ] && return
  cargo build --release --quiet --bin ours --no-default-features --features portable --target-dir "$target/portable"
  program ours-portable "$target/portable/release/ours"
}

# A Debian package that is not installed is unpacked in the cache.
debian() {
  dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed' && return
  [ -e "$cache/debian/.$1" ] && return
  (mkdir -p "$cache/debian" && cd "$cache/debian" && apt-get download "$1" && dpkg-deb -x "$1"_*.deb . && touch ".$1")
}

eigen() {
  debian libeigen3-dev || return
  local variant layers options
  # gcc warns of its own intrinsics
  while read -r variant layers options; do
    # shellcheck disable=SC2086
    g++ -w -std=c++17 -O3 -DNDEBUG "-DVARIANT=\"$variant\"" "-DLAYERS=\"$layers.hpp\"" $options \
      -isystem "$cache/debian/usr/include/eigen3" -isystem /usr/include/eigen3 peers/eigen/main.cpp -o "$cache/$variant" || return
    program "$variant" "$cache/$variant"
  done <<'VARIANTS'
eigen modelt -march=native
eigen-x86-64 modelt
eigen-tight tight -march=native
eigen-tight-x86-64 tight
VARIANTS
}

fann() {
  debian libfann-dev && debian libfann2 || return
  gcc -O3 -march=native -I"$cache/debian/usr/include" peers/fann/*.c -L"$cache/debian/usr/lib/$(gcc -dumpmachine)" \
    -Wl,-rpath,"$cache/debian/usr/lib/$(gcc -dumpmachine)" -lfloatfann -lm -o "$cache/fann" || return
  program fann "$cache/fann"
}

# The Rust peers, in a default build and in one for this machine.
rust() {
  local peer build=(cargo build --release --quiet --manifest-path peers/rust/Cargo.toml)
  for peer; do
    "${build[@]}" --target-dir "$cache/rust" -p "peer-$peer" || return
    program "$peer" "$cache/rust/release/peer-$peer"
    [ $mode = bars ] && continue
    RUSTFLAGS='-C target-cpu=native' "${build[@]}" --target-dir "$cache/rust-native" -p "peer-$peer" || return
    program "$peer-native" "$cache/rust-native/release/peer-$peer"
  done
}

python() {
  local environment=$cache/python
  if ! cmp -s peers/python/requirements.txt "$environment/requirements.txt"; then
    python3 -m venv "$environment" && "$environment/bin/pip" install --quiet -r peers/python/requirements.txt || return
    cp peers/python/requirements.txt "$environment"
  fi
  local run="$environment/bin/python $PWD/peers/python"
  program jax-scan "$run/jax_.py scan"
  program torch-fused "$run/torch_.py fused"
  attempt models
  [ -e "$cache/models/done" ] && program litert "$run/litert_.py litert $cache/models"
  [ $mode = bars ] && return
  program jax-jit "$run/jax_.py jit"
  program torch-eager "$run/torch_.py eager"
  program torch-compile "$run/torch_.py compile"
  program onnxruntime "$run/onnxruntime_.py onnxruntime"
}

# LiteRT's models are converted from Keras's, in an environment of their own, once for these weights.
models() {
  local environment=$cache/convert weights=$cache/exchange/lenet/weights.f32
  [ "$cache/models/done" -nt peers/python/convert.py ] && cmp -s "$cache/models/weights.f32" "$weights" && return
  if [ ! -e "$environment/done" ]; then
    python3 -m venv "$environment" && "$environment/bin/pip" install --quiet -r peers/python/requirements-convert.txt || return
    touch "$environment/done"
  fi
  mkdir -p "$cache/models"
  "$environment/bin/python" peers/python/convert.py "$cache/exchange" "$cache/models" || return
  cp "$weights" "$cache/models" && touch "$cache/models/done"
}

compare() {
  "$target/release/compare" "$1" "$cache/exchange" "$programs" "${ROUNDS:-$2}" "$milliseconds" "${@:3}"
}

versions() {
  echo "Measured on $(date -u +%F), one thread pinned to a core of: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
    "$(nproc --all) cores, $(uname -sm). Ours is commit $(git rev-parse --short HEAD)."
  echo
  echo "$(rustc --version); $(g++ --version | head -n 1); Eigen $(sed -n 's/^#define EIGEN_\(WORLD\|MAJOR\|MINOR\)_VERSION //p' \
    /usr/include/eigen3/Eigen/src/Core/util/Macros.h "$cache"/debian/usr/include/eigen3/Eigen/src/Core/util/Macros.h 2>/dev/null |
    head -n 3 | paste -sd.); $(python3 --version)"
  echo "with $(grep -hv '^#' peers/python/requirements.txt | sed 's/==/ /' | paste -sd, | sed 's/,/, /g');"
  echo "$(sed -n 's/^\(burn\|candle[a-z-]*\|dfdx\|nnnoiseless\|tract[a-z-]*\) = .*"=\?\([0-9][^"]*\)".*/\1 \2/p' peers/rust/*/Cargo.toml 2>/dev/null |
    sort -u | paste -sd, | sed 's/,/, /g')."
}

ours
attempt eigen
case $mode in
  quick)
    attempt fann
    compare tables 3 "$@"
    ;;
  bars)
    attempt rust burn
    attempt python
    compare bars 5 "$@"
    ;;
  all)
    attempt fann
    attempt rust burn
    attempt rust candle
    attempt rust dfdx
    attempt rust tract
    attempt rust nnnoiseless
    attempt python
    {
      echo '# Results'
      echo
      echo 'Written by `run.sh`, whose header says how to read it; it measures anew.'
      echo
      versions
      echo
      echo '## Speed'
      echo
      compare tables 3 "$@" || echo '!! not every program agrees or runs' >&2
      echo
      cat quoted.md
      for part in 'Bars:bars' 'Compile time:compile_time' 'Memory and size:memory'; do
        echo
        echo "## ${part%%:*}"
        echo
        case ${part##*:} in
          bars)
            echo '```text'
            compare bars 3 "$@" || true
            echo '```'
            ;;
          *) [ ! -e "${part##*:}.sh" ] || "./${part##*:}.sh" ;;
        esac
      done
    } >"$cache/RESULTS.md"
    mv "$cache/RESULTS.md" RESULTS.md
    ;;
esac
