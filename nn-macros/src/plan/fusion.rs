//! Calls that do the work of the call after them too.

use super::{Call, Function, Step};
use crate::model::{Graph, Kind};

/// The steps of a forward pass, where a relu is part of the call before it if that can write its output so.
pub(super) fn fuse(graph: &Graph, steps: &[Step]) -> Vec<Step> {
    let mut fused: Vec<Step> = Vec::new();
    for step in steps {
        match (fused.as_mut_slice(), step) {
            ([.., Step::Call(before)] | [.., Step::Call(before), Step::Watch(_)], Step::Call(call))
                if has_relu(graph, before, call) =>
            {
                before.function = Function::ForwardRelu;
            }
            // of two calls that have become one, which reports its output as that of the first
            ([.., Step::Watch(_)], Step::Watch(_)) => {}
            _ => fused.push(step.clone()),
        }
    }
    fused
}

/// Whether `call` is a relu of what `before` has written, and `before` can do it.
fn has_relu(graph: &Graph, before: &Call, call: &Call) -> bool {
    let kind = |call: &Call| &graph.operations[call.operation].kind;
    let (Kind::Layer { layer, .. }, Kind::Layer { keyword, .. }) = (kind(before), kind(call)) else { return false };
    layer.has_forward_relu
        && *keyword == "relu"
        && before.function == Function::Forward
        && before.operands.last() == call.operands.last()
}
