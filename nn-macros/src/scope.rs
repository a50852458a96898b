//! What the items of an invocation know of each other.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;

use crate::consts::Consts;
use crate::model::Tensors;
use crate::model::naming::{Names, Taken};

/// What a later network needs to know of an earlier one to use it as a layer.
pub struct Signature {
    pub tensors: Tensors,
    pub has_frozen: bool,
    pub needs_whole_batch: bool,
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

    /// Whether an earlier network has frozen parameters. Of one with mistakes that is known, too.
    pub fn has_frozen(&self, network: &Ident) -> bool {
        let holder = self.taken.get(&Names::new(network).frozen.to_string());
        holder.is_some_and(|holder| network == &holder.network)
    }

    /// Ends the network at hand: from here on it is an earlier one. Where its name was taken before, it has mistakes, and an
    /// earlier network keeps the name.
    pub fn end(&mut self, name: &Ident, is_new: bool, signature: Option<Signature>) {
        self.later.retain(|later| name != later);
        self.networks.entry(name.to_string()).or_insert(signature.filter(|_| is_new));
    }
}
