//! What the items of an invocation know of each other.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;

use crate::consts::Consts;
use crate::model::Tensors;
use crate::model::naming::Taken;

/// What a later network needs to know of an earlier one to use it as a layer.
pub struct Signature {
    pub tensors: Tensors,
    pub has_frozen: bool,
}

/// What the networks of an invocation share.
pub struct Scope {
    pub consts: Consts,
    /// Each earlier network; `None` for one with mistakes, which are not to be reported again.
    pub networks: HashMap<String, Option<Signature>>,
    /// The networks that come later, and the one at hand.
    pub later: Vec<String>,
    /// The types that are stages of networks.
    pub stages: HashSet<String>,
    pub taken: Taken,
}

impl Scope {
    /// The scope before the items of these names, with the types that are stages of networks.
    pub fn before(consts: Vec<String>, networks: Vec<String>, stages: HashSet<String>) -> Self {
        let consts = Consts::before(consts);
        Self { consts, networks: HashMap::new(), later: networks, stages, taken: Taken::default() }
    }

    /// Ends the network at hand: from here on it is an earlier one, unless its name was taken before.
    pub fn end(&mut self, name: &Ident, is_new: bool, signature: Option<Signature>) {
        self.later.retain(|later| name != later);
        if is_new {
            self.networks.insert(name.to_string(), signature);
        }
    }
}
