//! What is measured: families of generated instances, pubgrub's shapes, the shipped matrices.

use skew::catalog::Catalog;
use skew::resolve::Request;

use crate::instances::{self, Instance, Regime, SUDOKUS, Size};
use crate::support;

/// Instances of one kind.
pub(crate) struct Family {
    /// Its name. Of a generated one releases of the core, plugins, releases of each plugin, and the
    /// regime.
    pub(crate) name: String,
    /// Whether it is asked for every core as well.
    pub(crate) every_core: bool,
    source: Source,
}

type Make = fn() -> Instance;

enum Source {
    Random(Regime, Size),
    Shape(Make),
    Shipped(&'static str, Want),
}

#[derive(Clone, Copy)]
enum Want {
    These(&'static [&'static str]),
    /// All plugins of the core.
    All(&'static str),
}

/// One question: a file and what is required.
pub(crate) struct Case {
    /// The matrix.
    pub(crate) text: String,
    /// What is required.
    pub(crate) want: Vec<String>,
    /// The catalog and the request that they make.
    pub(crate) catalog: Catalog,
    /// The request.
    pub(crate) request: Request,
    /// The same for the peers.
    pub(crate) instance: Instance,
}

impl Family {
    /// Returns the cases of the family, made one after the other.
    pub(crate) fn cases(&self, seeds: u64) -> impl Iterator<Item = Case> + '_ {
        let count = if matches!(self.source, Source::Random(..)) { seeds } else { 1 };
        (0..count).map(|seed| self.case(seed))
    }

    fn case(&self, seed: u64) -> Case {
        match &self.source {
            Source::Random(regime, size) => made(instances::instance(*regime, *size, seed)),
            Source::Shape(make) => made(make()),
            Source::Shipped(name, want) => shipped(name, *want),
        }
    }
}

fn made(instance: Instance) -> Case {
    let (text, want) = (instance.matrix(), instance.wanted());
    let catalog = support::catalog(&[("random", &text)], &[]);
    let request = support::request(&catalog, want.iter().map(String::as_str), []);
    Case { text, want, catalog, request, instance }
}

fn shipped(name: &str, want: Want) -> Case {
    let path = format!("{}/matrices/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the matrix is there");
    let catalog = support::catalog(&[(name, &text)], &[]);
    let want: Vec<_> = match want {
        Want::These(specs) => specs.iter().map(|&spec| spec.to_owned()).collect(),
        Want::All(core) => {
            let core = catalog.find(core).expect("the core is there");
            let plugins = catalog.packages().filter(|(_, package)| package.core == Some(core));
            plugins.map(|(_, package)| package.name.clone()).collect()
        }
    };
    asked(text, want)
}

/// Makes the case of a file and what is required.
pub(crate) fn asked(text: String, want: Vec<String>) -> Case {
    let catalog = support::catalog(&[("given", &text)], &[]);
    let request = support::request(&catalog, want.iter().map(String::as_str), []);
    // The others know no silence: they are asked what is certain.
    let instance = instances::given(&catalog, &request).certain();
    Case { text, want, catalog, request, instance }
}

/// What a data team may have installed.
const TEN: [&str; 10] = [
    "plugin-aws",
    "plugin-git",
    "plugin-jdbc",
    "plugin-scripts",
    "plugin-serdes",
    "plugin-fs",
    "plugin-docker",
    "plugin-kafka",
    "plugin-notifications",
    "plugin-dbt",
];

/// Returns all families.
pub(crate) fn families() -> Vec<Family> {
    let mut families = generated();
    let shapes: [(_, Make); 5] = [
        ("pubgrub's singletons 100/500", || instances::singletons(100, 500)),
        ("pubgrub's disjoint 300/200", || instances::disjoint(300, 200)),
        ("pubgrub's ranges 5/200", || instances::ranges(5, 200)),
        ("pubgrub's sudoku, easy", || instances::sudoku(SUDOKUS[0])),
        ("pubgrub's sudoku, hard", || instances::sudoku(SUDOKUS[1])),
    ];
    families.extend(shapes.map(|(name, make)| Family {
        name: name.to_owned(),
        every_core: false,
        source: Source::Shape(make),
    }));
    let shipped = [
        ("valkey", "valkey, all modules", Want::All("valkey"), false),
        (
            "duckdb",
            "duckdb, three extensions",
            Want::These(&["iceberg", "httpfs", "spatial"]),
            true,
        ),
        ("kestra", "kestra, two plugins", Want::These(&["plugin-aws", "plugin-git"]), true),
        ("kestra", "kestra, ten plugins", Want::These(&TEN), true),
        ("kestra", "kestra, all plugins", Want::All("kestra"), true),
        ("dagster", "dagster, two libraries", Want::These(&["dagster-aws", "dagster-dbt"]), true),
        ("dagster", "dagster, all libraries", Want::All("dagster"), true),
    ];
    families.extend(shipped.map(|(matrix, name, want, every_core)| Family {
        name: name.to_owned(),
        every_core,
        source: Source::Shipped(matrix, want),
    }));
    families
}

fn generated() -> Vec<Family> {
    use Regime::{Contended, Cycle, Deep, Easy, Lazy, Tangled, Threshold, TwoPlugins};
    // Core, plugins, releases, required, needs, share: see `Size`.
    let table: [(Regime, [u32; 6], bool); 20] = [
        (Easy, [60, 50, 20, 50, 4, 0], true),
        (Contended, [60, 50, 20, 50, 4, 0], true),
        (Tangled, [60, 50, 20, 50, 4, 0], true),
        (Tangled, [60, 50, 20, 10, 4, 0], true),
        (Easy, [1000, 200, 100, 200, 4, 0], true),
        (Contended, [1000, 200, 100, 200, 4, 0], true),
        (Contended, [1000, 200, 100, 40, 4, 0], true),
        (Tangled, [1000, 200, 100, 200, 4, 0], true),
        (Tangled, [1000, 200, 100, 40, 4, 0], true),
        (TwoPlugins, [1000, 200, 100, 200, 4, 0], false),
        (Cycle, [1000, 200, 100, 200, 4, 0], false),
        (Easy, [1000, 1000, 100, 1000, 4, 0], false),
        (Contended, [1000, 1000, 100, 1000, 4, 0], false),
        (Tangled, [1000, 1000, 100, 1000, 4, 0], false),
        (Cycle, [1000, 1000, 100, 1000, 4, 0], false),
        (Threshold, [10, 50, 20, 50, 4, 360], false),
        (Threshold, [10, 100, 20, 100, 4, 395], false),
        (Threshold, [10, 200, 20, 200, 4, 410], false),
        (Deep, [100, 200, 20, 3, 4, 550], false),
        (Lazy, [100, 5000, 20, 5, 4, 0], false),
    ];
    let family = |(regime, [cores, plugins, releases, required, needs, share], every_core): (
        Regime,
        [u32; 6],
        bool,
    )| {
        let part =
            if required == plugins { String::new() } else { format!(", {required} required") };
        let size = Size {
            cores,
            plugins: plugins as usize,
            releases,
            required: required as usize,
            needs,
            share,
        };
        Family {
            name: format!("{cores}/{plugins}/{releases} {}{part}", regime.name()),
            every_core,
            source: Source::Random(regime, size),
        }
    };
    table.map(family).into_iter().collect()
}
