//! From a network on a sequence to the graph of one step: the same operations on frames, the values of one step.
//!
//! Time runs along a dimension of the input, and of what the stages make, until a stage such as `last` ends it: from there
//! on a step's value is what the whole sequence up to it gives.

use std::collections::BTreeSet;

use crate::model::spec::{Axis, Step};
use crate::model::{Broadcast, Foreign, Graph, Kind, Model, Operation, Row};

/// One step of a network.
pub struct Frames {
    /// The operations, in the network's own order; the values are frames, or whole where time has ended.
    pub graph: Graph,
    /// Of each output, whether it is one of the whole sequence.
    pub ended: Vec<bool>,
    /// What each output reads of the steps before the present one.
    pub past: Vec<Past>,
}

/// What a value reads of the steps before the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// How many of them; `None` for all.
    pub steps: Option<usize>,
    /// The rows of the stages of types from elsewhere that it depends on, which remember what nobody knows here.
    pub stages: BTreeSet<usize>,
}

impl Frames {
    /// The values of a frame of each input.
    pub fn inputs(&self) -> Vec<usize> {
        (0..self.graph.inputs.len()).map(|input| self.graph.values[input]).collect()
    }

    /// The values that a step makes for each output.
    pub fn outputs(&self) -> Vec<usize> {
        self.graph.outputs.values().iter().map(|output| self.graph.values[*output]).collect()
    }
}

/// Why a network cannot work step by step.
pub struct Obstacle {
    /// The stage or input, in backticks.
    pub stage: String,
    /// What it does.
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
            let stage = match (model.row(stopped.row), model.tensors.inputs.names().nth(stopped.row)) {
                (Some(row), _) => format!("stage {}", stage(row)),
                (None, Some(input)) => format!("input `{input}`"),
                (None, None) => "input".into(),
            };
            Err(Obstacle { stage, reason: stopped.reason })
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
    /// It does not: the value is the same at each step, as an input that is no sequence is.
    Constant,
}

/// How time runs through the inputs and through what each row makes, by their numbers.
struct Times {
    steps: usize,
    times: Vec<Time>,
}

/// What a sequence cannot go through step by step, by its number.
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
    /// How time runs if it does so along this dimension of the inputs that are sequences. The others are the same at each step.
    fn of(model: &Model, axis: Axis) -> Result<Self, Stopped> {
        let inputs = &model.tensors.inputs.0;
        let mut found = Self { steps: 0, times: Vec::new() };
        for (number, (input, is_sequence)) in inputs.iter().zip(model.sequences()).enumerate() {
            if !is_sequence {
                found.times.push(Time::Constant);
                continue;
            }
            let is_first = input.element.is_index() || input.shape.rank() > 2;
            let axis = if is_first { Axis::First } else { axis };
            let steps = input.shape.sizes()[axis.dimension()];
            if found.steps > 0 && found.steps != steps {
                let reason = format!("has {steps} steps, and the inputs before it {}", found.steps);
                return Err(Stopped { row: number, reason });
            }
            found.steps = steps;
            found.times.push(Time::Along(axis));
        }
        for (row, number) in model.rows.iter().zip(inputs.len()..) {
            let operation = row.operation.map(|operation| &model.graph.operations[operation]);
            let time = found.after(model, row, operation).map_err(|reason| Stopped { row: number, reason })?;
            found.times.push(time);
        }
        Ok(found)
    }

    /// How time runs through what a row makes, or what the row does that does not work step by step.
    fn after(&self, model: &Model, row: &Row, operation: Option<&Operation>) -> Result<Time, String> {
        let times = row.inputs.iter().map(|input| self.times[*input]);
        let time = times.clone().find(|time| *time != Time::Constant).unwrap_or(Time::Constant);
        let is_combination = matches!(operation.map(|operation| &operation.kind), Some(Kind::Combine { .. }));
        let goes_along = |(input, other): (&usize, Time)| match (other, time) {
            (Time::Constant, Time::Along(axis)) => {
                // what has one step is repeated at each
                let steps = model.shape(*input).and_then(|shape| shape.sizes().get(axis.dimension()));
                is_combination && steps == Some(&1)
            }
            (Time::Constant, _) => true,
            (other, time) => other == time,
        };
        if let Some(Kind::Layer { layer, .. }) = operation.map(|operation| &operation.kind)
            && let (Step::Never(reason), Time::Along(_)) = (&layer.calls.step, time)
        {
            return Err((*reason).to_owned());
        }
        if !row.inputs.iter().zip(times).all(goes_along) {
            return Err("takes values through which time runs differently".into());
        }
        let Time::Along(axis) = time else { return Ok(time) };
        let time = match operation.map(|operation| &operation.kind) {
            None if row.input == row.output => time,
            Some(Kind::Concat { .. }) if joined_dimension(row) == axis.dimension() => {
                return Err("joins sequences one after the other".into());
            }
            Some(Kind::Combine { .. } | Kind::Concat { .. }) => time,
            Some(Kind::Foreign(Foreign { steps: Some(_), .. })) if axis == Axis::First => time,
            Some(Kind::Foreign(Foreign { steps: Some(_), .. })) => {
                return Err(format!("takes [steps, ..], but time runs as in {}", axis.form()));
            }
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
        let mut graph = model.graph.clone();
        let inputs = graph.inputs.len();
        for (value, time) in graph.values.iter_mut().zip(&self.times[..inputs]) {
            if let Time::Along(_) = time {
                *value /= self.steps;
            }
        }
        for (row, time) in model.rows.iter().zip(&self.times[inputs..]) {
            let Some(operation) = row.operation.map(|operation| &mut graph.operations[operation]) else { continue };
            if let Time::Along(_) = time {
                graph.values[operation.output] /= self.steps;
            }
            match &mut operation.kind {
                // along the last dimension, what is joined stands side by side in a frame
                Kind::Concat { pieces } => match time {
                    Time::Along(Axis::First) => *pieces /= self.steps,
                    Time::Along(Axis::Last) => *pieces = 1,
                    Time::Ended | Time::Constant => {}
                },
                Kind::Combine { broadcasts, .. } => {
                    if let Time::Along(axis) = time {
                        *broadcasts =
                            row.inputs.iter().map(|input| frame_broadcast(model, *input, row, *axis)).collect();
                    }
                }
                // after the end of time a layer runs as in evaluation mode
                Kind::Layer { layer, .. } if !matches!(self.times[row.inputs[0]], Time::Along(_)) => {
                    layer.calls.step = Step::Each;
                }
                Kind::Foreign(foreign) if matches!(time, Time::Along(_)) && foreign.steps.is_some() => {
                    foreign.on_one_step();
                }
                Kind::Foreign(foreign) if matches!(time, Time::Along(_)) => {
                    foreign.frame = Some([row.input.len() / self.steps, row.output.len() / self.steps]);
                }
                _ => {}
            }
        }
        let has_ended = |output: &usize| !matches!(self.times[*output], Time::Along(_));
        let ended = model.output_rows.iter().map(has_ended).collect();
        let past = pasts(&graph);
        Frames { graph, ended, past }
    }
}

/// What each output reads of the steps before the present one.
fn pasts(frames: &Graph) -> Vec<Past> {
    let mut pasts = vec![Past { steps: Some(0), stages: BTreeSet::new() }; frames.values.len()];
    for operation in &frames.operations {
        let inputs = operation.inputs.iter().map(|input| &pasts[*input]);
        let mut steps = inputs.clone().map(|past| past.steps).try_fold(0, |most: usize, steps| Some(most.max(steps?)));
        let mut stages: BTreeSet<_> = inputs.flat_map(|past| &past.stages).copied().collect();
        match &operation.kind {
            Kind::Layer { layer, .. } => {
                if let Step::Call { memory: Some(memory), .. } = layer.calls.step {
                    steps = steps.zip(memory.past).map(|(before, own)| before.saturating_add(own));
                }
            }
            Kind::Foreign(foreign) if foreign.frame.is_some() => {
                stages.insert(operation.row);
            }
            _ => {}
        }
        pasts[operation.output] = Past { steps, stages };
    }
    frames.outputs.values().iter().map(|output| pasts[*output].clone()).collect()
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
    let [input, output] = [model.shape(input)?, &row.output].map(|shape| {
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
