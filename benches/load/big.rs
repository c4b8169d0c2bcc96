//! Big matrices from a seed, in the shape and layout of the shipped ones: one core with 1,000 versions,
//! plugins with 100 releases each, and up to three needs per release. Same seed, same bytes.

use std::fmt::Write as _;

const CORES: u64 = 1000;
const RELEASES: u64 = 100;

/// What to generate.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) plugins: u64,
    pub(crate) seed: u64,
    /// Of a hundred needs, how many differ from those of the release before. Of the 5,799 needs in the
    /// matrix of Kestra 74 are distinct, of the 7,114 in that of Dagster 1,009.
    pub(crate) change: u64,
}

/// Marsaglia's xorshift with 64 bits.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The low bits of xorshift are the weaker ones.
        (self.0 >> 11) % limit
    }

    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

/// Returns the text of a matrix.
pub(crate) fn matrix(plan: &Plan) -> String {
    let mut dice = Dice(plan.seed);
    let mut text = format!(
        "{{\n  \"format\": 1,\n  \"name\": \"big\",\n  \"as_of\": \"2026-01-01\",\n  \"sources\": {{\n    \
         \"seed\": {{ \"title\": \"a generator\", \"evidence\": \"inferred\" }}\n  }},\n  \"packages\": [\n    \
         {{\n      \"name\": \"core\",\n      \"kind\": \"core\",\n      \"scheme\": \"{}\",\n      \
         \"source\": \"seed\",\n      \"releases\": [\n",
        plan.scheme
    );
    for core in 0..CORES {
        let end = if core + 1 == CORES { "" } else { "," };
        let (version, date) = (core_version(core), date(core));
        let _ =
            writeln!(text, "        {{ \"version\": \"{version}\", \"date\": \"{date}\" }}{end}");
    }
    for plugin in 0..plan.plugins {
        let _ = write!(
            text,
            "      ]\n    }},\n    {{\n      \"name\": \"p{plugin}\",\n      \"kind\": \"plugin\",\n      \
             \"core\": \"core\",\n      \"scheme\": \"{}\",\n      \"source\": \"seed\",\n      \
             \"releases\": [\n",
            plan.scheme
        );
        let mut needs = Vec::new();
        for release in 0..RELEASES {
            change(&mut needs, &mut dice, plan, plugin, release);
            put_release(&mut text, &mut dice, &needs, release);
        }
    }
    text.push_str("      ]\n    }\n  ]\n}\n");
    text
}

/// Changes some of the needs from those of the release before; at first there are up to three.
fn change(
    needs: &mut Vec<(String, String)>,
    dice: &mut Dice,
    plan: &Plan,
    plugin: u64,
    release: u64,
) {
    if release == 0 || dice.percent(plan.change) {
        let count = dice.below(4);
        needs.truncate(usize::try_from(count).expect("a small number"));
        while needs.len() < usize::try_from(count).expect("a small number") {
            let other = dice.below(plan.plugins);
            let name = if needs.is_empty() { "core".to_owned() } else { format!("p{other}") };
            if other != plugin && needs.iter().all(|(known, _)| *known != name) {
                needs.push((name, String::new()));
            }
        }
    }
    for (name, range) in needs {
        if range.is_empty() || dice.percent(plan.change) {
            *range = if name == "core" {
                core_range(dice, release)
            } else {
                plugin_range(dice, release)
            };
        }
    }
}

fn put_release(text: &mut String, dice: &mut Dice, needs: &[(String, String)], release: u64) {
    let version = plugin_version(release);
    let _ = write!(text, "        {{ \"version\": \"{version}\"");
    if dice.percent(80) {
        let _ = write!(text, ", \"date\": \"{}\"", date(release * 10));
    }
    let needs: Vec<_> =
        needs.iter().map(|(name, range)| format!("\"{name}\": \"{range}\"")).collect();
    let end = if release + 1 == RELEASES { "" } else { "," };
    let _ = writeln!(text, ", \"needs\": {{ {} }} }}{end}", needs.join(", "));
}

/// Newer releases accept newer cores; one in ten accepts exactly one.
fn core_range(dice: &mut Dice, release: u64) -> String {
    let low = (release * 9 + dice.below(60)).min(CORES - 1);
    if dice.percent(10) {
        return format!("={}", core_version(low));
    }
    let floor = core_version(low / 10 * 10);
    let high = (low + 30 + dice.below(400)) / 10 * 10;
    if high >= CORES { format!(">={floor}") } else { format!(">={floor},<{}", core_version(high)) }
}

fn plugin_range(dice: &mut Dice, release: u64) -> String {
    let low = release.saturating_sub(dice.below(40));
    match dice.below(3) {
        0 => format!(">={}", low / 20 + 1),
        1 => format!(">={}", plugin_version(low)),
        _ => format!(">={},<{}", plugin_version(low), low / 20 + 3),
    }
}

fn core_version(ix: u64) -> String {
    format!("{}.{}.{}", ix / 100 + 1, ix / 10 % 10, ix % 10)
}

fn plugin_version(ix: u64) -> String {
    format!("{}.{}.{}", ix / 20 + 1, ix / 4 % 5, ix % 4)
}

fn date(day: u64) -> String {
    format!("{}-{:02}-{:02}", 2015 + day / 100, day / 9 % 12 + 1, day % 28 + 1)
}
