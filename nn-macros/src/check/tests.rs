//! Each rule has networks that break it, and it alone.

use super::{RULES, Subject, mistakes, network};
use crate::ast::{self, Item};
use crate::diagnostic::Report;
use crate::scope::Scope;
use crate::{plan, resolve};

/// The names of the rules that the last of some networks breaks, one a mistake.
fn broken(spec: &str) -> Vec<&'static str> {
    let mut report = Report::default();
    let mut items = ast::parse(spec.parse().expect("tokens"), &mut report);
    let Some(Item::Network(item)) = items.pop() else { panic!("`{spec}` ends with a network") };
    let mut scope = Scope::before(Vec::new(), Vec::new(), std::collections::HashSet::new());
    for earlier in items {
        let Item::Network(earlier) = earlier else { panic!("`{spec}` has networks alone") };
        let model = resolve::network(&earlier, &scope, &mut report).expect("the shapes fit");
        let checked =
            network(plan::network(model), &mut scope, &mut report).expect("an earlier network keeps the rules");
        scope.end(&earlier.name, true, Some(checked.signature()));
    }
    let model = resolve::network(&item, &scope, &mut report).expect("the shapes fit");
    assert!(report.is_empty(), "`{spec}` is resolved without a mistake");
    broken_by(&plan::network(model), &scope)
}

/// The rules that a network breaks, those of the bodies inside of it first.
fn broken_by(planned: &plan::Planned, scope: &Scope) -> Vec<&'static str> {
    let plan::Planned { model, plans, bodies } = planned;
    let inside = bodies.iter().flat_map(|body| broken_by(body, scope));
    let subject = Subject { model, plans, taken: &scope.taken };
    inside.chain(mistakes(&subject).into_iter().map(|(name, _)| name)).collect()
}

#[test]
fn each_rule_is_broken_by_a_network() {
    let cases: &[(&str, &[&str])] = &[
        (
            "a frozen stage has parameters",
            &[
                "struct Net: [4] -> [2] { #[frozen] relu, linear(2) }",
                "struct Net: [2, 2] -> [4] { #[frozen] flatten }",
                "struct Net: [4] -> [4] { #[frozen] residual { relu } }",
                "struct Net: [4] -> [4] { repeat(3) { repeat(2) { #[frozen] tanh }, linear(4) } }",
                "struct Net: [3, 4] -> [3, 4] { #[frozen] each { tanh }, linear(4) }",
                "struct Net: [3, 4] -> [3, 4] { each { #[frozen] tanh, linear(4) } }",
            ],
        ),
        (
            "no stage of `each` needs the mini-batch",
            &[
                "struct Net: [3, 4] -> [3, 4] { each { batch_norm1d } }",
                "struct Net: [2, 3, 4] -> [2, 3, 4] { each { each { batch_norm1d } } }",
                "struct Net: [3, 4] -> [3, 4] { each { residual { tanh, batch_norm1d } } }",
                "struct In: [4] -> [4] { batch_norm1d } struct Net: [3, 4] -> [3, 4] { each { In } }",
            ],
        ),
        (
            "every value is taken",
            &[
                "struct Net: [4] -> [2] { a: linear(2), b: linear(3), a }",
                "struct Net: [4] -> [2] { linear(2), a: tanh, linear(3), a { linear(2) } }",
                "struct Net: [4] -> [4] { repeat(3) { a: linear(4), b: tanh, a } }",
                "struct Net: [4] -> [4] { a: flatten, linear(4), residual { tanh, a } }",
            ],
        ),
        ("the network makes its declared output", &["struct Net: [4] -> [2] { linear(3) }"]),
        (
            "the passes have enough memory",
            &["struct Net: [536870912] -> [536870912] { dropout(0.5), tanh, residual { tanh, sigmoid }, gelu }"],
        ),
        (
            "each type has a name of its own",
            &[
                "struct Net: [4] -> [2] { fc_1: linear(8), fc1: linear(2) }",
                "struct Net: [4] -> [4] { workspace: linear(4) }",
                "struct Net: [4] -> [4] { a_b: linear(4), a: residual { b: linear(4) } }",
            ],
        ),
        (
            "stages differ in more than their nesting",
            &["struct Net: [4] -> [4] { a: residual { b: relu }, a_b: relu, linear(4) }"],
        ),
        (
            "each field of frozen parameters has a name of its own",
            &[
                "struct In: [4] -> [4] { linear(4), #[frozen] linear(4) } struct Net: [4] -> [4] { #[frozen] x: In, x_frozen: In }",
                "struct In: [4] -> [4] { #[frozen] linear(4) } struct Net: [4] -> [4] { #[frozen] x: In, #[frozen] x_frozen: linear(4) }",
            ],
        ),
    ];
    let names: Vec<_> = RULES.iter().flat_map(|rules| rules.iter().map(|rule| rule.name)).collect();
    assert_eq!(names, cases.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (name, specs) in cases {
        for spec in *specs {
            assert_eq!(broken(spec), [*name], "for `{spec}`");
        }
    }
}

/// Mistakes of several rules are told together, each once.
#[test]
fn all_rules_are_checked() {
    let spec = "struct Net: [4] -> [2] { #[frozen] relu, fc_1: linear(8), fc1: linear(3) }";
    let expected =
        ["a frozen stage has parameters", "the network makes its declared output", "each type has a name of its own"];
    assert_eq!(broken(spec), expected);
}

#[test]
fn a_network_may_keep_all_rules() {
    for spec in [
        "struct Net: [4] -> [2] { #[frozen] my::Layer -> [3], linear(2) }",
        "struct Net: [4] -> [2] { #[frozen] block: residual { linear(4), relu }, linear(2) }",
        "struct Net: [4] -> [2] { #[frozen] linear(4), relu, #[frozen] my::Layer -> [2] }",
        "struct Net: [4] -> [3] { linear(4), my::Layer -> [3] }",
        "struct Net: [3, 4] -> [3, 4] { each { #[frozen] batch_norm1d } }",
        "struct Net: [3, 4] -> [3, 4] { #[frozen] each { tanh, each_inside: batch_norm1d } }",
        "struct Net: [4] -> [2] { a: linear(2), b: a { tanh }, mul { [a], [b] } }",
        "struct Net: [4] -> [8] { a: flatten, linear(4), concat { [a], [] } }",
    ] {
        assert!(broken(spec).is_empty(), "for `{spec}`");
    }
}
