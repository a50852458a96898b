//! The expansion as a function: what it writes for a network, and that a network in it is a picture a reader can follow.

mod complete;
mod graph;
mod hygiene;
mod layering;
mod messages;
mod options;
mod phases;
mod streaming;

use std::time::Instant;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use crate::layers;
use crate::model::options::{Kind, OptionSpec};

/// What an invocation expands to.
pub fn expand_all(input: TokenStream) -> TokenStream {
    crate::expand_all(&quote!(::nn_runtime), input)
}

/// The expansion of a file of `tests/expansions`, as rustfmt would show it.
fn expansion(input: &str) -> String {
    let tokens: TokenStream = input.parse().expect("the input is made of tokens");
    let file: syn::File = syn::parse2(expand_all(tokens)).expect("the expansion is made of items");
    let items = file.items.into_iter().map(|item| match &item {
        Item::Macro(call) => match syn::parse2(call.mac.tokens.clone()) {
            Ok(inner) => {
                format!("::nn_runtime::{}! {{\n{}}}\n", call.mac.path.segments[1].ident, indented(&unparse(inner)))
            }
            Err(_) => unparse(item),
        },
        _ => unparse(item),
    });
    join_lines(&items.collect::<String>())
}

fn unparse(item: Item) -> String {
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] })
}

fn indented(code: &str) -> String {
    code.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

/// The code with lists of arguments and chains of calls on one line where there is room, else as much on a line as fits.
fn join_lines(code: &str) -> String {
    let mut lines: Vec<String> = code.lines().map(str::to_owned).collect();
    for first in (0..lines.len()).rev() {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let inside = lines[first + 1..].iter().take_while(|line| indent(line) > indent(&lines[first])).count();
        let inner: Vec<String> = lines.drain(first + 1..=first + inside).collect();
        let is_chain = inner.first().is_some_and(|line| line.trim_start().starts_with('.'));
        let is_field = |line: &String| line.trim_start().split(' ').next().is_some_and(|name| name.ends_with(':'));
        let is_literal = lines[first].ends_with('{') && inner.iter().all(is_field) && !lines[first].contains("struct ");
        let is_list = lines[first].ends_with(['(', '[', '<']) || is_literal;
        let is_plain = !inner.iter().any(|line| line.contains(';') || line.ends_with('{'));
        let space = if is_literal { " " } else { "" };
        let joined = inner.iter().map(|line| line.trim()).collect::<Vec<_>>().join(if is_chain { "" } else { " " });
        let close = if is_list { lines.get(first + 1).map_or("", |line| line.trim()) } else { "" };
        let joined = if is_list { joined.trim_end_matches(',') } else { &joined };
        let whole = format!("{}{space}{joined}{space}{close}", lines[first]);
        if (is_list || is_chain) && is_plain && whole.len() <= WIDTH {
            lines.splice(first..=first + usize::from(is_list), [whole]);
        } else {
            let written = if is_list && is_plain { fill(&inner) } else { inner };
            let rest = lines.split_off(first + 1);
            lines.extend(written.into_iter().chain(rest));
        }
    }
    lines.join("\n") + "\n"
}

const WIDTH: usize = 120;

/// As many items on a line as fit; what takes more than a line has its lines to itself.
fn fill(items: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let indent_of = |line: &str| line.len() - line.trim_start().len();
    let outer = items.first().map_or(0, |item| indent_of(item));
    let is_item =
        |line: &str| indent_of(line) == outer && line.ends_with(',') && !line.trim_start().starts_with(['}', ')', ']']);
    for item in items {
        match lines.last_mut() {
            Some(last) if is_item(last) && is_item(item) && last.len() + 1 + item.trim().len() <= WIDTH => {
                last.push(' ');
                last.push_str(item.trim());
            }
            _ => lines.push(item.clone()),
        }
    }
    lines
}

/// Compares the expansion of `tests/expansions/NAME.in` with `NAME.rs`, which the package of tests compiles.
/// `UPDATE_EXPANSIONS=1 cargo test -p nn-macros` writes it again.
fn check_snapshot(name: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/expansions");
    let read = |ending: &str| std::fs::read_to_string(format!("{folder}/{name}.{ending}")).unwrap_or_default();
    let written = format!("// What `network!` writes for {name}.in.\n\n{}", expansion(&read("in")));
    assert!(written.lines().count() <= 600, "the expansion of {name}.in is too long for a picture");
    if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
        std::fs::write(format!("{folder}/{name}.rs"), &written).expect("the folder of expansions can be written");
    }
    assert!(
        written == read("rs"),
        "the expansion of {name}.in has changed: look at it, then run with UPDATE_EXPANSIONS=1"
    );
}

/// A network of each family of layers.
const EXPANSIONS: [&str; 7] =
    ["perceptron", "convolution", "normalisation", "recurrent", "attention", "embedding", "structure"];

#[test]
fn expansions() {
    for name in EXPANSIONS {
        check_snapshot(name);
    }
}

/// No size of an option makes the macro panic, however large it is, and whatever is switched on besides.
#[test]
fn any_size_of_an_option_expands() {
    let is_size = |spec: &OptionSpec| spec.kind.example().parse::<usize>().is_ok();
    for (layer, shape) in layers::all().flat_map(|layer| ["[7]", "[4, 6]", "[3, 5, 4]"].map(|shape| (layer, shape))) {
        for large in layer.options.iter().filter(|spec| is_size(spec)) {
            for is_on in [false, true] {
                let option = |spec: &OptionSpec| match (spec.name, spec.kind) {
                    (name, _) if name == large.name => Some(format!("{name} = {}", usize::MAX)),
                    (name, Kind::Bool) => Some(format!("{name} = {is_on}")),
                    (name, _) if spec.default.is_required() => Some(format!("{name} = 1")),
                    _ => None,
                };
                let options: Vec<_> = layer.options.iter().filter_map(option).collect();
                let network = format!("struct Net: {shape} -> [1] {{ {}({}) }}", layer.keyword, options.join(", "));
                assert!(!expand_all(network.parse().expect("tokens")).is_empty(), "{network}");
            }
        }
    }
}

/// A network of 50 stages expands in 20 ms: a file is checked at every key stroke. Other tests run beside this one, so it has
/// many tries.
#[test]
fn fifty_stages_expand_in_an_instant() {
    let stages = "linear(64), relu, ".repeat(25);
    let tokens: TokenStream = format!("struct Deep: [64] -> [64] {{ {stages} }}").parse().expect("tokens");
    let time = |_| {
        let (start, tokens) = (std::time::Instant::now(), tokens.clone());
        assert!(!expand_all(tokens).is_empty());
        start.elapsed()
    };
    let mut times = (0..200).map(time);
    assert!(times.any(|time| time < std::time::Duration::from_millis(20)), "expanding 50 stages takes longer");
}

/// What the README shows of an expansion is in it, apart from the `__` before each name that it binds.
#[test]
fn the_readme_shows_an_expansion() {
    let plain = |code: &str| code.split_whitespace().collect::<String>().replace(",)", ")");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let read = |file: &str| std::fs::read_to_string(format!("{root}/{file}")).expect("the file is there");
    let readme = read("README.md");
    let (_, shown) = readme.split_once("```rust,ignore\n").expect("the README shows an expansion");
    let (shown, _) = shown.split_once("```").expect("the block ends");
    let expansion = plain(&read("tests/expansions/perceptron.rs").replace("__", ""));
    for function in shown.split("\n\n") {
        assert!(expansion.contains(&plain(function)), "the expansion does not have\n{function}");
    }
}

/// The shortest time that a body takes to expand, of several.
fn seconds(body: &str) -> f64 {
    let tokens: TokenStream = format!("pub struct Net: [3] -> [3] {{ {body} }}").parse().expect("tokens");
    let expand = |_| {
        let start = Instant::now();
        assert!(!expand_all(tokens.clone()).is_empty());
        start.elapsed().as_secs_f64()
    };
    (0..5).map(expand).fold(f64::INFINITY, f64::min)
}

/// A network's stages, so many of them.
type Stages = fn(usize) -> String;

/// A stage many times.
fn repeated(stage: &str, times: usize) -> String {
    vec![stage; times].join(", ")
}

/// Four times the stages take about four times as long. If time grew with the square it would be 16.
#[test]
fn expansion_time_grows_with_the_number_of_stages() {
    let bodies: [(&str, Stages); 6] = [
        ("linear", |stages| repeated("linear(3)", stages)),
        ("in place", |stages| repeated("relu", stages)),
        ("caches", |stages| repeated("dropout, layer_norm", stages)),
        ("branches", |stages| format!("add {{ {} }}", repeated("[linear(3)]", stages))),
        ("joined", |stages| format!("concat {{ {} }}, linear(3)", repeated("[linear(3)]", stages))),
        ("named", |stages| format!("block: repeat({stages}) {{ fc: linear(3), tanh }}")),
    ];
    for (name, body) in bodies {
        let [few, many] = [body(200), body(800)];
        // what else runs on the machine disturbs some tries, not all
        let is_linear = (0..10).any(|_| seconds(&many) < 8.0 * seconds(&few));
        assert!(is_linear, "{name}: 4 times the stages take more than 8 times as long");
    }
}
