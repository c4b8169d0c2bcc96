//! The order in which the roles of a product change, and how a role is handed over.

use crate::catalog::{RoleIx, Switch, Upgrades};

/// The order of roles in an upgrade policy.
#[derive(Clone, Copy)]
pub(super) struct RoleOrder<'c> {
    policy: Option<&'c Upgrades>,
}

impl<'c> RoleOrder<'c> {
    pub(super) fn new(policy: Option<&'c Upgrades>) -> Self {
        Self { policy }
    }

    pub(super) fn switch(self) -> Option<&'c Switch> {
        self.policy.and_then(|policy| policy.switch.as_ref())
    }

    /// Returns the place of a role in the matrix's order, first to change first.
    pub(super) fn place(self, role: Option<RoleIx>) -> usize {
        let listed = |roles: &Vec<RoleIx>| role.is_some_and(|role| roles.contains(&role));
        let place = self.policy.and_then(|policy| policy.order.iter().position(listed));
        place.unwrap_or(usize::MAX)
    }

    /// Returns the roles that nodes in a role may get on their way, their own first.
    pub(super) fn ahead(self, role: Option<RoleIx>) -> Vec<Option<RoleIx>> {
        let mut roles = vec![role];
        if self.switches(role) {
            roles.extend(self.switch().into_iter().flat_map(|it| [Some(it.from), Some(it.to)]));
        }
        roles
    }

    /// Returns whether nodes in a role must not be restarted in it.
    pub(super) fn leads(self, role: Option<RoleIx>) -> bool {
        self.switch().is_some_and(|switch| role == Some(switch.from))
    }

    /// Returns whether nodes in a role take part in switches.
    pub(super) fn switches(self, role: Option<RoleIx>) -> bool {
        self.switch().is_some_and(|switch| role == Some(switch.from) || role == Some(switch.to))
    }

    /// Returns whether the order of two roles counts within a group only: they exchange places in
    /// switches, or stand beside roles that do.
    pub(super) fn within_group(self, a: Option<RoleIx>, b: Option<RoleIx>) -> bool {
        let switched = |role: Option<RoleIx>| {
            self.policy.is_some_and(|policy| {
                let listed = |roles: &&Vec<RoleIx>| role.is_some_and(|role| roles.contains(&role));
                let mut own = policy.order.iter().filter(listed).flatten();
                self.switches(role) || own.any(|&beside| self.switches(Some(beside)))
            })
        };
        switched(a) && switched(b)
    }
}
