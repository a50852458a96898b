//! What a user writes in the parentheses of a stage, matched with the list of options that the layer has.

mod mistakes;
mod values;

use proc_macro2::Ident;

use crate::ast::Argument;
use crate::consts::Consts;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::options::{Kind, OptionSpec, Options};

/// The options as they are written: values by position first, then by name.
///
/// `None` if any is mistaken; every mistake goes to the report, apart from those of a const, which are reported already.
pub fn options(
    keyword: &Ident,
    specs: &'static [OptionSpec],
    written: &[Argument],
    consts: &Consts,
    report: &mut Report,
) -> Option<Options> {
    let matching = Matching { keyword, specs, written, consts };
    let mut options = Options::new(specs);
    let (mut position, mut is_shifted, mut has_all) = (Some(0), false, true);
    let before = report.len();
    for argument in written {
        if is_shifted && argument.name.is_none() {
            continue; // the values by position that follow a mistaken one are part of the same mistake
        }
        match matching.give(argument, &mut position, &mut options) {
            Ok(has_value) => has_all &= has_value,
            Err(error) => {
                report.push(error);
                is_shifted |= argument.name.is_none();
            }
        }
    }
    if report.len() > before || !has_all {
        return None;
    }
    report.extend(options.check_required(keyword).err());
    (report.len() == before).then_some(options)
}

/// The arguments of a keyword, and the options that it has.
struct Matching<'a> {
    keyword: &'a Ident,
    specs: &'static [OptionSpec],
    written: &'a [Argument],
    consts: &'a Consts,
}

impl Matching<'_> {
    /// Gives the option that an argument is for its value. Whether it has one: it has none if a const in it is mistaken.
    fn give(
        &self,
        argument: &Argument,
        position: &mut Option<usize>,
        options: &mut Options,
    ) -> Result<bool, Diagnostic> {
        let index = self.find(argument, position)?;
        if options.has(index) {
            let extent = argument.name.as_ref().map_or_else(|| argument.value.extent(), |name| [name.span(); 2]);
            let error = options.twice(self.keyword, index, extent);
            return Err(if index < self.by_position().len() { error.help(self.values_shift()) } else { error });
        }
        let Some(value) = self.evaluate(&self.specs[index], argument)? else { return Ok(false) };
        options.give(self.keyword, index, value, Some(argument.value.extent())).map(|()| true)
    }

    /// The index of the option that an argument is for.
    fn find(&self, argument: &Argument, position: &mut Option<usize>) -> Result<usize, Diagnostic> {
        if let Some(name) = &argument.name {
            *position = None;
            let index = self.specs.iter().position(|spec| name == spec.name);
            return index.ok_or_else(|| self.unknown(name, &argument.value));
        }
        let Some(index) = *position else { return Err(self.after_named(argument)) };
        *position = Some(index + 1);
        match self.specs.get(index) {
            None => Err(self.too_many(argument)),
            Some(spec) if spec.kind == Kind::Value => Err(self.value_by_position(&argument.value)),
            Some(spec) => spec.mistaken_for.map_or(Ok(index), |other| Err(self.needs_name(index, other))),
        }
    }

    /// The values without names before the first named one.
    fn by_position(&self) -> &[Argument] {
        let len = self.written.iter().take_while(|argument| argument.name.is_none()).count();
        self.written.get(..len).unwrap_or_default()
    }

    fn names(&self) -> Vec<&'static str> {
        self.specs.iter().map(|spec| spec.name).collect()
    }
}
