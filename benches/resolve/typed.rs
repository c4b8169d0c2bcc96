//! From the text to the answer, beside a parse of the same bytes into typed, borrowed structs.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::Options;
use crate::cases::{Case, Family};
use crate::clock::{Series, rounds};
use crate::ours;
use crate::probe::{self, End};

/// Inputs below this are over before anything can be said about them.
const LEAST: usize = 1_000_000;

/// A generated matrix, which has no escapes in its texts.
#[derive(Deserialize)]
struct Matrix<'a> {
    #[serde(borrow)]
    packages: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    name: &'a str,
    kind: &'a str,
    core: Option<&'a str>,
    scheme: &'a str,
    source: &'a str,
    #[serde(borrow)]
    releases: Vec<Release<'a>>,
}

#[derive(Deserialize)]
struct Release<'a> {
    version: &'a str,
    #[serde(borrow)]
    needs: Needs<'a>,
}

struct Needs<'a>(Vec<(&'a str, Need<'a>)>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Need<'a> {
    Range(&'a str),
    Full { range: &'a str, kind: &'a str },
}

impl<'de: 'a, 'a> Deserialize<'de> for Needs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Needs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("needs by package")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Needs<'de>, A::Error> {
        let mut needs = Vec::new();
        while let Some(entry) = map.next_entry()? {
            needs.push(entry);
        }
        Ok(Needs(needs))
    }
}

impl Matrix<'_> {
    /// Looks at everything, so that nothing of the parse can be left out.
    fn bytes(&self) -> usize {
        let need = |(name, need): &(&str, Need<'_>)| {
            name.len()
                + match need {
                    Need::Range(range) => range.len(),
                    Need::Full { range, kind } => range.len() + kind.len(),
                }
        };
        let release = |release: &Release<'_>| {
            release.version.len() + release.needs.0.iter().map(need).sum::<usize>()
        };
        let package = |package: &Package<'_>| {
            let texts = [package.name, package.kind, package.scheme, package.source];
            let texts = texts.into_iter().chain(package.core).map(str::len).sum::<usize>();
            texts + package.releases.iter().map(release).sum::<usize>()
        };
        self.packages.iter().map(package).sum()
    }
}

#[derive(Default)]
struct Row {
    bytes: usize,
    parse: Series,
    load: Series,
    ours: Series,
    /// The greatest peak of memory, in multiples of the input.
    peak: Option<f64>,
}

/// Prints the table.
pub(crate) fn table(families: &[Family], options: &Options) {
    println!("\n## Text to answer\n");
    println!(
        "| instances | bytes | typed parse | load | text to answer | load / parse | answer / parse \
         | peak memory / bytes |"
    );
    println!("|{}", "---|".repeat(8));
    for family in families {
        let mut row = Row::default();
        for case in family.cases(options.seeds).filter(|case| case.text.len() >= LEAST) {
            measure(&mut row, &case, options);
        }
        if row.bytes > 0 {
            println!(
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                family.name,
                row.bytes,
                row.parse.shown(),
                row.load.shown(),
                row.ours.shown(),
                row.load.ratio(&row.parse),
                row.ours.ratio(&row.parse),
                row.peak.map_or_else(|| "-".to_owned(), |peak| format!("{peak:.1}")),
            );
        }
    }
}

fn measure(row: &mut Row, case: &Case, options: &Options) {
    row.bytes = row.bytes.max(case.text.len());
    if row.ours.is_stopped() {
        return;
    }
    match probe::ask("set", case, options.cap) {
        End::Stopped => row.ours.stop(options.cap),
        End::Unknown => {}
        End::Done { peak } => {
            let size = u32::try_from(case.text.len()).expect("a matrix has 32 MiB at most");
            let times = |peak| f64::from(u32::try_from(peak).unwrap_or(u32::MAX)) / f64::from(size);
            row.peak = row.peak.into_iter().chain(peak.map(times)).reduce(f64::max);
        }
    }
    rounds(options.time, || {
        row.parse.run(|| {
            let matrix: Matrix<'_> = serde_json::from_str(&case.text).expect("it is a matrix");
            matrix.bytes() > 0
        });
        row.load.run(|| ours::load_only(&case.text));
        if !row.ours.is_stopped() {
            row.ours.run_to_its_end(|| ours::from_text(&case.text, &case.want));
        }
    });
}
