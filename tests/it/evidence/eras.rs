//! Engines of every era, by the built-in matrix.

use skew::binary::ExtensionFile;
use skew::catalog::Catalog;
use skew::evidence::ExtensionReader;
use skew::finding::Verdict;
use skew::loading::{Host, known_hosts, loads};
use skew::matrix::{Input, load};

use super::made::{Made, made};

/// Returns the catalog, with versions that no list has.
fn catalog(extras: &[&str]) -> Catalog {
    let text = std::fs::read(crate::run::root().join("matrices/duckdb.json")).unwrap();
    let extras: Vec<_> =
        extras.iter().map(|text| ("duckdb".to_owned(), (*text).to_owned())).collect();
    let loaded = load(&[Input { name: "duckdb.json", bytes: &text }], &extras);
    assert!(!loaded.problems.has_errors());
    loaded.catalog
}

fn named(made: &Made, name: &str) -> ExtensionFile {
    let mut reader = ExtensionReader::new(Some(name));
    reader.push(&made.bytes());
    reader.finish()
}

/// Asks one engine, on `linux_amd64` and without minding signatures. Gives `loads`, `unknown`, or the
/// checks that fired.
fn ask_named(catalog: &Catalog, engine: &str, made: &Made, name: &str) -> String {
    let package = catalog.find("duckdb").unwrap();
    let host = match catalog.package(package).find(engine) {
        Some(rank) => Host::of_release(catalog, package, rank),
        None => Host::of_commit(catalog, package, engine).unwrap(),
    };
    let loading = loads(catalog, &host.on(Some("linux_amd64")).unsigned(true), &named(made, name));
    let codes: Vec<_> = loading.findings.iter().map(|finding| finding.code.as_str()).collect();
    match loading.verdict {
        Verdict::Compatible => "loads".to_owned(),
        Verdict::Unknown => "unknown".to_owned(),
        Verdict::Incompatible => codes.join("+"),
    }
}

fn ask(catalog: &Catalog, engine: &str, made: &Made) -> String {
    ask_named(catalog, engine, made, "x.duckdb_extension")
}

/// One engine of each era, and both sides of each change.
const ENGINES: [&str; 12] = [
    "v0.9.2", "v0.10.1", "v0.10.2", "v1.0.0", "v1.1.0", "v1.1.3", "v1.2.2", "v1.3.2", "v1.4.4",
    "v1.5.5", "v1.5.6", "v2.0.0",
];

/// Asks all of them and joins equal answers.
fn all(catalog: &Catalog, made: &Made) -> String {
    let answers: Vec<_> =
        ENGINES.iter().map(|engine| (engine, ask(catalog, engine, made))).collect();
    let runs = answers.chunk_by(|one, next| one.1 == next.1);
    let words = runs.map(|run| match run {
        [(engine, answer)] => format!("{engine} {answer}"),
        [(first, answer), .., (last, _)] => format!("{first}..{last} {answer}"),
        [] => String::new(),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_cpp_abi_fits_one_version() {
    let catalog = catalog(&[]);
    let all = |built_for| all(&catalog, &made("CPP", built_for));
    insta::assert_snapshot!(all("v1.5.5"), @"v0.9.2..v1.4.4 load-version, v1.5.5 loads, v1.5.6..v2.0.0 load-version");
    insta::assert_snapshot!(all("v1.0.0"), @"v0.9.2..v0.10.2 load-version, v1.0.0 loads, v1.1.0..v2.0.0 load-version");
    insta::assert_snapshot!(all("1.5.5"), @"v0.9.2..v2.0.0 load-version");
    insta::assert_snapshot!(all("0.9.2"), @"v0.9.2 unknown, v0.10.1..v2.0.0 load-version");
}

#[test]
fn the_stable_c_api_fits_many() {
    let catalog = catalog(&[]);
    let all = |built_for| all(&catalog, &made("C_STRUCT", built_for));
    insta::assert_snapshot!(all("v1.2.0"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v1.1.3 load-c-api, v1.2.2..v2.0.0 loads");
    insta::assert_snapshot!(all("v1.1.9"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v1.1.3 load-c-api, v1.2.2..v2.0.0 loads");
    insta::assert_snapshot!(all("v1.2.1"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v1.5.5 load-c-api, v1.5.6..v2.0.0 loads");
    insta::assert_snapshot!(all("v1.5.7"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v2.0.0 load-c-api");
    insta::assert_snapshot!(all("v2.0.0"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v2.0.0 load-c-api");
    insta::assert_snapshot!(all("v0.0.1"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v1.1.3 loads, v1.2.2..v2.0.0 load-c-api");
    insta::assert_snapshot!(all("v1.2.0-rc1"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v2.0.0 load-c-api");
}

#[test]
fn other_abis_have_their_engines() {
    let catalog = catalog(&[]);
    let all = |abi, built_for| all(&catalog, &made(abi, built_for));
    insta::assert_snapshot!(all("C_STRUCT_UNSTABLE", "v1.5.5"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v1.1.3 load-abi, v1.2.2..v1.4.4 load-version, v1.5.5 loads, v1.5.6..v2.0.0 load-version");
    insta::assert_snapshot!(all("c_struct", "v1.2.0"), @"v0.9.2..v1.0.0 load-version, v1.1.0..v2.0.0 load-abi");
    insta::assert_snapshot!(all("", "v1.1.0"), @"v0.9.2..v1.0.0 load-version, v1.1.0 load-abi, v1.1.3..v2.0.0 load-version");
    insta::assert_snapshot!(all("", "v1.1.3"), @"v0.9.2..v1.0.0 load-version, v1.1.0 load-abi, v1.1.3 loads, v1.2.2..v2.0.0 load-version");
    insta::assert_snapshot!(all("anything", "v1.0.0"), @"v0.9.2..v0.10.2 load-version, v1.0.0 loads, v1.1.0..v2.0.0 load-abi");
}

#[test]
fn platform_and_version_are_reported_together() {
    let catalog = catalog(&[]);
    let file = made("CPP", "v1.5.5").on("linux_arm64");
    assert_eq!(ask(&catalog, "v1.5.5", &file), "load-platform");
    assert_eq!(ask(&catalog, "v1.5.6", &file), "load-version+load-platform");
}

#[test]
fn the_entry_point_is_named_after_the_file() {
    let catalog = catalog(&[]);
    let stable = made("C_STRUCT", "v1.2.0").entry("odbc_scanner_init_c_api");
    let ask = |name| ask_named(&catalog, "v1.5.6", &stable, name);
    assert_eq!(ask("odbc_scanner.duckdb_extension"), "loads");
    assert_eq!(ask("ODBC_Scanner.v2.duckdb_extension"), "loads");
    assert_eq!(ask("odbc.duckdb_extension"), "load-entry");
    assert_eq!(ask("odbc_scanner.so"), "load-name");
    assert_eq!(ask_named(&catalog, "v1.4.3", &stable, "odbc_scanner.so"), "loads");
    assert_eq!(ask_named(&catalog, "v1.4.4", &stable, "odbc_scanner.so"), "load-name");
    let old = made("CPP", "v1.3.2").entry("x_init");
    assert_eq!(self::ask(&catalog, "v1.3.2", &old), "loads");
    let new = made("CPP", "v1.4.0").entry("x_init");
    assert_eq!(self::ask(&catalog, "v1.4.0", &new), "load-entry");
    let unstable = made("C_STRUCT_UNSTABLE", "v2.0.0").entry("x_init_c_api");
    assert_eq!(self::ask(&catalog, "v2.0.0", &unstable), "load-entry");
    let second = made("C_STRUCT_UNSTABLE", "v2.0.0").entry("x_init_c_api_v2");
    assert_eq!(self::ask(&catalog, "v2.0.0", &second), "loads");
}

#[test]
fn builds_between_releases_follow_both() {
    let catalog = catalog(&["v1.5.6-dev212", "v2.0.0-alpha49504"]);
    let ask = |engine, abi, built_for| ask(&catalog, engine, &made(abi, built_for));
    // A development build is known by its commit, an early one by its whole version.
    assert_eq!(ask("v1.5.6-dev212", "CPP", "v1.5.6"), "load-version");
    assert_eq!(ask("v1.5.6-dev212", "CPP", "46f1c14caa"), "unknown");
    assert_eq!(ask("v2.0.0-alpha49504", "CPP", "v2.0.0-alpha49504"), "loads");
    assert_eq!(ask("v2.0.0-alpha49504", "CPP", "v2.0.0"), "load-version");
    // Its C API may be that of the release before it or after it.
    assert_eq!(ask("v1.5.6-dev212", "C_STRUCT", "v1.2.0"), "loads");
    assert_eq!(ask("v1.5.6-dev212", "C_STRUCT", "v1.3.0"), "unknown");
    assert_eq!(ask("v1.5.6-dev212", "C_STRUCT", "v1.6.0"), "load-c-api");
    // Of a commit it is not even known which releases it lies between.
    assert_eq!(ask("46f1c14caa", "CPP", "46f1c14caa"), "loads");
    assert_eq!(ask("46f1c14caa", "CPP", "v1.5.6"), "load-version");
    assert_eq!(ask("46f1c14caa", "C_STRUCT", "v1.2.0"), "unknown");
}

#[test]
fn without_a_platform_the_file_is_taken_where_it_was_built_for() {
    let catalog = catalog(&[]);
    let package = catalog.find("duckdb").unwrap();
    let loading = |platform| {
        let file = named(&made("C_STRUCT", "v1.2.0").on(platform), "x.duckdb_extension");
        let hosts = known_hosts(&catalog, package).into_iter();
        let fits = hosts.filter(|host| {
            loads(&catalog, &host.clone().unsigned(true), &file).verdict == Verdict::Compatible
        });
        fits.map(|host| host.label).collect::<Vec<_>>()
    };
    assert_eq!(loading("linux_amd64_gcc4"), ["v1.2.0", "v1.2.1", "v1.2.2"]);
    let everywhere = loading("linux_amd64");
    assert_eq!(everywhere.first().map(String::as_str), Some("v1.2.0"));
    assert_eq!(everywhere.last().map(String::as_str), Some("v2.0.0"));
}

#[test]
fn an_unsigned_file_is_refused_unless_that_is_allowed() {
    let catalog = catalog(&[]);
    let package = catalog.find("duckdb").unwrap();
    let rank = catalog.package(package).find("v1.5.6").unwrap();
    let host = Host::of_release(&catalog, package, rank);
    let mut bytes = made("C_STRUCT", "v1.2.0").bytes();
    let mut ask = |unsigned| {
        let mut reader = ExtensionReader::new(Some("x.duckdb_extension"));
        reader.push(&bytes);
        let loading = loads(&catalog, &host.clone().unsigned(unsigned), &reader.finish());
        *bytes.last_mut().unwrap() = 1;
        loading.findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert_eq!(ask(true), [""; 0]);
    assert_eq!(
        ask(false),
        ["no key that engines carry made the signature, or the file was changed since"]
    );
}
