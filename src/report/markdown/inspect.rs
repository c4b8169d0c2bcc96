//! Plugin binaries as a table: one row per file and engine.

use super::escape;
use crate::answer::inspect::{Inspected, word};
use crate::finding::Verdict;

/// Prints the engines that were asked about; of all known ones only those that load the file.
pub(super) fn files(files: &[Inspected], out: &mut String) {
    out.push_str("| file | engine | outcome | checks |\n|---|---|---|---|\n");
    for file in files {
        let loads = file.known.iter().filter(|engine| engine.verdict == Verdict::Compatible);
        for engine in file.asked.iter().chain(loads.filter(|_| file.asked.is_empty())) {
            let codes: Vec<_> =
                engine.findings.iter().map(|finding| finding.code.as_str()).collect();
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                escape(&file.path),
                escape(&engine.engine),
                word(engine.verdict),
                codes.join(", ")
            ));
        }
    }
    out.push('\n');
}
