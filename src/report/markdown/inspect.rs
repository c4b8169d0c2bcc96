//! Inspected files as a table: one row per file and release.

use super::escape::escape;
use crate::answer::inspect::Inspected;
use crate::finding::Verdict;
use crate::report::artifact;

/// Prints the releases that were asked about; of all known ones only those that take the file.
pub(super) fn files(files: &[Inspected], out: &mut String) {
    out.push_str("| file | engine | outcome | checks |\n|---|---|---|---|\n");
    for file in files {
        let words = artifact::words(file);
        let loads = file.known.iter().filter(|engine| engine.verdict == Verdict::Compatible);
        for engine in file.asked.iter().chain(loads.filter(|_| file.asked.is_empty())) {
            let codes: Vec<_> =
                engine.findings.iter().map(|finding| finding.code.as_str()).collect();
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                escape(&file.path),
                escape(&engine.engine),
                words.outcome(engine.verdict),
                codes.join(", ")
            ));
        }
    }
    out.push('\n');
}
