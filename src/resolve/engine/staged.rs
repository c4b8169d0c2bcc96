//! The core first: what is left to search once a core release is taken for granted is small.
//!
//! The core is decided before all else, so the best core release with which there is a set is that of
//! the best set, whatever follows. Which releases of the core the wishes leave is seen without
//! lowering anything: each wish leaves what some release of it accepts. The first few of these are
//! tried one by one, the short way and then with an instance that holds nothing but releases that go
//! with it. If none of them has a set, the search begins anew with everything, and learns about many cores at once.

use super::super::preference::order_of;
use super::super::problem::{Domains, Prefer, Request, order};
use super::super::statement::Scope;
use super::space::{BITS, Space, Word};
use super::{Engine, Greedy, Stop};
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet};

/// Try this many releases of the core by themselves.
const TRIES: usize = 3;
/// Take at most this many steps for each; a hard one is better searched with all cores at hand.
const STEPS: u64 = 50_000;

/// Returns the best set, or that there is none, if one of the first core releases decides it.
pub(in super::super) fn core_first(
    catalog: &Catalog,
    request: &Request,
    steps: &mut u64,
) -> Option<Vec<ReleaseId>> {
    if request.prefer == Prefer::FewestChanges {
        return None;
    }
    let domains = Domains::new(catalog, request);
    let wished = request.wishes.iter().map(|wish| wish.package);
    let &core = order(catalog, wished).first()?;
    if !domains.is_wished(core) || catalog.package(core).core.is_some() {
        return None;
    }
    let left = cores(catalog, request, &domains, core);
    let ranks = order_of(catalog, request, core).into_iter();
    let mut greedy = Greedy::for_core(catalog, request, core);
    for rank in ranks.filter(|&rank| left.contains(rank)).take(TRIES) {
        if let Some(chosen) = greedy.with_core(rank, steps) {
            return Some(chosen);
        }
        let beside = Some((core, rank));
        let most = STEPS.min(*steps);
        let mut engine = Engine::beside(catalog, request, Scope::All, most, beside);
        let found = engine.solve(&[]);
        *steps -= most - engine.steps();
        match found {
            Ok(true) => return Some(engine.chosen()),
            Ok(false) => {}
            Err(Stop::OutOfBudget | Stop::Back) => return None,
        }
    }
    None
}

/// Returns the releases of the core that every wish leaves.
fn cores(
    catalog: &Catalog,
    request: &Request,
    domains: &Domains<'_>,
    core: PackageIx,
) -> ReleaseSet {
    let mut left = domains.left(core);
    let others = request.wishes.iter().filter(|wish| wish.package != core);
    for wish in others {
        let package = catalog.package(wish.package);
        let mut accepted = ReleaseSet::empty(catalog.package(core).len());
        for rank in domains.left(wish.package).iter() {
            let mut needs = package.needs(rank).iter().filter(|need| need.target == core);
            match (needs.next(), needs.next()) {
                // One requirement is what nearly every release has; anything else rules nothing out.
                (Some(need), None) if need.kind != NeedKind::Conflicts => {
                    catalog.constraints().add_allowed(need.constraint, &mut accepted);
                }
                _ => {
                    accepted = ReleaseSet::full(catalog.package(core).len());
                    break;
                }
            }
        }
        left.intersect_with(&accepted);
    }
    left
}

impl Space<'_> {
    /// Leaves only releases that go with a release of the core by themselves. `at` is where the words of
    /// the package's variable are.
    pub(super) fn keep_beside(&mut self, at: usize, package: PackageIx, (core, with): ReleaseId) {
        let stated = self.catalog.package(package);
        for word in 0..stated.len().div_ceil(BITS) {
            let mut open = self.base[at + word];
            let mut kept: Word = open;
            while open != 0 {
                let bit = open.trailing_zeros() as usize;
                open &= open - 1;
                let rank = Rank::new(word * BITS + bit);
                if !goes_with(self.catalog, (package, rank), (core, with)) {
                    kept &= !(1 << bit);
                }
            }
            self.base[at + word] = kept;
        }
    }
}

fn goes_with(catalog: &Catalog, (package, rank): ReleaseId, (core, with): ReleaseId) -> bool {
    if package == core && rank != with {
        return false;
    }
    let mut needs = catalog.package(package).needs(rank).iter().filter(|need| need.target == core);
    needs.all(|need| {
        let accepted = catalog.constraints().allows(need.constraint, with);
        accepted != (need.kind == NeedKind::Conflicts)
    })
}
