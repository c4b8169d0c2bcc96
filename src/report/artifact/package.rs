//! Packages: Kestra plugins and wheels.

use super::words::Words;
use crate::binary::{PluginJar, Wheel};

/// The most requirements that a sentence names; the rest is counted.
const NAMED: usize = 6;

pub(super) fn jar(jar: &PluginJar) -> Words {
    let mut sentence = format!("Kestra plugin {}", jar.package.label());
    match &jar.classes {
        Some(level) => {
            let (java, major) = (level.java(), level.major);
            sentence.push_str(&format!(", for Java {java} or newer (class file {major})"));
        }
        None => sentence.push_str(", without classes that would tell its Java version"),
    }
    Words { kind: "kestra-plugin", sentence, column: "for", fits: "fits" }
}

pub(super) fn wheel(wheel: &Wheel) -> Words {
    let mut sentence = format!("Python package {}", wheel.package.label());
    if let Some(range) = &wheel.requires_python {
        sentence.push_str(&format!(", for Python {range}"));
    }
    let always = wheel.package.dependencies.iter();
    let always = always.filter(|it| it.target != "python" && it.marker.is_none());
    let always: Vec<_> = always.map(|it| format!("{} {}", it.target, it.range)).collect();
    let named: Vec<_> = always.iter().take(NAMED).map(|text| text.trim_end()).collect();
    if !named.is_empty() {
        sentence.push_str(&format!("; asks for {}", named.join(", ")));
    }
    if always.len() > NAMED {
        sentence.push_str(&format!(" and {} more", always.len() - NAMED));
    }
    Words { kind: "python-wheel", sentence, column: "for", fits: "fits" }
}
