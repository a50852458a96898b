//! What the compiler says of each mistake in a network: one mistake a file, in a folder of its kind.
//!
//! Every file uses its network too, so that a mistake which makes its uses mistakes as well is seen here.
//! `TRYBUILD=overwrite cargo test -p nn-tests --test ui` writes what is said now: read it as a user would.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    for kind in [
        "syntax",
        "names",
        "options",
        "sizes",
        "shapes",
        "elements",
        "structure",
        "frozen",
        "networks",
        "losses",
        "streaming",
    ] {
        cases.compile_fail(format!("ui/{kind}/*.rs"));
    }
    cases.pass("ui/pass/*.rs");
}
