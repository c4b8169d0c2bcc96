//! Files about Python packages: metadata of packages, lists of what is installed, locks.
//!
//! Names are compared as package indexes do: in lower case, with one hyphen for each run of `-`, `_` and `.`.
//! A version is what a text states as the one that is or will be installed; ranges, branches and folders
//! are none, and nothing is guessed from them.

mod environment;
mod installed;
mod list;
mod lock;
mod metadata;
mod names;
mod requirement;
mod wheel;

pub(super) use installed::{installed, looks_like_installed, takes_installed};
pub(super) use list::{lists, looks_like_list};
pub(super) use lock::{looks_like_pylock, looks_like_uv, pylocks, uv_locks};
pub(super) use wheel::{is_metadata, looks_like_wheel, takes_wheels, wheel, wheels};
