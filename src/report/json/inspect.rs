//! Views of inspected files.

use serde::Serialize;

use super::shared::{FindingView, VerdictWord, findings};
use super::view::view;
use crate::answer::inspect::{Inspected, Loading};
use crate::binary::{Artifact, Dependency, ExtensionFile, Footer, NoFooter, PluginJar, Wheel};
use crate::report::artifact::{self, Words};

view! {
    /// The end of an extension's file.
    FooterView<'a>(footer: &'a Footer) {
        abi: &'a str = &footer.abi,
        built_for: &'a str = &footer.built_for,
        platform: &'a str = &footer.platform,
        extension_version: &'a str = &footer.extension_version,
        signature: &'static str = footer.signature.name(),
        framed: bool = footer.framed,
    }
}

view! {
    /// Why a file has no footer.
    NoFooterView<'a>(reason: &'a NoFooter) {
        no_footer: &'static str = match reason {
            NoFooter::Short => "short",
            NoFooter::Magic(_) => "magic",
        },
        /// What stands where the magic should.
        #[serde(skip_serializing_if = "Option::is_none")]
        magic: Option<&'a str> = match reason {
            NoFooter::Short => None,
            NoFooter::Magic(magic) => Some(magic),
        },
    }
}

view! {
    /// A DuckDB extension, or what claims to be one.
    ExtensionView<'a>(file: &'a ExtensionFile) {
        size: u64 = file.size,
        file: &'static str = file.kind.name(),
        /// Entry points.
        entries: &'a [String] = &file.entries,
        #[serde(flatten)]
        footer: Option<FooterView<'a>> = file.footer.as_ref().ok().map(FooterView::new),
        #[serde(flatten)]
        none: Option<NoFooterView<'a>> = file.footer.as_ref().err().map(NoFooterView::new),
    }
}

view! {
    /// The class files of a jar.
    ClassesView<'a>(major: u16, java: u16, class: &'a str) {
        class_file: u16 = major,
        /// The oldest Java that reads them.
        java: u16 = java,
        newest_class: &'a str = class,
    }
}

view! {
    /// A Kestra plugin.
    PluginJarView<'a>(jar: &'a PluginJar) {
        name: &'a str = &jar.package.name,
        version: &'a str = &jar.package.version,
        group: Option<&'a str> = jar.group.as_deref(),
        title: Option<&'a str> = jar.title.as_deref(),
        /// How many classes it holds.
        classes: usize = jar.class_count,
        #[serde(flatten)]
        level: Option<ClassesView<'a>> =
            jar.classes.as_ref().map(|it| ClassesView::new(it.major, it.java(), &it.class)),
    }
}

view! {
    /// What a package asks of another.
    DependencyView<'a>(dependency: &'a Dependency) {
        package: &'a str = &dependency.target,
        range: &'a str = &dependency.range,
        marker: Option<&'a str> = dependency.marker.as_deref(),
    }
}

view! {
    /// A Python package.
    WheelView<'a>(wheel: &'a Wheel) {
        name: &'a str = &wheel.package.name,
        version: &'a str = &wheel.package.version,
        requires_python: Option<&'a str> = wheel.requires_python.as_deref(),
        requires: Vec<DependencyView<'a>> = wheel.package.dependencies.iter()
            .filter(|it| it.target != "python").map(DependencyView::new).collect(),
    }
}

/// What a file says of itself.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
enum FactsView<'a> {
    /// A DuckDB extension.
    Extension(ExtensionView<'a>),
    /// A Kestra plugin.
    PluginJar(PluginJarView<'a>),
    /// A Python package.
    Wheel(WheelView<'a>),
}

view! {
    /// Whether one release takes one file.
    LoadingView<'a>(words: &Words, loading: &'a Loading) {
        /// The release.
        engine: &'a str = &loading.engine,
        platform: Option<&'a str> = loading.platform.as_deref(),
        verdict: VerdictWord = VerdictWord(loading.verdict.name()),
        outcome: &'static str = words.outcome(loading.verdict),
        /// The codes of what speaks against it.
        checks: Vec<&'a str> = loading.findings.iter().map(|it| it.code.as_str()).collect(),
    }
}

view! {
    /// One file with what engines make of it.
    InspectedView<'a>(inspected: &'a Inspected) with {
        let words = artifact::words(inspected);
        let rows = |rows: &'a [Loading]| rows.iter().map(|row| LoadingView::new(&words, row)).collect();
    } {
        path: &'a str = &inspected.path,
        kind: &'static str = words.kind,
        facts: FactsView<'a> = facts(&inspected.file),
        verdict: VerdictWord = VerdictWord(inspected.verdict.name()),
        /// The releases that were asked about.
        engines: Vec<LoadingView<'a>> = rows(&inspected.asked),
        /// Every known release that could take it, if none was asked about.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        known: Vec<LoadingView<'a>> = rows(&inspected.known),
        findings: Vec<FindingView<'a>> = findings(inspected.findings()),
    }
}

view! {
    /// Plugin binaries and packages, and the releases that take them.
    InspectView<'a>(inspected: &'a [Inspected]) {
        files: Vec<InspectedView<'a>> = inspected.iter().map(InspectedView::new).collect(),
    }
}

fn facts(file: &Artifact) -> FactsView<'_> {
    match file {
        Artifact::Extension(file) => FactsView::Extension(ExtensionView::new(file)),
        Artifact::PluginJar(jar) => FactsView::PluginJar(PluginJarView::new(jar)),
        Artifact::Wheel(wheel) => FactsView::Wheel(WheelView::new(wheel)),
    }
}
