//! What goes into a network and what comes out.

use std::fmt;

use proc_macro2::Ident;

use super::Element;
use super::shape::Shape;

/// What goes into a network and what comes out.
#[derive(Clone)]
pub struct Tensors {
    /// The type that the network computes in.
    pub scalar: Element,
    pub inputs: Ports,
    pub outputs: Ports,
}

/// One input or output without a name, or several with names.
#[derive(Clone)]
pub struct Ports(pub Vec<Port>);

/// An input or an output.
#[derive(Clone)]
pub struct Port {
    pub name: Option<Ident>,
    pub element: Element,
    pub shape: Shape,
}

impl Ports {
    /// The only one, if it has no name.
    pub fn single(&self) -> Option<&Port> {
        self.0.first().filter(|port| port.name.is_none())
    }

    /// The number of values of all of them.
    pub fn value_count(&self) -> usize {
        self.0.iter().map(|port| port.shape.len()).sum()
    }

    /// Whether any are indices.
    pub fn has_indices(&self) -> bool {
        self.0.iter().any(|port| port.element.is_index())
    }

    /// Their names, if they have some.
    pub fn names(&self) -> impl Iterator<Item = &Ident> {
        self.0.iter().filter_map(|port| port.name.as_ref())
    }
}

/// As they are declared, without their types: `[4]`, or `{ image: [1, 28, 28], speed: [3] }`.
impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(port) = self.single() {
            return port.shape.fmt(f);
        }
        let ports: Vec<_> =
            self.0.iter().filter_map(|port| Some(format!("{}: {}", port.name.as_ref()?, port.shape))).collect();
        write!(f, "{{ {} }}", ports.join(", "))
    }
}

impl Port {
    /// Whether it may be a sequence: `[steps, features]`, `[channels, length]`, or `[steps]` of indices.
    pub fn is_sequence(&self) -> bool {
        self.shape.sizes().len() == if self.element.is_index() { 1 } else { 2 }
    }
}

impl Tensors {
    /// The only input with its channels first, if a layer that takes images or signals says that they are probably written last.
    pub fn channels_first(&self, keyword: &str) -> Option<Shape> {
        let [input] = self.inputs.0.as_slice() else { return None };
        let meant = input.shape.channels_first()?;
        let is_window = match meant.sizes().len() {
            2 => keyword.ends_with("1d"),
            _ => keyword.ends_with("2d"),
        };
        is_window.then_some(meant)
    }
}
