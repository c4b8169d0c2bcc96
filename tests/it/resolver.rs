//! The resolver against a naive one, and what must hold of every answer.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use skew::answer::selection::{Conflict, End, Pick, Resolution, Selection, SetOutcome};
use skew::catalog::{Catalog, Channel, NeedKind, PackageIx, PackageKind, Rank, ReleaseId};
use skew::finding::Cite;
use skew::resolve::{Prefer, Request, Requirement, count, every_core, find, resolve, sets};

use crate::strategies::{Scenario, config, scenario};
use crate::support::{catalog, labels, release, request};

type Set = Vec<ReleaseId>;

/// What a request comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome<T> {
    /// The best set that is known to work.
    Known(T),
    /// None is, and facts do not exclude this one.
    Open(T),
    /// Facts exclude every set.
    None,
}

impl<T> Outcome<T> {
    fn map<U>(self, map: impl Fn(T) -> U) -> Outcome<U> {
        match self {
            Self::Known(set) => Outcome::Known(map(set)),
            Self::Open(set) => Outcome::Open(map(set)),
            Self::None => Outcome::None,
        }
    }
}

/// Chooses by trying everything: no propagation, and a set is looked at when it is complete.
struct Oracle<'c> {
    catalog: &'c Catalog,
    request: &'c Request,
    /// Whether releases of which nobody says what they need are admitted, as if they needed no more than is stated.
    admits_silent: bool,
    /// Whether pre-releases are admitted that a need of the set names.
    admits_early: bool,
}

impl<'c> Oracle<'c> {
    /// Admits only what is known to work, and no pre-release unasked.
    fn certain(catalog: &'c Catalog, request: &'c Request) -> Self {
        Self { catalog, request, admits_silent: false, admits_early: false }
    }

    /// Answers by the definition: what is known to work is better than what may work, and without pre-releases is
    /// better than with them.
    fn outcome(&self, answer: impl Fn(&Self) -> Option<Set>) -> Outcome<Set> {
        let ask = |admits_silent| {
            let with = |admits_early| answer(&Self { admits_silent, admits_early, ..*self });
            with(false).or_else(|| with(true))
        };
        match ask(false) {
            Some(set) => Outcome::Known(set),
            None => ask(true).map_or(Outcome::None, Outcome::Open),
        }
    }

    /// Returns what the request comes to.
    fn best_outcome(&self) -> Outcome<Set> {
        self.outcome(|oracle| oracle.best(&mut Vec::new()))
    }

    fn best(&self, chosen: &mut Set) -> Option<Set> {
        let Some(package) = self.next(chosen) else {
            return self.is_answer(chosen).then(|| chosen.clone());
        };
        for rank in self.candidates(package) {
            chosen.push((package, rank));
            let found = self.best(chosen);
            chosen.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Makes every set, the best first.
    fn all(&self, chosen: &mut Set, sets: &mut Vec<Set>) {
        let Some(package) = self.next(chosen) else {
            if self.is_answer(chosen) {
                sets.push(chosen.clone());
            }
            return;
        };
        for rank in self.candidates(package) {
            chosen.push((package, rank));
            self.all(chosen, sets);
            chosen.pop();
        }
    }

    /// Whether a complete set is sound, and each release that is only admitted if a need names it is named.
    fn is_answer(&self, set: &Set) -> bool {
        let is_backed = |&(package, rank): &ReleaseId| {
            Self { admits_early: false, ..*self }.candidates(package).contains(&rank)
                || names_early(self.catalog, set, (package, rank))
        };
        is_sound(self.catalog, set) && set.iter().all(is_backed)
    }

    /// Returns every set with what is admitted, the best first.
    fn every(&self) -> Vec<Set> {
        let mut sets = Vec::new();
        self.all(&mut Vec::new(), &mut sets);
        sets
    }

    /// Cores first, then requirements, then what the chosen releases need, the first by name.
    fn next(&self, chosen: &Set) -> Option<PackageIx> {
        let open = |package: PackageIx| !chosen.iter().any(|(other, _)| *other == package);
        let requirements = || self.request.requirements.iter();
        let core_of = |requirement: &Requirement| {
            let package = self.catalog.package(requirement.package);
            if package.kind == PackageKind::Core { Some(requirement.package) } else { package.core }
        };
        let wanted = |package: PackageIx| {
            requirements().any(|requirement| requirement.package == package)
                || chosen.iter().any(|&release| requires(self.catalog, release).contains(&package))
                || requirements().any(|requirement| {
                    core_of(requirement) == Some(package)
                        && self.candidates(requirement.package).into_iter().all(|rank| {
                            requires(self.catalog, (requirement.package, rank)).contains(&package)
                        })
                })
        };
        requirements()
            .filter_map(core_of)
            .chain(requirements().map(|requirement| requirement.package))
            .find(|&package| open(package) && wanted(package))
            .or_else(|| {
                let needed = chosen.iter().flat_map(|&release| requires(self.catalog, release));
                let open = needed.filter(|&package| open(package));
                open.min_by_key(|&package| &self.catalog.package(package).name)
            })
    }

    /// Returns every release of the packages that needs lead to, of whatever kind.
    fn reachable(&self) -> Set {
        let mut reached: Vec<PackageIx> =
            self.request.requirements.iter().map(|requirement| requirement.package).collect();
        let mut releases = Set::new();
        let mut at = 0;
        while let Some(&package) = reached.get(at) {
            let stated = self.catalog.package(package);
            for need in stated.ranks().flat_map(|rank| stated.needs(rank)) {
                if !reached.contains(&need.target) {
                    reached.push(need.target);
                }
            }
            releases.extend(stated.ranks().map(|rank| (package, rank)));
            at += 1;
        }
        releases
    }

    fn candidates(&self, ix: PackageIx) -> Vec<Rank> {
        let package = self.catalog.package(ix);
        let installed = self.request.installed.get(&ix).copied();
        let is_early = |rank: Rank| {
            let release = package.release(rank);
            release.channel == Channel::Prerelease
                && release.withdrawn.is_none()
                && names_early(self.catalog, &self.reachable(), (ix, rank))
        };
        let open = |rank: Rank| {
            package.release(rank).is_eligible()
                || installed == Some(rank)
                || self.admits_early && is_early(rank)
        };
        let requirement =
            self.request.requirements.iter().find(|requirement| requirement.package == ix);

        let mut ranks: Vec<_> = match requirement.filter(|requirement| requirement.restricted) {
            Some(requirement) => requirement.releases.iter().collect(),
            None => package.ranks().filter(|&rank| open(rank)).collect(),
        };
        let silent = |rank: &Rank| package.release(*rank).unreadable.is_some();
        ranks.retain(|rank| self.admits_silent || !silent(rank));
        if self.request.prefer != Prefer::Oldest {
            ranks.reverse();
        }
        if let Some(installed) = installed.filter(|_| self.request.prefer != Prefer::FewestChanges)
        {
            // Every release of a random matrix is a line of its own.
            let away = |rank: &Rank| (*rank < installed, rank.ix().abs_diff(installed.ix()));
            if package.kind == PackageKind::Runtime {
                ranks.sort_by_key(away);
            }
            ranks.sort_by_key(|&rank| rank != installed);
        }
        ranks
    }
}

pub(crate) fn requires(catalog: &Catalog, (package, rank): ReleaseId) -> Vec<PackageIx> {
    let needs = catalog.package(package).needs(rank).iter();
    needs.filter(|need| need.kind == NeedKind::Requires).map(|need| need.target).collect()
}

/// Whether every release of a set has what it needs there.
fn is_sound(catalog: &Catalog, set: &Set) -> bool {
    set.iter().all(|&(package, rank)| {
        catalog.package(package).needs(rank).iter().all(|need| {
            let constraint = catalog.constraint(need.constraint);
            let there = set.iter().find(|(other, _)| *other == constraint.target);
            let fits = there.map(|(_, rank)| constraint.allowed.contains(*rank));
            match need.kind {
                NeedKind::Requires => fits == Some(true),
                NeedKind::Optional => fits != Some(false),
                NeedKind::Conflicts => fits != Some(true),
            }
        })
    })
}

/// Whether a need of a set admits a release and has a pre-release for a bound. Of random matrices only these have such
/// words.
pub(crate) fn names_early(catalog: &Catalog, set: &Set, (target, early): ReleaseId) -> bool {
    let needs = set.iter().flat_map(|&(package, rank)| catalog.package(package).needs(rank));
    let mut needs = needs.filter(|need| need.kind != NeedKind::Conflicts);
    needs.any(|need| {
        let constraint = catalog.constraint(need.constraint);
        let is_bound = constraint.text.contains("-rc") && !constraint.text.contains("!=");
        constraint.target == target && is_bound && constraint.allowed.contains(early)
    })
}

/// Whether a set is sound, holds what was asked for, and nothing that nobody needs but for what may be there anyway.
pub(crate) fn is_valid(
    catalog: &Catalog,
    requirements: &[Requirement],
    anyway: &[PackageIx],
    set: &Set,
) -> bool {
    let once = |release: &ReleaseId| set.iter().filter(|other| other.0 == release.0).count() == 1;
    let answers =
        |requirement: &Requirement| set.iter().any(|(package, _)| *package == requirement.package);
    let mut reached: Vec<PackageIx> =
        requirements.iter().map(|requirement| requirement.package).collect();
    reached.extend(anyway);
    let mut at = 0;
    while at < reached.len() {
        if let Some(&release) = set.iter().find(|(package, _)| *package == reached[at]) {
            for target in requires(catalog, release) {
                if !reached.contains(&target) {
                    reached.push(target);
                }
            }
        }
        at += 1;
    }
    is_sound(catalog, set)
        && set.iter().all(once)
        && requirements.iter().all(answers)
        && set.iter().all(|(package, _)| reached.contains(package))
}

fn read(scenario: &Scenario) -> (Catalog, Request) {
    let catalog = catalog(&[("random.json", &scenario.matrix.to_string())], &[]);
    let want = scenario.want.iter().map(String::as_str);
    let installed =
        scenario.installed.iter().map(|(name, version)| (name.as_str(), version.as_str()));
    let request = request(&catalog, want, installed);
    (catalog, request)
}

fn set_of(picks: &[Pick]) -> Set {
    picks.iter().map(|pick| pick.release).collect()
}

/// Returns what an answer says of a set, without the rest.
fn outcome(resolution: Resolution) -> Outcome<Set> {
    match resolution {
        Resolution::Found(selection) => Outcome::Known(set_of(&selection.picks)),
        Resolution::Undecided(open) => Outcome::Open(set_of(&open.picks)),
        Resolution::Impossible(_) => Outcome::None,
        Resolution::Unknown { steps } => panic!("out of budget after {steps} steps"),
    }
}

fn found(resolution: Resolution) -> Option<Selection> {
    match resolution {
        Resolution::Found(selection) => Some(selection),
        Resolution::Undecided(_) | Resolution::Impossible(_) => None,
        Resolution::Unknown { steps } => panic!("out of budget after {steps} steps"),
    }
}

fn answer(scenario: &Scenario) -> Option<Vec<String>> {
    let (catalog, request) = read(scenario);
    found(resolve(&catalog, &request)).map(|selection| labels(&catalog, &set_of(&selection.picks)))
}

fn conflict(resolution: Resolution) -> Option<Conflict> {
    match resolution {
        Resolution::Impossible(conflict) => Some(conflict),
        Resolution::Found(_) | Resolution::Undecided(_) | Resolution::Unknown { .. } => None,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn agrees_with_the_naive_search(scenario in scenario(), newest: bool, shortcut: bool) {
        let (catalog, mut request) = read(&scenario);
        request.shortcut = shortcut;
        if !newest {
            request.prefer = Prefer::Oldest;
        }
        let oracle = Oracle::certain(&catalog, &request).best_outcome();
        let answer = outcome(resolve(&catalog, &request));
        prop_assert_eq!(
            answer.map(|set| labels(&catalog, &set)),
            oracle.map(|set| labels(&catalog, &set))
        );
    }

    #[test]
    fn what_is_asked_without_reasons_is_answered_alike(scenario in scenario(), shortcut: bool) {
        let (catalog, mut request) = read(&scenario);
        request.shortcut = shortcut;
        let brief = match find(&catalog, &request) {
            SetOutcome::Set(set) => Outcome::Known(set),
            SetOutcome::Open(set) => Outcome::Open(set),
            SetOutcome::Impossible => Outcome::None,
            SetOutcome::Unknown => panic!("out of budget"),
        };
        prop_assert_eq!(brief, outcome(resolve(&catalog, &request)));
    }

    /// What is missing is said of the releases of the set that nobody speaks of, and of no other.
    #[test]
    fn an_open_answer_rests_on_what_is_missing(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        if let Resolution::Undecided(open) = resolve(&catalog, &request) {
            let silent = open.picks.iter().map(|pick| pick.release).filter(|&(package, rank)| {
                catalog.package(package).release(rank).unreadable.is_some()
            });
            let silent: Vec<PackageIx> = silent.map(|release| release.0).collect();
            let missing: Vec<PackageIx> = open.missing.iter().map(|one| one.package).collect();
            prop_assert!(!missing.is_empty());
            prop_assert_eq!(missing, silent);
        }
    }

    /// Forgetting what a release needs makes no answer surer: a yes that stays is of the same set or a worse one, and
    /// a no is still a no or becomes open.
    #[test]
    fn forgetting_makes_no_answer_surer(scenario in scenario(), at: prop::sample::Index) {
        let mut less = scenario.clone();
        let packages = less.matrix["packages"].as_array_mut().unwrap();
        let package = at.index(packages.len());
        let releases = packages[package]["releases"].as_array_mut().unwrap();
        let count = releases.len();
        let release = &mut releases[at.index(count)];
        release["unreadable"] = json!("it was forgotten");
        let (name, version) = (&packages[package]["name"], &packages[package]["releases"][at.index(count)]["version"]);
        let label = format!("{} {}", name.as_str().unwrap(), version.as_str().unwrap());
        // Whether the core comes first may hang on the one release that does without it.
        if cores_first(&scenario) != cores_first(&less) {
            return Ok(());
        }
        let of = |scenario: &Scenario| {
            let (catalog, request) = read(scenario);
            outcome(resolve(&catalog, &request)).map(|set| labels(&catalog, &set))
        };
        match (of(&scenario), of(&less)) {
            (Outcome::Known(_), Outcome::None) => prop_assert!(false, "a yes became a no: {less:?}"),
            (Outcome::Known(before), Outcome::Known(after)) => {
                prop_assert!(!after.contains(&label), "{less:?}");
                prop_assert!(before == after || before.contains(&label), "{less:?}");
            }
            (Outcome::Open(_) | Outcome::None, Outcome::Known(_)) => {
                prop_assert!(false, "what is not known became a yes: {less:?}");
            }
            (Outcome::Open(_), Outcome::None) => prop_assert!(false, "open became a no: {less:?}"),
            (Outcome::Known(_) | Outcome::Open(_), Outcome::Open(_)) | (Outcome::None, _) => {}
        }
    }

    #[test]
    fn all_sets_are_counted_and_listed_the_best_first(scenario in scenario(), newest: bool) {
        let (catalog, mut request) = read(&scenario);
        if !newest {
            request.prefer = Prefer::Oldest;
        }
        // Sets that are only open are not listed.
        let oracle = Oracle::certain(&catalog, &request);
        let all = Some(oracle.every()).filter(|all| !all.is_empty());
        let all = all.unwrap_or_else(|| Oracle { admits_early: true, ..oracle }.every());
        let labels = |sets: &[Set]| sets.iter().map(|set| labels(&catalog, set)).collect::<Vec<_>>();
        let listed = sets(&catalog, &request, 10_000);
        prop_assert_eq!(listed.end, End::Complete);
        let listed: Vec<Set> = listed.sets.iter().map(|set| set_of(&set.picks)).collect();
        prop_assert_eq!(labels(&listed), labels(&all), "{:?}", scenario);
        let counted = count(&catalog, &request);
        prop_assert!(counted.exact);
        prop_assert_eq!(counted.number, all.len().to_string(), "{:?}", scenario);
        let some = sets(&catalog, &request, 2);
        prop_assert_eq!(some.sets.len(), all.len().min(2));
        prop_assert_eq!(some.end == End::Limit, all.len() > 2);
    }

    #[test]
    fn every_core_is_answered_as_if_it_were_asked_alone(scenario in scenario(), shortcut: bool) {
        let (catalog, mut request) = read(&scenario);
        request.shortcut = shortcut;
        let core = catalog.find("core").unwrap();
        for answer in every_core(&catalog, &request, core) {
            let mut alone = request.clone();
            alone.requirements.retain(|requirement| requirement.package != core);
            alone.requirements.insert(0, Requirement::exactly(&catalog, core, answer.core.1));
            let oracle = Oracle::certain(&catalog, &alone).best_outcome();
            let outcome = match answer.outcome {
                SetOutcome::Set(set) => Outcome::Known(set),
                SetOutcome::Open(set) => Outcome::Open(set),
                SetOutcome::Impossible => Outcome::None,
                SetOutcome::Unknown => panic!("out of budget"),
            };
            prop_assert_eq!(
                outcome.map(|set| labels(&catalog, &set)),
                oracle.map(|set| labels(&catalog, &set))
            );
        }
    }

    #[test]
    fn fewest_changes_are_fewest(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        let request = Request { prefer: Prefer::FewestChanges, ..request };
        let changes = |set: &Set| {
            set.iter().filter(|(package, rank)| request.installed.get(package) != Some(rank)).count()
        };
        let best = Oracle::certain(&catalog, &request).outcome(|oracle| {
            let all = oracle.every();
            let least = all.iter().map(&changes).min();
            all.into_iter().find(|set| Some(changes(set)) == least)
        });
        let answer = outcome(resolve(&catalog, &request));
        prop_assert_eq!(
            answer.map(|set| labels(&catalog, &set)),
            best.map(|set| labels(&catalog, &set)),
            "{:?}", scenario
        );
    }

    #[test]
    fn a_found_set_is_valid(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        if let Some(selection) = found(resolve(&catalog, &request)) {
            let set = set_of(&selection.picks);
            prop_assert!(is_valid(&catalog, &request.requirements, &[], &set), "{:?}", labels(&catalog, &set));
            for pick in &selection.picks {
                prop_assert!(pick.requested || !pick.needed_by.is_empty());
            }
        }
    }

    #[test]
    fn newest_and_oldest_agree_on_existence(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        let oldest = Request { prefer: Prefer::Oldest, ..request.clone() };
        let exists = |request| found(resolve(&catalog, request)).is_some();
        prop_assert_eq!(exists(&request), exists(&oldest));
    }

    #[test]
    fn what_runs_already_does_not_take_solutions_away(scenario in scenario()) {
        let without = Scenario { installed: Vec::new(), ..scenario.clone() };
        if answer(&without).is_some() {
            prop_assert!(answer(&scenario).is_some());
        }
    }

    #[test]
    fn adding_a_release_takes_no_solution_away(scenario in scenario(), at: prop::sample::Index) {
        // A range may mean pre-releases for want of better; a better one changes what it means.
        if scenario.want.iter().any(|want| want.contains('@') && !want.contains("@=")) {
            return Ok(());
        }
        let mut more = scenario.clone();
        let packages = more.matrix["packages"].as_array_mut().unwrap();
        let package = at.index(packages.len());
        let releases = packages[package]["releases"].as_array_mut().unwrap();
        let mut release = releases[at.index(releases.len())].clone();
        release["version"] = json!("1.5.0");
        releases.push(release);
        if answer(&scenario).is_some() {
            prop_assert!(answer(&more).is_some(), "{more:?}");
        }
    }

    #[test]
    fn removing_a_need_takes_no_solution_away(scenario in scenario(), at: prop::sample::Index) {
        let mut places = Vec::new();
        for (package, stated) in scenario.matrix["packages"].as_array().unwrap().iter().enumerate() {
            for (release, stated) in stated["releases"].as_array().unwrap().iter().enumerate() {
                let needs = stated["needs"].as_object().unwrap();
                places.extend(needs.keys().map(|target| (package, release, target.clone())));
            }
        }
        if places.is_empty() {
            return Ok(());
        }
        let (package, release, target) = &places[at.index(places.len())];
        let mut fewer = scenario.clone();
        // A need that says nothing, since a plugin without a word on its core is not known to fit.
        let need = &mut fewer.matrix["packages"][package]["releases"][release]["needs"][target];
        *need = saying_nothing(need.get("range").unwrap_or(need));
        keep_known(&scenario, &mut fewer);
        // A pre-release is there because something names it, which may be what is taken away with its core.
        let is_early = |label: &String| label.contains("-rc");
        if answer(&scenario).is_some_and(|set| !set.iter().any(is_early)) {
            prop_assert!(answer(&fewer).is_some(), "{fewer:?}");
        }
    }

    #[test]
    fn removing_a_stated_requirement_takes_no_solution_away(scenario in scenario()) {
        let mut fewer = scenario.clone();
        for requirement in fewer.matrix["requirements"].as_array_mut().unwrap() {
            let nothing = saying_nothing(&requirement["range"]);
            requirement["range"] = nothing["range"].clone();
            requirement["kind"] = nothing["kind"].clone();
        }
        keep_known(&scenario, &mut fewer);
        // A pre-release is there because something names it, which may be what is taken away with its core.
        let is_early = |label: &String| label.contains("-rc");
        if answer(&scenario).is_some_and(|set| !set.iter().any(is_early)) {
            prop_assert!(answer(&fewer).is_some(), "{fewer:?}");
        }
    }

    #[test]
    fn removing_an_unused_release_changes_nothing(scenario in scenario(), at: prop::sample::Index) {
        let Some(answer_before) = answer(&scenario) else { return Ok(()) };
        let mut places = Vec::new();
        for (package, stated) in scenario.matrix["packages"].as_array().unwrap().iter().enumerate() {
            let name = stated["name"].as_str().unwrap();
            for (release, stated) in stated["releases"].as_array().unwrap().iter().enumerate() {
                let version = stated["version"].as_str().unwrap();
                let runs = scenario.installed.iter().any(|(n, v)| n == name && v == version);
                let used = answer_before.contains(&format!("{name} {version}"));
                if !runs && !used {
                    places.push((package, release));
                }
            }
        }
        if places.is_empty() {
            return Ok(());
        }
        let (package, release) = places[at.index(places.len())];
        let mut fewer = scenario.clone();
        fewer.matrix["packages"][package]["releases"].as_array_mut().unwrap().remove(release);
        // Whether the core comes first may hang on the one release that does without it.
        if cores_first(&scenario) != cores_first(&fewer) {
            return Ok(());
        }
        prop_assert_eq!(answer(&fewer), Some(answer_before), "{:?}", fewer);
    }

    #[test]
    fn the_order_of_the_file_does_not_matter(scenario in scenario(), seed: u64) {
        let mut shuffled = scenario.clone();
        let packages = shuffled.matrix["packages"].as_array_mut().unwrap();
        shuffle(packages, seed);
        for package in packages {
            let releases = package["releases"].as_array_mut().unwrap();
            shuffle(releases, seed);
            for release in releases {
                shuffle_keys(&mut release["needs"], seed);
            }
        }
        shuffle(shuffled.matrix["requirements"].as_array_mut().unwrap(), seed);
        let (one, other) = (read(&scenario), read(&shuffled));
        prop_assert_eq!(say(&one), say(&other), "{:?}", scenario);
        let oldest = |(catalog, request): (Catalog, Request)| {
            (catalog, Request { prefer: Prefer::Oldest, shortcut: false, ..request })
        };
        prop_assert_eq!(say(&oldest(one)), say(&oldest(other)), "{:?}", scenario);
    }

    #[test]
    fn repairs_are_solutions(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        let Some(conflict) = conflict(resolve(&catalog, &request)) else { return Ok(()) };
        prop_assert!(!conflict.clashes.is_empty());
        prop_assert!(conflict.clashes.iter().all(|clash| !clash.text.is_empty()));
        for repair in conflict.repairs {
            let set = set_of(&repair.picks);
            prop_assert!(is_sound(&catalog, &set), "{}: {:?}", repair.text, labels(&catalog, &set));
            // Every requirement that the repair does not name is granted.
            for requirement in &request.requirements {
                let granted = set.iter().any(|&(package, rank)| {
                    package == requirement.package
                        && (requirement.releases.contains(rank) || requirement.text == catalog.package(package).name)
                });
                prop_assert!(granted || repair.text.contains(&requirement.text), "{}: {}", repair.text, requirement.text);
            }
        }
    }

    #[test]
    fn a_small_budget_ends_the_search(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        let request = Request { budget: 1, ..request };
        match resolve(&catalog, &request) {
            Resolution::Unknown { steps } => prop_assert_eq!(steps, 1),
            Resolution::Found(_) => prop_assert!(false, "a set takes more than one step"),
            Resolution::Undecided(_) => prop_assert!(false, "a set takes more than one step"),
            // Where nothing is left to choose from, one look is enough.
            Resolution::Impossible(conflict) => prop_assert!(conflict.repairs.is_empty()),
        }
    }
}

/// Returns a need that asks nothing and, as the range that it stands for, admits pre-releases if that does.
fn saying_nothing(range: &Value) -> Value {
    let names_early = range.as_str().unwrap().contains("-rc");
    json!({ "range": if names_early { ">=0.0.0-rc0" } else { "*" }, "kind": "optional" })
}

/// Says of each release that is no longer known to fit its core, and was before, that any core will do: it rested on
/// the core of a plugin that it needed.
fn keep_known(before: &Scenario, after: &mut Scenario) {
    let (known, now) = (read(before).0, read(after).0);
    for package in after.matrix["packages"].as_array_mut().unwrap() {
        let name = package["name"].as_str().unwrap().to_owned();
        let silent = |catalog: &Catalog, version: &str| {
            let (package, rank) = release(catalog, &name, version);
            catalog.package(package).release(rank).unreadable.is_some()
        };
        for release in package["releases"].as_array_mut().unwrap() {
            let version = release["version"].as_str().unwrap();
            if silent(&now, version) && !silent(&known, version) {
                release["needs"]["core"] = json!({ "range": "*", "kind": "optional" });
            }
        }
    }
}

/// Returns the cores that are decided first although nobody asked for them.
fn cores_first(scenario: &Scenario) -> Vec<bool> {
    let (catalog, request) = read(scenario);
    let oracle = Oracle::certain(&catalog, &request);
    let first = |requirement: &Requirement| {
        catalog.package(requirement.package).core.is_some_and(|core| {
            let needs = |rank| requires(&catalog, (requirement.package, rank)).contains(&core);
            oracle.candidates(requirement.package).into_iter().all(needs)
        })
    };
    request.requirements.iter().map(first).collect()
}

/// Says all that an answer says.
fn say((catalog, request): &(Catalog, Request)) -> Vec<String> {
    let cited = |cite: &Cite| format!("{} [{}]", cite.source, cite.evidence);
    let (mut said, findings) = match resolve(catalog, request) {
        Resolution::Found(selection) => {
            (labels(catalog, &set_of(&selection.picks)), selection.findings)
        }
        Resolution::Impossible(conflict) => {
            let clashes = conflict.clashes.iter();
            let clashes =
                clashes.map(|clash| format!("{} {:?}", clash.text, clash.cite.as_ref().map(cited)));
            let repairs = conflict.repairs.iter().map(|repair| {
                format!("{} {:?}", repair.text, labels(catalog, &set_of(&repair.picks)))
            });
            (clashes.chain(repairs).collect(), conflict.findings)
        }
        Resolution::Undecided(open) => {
            let missing = open.missing.into_iter().map(|missing| missing.text);
            (missing.collect(), open.findings)
        }
        Resolution::Unknown { .. } => panic!("out of budget"),
    };
    said.extend(findings.into_iter().map(|finding| finding.message));
    said
}

fn shuffle_keys(object: &mut Value, seed: u64) {
    let map = object.as_object_mut().unwrap();
    let keys = map.keys().map(|key| json!(key));
    let mut keys: Vec<Value> = keys.collect();
    shuffle(&mut keys, seed);
    let keys = keys.iter().filter_map(Value::as_str);
    *map = keys.map(|key| (key.to_owned(), map[key].clone())).collect();
}

fn shuffle(list: &mut [Value], mut seed: u64) {
    for at in (1..list.len()).rev() {
        // Knuth's generator; any will do.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (seed >> 33) as usize % (at + 1));
    }
}

/// How far the needs of a set reach from what was asked for.
fn depth(selection: &Selection) -> usize {
    let mut depth = 0;
    let mut reached: Vec<PackageIx> =
        selection.picks.iter().filter(|pick| pick.requested).map(|pick| pick.release.0).collect();
    loop {
        let next = |pick: &&Pick| {
            !reached.contains(&pick.release.0)
                && pick.needed_by.iter().any(|by| reached.contains(by))
        };
        let more: Vec<_> = selection.picks.iter().filter(next).map(|pick| pick.release.0).collect();
        if more.is_empty() {
            return depth + 1;
        }
        depth += 1;
        reached.extend(more);
    }
}

/// Found by the random cases: releases that speak of their own package.
#[test]
fn what_rules_itself_out_is_not_counted() {
    let matrix = json!({
        "format": 1, "name": "self", "as_of": "2026-01-01",
        "sources": { "s": { "title": "a guess", "evidence": "inferred" } },
        "packages": [{
            "name": "core", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [{ "version": "1.0.0" }, { "version": "2.0.0" }, { "version": "3.0.0" }],
        }],
        "requirements": [{
            "package": "core", "releases": ">=2.0.0", "needs": "core", "range": "=3.0.0",
            "kind": "conflicts", "source": "s",
        }],
    });
    let catalog = catalog(&[("self.json", &matrix.to_string())], &[]);
    let request = request(&catalog, ["core"], []);
    let listed = sets(&catalog, &request, 10).sets;
    let versions: Vec<_> =
        listed.iter().map(|set| labels(&catalog, &set_of(&set.picks)).concat()).collect();
    assert_eq!(versions, ["core 2.0.0", "core 1.0.0"]);
    assert_eq!(count(&catalog, &request).number, "2");
}

/// The random cases must not all be of one kind, or the properties say little.
#[test]
fn the_random_cases_are_of_all_kinds() {
    let mut runner = TestRunner::deterministic();
    let [solvable, open, impossible, deep, tangled, held, early] = [(); 7].map(|()| Cell::new(0));
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    for _ in 0..1000 {
        let scenario = scenario().new_tree(&mut runner).unwrap().current();
        let (catalog, request) = read(&scenario);
        let oracle = Oracle::certain(&catalog, &request);
        let set = match oracle.best_outcome() {
            Outcome::Known(set) => set,
            Outcome::Open(_) => {
                count(&open);
                continue;
            }
            Outcome::None => {
                count(&impossible);
                continue;
            }
        };
        count(&solvable);
        if oracle.best(&mut Vec::new()).is_none() {
            count(&early);
        }
        let selection = found(resolve(&catalog, &request)).expect("it was found by trying");
        if depth(&selection) >= 3 {
            count(&deep);
        }
        let back = |(package, rank): &&ReleaseId| oracle.candidates(*package).first() != Some(rank);
        if set.iter().filter(back).count() >= 2 {
            count(&tangled);
        }
        if set.iter().any(|(package, rank)| request.installed.get(package) == Some(rank)) {
            count(&held);
        }
    }
    let spread = [solvable, open, impossible, deep, tangled, held, early].map(Cell::into_inner);
    let least = [300, 100, 200, 15, 20, 100, 10];
    assert!(spread.iter().zip(least).all(|(count, least)| *count >= least), "{spread:?}");
}
