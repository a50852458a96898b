//! Texts in constants: compared, joined and printed as errors.

/// The error that the parts make together.
#[track_caller]
pub(super) const fn fail(parts: &[&str]) -> ! {
    panic!("{}", joined(parts).text())
}

/// The longest text.
const MOST_BYTES: usize = 1024;

/// Parts of a text, one after the other.
pub(super) struct Joined {
    bytes: [u8; MOST_BYTES],
    len: usize,
}

/// Joins the parts of a text.
pub(super) const fn joined(parts: &[&str]) -> Joined {
    let mut joined = Joined { bytes: [0; MOST_BYTES], len: 0 };
    let mut part = 0;
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut i = 0;
        while i < bytes.len() && joined.len < MOST_BYTES {
            joined.bytes[joined.len] = bytes[i];
            joined.len += 1;
            i += 1;
        }
        part += 1;
    }
    joined
}

impl Joined {
    /// The text, to be borrowed.
    pub(super) const fn text(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a type does not fit its stage",
        }
    }
}

/// Whether a shape is of one dimension.
pub(super) const fn has_one_dimension(shape: &str) -> bool {
    let (shape, mut i) = (shape.as_bytes(), 0);
    while i < shape.len() && shape[i] != b',' {
        i += 1;
    }
    i == shape.len()
}

/// Whether two texts are the same.
pub(super) const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    a.len() == b.len() && i == a.len()
}
