//! The statements of a clash, put as a person would.
//!
//! What a package asks is said of the releases that are in question: those that the wishes and the
//! other statements of the clash leave. Of many releases that all refuse, the one that comes nearest
//! to fitting is named, and its source.

use super::problem::{self, Origin, Request};
use super::search::{Verdict, judge};
use super::statement::{Scope, Statement};
use crate::answer::selection::Clash;
use crate::catalog::{
    Catalog, Channel, FactIx, Need, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet,
};
use crate::lifecycle::ended_reason;

/// Puts minimal statements into words: each wish once, then each fact.
pub(super) fn clashes(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    budget: &mut u64,
) -> Vec<Clash> {
    let mut clashes = Vec::new();
    // Packages of which it was said that only a release fits that may not be chosen unasked.
    let mut said = Vec::new();
    for &statement in kept {
        match statement {
            Statement::Wish(at) => clashes.push(wish_clash(catalog, request, kept, at)),
            // Said together with the wish.
            Statement::Restriction(_) => {}
            Statement::Unasked(package) => {
                if has_facts(kept) && !said.contains(&package) {
                    clashes.push(unasked_clash(catalog, request, kept, package, budget));
                }
            }
            Statement::Bond(package) => clashes.extend(bond_clash(catalog, package)),
            Statement::Needs(package, target) => {
                let view = View::new(catalog, request, kept, (package, target));
                clashes.push(view.clash());
                if view.is_remarked() {
                    said.push(target);
                }
            }
        }
    }
    clashes
}

fn has_facts(kept: &[Statement]) -> bool {
    kept.iter().any(|statement| matches!(statement, Statement::Needs(..)))
}

/// Says that a family keeps releases to their core.
fn bond_clash(catalog: &Catalog, package: PackageIx) -> Option<Clash> {
    let bond = catalog.bonds_of(package).last()?;
    let name = &catalog.package(package).name;
    let core = &catalog.package(bond.core).name;
    let text = format!("{name} is numbered with {core}, and goes with the release of its number");
    Some(Clash { text, cite: Some(catalog.cite(bond.fact)) })
}

/// Names the release that would do if it could be chosen unasked.
fn unasked_clash(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    package: PackageIx,
    budget: &mut u64,
) -> Clash {
    let without = kept.iter().copied().filter(|&other| other != Statement::Unasked(package));
    let possible = judge(catalog, request, Scope::Only(without.collect()), budget);
    let picked = match &possible {
        Verdict::Possible(set) => set.iter().find(|(picked, _)| *picked == package),
        Verdict::Contradiction(_) | Verdict::OutOfBudget => None,
    };
    let stated = catalog.package(package);
    let Some(&(_, rank)) = picked else {
        let text = format!("{}: {}", stated.name, unchoosable(request, catalog, package));
        return Clash { text, cite: None };
    };
    let text = format!(
        "{} would do, but it is {}",
        catalog.label((package, rank)),
        state(request, catalog, (package, rank))
    );
    let ended = request
        .day
        .filter(|_| request.ended.get(&package).is_some_and(|ended| ended.contains(rank)))
        .and_then(|day| ended_reason(catalog, (package, rank), day));
    if let Some((reason, cite)) = ended {
        return Clash { text: format!("{text}: {reason}"), cite };
    }
    let fact = stated.release(rank).fact;
    Clash { text, cite: fact.map(|fact| catalog.cite_for(fact, Some((package, rank)))) }
}

fn wish_clash(catalog: &Catalog, request: &Request, kept: &[Statement], at: usize) -> Clash {
    let wish = &request.wishes[at];
    let package = catalog.package(wish.package);
    let facts = has_facts(kept);
    let name = &package.name;
    let mut text = match wish.origin {
        Origin::Asked => format!("you asked for {}", wish.text),
        Origin::Decided => format!("{} is decided before", wish.text),
        Origin::Better => format!("{} would be better", wish.text),
    };
    if kept.contains(&Statement::Restriction(at)) {
        if wish.releases.is_empty() {
            text.push_str(", which no known release satisfies");
            if let Some(newest) = problem::open(catalog, request, wish.package).newest() {
                text = format!("{text}; the newest is {}", package.version(newest));
            }
        }
    } else if wish.restricted {
        text = format!("{text}, and no other release of {name} would do");
    } else if !facts && package.is_empty() {
        text.push_str(", of which no release is known");
    } else if !facts {
        text = format!("{text}, but {}", unchoosable(request, catalog, wish.package));
    }
    Clash { text, cite: None }
}

/// Says why none of a package's releases may be chosen unasked.
fn unchoosable(request: &Request, catalog: &Catalog, package: PackageIx) -> String {
    let releases = catalog.package(package).releases();
    let ranks = catalog.package(package).ranks();
    let states: Vec<_> = ranks.map(|rank| state(request, catalog, (package, rank))).collect();
    let count = |what| (states.iter().filter(|&&state| state == what).count(), what);
    let parts = [WITHDRAWN, NOT_STABLE, NOT_KNOWN, STRAY, ENDED].map(count);
    let reasons: Vec<_> =
        parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| {
                if *count == releases.len() {
                    (*what).to_owned()
                } else {
                    format!("{count} {what}")
                }
            })
            .collect();
    let reasons = reasons.join(", ");
    match releases.len() {
        1 => format!("its only release, {}, is {reasons}", releases[0].version),
        2 => format!("both its releases are {reasons}"),
        count if reasons.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("none of its {count} releases may be chosen unasked: {reasons}")
        }
        count => format!("all its {count} releases are {reasons}"),
    }
}

const WITHDRAWN: &str = "withdrawn";
const NOT_STABLE: &str = "not stable";
const NOT_KNOWN: &str = "of unknown requirements";
const STRAY: &str = "without a core of its family";
const ENDED: &str = "past the end of its support";
const FIT: &str = "free to be chosen";

/// Says what keeps a release from being chosen unasked.
pub(super) fn state(
    request: &Request,
    catalog: &Catalog,
    (package, rank): ReleaseId,
) -> &'static str {
    let release = catalog.package(package).release(rank);
    match (&release.withdrawn, release.channel) {
        (Some(_), _) => WITHDRAWN,
        (None, Channel::Prerelease | Channel::Development) => NOT_STABLE,
        (None, Channel::Stable) if release.unreadable.is_some() => NOT_KNOWN,
        (None, Channel::Stable) if release.stray.is_some() => STRAY,
        (None, Channel::Stable) => match request.ended.get(&package) {
            Some(ended) if ended.contains(rank) => ENDED,
            Some(_) | None => FIT,
        },
    }
}

/// What one release asks of the other package: the words, and the releases that will do.
struct Asked {
    rank: Rank,
    text: String,
    fits: ReleaseSet,
    /// Releases of which no fact says whether they do.
    unknown: ReleaseSet,
    fact: FactIx,
}

/// What one package asks of another, seen from what the rest of the clash leaves of both.
struct View<'c> {
    catalog: &'c Catalog,
    package: PackageIx,
    target: PackageIx,
    /// Releases of the package that are in question.
    candidates: ReleaseSet,
    /// Releases of the target that are in question.
    wanted: ReleaseSet,
    /// The target as it would be without any wish for it.
    open: ReleaseSet,
    request: &'c Request,
}

impl<'c> View<'c> {
    fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        kept: &[Statement],
        (package, target): (PackageIx, PackageIx),
    ) -> Self {
        let mut left = Left::new(catalog, request, kept);
        left.narrow(kept, Statement::Needs(package, target));
        Self {
            catalog,
            package,
            target,
            candidates: left.of(package),
            wanted: left.of(target),
            open: problem::open(catalog, request, target),
            request,
        }
    }

    /// Whether the sentence says that what would fit may not be chosen unasked.
    fn is_remarked(&self) -> bool {
        let asked = self.asked();
        let nearest = asked.iter().rev().min_by_key(|asked| self.distance(asked));
        nearest.is_some_and(|asked| {
            !meets(&asked.fits, &self.open)
                && asked.text.starts_with("needs")
                && asked.fits.newest().is_some()
        })
    }

    fn clash(&self) -> Clash {
        let asked = self.asked();
        let Some(nearest) = asked.iter().rev().min_by_key(|asked| self.distance(asked)) else {
            let text = format!("{} needs {}", self.name(self.package), self.name(self.target));
            return Clash { text, cite: None };
        };
        let cite = self.catalog.cite_for(nearest.fact, Some((self.package, nearest.rank)));
        Clash { text: self.sentence(&asked, nearest), cite: Some(cite) }
    }

    fn sentence(&self, asked: &[Asked], nearest: &Asked) -> String {
        let name = self.name(self.package);
        let same = asked.iter().all(|one| one.text == nearest.text);
        let count = self.candidates.count();
        let refuse =
            asked.len() == count && asked.iter().all(|one| !meets(&one.fits, &self.wanted));
        let (first, last) =
            (self.version(asked[0].rank), self.version(asked[asked.len() - 1].rank));
        let words = self.words(nearest);
        match asked {
            [_] if count == 1 => format!("{name} {first} {words}"),
            [_] => format!("of {count} releases of {name}, only {first} {words}"),
            [_, _] if same && count == 2 => {
                format!("both {first} and {last} of {name} {}", plural(&words))
            }
            _ if same && asked.len() == count => {
                format!("every release of {name} from {first} to {last} {words}")
            }
            _ if refuse => format!(
                "no release of {name} from {first} to {last} goes with {} {}; the nearest, {}, {words}",
                self.name(self.target),
                self.span(&self.wanted),
                self.version(nearest.rank),
            ),
            _ => format!("{name} {}", self.groups(asked)),
        }
    }

    /// Lists what consecutive releases that say the same ask; of many, the oldest, the nearest and
    /// the newest.
    fn groups(&self, asked: &[Asked]) -> String {
        let groups: Vec<_> = asked.chunk_by(|a, b| a.text == b.text).collect();
        let say = |group: &&[Asked]| {
            let (first, last) =
                (self.version(group[0].rank), self.version(group[group.len() - 1].rank));
            let words = self.words(&group[0]);
            if first == last {
                format!("{first} {words}")
            } else {
                format!("{first} to {last} {}", plural(&words))
            }
        };
        match groups.as_slice() {
            [first, .., last] if groups.len() > 3 => format!("{}; ...; {}", say(first), say(last)),
            few => few.iter().map(say).collect::<Vec<_>>().join("; "),
        }
    }

    /// Returns the verb and object, `needs core >=2`, and what is odd about the object.
    fn words(&self, asked: &Asked) -> String {
        let target = self.catalog.package(self.target);
        let unknown = || self.wanted.iter().find(|&rank| asked.unknown.contains(rank));
        let remark = if meets(&asked.fits, &self.wanted) {
            String::new()
        } else if let Some(rank) = unknown() {
            let version = target.version(rank);
            format!(", and no fact says whether {} {version} has it", target.name)
        } else if meets(&asked.fits, &self.open) || !asked.text.starts_with("needs") {
            String::new()
        } else if let Some(best) = asked.fits.newest() {
            let only = if asked.fits.count() == 1 { "only" } else { "at best" };
            let state = state(self.request, self.catalog, (self.target, best));
            format!(", which {only} {} is, and that is {state}", target.version(best))
        } else {
            ", which no known release is".to_owned()
        };
        format!("{}{remark}", asked.text)
    }

    /// Returns what the candidates ask of the target, oldest first.
    fn asked(&self) -> Vec<Asked> {
        let ask = |rank| {
            let needs = self.catalog.package(self.package).needs(rank).iter();
            let mut needs = needs.filter(|need| need.target == self.target);
            let first = needs.next()?;
            let mut asked = Asked {
                rank,
                text: self.phrase(first),
                fits: fits(self.catalog, first),
                unknown: self.catalog.constraint(first.constraint).unknown.clone(),
                fact: first.fact,
            };
            for need in needs {
                let fits = fits(self.catalog, need);
                // The statement that refuses is the one to cite.
                if meets(&asked.fits, &self.wanted) && !meets(&fits, &self.wanted) {
                    asked.fact = need.fact;
                }
                let phrase = self.phrase(need);
                if !asked.text.contains(&phrase) {
                    asked.text = format!("{} and {phrase}", asked.text);
                }
                asked.fits.intersect_with(&fits);
                let constraint = self.catalog.constraint(need.constraint);
                asked.unknown.union_with(&constraint.unknown);
            }
            Some(asked)
        };
        self.candidates.iter().filter_map(ask).collect()
    }

    fn phrase(&self, need: &Need) -> String {
        let constraint = self.catalog.constraint(need.constraint);
        let object = self.catalog.asked(constraint);
        let declared = constraint.declared.as_ref();
        // `>=1.3` that was declared as `1.3` needs no comment.
        let declared = declared.filter(|text| !constraint.text.ends_with(text.as_str()));
        let declared = declared.map_or_else(String::new, |text| format!(" (declared `{text}`)"));
        let verb = match need.kind {
            NeedKind::Requires => "needs",
            NeedKind::Optional => "accepts only",
            NeedKind::Conflicts => "excludes",
        };
        format!("{verb} {object}{declared}")
    }

    /// Returns by how many releases the target misses what is asked.
    fn distance(&self, asked: &Asked) -> usize {
        let gaps = asked
            .fits
            .iter()
            .flat_map(|fit| self.wanted.iter().map(move |wanted| fit.ix().abs_diff(wanted.ix())));
        gaps.min().unwrap_or(usize::MAX)
    }

    fn span(&self, releases: &ReleaseSet) -> String {
        let version = |rank| self.catalog.package(self.target).version(rank);
        match (releases.oldest(), releases.newest()) {
            (Some(first), Some(last)) if first == last => version(first).to_string(),
            (Some(first), Some(last)) => format!("{} to {}", version(first), version(last)),
            _ => "at all".to_owned(),
        }
    }

    fn name(&self, package: PackageIx) -> &'c str {
        &self.catalog.package(package).name
    }

    fn version(&self, rank: Rank) -> &'c str {
        self.catalog.version((self.package, rank))
    }
}

fn plural(words: &str) -> String {
    ["needs", "accepts", "excludes"].iter().fold(words.to_owned(), |words, verb| {
        words.replace(&format!("{verb} "), &format!("{} ", &verb[..verb.len() - 1]))
    })
}

/// Returns the releases of its target with which a need is content.
fn fits(catalog: &Catalog, need: &Need) -> ReleaseSet {
    let constraint = catalog.constraint(need.constraint);
    match need.kind {
        NeedKind::Requires | NeedKind::Optional => constraint.allowed.clone(),
        NeedKind::Conflicts => {
            let mut rest = ReleaseSet::full(catalog.package(constraint.target).len());
            rest.subtract(&constraint.allowed);
            rest
        }
    }
}

fn meets(a: &ReleaseSet, b: &ReleaseSet) -> bool {
    a.meets(b)
}

/// What the statements of a clash leave of each package.
struct Left<'c> {
    catalog: &'c Catalog,
    request: &'c Request,
    domains: Vec<(PackageIx, ReleaseSet)>,
}

impl<'c> Left<'c> {
    /// Starts with what the wishes leave.
    fn new(catalog: &'c Catalog, request: &'c Request, kept: &[Statement]) -> Self {
        let mut left = Self { catalog, request, domains: Vec::new() };
        for (at, wish) in request.wishes.iter().enumerate() {
            if kept.contains(&Statement::Restriction(at)) {
                match left.domains.iter_mut().find(|(package, _)| *package == wish.package) {
                    Some((_, domain)) => domain.intersect_with(&wish.releases),
                    None => left.domains.push((wish.package, wish.releases.clone())),
                }
            }
        }
        left
    }

    /// Returns what is left of a package so far. Releases that may not be chosen unasked are spoken of
    /// on their own.
    fn of(&self, package: PackageIx) -> ReleaseSet {
        let known = self.domains.iter().find(|(other, _)| *other == package);
        known.map_or_else(
            || problem::open(self.catalog, self.request, package),
            |(_, domain)| domain.clone(),
        )
    }

    /// Cuts each package down to what some release in question of those that need it accepts. The
    /// statement that is to be explained is left out, or nothing would be left to say.
    fn narrow(&mut self, kept: &[Statement], explained: Statement) {
        // Each round carries what is known one statement further.
        for _ in 0..kept.len() {
            for &statement in kept.iter().filter(|&&statement| statement != explained) {
                if let Statement::Needs(package, target) = statement {
                    let accepted = self.accepted(package, target);
                    let mut domain = self.of(target);
                    domain.intersect_with(&accepted);
                    self.domains.retain(|(other, _)| *other != target);
                    self.domains.push((target, domain));
                }
            }
        }
    }

    /// Returns the releases of `target` that some release in question of `package` accepts.
    fn accepted(&self, package: PackageIx, target: PackageIx) -> ReleaseSet {
        let len = self.catalog.package(target).len();
        let mut accepted = ReleaseSet::empty(len);
        for rank in self.of(package).iter() {
            let mut fitting = ReleaseSet::full(len);
            for need in self.catalog.package(package).needs(rank) {
                if need.target == target {
                    fitting.intersect_with(&fits(self.catalog, need));
                }
            }
            accepted.union_with(&fitting);
        }
        accepted
    }
}
