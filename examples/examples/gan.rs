//! A generative adversarial network (Goodfellow et al., 2014): a generator that turns noise into points, and a discriminator
//! that tells them from real ones, trained against each other until the points are spread like the real ones: over a ring
//! of eight Gaussians.
//!
//! `cargo run --release -p examples --example gan`

use std::error::Error;
use std::f64::consts::TAU;

use examples::{scatter, side_by_side};
use nn_runtime::OptionError;
use nn_runtime::init::below;
use nn_runtime::prelude::*;
use nn_runtime::rand_core::Rng;

network! {
    const NOISE: usize = 8;

    /// Makes a point of the plane from noise.
    pub struct Generator: [NOISE] -> [2] {
        linear(64), relu,
        linear(64), relu,
        linear(2),
    }

    /// Tells real points (positive) from made ones (negative).
    pub struct Discriminator: [2] -> [1] {
        linear(64), leaky_relu(0.2),
        linear(64), leaky_relu(0.2),
        linear(1),
    }

    /// The generator with its judge, which passes the gradient on and stays as it is.
    pub struct Game: [NOISE] -> [1] {
        generator: Generator,
        #[frozen]
        discriminator: Discriminator,
    }
}

const MODES: usize = 8;
const RADIUS: f64 = 2.0;
const STD: f64 = 0.1;
/// The number of real points, and of made ones, in a mini-batch.
const POINTS: usize = 128;
const STEPS: usize = 8_000;
/// The share of the average of the generator's parameters that a step keeps.
const KEPT: f32 = 0.995;
const SAMPLES: usize = 4_000;
const SHOWN: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let random = &mut rng(1);
    let (mut game, mut judge) = (Game::new(random), GameFrozen::new(random));
    // the two circle around their balance; the average of the generator's parameters is nearer to it (Yazıcı et al., 2019)
    let mut average = game.generator;
    let mut judging = Training::<Discriminator, Adam, 32>::boxed();
    let mut making = Training::<Game, Adam, 32>::boxed();
    let optimizer = Adam::new(1e-3).betas(0.5, 0.999);

    // the discriminator learns from real points, target 1, and made ones, target 0
    let judgements: Vec<[f32; 1]> = (0..2 * POINTS).map(|point| [if point < POINTS { 1.0 } else { 0.0 }]).collect();
    for step in 1..=STEPS {
        let mut points = real(POINTS, random)?;
        points.extend(predict_batch(&game.generator, &noise(POINTS, random)?)?);
        let judged = judging.step(&mut judge.discriminator, &optimizer, &BceWithLogits, &points, &judgements)?;

        // the generator learns to have its points judged real
        let (inputs, targets) = (noise(POINTS, random)?, &judgements[..POINTS]);
        let fooled = making.step(&mut game.with_frozen_mut(&judge), &optimizer, &BceWithLogits, &inputs, targets)?;
        for (average, parameter) in average.as_mut_slice().iter_mut().zip(game.generator.as_slice()) {
            *average = KEPT * *average + (1.0 - KEPT) * parameter;
        }
        if step % 1_000 == 0 {
            println!("step {step}/{STEPS}  loss of the discriminator {judged:.3}, of the generator {fooled:.3}");
        }
    }

    let made = predict_batch(&average, &noise(SAMPLES, random)?)?;
    let [real, drawn] = [&real(SHOWN, random)?, &made[..SHOWN]].map(|points| scatter(points, 2.6, 44));
    println!("\n{}", side_by_side(&[format!("real points\n{real}"), format!("points made by the generator\n{drawn}")]));
    let near: Vec<usize> = made.iter().copied().filter_map(nearest).collect();
    // an eighth of all points would be even; a third of that counts
    let found =
        (0..MODES).filter(|mode| near.iter().filter(|near| *near == mode).count() > SAMPLES / MODES / 3).count();
    println!("modes found: {found} of {MODES}; points near one: {:.3}", near.len() as f64 / made.len() as f64);
    Ok(())
}

/// The middle of a mode of the real distribution.
fn mode(number: usize) -> [f64; 2] {
    let angle = number as f64 / MODES as f64 * TAU;
    [RADIUS * angle.cos(), RADIUS * angle.sin()]
}

/// The mode that a point is within three standard deviations of.
fn nearest([x, y]: [f32; 2]) -> Option<usize> {
    (0..MODES).find(|number| (f64::from(x) - mode(*number)[0]).hypot(f64::from(y) - mode(*number)[1]) < 3.0 * STD)
}

/// Real points.
fn real(count: usize, random: &mut impl Rng) -> Result<Vec<[f32; 2]>, OptionError> {
    let mut point = || {
        let mut point = [0.0; 2];
        let [x, y] = mode(below(MODES, random));
        init::normal(&mut point[..1], (x, STD), random)?;
        init::normal(&mut point[1..], (y, STD), random)?;
        Ok(point)
    };
    (0..count).map(|_| point()).collect()
}

fn noise(count: usize, random: &mut impl Rng) -> Result<Vec<[f32; NOISE]>, OptionError> {
    let mut noise = vec![[0.0; NOISE]; count];
    init::normal(noise.as_flattened_mut(), 1.0, random)?;
    Ok(noise)
}
