//! The shapes of pubgrub's published benchmarks, rebuilt as instances.
//!
//! The three of backtracking follow patterns that were found among real crates: a long chain of exact
//! pins that leads nowhere for all but one release of the first package. The sudoku is one package for
//! each cell and one release for each digit; all of its constraints are needs with a hole. There the
//! digits' order means nothing, since a proper sudoku has one solution.

use super::{Binds, Dep, Instance, Package, Requirement, Span};

fn needs(target: usize, allowed: Vec<Span>) -> Dep {
    Dep { target, allowed, binds: Binds::Always }
}

fn any(package: usize, packages: &[Package]) -> Requirement {
    Requirement { package, allowed: vec![(1, packages[package].count())] }
}

/// Makes the packages of a chain. Release `v` of each, from 1 on, needs of the next package what `of`
/// says; the first package has one more below them that needs nothing.
fn chain(count: usize, releases: u32, of: impl Fn(usize, u32) -> Dep) -> Vec<Package> {
    let package = |at: usize| {
        let free = (at == 0).then(Vec::new);
        let bound = (1..releases).map(|release| vec![of(at, release)]);
        Package::new(format!("p{:04}", at + 1), free.into_iter().chain(bound).collect())
    };
    (0..count).map(package).collect()
}

fn missing(at: usize) -> Package {
    Package::new(format!("p{:04}", at + 1), Vec::new())
}

/// Every release pins the same release of the next package; the last package has none.
pub(crate) fn singletons(count: usize, releases: u32) -> Instance {
    let mut packages =
        chain(count - 1, releases, |at, release| needs(at + 1, vec![(release, release)]));
    packages.push(missing(count - 1));
    Instance { has_core: false, requirements: vec![any(0, &packages)], packages }
}

/// Every release pins the same release of the next package, and those of the last package each
/// another release of one of which the oldest is required.
pub(crate) fn disjoint(count: usize, releases: u32) -> Instance {
    let mut packages = chain(count, releases, |at, release| {
        let number = if at + 1 == count { release + 1 } else { release };
        needs(at + 1, vec![(number, number)])
    });
    packages.push(Package::new("pinned".to_owned(), vec![Vec::new(); releases as usize]));
    let requirements =
        vec![any(0, &packages), Requirement { package: count, allowed: vec![(1, 1)] }];
    Instance { has_core: false, packages, requirements }
}

/// The older a release, the newer must that of the next package be; the last package has none.
pub(crate) fn ranges(count: usize, releases: u32) -> Instance {
    let mut packages = chain(count - 1, releases, |at, release| {
        needs(at + 1, vec![(releases - release, releases - 1)])
    });
    packages.push(missing(count - 1));
    Instance { has_core: false, requirements: vec![any(0, &packages)], packages }
}

/// An easy board and a hard one.
pub(crate) const SUDOKUS: [&str; 2] = [
    "53..7....6..195....98....6.859.61423426853791713924856.6....28....419..5....86179",
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
];

/// A board: 81 digits row by row, with `.` where none is given.
pub(crate) fn sudoku(board: &str) -> Instance {
    let without = |digit: u32| {
        let spans = [(1, digit - 1), (digit + 1, 9)];
        spans.into_iter().filter(|(from, to)| from <= to).collect::<Vec<Span>>()
    };
    let cell = |cell: usize| {
        let others: Vec<_> = (0..81).filter(|&other| other != cell && meet(cell, other)).collect();
        let release =
            |digit| others.iter().map(|&other| needs(other, without(digit))).collect::<Vec<_>>();
        Package::new(format!("p{:04}", cell + 1), (1..=9).map(release).collect())
    };
    let given = |(package, digit): (usize, char)| {
        digit.to_digit(10).map(|digit| Requirement { package, allowed: vec![(digit, digit)] })
    };
    Instance {
        has_core: false,
        packages: (0..81).map(cell).collect(),
        requirements: board.chars().enumerate().filter_map(given).collect(),
    }
}

/// Whether two cells are in one row, column or box.
fn meet(a: usize, b: usize) -> bool {
    let (row, column) = (|cell: usize| cell / 9, |cell: usize| cell % 9);
    let block = |cell: usize| (row(cell) / 3, column(cell) / 3);
    row(a) == row(b) || column(a) == column(b) || block(a) == block(b)
}
