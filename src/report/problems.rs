//! Problems of files for people, with the line, a caret and a hint.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::finding::Severity;
use crate::problem::{Problem, Problems};

/// The longest line that is shown whole, in bytes.
const WIDE: usize = 200;

/// The most problems that are printed; the rest is counted.
const MANY: usize = 100;

/// Prints all problems for people. `styled` asks for colour.
pub fn text(problems: &Problems, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for problem in problems.list.iter().take(MANY) {
        out.push_str(&one(problems, problem, &renderer, styled));
        out.push('\n');
    }
    if problems.list.len() > MANY {
        out.push_str(&format!("... and {} more problems\n", problems.list.len() - MANY));
    }
    out
}

fn one(problems: &Problems, problem: &Problem, renderer: &Renderer, styled: bool) -> String {
    let (name, source) = &problems.files[problem.file];
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let place = problem.position(source);
    let window = problem.span.as_ref().map(|span| Excerpt::around(source, span));
    let name = super::text::clean(name);
    let message = super::text::clean(&problem.message);
    let title = match (&window, place) {
        (Some(window), Some((line, column))) if window.cut => {
            format!("{name}:{line}:{column}: {message}")
        }
        (None, _) => format!("{name}: {message}"),
        _ => message.into_owned(),
    };
    let mut group = Group::with_title(level.primary_title(title).id(problem.code.name()));
    if let (Some(window), Some((line, _))) = (&window, place) {
        let mut snippet = Snippet::source(window.text.as_str()).line_start(line).fold(false);
        if !window.cut {
            snippet = snippet.path(name.as_ref());
        }
        group =
            group.element(snippet.annotation(AnnotationKind::Primary.span(window.span.clone())));
    }
    if let Some(hint) = &problem.hint {
        group = group.element(Level::HELP.message(super::text::clean(hint).into_owned()));
    }
    let mut rendered = renderer.render(&[group]);
    if !styled {
        rendered = rendered.trim_end().to_owned();
    }
    rendered.push('\n');
    rendered
}

/// The part of a file's line that is shown, with control characters replaced.
struct Excerpt {
    text: String,
    span: std::ops::Range<usize>,
    /// True if it is not the whole line.
    cut: bool,
}

impl Excerpt {
    fn around(source: &str, span: &std::ops::Range<usize>) -> Self {
        let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = source[span.start..].find('\n').map_or(source.len(), |at| span.start + at);
        let cut = end - start > WIDE;
        let boundary =
            |at: usize| (0..=at).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
        let first =
            if cut { boundary(span.start.saturating_sub(WIDE / 3)).max(start) } else { start };
        let last = if cut { boundary((span.start + WIDE / 2).min(end)) } else { end };
        let stop = span.end.min(last).max(span.start);
        // Pieces are cleaned one by one so that the marked part stays marked.
        let before = super::text::clean(&source[first..span.start]).into_owned();
        let marked = super::text::clean(&source[span.start..stop]).into_owned();
        let after = super::text::clean(&source[stop..last]).into_owned();
        let span = before.len()..before.len() + marked.len();
        Self { text: before + &marked + &after, span, cut }
    }
}
