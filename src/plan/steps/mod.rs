//! Single steps: what is done to a node, what was checked, what to ask and how to go back.

mod change;
mod install;
mod migrate;
mod stopped;
mod switch;
mod upgrade;

pub(super) use change::change;
pub(super) use install::install;
pub(super) use migrate::migrate;
pub(super) use stopped::{back_from_start, upgrade_stopped, with_plain_check};
pub(super) use switch::{Handover, exchange, hand_over};
pub(super) use upgrade::upgrade;
