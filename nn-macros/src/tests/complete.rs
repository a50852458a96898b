//! That nothing of a layer is missing: what `CONTRIBUTING.md` asks for is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use crate::layers::{all, is_elementwise};
use crate::model::definition::Definition;
use crate::model::options::{Default as Unwritten, Kind, OptionSpec, OptionValue};

pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The files below a folder with this ending.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

/// The files below a folder with this ending, one after the other.
fn text(folder: &str, ending: &str) -> String {
    files(&root().join(folder), ending).iter().map(|path| fs::read_to_string(path).expect("text")).collect()
}

/// What stands between the braces of the macro `name`.
fn body(file: &str, name: &str) -> String {
    let text = read(file);
    let mut lines = text.lines().skip_while(|line| line.trim_start() != format!("{name}! {{"));
    let indent = lines.next().map_or(0, |line| line.len() - line.trim_start().len());
    lines.take_while(|line| *line != format!("{:indent$}}}", "")).collect::<Vec<_>>().join("\n")
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric() && character != '_').any(|part| part == word)
}

/// The layer as its row in the README has it: with its options and their defaults.
fn in_readme(layer: &Definition) -> String {
    let option = |OptionSpec { name, kind, default, .. }: &OptionSpec| match default {
        Unwritten::Required if matches!(kind, Kind::Shape | Kind::Dimensions | Kind::Sides) => "[..]".into(),
        Unwritten::Required => (*name).into(),
        Unwritten::Nothing => format!("{name} = .."),
        Unwritten::SameAs(other) => format!("{name} = {other}"),
        Unwritten::Value(OptionValue::Pair([height, width])) if height == width => format!("{name} = {height}"),
        Unwritten::Value(value) => format!("{name} = {value}"),
    };
    let options: Vec<String> = layer.options.iter().map(option).collect();
    if options.is_empty() {
        format!("`{}`", layer.keyword)
    } else {
        format!("`{}({})`", layer.keyword, options.join(", "))
    }
}

/// Up to which option values count by position, as the README says it, if not all of them do.
fn last_position(layer: &Definition) -> Option<String> {
    let named = layer.options.iter().position(|option| option.mistaken_for.is_some())?;
    Some(format!("up to `{}`", layer.options[named.checked_sub(1)?].name))
}

/// What a new layer needs: a module in the runtime, a file in the macro (elementwise functions share one), golden values, a
/// place among the networks whose gradients are compared with differences, and its options in a row of the README. An
/// elementwise function is measured, too, and compared over the whole range of its types. Dropout is random, so its tests are of its properties; `flatten` and `reshape`
/// write no code.
#[test]
fn every_layer_is_complete() {
    let modules = read("nn-runtime/src/layers.rs");
    let modules: Vec<_> = modules.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';')).collect();
    let readme = read("README.md");
    let prose = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    let gradients = body("tests/tests/gradients.rs", "network");
    let measured = body("nn-runtime/tests/activations.rs", "measure");
    let swept = body("nn-runtime/tests/range.rs", "sweep");
    let mut missing = Vec::new();
    for layer in all() {
        let keyword = layer.keyword;
        let is_file = |file: &str| root().join(file).exists();
        let in_readme = in_readme(layer);
        let needs = [
            (
                ["flatten", "reshape"].contains(&keyword) || modules.contains(&keyword),
                format!("`pub mod {keyword};` in nn-runtime/src/layers.rs"),
            ),
            (
                is_elementwise(keyword) || is_file(&format!("nn-macros/src/layers/{keyword}.rs")),
                format!("nn-macros/src/layers/{keyword}.rs"),
            ),
            (keyword == "dropout" || is_file(&format!("tests/golden/{keyword}")), format!("tests/golden/{keyword}")),
            (has_word(&gradients, keyword), format!("`{keyword}` in a network of tests/tests/gradients.rs")),
            (
                !is_elementwise(keyword) || has_word(&measured, keyword),
                format!("`{keyword}` in nn-runtime/tests/activations.rs"),
            ),
            (
                !is_elementwise(keyword) || has_word(&swept, keyword),
                format!("`{keyword}` in nn-runtime/tests/range.rs"),
            ),
            (
                readme.lines().any(|line| line.starts_with('|') && line.contains(&in_readme)),
                format!("{in_readme} in a row of README.md"),
            ),
            (
                last_position(layer).is_none_or(|last| prose.contains(&last)),
                format!("in README.md, up to which option `{keyword}` takes values without names"),
            ),
        ];
        missing.extend(needs.into_iter().filter(|(is_there, _)| !is_there).map(|(_, what)| what));
    }
    let is_keyword = |module: &&str| all().any(|layer| layer.keyword == *module);
    // what is no layer belongs elsewhere: in `families`, if layers share it
    missing.extend(modules.iter().filter(|module| !is_keyword(module)).map(|module| format!("the keyword `{module}`")));
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

/// The page for those who come from PyTorch has every layer and structure in its section on modules, and no other.
#[test]
fn every_layer_has_its_counterpart_in_pytorch() {
    let page = read("nn-runtime/guide/from-pytorch.md");
    let modules = page.split("\n## ").find(|section| section.starts_with("Modules")).expect("the page has the section");
    let cells = modules.lines().filter(|line| line.starts_with("| ")).filter_map(|row| row.split(" | ").nth(1));
    let code = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let written: BTreeSet<_> =
        code.filter_map(|code| code.split([' ', '(']).next()).filter(|word| *word != "Layer").collect();
    assert_eq!(written, crate::layers::keywords().collect());
}

/// Each golden file is written by an entry in Python, and read by a test.
#[test]
fn every_golden_file_is_written_and_read() {
    let folder = root().join("tests/golden");
    let sides = [("tests/golden/*.py", text("tests/golden", "py")), ("tests/tests/*.rs", text("tests/tests", "rs"))];
    for file in files(&folder, "txt") {
        let name = file.strip_prefix(&folder).expect("it is in the folder").with_extension("");
        let name = format!("\"{}\"", name.display());
        for (side, text) in &sides {
            assert!(text.contains(&name), "{name} is in none of {side}");
        }
    }
}

/// Each message, and each help, of a layer or of what layers share is shown by a file of `tests/ui`.
#[test]
fn every_message_of_a_layer_is_shown() {
    let shown = text("tests/ui", "stderr") + &text("tests/ui/rustc", "rs");
    let mut missing = Vec::new();
    for file in files(&root().join("nn-macros/src/layers"), "rs") {
        let mut messages = Vec::new();
        collect(fs::read_to_string(&file).expect("text").parse().expect("Rust"), &mut messages);
        messages.retain(|message| !shown.lines().any(|line| is_made_of(line, message)));
        missing.extend(
            messages
                .iter()
                .map(|message| format!("{message:?} of {}", file.strip_prefix(root()).unwrap_or(&file).display())),
        );
    }
    assert!(missing.is_empty(), "no file of tests/ui shows\n{}", missing.join("\n"));
}

/// The texts of more than a word, apart from those of attributes.
fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    let mut is_attribute = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if !is_attribute => collect(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value());
                found.extend(text.into_iter().filter(|text| text.contains(' ')));
            }
            TokenTree::Punct(mark) if mark.as_char() == '#' || is_attribute && mark.as_char() == '!' => {
                is_attribute = true;
                continue;
            }
            _ => {}
        }
        is_attribute = false;
    }
}

/// Whether the line has the parts of the message around its `{..}`, in order.
fn is_made_of(line: &str, message: &str) -> bool {
    let mut parts = message.split('{').enumerate().map(|(at, part)| match part.split_once('}') {
        Some((_, after)) if at > 0 => after,
        _ => part,
    });
    parts.try_fold(line, |rest, part| rest.split_once(part).map(|(_, rest)| rest)).is_some()
}
