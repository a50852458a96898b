//! What can be wrong with a tensor of a file, in words.

use std::fmt::Write as _;

use super::file::File;
use crate::diagnostic::Diagnostic;
use crate::model::Model;

/// A problem of one tensor.
pub enum Problem {
    /// Its shape in the file, and in the network.
    Shape(Vec<usize>, Vec<usize>),
    /// The network has it, in this shape, but not the file.
    Missing(Vec<usize>),
    /// The file has it, in this shape, but not the network.
    Unknown(Vec<usize>),
    /// The type of its values is not converted.
    Dtype(String),
    /// A value that is not finite, or not in the network's type.
    Value { index: Vec<usize>, value: f64 },
}

impl Problem {
    /// A sentence about the tensor; `there` is where the file stands in it, `here` the network.
    fn text(&self, name: &str, there: &str, here: &str, scalar: &str) -> String {
        match self {
            Self::Shape(theirs, ours) => format!("`{name}` has shape {theirs:?}{there}, but {ours:?} in {here}"),
            Self::Missing(shape) => format!("`{name}` of shape {shape:?} is missing{there}"),
            Self::Unknown(shape) => format!("`{name}` of shape {shape:?}{there} belongs to no stage of {here}"),
            Self::Dtype(dtype) => {
                format!("`{name}`{there} has values of type `{dtype}`, which are not converted to `{scalar}`")
            }
            Self::Value { index, value } if value.is_finite() => {
                format!("`{name}`{there} is {value:e} at index {index:?}, too large for `{scalar}`")
            }
            Self::Value { index, value } => {
                let value = if value.is_nan() { "NaN" } else { "infinite" };
                format!("`{name}`{there} is {value} at index {index:?}")
            }
        }
    }
}

/// How many problems are shown.
const MOST: usize = 12;

/// One error for all tensors that are wrong.
pub fn report(model: &Model, file: &File, problems: &[(String, Problem)]) -> Diagnostic {
    let (path, network, scalar) = (&file.path, format!("`{}`", model.name), model.tensors.scalar.name());
    let error = match problems {
        [(name, problem)] => {
            let from = if matches!(problem, Problem::Missing(_)) { "from" } else { "in" };
            Diagnostic::new(file.span, problem.text(name, &format!(" {from} `{path}`"), &network, scalar))
        }
        problems => {
            let error = format!("{} tensors of `{path}` and {network} do not fit", problems.len());
            let mut note = String::new();
            for (index, (name, problem)) in problems.iter().take(MOST).enumerate() {
                let separator = if index == 0 { "" } else { ",\n      " };
                let there = if matches!(problem, Problem::Shape(..)) { " in the file" } else { "" };
                let _ = write!(note, "{separator}{}", problem.text(name, there, "the network", scalar));
            }
            if problems.len() > MOST {
                let _ = write!(note, ",\n      and {} more", problems.len() - MOST);
            }
            Diagnostic::new(file.span, error).note(note)
        }
    };
    error.help(help(problems))
}

/// What to do, for the first problem that tells.
fn help(problems: &[(String, Problem)]) -> String {
    let renamed = problems.iter().find_map(|(here, problem)| {
        let Problem::Missing(shape) = problem else { return None };
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        let is_meant = |there: &&(String, Problem)| {
            matches!(&there.1, Problem::Unknown(theirs) if theirs == shape) && last(&there.0) == last(here)
        };
        problems.iter().find(is_meant).map(|(there, _)| (here, there))
    });
    if let Some((here, there)) = renamed {
        return format!(
            "if `{there}` is meant to be `{here}`, rename it before it is saved, or name the stages as the modules are \
             named in PyTorch"
        );
    }
    problems.iter().map(|(_, problem)| problem).map(advice).next().unwrap_or_default()
}

fn advice(problem: &Problem) -> String {
    match problem {
        Problem::Shape(theirs, ours) if theirs.iter().rev().eq(ours) && ours.len() == 2 => {
            "save its transpose: PyTorch's weights are [outputs, inputs]".to_owned()
        }
        Problem::Shape(..) => {
            "give the stage the sizes that it had when the file was saved, or train the network and save it again"
                .to_owned()
        }
        Problem::Missing(_) => "save the whole network: from Rust with `network.save(path)`, from PyTorch with \
             `safetensors.torch.save_file(model.state_dict(), path)`"
            .to_owned(),
        Problem::Unknown(_) => "add its stage to the network, or save the file without it".to_owned(),
        Problem::Dtype(_) => "convert it before it is saved: in PyTorch, `tensor.float()`".to_owned(),
        Problem::Value { value, .. } if value.is_finite() => {
            "compute in `f64`: declare the input and the output as `f64`".to_owned()
        }
        Problem::Value { .. } => "save a network whose training did not diverge".to_owned(),
    }
}
