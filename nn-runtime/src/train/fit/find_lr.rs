//! The search for a learning rate.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::super::samples::{Samples, check};
use super::super::{Figure, TrainError, shuffled};
use super::cores::Cores;
use super::state::State;
use super::{Fit, FitError, step};
use crate::OptionError;
use crate::data::Dataset;
use crate::kernels::Portable;
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::math;
use crate::network::{Network, Parameters};
use crate::optim::{Checked, Optimizer};

/// A search for a learning rate (Smith, 2017): the rate grows from step to step until the loss does. fastai's `lr_find`, with its defaults,
/// and nearly Lightning's suggestion. The schedule is not used, and one thread computes.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::train::LrFinder;
///
/// network! { struct Net: [2] -> [3] { linear(16), relu, linear(3) } }
///
/// let inputs: Vec<[f32; 2]> = (0..900).map(|i| [(i % 3) as f32, (i % 2) as f32]).collect();
/// let classes: Vec<u8> = (0..900).map(|i| (i % 3) as u8).collect();
/// let data = Dataset::new(&inputs, &classes)?;
///
/// let network = Net::new(&mut rng(0));
/// let found = Fit::new(Adam::new(1e-3), CrossEntropy).find_lr(LrFinder::new(), &network, &data)?;
/// println!("{found}");
/// assert!(found.suggestion > Some(1e-4) && found.suggestion < Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LrFinder {
    /// The first learning rate; 1e-7 unless set.
    pub start_lr: f64,
    /// The last learning rate, if the loss does not grow before; 10 unless set.
    pub end_lr: f64,
    /// The number of steps; 100 unless set.
    pub steps: usize,
}

impl LrFinder {
    /// fastai's defaults: 100 steps from 1e-7 to 10.
    #[must_use]
    pub const fn new() -> Self {
        Self { start_lr: 1e-7, end_lr: 10.0, steps: 100 }
    }

    /// Sets the first and the last learning rate.
    #[must_use]
    pub const fn range(self, start_lr: f64, end_lr: f64) -> Self {
        Self { start_lr, end_lr, ..self }
    }

    /// Sets the number of steps.
    #[must_use]
    pub const fn steps(self, steps: usize) -> Self {
        Self { steps, ..self }
    }

    fn check_options(&self) -> Result<(), OptionError> {
        let &Self { start_lr, end_lr, steps } = self;
        OptionError::check_positive::<f64>("LrFinder", "start_lr", start_lr)?;
        let is_allowed = end_lr > start_lr && end_lr.is_finite();
        OptionError::check("LrFinder", "end_lr", end_lr, is_allowed, "finite and more than `start_lr`")?;
        OptionError::check("LrFinder", "steps", steps as f64, steps >= 20, "at least 20")
    }

    /// The learning rate of a step: evenly spaced logarithms.
    fn lr(&self, step: usize) -> f64 {
        let share = step as f64 / (self.steps - 1) as f64;
        self.start_lr * math::exp(Portable, share * math::ln(Portable, self.end_lr / self.start_lr))
    }
}

impl Default for LrFinder {
    fn default() -> Self {
        Self::new()
    }
}

/// The result of a search for a learning rate. `Display` draws a plot.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LrCurve {
    /// The learning rate of each step.
    pub rates: Vec<f64>,
    /// The loss before each step, smoothed by an exponential moving average with a decay of 0.98, bias-corrected as Adam's moments are.
    pub losses: Vec<f64>,
    /// Where the loss falls most steeply, a good rate to begin with; `None` if it never falls. Lightning's suggestion.
    pub suggestion: Option<f64>,
}

impl LrCurve {
    fn new(rates: Vec<f64>, losses: Vec<f64>) -> Self {
        // as Lightning, without the first 10 steps, in which the average still moves, and the last
        let slopes = (11..losses.len().saturating_sub(1)).filter_map(|step| {
            let slope = (losses.get(step + 1)? - losses.get(step - 1)?) / 2.0;
            (slope < 0.0).then_some((step, slope))
        });
        let steepest = slopes.min_by(|left, right| left.1.total_cmp(&right.1));
        let suggestion = steepest.and_then(|(step, _)| rates.get(step).copied());
        Self { rates, losses, suggestion }
    }
}

/// The lines of the plot, and its columns.
const LINES: usize = 10;
const COLUMNS: usize = 60;

impl fmt::Display for LrCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rates, losses, suggestion } = self;
        let (Some(first), Some(last)) = (rates.first(), rates.last()) else { return f.write_str("no steps") };
        let (low, high) =
            losses.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), loss| (low.min(*loss), high.max(*loss)));
        let width = losses.len().min(COLUMNS);
        // the loss, and whether the suggestion is among them, of each column
        let columns: Vec<_> = (0..width)
            .map(|column| {
                let steps = column * losses.len() / width..(column + 1) * losses.len() / width;
                let height = losses.get(steps.start).map_or(0.0, |loss| (loss - low) / (high - low).max(1e-300));
                let line = (1..LINES).take_while(|line| height * (LINES - 1) as f64 >= *line as f64).count();
                let is_suggested =
                    suggestion.is_some_and(|lr| rates.get(steps).is_some_and(|rates| rates.contains(&lr)));
                (line, is_suggested)
            })
            .collect();
        for line in (0..LINES).rev() {
            let label = match line {
                0 => alloc::format!("{}", Figure(low)),
                _ if line == LINES - 1 => alloc::format!("{}", Figure(high)),
                _ => String::new(),
            };
            let marks = columns.iter().map(|(at, is_suggested)| match (*at == line, is_suggested) {
                (true, true) => 'O',
                (true, false) => '*',
                _ => ' ',
            });
            writeln!(f, "{label:>9} |{}", marks.collect::<String>().trim_end())?;
        }
        let gap = width.saturating_sub(14).max(1);
        writeln!(f, "{:>9} +{}", "loss", "-".repeat(width))?;
        writeln!(f, "{:>9}  {first:<7.0e}{:gap$}{last:>7.0e}", "lr", "")?;
        match suggestion {
            Some(lr) => write!(f, "the loss falls most steeply at the learning rate {lr:.1e}, marked O"),
            None if losses.len() < 13 => {
                write!(f, "the loss diverged after {} steps: set a lower `start_lr`", losses.len())
            }
            None => write!(f, "the loss does not fall at any of these learning rates"),
        }
    }
}

/// How much of the moving average of the loss is left after a step.
const SMOOTHING: f64 = 0.98;
/// The search ends where the loss is so many times the smallest.
const DIVERGED: f64 = 4.0;

impl<P: Parameters, O, L, Target, M, const BATCH: usize> Fit<'_, P, O, L, Target, M, BATCH> {
    /// Searches for a learning rate by training a copy of the network with the optimizer, the loss and the mini-batches of this run; the
    /// network itself does not change. With [`Groups`](crate::optim::Groups), all rates grow in proportion.
    ///
    /// # Errors
    ///
    /// What is wrong with the data or the options.
    pub fn find_lr<N, Needs>(
        &self,
        finder: LrFinder,
        network: &N,
        data: &Dataset<P::Input, Target>,
    ) -> Result<LrCurve, FitError>
    where
        N: Network<Parameters = P>,
        O: Optimizer<P::Scalar> + Clone + Sync,
        L: Loss<Target, P::Output, P::Scalar, Needs> + Sync,
        Needs: Fits<P::Ending>,
        Target: Sync,
    {
        let (original, frozen) = network.parts();
        let (options, loss) = (&self.options, &Unchecked::new(&self.loss));
        finder.check_options()?;
        loss.check_options()?;
        Checked::new::<P::Scalar>(&self.optimizer)?;
        options.check::<P>(data.len(), BATCH)?;
        check::<P, _, _, _>(data, loss).map_err(TrainError::from)?;
        let mut network: Box<P> = bytemuck::zeroed_box();
        network.as_mut_slice().copy_from_slice(original.as_slice());
        let mut state = State::<P, O, BATCH>::new(self.optimizer.clone(), options.seed);
        let samples = options.samples_per_epoch(data.len());
        let (mut rates, mut losses, mut order, mut lowest) = (Vec::new(), Vec::new(), Vec::new(), f64::INFINITY);
        // the moving average, and how much of its beginning, 0, is left in it
        let (mut average, mut left) = (0.0, 1.0);
        for number in 0..finder.steps {
            if state.position == 0 {
                order = shuffled(data.len(), options.seed, state.epoch as u64);
            }
            let lr = finder.lr(number);
            state.set_lr(lr);
            let end = samples.min(state.position + options.samples_per_step());
            let rows = Samples::ordered(*data, order.get(state.position..end).unwrap_or_default());
            let State { training, optimizer, .. } = &mut state;
            let made = step::step(&mut Cores::one(), training, &mut network, frozen, loss, rows, optimizer, options);
            match made {
                Ok(_) => {}
                // the first rate is tiny, so this is not divergence
                Err(error) if number == 0 => return Err(FitError::in_step(1, 1, error)),
                Err(_) => break,
            }
            average += (1.0 - SMOOTHING) * (state.training.mean_loss() - average);
            left *= SMOOTHING;
            let smoothed = average / (1.0 - left);
            rates.push(lr);
            losses.push(smoothed);
            lowest = smoothed.min(lowest);
            if lowest > 0.0 && smoothed > DIVERGED * lowest {
                break;
            }
            state.position = end;
            if end == samples {
                state.begin_epoch();
            }
        }
        Ok(LrCurve::new(rates, losses))
    }
}
