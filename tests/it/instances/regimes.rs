//! What random instances look like: how much is stated, how tightly, and where it breaks.
//!
//! Release `v` of a plugin came out when the core was at about the same share of its history, and says
//! so with a span of core releases around that time. A hidden set that fits together is kept possible
//! in the regimes that are to have a solution: whatever one of its releases states holds of the others.

use super::{Binds, Dep, Dice, Instance, Package, Requirement, Span};

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Releases of the core.
    pub(crate) cores: u32,
    /// Plugins.
    pub(crate) plugins: usize,
    /// Releases of each plugin.
    pub(crate) releases: u32,
    /// How many plugins are required.
    pub(crate) required: usize,
    /// The most needs that a release has, the one on the core included.
    pub(crate) needs: u32,
    /// At the threshold, the share of a plugin's releases that a need accepts, in thousandths. With
    /// `d` needs among plugins in each of `V` releases, sets are expected down to about `V * s^d = 1`.
    pub(crate) share: u32,
}

/// What makes an instance easy or hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Regime {
    /// Lower bounds only: the newest of everything fits.
    Easy,
    /// Wide spans: some plugins must be older than their newest.
    Contended,
    /// Narrow spans, and newer releases that ask for what does not go together.
    Tangled,
    /// Of two plugins, one needs a core that is older than the other accepts.
    TwoPlugins,
    /// Some plugins need each other in a circle, each a newer release than its own.
    Cycle,
    /// No hidden set and spans of random places, about as many as a solution can bear.
    Threshold,
    /// The same, for few requirements that lead to much: what comes after them is decided by name.
    Deep,
    /// Blocks of 16 packages that have nothing to do with each other, and few requirements.
    Lazy,
}

impl Regime {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Easy,
        Self::Contended,
        Self::Tangled,
        Self::TwoPlugins,
        Self::Cycle,
        Self::Threshold,
        Self::Deep,
        Self::Lazy,
    ];

    /// Returns the word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Contended => "contended",
            Self::Tangled => "tangled",
            Self::TwoPlugins => "two plugins",
            Self::Cycle => "cycle",
            Self::Threshold => "threshold",
            Self::Deep => "deep",
            Self::Lazy => "lazy",
        }
    }
}

/// How many packages of a lazy registry have to do with each other.
const BLOCK: usize = 16;

/// Makes an instance.
pub(crate) fn instance(regime: Regime, size: Size, seed: u64) -> Instance {
    let mut dice = Dice::new(seed ^ (regime as u64) << 56);
    let mut required: Vec<usize> = (1..=size.plugins).collect();
    dice.shuffle(&mut required);
    required.truncate(size.required);
    let mut maker = Maker::new(regime, size, &required, dice);
    let core = Package::new("core".to_owned(), vec![Vec::new(); size.cores as usize]);
    let plugins = (1..=size.plugins).map(|plugin| maker.plugin(plugin));
    let mut packages: Vec<_> = std::iter::once(core).chain(plugins).collect();
    match regime {
        Regime::TwoPlugins => maker.part(&mut packages, &required),
        Regime::Cycle => maker.close(&mut packages, &required),
        Regime::Easy
        | Regime::Contended
        | Regime::Tangled
        | Regime::Threshold
        | Regime::Deep
        | Regime::Lazy => {}
    }
    let requirements = maker.requirements(&packages, &required);
    Instance { has_core: true, packages, requirements }
}

struct Maker {
    regime: Regime,
    size: Size,
    dice: Dice,
    required: Vec<bool>,
    /// The set that is kept possible: the core's release, then one of each plugin.
    hidden: Vec<u32>,
    /// Where in the history of the core the newest release of each plugin came out, in percent.
    pace: Vec<u32>,
}

impl Maker {
    fn new(regime: Regime, size: Size, required: &[usize], mut dice: Dice) -> Self {
        let core = dice.between((size.cores * 6 / 10).max(1), size.cores);
        // About as far on as the core is, give or take a tenth.
        let about = (u64::from(core) * u64::from(size.releases) / u64::from(size.cores)).max(1);
        let about = u32::try_from(about).expect("it is a release");
        let spread = (size.releases / 10).max(1);
        let mut hidden = vec![core];
        for _ in 0..size.plugins {
            let (from, to) = around(about, spread, spread, size.releases);
            hidden.push(dice.between(from, to));
        }
        let mut pace = vec![100];
        pace.extend((0..size.plugins).map(|_| match regime {
            Regime::Easy | Regime::Lazy | Regime::Threshold | Regime::Deep => 100,
            Regime::Contended | Regime::Tangled | Regime::TwoPlugins | Regime::Cycle => {
                dice.between(70, 100)
            }
        }));
        let mut flags = vec![false; size.plugins + 1];
        for &plugin in required {
            flags[plugin] = true;
        }
        Self { regime, size, dice, required: flags, hidden, pace }
    }

    fn plugin(&mut self, plugin: usize) -> Package {
        let releases = (1..=self.size.releases).map(|number| self.release(plugin, number));
        Package::new(format!("p{plugin:04}"), releases.collect())
    }

    fn release(&mut self, plugin: usize, number: u32) -> Vec<Dep> {
        let lasting = self.regime == Regime::Easy && number == self.size.releases;
        if !lasting && !self.random() && self.dice.chance(2) {
            return Vec::new();
        }
        let hidden = self.hidden[plugin] == number;
        let span = self.core_span(plugin, number, hidden);
        let mut deps = vec![Dep { target: 0, allowed: vec![span], binds: Binds::Always }];
        let most = self.size.needs - 1;
        let more = if self.random() { most } else { self.dice.between(0, most) };
        for _ in 0..more {
            if let Some(target) = self.target(plugin)
                && deps.iter().all(|dep| dep.target != target)
            {
                let span = self.span(number, target, hidden);
                let binds = if self.dice.chance(8) { Binds::IfPresent } else { Binds::Always };
                deps.push(Dep { target, allowed: vec![span], binds });
            }
        }
        deps
    }

    /// Whether needs are stated without regard to any set.
    fn random(&self) -> bool {
        matches!(self.regime, Regime::Threshold | Regime::Deep)
    }

    /// Picks what a plugin may need: anything that is required, else only what comes after it.
    fn target(&mut self, plugin: usize) -> Option<usize> {
        let last = self.size.plugins;
        let (from, to) = if self.regime == Regime::Lazy {
            (plugin + 1, (plugin.div_ceil(BLOCK) * BLOCK).min(last))
        } else if self.required[plugin] {
            (1, last)
        } else {
            // Near what needs it, so that chains are long and not everything ends at the last.
            (plugin + 1, (plugin + 1 + (last / 4).max(4)).min(last))
        };
        if from > to {
            return None;
        }
        let target = from + self.dice.below(to - from + 1);
        (target != plugin).then_some(target)
    }

    /// Returns the core releases that a release accepts.
    fn core_span(&mut self, plugin: usize, number: u32, hidden: bool) -> Span {
        let cores = self.size.cores;
        let at = self.scaled(plugin, number);
        let span = match self.regime {
            Regime::Easy | Regime::Lazy => (at.saturating_sub(cores / 3).max(1), cores),
            Regime::Threshold | Regime::Deep => (1, cores),
            Regime::Contended | Regime::Tangled | Regime::TwoPlugins | Regime::Cycle => {
                if self.dice.chance(15) {
                    (at, at)
                } else {
                    let wide = if self.regime == Regime::Tangled { 5 } else { 3 };
                    let (back, on) = (self.dice.between(0, cores / wide), cores / wide);
                    around(at, back, self.dice.between(0, on), cores)
                }
            }
        };
        if hidden { cover(span, self.hidden[0]) } else { span }
    }

    /// Returns the releases of another plugin that a release accepts.
    fn span(&mut self, number: u32, target: usize, hidden: bool) -> Span {
        let last = self.size.releases;
        let span = match self.regime {
            Regime::Easy | Regime::Lazy => (self.dice.between(1, last), last),
            Regime::Contended | Regime::TwoPlugins | Regime::Cycle => {
                let (back, on) = (self.dice.between(0, last / 3), self.dice.between(0, last / 3));
                around(number, back, on, last)
            }
            Regime::Tangled => {
                // Releases that are newer than the hidden one say anything.
                let at = if self.dice.chance(50) { self.dice.between(1, last) } else { number };
                let (back, on) = (self.dice.between(0, last / 6), self.dice.between(0, last / 6));
                around(at, back, on, last)
            }
            Regime::Threshold | Regime::Deep => {
                let width = self.width();
                let from = self.dice.between(1, last + 1 - width);
                (from, from + width - 1)
            }
        };
        if hidden && !self.random() { cover(span, self.hidden[target]) } else { span }
    }

    /// Returns how many releases a span of the threshold has: the share of the size, with the part
    /// behind the comma as a chance.
    fn width(&mut self) -> u32 {
        let thousandths = self.size.share * self.size.releases;
        let more = u32::from(self.dice.between(0, 999) < thousandths % 1000);
        (thousandths / 1000 + more).clamp(1, self.size.releases)
    }

    /// Returns the core release at whose time a release came out.
    fn scaled(&self, plugin: usize, number: u32) -> u32 {
        let at = u64::from(number) * u64::from(self.size.cores * self.pace[plugin]);
        let at = at / u64::from(self.size.releases * 100);
        u32::try_from(at).expect("it is a release").max(1)
    }

    /// Parts two requirements: no core is new enough for one and old enough for the other.
    fn part(&mut self, packages: &mut [Package], required: &[usize]) {
        let cut = self.dice.between(1, self.size.cores - 1);
        let sides = [(1, cut), (cut + 1, self.size.cores)];
        for (&plugin, (from, to)) in required.iter().zip(sides) {
            for release in &mut packages[plugin].releases {
                let old = release.iter().find(|dep| dep.target == 0);
                let (low, high) = old.map_or((from, to), |dep| dep.allowed[0]);
                let span = (low.clamp(from, to), high.clamp(from, to));
                replace(release, 0, span);
            }
        }
    }

    /// Closes a circle of requirements: each needs as new a release of the next, the last a newer one.
    fn close(&mut self, packages: &mut [Package], required: &[usize]) {
        let length = self.dice.between(2, 5).min(u32::try_from(required.len()).expect("few"));
        let circle = &required[..length as usize];
        for (at, &plugin) in circle.iter().enumerate() {
            let next = circle[(at + 1) % circle.len()];
            let newer = u32::from(at + 1 == circle.len());
            for (number, release) in (1..).zip(&mut packages[plugin].releases) {
                let cores = self.size.cores;
                if release.is_empty() {
                    replace(release, 0, (1, cores));
                }
                replace(release, next, (number + newer, self.size.releases.max(number + newer)));
            }
        }
    }

    /// Makes the requirements, sometimes with the core among them and sometimes within a range.
    fn requirements(&mut self, packages: &[Package], required: &[usize]) -> Vec<Requirement> {
        let mut requirements: Vec<_> = required
            .iter()
            .map(|&package| {
                let last = packages[package].count();
                let oldest = self.hidden[package];
                let from = if self.dice.chance(5) { self.dice.between(1, oldest) } else { 1 };
                Requirement { package, allowed: vec![(from, last)] }
            })
            .collect();
        // If no requirement needs the core in all its releases, when the core is decided would depend on how
        // early a solver finds out that it is needed.
        let brings = |requirement: &Requirement| {
            let (from, to) = requirement.allowed[0];
            (from..=to).all(|number| !packages[requirement.package].needs(number).is_empty())
        };
        if !requirements.iter().any(brings) || self.dice.chance(50) {
            let whole = Requirement { package: 0, allowed: vec![(1, self.size.cores)] };
            requirements.insert(self.dice.below(requirements.len() + 1), whole);
        }
        requirements
    }
}

/// Returns the span around a place, cut to what exists.
fn around(at: u32, back: u32, on: u32, last: u32) -> Span {
    (at.saturating_sub(back).max(1), (at + on).min(last))
}

/// Returns the span, made so wide that it holds a number.
fn cover((from, to): Span, number: u32) -> Span {
    (from.min(number), to.max(number))
}

/// States a need, in place of one of the same package.
fn replace(release: &mut Vec<Dep>, target: usize, span: Span) {
    release.retain(|dep| dep.target != target);
    release.push(Dep { target, allowed: vec![span], binds: Binds::Always });
}
