//! Lazy search: looking at nothing but what is chosen.
//!
//! Most releases of a registry are never in question. So a package need not be lowered: when its turn
//! comes, its releases are tried in the order of preference, and the first one is chosen that may be
//! chosen at all and whose needs leave something of every package that they speak of. Only what that
//! one asks is then taken away. If no release is left, what the releases ask is the reason, and it is
//! looked up when the contradiction is analyzed: for as many releases as it holds of, so that a nogood
//! says more than what was tried.
//!
//! What follows is never more than what is stated, so the first answer is the best one here too; only
//! contradictions are found later than with everything lowered.
//!
//! **Which contradictions are looked for.** At first only those of what is chosen. Once the first decision
//! is made, which is the core, each requirement is looked at: most releases of a core that have no set are seen
//! through by that ([`fit`]). After the first contradiction of any other kind, everything that must be
//! there keeps a support, a release that still fits, and it is a contradiction when there is none
//! ([`support`]). What contradictions come back to is lowered after all ([`search`]): packages that need each
//! other in a circle, or that are torn between two others, are otherwise gone through release by release.

mod fit;
mod needed;
mod search;
mod support;

pub(in super::super) use search::LazySolver;
