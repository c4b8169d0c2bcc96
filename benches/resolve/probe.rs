//! One question in a process of its own: to stop what cannot be stopped from inside, and to see the
//! peak of its memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cases::{self, Case};
use crate::ours;
use skew::answer::selection::SetOutcome;

/// The argument that makes this program answer one question.
pub(crate) const FLAG: &str = "--probe";

/// How such a process ended.
pub(crate) enum End {
    /// It had to be stopped.
    Stopped,
    /// It ran out of its budget of steps.
    Unknown,
    /// It answered.
    Done {
        /// How much more memory than at its beginning it had at the most, in bytes, where known.
        peak: Option<u64>,
    },
}

/// Answers the question in the arguments: a way to ask, a file, what is required.
pub(crate) fn answer(mut arguments: impl Iterator<Item = String>) {
    let mut next = || arguments.next().expect("the probe has its arguments");
    let (kind, path) = (next(), next());
    let want: Vec<_> = arguments.collect();
    let before = peak();
    let text = std::fs::read_to_string(path).expect("the file is there");
    let done = if kind == "cores" {
        let answers = ours::every_core(&cases::asked(text, want));
        answers.iter().all(|answer| answer.outcome != SetOutcome::Unknown)
    } else {
        ours::from_text(&text, &want)
    };
    let used = peak().zip(before).map(|(after, before)| after - before);
    println!("{} {}", u8::from(done), used.unwrap_or_default());
}

/// Asks a case in a process of its own.
pub(crate) fn ask(kind: &str, case: &Case, cap: Duration) -> End {
    let path = format!("{}/resolve-bench.json", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, &case.text).expect("the file can be written");
    let program = std::env::current_exe().expect("the program knows itself");
    let mut child = Command::new(program)
        .args([FLAG, kind, &path])
        .args(&case.want)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let end = Instant::now() + cap;
    while child.try_wait().expect("the process can be asked").is_none() {
        if Instant::now() >= end {
            // It may have ended by itself just now.
            drop(child.kill());
            child.wait().expect("the process ends");
            return End::Stopped;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().expect("its output can be read");
    let line = String::from_utf8(output.stdout).expect("it prints text");
    let (done, bytes) = line.trim().split_once(' ').expect("it prints two numbers");
    let peak = bytes.parse().ok().filter(|&bytes| bytes > 0);
    if done == "1" { End::Done { peak } } else { End::Unknown }
}

/// Returns the peak memory of this process in bytes, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}
