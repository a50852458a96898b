//! All that a program needs that declares a network, trains it and uses it: `use nn_runtime::prelude::*;`.

pub use nalgebra::{SMatrix, SVector};
pub use rand_core::Rng;

#[doc(inline)]
pub use crate::__layer as layer;
#[doc(inline)]
pub use crate::__network as network;
pub use crate::data::{DataError, Dataset, rows};
pub use crate::families::activation::Activation;
pub use crate::init::{self, rng};
pub use crate::kernels::Isa;
pub use crate::loss::{
    Bce, BceWithLogits, CrossEntropy, HingeEmbedding, Huber, KlDiv, L1, Loss, Mse, MultiMargin, Nll, Scaled, SmoothL1,
    StepWeights,
};
pub use crate::metrics::{Accuracy, ConfusionMatrix};
pub use crate::network::{Architecture, Layer, Network, Pass, Predict, StreamingLayer, Trainable, WithFrozen};
pub use crate::optim::{
    Adagrad, Adam, AdamW, Groups, Lion, NAdam, Optimizer, RmsProp, RmsPropMomentum, Sgd, SgdMomentum, clip_norm,
    clip_value,
};
pub use crate::schedule::{self, CosineAnnealing, Moment, OneCycle, ReduceOnPlateau, Schedule};
#[cfg(feature = "serde")]
pub use crate::serde::DeserializeIn;
#[cfg(feature = "alloc")]
pub use crate::train::{AfterEpoch, AfterStep, Fit, FitError, confusion_matrix, evaluate, measure, predict_batch};
pub use crate::train::{Average, EarlyStopping, Evaluation, Evaluator, TrainError, Training};
