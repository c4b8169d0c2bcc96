//! One answer for each release of the core.

use skew::answer::selection::SetOutcome;

use crate::Options;
use crate::adapters::{Batsat, Pubgrub, Verdict};
use crate::cases::{Case, Family};
use crate::clock::{Series, deadline, rounds};
use crate::ours;
use crate::probe::{self, End};

#[derive(Default)]
struct Row {
    ours: Series,
    pubgrub: Series,
    batsat: Series,
    cores: usize,
    solvable: usize,
    odd: usize,
    /// How many cores pubgrub got through before it was stopped.
    through: Option<usize>,
}

/// Prints the table. Of batsat only existence is asked.
pub(crate) fn table(families: &[Family], options: &Options) {
    println!("\n## Every core\n");
    println!(
        "| instances | cores | with a set | skew | pubgrub, core by core | batsat, existence | \
         pubgrub / skew | batsat / skew | agree |"
    );
    println!("|{}", "---|".repeat(9));
    for family in families.iter().filter(|family| family.every_core) {
        let mut row = Row::default();
        for case in family.cases(options.seeds) {
            measure(&mut row, &case, options);
        }
        let through = row.through.map_or_else(String::new, |through| format!(", {through} cores"));
        println!(
            "| {} | {} | {} | {} | {}{through} | {} | {} | {} | {} |",
            family.name,
            row.cores,
            row.solvable,
            row.ours.shown(),
            row.pubgrub.shown(),
            row.batsat.shown(),
            row.pubgrub.ratio(&row.ours),
            row.batsat.ratio(&row.ours),
            if row.odd == 0 { "yes".to_owned() } else { format!("no: {} cores", row.odd) },
        );
    }
}

fn measure(row: &mut Row, case: &Case, options: &Options) {
    if !row.ours.is_stopped() && matches!(probe::ask("cores", case, options.cap), End::Stopped) {
        row.ours.stop(options.cap);
    }
    let pubgrub = Pubgrub::new(&case.instance);
    let batsat = Batsat::new(&case.instance);
    let (mut ours, mut theirs, mut exist) = (None, Vec::new(), Vec::new());
    rounds(options.time, || {
        if !row.ours.is_stopped() {
            row.ours.run_to_its_end(|| {
                let answers = ours::every_core(case);
                let done = answers.iter().all(|answer| answer.outcome != SetOutcome::Unknown);
                ours = Some(answers);
                done
            });
        }
        let stop = deadline(options.cap);
        if !row.pubgrub.is_stopped() {
            row.pubgrub.run(|| {
                theirs = pubgrub.every_core(&stop);
                !theirs.contains(&Verdict::Stopped)
            });
        }
        let stop = deadline(options.cap);
        if !row.batsat.is_stopped() {
            row.batsat.run(|| {
                exist = batsat.every_core(&stop);
                !exist.contains(&None)
            });
        }
    });
    row.cores += case.instance.packages[0].releases.len();
    row.solvable += exist.iter().filter(|exists| **exists == Some(true)).count();
    if row.pubgrub.is_stopped() {
        let done = theirs.iter().filter(|answer| **answer != Verdict::Stopped).count();
        row.through = Some(row.through.unwrap_or_default().max(done));
    }
    let known = |answer: &Verdict| *answer != Verdict::Stopped;
    let ours = ours::by_core(case, &ours.unwrap_or_default());
    let differs =
        |(ours, theirs): &(&Verdict, &Verdict)| known(ours) && known(theirs) && ours != theirs;
    row.odd += ours.iter().zip(&theirs).filter(differs).count();
    let exists = |answer: &Verdict| matches!(answer, Verdict::Found(_));
    let differs = |(theirs, exist): &(&Verdict, &Option<bool>)| {
        known(theirs) && exist.is_some_and(|exist| exist != exists(theirs))
    };
    row.odd += theirs.iter().zip(&exist).filter(differs).count();
}
