//! Numbers as people read them at a glance.

use alloc::format;
use alloc::string::String;
use core::fmt;

/// A number with up to three digits that count: `1e-3`, `2.5e-4`, `0.05`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Short(pub(super) f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        let digits = format!("{value:.2e}");
        match digits.split_once('e') {
            Some((_, "0" | "-1" | "-2" | "1" | "2")) => {
                // rounded to the digits that count, and printed without an exponent
                write!(f, "{}", digits.parse().unwrap_or(value))
            }
            Some((number, exponent)) if value != 0.0 => {
                let number = number.trim_end_matches('0').trim_end_matches('.');
                write!(f, "{number}e{exponent}")
            }
            _ => write!(f, "{value}"),
        }
    }
}

/// A number of samples a second: `12.3k`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate(pub(super) f64);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(mut value) = *self;
        let mut unit = "";
        for larger in ["k", "M", "G", "T"] {
            // what would be rounded to 1000 is 1 of the next
            if value >= 999.5 {
                (value, unit) = (value / 1000.0, larger);
            }
        }
        let digits = match value {
            ..9.995 => 2,
            ..99.95 => 1,
            _ => 0,
        };
        write!(f, "{value:.digits$}{unit} samples/s")
    }
}

/// Seconds as a clock shows them: `0:12`, `1:02:03`, `2d 03:04:05`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span(pub(super) f64);

impl Span {
    /// Short times with their unit, `340 µs`, `34 ms`, `1.2 s`; others as a clock shows them.
    pub(super) fn in_words(self) -> String {
        match self.0 {
            seconds @ ..0.000_999_5 => format!("{:.0} µs", seconds * 1e6),
            seconds @ ..0.9995 => format!("{:.0} ms", seconds * 1000.0),
            seconds @ ..59.95 => format!("{seconds:.1} s"),
            _ => format!("{self}"),
        }
    }
}

impl fmt::Display for Span {
    #[expect(clippy::cast_sign_loss, reason = "a time is not negative")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // nobody waits for what is more than `u64::MAX` seconds away
        let total = self.0.round() as u64;
        let (days, hours, minutes, seconds) = (total / 86400, total / 3600 % 24, total / 60 % 60, total % 60);
        match (days, hours) {
            (0, 0) => write!(f, "{minutes}:{seconds:02}"),
            (0, _) => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
            _ => write!(f, "{days}d {hours:02}:{minutes:02}:{seconds:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn numbers_are_short() {
        let rates = [
            (1e-3, "1e-3"),
            (2.5e-4, "2.5e-4"),
            (1.0 / 3000.0, "3.33e-4"),
            (0.05, "0.05"),
            (0.012_345, "0.0123"),
            (0.1, "0.1"),
            (0.999_9, "1"),
            (1.0, "1"),
            (12.345, "12.3"),
            (1e3, "1e3"),
            (0.0, "0"),
            (f64::NAN, "NaN"),
        ];
        for (value, text) in rates {
            assert_eq!(Short(value).to_string(), text);
        }
    }

    #[test]
    fn rates_have_three_digits() {
        let rates = [
            (0.5, "0.50"),
            (12.34, "12.3"),
            (999.4, "999"),
            (999.6, "1.00k"),
            (12_345.0, "12.3k"),
            (2.5e6, "2.50M"),
            (3e13, "30.0T"),
        ];
        for (value, text) in rates {
            assert_eq!(Rate(value).to_string(), alloc::format!("{text} samples/s"));
        }
    }

    #[test]
    fn times_are_those_of_a_clock() {
        let times = [(0.0, "0:00"), (59.6, "1:00"), (3723.0, "1:02:03"), (183_845.0, "2d 03:04:05")];
        for (value, text) in times {
            assert_eq!(Span(value).to_string(), text);
        }
        let words = [
            (0.000_34, "340 µs"),
            (0.000_999_6, "1 ms"),
            (0.0344, "34 ms"),
            (0.9996, "1.0 s"),
            (1.24, "1.2 s"),
            (59.96, "1:00"),
            (75.0, "1:15"),
        ];
        for (value, text) in words {
            assert_eq!(Span(value).in_words(), text);
        }
    }
}
