//! Instances as matrix files, requirements as users write them, and both as a scenario to keep.

use serde_json::{Value, json};

use super::{Binds, Dep, Dice, Instance, Package, Span};

impl Instance {
    /// Returns the matrix.
    pub(crate) fn matrix(&self) -> String {
        self.arranged(&mut |count| (0..count).collect())
    }

    /// Returns the matrix with packages, releases and the keys of `needs` in a random order.
    pub(crate) fn shuffled(&self, dice: &mut Dice) -> String {
        self.arranged(&mut |count| {
            let mut order: Vec<_> = (0..count).collect();
            dice.shuffle(&mut order);
            order
        })
    }

    /// Returns the requirements: `NAME` or `NAME@RANGE`.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let spec = |requirement: &super::Requirement| {
            let package = &self.packages[requirement.package];
            match range(package, &requirement.allowed).as_str() {
                "*" => package.name.clone(),
                range => format!("{}@{range}", package.name),
            }
        };
        self.requirements.iter().map(spec).collect()
    }

    /// Returns the instance in the form of `tests/scenarios`.
    pub(crate) fn scenario(&self, expect: &Value) -> String {
        let matrix: Value = serde_json::from_str(&self.matrix()).expect("the matrix is JSON");
        let scenario = json!({
            "ask": "resolve", "want": self.wanted(), "matrix": matrix, "expect": expect,
        });
        scenario.to_string()
    }

    fn arranged(&self, arrange: &mut dyn FnMut(usize) -> Vec<usize>) -> String {
        let mut out = String::from(
            r#"{"format":1,"name":"random","as_of":"2026-01-01","sources":{"s":{"title":"a guess","evidence":"inferred"}},"packages":["#,
        );
        for (at, package) in arrange(self.packages.len()).into_iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            self.package(&mut out, package, arrange);
        }
        out.push_str("\n]}\n");
        out
    }

    fn package(&self, out: &mut String, ix: usize, arrange: &mut dyn FnMut(usize) -> Vec<usize>) {
        let package = &self.packages[ix];
        let kind = match (self.has_core, ix) {
            (true, 0) => r#""core""#,
            (true, _) => r#""plugin","core":"core""#,
            (false, _) => r#""plugin""#,
        };
        out.push_str(&format!(
            r#"{{"name":"{}","kind":{kind},"scheme":"semver","source":"s","releases":["#,
            package.name
        ));
        for (at, release) in arrange(package.releases.len()).into_iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            out.push_str(&format!(r#"{{"version":"{}","needs":{{"#, package.versions[release]));
            let needs = &package.releases[release];
            for (at, need) in arrange(needs.len()).into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                self.need(out, &needs[need]);
            }
            let number = u32::try_from(release + 1).expect("releases are few");
            let silent = package.silent.contains(&number);
            out.push_str(if silent { r#"},"unreadable":"lost"}"# } else { "}}" });
        }
        out.push_str("]}");
    }

    fn need(&self, out: &mut String, dep: &Dep) {
        let target = &self.packages[dep.target];
        let range = range(target, &dep.allowed);
        out.push_str(&match dep.binds {
            Binds::Always => format!(r#""{}":"{range}""#, target.name),
            Binds::IfPresent => {
                format!(r#""{}":{{"range":"{range}","kind":"optional"}}"#, target.name)
            }
        });
    }
}

/// Puts spans of a package's releases into words.
fn range(package: &Package, spans: &[Span]) -> String {
    let last = package.count();
    let version = |number: u32| format!("{number}.0.0");
    let one = |&(from, to): &Span| match (from, to) {
        (1, to) if to == last => "*".to_owned(),
        (from, to) if from == to => format!("={}", version(from)),
        (1, to) => format!("<={}", version(to)),
        (from, to) if to == last => format!(">={}", version(from)),
        (from, to) => format!(">={},<={}", version(from), version(to)),
    };
    match spans {
        [] => format!(">{}", version(last)),
        spans => spans.iter().map(one).collect::<Vec<_>>().join(" || "),
    }
}
