//! Promises for a step.
//!
//! A promise is for one size of step, upwards. Nobody promises anything for the way back, for a step to
//! another package or over a change of scheme, so none is told there.

use crate::answer::diff::{Binding, Direction, Kind, Promised, Size};
use crate::catalog::{Binds, Catalog, Contract, Promise, ReleaseId};
use crate::version::Step;

/// Returns the size for which policies promise something.
pub(super) fn promised_step(kind: &Kind) -> Option<Step> {
    let size = match kind.size {
        Size::Patch => Step::Patch,
        Size::Minor => Step::Minor,
        Size::Major => Step::Major,
        Size::None | Size::Prerelease | Size::Scheme | Size::Package | Size::Names => return None,
    };
    (kind.direction == Direction::Up).then_some(size)
}

/// Returns what the contracts on a package say of the step.
pub(super) fn promises(catalog: &Catalog, to: ReleaseId, kind: &Kind) -> Vec<Promised> {
    let Some(step) = promised_step(kind) else { return Vec::new() };
    let core = catalog.package(to.0).core;
    let speaks = |contract: &Contract| match contract.binds {
        Binds::Package => contract.package == to.0,
        Binds::Plugins => core == Some(contract.package),
    };
    let contracts = catalog.contracts().iter().enumerate().filter(|(_, one)| speaks(one));
    contracts
        .map(|(contract, stated)| Promised {
            contract,
            promise: stated.promise(step),
            cite: catalog.cite_for(stated.fact, Some(to)),
        })
        .collect()
}

/// Returns the contracts that a plugin release rests on: that of the interface that binds it, and those
/// that it is stated to rely on.
pub(super) fn rests_on(catalog: &Catalog, release: ReleaseId, binding: Binding) -> Vec<usize> {
    let mut contracts: Vec<usize> = catalog.relies(release).map(|one| one.contract).collect();
    if let Binding::Interface(interface) = binding
        && let Some(contract) = catalog.contract_of(catalog.interface(interface))
    {
        let all = catalog.contracts().iter();
        contracts.extend(
            all.enumerate().filter(|(_, one)| std::ptr::eq(*one, contract)).map(|(ix, _)| ix),
        );
    }
    contracts.sort_unstable();
    contracts.dedup();
    contracts
}

/// Returns the weakest promise of some contracts for a step.
pub(super) fn weakest(catalog: &Catalog, contracts: &[usize], kind: &Kind) -> Option<Promise> {
    let step = promised_step(kind)?;
    contracts.iter().filter_map(|&contract| catalog.contracts()[contract].promise(step)).max()
}
