//! Lock files in TOML: `uv.lock`, and `pylock.toml` as PEP 751 defines it.
//!
//! A lock holds what may be installed anywhere: extras, groups and other systems included.

use super::environment::{Doubt, Environment, StatedPackage, observation};
use crate::evidence::lines::{Lines, base_name};
use crate::evidence::saved::{Saved, TEXT_LIMIT};
use crate::finding::{Check, Finding, Severity};
use crate::input::{Input, described, text_of};
use crate::observation::Observation;
use crate::problem::{Problem, Problems};

#[cfg(feature = "toml")]
use read::{pylock_packages, uv_packages};

/// Returns whether a file is a lock of uv, by its name.
pub(in crate::evidence) fn looks_like_uv(input: &Input<'_>) -> bool {
    base_name(input.name) == "uv.lock"
}

/// Returns whether a file is a lock of PEP 751, by its name: `pylock.toml` or `pylock.NAME.toml`.
pub(in crate::evidence) fn looks_like_pylock(input: &Input<'_>) -> bool {
    let name = base_name(input.name);
    let rest = name.strip_prefix("pylock.").and_then(|rest| rest.strip_suffix("toml"));
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Reads locks of uv, each as one node.
pub(in crate::evidence) fn uv_locks(saved: &Saved<'_>) -> Result<Observation, Problems> {
    locks(saved, uv_packages)
}

/// Reads locks of PEP 751, each as one node.
pub(in crate::evidence) fn pylocks(saved: &Saved<'_>) -> Result<Observation, Problems> {
    locks(saved, pylock_packages)
}

fn locks(
    saved: &Saved<'_>,
    packages: fn(&str, &Lines<'_>) -> Result<Vec<StatedPackage>, Problem>,
) -> Result<Observation, Problems> {
    let mut environments = Vec::new();
    let mut remarks = Vec::new();
    let mut problems = Vec::new();
    for (file, input) in saved.inputs.iter().enumerate() {
        let read = text_of(input.bytes, TEXT_LIMIT)
            .and_then(|text| packages(text, &Lines::new(input.name, text)));
        match read {
            Ok(packages) => {
                remarks.push(may_differ(input));
                environments.push(Environment {
                    name: input.name.to_owned(),
                    packages,
                    python: None,
                });
            }
            Err(problem) => problems.push(Problem { file, ..problem }),
        }
    }
    if !problems.is_empty() {
        return Err(described(saved.inputs, problems));
    }
    Ok(observation(saved, environments, remarks))
}

fn may_differ(input: &Input<'_>) -> Finding {
    let message = "a lock holds what extras, groups and other systems would install, too";
    Finding::new(Check::EntryAssumed, Severity::Info, input.name, message)
}

#[cfg(not(feature = "toml"))]
fn uv_packages(_: &str, _: &Lines<'_>) -> Result<Vec<StatedPackage>, Problem> {
    let message = "this build of skew reads no TOML (its feature `toml` is off)".to_owned();
    let _ = Doubt::FromSource;
    Err(Problem::of_file(crate::problem::ProblemCode::Syntax, message))
}

#[cfg(not(feature = "toml"))]
use uv_packages as pylock_packages;

#[cfg(feature = "toml")]
mod read {
    use serde::Deserialize;
    use serde::de::IgnoredAny;
    use toml::Spanned;

    use super::{Doubt, Lines, Problem, StatedPackage};
    use crate::problem::{ProblemCode, shown};

    /// Most packages of a lock.
    const MOST: usize = 100_000;

    /// The parts of a lock of uv that are read.
    #[derive(Deserialize)]
    struct Uv {
        version: Option<Spanned<u64>>,
        #[serde(default)]
        package: Vec<LockedPackage>,
    }

    /// The parts of a lock of PEP 751 that are read.
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Pylock {
        lock_version: Option<Spanned<String>>,
        #[serde(default)]
        packages: Vec<LockedPackage>,
    }

    /// A package, in either; the keys that only one has are absent in the other.
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct LockedPackage {
        name: Spanned<String>,
        version: Option<Spanned<String>>,
        marker: Option<String>,
        resolution_markers: Option<IgnoredAny>,
        source: Option<LockedSource>,
        vcs: Option<IgnoredAny>,
        directory: Option<IgnoredAny>,
    }

    /// Where uv takes a package from.
    #[derive(Deserialize)]
    struct LockedSource {
        git: Option<IgnoredAny>,
        directory: Option<IgnoredAny>,
        editable: Option<IgnoredAny>,
        r#virtual: Option<IgnoredAny>,
    }

    impl LockedSource {
        fn is_code(&self) -> bool {
            let all = [&self.git, &self.directory, &self.editable, &self.r#virtual];
            all.iter().any(|one| one.is_some())
        }
    }

    impl LockedPackage {
        fn package(self, text: &str, lines: &Lines<'_>) -> StatedPackage {
            let from_source = self.vcs.is_some()
                || self.directory.is_some()
                || self.source.as_ref().is_some_and(LockedSource::is_code);
            let conditional = self.marker.is_some() || self.resolution_markers.is_some();
            let doubt = match (from_source, conditional) {
                (true, _) => Some(Doubt::FromSource),
                (false, true) => Some(Doubt::Conditional),
                (false, false) => None,
            };
            let place = self.version.as_ref().map_or(self.name.span(), Spanned::span);
            let origin = lines.origin(text.get(place).unwrap_or_default());
            let version = self.version.map(Spanned::into_inner);
            let version = version.ok_or_else(|| "the lock states no version".to_owned());
            StatedPackage { name: self.name.into_inner(), version, doubt, origin }
        }
    }

    pub(super) fn uv_packages(
        text: &str,
        lines: &Lines<'_>,
    ) -> Result<Vec<StatedPackage>, Problem> {
        let lock: Uv = parsed(text)?;
        match lock.version.map(Spanned::into_inner) {
            Some(1) => packages(lock.package, text, lines),
            Some(other) => Err(Problem::of_file(
                ProblemCode::Format,
                format!("expected a lock of version 1, found version {other}"),
            )),
            None => Err(missing("version", "a lock of uv")),
        }
    }

    pub(super) fn pylock_packages(
        text: &str,
        lines: &Lines<'_>,
    ) -> Result<Vec<StatedPackage>, Problem> {
        let lock: Pylock = parsed(text)?;
        match lock.lock_version {
            Some(version) if version.get_ref().split('.').next() == Some("1") => {
                packages(lock.packages, text, lines)
            }
            Some(version) => {
                let found = shown(version.get_ref());
                let message = format!("expected a lock of version 1, found `{found}`");
                let span = Some(version.span());
                Err(Problem { span, ..Problem::of_file(ProblemCode::Format, message) })
            }
            None => Err(missing("lock-version", "a lock of PEP 751")),
        }
    }

    fn missing(key: &str, what: &str) -> Problem {
        let message = format!("expected {what}, which has a key `{key}`");
        Problem::of_file(ProblemCode::Shape, message)
    }

    fn packages(
        packages: Vec<LockedPackage>,
        text: &str,
        lines: &Lines<'_>,
    ) -> Result<Vec<StatedPackage>, Problem> {
        if packages.len() > MOST {
            let message = format!("there are more than {MOST} packages");
            return Err(Problem::of_file(ProblemCode::Limit, message));
        }
        Ok(packages.into_iter().map(|package| package.package(text, lines)).collect())
    }

    fn parsed<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Problem> {
        toml::from_str(text).map_err(|error| {
            // What fits TOML and not the lock begins with the name of what is wrong.
            let message = shown(error.message());
            Problem { span: error.span(), ..Problem::of_file(ProblemCode::Syntax, message) }
        })
    }
}
