//! Values combined element by element, forward and backward.

use super::backward::Flow;
use super::planner::{Buffer, Planner};
use super::{Each, Spread, Step};
use crate::model::{Broadcast, Combination};

impl Combination {
    /// What combines the result so far with another value.
    const fn function(self) -> Each {
        match self {
            Self::Sum => Each::Add,
            Self::Difference => Each::Subtract,
            Self::Product => Each::Multiply,
        }
    }
}

impl Planner<'_> {
    /// Combines the inputs of an operation; the buffer of what it makes.
    pub(super) fn combine_values(
        &mut self,
        index: usize,
        combination: Combination,
        broadcasts: &[Option<Broadcast>],
    ) -> Buffer {
        let operation = &self.graph.operations[index];
        let mut whole = (0..operation.inputs.len()).filter(|place| broadcasts[*place].is_none());
        let target = match combination {
            Combination::Difference => 0,
            // where there is a choice, the result is written over a value that nobody needs any more
            Combination::Sum | Combination::Product => {
                let first = whole.clone().next().unwrap_or(0);
                whole.find(|place| self.is_last_use(index, *place)).unwrap_or(first)
            }
        };
        let to = match &broadcasts[target] {
            None => self.owned(index, target),
            Some(broadcast) => self.expanded(index, target, broadcast),
        };
        for place in (0..operation.inputs.len()).filter(|place| *place != target) {
            let from = self.operand(index, place, broadcasts);
            let columns = self.graph.values[operation.output];
            self.push(Step::Each { function: combination.function(), from, to, columns });
        }
        to
    }

    /// Contributes to the gradients of these inputs of an operation, by their places.
    pub(super) fn combination_gradients(
        &mut self,
        index: usize,
        combination: Combination,
        broadcasts: &[Option<Broadcast>],
        (places, gradient): (&[usize], Buffer),
        flow: &mut Flow,
    ) {
        let operation = &self.graph.operations[index];
        for (number, place) in places.iter().enumerate() {
            let of_whole = match combination {
                Combination::Difference if *place > 0 => self.made(Each::Negate, gradient),
                Combination::Sum | Combination::Difference => gradient,
                Combination::Product => {
                    let is_free = number + 1 == places.len() && flow.is_alone(gradient);
                    let product = if is_free { gradient } else { self.copy(gradient) };
                    for other in (0..operation.inputs.len()).filter(|other| other != place) {
                        let from = self.operand(index, other, broadcasts);
                        let columns = self.graph.values[operation.output];
                        self.push(Step::Each { function: Each::Multiply, from, to: product, columns });
                        self.reads[self.values[operation.inputs[other]]].backward -= 1;
                    }
                    product
                }
            };
            let value = operation.inputs[*place];
            let contribution = broadcasts[*place].as_ref().map_or(of_whole, |broadcast| {
                let columns = [value, operation.output].map(|value| self.graph.values[value]);
                let own = self.buffer(columns[0]);
                self.push(Step::Reduce(Spread { own, whole: of_whole, columns, broadcast: broadcast.clone() }));
                own
            });
            flow.contribute(value, contribution);
        }
    }

    /// The buffer of an operation's input in the shape of the output.
    fn operand(&mut self, index: usize, place: usize, broadcasts: &[Option<Broadcast>]) -> Buffer {
        match &broadcasts[place] {
            None => self.values[self.graph.operations[index].inputs[place]],
            Some(broadcast) => self.expanded(index, place, broadcast),
        }
    }

    /// A buffer with an operation's input, repeated until it fills the output's shape.
    fn expanded(&mut self, index: usize, place: usize, broadcast: &Broadcast) -> Buffer {
        let operation = &self.graph.operations[index];
        let value = operation.inputs[place];
        let columns = [value, operation.output].map(|value| self.graph.values[value]);
        let whole = self.buffer(columns[1]);
        self.push(Step::Expand(Spread { own: self.values[value], whole, columns, broadcast: broadcast.clone() }));
        whole
    }
}
