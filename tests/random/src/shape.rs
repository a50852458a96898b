//! The options of layers that move values, and the output's shape.

use super::layers::Drawn;
use super::numbers::Random;
use super::options::{flag, sizes, write};

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
pub fn narrow(random: &mut Random, input: &[usize]) -> Drawn {
    let dim = random.below(input.len());
    let length = random.within(1, input[dim]);
    let start = random.below(input[dim] - length + 1);
    let options = [
        ("dim", from_either_end(random, dim, input.len()), ""),
        ("start", from_either_end(random, start, input[dim]), ""),
        ("length", length.to_string(), ""),
    ];
    let mut output = input.to_vec();
    output[dim] = length;
    Some((write(random, &options), output))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
pub fn permute(random: &mut Random, input: &[usize]) -> Drawn {
    let mut order: Vec<_> = (0..input.len()).collect();
    random.shuffle(&mut order);
    let written: Vec<_> = order.iter().map(|dim| from_either_end(random, *dim, input.len())).collect();
    let output = order.iter().map(|dim| input[*dim]).collect();
    Some((format!("({}[{}])", random.of(&["", "dims = "]), written.join(", ")), output))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
pub fn pad(random: &mut Random, input: &[usize]) -> Drawn {
    let padded = random.within(1, input.len());
    let (mode, value) = (random.of(&["constant", "reflect", "replicate"]), random.of(&["0.0", "-0.5"]));
    let mut output = input.to_vec();
    let mut sides = Vec::new();
    for size in &mut output[input.len() - padded..] {
        let most = if mode == "reflect" { *size } else { 3 };
        let side = [random.below(most), random.below(most)];
        sides.push(side);
        *size += side[0] + side[1];
    }
    let mut options = vec![("pad", format!("{sides:?}"), ""), ("mode", mode.to_owned(), "constant")];
    if mode == "constant" {
        options.push(("value", value.to_owned(), "0.0"));
    }
    Some((write(random, &options), output))
}

pub fn upsample(random: &mut Random, input: &[usize]) -> Drawn {
    let (channels, along) = input.split_first()?;
    let scale: Vec<_> = along.iter().map(|_| random.within(1, 2)).collect();
    let mode = random.of(&["nearest", if along.len() == 1 { "linear" } else { "bilinear" }]);
    let mut options = vec![("scale_factor", sizes(random, &scale), ""), ("mode", mode.to_owned(), "nearest")];
    if mode != "nearest" {
        options.push(("align_corners", flag(random), "false"));
    }
    let output = along.iter().zip(&scale).map(|(size, scale)| size * scale);
    Some((write(random, &options), [*channels].into_iter().chain(output).collect()))
}

/// A place among so many, counted from the first or from the end.
fn from_either_end(random: &mut Random, index: usize, count: usize) -> String {
    if random.one_in(3) { format!("-{}", count - index) } else { index.to_string() }
}
