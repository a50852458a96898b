//! What the original computes but does not give out: the gains. Its network again, as in nnnoiseless's `rnn.rs`, sum by sum in
//! its order: in `f32` and with its table for tanh, it has the original's bits; in `f64` and with tanh itself, it is what the
//! original approximates.

use std::fs;

use nn_runtime::scalar::Scalar;

use super::weights::source;

/// The original's tanh: two terms of the Taylor series around the nearest entry of a table, whose entries are 1/25 apart.
pub struct Table(Vec<f32>);

impl Table {
    /// The table of the source.
    pub fn read() -> Self {
        let source = fs::read_to_string(source("util.rs")).expect("the package has the file");
        let (_, table) = source.split_once("TANSIG_TABLE: [f32; 201] = [").expect("the file has the table");
        let entries = table.split(']').next().into_iter().flat_map(|table| table.split(','));
        let entries: Vec<f32> = entries.map_while(|entry| entry.trim().parse().ok()).collect();
        assert_eq!(entries.len(), 201);
        Self(entries)
    }

    /// An approximation of tanh.
    #[expect(clippy::cast_sign_loss, reason = "an absolute value, rounded")]
    pub fn tanh(&self, input: f32) -> f32 {
        if input.abs() >= 8.0 {
            return input.signum();
        }
        let entry = (0.5 + 25.0 * input.abs()).floor();
        let distance = input.abs() - 0.04 * entry;
        let value = self.0[entry as usize];
        let slope = 1.0 - value * value;
        let value = value + distance * slope * (1.0 - value * distance);
        if input < 0.0 { -value } else { value }
    }
}

/// A number of the file.
fn number<T: Scalar>(byte: u8) -> T {
    T::from_f64(f64::from(byte.cast_signed()))
}

/// A sum in the units of the file, 1/256.
fn scaled<T: Scalar>(sum: T) -> T {
    T::from_f64(1.0 / 256.0) * sum
}

/// A layer of the file. A dense one has no weights of a state.
struct Layer<'a> {
    outputs: usize,
    weights: &'a [u8],
    state_weights: &'a [u8],
    bias: &'a [u8],
}

/// The network with its states.
pub struct Original<'a, T, F> {
    tanh: F,
    input_dense: Layer<'a>,
    grus: [(Layer<'a>, Vec<T>); 3],
    denoise_output: Layer<'a>,
    vad_output: Layer<'a>,
}

impl<'a> Layer<'a> {
    fn read(file: &mut &'a [u8], gates: usize, has_state: bool) -> Self {
        let mut take = |len: usize| file.split_off(..len).expect("the file is long enough");
        let (inputs, outputs) = (usize::from(take(1)[0]), usize::from(take(1)[0]));
        take(1);
        let stride = gates * outputs;
        let [weights, state_weights, bias] =
            [inputs * stride, usize::from(has_state) * outputs * stride, stride].map(take);
        Self { outputs, weights, state_weights, bias }
    }

    /// The sums of a gate, with the weights of a state if there is one.
    fn sums<T: Scalar>(&self, gate: usize, input: &[T], state: &[T]) -> Vec<T> {
        let [first, end] = [gate, gate + 1].map(|gate| gate * self.outputs);
        let mut sums: Vec<T> = self.bias[first..end].iter().map(|byte| number(*byte)).collect();
        for (weights, values) in [(self.weights, input), (self.state_weights, state)] {
            for (row, value) in weights.chunks_exact(self.bias.len()).zip(values) {
                for (sum, weight) in sums.iter_mut().zip(&row[first..end]) {
                    *sum += number::<T>(*weight) * *value;
                }
            }
        }
        sums
    }

    fn dense<T: Scalar>(&self, input: &[T], function: impl Fn(T) -> T) -> Vec<T> {
        self.sums(0, input, &[]).into_iter().map(|sum| function(scaled(sum))).collect()
    }

    fn gru<T: Scalar>(&self, input: &[T], state: &mut [T], sigmoid: impl Fn(T) -> T) {
        let [update, reset] = [0, 1].map(|gate| self.sums(gate, input, state));
        let reset: Vec<T> = reset.iter().zip(&*state).map(|(sum, state)| *state * sigmoid(scaled(*sum))).collect();
        let hidden = self.sums(2, input, &reset);
        for ((state, update), hidden) in state.iter_mut().zip(update).zip(hidden) {
            let (update, hidden) = (sigmoid(scaled(update)), scaled(hidden));
            let hidden = if hidden > T::ZERO { hidden } else { T::ZERO };
            *state = update * *state + (T::ONE - update) * hidden;
        }
    }
}

impl<'a, T: Scalar, F: Fn(T) -> T> Original<'a, T, F> {
    /// The network of a file, from states of 0.
    pub fn new(mut file: &'a [u8], tanh: F) -> Self {
        let file = &mut file;
        let input_dense = Layer::read(file, 1, false);
        let grus = [(); 3].map(|()| {
            let layer = Layer::read(file, 3, true);
            let state = vec![T::ZERO; layer.outputs];
            (layer, state)
        });
        Self {
            tanh,
            input_dense,
            grus,
            denoise_output: Layer::read(file, 1, false),
            vad_output: Layer::read(file, 1, false),
        }
    }

    /// The gains and the voice's probability of the next frame.
    pub fn step(&mut self, features: &[f32; 42]) -> ([T; 22], T) {
        let (half, features) = (T::from_f64(0.5), features.map(|feature| T::from_f64(f64::from(feature))));
        let sigmoid = |sum: T| half + half * (self.tanh)(half * sum);
        let dense = self.input_dense.dense(&features, &self.tanh);
        let [(vad_gru, vad_state), (noise_gru, noise_state), (denoise_gru, denoise_state)] = &mut self.grus;
        vad_gru.gru(&dense, vad_state, sigmoid);
        let vad = self.vad_output.dense(vad_state, sigmoid);
        noise_gru.gru(&[&dense[..], vad_state, &features].concat(), noise_state, sigmoid);
        denoise_gru.gru(&[&vad_state[..], noise_state, &features].concat(), denoise_state, sigmoid);
        let gains = self.denoise_output.dense(denoise_state, sigmoid);
        (gains.try_into().expect("there are 22 gains"), vad[0])
    }
}
