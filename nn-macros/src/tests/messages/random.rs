//! Random token streams, and valid invocations with random changes: the macro gives items, and never panics. What it accepts
//! has no errors, what it rejects has some.

use std::panic::{RefUnwindSafe, catch_unwind};
use std::thread;

use nn_random::{Random, TABLE, invocation};
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use super::collect;
use crate::diagnostic::UNNAMED;
use crate::layers::{self, PARTS, STRUCTURES};
use crate::tests::expand_all;
use crate::{Ready, read, write};

const STREAMS: usize = 200_000;

/// Of so many streams one is looked at thoroughly.
const THOROUGH: usize = 20;

/// How many random invocations there are, and how many of each layer, the shortest, are to be changed.
const INVOCATIONS: usize = 500;
const CHANGED: usize = 4;

/// More to be changed: what no random invocation has.
const VALID: &[&str] = &[
    "pub struct LeNet: [1, 28, 28] -> [10] { conv1: conv2d(6, kernel_size = 5), relu, max_pool2d(2), flatten, out: linear(10) }",
    "const N: usize = 4; const M: usize = (N + 2) * 3 - N / 2; pub struct Net: [N] -> [M] { linear(2 * M), dropout(p = 0.25), fc: linear(M) }",
    "struct Words: u16 [12] -> [12, 5] { embed: embedding(100, 8), g: gru(5), log_softmax }",
    "struct Sequence: [7, 3] -> [7, 2] { g: gru(5), residual { linear(5), tanh }, linear(2), sigmoid }",
    "struct Inner: f64 [8] -> f64 [4] { linear(4, bias = false), softmax } struct Outer: f64 [3] -> f64 [4] { linear(8), a: Inner, my::Layer -> [4] }",
    "/// Doc.\n#[derive(Eq)] pub(crate) struct Frozen: [2, 6, 6] -> [3] { #[frozen] c: conv2d(4, (3, 2), stride = (1, 2), padding = 1, groups = 2, dilation = 1), \
     flatten, batch_norm1d(eps = 1e-3), #[frozen] block: residual { linear(1) }, linear(3) -> [3], }",
    "struct Branches: [2, 6] -> [4, 3] { concat { [], [transpose, reshape([2, 6])] }, add { [linear(3)], [linear(3), tanh] }, repeat(2) { f: linear(3), relu } }",
    "struct Signal: [2, 12] -> [3] { conv1d(4, 3, causal = true), group_norm(2), max_pool1d(2, padding = 1), conv_transpose1d(3, 3, output_padding = 0), global_avg_pool }",
    "struct Image: [2, 9, 7] -> [4] { conv_transpose2d(4, (3, 2), stride = 2), batch_norm2d, avg_pool2d((2, 3), count_include_pad = false), global_max_pool }",
    "struct Text: u8 [6] -> [8] { embedding(50, 8), positional_embedding, residual { multihead_attention(2, causal = true) }, layer_norm, lstm(4, bidirectional = true), rms_norm, last }",
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
    "lstm",
    "bidirectional",
    "causal",
    "conv1d",
    "conv_transpose1d",
    "avg_pool1d",
    "group_norm",
    "multihead_attention",
    "last",
    "embedding",
    "residual",
    "each",
    "chunk",
    "split",
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

/// A whole number that a size may become.
const NUMBERS: &[usize] = &[0, 1, 2, 3, 4, 5, 6, 8, 12, 1 << 30, usize::MAX];

/// Layers that take any shape and need no options.
const PLAIN: &[&str] = &["relu", "tanh", "silu", "softmax", "layer_norm", "rms_norm", "dropout", "prelu"];

fn delimiter(random: &mut Random) -> Delimiter {
    random.of(&[Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None])
}

fn word(random: &mut Random, depth: usize) -> TokenStream {
    if depth > 0 && random.one_in(4) {
        let len = random.below(6);
        let inner = (0..len).flat_map(|_| word(random, depth - 1)).collect();
        return TokenTree::Group(Group::new(delimiter(random), inner)).into();
    }
    random.of(WORDS).parse().expect("the words are tokens")
}

fn stream(random: &mut Random) -> TokenStream {
    let len = random.below(24);
    (0..len).flat_map(|_| word(random, 4)).collect()
}

/// Somewhere inside of the stream: in one of its groups, or in a group of that.
fn part(random: &mut Random, stream: &TokenStream) -> TokenStream {
    let groups: Vec<_> = stream
        .clone()
        .into_iter()
        .filter_map(|token| if let TokenTree::Group(group) = token { Some(group.stream()) } else { None })
        .collect();
    if groups.is_empty() || random.one_in(3) {
        return stream.clone();
    }
    let group = random.below(groups.len());
    part(random, &groups[group])
}

/// The stream with a change at a random place, perhaps to a part of another one.
fn change(random: &mut Random, stream: TokenStream, other: &TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
    let groups: Vec<_> = (0..tokens.len()).filter(|place| matches!(tokens[*place], TokenTree::Group(_))).collect();
    if !groups.is_empty() && random.below(4) > 0 {
        let place = random.of(&groups);
        if let TokenTree::Group(group) = &tokens[place] {
            let delimiter = if random.one_in(16) { delimiter(random) } else { group.delimiter() };
            tokens[place] = Group::new(delimiter, change(random, group.stream(), other)).into();
        }
        return tokens.into_iter().collect();
    }
    let places = |is_wanted: fn(&TokenTree) -> bool| -> Vec<usize> {
        (0..tokens.len()).filter(|place| is_wanted(&tokens[*place])).collect()
    };
    let numbers = places(|token| matches!(token, TokenTree::Literal(_)));
    let keywords =
        places(|token| matches!(token, TokenTree::Ident(name) if TABLE.iter().any(|layer| name == layer.keyword)));
    let [place, second] = [random.below(tokens.len()), random.below(tokens.len())];
    match random.below(if keywords.is_empty() { 9 } else { 16 }) {
        _ if tokens.is_empty() => return word(random, 2),
        0 => drop(tokens.remove(place)),
        1 => tokens.insert(place, tokens[second].clone()),
        2 => tokens.swap(place, second),
        3 => drop(tokens.splice(place..=place, word(random, 2))),
        4 => drop(tokens.splice(place..place, word(random, 2))),
        5 => drop(tokens.splice(place..place, part(random, other))),
        6 => drop(tokens.splice(place.min(second)..=place.max(second), part(random, other))),
        9..13 => tokens[random.of(&keywords)] = Ident::new(random.of(TABLE).keyword, Span::call_site()).into(),
        13.. => {
            let keyword = random.of(&keywords);
            let stage = format!("{}, ", random.of(TABLE).keyword);
            drop(tokens.splice(keyword..keyword, self::tokens(&stage)));
        }
        _ if numbers.is_empty() => drop(tokens.splice(place..=place, part(random, other))),
        _ => tokens[random.of(&numbers)] = Literal::usize_unsuffixed(random.of(NUMBERS)).into(),
    }
    tokens.into_iter().collect()
}

/// The stream with a change that mostly leaves it valid: another number, or another layer without options in place of one.
fn vary(random: &mut Random, stream: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
    let is_plain = |token: &TokenTree| PLAIN.iter().any(|keyword| token.to_string() == *keyword);
    let mut places: Vec<_> = (0..tokens.len()).collect();
    random.shuffle(&mut places);
    for place in places {
        match &tokens[place] {
            TokenTree::Group(group) if !group.stream().is_empty() => {
                let inner = vary(random, group.stream());
                tokens[place] = Group::new(group.delimiter(), inner).into();
            }
            TokenTree::Ident(_) if is_plain(&tokens[place]) => {
                tokens[place] = Ident::new(random.of(PLAIN), Span::call_site()).into();
            }
            TokenTree::Ident(name) if name == "pub" => drop(tokens.remove(place)),
            TokenTree::Punct(mark) if mark.as_char() == ',' => {
                let stage = format!(", {}", random.of(PLAIN));
                drop(tokens.splice(place..place, self::tokens(&stage)));
            }
            _ => continue,
        }
        break;
    }
    tokens.into_iter().collect()
}

fn input(seed: usize, valid: &[TokenStream]) -> TokenStream {
    let mut random = Random::new(seed as u64);
    if random.one_in(4) {
        return stream(&mut random);
    }
    if random.one_in(7) {
        let network = random.below(valid.len());
        return vary(&mut random, valid[network].clone());
    }
    let changes = random.of(&[1, 1, 2, 3]);
    let [network, other] = [random.below(valid.len()), random.below(valid.len())];
    (0..changes).fold(valid[network].clone(), |stream, _| change(&mut random, stream, &valid[other]))
}

/// Whether the macro accepts the input. The networks without mistakes are mostly written only where all are; what is written
/// is searched for errors, but seldom parsed, which takes longer than all the rest.
fn is_accepted(input: impl Fn() -> TokenStream + RefUnwindSafe, is_thorough: bool) -> bool {
    let expand = || {
        let (mut items, report) = read(input());
        let is_mistaken = |item: &Ready| matches!(item, Ready::Mistaken(..));
        let is_accepted = report.is_empty() && !items.iter().any(is_mistaken);
        items.retain(|item| is_accepted || is_thorough || is_mistaken(item));
        (is_accepted, write(&quote::quote!(::nn_runtime), &items, &report))
    };
    let Ok((is_accepted, output)) = catch_unwind(expand) else { panic!("the macro panics for `{}`", input()) };
    let mut errors = Vec::new();
    collect(output.clone(), &mut errors);
    assert_eq!(is_accepted, errors.is_empty(), "{errors:?} for `{}`", input());
    for error in errors {
        let is_ours = error.starts_with(|first: char| first == '`' || first.is_lowercase());
        assert!(is_ours && !error.starts_with(UNNAMED), "the error `{error}` for `{}`", input());
    }
    if !is_thorough {
        return is_accepted;
    }
    if let Err(error) = syn::parse2::<syn::File>(output) {
        panic!("the macro gives no items for `{}`: {error}", input());
    }
    is_accepted
}

/// The valid invocations that are to be changed: all keywords are in them.
fn valid() -> Vec<String> {
    let mut texts: Vec<_> = VALID.iter().map(|text| (*text).to_owned()).collect();
    for layer in 0..TABLE.len() {
        let mut own: Vec<_> = (layer..INVOCATIONS).step_by(TABLE.len()).map(|seed| invocation(seed as u64)).collect();
        own.sort_by_key(String::len);
        texts.extend(own.into_iter().take(CHANGED));
    }
    texts
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the networks are tokens")
}

#[test]
fn any_input_gives_items() {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    // Tokens stay in the thread that has made them.
    let accepted_by = |thread: usize| {
        let valid: Vec<_> = valid().iter().map(|text| tokens(text)).collect();
        (thread..STREAMS)
            .step_by(threads)
            .filter(|seed| is_accepted(|| input(*seed, &valid), seed % THOROUGH == 0))
            .count()
    };
    let accepted: usize = thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|thread| scope.spawn(move || accepted_by(thread))).collect();
        started.into_iter().map(|thread| thread.join().expect("its streams are right")).sum()
    });
    println!("{accepted} of {STREAMS} streams are accepted");
    assert!(accepted > STREAMS / 20, "only {accepted} of {STREAMS} streams are accepted");
}

#[test]
fn valid_invocations_are_accepted() {
    for seed in 0..INVOCATIONS as u64 {
        let text = invocation(seed);
        assert!(is_accepted(|| tokens(&text), true), "{:?} in the valid invocation\n{text}", super::messages(&text));
    }
}

/// The stream with invisible brackets around some of its tokens and values, as another macro hands them in.
fn wrapped(random: &mut Random, stream: TokenStream) -> TokenStream {
    let is_one =
        |token: &TokenTree, marks: &str| matches!(token, TokenTree::Punct(mark) if marks.contains(mark.as_char()));
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut found = Vec::new();
    for value in tokens.split_inclusive(|token| is_one(token, ",=")) {
        let len = value.len() - usize::from(value.last().is_some_and(|token| is_one(token, ",=")));
        let (value, end) = value.split_at(len);
        let is_value = value.iter().all(|token| !matches!(token, TokenTree::Punct(_)) || is_one(token, "+-*/"));
        let mut wrap_token = |token: &TokenTree| {
            let token = match token {
                TokenTree::Group(group) => Group::new(group.delimiter(), wrapped(random, group.stream())).into(),
                token => token.clone(),
            };
            if matches!(token, TokenTree::Punct(_)) || random.one_in(2) { token } else { invisible(token.into()) }
        };
        let parts: TokenStream = value.iter().map(&mut wrap_token).collect();
        if is_value && !value.is_empty() && random.one_in(2) {
            found.push(invisible(parts));
        } else {
            found.extend(parts);
        }
        found.extend_from_slice(end);
    }
    found.into_iter().collect()
}

fn invisible(stream: TokenStream) -> TokenTree {
    Group::new(Delimiter::None, stream).into()
}

/// Whatever comes from another macro is what it would be if it were written directly.
#[test]
fn invisible_brackets_change_nothing() {
    for (seed, text) in valid().iter().enumerate() {
        let (mut random, direct) = (Random::new(seed as u64), expand_all(tokens(text)).to_string());
        for _ in 0..3 {
            let input = wrapped(&mut random, tokens(text));
            let found = expand_all(input.clone()).to_string();
            assert!(found == direct, "the macro writes something else for\n{input}\nthan for\n{text}");
        }
    }
}

/// The table from which random networks are drawn has a row for every layer.
#[test]
fn every_layer_is_drawn() {
    let mut known: Vec<_> = layers::all().map(|layer| (layer.keyword, layer.takes_indices)).collect();
    let mut drawn: Vec<_> = TABLE.iter().map(|layer| (layer.keyword, layer.takes_indices)).collect();
    known.sort_unstable();
    drawn.sort_unstable();
    assert_eq!(drawn, known, "tests/random/src/layers.rs has the layers on the left, the macro those on the right");
    let text: String = valid().concat();
    for keyword in known.iter().map(|(keyword, _)| keyword).chain(STRUCTURES).chain(PARTS) {
        assert!(text.contains(keyword), "no random network has `{keyword}`");
    }
}
