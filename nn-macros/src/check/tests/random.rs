//! Random token streams, and valid networks with random changes: the macro gives items, and never panics.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::expand_all;

const STREAMS: usize = 20_000;

/// Networks that use everything, to be changed at random.
const VALID: &[&str] = &[
    "pub struct LeNet: [1, 28, 28] -> [10] { conv1: conv2d(6, kernel_size = 5), relu, max_pool2d(2), flatten, out: linear(10) }",
    "const N: usize = 4; const M: usize = (N + 2) * 3 - N / 2; pub struct Net: [N] -> [M] { linear(2 * M), dropout(p = 0.25), fc: linear(M) }",
    "struct Words: u16 [12] -> [12, 5] { embed: embedding(100, 8), g: gru(5), log_softmax }",
    "struct Sequence: [7, 3] -> [7, 2] { g: gru(5), residual { linear(5), tanh }, linear(2), sigmoid }",
    "struct Inner: f64 [8] -> f64 [4] { linear(4, bias = false), softmax } struct Outer: f64 [3] -> f64 [4] { linear(8), a: Inner, my::Layer -> [4] }",
    "/// Doc.\n#[derive(Eq)] pub(crate) struct Frozen: [2, 6, 6] -> [3] { #[frozen] c: conv2d(4, (3, 2), stride = (1, 2), padding = 1, groups = 2, dilation = 1), \
     flatten, batch_norm1d(eps = 1e-3), #[frozen] block: residual { linear(1) }, linear(3) -> [3], }",
    "struct Branches: [2, 6] -> [4, 3] { concat { [], [transpose, reshape([2, 6])] }, add { [linear(3)], [linear(3), tanh] }, repeat(2) { f: linear(3), relu } }",
    "struct Nested: [6] -> [6] { a: residual { b: residual { c: linear(6) }, d: linear(6), relu }, e: linear(6) }",
];

/// Words that mean something to the macro, and some that do not.
const WORDS: &[&str] = &[
    "struct",
    "pub",
    "const",
    "usize",
    "Net",
    "Inner",
    "linear",
    "conv2d",
    "gru",
    "embedding",
    "residual",
    "flatten",
    "relu",
    "dropout",
    "max_pool2d",
    "batch_norm1d",
    "softmax",
    "kernel_size",
    "bias",
    "stride",
    "padding",
    "groups",
    "true",
    "false",
    "f32",
    "f64",
    "u8",
    "String",
    "N",
    "M",
    "_",
    "fn",
    "r#type",
    "crate",
    "self",
    "nn",
    "frozen",
    "Linear",
    "slot0",
    "Workspace",
    "è",
    "ŉ",
    "gen",
    "where",
    ":",
    "::",
    "->",
    "=",
    "==",
    ",",
    ";",
    "+",
    "-",
    "*",
    "/",
    "%",
    "#",
    "!",
    "<",
    ">",
    ".",
    "..",
    "=>",
    "&",
    "'a",
    "0",
    "1",
    "2",
    "3",
    "8",
    "-1",
    "0.5",
    "1e999",
    "2u32",
    "3usize",
    "1_000",
    "0x1f",
    "1073741824",
    "18446744073709551615",
    "99999999999999999999999",
    "\"text\"",
    "'c'",
    "b\"bytes\"",
    "1.5f32",
    "2.5u8",
];

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn delimiter(&mut self) -> Delimiter {
        [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None][self.below(4)]
    }

    fn word(&mut self, depth: usize) -> TokenStream {
        if depth > 0 && self.below(4) == 0 {
            let len = self.below(6);
            let inner = (0..len).flat_map(|_| self.word(depth - 1)).collect();
            return TokenTree::Group(Group::new(self.delimiter(), inner)).into();
        }
        WORDS[self.below(WORDS.len())].parse().expect("the words are tokens")
    }

    fn stream(&mut self) -> TokenStream {
        let len = self.below(24);
        (0..len).flat_map(|_| self.word(4)).collect()
    }

    /// The stream with a change at a random place.
    fn change(&mut self, stream: TokenStream) -> TokenStream {
        let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
        let groups: Vec<_> = (0..tokens.len()).filter(|place| matches!(tokens[*place], TokenTree::Group(_))).collect();
        if !groups.is_empty() && self.below(4) > 0 {
            let place = groups[self.below(groups.len())];
            if let TokenTree::Group(group) = &tokens[place] {
                let is_exchanged = self.below(16) == 0;
                let delimiter = if is_exchanged { self.delimiter() } else { group.delimiter() };
                tokens[place] = Group::new(delimiter, self.change(group.stream())).into();
            }
            return tokens.into_iter().collect();
        }
        let (place, other) = (self.below(tokens.len()), self.below(tokens.len()));
        match self.below(5) {
            _ if tokens.is_empty() => return self.word(2),
            0 => drop(tokens.remove(place)),
            1 => tokens.insert(place, tokens[other].clone()),
            2 => tokens.swap(place, other),
            3 => drop(tokens.splice(place..=place, self.word(2))),
            _ => drop(tokens.splice(place..place, self.word(2))),
        }
        tokens.into_iter().collect()
    }
}

fn input(seed: usize, valid: &[TokenStream]) -> TokenStream {
    let mut random = Random(seed as u64);
    if seed.is_multiple_of(4) {
        return random.stream();
    }
    let changes = 1 + random.below(4);
    let network = valid[random.below(valid.len())].clone();
    (0..changes).fold(network, |stream, _| random.change(stream))
}

#[test]
fn any_input_gives_items() {
    let valid: Vec<TokenStream> = VALID.iter().map(|text| text.parse().expect("the networks are tokens")).collect();
    for seed in 0..STREAMS {
        let text = || input(seed, &valid).to_string();
        let Ok(output) = std::panic::catch_unwind(|| expand_all(input(seed, &valid))) else {
            panic!("the macro panics for `{}`", text())
        };
        if let Err(error) = syn::parse2::<syn::File>(output) {
            panic!("the macro gives no items for `{}`: {error}", text());
        }
    }
}
