//! `resolve`: which set should I run, and why?

mod explain;
mod judge;
mod lock;
mod running;
mod sets;
mod setting;

use crate::answer::selection::{Resolution, Resolved};
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::knowledge::KnowledgeBase;
use crate::query::ResolveQuery;
use setting::Setting;

pub use lock::record as lock_record;
pub(super) use sets::answer as sets;

pub(super) fn answer(base: &KnowledgeBase, query: &ResolveQuery) -> Result<Answer, Failure> {
    let setting = Setting::of_resolve(base, query)?;
    let (request, mut resolution) = judge::answer(&setting);
    let (verdict, findings) = judge::judge(&setting, &request, &resolution);
    let (mut whys, mut lock) = (Vec::new(), None);
    match &mut resolution {
        Resolution::Found(selection) => {
            whys = explain::explained(&setting, &request, selection, &query.why)?;
            let matrices = base.records(&setting.catalog);
            let record =
                lock::record(&setting.catalog, &selection.picks, setting.record(), matrices);
            lock = Some(record);
        }
        Resolution::Impossible(conflict) => judge::add_ended(&setting, conflict),
        Resolution::Undecided(_) | Resolution::Unknown { .. } => {}
    }
    let moves = match &resolution {
        Resolution::Found(selection) => setting.moves(&selection.picks),
        Resolution::Undecided(_) | Resolution::Impossible(_) | Resolution::Unknown { .. } => {
            Vec::new()
        }
    };
    let body = Body::Resolution(Resolved { as_of: setting.day, resolution, whys, moves, lock });
    Ok(Answer::new(setting.catalog, "resolve", Some(verdict), findings, body))
}
