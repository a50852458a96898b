//! What the compiler says of each mistake in a network: one mistake a file, in a folder of its kind.
//!
//! Every file uses its network too, so that a mistake which makes its uses mistakes as well is seen here.
//! `TRYBUILD=overwrite cargo test -p nn-tests --test ui` writes what is said now: read it as a user would.

use std::path::Path;
use std::{fs, io};

use ui_test::Config;
use ui_test::color_eyre::Result;
use ui_test::dependencies::DependencyBuilder;
use ui_test::status_emitter::Text;

#[test]
fn messages() {
    copy_weights().expect("the files are copied");
    let cases = trybuild::TestCases::new();
    for kind in [
        "syntax",
        "names",
        "options",
        "sizes",
        "shapes",
        "elements",
        "structure",
        "values",
        "parts",
        "each",
        "operands",
        "ports",
        "frozen",
        "networks",
        "elsewhere",
        "layer",
        "attributes",
        "weights",
    ] {
        cases.compile_fail(format!("ui/{kind}/*.rs"));
    }
}

/// Paths of weights begin at the folder of the crate, which `trybuild` writes.
fn copy_weights() -> io::Result<()> {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/nn-tests/ui/weights");
    fs::create_dir_all(&to)?;
    for file in fs::read_dir("ui/weights")? {
        let file = file?;
        if file.path().extension().is_none_or(|extension| extension != "rs" && extension != "stderr") {
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

#[test]
fn what_is_right_compiles_and_runs() {
    copy_weights().expect("the files are copied");
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}

/// Mistakes that the compiler reports itself. Its words around ours differ between versions, so each file has ours in a comment,
/// `//~v ERROR: ..`, above the line that must be marked. Any other error fails the test.
#[test]
fn messages_of_the_compiler() -> Result<()> {
    let mut config = Config::rustc("ui/rustc");
    config.out_dir = concat!(env!("CARGO_TARGET_TMPDIR"), "/ui").into();
    config.output_conflict_handling = ui_test::ignore_output_conflict;
    let nn_tests = DependencyBuilder {
        crate_manifest_path: "Cargo.toml".into(),
        bless_lockfile: true,
        ..DependencyBuilder::default()
    };
    let defaults = config.comment_defaults.base();
    defaults.set_custom("dependencies", nn_tests);
    // what the compiler suggests is not tried: one suggestion seldom makes a whole program right
    defaults.set_custom("rustfix", ui_test::custom_flags::rustfix::RustfixMode::Disabled);
    defaults.set_custom("edition", ui_test::custom_flags::edition::Edition("2024".into()));
    ui_test::run_tests_generic(
        vec![config],
        ui_test::default_file_filter,
        ui_test::default_per_file_config,
        Text::quiet(),
    )
}
