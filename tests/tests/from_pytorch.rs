//! Every name in the page for those who come from PyTorch exists, and means what it stands beside. What the page says of layers is
//! compared with the list of layers by a test of `nn-macros`; PyTorch's names are compared by `tests/golden/from_pytorch.py`.

use std::collections::BTreeSet;

use nn_runtime::data::Dataset;
use nn_runtime::loss::StepWeights;
use nn_runtime::prelude::*;
use nn_runtime::train::{FitReport, LrFinder, Threads, Workers, shuffled};
use nn_runtime::weights::Load;

network! {
    struct Name: [2] -> [3] { fc: linear(3) }
}

const PAGE: &str = include_str!("../../nn-runtime/guide/from-pytorch.md");

/// What stands between backticks in the second column of the tables, apart from those of the section on layers.
fn written() -> BTreeSet<String> {
    let sections = PAGE.split("\n## ").filter(|section| !section.starts_with("Modules"));
    let rows = sections.flat_map(str::lines).filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.split(" | ").nth(1));
    let code = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    code.map(|code| code.split_whitespace().collect()).collect()
}

/// The texts of some expressions, which compile.
macro_rules! texts {
    ($($text:literal => $expression:expr,)*) => {{
        $(let _ = $expression;)*
        [$($text),*].map(|text| text.split_whitespace().collect::<String>())
    }};
}

const INPUTS: [[f32; 2]; 2] = [[0.0, 1.0], [1.0, 0.0]];

type Run = Fit<'static, Name, Adam, CrossEntropy, u8>;
type Trained = Training<Name, Adam, 4>;
type Rng = nn_runtime::rand_xoshiro::Xoshiro256PlusPlus;

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn every_name_exists() {
    let (seed, weights) = (0, [1.0, 2.0, 0.5]);
    let mut optimizer = Adam::new(1e-3);
    let (a, b, now) = (schedule::Step::new(30), schedule::Exponential::new(0.9), Moment::at(7, 5, 10));
    let known = texts! {
        "Training::step" => |run: &mut Trained, name: &mut Name| run.step(name, &Adam::new(1e-3), &CrossEntropy, &INPUTS, &[0_u8, 2]),
        "Training::loss_and_gradient" => |run: &mut Trained, name: &Name| run.loss_and_gradient(name, &CrossEntropy, &INPUTS, &[0_u8, 2]),
        "Training::update" => Trained::update::<Name>,
        "clip_norm" => clip_norm::<Name>,
        "clip_value" => clip_value::<Name>,
        "Groups" => Groups::<Adam, 1>::new::<Name>,
        "#[frozen]" => (), // compiled by the tests of frozen stages
        "step" => (), // compiled in the page's own program
        "step_block" => (),
        "predict" => |name: &Name| name.predict(&[0.0, 1.0]),
        "predict_batch" => |name: &Name| predict_batch(name, &INPUTS),
        "Dataset" => Dataset::<[f32; 2], u8>::from_flat,
        "Dataset::split_at" => Dataset::<[f32; 2], u8>::split_at,
        "Fit" => |name: &mut Name, data: &Dataset<[f32; 2], u8>| {
            Fit::new(Adam::new(1e-3), CrossEntropy).run(name, data)
        },
        "Fit::batch_size" => Run::batch_size,
        "Fit::seed" => Run::seed,
        "Fit::drop_last" => Run::drop_last,
        "Fit::gradient_accumulation_steps" => Run::gradient_accumulation_steps,
        "Fit::schedule" => |run: Run| run.schedule(OneCycle::new(0.1)),
        "Fit::average" => Run::average,
        "Fit::monitor" => |run: Run| run.monitor("val_accuracy"),
        "Fit::on_step" => |run: Run| run.on_step(|_| ()),
        "Fit::on_epoch" => |run: Run| run.on_epoch(|_| ()),
        "Fit::metrics" => |run: Run| run.metrics(Accuracy),
        "Fit::checkpoint(\"runs/digits\")" => |run: Run| run.checkpoint("runs/digits"),
        "best.safetensors" => (), // read by the tests of checkpoints
        "Fit::find_lr" => |run: Run, name: &Name, data: &Dataset<[f32; 2], u8>| run.find_lr(LrFinder::new(), name, data),
        "LrFinder" => LrFinder::new(),
        "Fit::threads" => Run::threads,
        "Threads::new(2)" => || Threads::new(2),
        "Workers" => Workers::<Name, 32>::new,
        "Fit::progress" => Run::progress,
        "Fit::log_csv" => |run: Run| run.log_csv("history.csv"),
        "Fit::log_json" => |run: Run| run.log_json("history.json"),
        "Fit::log_tensorboard" => |run: Run| run.log_tensorboard("runs"),
        "Fit::stop_on_ctrl_c" => Run::stop_on_ctrl_c,
        "FitReport::history" => |report: FitReport| report.history,
        "Training::step_rows" => |run: &mut Trained, name: &mut Name, data: &Dataset<[f32; 2], u8>| {
            run.step_rows(name, &Adam::new(1e-3), &CrossEntropy, data, &shuffled(data.len(), 0, 0))
        },
        "Training::accumulate_gradient" => |run: &mut Trained, name: &Name| run.accumulate_gradient(name, &CrossEntropy, &INPUTS, &[0_u8, 2]),
        "shuffled" => shuffled,
        "Average::swa(5)" => Average::swa(5),
        "Average::ema(0.999)" => Average::ema(0.999),
        "EarlyStopping::new().patience(5).restore_best()" => EarlyStopping::new().patience(5).restore_best(),
        "rng(seed)" => rng(seed),
        "input_gradient" => |name: &Name| name.input_gradient(&INPUTS[0], 0),
        "Name::summary()" => Name::summary(),
        "CrossEntropy" => CrossEntropy,
        "CrossEntropy.label_smoothing(0.1)" => CrossEntropy.label_smoothing(0.1),
        "CrossEntropy.class_weights(&weights)" => CrossEntropy.class_weights(&weights),
        "CrossEntropy.ignore_index(255)" => CrossEntropy.ignore_index(255),
        "StepWeights(Mse)" => StepWeights(Mse),
        "Nll" => Nll,
        "BceWithLogits" => BceWithLogits,
        "Bce" => Bce,
        "Mse" => Mse,
        "L1" => L1,
        "SmoothL1" => SmoothL1::default(),
        "Huber" => Huber::default(),
        "KlDiv" => KlDiv::default(),
        "HingeEmbedding" => HingeEmbedding::default(),
        "MultiMargin" => MultiMargin::default(),
        "Sgd::new(0.1)" => Sgd::new(0.1),
        "Sgd::new(0.1).momentum(0.9).nesterov(true)" => Sgd::new(0.1).momentum(0.9).nesterov(true),
        "Adam::new(1e-3).betas(0.9, 0.99)" => Adam::new(1e-3).betas(0.9, 0.99),
        "AdamW::new(1e-3).weight_decay(0.1)" => AdamW::new(1e-3).weight_decay(0.1),
        "NAdam::new(2e-3)" => NAdam::new(2e-3),
        "RmsProp::new(0.01).centered()" => RmsProp::new(0.01).centered(),
        "Adagrad::new(0.01)" => Adagrad::new(0.01),
        "optimizer.lr *= 0.5" => optimizer.lr *= 0.5,
        "schedule::Constant::new().factor(0.5)" => schedule::Constant::new().factor(0.5),
        "schedule::Linear::new().total_iters(500)" => schedule::Linear::new().total_iters(500),
        "schedule::Step::new(30)" => schedule::Step::new(30),
        "schedule::MultiStep::new([30, 80])" => schedule::MultiStep::new([30, 80]),
        "schedule::Exponential::new(0.9)" => schedule::Exponential::new(0.9),
        "schedule::Polynomial::new().power(2.0)" => schedule::Polynomial::new().power(2.0),
        "schedule::CosineAnnealing::new().t_max(100)" => schedule::CosineAnnealing::new().t_max(100),
        "schedule::CosineAnnealingWarmRestarts::new(10)" => schedule::CosineAnnealingWarmRestarts::new(10),
        "schedule::OneCycle::new(0.1).total_steps(500)" => schedule::OneCycle::new(0.1).total_steps(500),
        "schedule::ReduceOnPlateau::new().patience(5)" => schedule::ReduceOnPlateau::new().patience(5),
        "a.chain(b)" => a.chain(b),
        "a.then(5, b)" => a.then(5, b),
        "Schedule" => (&a as &dyn Schedule).check_options(),
        "optimizer.lr = a.lr(0.1, now)" => optimizer.lr = a.lr(0.1, now),
        "a.per_step()" => a.per_step(),
        "Name::new(&mut rng(seed))" => Name::new(&mut rng(seed)),
        "init::xavier_uniform" => init::xavier_uniform::<f32, Rng, 3, 2>,
        "init::xavier_normal" => init::xavier_normal::<f32, Rng, 3, 2>,
        "init::kaiming_uniform" => init::kaiming_uniform::<f32, Rng, 3, 2>,
        "init::kaiming_normal" => init::kaiming_normal::<f32, Rng, 3, 2>,
        "init::orthogonal" => init::orthogonal::<f32, Rng, 3, 2>,
        "init::uniform" => |w: &mut [f32], rng: &mut Rng| init::uniform(w, -1.0..1.0, rng),
        "init::normal" => |w: &mut [f32], rng: &mut Rng| init::normal(w, 1.0, rng),
        "init::constant" => init::constant::<[f32]>,
        "init::zeros" => init::zeros::<[f32]>,
        "name.state_dict()" => Name::ZERO.state_dict().count(),
        "name.save(path)" => |name: &Name, path: &str| name.save(path),
        "name.load_in(path)" => |name: &mut Name, path: &str| name.load_in(path),
        "Name::load(path)" => |path: &str| Name::load(path),
        "Load::new().strict(false)" => Load::new().strict(false),
        "Load::new().rename(\"model.0\", \"fc\")" => Load::new().rename("model.0", "fc"),
        "init::weights" => init::weights::<Name, Rng>,
        "init::stage_weights" => init::stage_weights::<Name, Rng>,
    };
    let unknown: Vec<_> = written().into_iter().filter(|text| !known.contains(text)).collect();
    assert!(unknown.is_empty(), "not in this test: {unknown:#?}");
    assert_eq!(written().len() + 1, known.len(), "a name of this test is no longer in the page");
    let _ = optimizer;
}
