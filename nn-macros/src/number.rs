//! The types in which expressions are computed: sizes in `usize`, dimensions in `isize`, all other numbers in `f64`.

use std::fmt::Display;

use proc_macro2::Span;
use syn::{LitFloat, LitInt};

use crate::ast::SIZES;
use crate::diagnostic::Diagnostic;
use crate::model::options::text;

/// A type in which an expression is computed. Each operation gives `None` where it has no value in this type.
pub trait Number: Copy + Display + PartialEq {
    /// What the values are, as a message names it.
    const WHAT: &'static str;
    /// What they are computed for.
    const COMPUTED: &'static str = "shapes";
    /// The suffixes that a literal may have; the first is the type that a message names.
    const SUFFIXES: &'static [&'static str];
    const ZERO: Self;

    /// The value of decimal digits.
    fn whole(digits: &str) -> Option<Self>;

    /// The value of a const.
    fn of_const(value: usize) -> Option<Self>;

    /// The value of a literal with a point or an exponent, whose digits are these.
    fn fractional(literal: &LitFloat) -> Result<Self, Diagnostic>;

    fn negative(self) -> Option<Self>;

    /// The value as a message shows it.
    fn text(self) -> String {
        self.to_string()
    }

    /// What to write instead of a name that is no const.
    fn instead_of(name: &str) -> String {
        format!("declare it inside: `const {}: usize = 10;`", name.to_uppercase())
    }

    /// `self operator other`
    fn operate(self, operator: char, other: Self) -> Option<Self>;
}

/// The value of a literal of a whole number.
pub fn integer<N: Number>(literal: &LitInt) -> Result<N, Diagnostic> {
    check_suffix::<N>(literal.span(), literal.suffix(), literal.base10_digits())?;
    let value = N::whole(literal.base10_digits());
    value.ok_or_else(|| Diagnostic::new(literal.span(), format!("`{literal}` is too large for {}", N::WHAT)))
}

/// `-value`, with the minus at this place.
pub fn negative<N: Number>(value: N, sign: Span) -> Result<N, Diagnostic> {
    value.negative().ok_or_else(|| Diagnostic::new(sign, format!("{} cannot be negative", N::WHAT)).help(SIZES))
}

/// `left operator right`, or why it has no value.
pub fn operate<N: Number>(left: N, operator: char, right: N) -> Result<N, String> {
    left.operate(operator, right).ok_or_else(|| match operator {
        '/' if right == N::ZERO => format!("`{} / {}` divides by zero", left.text(), right.text()),
        '-' if N::ZERO.negative().is_none() => {
            format!("`{} - {}` is negative, and a size is not", left.text(), right.text())
        }
        _ => format!("`{} {operator} {}` is too large for {}", left.text(), right.text(), N::WHAT),
    })
}

fn check_suffix<N: Number>(span: Span, suffix: &str, digits: &str) -> Result<(), Diagnostic> {
    if suffix.is_empty() || N::SUFFIXES.contains(&suffix) {
        return Ok(());
    }
    if let Some(others) = suffix.strip_prefix('x') {
        let sizes = format!("{digits}, {}", others.replace('x', ", "));
        let error = Diagnostic::new(span, format!("expected {}, found `{digits}{suffix}`", N::WHAT));
        let pair = if others.contains('x') { String::new() } else { format!(", or `({sizes})` as an option") };
        return Err(error.help(format!("separate sizes by commas: `[{sizes}]` as a shape{pair}")));
    }
    let [expected, found] = [N::SUFFIXES[0], suffix]
        .map(|name| format!("{} `{name}`", if name.starts_with(['f', 'i']) { "an" } else { "a" }));
    let error = format!("{} is {expected}, but this is {found}", N::WHAT);
    Err(Diagnostic::new(span, error).help(format!("write `{digits}`")))
}

fn not_whole<N: Number>(literal: &LitFloat) -> Diagnostic {
    Diagnostic::new(literal.span(), format!("{} is a whole number, but this is `{literal}`", N::WHAT))
}

impl Number for usize {
    const WHAT: &'static str = "a size";
    const SUFFIXES: &'static [&'static str] = &["usize"];
    const ZERO: Self = 0;

    fn whole(digits: &str) -> Option<Self> {
        digits.parse().ok()
    }

    fn of_const(value: usize) -> Option<Self> {
        Some(value)
    }

    fn fractional(literal: &LitFloat) -> Result<Self, Diagnostic> {
        Err(not_whole::<Self>(literal).help(SIZES))
    }

    fn negative(self) -> Option<Self> {
        None
    }

    fn operate(self, operator: char, other: Self) -> Option<Self> {
        match operator {
            '+' => self.checked_add(other),
            '-' => self.checked_sub(other),
            '*' => self.checked_mul(other),
            _ => self.checked_div(other),
        }
    }
}

impl Number for isize {
    const WHAT: &'static str = "an index";
    const SUFFIXES: &'static [&'static str] = &["isize", "usize"];
    const ZERO: Self = 0;

    fn whole(digits: &str) -> Option<Self> {
        digits.parse().ok()
    }

    fn of_const(value: usize) -> Option<Self> {
        value.try_into().ok()
    }

    fn fractional(literal: &LitFloat) -> Result<Self, Diagnostic> {
        Err(not_whole::<Self>(literal))
    }

    fn negative(self) -> Option<Self> {
        self.checked_neg()
    }

    fn operate(self, operator: char, other: Self) -> Option<Self> {
        match operator {
            '+' => self.checked_add(other),
            '-' => self.checked_sub(other),
            '*' => self.checked_mul(other),
            _ => self.checked_div(other),
        }
    }
}

impl Number for f64 {
    const WHAT: &'static str = "a number";
    const COMPUTED: &'static str = "options";
    const SUFFIXES: &'static [&'static str] = &["f64", "f32"];
    const ZERO: Self = 0.0;

    fn whole(digits: &str) -> Option<Self> {
        digits.parse().ok().filter(|value: &Self| value.is_finite())
    }

    fn of_const(value: usize) -> Option<Self> {
        Some(value as Self)
    }

    fn fractional(literal: &LitFloat) -> Result<Self, Diagnostic> {
        check_suffix::<Self>(literal.span(), literal.suffix(), literal.base10_digits())?;
        let digits = literal.base10_digits();
        let error = |is: &str| Diagnostic::new(literal.span(), format!("`{literal}` is too {is} for a number"));
        let has_value =
            digits.split(['e', 'E']).next().is_some_and(|digits| digits.contains(|digit| ('1'..='9').contains(&digit)));
        match Self::whole(digits) {
            None => Err(error("large")),
            Some(0.0) if has_value => Err(error("small").help("write `0.0`, or a larger number")),
            Some(value) => Ok(value),
        }
    }

    fn negative(self) -> Option<Self> {
        Some(-self)
    }

    fn instead_of(_name: &str) -> String {
        "write the number itself, such as `0.5`: the consts inside are sizes".into()
    }

    fn text(self) -> String {
        text(self)
    }

    fn operate(self, operator: char, other: Self) -> Option<Self> {
        let value = match operator {
            '+' => self + other,
            '-' => self - other,
            '*' => self * other,
            _ => self / other,
        };
        Some(value).filter(|value| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::operate;

    /// The type decides: what is half of one, and what is less than nothing.
    #[test]
    fn the_type_decides_what_an_operation_gives() {
        assert_eq!(operate(1_usize, '/', 2), Ok(0));
        assert_eq!(operate(1_f64, '/', 2.0), Ok(0.5));
        assert_eq!(operate(2_isize, '-', 3), Ok(-1));
        assert_eq!(operate(2_usize, '-', 3), Err("`2 - 3` is negative, and a size is not".into()));
        assert_eq!(operate(2_f64, '-', 3.0), Ok(-1.0));
    }

    #[test]
    fn what_has_no_value_says_why() {
        assert_eq!(operate(1_usize, '/', 0), Err("`1 / 0` divides by zero".into()));
        assert_eq!(operate(1_isize, '/', 0), Err("`1 / 0` divides by zero".into()));
        assert_eq!(operate(0.5, '/', 0.0), Err("`0.5 / 0` divides by zero".into()));
        assert_eq!(operate(0.0, '/', 0.0), Err("`0 / 0` divides by zero".into()));
        assert_eq!(operate(isize::MAX, '+', 1), Err(format!("`{} + 1` is too large for an index", isize::MAX)));
        assert!(operate(1e300, '*', 1e300).unwrap_err().ends_with("is too large for a number"));
    }
}
