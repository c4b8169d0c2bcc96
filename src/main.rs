//! The `skew` command. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    skew::cli::run()
}
