//! Options as a user could write them, drawn for an input's shape, and the output's shape.

use super::layers::Drawn;
use super::numbers::Random;

/// An option: its name, its value, and its default, if it has one.
pub type Value<'a> = (&'a str, String, &'a str);

/// Options as a user could write them: some by position, then some by name; one that has its default is mostly left out.
pub fn write(random: &mut Random, options: &[Value]) -> String {
    write_some(random, options, options.len())
}

/// The same, where only the first `positions` can be given by position.
pub fn write_some(random: &mut Random, options: &[Value], positions: usize) -> String {
    let by_position = random.below(positions + 1);
    let (first, rest) = options.split_at(by_position);
    let mut rest: Vec<_> = rest.iter().filter(|(_, value, default)| value != default || random.one_in(4)).collect();
    random.shuffle(&mut rest);
    let first = first.iter().map(|(_, value, _)| value.clone());
    let all: Vec<_> = first.chain(rest.iter().map(|(name, value, _)| format!("{name} = {value}"))).collect();
    if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
}

/// One number for each dimension, written once if they are the same.
pub fn sizes(random: &mut Random, sizes: &[usize]) -> String {
    match *sizes {
        [first, second] if first != second || random.one_in(4) => format!("({first}, {second})"),
        [first, ..] => first.to_string(),
        [] => String::new(),
    }
}

pub fn linear(random: &mut Random, input: &[usize]) -> Drawn {
    let (features, bias) = (random.within(1, 4), random.of(&["true", "true", "false"]));
    let options = write(random, &[("out_features", features.to_string(), ""), ("bias", bias.to_owned(), "true")]);
    let (_, before) = input.split_last()?;
    Some((options, [before, &[features]].concat()))
}

/// A dimension of the input, and `dim` as it could be written, where `default` is what it is if it is not.
fn dimension(random: &mut Random, input: &[usize], default: &str) -> (usize, String) {
    let index = random.below(input.len());
    let name = random.of(&["", "dim = "]);
    let from_the_end = format!("({name}-{})", input.len() - index);
    let from_the_start = format!("({name}{index})");
    let is_default = [&from_the_end, &from_the_start].contains(&&format!("({name}{default})"));
    let text = if is_default && random.one_in(2) {
        String::new()
    } else {
        random.of(&[&from_the_end, &from_the_start]).clone()
    };
    (index, text)
}

/// Half of the values along a dimension.
pub fn glu(random: &mut Random, input: &[usize]) -> Drawn {
    let (index, options) = dimension(random, input, "-1");
    let mut output = input.to_vec();
    output[index] /= 2;
    input[index].is_multiple_of(2).then_some((options, output))
}

/// A function of the values along a dimension, of which there are several.
pub fn softmax(random: &mut Random, input: &[usize]) -> Drawn {
    let (index, options) = dimension(random, input, "-1");
    (input[index] > 1).then(|| (options, input.to_vec()))
}

/// With an `eps` as small as its default, what follows zeros is too steep for differences.
pub fn normalize(random: &mut Random, input: &[usize]) -> Drawn {
    let (index, p) = (random.below(input.len()), random.of(&["", "p = 3, ", "2.0, "]));
    let dim = if index == 0 && random.one_in(2) { String::new() } else { format!("dim = {index}, ") };
    (input[index] > 1).then(|| (format!("({p}{dim}eps = 0.1)"), input.to_vec()))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
pub fn embedding(random: &mut Random, input: &[usize]) -> Drawn {
    let (entries, features) = (random.within(1, 5), random.within(1, 4));
    let options = [("num_embeddings", entries.to_string(), ""), ("embedding_dim", features.to_string(), "")];
    Some((write(random, &options), [input, &[features]].concat()))
}

pub fn rnn(random: &mut Random, input: &[usize]) -> Drawn {
    let nonlinearity = ("nonlinearity", random.of(&["tanh", "relu"]).to_owned(), "tanh");
    recurrent(random, input, |bidirectional| vec![nonlinearity, bidirectional])
}

pub fn gru(random: &mut Random, input: &[usize]) -> Drawn {
    let reset_after = ("reset_after", random.one_in(2).to_string(), "true");
    let activation = activation(random);
    recurrent(random, input, |bidirectional| vec![bidirectional, reset_after, activation])
}

pub fn lstm(random: &mut Random, input: &[usize]) -> Drawn {
    let activation = activation(random);
    recurrent(random, input, |bidirectional| vec![bidirectional, activation])
}

fn activation(random: &mut Random) -> Value<'static> {
    ("activation", random.of(&["tanh", "tanh", "relu", "sigmoid"]).to_owned(), "tanh")
}

/// A recurrent layer, with the options that follow its size, made of the one that all have.
fn recurrent<'v>(random: &mut Random, input: &[usize], options: impl FnOnce(Value<'v>) -> Vec<Value<'v>>) -> Drawn {
    let (hidden, is_bidirectional) = (random.within(1, 3), random.one_in(3));
    let mut all = vec![("hidden_size", hidden.to_string(), "")];
    all.extend(options(("bidirectional", is_bidirectional.to_string(), "false")));
    Some((write(random, &all), vec![*input.first()?, if is_bidirectional { 2 * hidden } else { hidden }]))
}

pub fn prelu(random: &mut Random, input: &[usize]) -> Drawn {
    let slopes = random.of(&[1, *input.first()?]);
    let init = random.of(&["0.25", "-0.5", "1"]);
    let options = write(random, &[("num_parameters", slopes.to_string(), "1"), ("init", init.to_owned(), "0.25")]);
    Some((options, input.to_vec()))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
pub fn reshape(random: &mut Random, input: &[usize]) -> Drawn {
    let mut rest: usize = input.iter().product();
    let mut shape = Vec::new();
    for _ in 0..random.below(3) {
        let size = random.divisor(&[rest]);
        shape.push(size);
        rest /= size;
    }
    shape.push(rest);
    random.shuffle(&mut shape);
    let name = random.of(&["", "shape = "]);
    Some((format!("({name}{shape:?})"), shape))
}

pub fn transposed(input: &[usize]) -> Vec<usize> {
    let mut output = input.to_vec();
    if let [.., rows, columns] = output.as_mut_slice() {
        std::mem::swap(rows, columns);
    }
    output
}

pub fn attention(random: &mut Random, input: &[usize]) -> Drawn {
    let features = *input.last()?;
    let heads = random.divisor(&[features]);
    let (every_head, kv_heads) = (heads.to_string(), random.divisor(&[heads]).to_string());
    let is_even = (features / heads).is_multiple_of(2);
    let rotary = random.of(if is_even { &["none", "interleaved", "halves"] } else { &["none"] });
    let mut options = vec![
        ("num_heads", every_head.clone(), ""),
        ("causal", flag(random), "false"),
        ("bias", flag(random), "true"),
        ("need_weights", flag(random), "false"),
        ("num_kv_heads", kv_heads, every_head.as_str()),
        ("rotary", rotary.to_owned(), "none"),
    ];
    if rotary != "none" {
        options.push(("rope_theta", random.of(&["10000.0", "500"]).to_owned(), "10000.0"));
    }
    Some((write_some(random, &options, 4), input.to_vec()))
}

pub fn group_norm(random: &mut Random, input: &[usize]) -> Drawn {
    let groups = random.divisor(&[*input.first()?]);
    let eps = random.of(&["0.01", "1e-3", "1e-5"]);
    let is_single = input.iter().product::<usize>() == groups; // over a single value the output does not depend on it
    (!is_single).then(|| {
        (write(random, &[("num_groups", groups.to_string(), ""), ("eps", eps.to_owned(), "1e-5")]), input.to_vec())
    })
}

/// Without options, to the size of the first dimension.
pub fn first(input: &[usize]) -> Drawn {
    Some((String::new(), vec![*input.first()?]))
}

/// Without options, to the size of the last dimension.
pub fn last(input: &[usize]) -> Drawn {
    Some((String::new(), vec![*input.last()?]))
}

/// `true` or `false`.
pub fn flag(random: &mut Random) -> String {
    random.of(&["true", "false"]).to_owned()
}
