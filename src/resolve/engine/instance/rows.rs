//! Rows: for each single value of a variable, the values of others that go with it.

use super::super::bits::{Var, ones};
use super::model::{Link, ValueGroup};
use super::store::Instance;

/// Works out, for each link to a variable, which values go with each single value of it. It pays where
/// the variable is decided again and again.
pub(in super::super) fn make_rows(instance: &mut Instance<'_>, var: Var) {
    for at in 0..instance.vars[var].incoming.len() {
        let link = instance.vars[var].incoming[at].link as usize;
        if instance.links[link].rows.is_none() {
            instance.links[link].rows = Some(rows(instance, link));
        }
    }
}

fn rows(instance: &mut Instance<'_>, link: usize) -> usize {
    let Link { from, to, free, groups: (first, last), .. } = instance.links[link];
    let (words, target) = (instance.vars[from as usize].words, instance.shape(to as usize));
    let values = target.absent + 1;
    let rows = instance.masks.room(values * words);
    let masks = &mut instance.masks;
    for value in 0..values {
        masks.words.copy_within(free..free + words, rows + value * words);
    }
    for group in &instance.groups[first as usize..last as usize] {
        let ValueGroup { values, accepts, .. } = *group;
        let accepted: Vec<usize> = ones(masks.get(accepts, target.words)).collect();
        for row in accepted.into_iter().map(|bit| rows + bit * words) {
            for at in 0..words {
                masks.words[row + at] |= masks.words[values as usize + at];
            }
        }
    }
    rows
}
