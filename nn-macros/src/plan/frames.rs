//! From a network on a sequence to the graph of one step: the same operations on frames, the values of one step.
//!
//! Time runs along a dimension of the input, and of what the stages make, until a stage such as `last` ends it: from there
//! on a step's value is what the whole sequence up to it gives.

use crate::model::spec::{Axis, Step};
use crate::model::{Broadcast, Graph, Kind, Model, Operation, Row};

/// One step of a network.
pub struct Frames {
    /// The operations, in the network's own order; the values are frames, or whole where time has ended.
    pub graph: Graph,
    /// Whether the output is one of the whole sequence.
    pub has_ended: bool,
}

impl Frames {
    /// The values of a frame of the input.
    pub fn inputs(&self) -> usize {
        self.graph.values[0]
    }

    /// The values that a step makes.
    pub fn outputs(&self) -> usize {
        self.graph.values[self.graph.output]
    }
}

/// Why a network cannot work step by step.
pub struct Obstacle {
    /// The stage, in backticks.
    pub stage: String,
    /// What the stage does.
    pub reason: String,
}

/// The network step by step.
///
/// Time runs along the first dimension or along the last, as the stages allow; where neither does, the obstacle is the one
/// that is met later.
pub fn frames(model: &Model) -> Result<Frames, Obstacle> {
    let found = [Axis::First, Axis::Last].map(|axis| Times::of(model, axis));
    match found {
        [Ok(times), _] | [_, Ok(times)] => Ok(times.frames(model)),
        [Err(first), Err(last)] => {
            let stopped = if last.row > first.row { last } else { first };
            let row = &model.rows[stopped.row];
            Err(Obstacle { stage: stage(row), reason: stopped.reason })
        }
    }
}

/// The name of a stage, and its keyword if the name does not tell.
fn stage(row: &Row) -> String {
    let Row { name, keyword, .. } = row;
    let own = name.rsplit('.').next().unwrap_or(name);
    let is_numbered = own.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '_') == keyword;
    if is_numbered { format!("`{name}`") } else { format!("`{name}` (`{keyword}`)") }
}

/// How time runs through a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Time {
    Along(Axis),
    Ended,
}

/// How time runs through the input and through what each row makes.
struct Times {
    steps: usize,
    times: Vec<Time>,
}

/// The row that a sequence cannot go through step by step.
struct Stopped {
    row: usize,
    reason: String,
}

impl Axis {
    const fn dimension(self) -> usize {
        match self {
            Self::First => 0,
            Self::Last => 1,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::First => Self::Last,
            Self::Last => Self::First,
        }
    }

    /// The form of what has time along this dimension.
    const fn form(self) -> &'static str {
        match self {
            Self::First => "[steps, features]",
            Self::Last => "[channels, length]",
        }
    }
}

impl Times {
    /// How time runs if it does so along this dimension of the input.
    fn of(model: &Model, axis: Axis) -> Result<Self, Stopped> {
        let steps = model.tensors.input.sizes().get(axis.dimension()).copied();
        let mut found = Self { steps: steps.unwrap_or(0), times: vec![Time::Along(axis)] };
        for (index, row) in model.rows.iter().enumerate() {
            let operation = row.operation.map(|operation| &model.graph.operations[operation]);
            let time = found.after(row, operation).map_err(|reason| Stopped { row: index, reason })?;
            found.times.push(time);
        }
        Ok(found)
    }

    /// How time runs through what a row makes, or what the row does that does not work step by step.
    fn after(&self, row: &Row, operation: Option<&Operation>) -> Result<Time, String> {
        let time = self.times[row.inputs[0]];
        if row.inputs.iter().any(|input| self.times[*input] != time) {
            return Err("takes values through which time runs differently".into());
        }
        let Time::Along(axis) = time else { return Ok(time) };
        let time = match operation.map(|operation| &operation.kind) {
            None if row.input == row.output => time,
            Some(Kind::Concat { .. }) if joined_dimension(row) == axis.dimension() => {
                return Err("joins sequences one after the other".into());
            }
            Some(Kind::Combine { .. } | Kind::Concat { .. }) => time,
            // the compiler finds out whether the type has a step
            Some(Kind::Foreign(foreign))
                if foreign.element.is_index() || row.output.sizes().len() == row.input.sizes().len() =>
            {
                time
            }
            None | Some(Kind::Foreign(_)) => return Err("gives the sequence another shape".into()),
            Some(Kind::Layer { layer, .. }) => after_layer(&layer.calls.step, axis)?,
        };
        match time {
            Time::Along(axis) if row.output.sizes().get(axis.dimension()) != Some(&self.steps) => {
                Err("changes the number of steps".into())
            }
            time => Ok(time),
        }
    }

    /// The graph of one step.
    fn frames(&self, model: &Model) -> Frames {
        let Graph { operations, values, output } = &model.graph;
        let mut graph = Graph { operations: operations.clone(), values: values.clone(), output: *output };
        graph.values[0] /= self.steps;
        for (row, time) in model.rows.iter().zip(&self.times[1..]) {
            let Some(operation) = row.operation.map(|operation| &mut graph.operations[operation]) else { continue };
            if let Time::Along(_) = time {
                graph.values[operation.output] /= self.steps;
            }
            match &mut operation.kind {
                // what is joined stands side by side in a frame
                Kind::Concat { pieces } if *time != Time::Ended => *pieces = 1,
                Kind::Combine { broadcasts, .. } => {
                    if let Time::Along(axis) = time {
                        *broadcasts =
                            row.inputs.iter().map(|input| frame_broadcast(model, *input, row, *axis)).collect();
                    }
                }
                // after the end of time a layer runs as in evaluation mode
                Kind::Layer { layer, .. } if self.times[row.inputs[0]] == Time::Ended => layer.calls.step = Step::Each,
                Kind::Foreign(foreign) if *time != Time::Ended => {
                    foreign.frame = Some([row.input.len() / self.steps, row.output.len() / self.steps]);
                }
                _ => {}
            }
        }
        Frames { graph, has_ended: self.times[model.output_row] == Time::Ended }
    }
}

/// How time runs through what a layer makes of a value through which it runs along `axis`.
fn after_layer(step: &Step, axis: Axis) -> Result<Time, String> {
    match step {
        Step::Never(reason) => Err((*reason).to_owned()),
        Step::Each => Ok(Time::Along(axis)),
        Step::Infer(needed) | Step::Call { axis: needed, .. } if *needed == axis => Ok(Time::Along(axis)),
        Step::Transpose => Ok(Time::Along(axis.other())),
        Step::Last if axis == Axis::First => Ok(Time::Ended),
        Step::Infer(_) | Step::Call { .. } | Step::Last => {
            Err(format!("takes {}, but time runs as in {}", axis.other().form(), axis.form()))
        }
    }
}

/// How the frames of an input of a row are broadcast to those of its output.
fn frame_broadcast(model: &Model, input: usize, row: &Row, axis: Axis) -> Option<Broadcast> {
    let input = model.rows.get(input.wrapping_sub(1)).map_or(&model.tensors.input, |row| &row.output);
    let [input, output] = [input, &row.output].map(|shape| {
        let mut sizes = shape.sizes().to_vec();
        sizes.remove(axis.dimension());
        sizes
    });
    Broadcast::between(&input, &output)
}

/// The dimension along which a row joins its inputs.
fn joined_dimension(row: &Row) -> usize {
    let sizes = row.input.sizes().iter().zip(row.output.sizes());
    sizes.take_while(|(input, output)| input == output).count()
}
