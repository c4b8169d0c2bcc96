//! `list`: what is known?

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::args::Common;
use super::super::output::Printed;
use super::super::world::{self, Wanted};
use super::super::{Failure, spec};
use super::finish;
use crate::answer::{Answer, Body};

pub(super) fn run(common: &Common, name: Option<&str>) -> Result<Printed, Failure> {
    let wanted: BTreeSet<&str> = name.into_iter().collect();
    let catalog = match name {
        None => world::load(common, Wanted::All, &[])?,
        Some(_) => world::load(common, Wanted::Packages(&wanted), &[])?,
    };
    let body = match name {
        // A matrix usually has the name of its core; the package tells more.
        Some(name) if catalog.find(name).is_some() || !is_loaded(&catalog, name) => {
            Body::Package(spec::package(&catalog, name)?)
        }
        Some(name) => {
            let own = catalog.packages().filter(|(_, package)| package.matrix == name);
            Body::Packages(own.map(|(ix, _)| ix).collect())
        }
        None => Body::Packages(catalog.packages().map(|(ix, _)| ix).collect()),
    };
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "list",
            verdict: None,
            findings: Vec::new(),
            body,
        },
    )
}

fn is_loaded(catalog: &crate::catalog::Catalog, name: &str) -> bool {
    world::is_matrix(name) || catalog.matrices().iter().any(|matrix| matrix.name == name)
}
