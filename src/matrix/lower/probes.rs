//! Questions to running systems, and how modules report their versions.

use super::Lowering;
use crate::catalog::{Expect, PackageIx, Probe, ReleaseSet, ReportedAs};
use crate::matrix::raw;
use crate::matrix::text::Text;
use crate::problem::{ProblemCode, shown};

impl<'a> Lowering<'_, 'a> {
    pub(super) fn probe(&mut self, raw: &raw::Probe<'a>) -> Probe {
        Probe {
            command: raw.command.to_string(),
            field: raw.field.as_ref().map(ToString::to_string),
            expect: self.expect(&raw.expect),
        }
    }

    /// Reads a wanted answer. What is wrong with it is reported, and it then stands for itself.
    pub(super) fn expect(&mut self, text: &Text<'a>) -> Expect {
        let read = Expect::parse(text).unwrap_or_else(|error| {
            let hint = error.hint.map(ToOwned::to_owned);
            self.report(Some(text), ProblemCode::Rule, error.message).maybe_hint(hint);
            Expect::Is(text.to_string())
        });
        let scope = self.scope();
        if let Some((role, _)) = read.other()
            && !self.names.roles.contains_key(&(scope, role))
        {
            let known = self.names.roles.keys().filter(|key| key.0 == scope);
            let hint = self.near(role, known.map(|key| key.1));
            let message = format!("no role is named `{}`", shown(role));
            self.report(Some(text), ProblemCode::UnknownName, message).maybe_hint(hint);
        }
        read
    }

    /// Lowers how the modules of a package report themselves.
    pub(super) fn reported(&mut self, package: PackageIx, raw: &raw::ReportedAs<'a>) {
        let releases = match &raw.releases {
            Some(range) => self.releases(package, range),
            None => Some(ReleaseSet::full(self.catalog.package(package).len())),
        };
        let Some(releases) = releases else { return };
        let number = raw.number.as_ref();
        let number = number.map(|number| [number.major, number.minor, number.patch, number.plus]);
        let stated = ReportedAs { module: raw.module.to_string(), releases, number };
        self.catalog.packages[package.ix()].reported.push(stated);
    }
}
