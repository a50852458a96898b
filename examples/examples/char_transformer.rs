//! A small causal transformer (Vaswani et al., 2017) that learns to continue the constitution of the United States, character
//! by character, beside a model that knows only which character follows which.
//!
//! `cargo run --release -p examples --example char_transformer`

use std::error::Error;
use std::f64::consts::PI;

use examples::{CONSTITUTION, alphabet, bigram_loss};
use nn_runtime::init::{below, unit};
use nn_runtime::prelude::*;
use nn_runtime::rand_core::Rng;

network! {
    const STEPS: usize = 64;
    const CHARACTERS: usize = 71;
    const FEATURES: usize = 48;

    /// For each character, the logits of the next one.
    pub struct Transformer: u8 [STEPS] -> [STEPS, CHARACTERS] {
        tokens: embedding(CHARACTERS, FEATURES),
        positions: positional_embedding,
        repeat(2) {
            attend: residual { layer_norm, multihead_attention(4, causal = true) },
            think: residual { layer_norm, linear(4 * FEATURES), gelu, linear(FEATURES) },
        },
        layer_norm,
        out: linear(CHARACTERS),
    }
}

const UPDATES: usize = 1_000;
const SEQUENCES: usize = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let alphabet: [char; CHARACTERS] = alphabet(CONSTITUTION)?;
    let index = |character| alphabet.iter().position(|other| *other == character).unwrap_or(0) as u8;
    let characters: Vec<u8> = CONSTITUTION.chars().map(index).collect();
    // the last tenth of the text tests
    let (trained, others) = characters.split_at(characters.len() / 10 * 9);
    let (inputs, targets) = sequences(others, (0..others.len()).step_by(STEPS));
    let test = Dataset::new(&inputs, &targets)?;
    println!("{}\n", Transformer::summary());

    let random = &mut rng(1);
    let mut network = Transformer::boxed(random);
    // small at first, next to what the blocks add to them
    init::normal(&mut network.tokens.weight, 0.05, random)?;
    init::normal(&mut network.positions.weight, 0.05, random)?;
    let mut training = Training::<Transformer, AdamW, SEQUENCES>::boxed();
    let mut optimizer = AdamW::new(0.0);
    for update in 1..=UPDATES {
        let starts = (0..SEQUENCES).map(|_| below(trained.len() - STEPS, random));
        let (inputs, targets) = sequences(trained, starts);
        optimizer.lr = learning_rate(update);
        let loss = training.loss_and_gradient(&*network, &CrossEntropy, &inputs, &targets)?;
        clip_norm(&mut training.gradient, 1.0)?;
        training.update(&mut *network, &optimizer)?;
        if update % 100 == 0 {
            println!(
                "update {update:4}/{UPDATES}  loss {loss:.4}  test {}",
                evaluate(&*network, &CrossEntropy, &test)?
            );
        }
    }

    let mut sample: Vec<u8> = "Section 1\n\nThe ".chars().map(index).collect();
    let mut workspace = TransformerInferenceWorkspace::boxed();
    for _ in 0..500 {
        sample.push(next(&network, &mut workspace, &sample, random)?);
    }
    println!("\n{}\n", sample.iter().map(|index| alphabet[usize::from(*index)]).collect::<String>());

    let loss = evaluate(&*network, &CrossEntropy, &test)?.loss;
    let bigram = bigram_loss::<CHARACTERS>(trained, inputs.as_flattened(), targets.as_flattened());
    println!("test loss: {loss:.3}; of the bigram model: {bigram:.3}");
    Ok(())
}

/// Sequences that start at given positions of a text, and for each character of theirs the next one.
fn sequences(text: &[u8], starts: impl Iterator<Item = usize>) -> (Vec<[u8; STEPS]>, Vec<[u8; STEPS]>) {
    let windows = starts.filter_map(|start| text.get(start..=start + STEPS));
    windows.filter_map(|window| Some((*window.first_chunk()?, *window.last_chunk()?))).unzip()
}

/// Rises for the first tenth of the updates, then falls along a cosine.
fn learning_rate(update: usize) -> f64 {
    let progress = update as f64 / UPDATES as f64;
    3e-3 * (progress / 0.1).min(0.5 + 0.5 * (PI * progress).cos())
}

/// Draws the character after a text, likely ones more often than the network says.
fn next(
    network: &Transformer,
    workspace: &mut TransformerInferenceWorkspace<1>,
    text: &[u8],
    random: &mut impl Rng,
) -> Result<u8, Box<dyn Error>> {
    const TEMPERATURE: f32 = 0.7;
    let known = &text[text.len().saturating_sub(STEPS)..];
    let mut input = [0; STEPS];
    input[..known.len()].copy_from_slice(known);
    let output = network.predict_in(&input, workspace)?;
    let logits = output.fixed_rows::<CHARACTERS>((known.len() - 1) * CHARACTERS);
    let weights = logits.map(|logit| ((logit - logits.max()) / TEMPERATURE).exp());
    let mut rest = unit(random) as f32 * weights.sum();
    let drawn = weights.iter().position(|weight| {
        rest -= weight;
        rest < 0.0
    });
    Ok(drawn.unwrap_or(0) as u8)
}
