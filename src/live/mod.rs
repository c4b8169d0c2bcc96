//! Running systems, asked over the network. The only rooms that open a connection.
//!
//! Owns reaching Valkey and Redis nodes: addresses, TLS, logging in, time limits, and asking many at once.
//! Nothing here knows what an answer means: texts go to the same readers as saved ones. Only commands that
//! change nothing are sent, whatever a matrix or a plan says: see [`is_read_only`].

mod access;
mod address;
mod gates;
mod observe;
mod pool;
mod reason;
mod tls;
mod wire;

pub use access::{Access, RIGHTS, is_read_only};
pub use address::{Address, AddressError};
pub use gates::answers;
pub use observe::{NothingAnswered, Observed, advice, observe};
pub use tls::{Tls, TlsError};
