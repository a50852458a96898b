//! Names as values: the name of an earlier stage stands for what it made.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::{Walk, names::path};
use crate::ast::{Keyword, Stage};
use crate::diagnostic::Diagnostic;
use crate::layers;
use crate::model::ShapeHistory;
use crate::model::builder::Value;

/// What the stages so far have made, by the stages' full names.
#[derive(Default)]
pub struct Values(HashMap<String, Kept>);

/// What a stage has made.
struct Kept {
    /// The layer of the stage, as it is written.
    layer: String,
    /// `None` after a mistake.
    made: Option<Made>,
}

/// A value, and the shapes that led to it.
#[derive(Clone)]
struct Made {
    value: Value,
    shapes: ShapeHistory,
}

impl Walk<'_> {
    /// Keeps what the stage of this name has made.
    pub(super) fn keep(&mut self, name: &Ident, layer: &str) {
        let shapes = self.builder.as_ref().map(|builder| builder.shapes.clone());
        let made = self.current.clone().zip(shapes).map(|(value, shapes)| Made { value, shapes });
        self.values.0.insert(format!("{}.{name}", path(&self.namespace)), Kept { layer: layer.to_owned(), made });
    }

    /// Whether a word stands for a value: it is no keyword, and an earlier stage has the name.
    pub(super) fn is_value(&self, word: &Ident) -> bool {
        !layers::keywords().any(|keyword| word == keyword) && self.kept(word).is_some()
    }

    /// A word that is a keyword, and also the name of an earlier stage of another layer, is a mistake: nobody knows which is meant.
    pub(super) fn check_keyword(&mut self, keyword: &Keyword) {
        let Keyword { name, options, body, .. } = keyword;
        let is_bare = options.is_empty() && body.is_none() && layers::keywords().any(|keyword| name == keyword);
        if is_bare && self.kept(name).is_some_and(|kept| name != &kept.layer) {
            let error = format!("`{name}` is a layer, and the name of an earlier stage");
            self.report.push(Diagnostic::new(name.span(), error).help("give the stage another name"));
            self.current = None;
        }
    }

    /// What a name stands for: the innermost stage of that name, seen from where the walk is.
    fn kept(&self, name: &Ident) -> Option<&Kept> {
        let depths = (0..=self.namespace.len()).rev();
        depths.map(|depth| path(&self.namespace[..depth])).find_map(|path| {
            let turns = (0..=self.turns.len()).rev();
            turns.map(|turns| self.in_turns(name, turns)).find_map(|name| self.values.0.get(&format!("{path}.{name}")))
        })
    }

    /// Goes on with the value that a name stands for, and with what the stages behind it make of that.
    pub(super) fn take(&mut self, keyword: &Keyword, namespace: Option<Ident>, is_frozen: bool) {
        let name = &keyword.name;
        let made = self.kept(name).and_then(|kept| kept.made.clone());
        // after a mistake nothing more is inferred
        self.current = self.current.take().and(made).map(|made| {
            self.builder.iter_mut().for_each(|builder| builder.shapes = made.shapes.clone());
            made.value
        });
        if let Some(more) = keyword.more {
            let error = Diagnostic::new(more, format!("`{name}` is the value of a stage, which takes no options"));
            self.report.push(error.help(format!("write the stages that take it in braces: `{name} {{ relu }}`")));
            self.current = None;
        }
        let Some(body) = &keyword.body else { return };
        let stages = body.branches.first().filter(|stages| !body.has_brackets && !stages.is_empty());
        let Some(stages) = stages else {
            let what = if body.has_brackets { "branches in brackets" } else { "none" };
            let error = Diagnostic::new(name.span(), format!("the value `{name}` is taken by stages, but has {what}"));
            self.report.push(error.help(format!("write `{name} {{ linear(8), relu }}`, or `{name}` for the value alone")));
            return self.current = None;
        };
        self.enter(namespace, is_frozen, |walk| walk.stages(stages));
    }

    /// What is wrong with a word that is neither a keyword nor the name of a value here, if a stage has the name.
    pub(super) fn no_value(&self, keyword: &Keyword) -> Option<Diagnostic> {
        let name = &keyword.name;
        let error = |error: String, help: String| Some(Diagnostic::new(name.span(), error).help(help));
        if self.around.contains(name) {
            return error(
                format!("the stage `{name}` takes its own value"),
                "let it take the value of an earlier stage".into(),
            );
        }
        let ending = format!(".{name}");
        if let Some(inside) = self.values.0.keys().filter(|path| path.ends_with(&ending)).min() {
            let structure = inside.trim_end_matches(&ending).trim_start_matches('.');
            return error(
                format!("the stage `{name}` is inside of `{structure}`, and its value is not known here"),
                format!("take the value of `{structure}`, or write the stages without the name `{structure}`"),
            );
        }
        is_called(self.all, name).then(|| {
            Diagnostic::new(name.span(), format!("the value `{name}` is taken before it is made"))
                .help(format!("write the stage `{name}` before those that take it"))
        })
    }
}

/// Whether a stage has the name.
fn is_called(stages: &[Stage], name: &Ident) -> bool {
    stages.iter().any(|stage| {
        stage.name.as_ref().is_some_and(|written| written == name)
            || stage.layer.inner().iter().any(|stages| is_called(stages, name))
    })
}
