//! The tensors of a file, each in its stage.

use std::collections::HashSet;

use super::file::File;
use super::problem::{Problem, report};
use super::spec::{self, Inside};
use super::values::{by_columns, convert};
use crate::diagnostic::Diagnostic;
use crate::model::spec::Parameter;
use crate::model::{Kind, Model, Operation, StageValues, Stored, StoredTensor};

/// Values of the trained and of the frozen stages; `None` if the file has no tensor of that part.
pub fn fit(model: &Model, file: &File) -> Result<[Option<Vec<StageValues>>; 2], Diagnostic> {
    let mut fitting = Fitting { model, file, inside: None, taken: HashSet::new(), problems: Vec::new() };
    let stages = [false, true].map(|is_frozen| model.stages_of_part(is_frozen));
    let mut is_there = [0, 1].map(|part| stages[part].iter().any(|(_, operation)| fitting.has_any(operation)));
    if is_there == [false; 2] {
        is_there = [0, 1].map(|part| !stages[part].is_empty()); // all are missing
    }
    fitting.inside = spec::check(model, file, !is_there[0])?;
    let parts = [0, 1].map(|part| is_there[part].then(|| fitting.part(&stages[part])));
    for name in file.names() {
        if !fitting.taken.contains(name) {
            let shape = file.tensor(name).map(|tensor| tensor.shape().to_vec()).unwrap_or_default();
            fitting.problems.push((name.to_owned(), Problem::Unknown(shape)));
        }
    }
    if fitting.problems.is_empty() { Ok(parts) } else { Err(report(model, file, &fitting.problems)) }
}

impl Model {
    /// The stages with fields in the network, or in its frozen parameters, with their numbers.
    fn stages_of_part(&self, is_frozen: bool) -> Vec<(usize, &Operation)> {
        let operations = self.graph.operations.iter().enumerate();
        let is_in = |operation: &Operation| {
            operation.has_field && (operation.is_frozen == is_frozen || is_frozen && operation.has_frozen_part())
        };
        operations.filter(|(_, operation)| is_in(operation)).collect()
    }
}

struct Fitting<'a> {
    model: &'a Model,
    file: &'a File<'a>,
    /// What the file's description says of stages whose types are from elsewhere, if it has one.
    inside: Option<Inside>,
    /// The names of the tensors that have a place.
    taken: HashSet<String>,
    problems: Vec<(String, Problem)>,
}

impl Fitting<'_> {
    fn name(&self, operation: &Operation) -> &str {
        &self.model.rows[operation.row].name
    }

    /// The file's tensors that belong to a stage of a type from elsewhere, each by its name, and by that inside of the
    /// stage.
    fn inside(&self, operation: &Operation) -> Vec<(String, String)> {
        let stage = self.name(operation);
        let inside = |name: &str| name.strip_prefix(stage).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned);
        self.file.names().into_iter().filter_map(|name| Some((name.to_owned(), inside(name)?))).collect()
    }

    fn has_any(&self, operation: &Operation) -> bool {
        match &operation.kind {
            Kind::Layer { layer, .. } => {
                let name = |parameter: &Parameter| format!("{}.{}", self.name(operation), parameter.name);
                layer.parameters.iter().any(|parameter| self.file.tensor(&name(parameter)).is_some())
            }
            Kind::Foreign(_) => !self.inside(operation).is_empty(),
            Kind::Combine { .. } | Kind::Concat { .. } => false,
        }
    }

    fn part(&mut self, stages: &[(usize, &Operation)]) -> Vec<StageValues> {
        stages
            .iter()
            .map(|(index, operation)| StageValues { operation: *index, values: self.stage(operation) })
            .collect()
    }

    fn stage(&mut self, operation: &Operation) -> Stored {
        match &operation.kind {
            Kind::Layer { layer, .. } => {
                let values = layer.parameters.iter().map(|parameter| self.parameter(operation, parameter));
                Stored::Layer(values.flatten().flatten().collect())
            }
            Kind::Foreign(_) => {
                let inside = self.inside(operation);
                let tensors = inside.into_iter().filter_map(|(name, inside)| self.foreign(&name, inside)).collect();
                let lines = self.inside.as_ref().map(|inside| inside.get(&operation.row).cloned().unwrap_or_default());
                Stored::Foreign(tensors, lines)
            }
            Kind::Combine { .. } | Kind::Concat { .. } => Stored::Layer(Vec::new()),
        }
    }

    /// The values of a parameter in memory order.
    fn parameter(&mut self, operation: &Operation, parameter: &Parameter) -> Option<Vec<u8>> {
        let name = format!("{}.{}", self.name(operation), parameter.name);
        let Some(tensor) = self.file.tensor(&name) else {
            self.problems.push((name, Problem::Missing(parameter.shape.clone())));
            return None;
        };
        self.taken.insert(name.clone());
        if tensor.shape() != parameter.shape {
            self.problems.push((name, Problem::Shape(tensor.shape().to_vec(), parameter.shape.clone())));
            return None;
        }
        let values = self.values(&name)?;
        let is_ordered = parameter.is_transposed || parameter.columns.is_none();
        Some(if is_ordered { values } else { by_columns(&values, &parameter.shape, self.model.tensors.scalar) })
    }

    /// A tensor of a type from elsewhere, in both orders: which one that is, the compiler knows later.
    fn foreign(&mut self, name: &str, inside: String) -> Option<StoredTensor> {
        self.taken.insert(name.to_owned());
        let shape = self.file.tensor(name)?.shape().to_vec();
        let rows = self.values(name)?;
        let columns = by_columns(&rows, &shape, self.model.tensors.scalar);
        let columns = Some(columns).filter(|columns| *columns != rows);
        Some(StoredTensor { name: inside, shape, rows, columns })
    }

    fn values(&mut self, name: &str) -> Option<Vec<u8>> {
        let values = convert(self.file.tensor(name)?, self.model.tensors.scalar);
        values.map_err(|problem| self.problems.push((name.to_owned(), problem))).ok()
    }
}
