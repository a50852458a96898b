//! Texts in constants: compared, joined and printed as errors.

/// The error that the parts make together.
#[track_caller]
pub(crate) const fn fail(parts: &[&str]) -> ! {
    panic!("{}", joined(parts).text())
}

/// The longest text; what comes after is left out.
const MOST_BYTES: usize = 1024;

/// A text that is put together in a constant.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    bytes: [u8; MOST_BYTES],
    len: usize,
}

/// Joins the parts of a text.
const fn joined(parts: &[&str]) -> Text {
    let mut joined = Text::NEW;
    let mut part = 0;
    while part < parts.len() {
        joined.push(parts[part]);
        part += 1;
    }
    joined
}

impl Text {
    /// No text yet.
    pub(crate) const NEW: Self = Self { bytes: [0; MOST_BYTES], len: 0 };

    /// The text, to be borrowed.
    pub(crate) const fn text(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a type does not fit its stage",
        }
    }

    /// The number of bytes.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Takes away what comes after the first `len` bytes.
    pub(crate) const fn truncate(&mut self, len: usize) {
        self.len = len;
    }

    /// Adds a text at the end, as much of it as there is room for.
    pub(crate) const fn push(&mut self, text: &str) {
        let mut most = MOST_BYTES - self.len;
        most = if text.len() < most { text.len() } else { most };
        while !text.is_char_boundary(most) {
            most -= 1;
        }
        self.bytes.split_at_mut(self.len).1.split_at_mut(most).0.copy_from_slice(text.as_bytes().split_at(most).0);
        self.len += most;
    }

    /// Adds a shape at the end: `[8, 4]`.
    pub(crate) const fn push_shape(&mut self, shape: &[usize]) {
        self.push("[");
        self.push_list("", shape);
        self.push("]");
    }

    /// Adds numbers at the end, with commas between them and `first` before.
    pub(crate) const fn push_list(&mut self, first: &str, numbers: &[usize]) {
        let mut i = 0;
        while i < numbers.len() {
            self.push(if i == 0 { first } else { ", " });
            self.push_number(numbers[i]);
            i += 1;
        }
    }

    /// Adds a number with its sign at the end.
    pub(crate) const fn push_signed(&mut self, number: isize) {
        if number < 0 {
            self.push("-");
        }
        self.push_number(number.unsigned_abs());
    }

    /// Adds a number at the end.
    pub(crate) const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        let digit = number % 10;
        self.push("0123456789".split_at(digit).1.split_at(1).0);
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
pub(crate) const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    a.len() == b.len() && i == a.len()
}
