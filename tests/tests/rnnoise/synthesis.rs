//! From gains to sound, as in nnnoiseless's `denoise.rs` and `features.rs`: filtered by pitch, scaled, transformed back,
//! overlapped.

use std::f64::consts::PI;
use std::iter::zip;

use nnnoiseless::DenoiseFeatures;

use super::FRAME;

/// The middles of the bands, in bins of 50 Hz: between two of them, the gain is interpolated; above the last, it is 0.
const BANDS: [usize; 22] = [0, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 136, 160, 192, 240, 312, 400];
/// A frame and the next overlap in half of this.
const WINDOW: usize = 2 * FRAME;

/// What one frame leaves to the next.
pub struct Synthesis {
    gains: [f32; 22],
    carried: [f64; FRAME],
    cosines: [f64; WINDOW],
}

impl Synthesis {
    /// Before the first frame.
    pub fn new() -> Self {
        let cosines = std::array::from_fn(|index| (PI * index as f64 / FRAME as f64).cos());
        Self { gains: [0.0; 22], carried: [0.0; FRAME], cosines }
    }

    /// The sound of the next frame; a silent one has no gains.
    pub fn frame(&mut self, mut state: DenoiseFeatures, gains: Option<&[f32; 22]>) -> [f32; FRAME] {
        let scales = gains.map_or([1.0; FRAME + 1], |gains| {
            state.pitch_filter(gains);
            self.scales(gains)
        });
        let bins: Vec<[f64; 2]> = zip(&state.x[..], scales)
            .map(|(bin, scale)| [bin.re, bin.im].map(|part| f64::from(part) * f64::from(scale)))
            .collect();
        let sound: [f64; WINDOW] = std::array::from_fn(|index| window(index) * self.inverse(&bins, index));
        let frame = std::array::from_fn(|index| (self.carried[index] + sound[index]) as f32);
        self.carried.copy_from_slice(&sound[FRAME..]);
        frame
    }

    /// The factor of each bin. A gain falls to six tenths of the frame before at most.
    fn scales(&mut self, gains: &[f32; 22]) -> [f32; FRAME + 1] {
        for (kept, gain) in zip(&mut self.gains, gains) {
            *kept = gain.max(0.6 * *kept);
        }
        let mut scales = [0.0; FRAME + 1];
        for (bins, gains) in zip(BANDS.windows(2), self.gains.windows(2)) {
            let width = bins[1] - bins[0];
            for (index, scale) in scales[bins[0]..bins[1]].iter_mut().enumerate() {
                let part = index as f32 / width as f32;
                *scale = (1.0 - part) * gains[0] + part * gains[1];
            }
        }
        scales
    }

    /// One sample of the inverse Fourier transform of a spectrum, half of which is given: the other half is its mirror.
    fn inverse(&self, bins: &[[f64; 2]], index: usize) -> f64 {
        let term = |(bin, [re, im]): (usize, &[f64; 2])| {
            let [cosine, minus_sine] = [0, WINDOW / 4].map(|quarter| self.cosines[(bin * index + quarter) % WINDOW]);
            let term = re * cosine + im * minus_sine;
            if bin == 0 || bin == FRAME { 0.5 * term } else { term }
        };
        bins.iter().enumerate().map(term).sum()
    }
}

fn window(index: usize) -> f64 {
    let sine = (0.5 * PI * (index.min(WINDOW - 1 - index) as f64 + 0.5) / FRAME as f64).sin();
    (0.5 * PI * sine * sine).sin()
}
