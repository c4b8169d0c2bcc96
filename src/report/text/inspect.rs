//! Plugin binaries: what each is, and which engines load it.

use super::table::Table;
use super::{Style, bad, doubtful, good, strong, wrap};
use crate::answer::inspect::{Inspected, Loading, word};
use crate::binary::{C_STRUCT, C_STRUCT_UNSTABLE, CPP, ExtensionFile, FileKind, Footer, Signature};
use crate::finding::Verdict;

pub(super) fn text(files: &[Inspected], style: Style) -> String {
    let blocks: Vec<_> = files.iter().map(|file| block(file, style)).collect();
    blocks.join("\n")
}

fn block(inspected: &Inspected, style: Style) -> String {
    let mut out = format!("{}\n", strong(&inspected.path.replace('\n', "<U+000A>")));
    out.push_str(&format!("  {}\n", wrap(&facts(&inspected.file), style.width, 2)));
    let mut table = Table::new(&["outcome", "duckdb", "check"]);
    let own = !inspected.known.is_empty();
    let name = |engine: &Loading| {
        let place = if own { " (its folder)" } else { "" };
        format!("{}{place}", engine.engine)
    };
    for engine in &inspected.asked {
        table.row(vec![outcome(engine.verdict), name(engine), checks(engine)]);
    }
    for run in runs(&inspected.known) {
        table.row(row(run));
    }
    out.push_str(&table.print(2, style.width));
    out
}

/// Says what a file is.
fn facts(file: &ExtensionFile) -> String {
    let kind = match file.kind {
        FileKind::Wasm => "WebAssembly extension",
        FileKind::Library | FileKind::Other => "extension",
    };
    match &file.footer {
        Ok(footer) => format!("{kind} on {}", described(footer)),
        Err(_) => format!("no extension that an engine would know, {} bytes", file.size),
    }
}

fn described(footer: &Footer) -> String {
    let clear = |text: &str| text.escape_debug().to_string();
    let built_for = clear(&footer.built_for);
    let abi = match footer.abi.as_str() {
        CPP => format!("the C++ ABI of {built_for}"),
        "" => format!("the C++ ABI of {built_for} (the ABI field is empty)"),
        C_STRUCT => format!("the stable C API {built_for}"),
        C_STRUCT_UNSTABLE => format!("the unstable C API of {built_for}"),
        other => format!("an unknown ABI `{}` of {built_for}", clear(other)),
    };
    let version = match footer.extension_version.as_str() {
        "" => "version not stated".to_owned(),
        text => format!("version {}", clear(text)),
    };
    let signed = match footer.signature {
        Signature::Missing => "not signed",
        Signature::Trusted => "signed",
        Signature::Untrusted => "with a signature by no known key",
    };
    format!("{abi}, for {}, {version}, {signed}", clear(&footer.platform))
}

fn outcome(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compatible => good(word(verdict)),
        Verdict::Unknown => doubtful(word(verdict)),
        Verdict::Incompatible => bad(word(verdict)),
    }
}

/// Names the checks that fired.
fn checks(loading: &Loading) -> String {
    let codes: Vec<_> = loading.findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.join(", ")
}

/// Names the check that an engine reports.
fn first_check(loading: &Loading) -> &str {
    loading.findings.first().map_or("", |finding| finding.code.as_str())
}

/// Cuts the known engines into runs of which the same is to be said.
fn runs(known: &[Loading]) -> impl Iterator<Item = &[Loading]> {
    let same = |one: &Loading, next: &Loading| {
        one.verdict == next.verdict && first_check(one) == first_check(next)
    };
    known.chunk_by(same)
}

fn row(run: &[Loading]) -> Vec<String> {
    let [first, .., last] = run else {
        let cells =
            |one: &Loading| [outcome(one.verdict), one.engine.clone(), first_check(one).to_owned()];
        return run.iter().flat_map(cells).collect();
    };
    let span = format!("{} to {}", first.engine, last.engine);
    vec![outcome(first.verdict), span, first_check(first).to_owned()]
}
