//! Files that are cut, mixed up and made up: each is refused with an error, or loaded whole. None panics, none changes a network
//! that refuses it.
//!
//! ```text
//! MUTATIONS=1000000 cargo test --release -p nn-tests --test weights_hostile
//! ```
//!
//! tries as many. A file that fails is printed, and becomes a case of the tests in `nn-runtime/src/weights/file.rs`.

use std::env;
use std::fs;
use std::path::Path;

use nn_runtime::prelude::*;
use nn_runtime::weights::Load;
use safetensors::SafeTensors;

network! {
    struct Net: [4] -> [2] { encoder: repeat(2) { fc: linear(5), norm: batch_norm1d, tanh }, out: linear(2) }
    struct Frozen: f64 [4] -> [3] { #[frozen] fc1: linear(8), relu, fc2: linear(3) }
}

/// Files to begin with: PyTorch's own and ours.
fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights");
    let mut seeds: Vec<_> = ["mlp", "mlp_f16", "mlp_bf16", "mlp_f64", "nested", "batch_norm1d"]
        .map(|name| fs::read(folder.join(name).with_extension("safetensors")).expect("it is there"))
        .into();
    seeds.push(Net::new(&mut rng(1)).to_bytes());
    seeds.push(Frozen::new(&mut rng(2)).with_frozen(&FrozenFrozen::new(&mut rng(3))).to_bytes());
    seeds
}

/// A source of choices.
struct Chance<R>(R);

impl<R: nn_runtime::rand_core::Rng> Chance<R> {
    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }

    /// A range of a slice of this length.
    fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len + 1);
        start..start + self.below(len - start + 1).min(40)
    }

    /// Changes a file in one place.
    fn mutate(&mut self, file: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        match self.below(10) {
            0 => file.truncate(self.below(file.len() + 1)),
            1 => {
                let extra = self.below(20);
                file.resize(file.len() + extra, self.below(256) as u8);
            }
            2 if !file.is_empty() => {
                let place = self.below(file.len());
                file[place] ^= 1 << self.below(8);
            }
            3 => {
                let range = self.range(file.len());
                drop(file.drain(range));
            }
            4 => {
                let (range, place) = (self.range(file.len()), self.below(file.len() + 1));
                let piece = file[range].to_vec();
                file.splice(place..place, piece);
            }
            5 => {
                let other = self.of(seeds);
                let (to, from) = (self.range(file.len()), self.range(other.len()));
                file.splice(to, other[from].iter().copied());
            }
            6 if file.len() >= 8 => {
                let lengths = [0, 1, 7, 8, file.len() as u64 - 8, file.len() as u64, 1 << 32, u64::MAX - 8, u64::MAX];
                file[..8].copy_from_slice(&self.of(&lengths).to_le_bytes());
            }
            _ => self.mutate_header(file),
        }
    }

    /// Exchanges a word or a number of the header, whose length is corrected.
    fn mutate_header(&mut self, file: &mut Vec<u8>) {
        let Some((len, rest)) = file.split_first_chunk() else { return };
        let len = (u64::from_le_bytes(*len) as usize).min(rest.len());
        let (header, values) = rest.split_at(len);
        let is_number = self.below(2) == 0;
        let is_of_word = |byte: &u8| if is_number { byte.is_ascii_digit() } else { byte.is_ascii_alphanumeric() };
        let starts = (0..len).filter(|&at| is_of_word(&header[at]) && (at == 0 || !is_of_word(&header[at - 1])));
        let starts: Vec<_> = starts.collect();
        if starts.is_empty() {
            return;
        }
        let start = *self.of(&starts);
        let end = start + header[start..].iter().take_while(|byte| is_of_word(byte)).count();
        let numbers = [
            "0",
            "1",
            "-1",
            "2",
            "4",
            "8",
            "5",
            "20",
            "1e3",
            "4294967296",
            "2305843009213693951",
            "18446744073709551615",
            "18446744073709551616",
        ];
        let words = [
            "F32",
            "F16",
            "BF16",
            "F64",
            "I64",
            "F4",
            "U8",
            "BOOL",
            "C64",
            "F99",
            "fc1",
            "fc2",
            "weight",
            "bias",
            "num_batches_tracked",
            "dtype",
            "shape",
            "__metadata__",
            "\\ud800",
            "\\u0000",
            "",
        ];
        let word = if is_number { *self.of(&numbers) } else { *self.of(&words) };
        let header = [&header[..start], word.as_bytes(), &header[end..]].concat();
        *file = [&(header.len() as u64).to_le_bytes()[..], &header, values].concat();
    }
}

/// Whether the file is taken, by a network in place; one that refuses it is as before.
fn is_taken(load: &Load, file: &[u8]) -> bool {
    let before = Net::new(&mut rng(4));
    let mut network = before;
    let taken = load.bytes(&mut network, file);
    match &taken {
        Ok(report) => assert!(!report.taken.is_empty() && network.as_slice().iter().all(|value| value.is_finite())),
        Err(error) => assert!(!error.to_string().is_empty() && network == before),
    }
    let (before, before_frozen) = (Frozen::new(&mut rng(5)), FrozenFrozen::new(&mut rng(6)));
    let (mut network, mut frozen) = (before, before_frozen);
    let other = load.bytes(&mut network.with_both_mut(&mut frozen), file);
    if let Err(error) = &other {
        assert!(!error.to_string().is_empty() && network == before && frozen == before_frozen);
    }
    taken.is_ok() || other.is_ok()
}

#[test]
fn no_file_panics_or_changes_a_network_that_refuses_it() {
    let count = env::var("MUTATIONS").map_or(5000, |count| count.parse().expect("a number"));
    let seeds = seeds();
    let mut chance = Chance(rng(18));
    let mut taken = 0;
    for _ in 0..count {
        let mut file = chance.of(&seeds).clone();
        for _ in 0..=chance.below(3) {
            chance.mutate(&mut file, &seeds);
        }
        let load = Load::new().strict(chance.below(2) == 0);
        let load = if chance.below(4) == 0 { load.rename("fc1", "encoder1.fc").rename("", "a") } else { load };
        let result = std::panic::catch_unwind(|| is_taken(&load, &file));
        let Ok(is_taken) = result else { panic!("{load:?}: {:?}", String::from_utf8_lossy(&file)) };
        // what is taken here is a file for the crate that defines the format
        assert!(!is_taken || SafeTensors::deserialize(&file).is_ok(), "{:?}", String::from_utf8_lossy(&file));
        taken += usize::from(is_taken);
    }
    println!("{taken} of {count} files taken");
    assert!(taken * 100 > count && taken * 2 < count, "{taken} of {count} files taken: the others teach more");
}
