//! `RNNoise`, with the weights that the Rust crate nnnoiseless publishes, against that crate: frame by frame, as a stream.
//!
//! The original looks up tanh in a table and is up to 3e-6 off; its gains are up to 1.3e-5 from those of the same network in
//! `f64` with tanh itself, and ours up to 5e-6. So 1e-5 is the bound between the two, and 5e-6 that of ours alone.

mod original;
mod synthesis;
mod weights;

use nn_runtime::prelude::*;
use nnnoiseless::{DenoiseFeatures, DenoiseState};

use original::{Original, Table};
use synthesis::Synthesis;

network! {
    /// The frames of a whole sequence, a second of them; a stream may have any number.
    const FRAMES: usize = 100;

    /// Finds speech in noise, and how loud each of 22 bands of the spectrum should be to leave the speech alone. There is one
    /// recurrent layer for the speech, one for the noise, and one for the gains; each takes what those before it have found.
    ///
    /// Valin (2018), "A Hybrid DSP/Deep Learning Approach to Real-Time Full-Band Speech Enhancement", figure 2.
    pub struct RnNoise: { features: [FRAMES, 42] } -> { gains: [FRAMES, 22], vad: [FRAMES, 1] } {
        features, input_dense: linear(24), dense: tanh,

        vad_gru: gru(24, reset_after = false, activation = relu),
        vad_output: linear(1), vad: sigmoid,

        concat(dim = 1) { [dense], [vad_gru], [features] },
        noise_gru: gru(48, reset_after = false, activation = relu),

        concat(dim = 1) { [vad_gru], [noise_gru], [features] },
        denoise_gru: gru(96, reset_after = false, activation = relu),
        denoise_output: linear(22), gains: sigmoid,
    }
}

/// The samples of a frame: 10 ms at 48 kHz.
const FRAME: usize = 480;

/// Three seconds of sound in the range of 16 bits: steady noise, in it voices from 0.5 s to 1.2 s and from 1.8 s to 2.5 s, and
/// nothing at all from 1.4 s to 1.6 s and in the last quarter of a second.
fn sound() -> Vec<[f32; FRAME]> {
    use std::f64::consts::{PI, TAU};
    let mut random = rng(1);
    let mut sample = |index: usize| {
        let noise = f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5;
        let time = index as f64 / 48_000.0;
        let is_within = |spans: [std::ops::Range<f64>; 2]| spans.iter().any(|span| span.contains(&time));
        if is_within([1.4..1.6, 2.75..3.0]) {
            return 0.0;
        }
        // a pitch that wanders, its harmonics up to 3 kHz, and syllables
        let turns = 130.0 * time + 3.0 * (2.0 * time).sin();
        let voice: f64 = (1..24).map(f64::from).map(|n| (n * turns * TAU).sin() / n).sum();
        let loudness = if is_within([0.5..1.2, 1.8..2.5]) { 6000.0 * (4.0 * PI * time).sin().powi(2) } else { 0.0 };
        (600.0 * noise + loudness * voice) as f32
    };
    (0..300).map(|frame| std::array::from_fn(|index| sample(frame * FRAME + index))).collect()
}

/// What the original and its parts compute of a frame.
struct Frame {
    /// `None` for a silent frame, at which the original's network takes no step.
    features: Option<[f32; 42]>,
    /// Gives the spectrum, too.
    state: DenoiseFeatures,
    vad: f32,
    sound: [f32; FRAME],
}

/// The frames of [`sound`], as the original hears them.
fn frames() -> Vec<Frame> {
    let (mut original, mut state) = (DenoiseState::new(), DenoiseFeatures::new());
    let frame = |input: &[f32; FRAME]| {
        state.shift_and_filter_input(input);
        let is_silent = state.compute_frame_features();
        let features = (!is_silent).then(|| state.features().try_into().expect("there are 42 features"));
        let mut sound = [0.0; FRAME];
        let vad = original.process_frame(&mut sound, input);
        Frame { features, state: state.clone(), vad, sound }
    };
    sound().iter().map(frame).collect()
}

/// The largest difference of values.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// The published network as a stream.
fn stream() -> impl FnMut(&[f32; 42]) -> ([f32; 22], f32) {
    let network = weights::from_rnn(&weights::published()).expect("the file has the network's sizes");
    let mut state = RnNoiseState::ZERO;
    move |features| {
        let RnNoiseOutput { gains, vad: [vad] } = network.step(&mut state, &RnNoiseInput { features: *features });
        (gains, vad)
    }
}

#[test]
fn the_stream_gives_what_the_original_gives() {
    let (frames, file, table) = (frames(), weights::published(), Table::read());
    let (mut ours, mut original) = (stream(), Original::new(&file, |input| table.tanh(input)));
    let mut exact = Original::new(&file, f64::tanh);
    let mut furthest = 0.0_f32;
    let mut voices = [0, 0];
    for Frame { features, vad, .. } in &frames {
        let Some(features) = features else {
            assert!(vad.abs() <= 0.0, "the original says 0 of a silent frame");
            continue;
        };
        let ((our_gains, our_vad), (gains, _)) = (ours(features), original.step(features));
        let (exact_gains, exact_vad) = exact.step(features);
        let (exact_gains, exact_vad) = (exact_gains.map(|gain| gain as f32), exact_vad as f32);
        assert!((our_vad - vad).abs() <= 1e-5, "{our_vad} is not {vad}");
        assert!(distance(&our_gains, &gains) <= 1e-5, "{our_gains:?} is not {gains:?}");
        assert!((our_vad - exact_vad).abs() <= 2e-6, "{our_vad} is not {exact_vad}");
        assert!(distance(&our_gains, &exact_gains) <= 5e-6, "{our_gains:?} is not {exact_gains:?}");
        furthest = furthest.max(distance(&gains, &exact_gains));
        voices[usize::from(our_vad > 0.5)] += 1;
    }
    assert!((1.2e-5..1.4e-5).contains(&furthest), "the original is {furthest} off");
    assert!(voices.iter().all(|count| *count > 50) && frames.len() - voices[0] - voices[1] > 20, "{voices:?}");
}

/// The gains of [`Original`] are those of the original: it says the same of the voice, bit for bit, and its sound is the same.
#[test]
fn the_gains_to_compare_with_make_the_originals_sound() {
    let (frames, file) = (frames(), weights::published());
    let table = Table::read();
    let (mut original, mut synthesis) = (Original::new(&file, |input| table.tanh(input)), Synthesis::new());
    let peak = frames.iter().map(|frame| distance(&frame.sound, &[0.0; FRAME])).fold(0.0, f32::max);
    for Frame { features, state, vad, sound } in frames {
        let gains = features.map(|features| {
            let (gains, own_vad) = original.step(&features);
            assert_eq!(own_vad.to_bits(), vad.to_bits());
            gains
        });
        let worst = distance(&synthesis.frame(state, gains.as_ref()), &sound);
        assert!(worst <= 1e-6 * peak, "the sounds differ by {worst}, their peak is {peak}");
    }
}

/// Outside of the table, too, where the original takes 1.
#[test]
fn the_originals_tanh_is_3e_6_off() {
    let table = Table::read();
    let inputs = (-900_000..=900_000).map(|index| index as f32 / 100_000.0);
    let worst = inputs.map(|input| (f64::from(table.tanh(input)) - f64::from(input).tanh()).abs()).fold(0.0, f64::max);
    assert!((2.9e-6..3e-6).contains(&worst), "{worst}");
}

/// The frames of a whole sequence at once.
#[test]
fn a_second_at_once_gives_what_the_stream_gives() {
    let network = weights::from_rnn(&weights::published()).expect("the file has the network's sizes");
    let features: Vec<[f32; 42]> = frames().iter().filter_map(|frame| frame.features).skip(30).take(100).collect();
    let input = RnNoiseInput { features: features.as_flattened().try_into().expect("a second of them") };
    let whole = network.predict_in(&input, &mut RnNoiseInferenceWorkspace::boxed());
    let mut stream = stream();
    for (index, features) in features.iter().enumerate() {
        let (gains, vad) = stream(features);
        assert!(distance(&gains, &whole.gains[22 * index..][..22]) <= 2e-6);
        assert!((vad - whole.vad[index]).abs() <= 2e-6);
    }
}
