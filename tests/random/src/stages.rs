//! Lists of stages: layers, structures, earlier networks, and what leads from one shape to another.

use super::layers::{Layer, TABLE};
use super::numbers::Random;

/// The most values that a sample has anywhere, so that the networks compile quickly.
const MOST_VALUES: usize = 36;

/// Names for stages, each used once in a network. None is what a stage without a name could be called.
const NAMES: &[&str] = &[
    "fc", "first", "final_", "encoder", "head", "body", "cell", "gate", "middle", "outer", "left", "right", "type_of",
    "query", "key", "value", "mixed", "input", "output", "isa",
];

/// An earlier network of the invocation, to be used as a layer.
#[derive(Debug)]
pub struct Earlier {
    pub name: String,
    pub input: Vec<usize>,
    pub output: Vec<usize>,
    pub has_parameters: bool,
    /// Whether it takes statistics over a mini-batch.
    pub has_statistics: bool,
}

/// Writes the stages of one network.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Writer<'r> {
    pub random: &'r mut Random,
    /// The shape after the last stage.
    pub shape: Vec<usize>,
    pub earlier: &'r [Earlier],
    /// Whether stages may be frozen.
    pub may_freeze: bool,
    pub has_parameters: bool,
    names: Vec<&'static str>,
    /// The names in scope, with the shapes of what they stand for.
    values: Vec<(&'static str, Vec<usize>)>,
    depth: usize,
    /// Whether a structure around the stage is frozen.
    is_frozen: bool,
    /// Whether an `each` is around the stage, where nothing takes statistics over a mini-batch.
    is_in_each: bool,
    has_trained: bool,
    pub has_statistics: bool,
}

impl<'r> Writer<'r> {
    pub fn new(random: &'r mut Random, shape: Vec<usize>, earlier: &'r [Earlier], may_freeze: bool) -> Self {
        let mut names = NAMES.to_vec();
        random.shuffle(&mut names);
        Self {
            random,
            shape,
            earlier,
            may_freeze,
            has_parameters: false,
            names,
            values: Vec::new(),
            depth: 0,
            is_frozen: false,
            is_in_each: false,
            has_trained: false,
            has_statistics: false,
        }
    }

    /// Any stages.
    pub fn stages(&mut self, number: usize) -> Vec<String> {
        (0..number).map(|_| self.stage()).collect()
    }

    fn stage(&mut self) -> String {
        match self.random.below(if self.depth < 2 { 19 } else { 10 }) {
            0..5 => self.layer(|layer| layer.has_parameters),
            5..10 => self.layer(|_| true),
            10 | 11 => self.residual(),
            12 => self.combine(),
            13 => self.concat(),
            14 => self.repeat(),
            15 | 16 if self.shape.len() > 1 => self.each(),
            17 => self.parts().unwrap_or_else(|| self.residual()),
            _ if self.is_frozen => self.residual(),
            _ => {
                let fits = |place: &usize| !(self.is_in_each && self.earlier[*place].has_statistics);
                let places: Vec<_> = (0..self.earlier.len()).filter(fits).collect();
                if places.is_empty() {
                    return self.residual();
                }
                let place = self.random.of(&places);
                self.network(place).join(", ")
            }
        }
    }

    /// A layer for the shape at hand.
    fn layer(&mut self, is_wanted: impl Fn(&Layer) -> bool) -> String {
        let rank = self.shape.len();
        let fits = |layer: &&Layer| {
            let is_refused = layer.takes_indices || self.is_in_each && layer.has_statistics();
            layer.takes(rank) && !is_refused && is_wanted(layer)
        };
        let mut fitting: Vec<_> = TABLE.iter().filter(fits).collect();
        if fitting.is_empty() {
            fitting = TABLE.iter().filter(|layer| layer.keyword == "tanh").collect();
        }
        loop {
            let layer = self.random.of(&fitting);
            if let Some(text) = self.try_layer(layer) {
                return text;
            }
        }
    }

    /// The layer with options for the shape at hand, if those that are drawn fit.
    pub fn try_layer(&mut self, layer: &Layer) -> Option<String> {
        let (options, output) = layer.draw(self.random, &self.shape)?;
        if output.iter().product::<usize>() > MOST_VALUES {
            return None;
        }
        self.shape = output;
        self.has_statistics |= layer.has_statistics();
        let is_frozen = layer.has_parameters && self.freezes();
        self.count(layer.has_parameters, is_frozen);
        let before = layer.behind.map_or_else(String::new, |stage| format!("{stage}, "));
        let text = format!("{}{options}", layer.keyword);
        Some(before + &self.dress(text, 3, is_frozen, true))
    }

    /// An earlier network, behind what leads to its input.
    pub fn network(&mut self, place: usize) -> Vec<String> {
        let Earlier { name, input, output, has_parameters, has_statistics } = &self.earlier[place];
        self.has_statistics |= has_statistics;
        let mut stages = self.lead_to(input);
        // Nothing before a frozen network may be trained, in another turn of a repeat neither.
        let is_frozen = *has_parameters && self.depth == 0 && !self.has_trained && self.freezes();
        self.count(*has_parameters, is_frozen);
        self.shape.clone_from(output);
        stages.push(self.dress(name.clone(), 2, is_frozen, true));
        stages
    }

    /// Stages whose output has this shape.
    pub fn lead_to(&mut self, target: &[usize]) -> Vec<String> {
        let mut stages = Vec::new();
        let sizes = |shape: &[usize]| shape.iter().product::<usize>();
        if self.shape == target {
            return stages;
        }
        if let ([steps, _], [same, features]) = (&self.shape[..], target)
            && steps == same
        {
            stages.push(self.plain(format!("linear({features})"), target));
            return stages;
        }
        if sizes(&self.shape) != sizes(target) {
            if self.shape.len() > 1 {
                stages.push("flatten".to_owned());
            }
            let features = sizes(target);
            stages.push(self.plain(format!("linear({features})"), &[features]));
        }
        if self.shape != target {
            stages.push(format!("reshape({target:?})"));
            self.shape = target.to_vec();
        }
        stages
    }

    fn plain(&mut self, text: String, output: &[usize]) -> String {
        self.shape = output.to_vec();
        let is_frozen = self.freezes();
        self.count(true, is_frozen);
        self.dress(text, 6, is_frozen, true)
    }

    fn residual(&mut self) -> String {
        let shape = self.shape.clone();
        self.structure("residual", |writer| {
            let number = writer.random.within(1, 2);
            let mut stages = writer.stages(number);
            stages.extend(writer.lead_to(&shape));
            format!("{{ {} }}", stages.join(", "))
        })
    }

    fn repeat(&mut self) -> String {
        // nine batch normalisations of one constant would multiply a gradient by 1e13
        let most = if self.depth == 0 { 3 } else { 2 };
        let (shape, times) = (self.shape.clone(), self.random.within(1, most));
        self.structure("repeat", |writer| {
            let number = writer.random.within(1, 2);
            let mut stages = writer.stages(number);
            stages.extend(writer.lead_to(&shape));
            format!("({times}) {{ {} }}", stages.join(", "))
        })
    }

    /// A network on every step, which sees no value from around it.
    fn each(&mut self) -> String {
        let (steps, around) = (self.shape[0], std::mem::take(&mut self.values));
        let was_in_each = std::mem::replace(&mut self.is_in_each, true);
        let text = self.structure("each", |writer| {
            writer.shape.remove(0);
            let number = writer.random.within(1, 2);
            let stages = writer.stages(number);
            writer.shape.insert(0, steps);
            format!("{{ {} }}", stages.join(", "))
        });
        self.is_in_each = was_in_each;
        let own = std::mem::replace(&mut self.values, around);
        self.values.extend(own);
        if self.shape.iter().product::<usize>() > MOST_VALUES {
            let shape = [self.random.within(2, 4)];
            return [&[text][..], &self.lead_to(&shape)].concat().join(", ");
        }
        text
    }

    /// Takes a value apart and joins its parts in the other order, if a dimension has several entries.
    fn parts(&mut self) -> Option<String> {
        let dims: Vec<_> = (0..self.shape.len()).filter(|dim| self.shape[*dim] > 1).collect();
        if dims.is_empty() || self.names.len() < 2 {
            return None;
        }
        let dim = self.random.of(&dims);
        let size = self.shape[dim];
        let [one, other] = [self.names.pop()?, self.names.pop()?];
        let (stage, first) = match self.random.below(3) {
            0 => ("chunk(2".to_owned(), size.div_ceil(2)),
            1 => (format!("split({}", size - 1), size - 1),
            _ => {
                let first = self.random.within(1, size - 1);
                (format!("split([{first}, {}]", size - first), first)
            }
        };
        for (name, length) in [(one, first), (other, size - first)] {
            let mut shape = self.shape.clone();
            shape[dim] = length;
            self.values.push((name, shape));
        }
        Some(format!("({one}, {other}): {stage}, dim = {dim}), concat({dim}) {{ [{other}], [{one}] }}"))
    }

    /// Adds, subtracts or multiplies branches that make the same shape.
    fn combine(&mut self) -> String {
        let mut target = None;
        let keyword = self.random.of(&["add", "add", "sub", "mul"]);
        let number = if keyword == "sub" { 2 } else { self.random.within(2, 3) };
        self.structure(keyword, |writer| {
            writer.branches(number, |writer| {
                let target = target.get_or_insert_with(|| writer.shape.clone());
                writer.lead_to(target)
            })
        })
    }

    /// Joins branches along any dimension, along which they have any size.
    fn concat(&mut self) -> String {
        let (mut first, mut joined) = (None::<(usize, Vec<usize>)>, 0);
        let text = self.structure("concat", |writer| {
            let number = writer.random.within(2, 3);
            let body = writer.branches(number, |writer| {
                let Some((dim, shape)) = &first else {
                    let dim = writer.random.below(writer.shape.len());
                    joined = writer.shape[dim];
                    first = Some((dim, writer.shape.clone()));
                    return Vec::new();
                };
                let mut target = shape.clone();
                let own = if writer.shape.len() == target.len() { writer.shape[*dim] } else { 2 };
                target[*dim] = own.min(4);
                joined += target[*dim];
                writer.lead_to(&target)
            });
            let (dim, shape) = first.clone().unwrap_or_default();
            writer.shape = shape;
            writer.shape[dim] = joined;
            let options = match (dim, writer.random.below(3)) {
                (0, 0 | 1) => String::new(),
                (_, 0) => format!("(dim = {dim})"),
                _ => format!("({dim})"),
            };
            format!("{options} {body}")
        });
        if self.shape.iter().product::<usize>() > MOST_VALUES {
            let shape = [self.random.within(2, 4)];
            return [&[text][..], &self.lead_to(&shape)].concat().join(", ");
        }
        text
    }

    /// So many lists of stages, all from the shape at hand or from a value, each ended as `end` says.
    fn branches(&mut self, number: usize, mut end: impl FnMut(&mut Self) -> Vec<String>) -> String {
        let shape = self.shape.clone();
        let mut branch = |is_first: bool| {
            self.shape.clone_from(&shape);
            // somebody has to take the value before the structure
            let value =
                if is_first || self.values.is_empty() || self.random.one_in(2) { None } else { Some(self.value()) };
            let number = self.random.below(3);
            let mut stages = self.stages(number);
            stages.extend(end(self));
            if let Some(value) = value {
                stages = if stages.is_empty() || self.random.one_in(2) {
                    [&[value.to_owned()], &stages[..]].concat()
                } else {
                    vec![format!("{value} {{ {} }}", stages.join(", "))]
                };
            }
            format!("[{}]", stages.join(", "))
        };
        let branches: Vec<_> = (0..number).map(|number| branch(number == 0)).collect();
        format!("{{ {} }}", branches.join(", "))
    }

    /// The name of a value to go on with.
    fn value(&mut self) -> &'static str {
        let place = self.random.below(self.values.len());
        let (name, shape) = &self.values[place];
        self.shape.clone_from(shape);
        name
    }

    /// A structure with what `body` writes behind its keyword.
    fn structure(&mut self, keyword: &str, body: impl FnOnce(&mut Self) -> String) -> String {
        let had_parameters = std::mem::take(&mut self.has_parameters);
        let (was_frozen, freezes) = (self.is_frozen, self.freezes());
        let values = self.values.len();
        self.is_frozen |= freezes;
        self.depth += 1;
        let body = body(self);
        self.depth -= 1;
        self.values.truncate(values);
        self.is_frozen = was_frozen;
        let is_frozen = freezes && self.has_parameters;
        self.has_parameters |= had_parameters;
        self.dress(format!("{keyword}{}{body}", if body.starts_with('{') { " " } else { "" }), 2, is_frozen, false)
    }

    fn freezes(&mut self) -> bool {
        self.may_freeze && !self.is_frozen && self.random.one_in(3)
    }

    fn count(&mut self, has_parameters: bool, is_frozen: bool) {
        self.has_parameters |= has_parameters;
        self.has_trained |= has_parameters && !is_frozen && !self.is_frozen;
    }

    /// A layer with all that may stand around it; a name once in `times`.
    fn dress(&mut self, layer: String, times: usize, is_frozen: bool, may_annotate: bool) -> String {
        let mut text = layer;
        if may_annotate && self.random.one_in(8) {
            text = format!("{text} -> {:?}", self.shape);
        }
        if self.random.one_in(times)
            && let Some(name) = self.names.pop()
        {
            text = format!("{name}: {text}");
            self.values.push((name, self.shape.clone()));
        }
        if is_frozen {
            text = format!("#[frozen] {text}");
        }
        if self.random.one_in(12) {
            text = format!("#[doc = \"A stage.\"] {text}");
        }
        text
    }
}
