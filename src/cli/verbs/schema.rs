//! `schema` and `completions`: texts for other programs.

use clap::CommandFactory;

use super::super::args::{Arguments, SchemaName};
use super::super::output::Answer;

pub(super) fn schema(name: SchemaName) -> Answer {
    let text = match name {
        SchemaName::Matrix => include_str!("../../../schemas/matrix.json"),
        SchemaName::Deployment => include_str!("../../../schemas/deployment.json"),
        SchemaName::Plan => include_str!("../../../schemas/plan.json"),
        SchemaName::Lock => include_str!("../../../schemas/lock.json"),
    };
    Answer::plain(text.to_owned())
}

pub(super) fn completions(shell: clap_complete::Shell) -> Answer {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "skew", &mut bytes);
    Answer::plain(String::from_utf8_lossy(&bytes).into_owned())
}
