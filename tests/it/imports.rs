//! `import`: readers of saved inventories, the command, and what it makes of versions that nobody can tell.

mod command;
mod doubtful;
mod errors;
mod fuzz;
mod hostile;
mod untold;
