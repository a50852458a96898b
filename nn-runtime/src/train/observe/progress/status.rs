//! What is known in the middle of an epoch, in one line.

use alloc::format;
use alloc::string::String;

use super::number::{Rate, Short, Span};
use crate::train::Figure;

/// The least and the largest number of places inside a bar's brackets.
const BAR: (usize, usize) = (8, 30);

/// What is known in the middle of an epoch.
#[derive(Clone, Debug)]
pub(super) struct Status {
    pub(super) epoch: usize,
    pub(super) epochs: usize,
    /// The part of the epoch that is over.
    pub(super) fraction: f64,
    /// The mean loss of the epoch so far.
    pub(super) loss: Option<f64>,
    /// The monitored value after the last epoch, with its name.
    pub(super) monitored: Option<(String, f64)>,
    pub(super) lr: Option<Short>,
    pub(super) rate: Option<Rate>,
    /// The time left, of all epochs.
    pub(super) left: Option<Span>,
}

/// The fields behind the bar, in the order in which they stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Loss,
    Monitored,
    Lr,
    Rate,
    Left,
}

/// How the part of the epoch that is over is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Bar,
    Percent,
    Nothing,
}

/// The layouts of the bar, from the widest to the narrowest. The least important fields are dropped first; the monitored value and the
/// learning rate are also in the lines above.
const LAYOUTS: [(Part, &[Field]); 8] = {
    use Field::{Left, Loss, Lr, Monitored, Rate};
    [
        (Part::Bar, &[Loss, Monitored, Lr, Rate, Left]),
        (Part::Bar, &[Loss, Lr, Rate, Left]),
        (Part::Bar, &[Loss, Rate, Left]),
        (Part::Bar, &[Loss, Left]),
        (Part::Percent, &[Loss, Left]),
        (Part::Percent, &[Loss]),
        (Part::Percent, &[]),
        (Part::Nothing, &[]),
    ]
};

impl Status {
    /// The line with a bar, no wider than this unless the bare number of the epoch is.
    pub(super) fn in_width(&self, width: usize) -> String {
        let fits = |(part, fields): &(Part, &[Field])| {
            let line = self.line(*part, fields, BAR.0);
            let free = width.checked_sub(line.chars().count())?;
            Some(if *part == Part::Bar { self.line(*part, fields, BAR.1.min(BAR.0 + free)) } else { line })
        };
        LAYOUTS.iter().find_map(fits).unwrap_or_else(|| self.line(Part::Nothing, &[], 0))
    }

    /// The line without a bar and without a limit.
    pub(super) fn in_full(&self) -> String {
        self.line(Part::Percent, LAYOUTS[0].1, 0)
    }

    fn line(&self, part: Part, fields: &[Field], places: usize) -> String {
        let Self { epoch, epochs, fraction, .. } = self;
        let width = epochs.checked_ilog10().unwrap_or(0) as usize + 1;
        let fraction = fraction.clamp(0.0, 1.0);
        let shown = match part {
            Part::Bar => bar(fraction, places),
            Part::Percent => format!(" {:3.0}%", (fraction * 100.0).floor()),
            Part::Nothing => String::new(),
        };
        let mut line = format!("epoch {epoch:width$}/{epochs}{shown}");
        let texts = fields.iter().filter_map(|field| self.text(*field));
        for (number, text) in texts.enumerate() {
            // a bar's bracket is gap enough
            line += if number == 0 && part == Part::Bar { " " } else { "  " };
            line += &text;
        }
        line
    }

    fn text(&self, field: Field) -> Option<String> {
        match field {
            Field::Loss => self.loss.map(|loss| format!("loss {}", Figure(loss))),
            Field::Monitored => self.monitored.as_ref().map(|(name, value)| format!("{name} {}", Figure(*value))),
            Field::Lr => self.lr.map(|lr| format!("lr {lr}")),
            Field::Rate => self.rate.map(|rate| format!("{rate}")),
            Field::Left => self.left.map(|left| format!("eta {left}")),
        }
    }
}

/// ` [===>    ]`, with so many places.
#[expect(clippy::cast_sign_loss, reason = "a fraction is not negative")]
fn bar(fraction: f64, places: usize) -> String {
    let full = ((fraction * places as f64) as usize).min(places);
    let head = if full < places { ">" } else { "" };
    format!(" [{}{head}{}]", "=".repeat(full), " ".repeat(places - full - head.len()))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    fn status() -> Status {
        Status {
            epoch: 3,
            epochs: 20,
            fraction: 0.379,
            loss: Some(0.1234),
            monitored: Some(("val_accuracy".to_string(), 0.9123)),
            lr: Some(Short(1e-3)),
            rate: Some(Rate(12_345.0)),
            left: Some(Span(12.0)),
        }
    }

    #[test]
    fn fields_are_dropped_as_the_terminal_shrinks() {
        let lines = [
            (
                200,
                "epoch  3/20 [===========>                  ] loss 0.1234  val_accuracy 0.9123  lr 1e-3  12.3k samples/s  eta 0:12",
            ),
            (80, "epoch  3/20 [======>           ] loss 0.1234  lr 1e-3  12.3k samples/s  eta 0:12"),
            (60, "epoch  3/20 [=========>              ] loss 0.1234  eta 0:12"),
            (40, "epoch  3/20  37%  loss 0.1234  eta 0:12"),
            (30, "epoch  3/20  37%  loss 0.1234"),
            (20, "epoch  3/20  37%"),
            (12, "epoch  3/20"),
        ];
        for (width, line) in lines {
            assert_eq!(status().in_width(width), line, "{width}");
        }
        let full = "epoch  3/20  37%  loss 0.1234  val_accuracy 0.9123  lr 1e-3  12.3k samples/s  eta 0:12";
        assert_eq!(status().in_full(), full);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for fraction in [0.0, 0.5, 0.999, 1.0, f64::NAN] {
            for width in 11..200 {
                let line = Status { fraction, ..status() }.in_width(width);
                assert!(line.len() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_bar_is_full_at_the_end_alone() {
        assert_eq!(bar(0.0, 4), " [>   ]");
        assert_eq!(bar(0.99, 4), " [===>]");
        assert_eq!(bar(1.0, 4), " [====]");
    }
}
