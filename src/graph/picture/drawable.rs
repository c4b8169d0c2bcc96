//! Something that may become a node.

use super::fold::ReleaseGroup;
use crate::answer::graph::{Node, NodeKind};
use crate::catalog::{Catalog, InterfaceIx};

/// Something that may become a node.
pub(super) enum Drawable {
    ReleaseGroup(ReleaseGroup),
    Interface(InterfaceIx),
}

impl Drawable {
    /// Returns the node.
    pub(super) fn node(&self, catalog: &Catalog) -> Node {
        match self {
            Self::ReleaseGroup(group) => group.node(catalog),
            Self::Interface(ix) => {
                let interface = catalog.interface(*ix);
                Node {
                    id: format!("interface:{}", interface.name),
                    label: format!("{}\n{}", interface.name, interface.stability.name()),
                    kind: NodeKind::Interface(interface.stability),
                }
            }
        }
    }
}
