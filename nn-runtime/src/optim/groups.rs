//! Parameter groups: settings of their own for stages by name. PyTorch: the `param_groups` of an optimizer.

use core::fmt;
use core::ops::Range;

use bytemuck::Pod;

use super::Optimizer;
use super::update::part;
use crate::OptionError;
use crate::kernels::Isa;
use crate::network::stages::range_of;
use crate::network::{Architecture, StageError};
use crate::scalar::Scalar;

/// An optimizer with settings of its own for some stages of a network: another learning rate, another weight decay.
///
/// A stage is named as in the table of layers, [`LAYERS`](Architecture::LAYERS); a name stands for all stages below it too:
/// `block` for `block.fc1` and `block.fc2`. Where two groups hold a stage, the one that names it more closely counts. All
/// other stages have the settings of `base`. Memory and optimizer state are those of a single optimizer.
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Net: [2] -> [3] {
///         fc: linear(8), tanh,
///         out: linear(3),
///     }
/// }
///
/// let mut network = Net::new(&mut rng(0));
/// let optimizer = Groups::new(&network, AdamW::new(1e-3), [("out", AdamW::new(1e-2).weight_decay(0.0))])?;
/// let mut training = Training::<Net, Groups<AdamW, 1>, 4>::ZERO;
/// training.step(&mut network, &optimizer, &CrossEntropy, &[[1.0, 2.0]], &[0_u8])?;
///
/// let error = Groups::new(&network, AdamW::new(1e-3), [("output", AdamW::new(1e-2))]).unwrap_err();
/// assert_eq!(error.to_string(), "the network has no stage `output`; a stage with a similar name exists: `out`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Groups<O, const COUNT: usize> {
    /// The optimizer of the stages that are in no group.
    pub base: O,
    groups: [Group<O>; COUNT],
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Group<O> {
    name: &'static str,
    optimizer: O,
    start: usize,
    end: usize,
}

impl<O, const COUNT: usize> Groups<O, COUNT> {
    /// The groups of a network, each with a stage's name and its optimizer.
    ///
    /// # Errors
    ///
    /// A name that the network has not, or that names nothing to be trained, or that comes twice.
    pub fn new<N>(_network: &N, base: O, groups: [(&'static str, O); COUNT]) -> Result<Self, GroupError>
    where
        N: Architecture,
    {
        let names = groups.each_ref().map(|(name, _)| *name);
        for (position, &name) in names.iter().enumerate() {
            range_of(N::LAYERS, name)?;
            if names.iter().skip(position + 1).any(|other| *other == name) {
                return Err(GroupError::Twice { name });
            }
        }
        let groups = groups.map(|(name, optimizer)| {
            let Range { start, end } = range_of(N::LAYERS, name).unwrap_or(0..0);
            Group { name, optimizer, start, end }
        });
        Ok(Self { base, groups })
    }

    /// The optimizer of a group, to be changed.
    pub fn group_mut(&mut self, name: &str) -> Option<&mut O> {
        self.groups.iter_mut().find(|group| group.name == name).map(|group| &mut group.optimizer)
    }

    /// All optimizers, that of the other stages first: for what changes the learning rate of each.
    pub fn optimizers_mut(&mut self) -> impl Iterator<Item = &mut O> {
        core::iter::once(&mut self.base).chain(self.groups.iter_mut().map(|group| &mut group.optimizer))
    }

    /// The groups, each with its stage's name and its optimizer.
    #[cfg(feature = "serde")]
    pub(crate) fn groups(&self) -> impl ExactSizeIterator<Item = (&'static str, &O)> {
        self.groups.iter().map(|group| (group.name, &group.optimizer))
    }

    /// The optimizer of the parameter at a position, and the position up to which it stays the same.
    fn at(&self, position: usize) -> (&O, usize) {
        let holding = self.groups.iter().filter(|group| group.start <= position && position < group.end);
        let closest = holding.max_by_key(|group| group.name.len());
        let borders = self.groups.iter().flat_map(|group| [group.start, group.end]);
        let end = borders.filter(|&border| border > position).min().unwrap_or(usize::MAX);
        (closest.map_or(&self.base, |group| &group.optimizer), end)
    }
}

impl<T: Scalar, O: Optimizer<T>, const COUNT: usize> Optimizer<T> for Groups<O, COUNT> {
    type State<N: Pod> = O::State<N>;

    const STATE_NAMES: &'static [&'static str] = O::STATE_NAMES;

    const SQUARES: bool = O::SQUARES;

    /// That of `base` first, then those of the groups in their order.
    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        self.optimizers_mut().flat_map(O::learning_rates)
    }

    fn check_options(&self) -> Result<(), OptionError> {
        self.base.check_options()?;
        self.groups.iter().try_for_each(|group| group.optimizer.check_options())
    }

    fn update<I: Isa>(
        &self,
        isa: I,
        step: u64,
        position: usize,
        parameters: &mut [T],
        gradient: &[T],
        state: &mut [&mut [T]],
    ) {
        let mut start = 0;
        while start < parameters.len() {
            let (optimizer, end) = self.at(position + start);
            let range = start..parameters.len().min(end - position);
            let mut state = part(state, range.clone());
            if let (Some(parameters), Some(gradient)) = (parameters.get_mut(range.clone()), gradient.get(range.clone()))
            {
                optimizer.update(isa, step, position + start, parameters, gradient, state.as_mut());
            }
            start = range.end;
        }
    }
}

/// What is wrong with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupError {
    /// It is not the name of a stage that is trained.
    Stage(StageError),
    /// A name that comes twice.
    Twice {
        /// The name.
        name: &'static str,
    },
}

impl From<StageError> for GroupError {
    fn from(error: StageError) -> Self {
        Self::Stage(error)
    }
}

impl fmt::Display for GroupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage(error) => write!(f, "{error}"),
            Self::Twice { name } => write!(f, "the stage `{name}` has two groups"),
        }
    }
}

impl core::error::Error for GroupError {}
