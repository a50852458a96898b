//! No phase reads a later one.

use std::fs;
use std::path::{Path, PathBuf};

/// The phases in order, with what they have in common first. `fallback` is in the place of `expand`.
const PHASES: &[&[&str]] =
    &[&["model"], &["ast"], &["source"], &["resolve"], &["plan"], &["check"], &["expand", "fallback"]];

/// The files of a module, apart from its tests.
fn files(module: &str) -> Vec<PathBuf> {
    fn collect(path: PathBuf, found: &mut Vec<PathBuf>) {
        if path.is_dir() {
            let entries = fs::read_dir(path).expect("the folder can be read");
            entries.for_each(|entry| collect(entry.expect("it can be read").path(), found));
        } else if path.is_file() && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(source.join(format!("{module}.rs")), &mut found);
    collect(source.join(module), &mut found);
    assert!(!found.is_empty(), "there is no module `{module}`");
    found
}

/// The modules of the crate that a text names.
fn named(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths = code.flat_map(|line| line.split("crate::").skip(1));
    paths
        .map(|path| path.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or(""))
        .collect()
}

#[test]
fn no_phase_reads_a_later_one() {
    for (at, phase) in PHASES.iter().enumerate() {
        let later = PHASES[at + 1..].concat();
        for file in phase.iter().flat_map(|module| files(module)) {
            let text = fs::read_to_string(&file).expect("text");
            let named = named(&text);
            assert!(!named.contains(&""), "{} has a `use crate::{{..}}`, which hides what it uses", file.display());
            let read: Vec<_> = named.into_iter().filter(|module| later.contains(module)).collect();
            assert!(read.is_empty(), "{} reads {read:?}", file.display());
        }
    }
}

/// What appends an operation to a graph needs spans and names of its source, and nothing else.
#[test]
fn a_graph_is_built_without_syntax() {
    for file in ["model/builder.rs", "model/graph.rs", "model/naming.rs", "model/shape_history.rs"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        let text = fs::read_to_string(path).expect("text");
        let is_of = |line: &str, module: &str| {
            line.match_indices(module).any(|(at, _)| !line[..at].ends_with(char::is_alphanumeric))
        };
        let uses = text.lines().filter(|line| is_of(line, "syn::") || is_of(line, "ast::"));
        let uses: Vec<_> = uses.filter(|line| !line.contains("IdentExt")).collect();
        assert!(uses.is_empty(), "{file} has {uses:?}");
    }
}
