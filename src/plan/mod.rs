//! From a running deployment to a target: ordered steps, every state between them valid.
//!
//! **What a plan is made of.** *Hops* are the releases that nodes change to. Each hop gives a node its
//! package set: the hop's release and, of its plugins, the installed release where that fits and else
//! the newest that does, so that a plugin moves only when it must; a runtime such as Java moves to the
//! next line that fits. A hop is *rolling* or *stop-all*, as the matrix says; work on data that is done
//! while nothing runs makes it stop-all. Hops with work on data and those that end at a required stop
//! are taken by all nodes before anything goes on.
//!
//! **Rolling.** As long as nothing has to be done once around a hop (work on data, a required stop),
//! nodes change one after the other over whatever releases lie between, each at its own pace: a worker
//! may wait while its controller takes three hops. The best order is searched for (`rolling`): first the
//! fewest hops of any node, then the latest point of no return (the fewest restarts and switches from it
//! on), the fewest switches, the fewest restarts; the steps are then packed into waves. Roles change in
//! the order that the matrix lists: a node does not move to a release while one of an earlier role has
//! still to reach it, in its group if the two roles exchange places in a switch, and else anywhere. A
//! role that is handed over in a switch is never restarted; it goes to a node that is ahead on the way.
//!
//! **Order in a stop-all hop.** Every node of the product is stopped, also those that are at the target
//! already, in the order of roles; they start in the opposite order, and what is asked after an
//! upgrade is asked when the last one runs.
//!
//! **What makes a state valid.** After every step, each continuous relation between nodes that run is
//! judged with the same rules as a running deployment, for the releases and roles they have then, and
//! each changed node's requirements must hold. A changed node must be able to start on what it has,
//! or be filled again by a node that it follows. A state may not break anything that the starting
//! state does not break already. What is known to hold is recorded on the step as `allowed_by`, so
//! that the judge can check it again.
//!
//! **The way back.** A step can be undone while the state before it is valid and the node can read
//! what it wrote with the new release, or can be filled again from a node that it can follow. Where a
//! matrix says that there is no way back over a hop, it ends with the first switch over it, because
//! until then the holder of the role has the old data; in a product without switches with the first
//! node, and in a stop-all with the first start. The first step that cannot be undone is the plan's
//! point of no return.

mod alternatives;
mod attempt;
mod conclusion;
mod cut_off;
mod exposure;
mod failover;
mod fleet;
mod gates;
mod goal;
mod hops;
mod inventory;
mod joint;
mod judgements;
mod planning;
mod products;
mod progress;
mod refusal;
mod remarks;
mod roles;
mod rolling;
mod route;
mod sample;
mod segment;
mod service;
mod set_conflict;
mod sets;
mod state;
mod steps;
mod stop_all;
mod supported;
mod targets;
mod way_back;
mod work;

pub use goal::Goal;
pub use planning::plan;
pub use supported::{supported_plan, unsupported};
