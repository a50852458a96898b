//! Each schedule against PyTorch: the learning rates of two groups of parameters, update by update.

use nn_runtime::metrics::Mode;
use nn_runtime::network;
use nn_runtime::optim::{Groups, Optimizer, Sgd};
use nn_runtime::schedule::{
    Anneal, Constant, CosineAnnealing, CosineAnnealingWarmRestarts, Exponential, Linear, Moment, MultiStep, OneCycle,
    Polynomial, ReduceOnPlateau, Schedule, Step, Threshold,
};
use nn_tests::Case;

network! {
    struct Net: f64 [2] -> [1] { fc1: linear(2), tanh, fc2: linear(1) }
}

const STEPS: u64 = 300;

/// The largest difference, as a part of the rate. PyTorch computes most rates from the one before: its own error is up to 2e-13.
const TOLERANCE: f64 = 1e-12;

/// Compares the rates of a run of `STEPS` updates, each an epoch if `steps_per_epoch` is 1.
fn check(name: &str, schedule: &mut dyn Schedule, steps_per_epoch: u64, mode: Option<Mode>) {
    schedule.check_options().unwrap();
    let case = Case::read(name);
    let initial = &case.tensor("initial").values;
    let rates: Vec<&[f64]> = case.tensor("rates").values.chunks_exact(initial.len()).collect();
    assert_eq!(rates.len() as u64, STEPS);
    for (step, expected) in rates.iter().enumerate() {
        let now = Moment::at(step as u64, steps_per_epoch, STEPS / steps_per_epoch);
        for (&initial, &expected) in initial.iter().zip(*expected) {
            let lr = schedule.lr(initial, now);
            let is_close = (lr - expected).abs() <= TOLERANCE * expected;
            assert!(is_close, "{name}, step {step}: {lr:e}, but PyTorch has {expected:e}");
        }
        if let Some(mode) = mode {
            schedule.observe(case.tensor("observed").values[step], mode);
        }
    }
}

/// `name: "file", the schedule`, and what is good of the values that it is told
macro_rules! golden_schedules {
    ($($name:ident: $case:literal, $schedule:expr $(, $mode:expr)?;)*) => {$(
        #[test]
        fn $name() {
            let mode = [$($mode)?].first().copied();
            check($case, &mut $schedule, 1, mode);
            // counted in updates, the length of an epoch makes no difference
            check($case, &mut $schedule.per_step(), 25, mode);
        }
    )*};
}

golden_schedules! {
    constant: "schedules/constant", Constant::new().factor(0.37).total_iters(41);
    constant_default: "schedules/constant_default", Constant::new();
    linear: "schedules/linear", Linear::new().start_factor(0.013).end_factor(0.71).total_iters(137);
    linear_default: "schedules/linear_default", Linear::new();
    linear_down: "schedules/linear_down", Linear::new().start_factor(1.0).end_factor(0.05).total_iters(STEPS);
    step: "schedules/step", Step::new(7).gamma(0.83);
    step_default: "schedules/step_default", Step::new(43);
    multi_step: "schedules/multi_step", MultiStep::new([11, 203, 53, 53]).gamma(0.31);
    exponential: "schedules/exponential", Exponential::new(0.93);
    exponential_up: "schedules/exponential_up", Exponential::new(1.07);
    polynomial: "schedules/polynomial", Polynomial::new().total_iters(211).power(1.7);
    polynomial_default: "schedules/polynomial_default", Polynomial::new();
    polynomial_root: "schedules/polynomial_root", Polynomial::new().total_iters(STEPS).power(0.5);
    cosine_annealing: "schedules/cosine_annealing", CosineAnnealing::new();
    cosine_annealing_periods: "schedules/cosine_annealing_periods", CosineAnnealing::new().t_max(67).eta_min(2e-4);
    cosine_annealing_warm_restarts: "schedules/cosine_annealing_warm_restarts", CosineAnnealingWarmRestarts::new(29);
    cosine_annealing_warm_restarts_longer: "schedules/cosine_annealing_warm_restarts_longer", CosineAnnealingWarmRestarts::new(13).t_mult(3).eta_min(2e-4);
    one_cycle: "schedules/one_cycle", OneCycle::new(0.03);
    one_cycle_linear: "schedules/one_cycle_linear",
        OneCycle::new(0.03).pct_start(0.13).anneal_strategy(Anneal::Linear).div_factor(7.0).final_div_factor(50.0);
    one_cycle_three_phases: "schedules/one_cycle_three_phases", OneCycle::new(0.03).pct_start(0.37).div_factor(11.0).three_phase(true);
    one_cycle_long_phases: "schedules/one_cycle_long_phases", OneCycle::new(0.03).pct_start(0.61).anneal_strategy(Anneal::Linear).three_phase(true);
    one_cycle_only_down: "schedules/one_cycle_only_down", OneCycle::new(0.03).total_steps(STEPS).pct_start(0.0);
    one_cycle_only_up: "schedules/one_cycle_only_up", OneCycle::new(0.03).total_steps(STEPS).pct_start(1.0);
    reduce_on_plateau: "schedules/reduce_on_plateau", ReduceOnPlateau::new().patience(3).factor(0.7), Mode::Min;
    reduce_on_plateau_default: "schedules/reduce_on_plateau_default", ReduceOnPlateau::new(), Mode::Min;
    reduce_on_plateau_cooldown: "schedules/reduce_on_plateau_cooldown",
        ReduceOnPlateau::new().patience(1).factor(0.6).cooldown(5).threshold(Threshold::Abs(0.03)).min_lr(3e-4).eps(1e-4),
        Mode::Min;
    reduce_on_plateau_max: "schedules/reduce_on_plateau_max", ReduceOnPlateau::new().patience(2).factor(0.8).threshold(Threshold::Rel(0.01)), Mode::Max;
    reduce_on_plateau_max_abs: "schedules/reduce_on_plateau_max_abs",
        ReduceOnPlateau::new().patience(0).factor(0.9).cooldown(1).threshold(Threshold::Abs(0.02)).eps(0.0), Mode::Max;
    chained: "schedules/chained", Constant::new().factor(0.37).total_iters(41).chain(Exponential::new(0.97));
    chained_three: "schedules/chained_three", Linear::new().start_factor(0.013).total_iters(31)
        .chain(MultiStep::new([101, 203]).gamma(0.5))
        .chain(CosineAnnealing::new());
    sequential: "schedules/sequential", Linear::new().start_factor(0.013).total_iters(23).then(23, CosineAnnealing::new());
    sequential_three: "schedules/sequential_three", Constant::new().factor(0.5).total_iters(17)
        .then(41, Exponential::new(0.96))
        .then(150, CosineAnnealingWarmRestarts::new(19).t_mult(2).eta_min(1e-4));
}

#[test]
fn each_group_follows_from_its_own_rate() {
    let case = Case::read("schedules/sequential");
    let [base, group] = case.tensor("initial").values[..] else { panic!("two groups") };
    let mut initial = Groups::new(&Net::ZERO, Sgd::new(base), [("fc2", Sgd::new(group))]).unwrap();
    let mut optimizer = initial;
    let schedule = Linear::new().start_factor(0.013).total_iters(23).then(23, CosineAnnealing::new());
    for (step, expected) in (0..STEPS).zip(case.tensor("rates").values.chunks_exact(2)) {
        let rates = Optimizer::<f64>::learning_rates(&mut optimizer);
        for (lr, initial) in rates.zip(Optimizer::<f64>::learning_rates(&mut initial)) {
            *lr = schedule.lr(*initial, Moment::at(step, 1, STEPS));
        }
        for (lr, expected) in [optimizer.base.lr, optimizer.group_mut("fc2").unwrap().lr].iter().zip(expected) {
            assert!((lr - expected).abs() <= TOLERANCE * expected, "step {step}: {lr:e}, but PyTorch has {expected:e}");
        }
    }
}
