//! The names of all that is written for a network.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use proc_macro2::{Ident, Span};
use quote::format_ident;

use super::{KeptValue, Kind, Model, Operation, Tensors};

/// The names of the types that a network has one of.
pub struct Names {
    pub network: Ident,
    pub frozen: Ident,
    pub workspace: Ident,
    pub inference_workspace: Ident,
    pub trace: Ident,
    pub state: Ident,
    pub block_workspace: Ident,
    /// The rows of several inputs and of several outputs.
    pub input: Ident,
    pub output: Ident,
    /// The state of a network that has one if the compiler says so.
    pub possible_state: Ident,
}

/// A type that is written for a network besides its own.
pub struct Type {
    pub name: Ident,
    pub role: Role,
    /// The name in the spec that it comes from.
    pub source: Ident,
}

/// What a type is to its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Workspace,
    InferenceWorkspace,
    Trace,
    Frozen,
    State,
    BlockWorkspace,
    Input,
    Output,
    /// The struct of the stage with this name.
    Stage(String),
    /// The struct of some parameters of a stage.
    Part(String),
}

impl Role {
    /// Whether the type has the batch size as a parameter.
    pub const fn has_batch(&self) -> bool {
        matches!(self, Self::Workspace | Self::InferenceWorkspace | Self::Trace | Self::BlockWorkspace)
    }
}

/// The role as a message shows it, in front of the network's name.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workspace => f.write_str("the workspace"),
            Self::InferenceWorkspace => f.write_str("the workspace for inference"),
            Self::Trace => f.write_str("the trace"),
            Self::Frozen => f.write_str("the frozen parameters"),
            Self::State => f.write_str("the state"),
            Self::BlockWorkspace => f.write_str("the workspace for blocks of steps"),
            Self::Input => f.write_str("the inputs"),
            Self::Output => f.write_str("the outputs"),
            Self::Stage(path) => write!(f, "the struct of the stage `{path}`"),
            Self::Part(path) => write!(f, "the struct of `{path}`"),
        }
    }
}

impl Names {
    pub fn new(network: &Ident) -> Self {
        let of = |suffix: &str| format_ident!("{}{}", network, suffix);
        Self {
            network: network.clone(),
            frozen: of("Frozen"),
            workspace: of("Workspace"),
            inference_workspace: of("InferenceWorkspace"),
            trace: of("Trace"),
            state: of("State"),
            block_workspace: of("BlockWorkspace"),
            input: of("Input"),
            output: of("Output"),
            possible_state: format_ident!("__{}State", network),
        }
    }

    /// The alias of one of the types from elsewhere.
    pub fn alias(&self, index: usize) -> Ident {
        format_ident!("__{}_{}", self.network, index, span = Span::call_site())
    }

    /// The type that stands for a network with mistakes.
    pub fn mistaken(&self) -> Ident {
        format_ident!("{}WithMistakes", self.network)
    }

    /// The types that a network has one of, besides its own.
    pub fn own(&self, has_trace: bool, has_frozen: bool, has_state: bool, are_named: [bool; 2]) -> Vec<Type> {
        let all = [
            (true, Role::Workspace, &self.workspace),
            (true, Role::InferenceWorkspace, &self.inference_workspace),
            (has_trace, Role::Trace, &self.trace),
            (has_frozen, Role::Frozen, &self.frozen),
            (has_state, Role::State, &self.state),
            (has_state, Role::BlockWorkspace, &self.block_workspace),
            (are_named[0], Role::Input, &self.input),
            (are_named[1], Role::Output, &self.output),
        ];
        let written = all.into_iter().filter(|(is_written, ..)| *is_written);
        written.map(|(_, role, name)| Type { name: name.clone(), role, source: self.network.clone() }).collect()
    }

    /// The types that are written for a network and for some of its operations, besides its own; that of a structure once for each
    /// operation inside.
    pub fn types<'m>(&self, model: &Model, operations: impl IntoIterator<Item = &'m Operation>) -> Vec<Type> {
        let Tensors { inputs, outputs, .. } = &model.tensors;
        let are_named = [inputs, outputs].map(|ports| ports.single().is_none());
        let own = self.own(model.has_trace(), model.has_frozen(), model.has_sequence(), are_named);
        let owners = |operation: &Operation| {
            let trained = (operation.has_field && !operation.is_frozen).then_some(&self.network);
            [trained, operation.has_frozen_field().then_some(&self.frozen)]
        };
        let structs = |operation| owners(operation).into_iter().flatten().flat_map(|owner| structs(owner, operation));
        own.into_iter().chain(operations.into_iter().flat_map(structs)).collect()
    }
}

/// The structs of a stage and of the structures around it, inside of the struct of the trained or of the frozen parameters. A type
/// from elsewhere is a struct already.
fn structs(owner: &Ident, operation: &Operation) -> Vec<Type> {
    let mut name = owner.clone();
    let mut path = String::new();
    let mut found = Vec::new();
    for stage in &operation.path {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&stage.to_string());
        name = inner(&name, &stage.to_string());
        found.push(Type { name: name.clone(), role: Role::Stage(path.clone()), source: stage.clone() });
    }
    match &operation.kind {
        Kind::Foreign(foreign) => {
            // the struct of a body is written for the network, in whichever part its field is
            let body = found.pop().filter(|_| foreign.steps.is_some());
            found.extend(body.map(|body| Type { name: foreign.path.last(), ..body }));
        }
        Kind::Layer { layer, .. } => {
            let parts = layer.parameters.iter().filter_map(|parameter| parameter.name.split_once('.'));
            found.extend(parts.filter_map(|(part, _)| {
                let (role, source) = (Role::Part(format!("{path}.{part}")), operation.path.last()?.clone());
                Some(Type { name: inner(&name, part), role, source })
            }));
        }
        Kind::Combine { .. } | Kind::Concat { .. } => {}
    }
    found
}

/// The type of an alias as the user writes it. This is no other alias: those end with a number.
pub fn as_written(alias: &Ident) -> Ident {
    format_ident!("{alias}_as_written")
}

/// The type of the frozen parameters inside of the type of an alias.
pub fn as_frozen(alias: &Ident) -> Ident {
    format_ident!("{alias}_frozen")
}

/// The type of an alias as a stage.
pub fn as_stage(alias: &Ident) -> Ident {
    format_ident!("{alias}_stage")
}

/// The type of an alias in a step of a sequence, at a stage.
pub fn as_steps(alias: &Ident, stage: &str) -> Ident {
    format_ident!("{alias}_steps_{stage}")
}

/// The network that the body of an `each` is: named as the struct of another structure would be.
pub fn body(network: &Ident, path: &[Ident]) -> Ident {
    path.iter().fold(network.clone(), |outer, stage| inner(&outer, &stage.to_string()))
}

/// The struct of a stage, or of a part of its parameters, inside of another: `LeNetConv1` for the stage `conv1` of `LeNet`.
pub fn inner(outer: &Ident, name: &str) -> Ident {
    format_ident!("{}{}", outer, camel_case(name), span = outer.span())
}

/// The name of a stage where names cannot be nested: `b` inside of `a` is called `a_b`.
pub fn flat_name(path: &[Ident]) -> String {
    path.iter().map(Ident::to_string).collect::<Vec<_>>().join("_")
}

impl KeptValue {
    /// The field of the value, in a workspace or in the state of a sequence.
    pub fn field(&self) -> Ident {
        format_ident!("__value_{}", flat_name(&self.path))
    }

    /// The method that reads the value.
    pub fn reader(&self) -> Ident {
        format_ident!("{}_value", flat_name(&self.path))
    }
}

impl Operation {
    /// Its name where names cannot be nested: the stage `b` inside of `a` is called `a_b`.
    pub fn flat_name(&self) -> String {
        flat_name(&self.path)
    }

    /// Where the frozen parameters of a network inside stand, among those of the network around it: in the stage's field, or, if
    /// the whole stage is frozen, in one beside it.
    pub fn frozen_path(&self) -> Vec<Ident> {
        let mut path = self.path.clone();
        if let Some(last) = path.last_mut().filter(|_| self.is_frozen) {
            *last = format_ident!("{last}_frozen");
        }
        path
    }

    /// The field of what it remembers, in a workspace or in the state of a sequence.
    pub fn memory(&self) -> Ident {
        format_ident!("__memory_{}", self.flat_name())
    }

    /// The field of what a block of steps writes inside of it, in a workspace.
    pub fn block_workspace(&self) -> Ident {
        format_ident!("__block_{}", self.flat_name())
    }

    /// The field of what it keeps for the user, in a workspace.
    pub fn kept(&self) -> Ident {
        format_ident!("__kept_{}", self.flat_name())
    }

    /// The method that reads what it keeps for the user.
    pub fn reader(&self) -> Ident {
        format_ident!("{}_weights", self.flat_name())
    }
}

/// The names of types that are taken in an invocation.
#[derive(Default)]
pub struct Taken(HashMap<String, Holder>);

/// What has a name.
pub struct Holder {
    pub what: What,
    /// The network that it is, or is written for.
    pub network: String,
}

/// What a name is of.
pub enum What {
    Network,
    Type(Role),
    /// A type of a network with mistakes.
    TypeOfMistaken,
}

/// What has a name as a message shows it.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Network => f.write_str("a network"),
            What::Type(role) => write!(f, "{role} of `{}`", self.network),
            What::TypeOfMistaken => write!(f, "a type of `{}`", self.network),
        }
    }
}

impl Taken {
    /// What has the name, if anything has it.
    pub fn get(&self, name: &str) -> Option<&Holder> {
        self.0.get(name)
    }

    /// Takes a name for a network, or for what is written for it, if the name is free.
    pub fn take(&mut self, name: &Ident, network: &Ident, what: What) -> bool {
        match self.0.entry(name.to_string()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(Holder { what, network: network.to_string() });
                true
            }
        }
    }
}

/// `Conv1` for `conv1`, `BatchNorm1d` for `batch_norm1d`. Digits stay apart, as in `Fc1_11` for `fc1_11`: `fc11_1` is another stage.
pub fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let is_digit = |letter: char| letter.is_ascii_digit();
        if camel.ends_with(is_digit) && word.starts_with(is_digit) {
            camel.push('_');
        }
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    camel
}

/// `my_encoder` for `MyEncoder`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (i, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && i > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
