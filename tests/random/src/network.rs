//! Invocations: consts, networks, and the ways to write a size.

use super::layers::{Layer, TABLE};
use super::numbers::Random;
use super::stages::{Earlier, Writer};

/// The consts that sizes are written with.
const CONSTS: &[(&str, usize)] = &[("WIDTH", 3), ("HEIGHT", 4), ("STEPS", 2)];

/// The text of an invocation of `network!`, whose last network is called `Net` and computes in `f64`.
///
/// The layer number `seed` of the [`TABLE`], counted in turns, is in it.
#[must_use]
pub fn invocation(seed: u64) -> String {
    let mut random = Random::new(seed);
    let focus = &TABLE[(seed % TABLE.len() as u64) as usize];
    let mut items = Vec::new();
    let consts = if random.one_in(3) { CONSTS } else { &[] };
    items.extend(consts.iter().map(|(name, value)| format!("pub const {name}: usize = {value};\n")));
    let mut earlier = Vec::new();
    for name in ["Inner", "Second"] {
        if random.one_in(3) {
            let (text, signature) = network(&mut random, name, None, &earlier);
            items.push(text);
            earlier.push(signature);
        }
    }
    items.push(network(&mut random, "Net", Some(focus), &earlier).0);
    items
        .iter()
        .map(|item| if item.starts_with("pub const") { item.clone() } else { sizes(&mut random, consts, item) })
        .collect()
}

/// A network, and what it is to a later one. The last one has a layer that it must contain.
fn network(random: &mut Random, name: &str, focus: Option<&Layer>, earlier: &[Earlier]) -> (String, Earlier) {
    let takes_indices = focus.is_some_and(|layer| layer.takes_indices || (layer.takes(2) && random.one_in(8)));
    let input = if takes_indices { vec![random.within(1, 4)] } else { shape(random, random_rank) };
    let may_freeze = focus.is_some() && random.one_in(5);
    let mut writer = Writer::new(random, input.clone(), earlier, may_freeze);
    let mut stages = Vec::new();
    if takes_indices {
        let embeddings: Vec<_> = TABLE.iter().filter(|layer| layer.takes_indices).collect();
        let embedding = writer.random.of(&embeddings);
        stages.extend(writer.try_layer(focus.filter(|layer| layer.takes_indices).unwrap_or(embedding)));
    }
    let number = writer.random.within(0, 2);
    stages.extend(writer.stages(number));
    if let Some(layer) = focus.filter(|layer| !layer.takes_indices) {
        stages.extend(with(&mut writer, layer));
    }
    if focus.is_some() && !earlier.is_empty() {
        stages.extend(writer.network(earlier.len() - 1));
    }
    let number = writer.random.below(3) + usize::from(stages.is_empty());
    stages.extend(writer.stages(number));
    let Writer { shape: output, has_parameters, has_statistics, .. } = writer;
    let element = if takes_indices { random.of(&["u8", "u16", "u32"]) } else { "f64" };
    let scalar = if takes_indices || random.one_in(2) { "f64 " } else { "" };
    let visibility = random.of(&["pub ", "pub ", "pub(crate) ", "pub(super) "]);
    let docs = random.of(&["", "/// A network.\n"]);
    let comma = random.of(&["", ","]);
    let text = format!(
        "{docs}{visibility}struct {name}: {element} {input:?} -> {scalar}{output:?} {{\n    {}{comma}\n}}\n",
        stages.join(",\n    "),
    );
    (text, Earlier { name: name.to_owned(), input, output, has_parameters, has_statistics })
}

fn random_rank(random: &mut Random) -> usize {
    random.within(1, 3)
}

/// A small shape of a rank that `rank` chooses.
fn shape(random: &mut Random, rank: impl FnOnce(&mut Random) -> usize) -> Vec<usize> {
    match rank(random) {
        1 => vec![random.within(1, 5)],
        2 => vec![random.within(1, 4), random.within(1, 4)],
        _ => vec![random.within(1, 3), random.within(2, 4), random.within(1, 3)],
    }
}

/// Stages that end with the layer, whatever the shape before.
fn with(writer: &mut Writer, layer: &Layer) -> Vec<String> {
    let mut stages = Vec::new();
    if !layer.takes(writer.shape.len()) || writer.random.one_in(4) {
        let ranks = if layer.ranks.is_empty() { &[1, 2, 3] } else { layer.ranks };
        let target = shape(writer.random, |random| random.of(ranks));
        stages = writer.lead_to(&target);
    }
    loop {
        if let Some(stage) = (0..20).find_map(|_| writer.try_layer(layer)) {
            stages.push(stage);
            return stages;
        }
        let ranks = if layer.ranks.is_empty() { &[1, 2, 3] } else { layer.ranks };
        let target = shape(writer.random, |random| random.of(ranks));
        stages.extend(writer.lead_to(&target));
    }
}

/// The text with some of its whole numbers written in another way.
fn sizes(random: &mut Random, consts: &[(&str, usize)], text: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.';
    let (mut written, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(is_word) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|letter| !is_word(letter)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        written += before;
        match word.parse::<usize>() {
            Ok(number) if !before.ends_with('-') => written += &size(random, consts, number),
            _ => written += word,
        }
        rest = after;
    }
    written + rest
}

/// A size: mostly the number, else an expression.
fn size(random: &mut Random, consts: &[(&str, usize)], number: usize) -> String {
    let (name, value) = if consts.is_empty() { ("2", 2) } else { random.of(consts) };
    match random.below(24) {
        0 => format!("{number:#x}"),
        1 => format!("({} + 1) * {number} / {}", number, number + 1),
        2 if number < 10 => format!("1_0 - {}", 10 - number),
        3.. if consts.is_empty() => number.to_string(),
        3..6 if number >= value => format!("{name} + {}", number - value),
        3..6 => format!("{name} - {}", value - number),
        6..8 if number == value => name.to_owned(),
        8 if number.is_multiple_of(value) => format!("{name} * {}", number / value),
        _ => number.to_string(),
    }
}
