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
        for release in 0..RELEASES {
            put_release(&mut text, &mut dice, plan.plugins, plugin, release);
        }
    }
    text.push_str("      ]\n    }\n  ]\n}\n");
    text
}

fn put_release(text: &mut String, dice: &mut Dice, plugins: u64, plugin: u64, release: u64) {
    let dated = if dice.percent(80) {
        format!(", \"date\": \"{}\"", date(release * 10))
    } else {
        String::new()
    };
    let version = plugin_version(release);
    let _ = write!(text, "        {{ \"version\": \"{version}\"{dated}, \"needs\": {{");
    let mut targets = Vec::new();
    for ix in 0..dice.below(4) {
        let other = dice.below(plugins);
        if ix > 0 && (other == plugin || targets.contains(&other)) {
            continue;
        }
        targets.push(other);
        let comma = if ix == 0 { "" } else { "," };
        let _ = if ix == 0 {
            write!(text, "{comma} \"core\": \"{}\"", core_range(dice, release))
        } else {
            write!(text, "{comma} \"p{other}\": \"{}\"", plugin_range(dice, release))
        };
    }
    let end = if release + 1 == RELEASES { "" } else { "," };
    let _ = writeln!(text, " }} }}{end}");
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
