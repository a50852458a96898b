//! Which files use which: what a part of the macro does not use, it does not depend on.

use std::fs;
use std::path::Path;

use super::complete::{files, root};

/// The parts, with the parts that each may use besides itself. What is not here may use any.
const PARTS: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("model", &["diagnostic"]),
    ("layers/shared", &["diagnostic", "model"]),
    ("layers", &["diagnostic", "model", "layers::shared"]),
    ("elsewhere", &["diagnostic", "model", "layers"]),
];

/// The paths after `crate::` in the code of a file.
fn used(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("text");
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let is_path = |letter: char| letter.is_alphanumeric() || "_:".contains(letter);
    code.split("crate::").skip(1).map(|rest| rest.chars().take_while(|letter| is_path(*letter)).collect()).collect()
}

/// A layer uses the vocabulary and what layers share, never another layer nor the registry; the model uses no phase.
#[test]
fn no_part_uses_what_it_does_not_say() {
    let source = root().join("nn-macros/src");
    let mut wrong = Vec::new();
    for file in files(&source, "rs") {
        let name = file.strip_prefix(&source).expect("it is in the folder").display().to_string();
        let name = name.trim_end_matches(".rs");
        if name.ends_with("/tests") {
            continue;
        }
        let is_in = |part: &str| name.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let Some((part, allowed)) = PARTS.iter().find(|(part, _)| is_in(part)) else { continue };
        let own = part.replace('/', "::");
        let is_own = |path: &str| own != "layers" && path.starts_with(&own);
        let is_allowed = |path: &String| is_own(path) || allowed.iter().any(|other| path.starts_with(other));
        wrong.extend(used(&file).into_iter().filter(|path| !is_allowed(path)).map(|path| format!("{name}: {path}")));
        if *part == "layers" {
            let text = fs::read_to_string(&file).expect("text");
            wrong.extend(text.contains("super::").then(|| format!("{name}: super")));
        }
    }
    assert!(wrong.is_empty(), "used, but not allowed:\n{}", wrong.join("\n"));
}
