//! Times: when to stop a solver, medians and ranges, and how they are printed.

use std::time::{Duration, Instant};

/// The times of one solver over the runs of a family.
#[derive(Default)]
pub(crate) struct Series {
    times: Vec<Duration>,
    /// Set when a run was stopped or gave up: the solver is not asked again.
    stopped: Option<Duration>,
    /// Whether it gave up by itself, having used up its budget of steps.
    gave_up: bool,
}

impl Series {
    /// Times a piece of work, which says whether it came to its end.
    pub(crate) fn run(&mut self, work: impl FnOnce() -> bool) {
        let waited = waited();
        let start = Instant::now();
        let done = work();
        let time = start.elapsed();
        let time = time.saturating_sub(self::waited().saturating_sub(waited));
        if done { self.times.push(time) } else { self.stop(time) }
    }

    /// Times a piece of work that ends by itself, with or without an answer.
    pub(crate) fn run_to_its_end(&mut self, work: impl FnOnce() -> bool) {
        self.run(work);
        self.gave_up = self.is_stopped();
    }

    /// Notes that the solver was stopped.
    pub(crate) fn stop(&mut self, after: Duration) {
        self.stopped = Some(after);
    }

    /// Whether the solver was stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// Returns the median, or after how long the solver was stopped.
    pub(crate) fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        self.stopped.unwrap_or_else(|| times.get(times.len() / 2).copied().unwrap_or_default())
    }

    /// Prints median and range.
    pub(crate) fn shown(&self) -> String {
        let least = self.times.iter().min();
        let range = least.zip(self.times.iter().max());
        match (self.stopped, range) {
            (Some(after), _) if self.gave_up => format!("no answer, {}", time(after)),
            (Some(after), None) => format!("> {}", time(after)),
            // Some instances were solved: the fastest of them is all that can be said.
            (Some(after), Some((least, _))) => format!("> {} ({} -)", time(after), time(*least)),
            (None, None) => "-".to_owned(),
            (None, Some((least, most))) => {
                format!("{} ({} - {})", time(self.median()), time(*least), time(*most))
            }
        }
    }

    /// Prints how many times as long this took as the other.
    pub(crate) fn ratio(&self, ours: &Self) -> String {
        if self.times.is_empty() && !self.is_stopped() {
            return "-".to_owned();
        }
        let ratio = self.median().as_secs_f64() / ours.median().as_secs_f64().max(1e-9);
        let digits = usize::from(ratio < 10.0);
        match (self.is_stopped(), ours.is_stopped()) {
            (true, true) => "?".to_owned(),
            (true, false) => format!("> {ratio:.digits$}"),
            (false, true) => format!("< {ratio:.*}", if ratio < 0.1 { 4 } else { digits }),
            (false, false) => format!("{ratio:.*}", if ratio < 0.1 { 4 } else { digits }),
        }
    }
}

/// Returns how long this thread has waited for a processor so far, where the system tells: on a machine
/// that has other work, that is no time of the solver's.
fn waited() -> Duration {
    let stated = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let waited = stated.split_whitespace().nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(waited.unwrap_or_default())
}

/// Prints a time with three digits or so.
pub(crate) fn time(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        _ if micros < 1000.0 => format!("{micros:.0} us"),
        _ if micros < 10_000.0 => format!("{:.2} ms", micros / 1e3),
        _ if micros < 100_000.0 => format!("{:.1} ms", micros / 1e3),
        _ if micros < 1e6 => format!("{:.0} ms", micros / 1e3),
        _ => format!("{:.1} s", micros / 1e6),
    }
}

/// Returns a question that is answered with yes from the end of a time on.
pub(crate) fn deadline(cap: Duration) -> impl Fn() -> bool {
    let end = Instant::now() + cap;
    move || Instant::now() >= end
}

/// Asks all in turn, again and again, until the time is over: at most 51 times, and at least three
/// times unless one round alone takes longer.
pub(crate) fn rounds(time: Duration, mut round: impl FnMut()) {
    let start = Instant::now();
    for run in 1..=51 {
        round();
        let spent = start.elapsed();
        if spent >= time && (run >= 3 || spent > time * 3) {
            break;
        }
    }
}
