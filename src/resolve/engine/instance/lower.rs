//! Lowering of one variable: what its releases ask becomes links and groups.

use super::super::bits::{NONE, Var, clear, has, ones, set, small};
use super::masks::InternedMask;
use super::model::{Incoming, LastMet, Link, ValueGroup};
use super::store::Instance;
use crate::catalog::Rank;

/// Marks who asks when it is a family.
const FAMILY: u32 = 1 << 31;

/// Lowers what the releases of a variable ask, once.
pub(in super::super) fn lower(instance: &mut Instance<'_>, var: Var) {
    if std::mem::replace(&mut instance.vars[var].lowered, true) {
        return;
    }
    let first_link = instance.links.len();
    lower_needs(instance, var);
    lower_pins(instance, var);
    settle(instance, first_link);
    instance.vars[var].links = (small(first_link), small(instance.links.len()));
    for link in first_link..instance.links.len() {
        finish(instance, link);
    }
}

fn lower_needs(instance: &mut Instance<'_>, var: Var) {
    let package = instance.vars[var].package;
    let (catalog, releases) = (instance.catalog, instance.vars[var].absent);
    let base = instance.base_of(var).to_vec();
    for rank in ones(&base).take_while(|&rank| rank < releases) {
        for need in catalog.package(package).needs(Rank::new(rank)) {
            if !instance.admits(package, need) {
                continue;
            }
            let target = instance.var(need.target);
            let over = instance.shape(target);
            let mask = instance.masks.of_need(catalog, need.constraint.ix(), need.kind, over);
            Asker { var, by: small(var) + 1 }.ask(instance, rank, target, mask);
        }
    }
}

/// Binds releases to the core that their family gives them.
fn lower_pins(instance: &mut Instance<'_>, var: Var) {
    let package = instance.vars[var].package;
    for pin in instance.catalog.pins_of(package) {
        let rank = pin.release.1.ix();
        if !has(instance.base_of(var), rank) {
            continue;
        }
        if let Some((at, pin)) = instance.pin(pin.release) {
            let target = instance.var(pin.core);
            let over = instance.shape(target);
            let mask = instance.masks.of_pin(at, pin, over);
            Asker { var, by: FAMILY | small(var) }.ask(instance, rank, target, mask);
        }
    }
}

/// A variable that is being lowered.
#[derive(Clone, Copy)]
struct Asker {
    var: Var,
    /// Tells links apart: a variable asks for itself and for its family.
    by: u32,
}

impl Asker {
    /// Records that a release goes only with the values of a mask.
    fn ask(self, instance: &mut Instance<'_>, rank: usize, target: Var, mut mask: u32) {
        if instance.buffers.met.len() <= target {
            instance.buffers.met.resize(instance.vars.len(), LastMet::default());
        }
        let mut met = instance.buffers.met[target];
        if met.by != self.by {
            met =
                LastMet { by: self.by, link: small(instance.links.len()), rank: NONE, group: NONE };
            let link = Link::new(small(self.var), target, self.by & FAMILY != 0);
            instance.links.push(link);
        } else if met.rank == small(rank) {
            // The release asks twice: what it accepts is in both.
            let ValueGroup { values, accepts, .. } = instance.buffers.groups[met.group as usize];
            clear(&mut instance.masks.words[values as usize..], rank);
            let over = instance.shape(target);
            mask = instance.masks.of_both(accepts, mask, over);
        }
        let group = self.group(instance, met.link, mask);
        let values = instance.buffers.groups[group as usize].values as usize;
        set(&mut instance.masks.words[values..], rank);
        instance.buffers.met[target] = LastMet { rank: small(rank), group, ..met };
    }

    /// Returns the group of the values that go only with a mask. A mask ranges over one variable, so
    /// within one lowering it is of one link.
    fn group(self, instance: &mut Instance<'_>, link: u32, mask: u32) -> u32 {
        let InternedMask { at, from, to, is_span, absent, used: (user, group) } =
            instance.masks.interned[mask as usize];
        if user == self.by {
            return group;
        }
        let group = small(instance.buffers.groups.len());
        let values = small(instance.masks.room(instance.vars[self.var].words));
        let made = ValueGroup { link, values, accepts: at, from, to, is_span, absent };
        instance.buffers.groups.push(made);
        instance.links[link as usize].groups.1 += 1;
        instance.masks.interned[mask as usize].used = (self.by, group);
        group
    }
}

/// Puts the groups that were lowered beside each other, link by link.
fn settle(instance: &mut Instance<'_>, first_link: usize) {
    let mut at = small(instance.groups.len());
    let Some(&any) = instance.buffers.groups.first() else {
        return;
    };
    instance.groups.resize(instance.groups.len() + instance.buffers.groups.len(), any);
    for link in &mut instance.links[first_link..] {
        let count = link.groups.1;
        link.groups = (at, at);
        at += count;
    }
    for group in instance.buffers.groups.drain(..) {
        let place = &mut instance.links[group.link as usize].groups.1;
        instance.groups[*place as usize] = group;
        *place += 1;
    }
}

/// Works out which values of a link ask nothing, and tells its target of it.
fn finish(instance: &mut Instance<'_>, link: usize) {
    let Link { from, to, groups: (first, last), .. } = instance.links[link];
    let (at, shape) = (instance.vars[from as usize].at, instance.shape(from as usize));
    let words = &mut instance.masks.words;
    let free = words.len();
    words.extend_from_slice(&instance.base[at..at + shape.words]);
    set(&mut words[free..], shape.absent);
    for group in &instance.groups[first as usize..last as usize] {
        for word in 0..shape.words {
            words[free + word] &= !words[group.values as usize + word];
        }
    }
    let incoming = incoming(instance, link);
    instance.links[link].free = free;
    instance.links[link].incoming = incoming;
    instance.vars[to as usize].incoming.push(incoming);
}

/// Returns which releases of its target go with every value of a link.
fn incoming(instance: &Instance<'_>, link: usize) -> Incoming {
    let (mut from, mut to) = (0, u32::MAX);
    for group in instance.groups_of(&instance.links[link]) {
        (from, to) = (from.max(group.from), to.min(group.to));
        if !group.is_span {
            (from, to) = (1, 0);
            break;
        }
    }
    Incoming { link: small(link), from, to }
}
