//! A history as text for other programs.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;

use super::History;

impl History {
    /// The table as CSV: a header, `epoch,loss,val_loss,lr`, and a line for each epoch, from 1.
    ///
    /// Numbers have as many digits as it takes to read the same number again. A value that was not measured is an empty cell. A name with a
    /// comma, a quote or a line break is quoted.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = String::from("epoch");
        for column in self.columns() {
            text.push(',');
            text.push_str(&csv_name(&column.name));
        }
        text.push('\n');
        (0..self.epochs()).for_each(|row| self.write_csv_row(row, &mut text));
        text
    }

    /// Adds the line of an epoch, from 0.
    pub(in crate::train) fn write_csv_row(&self, row: usize, text: &mut String) {
        // writing to a `String` does not fail
        let _ = write!(text, "{}", row + 1);
        for column in self.columns() {
            text.push(',');
            match column.values[row] {
                value if value.is_nan() => {}
                value => _ = write!(text, "{value:?}"),
            }
        }
        text.push('\n');
    }

    /// The table as JSON, a list for each column, as Keras's `History.history` has it: `{"epoch": [1, 2], "loss": [0.5, 0.25]}`.
    ///
    /// Numbers have as many digits as it takes to read the same number again. NaN, which means that a value was not measured, and
    /// infinities are `null`, because JSON has no such numbers.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::from("{\"epoch\": ");
        write_json_list(&mut text, 1..=self.epochs());
        for column in self.columns() {
            text.push_str(", ");
            write_json_string(&mut text, &column.name);
            text.push_str(": ");
            write_json_list(&mut text, column.values.iter().map(|value| JsonNumber(*value)));
        }
        text.push_str("}\n");
        text
    }
}

/// The name of a column, quoted if need be.
fn csv_name(name: &str) -> Cow<'_, str> {
    if name.contains([',', '"', '\n', '\r']) {
        alloc::format!("\"{}\"", name.replace('"', "\"\"")).into()
    } else {
        name.into()
    }
}

/// A number, or `null`.
#[derive(Debug)]
struct JsonNumber(f64);

impl core::fmt::Display for JsonNumber {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            value if value.is_finite() => write!(f, "{value:?}"),
            _ => f.write_str("null"),
        }
    }
}

fn write_json_list(text: &mut String, values: impl Iterator<Item = impl core::fmt::Display>) {
    let mut separator = "[";
    for value in values {
        let _ = write!(text, "{separator}{value}");
        separator = ", ";
    }
    text.push_str(if separator == "[" { "[]" } else { "]" });
}

fn write_json_string(text: &mut String, string: &str) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            control if control < ' ' => _ = write!(text, "\\u{:04x}", control as u32),
            letter => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    /// Two epochs, of which the second has a further column; `val_` and a name that needs quotes.
    fn history() -> History {
        let mut history = History::default();
        let row = |name: &str, value| (name.to_string(), None, value);
        history.push([row("loss", 0.1 + 0.2), row("lr", 1e-7)]);
        history.push([row("loss", f64::INFINITY), row("lr", 1.0), row("val_a,\"b\"\\\n", -2.5e300)]);
        history
    }

    #[test]
    fn csv_has_a_line_for_each_epoch_and_every_digit() {
        let expected = "epoch,loss,lr,\"val_a,\"\"b\"\"\\\n\"\n1,0.30000000000000004,1e-7,\n2,inf,1.0,-2.5e300\n";
        assert_eq!(history().to_csv(), expected);
        assert_eq!(History::default().to_csv(), "epoch\n");
    }

    #[test]
    fn json_has_a_list_for_each_column() {
        let expected = "{\"epoch\": [1, 2], \"loss\": [0.30000000000000004, null], \"lr\": [1e-7, 1.0], \
                        \"val_a,\\\"b\\\"\\\\\\u000a\": [null, -2.5e300]}\n";
        assert_eq!(history().to_json(), expected);
        assert_eq!(History::default().to_json(), "{\"epoch\": []}\n");
    }

    #[test]
    fn json_is_read_by_another_reader() {
        let read: serde_json::Value = serde_json::from_str(&history().to_json()).expect("JSON");
        assert_eq!(read["loss"][0], 0.1 + 0.2);
        assert_eq!(read["val_a,\"b\"\\\n"][1], -2.5e300);
        assert!(read["loss"][1].is_null());
    }
}
