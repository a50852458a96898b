//! The rules that every network must keep. A rule has a name, and reads the model, its plans, and the names that are taken.
//!
//! Mistakes without which no graph can be made, such as an unknown layer, are found by `resolve`.

mod each;
mod frozen;
mod memory;
mod names;
mod shapes;
mod values;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostic, Report};
use crate::model::naming::{Names, Taken, What};
use crate::model::{Model, Operation, Pretrained};
use crate::plan::{Planned, Plans};
use crate::scope::{Scope, Signature};
use crate::weights;

/// A network that keeps all rules: what `expand` needs.
pub struct Checked {
    pub model: Model,
    pub plans: Plans,
    pub pretrained: Vec<Pretrained>,
    /// The bodies of its `each` stages.
    pub bodies: Vec<Self>,
}

impl Checked {
    /// What a later network needs to know of it.
    pub fn signature(&self) -> Signature {
        let Model { tensors, graph, .. } = &self.model;
        let needs_whole_batch = graph.operations.iter().any(Operation::needs_whole_batch);
        Signature { tensors: tensors.clone(), has_frozen: self.model.has_frozen(), needs_whole_batch }
    }
}

/// What a rule reads.
struct Subject<'a> {
    model: &'a Model,
    plans: &'a Plans,
    /// The names that earlier items have taken.
    taken: &'a Taken,
}

/// A rule: what holds for every network, and the function that finds the mistakes of a network for which it does not hold.
struct Rule {
    name: &'static str,
    check: fn(&Subject) -> Vec<Diagnostic>,
}

/// All rules. One mistake can break several rules of a row: only the first of them that is broken is reported.
const RULES: &[&[Rule]] = &[
    &[Rule { name: "a frozen stage has parameters", check: frozen::check_parameters }],
    &[Rule { name: "no stage of `each` needs the mini-batch", check: each::check_mini_batch }],
    &[Rule { name: "every value is taken", check: values::check_taken }],
    &[Rule { name: "the network makes its declared output", check: shapes::check_output }],
    &[Rule { name: "the passes have enough memory", check: memory::check_workspaces }],
    &[
        Rule { name: "each type has a name of its own", check: names::check_types },
        Rule { name: "stages differ in more than their nesting", check: names::check_flat_names },
    ],
    &[Rule { name: "each field of frozen parameters has a name of its own", check: names::check_frozen_fields }],
];

/// The mistakes of a network, each with the name of the rule that it breaks.
fn mistakes(subject: &Subject) -> Vec<(&'static str, Diagnostic)> {
    let of_rule = |rule: &Rule| (rule.name, (rule.check)(subject));
    let broken = RULES.iter().filter_map(|rules| rules.iter().map(of_rule).find(|(_, found)| !found.is_empty()));
    broken.flat_map(|(name, found)| found.into_iter().map(move |mistake| (name, mistake))).collect()
}

/// The checked network; `None` if it breaks a rule, or if its spec has a mistake. A mistake in a file of weights does not count:
/// the network expands without the file's values.
pub fn network(planned: Planned, scope: &mut Scope, report: &mut Report) -> Option<Checked> {
    let Planned { model, plans, bodies } = planned;
    let mut checked = Vec::new();
    for (body, is_again) in bodies.into_iter().zip(each::are_again(&model)) {
        // a mistake inside of a repeat is reported once, for its first turn
        checked.extend(if is_again && !report.is_empty() { None } else { network(body, scope, report) });
    }
    let subject = Subject { model: &model, plans: &plans, taken: &scope.taken };
    report.extend(mistakes(&subject).into_iter().map(|(_, mistake)| mistake));
    if !report.is_empty() {
        return None;
    }
    for written in Names::new(&model.name).types(&model, &model.graph.operations) {
        scope.taken.take(&written.name, &model.name, What::Type(written.role));
    }
    let pretrained = weights::read(&model);
    Some(Checked { model, plans, pretrained, bodies: checked })
}
