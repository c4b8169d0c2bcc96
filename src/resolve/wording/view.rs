//! One fact, seen from what the requirements and the facts before it leave of both packages.

use super::super::problem::{self, Request};
use super::super::statement::Statement;
use super::left::{Left, fits, needs, pin};
use super::phrase::{phrase, plural, span, which};
use crate::answer::selection::Clash;
use crate::catalog::{Catalog, FactIx, Need, NeedKind, PackageIx, Rank, ReleaseSet};

/// What one release asks of the other package: the words, and the releases that will do.
struct AskedRelease {
    rank: Rank,
    text: String,
    fits: ReleaseSet,
    /// Releases of which no fact says whether they do.
    unknown: ReleaseSet,
    /// Whether the package must be there.
    requires: bool,
    /// Whether it is an interface of the package that is asked for.
    by_interface: bool,
    fact: FactIx,
}

/// What one package asks of another.
pub(super) struct NeedsView<'c> {
    catalog: &'c Catalog,
    package: PackageIx,
    target: PackageIx,
    /// Releases of the package that are in question.
    candidates: ReleaseSet,
    /// Releases of the target that are in question.
    wanted: ReleaseSet,
    /// Both as they would be without any requirement or fact.
    open: (ReleaseSet, ReleaseSet),
    /// Whether anything was said of the target.
    is_narrowed: bool,
    /// Whether it matters which releases of the package may be chosen unasked.
    is_barred: bool,
    /// The release that was asked for, if it does not matter that it was this one.
    pinned: Option<Rank>,
    /// What the candidates ask, oldest first.
    asked: Vec<AskedRelease>,
}

impl<'c> NeedsView<'c> {
    pub(super) fn new(
        left: &Left<'c>,
        request: &'c Request,
        kept: &[Statement],
        statement: Statement,
    ) -> Option<Self> {
        let (package, target) = left.ends(statement)?;
        let catalog = left.catalog;
        let open = |package| problem::open(catalog, request, package);
        let pinned = request.requirements.iter().enumerate().find_map(|(at, requirement)| {
            let is_free = !kept.contains(&Statement::Restriction(at));
            requirement.pinned.filter(|_| is_free && requirement.package == package)
        });
        let mut view = Self {
            catalog,
            package,
            target,
            candidates: left.of(package),
            wanted: left.of(target),
            open: (open(package), open(target)),
            is_narrowed: left.is_narrowed(target),
            is_barred: kept.contains(&Statement::Unasked(package)),
            pinned,
            asked: Vec::new(),
        };
        view.asked = view
            .candidates
            .iter()
            .filter_map(|rank| {
                let is_pin = matches!(statement, Statement::Pin(_));
                if is_pin { view.bound(rank) } else { view.asks(rank) }
            })
            .collect();
        Some(view)
    }

    pub(super) fn clash(&self) -> Clash {
        let Some((text, asked)) = self.sentence() else {
            let text = format!("{} needs {}", self.name(self.package), self.name(self.target));
            return Clash { text, cite: None };
        };
        let cite = self.catalog.cite_for(asked.fact, Some((self.package, asked.rank)));
        Clash { text, cite: Some(cite) }
    }

    /// Returns the sentence, and the release whose fact it rests on.
    fn sentence(&self) -> Option<(String, &AskedRelease)> {
        let nearest = self.nearest()?;
        let name = self.name(self.package);
        if self.candidates.count() == 1 {
            let version = self.version(nearest.rank);
            return Some((format!("{name} {version} {}", self.words(nearest)), nearest));
        }
        let refusing: Vec<&AskedRelease> =
            self.asked.iter().filter(|asked| self.is_refused(asked)).collect();
        Some(match refusing.len() {
            0 => (self.all_ask(), nearest),
            count if count == self.candidates.count() => self.all_refuse(nearest),
            _ => self.some_refuse(&refusing, nearest),
        })
    }

    /// Of each release in question it is said what it asks.
    fn all_ask(&self) -> String {
        let name = self.name(self.package);
        let first = &self.asked[0];
        let is_same = self.asked.iter().all(|asked| asked.text == first.text);
        if is_same && self.asked.len() == self.candidates.count() {
            return self.every(&self.candidates, &self.words(first));
        }
        if is_same && let [only] = self.asked.as_slice() {
            let version = self.version(only.rank);
            return format!("of all releases of {name}, only {version} {}", self.words(only));
        }
        let groups: Vec<&[AskedRelease]> = self.asked.chunk_by(|a, b| a.text == b.text).collect();
        let all_require = self.asked.iter().all(|asked| asked.requires)
            && self.asked.len() == self.candidates.count();
        if groups.len() > FEW && all_require {
            let mut accepted = self.wanted.clone();
            accepted.subtract(&self.wanted);
            for asked in &self.asked {
                accepted.union_with(&asked.fits);
            }
            accepted.intersect_with(&self.wanted);
            return format!(
                "{} go only with {}",
                self.releases(&self.candidates),
                span(self.catalog, self.target, &accepted)
            );
        }
        format!("{name} {}", self.groups(&groups))
    }

    /// Lists what consecutive releases that say the same ask; of many, the oldest and the newest.
    fn groups(&self, groups: &[&[AskedRelease]]) -> String {
        let say = |group: &&[AskedRelease]| {
            let (first, last) = (&group[0], &group[group.len() - 1]);
            let words = self.words(first);
            let version = self.version(first.rank);
            if first.rank == last.rank {
                format!("{version} {words}")
            } else {
                format!("{version} to {} {}", self.version(last.rank), plural(&words))
            }
        };
        match groups {
            [first, .., last] if groups.len() > FEW => {
                format!("{}; ...; {}", say(first), say(last))
            }
            few => few.iter().map(say).collect::<Vec<_>>().join("; "),
        }
    }

    /// None of the releases in question goes with what is left of the target.
    fn all_refuse<'s>(&'s self, nearest: &'s AskedRelease) -> (String, &'s AskedRelease) {
        let name = self.name(self.package);
        let target = || span(self.catalog, self.target, &self.wanted);
        if let Some(pinned) = self.asked.iter().find(|asked| Some(asked.rank) == self.pinned) {
            let (version, words) = (self.version(pinned.rank), self.words(pinned));
            let rest = format!("no other release of {name} goes with {} either", target());
            return (format!("{name} {version} {words}, and {rest}"), pinned);
        }
        let words = self.words(nearest);
        if self.asked.iter().all(|asked| asked.text == nearest.text) {
            return (self.every(&self.candidates, &words), nearest);
        }
        let version = self.version(nearest.rank);
        let goes = if self.is_narrowed {
            format!("goes with {}", target())
        } else {
            format!("goes with a {} that may be chosen", self.name(self.target))
        };
        let text = match (self.candidates.count(), self.candidates.oldest()) {
            (2, Some(first)) => {
                let last = self.candidates.newest().unwrap_or(first);
                let (first, last) = (self.version(first), self.version(last));
                format!("neither {first} nor {last} of {name} {goes}; {version} {words}")
            }
            _ => {
                let which = self.which(&self.candidates);
                format!("no release of {name}{which} {goes}; the nearest, {version}, {words}")
            }
        };
        (text, nearest)
    }

    /// Some of the releases in question do not go with what is left of the target.
    fn some_refuse<'s>(
        &'s self,
        refusing: &[&'s AskedRelease],
        nearest: &'s AskedRelease,
    ) -> (String, &'s AskedRelease) {
        let name = self.name(self.package);
        let mut fitting = self.candidates.clone();
        fitting.subtract(&self.set(refusing));
        let target = span(self.catalog, self.target, &self.wanted);
        let [first, .., last] = refusing else {
            let words = self.words(refusing[0]);
            let version = self.version(refusing[0].rank);
            return (format!("{name} {version} {words}"), refusing[0]);
        };
        let are_consecutive = fitting.iter().all(|rank| rank < first.rank || rank > last.rank);
        if refusing.iter().all(|asked| asked.text == first.text) && are_consecutive {
            return (self.every(&self.set(refusing), &self.words(first)), first);
        }
        if let (1, Some(only)) = (fitting.count(), fitting.newest()) {
            let asked = self.asked.iter().find(|asked| asked.rank == only).unwrap_or(nearest);
            let version = self.version(only);
            return (
                format!("of all releases of {name}, only {version} goes with {target}"),
                asked,
            );
        }
        let of = refusing.iter().min_by_key(|asked| self.distance(asked)).unwrap_or(first);
        (format!("only {} go with {target}", self.releases(&fitting)), of)
    }

    /// Says something of every release of a set: two are both.
    fn every(&self, releases: &ReleaseSet, words: &str) -> String {
        let name = self.name(self.package);
        match (releases.count(), releases.oldest(), releases.newest()) {
            (1, Some(only), _) => format!("{name} {} {words}", self.version(only)),
            (2, Some(first), Some(last)) => format!(
                "both {} and {} of {name} {}",
                self.version(first),
                self.version(last),
                plural(words)
            ),
            _ => format!("every release of {name}{} {words}", self.which(releases)),
        }
    }

    fn releases(&self, releases: &ReleaseSet) -> String {
        format!("releases of {}{}", self.name(self.package), self.which(releases))
    }

    /// Says which releases are meant, unless it is all of them.
    fn which(&self, releases: &ReleaseSet) -> String {
        let mut all = self.open.0.clone();
        if self.is_barred {
            // The others are spoken of too.
            all = ReleaseSet::full(self.catalog.package(self.package).len());
        }
        which(self.catalog, self.package, releases, &all)
    }

    /// Returns the verb and object, `needs core >=2`, and what is odd about the object.
    fn words(&self, asked: &AskedRelease) -> String {
        format!("{}{}", asked.text, self.remark(asked).unwrap_or_default())
    }

    fn remark(&self, asked: &AskedRelease) -> Option<String> {
        let target = self.catalog.package(self.target);
        let name = &target.name;
        if asked.fits.meets(&self.wanted) || !asked.requires {
            return None;
        }
        if let Some(rank) = self.wanted.iter().find(|&rank| asked.unknown.contains(rank)) {
            let version = target.version(rank);
            return Some(format!(", and no fact says whether {name} {version} has it"));
        }
        if asked.fits.is_empty() {
            return Some(", which no known release is".to_owned());
        }
        let is_unreadable = |rank| target.release(rank).unreadable.is_some();
        if !asked.fits.meets(&self.open.1) && asked.fits.iter().all(is_unreadable) {
            let version = target.version(asked.fits.newest()?);
            return Some(format!(", and of {name} {version} it is not known what it needs"));
        }
        if asked.by_interface && asked.fits.count() > 1 {
            return self.holders(asked);
        }
        None
    }

    /// Says which releases have an interface.
    fn holders(&self, asked: &AskedRelease) -> Option<String> {
        let target = self.catalog.package(self.target);
        let name = &target.name;
        let (first, last) = (asked.fits.oldest()?, asked.fits.newest()?);
        let version = target.version(first);
        Some(if last >= self.open.1.newest()? {
            format!(", which {name} has since {version}")
        } else {
            format!(", which {name} {version} to {} has", target.version(last))
        })
    }

    /// Returns what a release asks of the target.
    fn asks(&self, rank: Rank) -> Option<AskedRelease> {
        let needs = needs(self.catalog, (self.package, rank), self.target);
        let first = needs.first()?;
        let refuses = |need: &Need| !fits(self.catalog, need).meets(&self.wanted);
        // What refuses all is said without the rest.
        let is_refused = needs.iter().any(|need| refuses(need));
        let len = self.catalog.package(self.target).len();
        let mut asked = AskedRelease {
            rank,
            text: String::new(),
            fits: ReleaseSet::full(len),
            unknown: ReleaseSet::empty(len),
            requires: false,
            by_interface: false,
            fact: first.fact,
        };
        for need in needs {
            let fits = fits(self.catalog, need);
            asked.by_interface |= self.catalog.constraint(need.constraint).interface.is_some();
            asked.requires |= need.kind == NeedKind::Requires;
            asked.unknown.union_with(&self.catalog.constraint(need.constraint).unknown);
            asked.fits.intersect_with(&fits);
            if is_refused && !refuses(need) {
                continue;
            }
            let phrase = phrase(self.catalog, need);
            if asked.text.is_empty() {
                asked.text = phrase;
                asked.fact = need.fact;
            } else if !asked.text.contains(&phrase) {
                asked.text = format!("{} and {phrase}", asked.text);
            }
        }
        Some(asked)
    }

    /// Returns what its family asks of a release.
    fn bound(&self, rank: Rank) -> Option<AskedRelease> {
        let pin = pin(self.catalog, self.package, rank)?;
        let cores = if pin.cores.is_empty() {
            format!("fits no listed {}", self.name(self.target))
        } else {
            format!("belongs to {}", span(self.catalog, self.target, &pin.cores))
        };
        Some(AskedRelease {
            rank,
            text: format!("{cores} by the numbers of its family"),
            fits: pin.cores.clone(),
            unknown: ReleaseSet::empty(self.catalog.package(self.target).len()),
            requires: false,
            by_interface: false,
            fact: pin.fact,
        })
    }

    fn is_refused(&self, asked: &AskedRelease) -> bool {
        !asked.fits.meets(&self.wanted)
    }

    /// Returns what comes nearest to fitting; of equals what is nearest to a release that fits, else the newest.
    fn nearest(&self) -> Option<&AskedRelease> {
        let best = self.asked.iter().rev().min_by_key(|asked| self.distance(asked))?;
        if self.distance(best) < usize::MAX {
            return Some(best);
        }
        let ranks = self.catalog.package(self.package).ranks();
        let fits =
            |rank: &Rank| self.asks(*rank).is_none_or(|asked| asked.fits.meets(&self.wanted));
        let fitting: Vec<Rank> = ranks.filter(fits).collect();
        let gap = |asked: &&AskedRelease| {
            fitting.iter().map(|fit| fit.ix().abs_diff(asked.rank.ix())).min()
        };
        self.asked.iter().rev().min_by_key(|asked| gap(asked).unwrap_or(usize::MAX))
    }

    /// Returns by how many releases the target misses what is asked.
    fn distance(&self, asked: &AskedRelease) -> usize {
        let gaps = asked
            .fits
            .iter()
            .flat_map(|fit| self.wanted.iter().map(move |wanted| fit.ix().abs_diff(wanted.ix())));
        gaps.min().unwrap_or(usize::MAX)
    }

    fn set(&self, asked: &[&AskedRelease]) -> ReleaseSet {
        let mut set = ReleaseSet::empty(self.catalog.package(self.package).len());
        for asked in asked {
            set.insert(asked.rank);
        }
        set
    }

    fn name(&self, package: PackageIx) -> &'c str {
        &self.catalog.package(package).name
    }

    fn version(&self, rank: Rank) -> &'c str {
        self.catalog.version((self.package, rank))
    }
}

/// So many groups of releases that ask the same are listed one by one.
const FEW: usize = 2;
