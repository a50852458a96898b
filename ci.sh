#!/usr/bin/env bash
# Every check of the project, a function each: `./ci.sh` runs all, `./ci.sh lint docs` those two.
set -euo pipefail
cd "$(dirname "$0")"

# rustfmt and clippy come with rustup's default profile; where they are missing they are installed.
components() {
  for component in rustfmt clippy; do
    cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$component"
  done
}

format() {
  cargo fmt --all --check
  (cd tests/no_std && cargo fmt --check)
  (cd tests/fuzz && cargo fmt --check)
  (cd benches && cargo fmt --check)
}

lint() {
  cargo clippy --workspace --all-targets -- -D warnings
  (cd tests/no_std && cargo clippy --release --target-dir ../../target/no_std -- -D warnings)
  (cd benches && cargo clippy --all-targets --target-dir ../target/benches -- -D warnings)
}

# The README's own command, word for word, and Silero VAD, whose weights are fetched.
tests() {
  local silero=0
  grep -qx 'cargo test --workspace' README.md
  cargo test --workspace
  [ -e tests/silero/data ] || python3 tests/silero/fetch.py || silero=$?
  case $silero in
    0) cargo test -p nn-tests --test silero -- --ignored ;;
    69 | 127) echo '!! Silero VAD is not tested: its weights cannot be fetched here' >&2 ;;
    *) return 1 ;;
  esac
}

# What the compiler prints for a mistake is the same with and without rustup's component `rust-src`, whose files it would quote, and
# with the declared minimum of Rust. The README's command ran with what is installed, this runs with the others.
messages() {
  local sysroot source without=$PWD/target/without-rust-src
  sysroot=$(rustc --print sysroot)
  source=$sysroot/lib/rustlib/src/rust/library
  if [ -e "$source" ]; then
    rm -rf "$without" && mkdir -p "$without/lib/rustlib"
    ln -s "$sysroot"/lib/* "$without/lib/" 2>/dev/null || true
    find "$sysroot/lib/rustlib" -mindepth 1 -maxdepth 1 ! -name src -exec ln -s {} "$without/lib/rustlib/" \;
    printf '#!/bin/sh\nexec rustc --sysroot %q "$@"\n' "$without" >"$without/rustc" && chmod +x "$without/rustc"
    RUSTC=$without/rustc messages_with cargo "$without/target"
  elif rustup component add rust-src; then
    messages_with cargo target/with-rust-src
    rustup component remove rust-src
  else
    echo '!! the messages are not compared with rust-src: it cannot be installed here' >&2
  fi
  if has_minimum; then
    messages_with "cargo +$(minimum)" target/minimum
  else
    echo "!! the messages are not compared with Rust $(minimum): it cannot be installed here" >&2
  fi
}

# The compile-fail cases with the cargo `$1`, built in `$2`.
messages_with() {
  $1 test -p nn-tests --test ui --target-dir "$2" -- messages
}

# The declared minimum of Rust.
minimum() {
  sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml
}

# Whether the minimum is installed, or can be.
has_minimum() {
  cargo "+$(minimum)" --version >/dev/null 2>&1 || rustup toolchain install "$(minimum)" --profile minimal >/dev/null 2>&1
}

docs() {
  RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps
}

# The runtime builds without std and without an allocator, and what is built trains.
no_std() {
  cargo build -p nn-runtime --no-default-features --features libm --target-dir target/no_std
  cargo build -p nn-runtime --no-default-features --features libm,alloc --target-dir target/no_std
  cargo build -p nn-runtime --no-default-features --features libm,serde,weights --target-dir target/no_std
  cargo build -p nn-runtime --no-default-features --features libm,alloc,safetensors,serde --target-dir target/no_std
  (cd tests/no_std && cargo run --release --target-dir ../../target/no_std)
  if nm -u target/no_std/release/xor-no-std | grep -E 'malloc|calloc|realloc'; then
    echo 'the program without an allocator allocates' >&2
    return 1
  fi
}

# The declared minimum of Rust: with its own compiler where that is to be had, else by the versions that clippy knows of
# every item of the standard library, which is one of its warnings.
minimum_rust() {
  if has_minimum; then
    cargo "+$(minimum)" check --workspace --lib --examples --target-dir target/minimum
  else
    echo "Rust $(minimum) cannot be installed here: checking the standard library's items instead"
    cargo clippy --workspace --all-targets -- -D warnings
  fi
}

# The crates as they would be published, in a project of a user's that does what README says: its lines for Cargo.toml, its first program.
package() {
  local packages=$PWD/target/package project=$PWD/target/own-project name
  cargo package --quiet -p nn-macros -p nn-runtime --no-verify --allow-dirty
  rm -rf "$project/src" && mkdir -p "$project/src"
  for name in nn-macros nn-runtime; do
    rm -rf "${project:?}/$name" && mkdir "$project/$name"
    tar xf "$packages/$name-"*.crate --strip-components 1 -C "$project/$name"
    ls "$project/$name"/{README.md,LICENSE-MIT,LICENSE-APACHE} >/dev/null
  done
  {
    printf '[package]\nname = "own-project"\nedition = "2024"\n\n'
    readme_code toml 'In your own project'
    printf '\n[patch.crates-io]\nnn-macros = { path = "nn-macros" }\nnn-runtime = { path = "nn-runtime" }\n\n[workspace]\n'
  } >"$project/Cargo.toml"
  readme_code rust 'A network' >"$project/src/main.rs"
  (cd "$project" && cargo run --quiet --target-dir ../own-project-target)
}

# The first block of language `$1` in the section `$2` of README.
readme_code() {
  awk -v begin="\`\`\`$1" -v section="## $2" '
    /^## / { inside = $0 == section }
    inside && /^```$/ && found { exit }
    inside && found { print }
    inside && $0 == begin { found = 1 }
  ' README.md
}

# The last line of an example is a text whose numbers, written `#` here, meet a condition on them: `$1` is the first. It does not
# ask for digits: the portable path rounds differently from the dispatched one, and what is trained differs with it.
ends() {
  local example=$1 text=$2 condition=$3 output
  echo "-- $example"
  output=$(cargo run -q --release -p examples --example "$example")
  echo "$output"
  last=${output##*$'\n'}
  if [ "$(sed -E 's/[0-9]+(\.[0-9]+)?/#/g' <<<"$last")" != "$text" ] ||
    ! grep -oE '[0-9]+(\.[0-9]+)?' <<<"$last" | paste -sd' ' | awk "{ exit !($condition) }"; then
    echo "$example ends with '$last', but should with '$text' where $condition" >&2
    return 1
  fi
}

# Each example runs and ends as it should; one says the same when it runs again, and the others are as much as it functions of
# their seeds. `mnist` needs data that is fetched, and `lenet`, which runs before it, takes that if it is there.
examples() {
  local last mnist=0 vowels=0
  cargo build --release -p examples --examples
  ends worked_example 'Epoch [#/#], Loss: #' '$3 == 0.0040'
  ends digits 'test accuracy: #' '$1 >= 0.90'
  [ "$(cargo run -q --release -p examples --example digits | tail -n 1)" = "$last" ]
  ends pretrained 'test accuracy: #' '$1 == 0.914'
  ends lenet 'test accuracy: #' '$1 >= 0.90'
  [ -e examples/data/mnist ] || examples/data/fetch-mnist.sh || mnist=$?
  # a run from the beginning, not one that goes on from a checkpoint
  rm -rf target/runs/mnist
  case $mnist in
    0) ends mnist 'test accuracy: # after # epochs' '$1 >= 0.985 && $2 == 4' ;;
    69) echo '!! mnist is not run: its data cannot be fetched here' >&2 ;;
    *) return 1 ;;
  esac
  ends resnet 'test accuracy: #' '$1 >= 0.93'
  ends vgg 'test accuracy: #' '$1 >= 0.90'
  ends gru_forecast 'error of the forecast: #; of the naive forecast: #' '$1 < 0.75 * $2'
  [ -e examples/data/japanese-vowels ] || examples/data/fetch-japanese-vowels.sh || vowels=$?
  case $vowels in
    0) ends lstm_speakers 'test accuracy: #' '$1 >= 0.92' ;;
    69) echo '!! lstm_speakers is not run: its data cannot be fetched here' >&2 ;;
    *) return 1 ;;
  esac
  ends gan 'modes found: # of #; points near one: #' '$1 == $2 && $3 >= 0.85'
  ends autoencoder 'squared error of a test pixel: #; of a linear autoencoder: #' '$1 < 0.7 * $2'
  ends char_transformer 'test loss: #; of the bigram model: #' '$1 < 0.7 * $2'
}

# The kernels against the machine's peak, a training step against nalgebra's own arithmetic, a step of `Fit` against a bare loop, and two
# threads against one.
speed() {
  cargo bench -p nn-runtime
  (cd benches && cargo run --release --target-dir ../target/benches --bin step_vs_nalgebra)
  (cd benches && cargo run --release --features threads --target-dir ../target/benches --bin fit)
  (cd benches && cargo run --release --features threads --target-dir ../target/benches --bin threads)
}

# The instructions of every workload are those written down, within 3 %.
instructions() {
  CARGO_TARGET_DIR=$PWD/target/benches benches/instructions.sh
}

# The limits on what a network costs to compile on two cores, its dependencies built: 8 seconds for 20 dense layers, which take 5 to 7,
# 10 for 30 of distinct sizes and for VGG-16. Of processor time, 2 seconds for a stream through a recurrent layer and 5 through three, 2
# for 1 MB of weights in a constant and 20 for 50 MB.
compile_time() {
  compiles_in 8 twenty_layers
  compiles_in 10 thirty_layers
  compiles_in 10 vgg16
  compiles_in 2 stream_gru %U
  compiles_in 5 stream_three_grus %U
  (cd benches && cargo run --release --target-dir ../target/benches --bin write_weights)
  compiles_in 2 weights_1mb %U weights
  compiles_in 20 weights_50mb %U weights
}

# The program `$2` compiles in `$1` seconds, at one of twelve times: what else runs on the machine lengthens some, not all. Of the time
# that passes, or of the processor's with `%U`. `$4` is a feature that it needs.
compiles_in() {
  local build=(cargo build --release --target-dir ../target/benches --features "${4:-std}" --bin "$2") seconds
  (cd benches && "${build[@]}")
  TIMEFORMAT=${3:-%R}
  for _ in {1..12}; do
    touch "benches/src/bin/$2.rs"
    seconds=$( { time (cd benches && "${build[@]}" >/dev/null 2>&1); } 2>&1)
    echo "$2 compiles in $seconds s"
    awk -v seconds="$seconds" -v limit="$1" 'BEGIN { exit !(seconds > 0 && seconds < limit) }' && return
  done
  return 1
}

# A program that classifies with 784-128-64-10 is at most 42 kB larger than its weights and the same program without the network.
size() {
  local target=target/benches network empty
  (cd benches && cargo build --release --target-dir "../$target" --bin minimal)
  rustc --edition 2024 -C opt-level=3 -o "$target/empty" - <<'EMPTY'
use std::io::{self, Read};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut pixels = [0; 784];
    if io::stdin().read_exact(&mut pixels).is_err() {
        return ExitCode::FAILURE;
    }
    ExitCode::from(pixels[0])
}
EMPTY
  strip -o "$target/network-stripped" "$target/release/minimal"
  strip -o "$target/empty-stripped" "$target/empty"
  network=$(($(stat -c %s "$target/network-stripped") - 4 * 109386))
  empty=$(stat -c %s "$target/empty-stripped")
  echo "784-128-64-10 weighs $((network - empty)) bytes beyond its weights and an empty program's $empty"
  ((network - empty <= 42000))
}

checks=(components format lint tests messages docs no_std minimum_rust package examples speed instructions compile_time size)
(($#)) || set -- "${checks[@]}"
for check; do
  echo "== $check"
  "$check"
done
echo 'all checks passed'
