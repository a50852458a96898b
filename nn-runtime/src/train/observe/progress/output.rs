//! Where progress is shown: a terminal, or plain lines.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString as _};
use std::io::{self, Write};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use super::status::Status;

/// Where progress is shown. That it cannot be shown is no error: training does not need it.
pub(super) enum Output {
    /// A terminal, whose last line is a bar.
    Terminal { bar: ProgressBar, width: Box<dyn Fn() -> usize> },
    /// Lines without control characters.
    Lines(Box<dyn Write>),
}

impl Output {
    /// Standard error.
    pub(super) fn stderr() -> Self {
        // drawn as often as asked: `Progress` limits that itself
        let target = ProgressDrawTarget::stderr_with_hz(u8::MAX);
        if target.is_hidden() {
            Self::Lines(Box::new(io::stderr()))
        } else {
            let stderr = Term::stderr();
            Self::terminal(target, Box::new(move || usize::from(stderr.size().1)))
        }
    }

    /// A terminal of this width.
    pub(super) fn terminal(target: ProgressDrawTarget, width: Box<dyn Fn() -> usize>) -> Self {
        let style = ProgressStyle::with_template("{msg}").expect("a template with one key");
        // a run that ends with an error takes the bar away, too
        let bar = ProgressBar::with_draw_target(None, target).with_finish(ProgressFinish::AndClear);
        bar.set_style(style);
        Self::Terminal { bar, width }
    }

    pub(super) const fn is_terminal(&self) -> bool {
        matches!(self, Self::Terminal { .. })
    }

    /// Shows how far the epoch is.
    pub(super) fn status(&mut self, status: &Status) {
        match self {
            // some terminals wrap a line as soon as it fills them
            Self::Terminal { bar, width } => bar.set_message(status.in_width(width().saturating_sub(1))),
            Self::Lines(lines) => _ = writeln!(lines, "{}", status.in_full()),
        }
    }

    /// Prints a line that stays. In a terminal, fields at its end are dropped until it fits; fields have two spaces between them.
    pub(super) fn line(&mut self, line: &str, end: &str) {
        let line = format!("{line}{end}");
        match self {
            Self::Terminal { bar, width } => bar.println(shorten(&line, width())),
            Self::Lines(lines) => _ = writeln!(lines, "{line}"),
        }
    }

    /// Prints sentences, all of them, wrapped between words.
    pub(super) fn text(&mut self, text: &str) {
        match self {
            Self::Terminal { bar, width } => bar.println(wrap(text, width())),
            Self::Lines(lines) => _ = writeln!(lines, "{text}"),
        }
    }

    /// Shows the bar again, which [`clear`](Self::clear) of an earlier run has taken away.
    pub(super) fn begin(&mut self) {
        if let Self::Terminal { bar, .. } = self {
            bar.reset();
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Terminal { bar, .. } => bar.finish_and_clear(),
            Self::Lines(lines) => _ = lines.flush(),
        }
    }
}

/// A line without the fields at its end that do not fit; the first stays.
fn shorten(line: &str, width: usize) -> &str {
    let mut line = line;
    while line.chars().count() > width
        && let Some((fields, _)) = line.rsplit_once("  ")
    {
        line = fields.trim_end();
    }
    line
}

/// A text whose lines are wrapped between words.
fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let mut free = width;
        for (number, word) in line.split(' ').enumerate() {
            let letters = word.chars().count();
            if number > 0 {
                let is_full = letters + 1 > free;
                wrapped.push(if is_full { '\n' } else { ' ' });
                free = if is_full { width } else { free - 1 };
            }
            wrapped.push_str(word);
            free = free.saturating_sub(letters);
        }
        wrapped.push('\n');
    }
    wrapped.trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_at_the_end_of_a_line_are_dropped() {
        let line = "epoch  3/20  loss 0.1234  validation loss 0.2, accuracy 0.9  1.2 s";
        assert_eq!(shorten(line, 80), line);
        assert_eq!(shorten(line, 60), "epoch  3/20  loss 0.1234  validation loss 0.2, accuracy 0.9");
        assert_eq!(shorten(line, 39), "epoch  3/20  loss 0.1234");
        assert_eq!(shorten(line, 3), "epoch");
    }

    #[test]
    fn sentences_are_wrapped_between_words() {
        let text = "trained for 20 epochs;\nwarning: it is a_word_that_is_too_long here";
        assert_eq!(wrap(text, 80), text);
        assert_eq!(wrap(text, 15), "trained for 20\nepochs;\nwarning: it is\na_word_that_is_too_long\nhere");
    }
}
