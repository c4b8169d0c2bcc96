//! Packages: Kestra plugins and wheels.

use serde_json::{Map, Value, json};

use super::Words;
use crate::binary::{Dependency, PackageFile, PluginJar, Wheel};

/// How many requirements a sentence names before it counts the rest.
const NAMED: usize = 6;

pub(super) fn jar(jar: &PluginJar) -> Words {
    let mut facts = identity(&jar.package);
    let mut put = |key: &str, value: Value| facts.insert(key.to_owned(), value);
    put("group", json!(jar.group));
    put("title", json!(jar.title));
    put("classes", json!(jar.class_count));
    let mut sentence = format!("Kestra plugin {}", jar.package.label().escape_debug());
    match &jar.classes {
        Some(level) => {
            put("class_file", json!(level.major));
            put("java", json!(level.java()));
            put("newest_class", json!(level.class));
            let (java, major) = (level.java(), level.major);
            sentence.push_str(&format!(", for Java {java} or newer (class file {major})"));
        }
        None => sentence.push_str(", without classes that would tell its Java version"),
    }
    Words { kind: "kestra-plugin", sentence, facts, column: "for", fits: "fits" }
}

pub(super) fn wheel(wheel: &Wheel) -> Words {
    let mut facts = identity(&wheel.package);
    facts.insert("requires_python".to_owned(), json!(wheel.requires_python));
    let requires =
        wheel.package.dependencies.iter().filter(|dependency| dependency.target != "python");
    facts.insert("requires".to_owned(), requires.map(dependency).collect());
    let mut sentence = format!("Python package {}", wheel.package.label().escape_debug());
    if let Some(range) = &wheel.requires_python {
        sentence.push_str(&format!(", for Python {}", range.escape_debug()));
    }
    let always =
        wheel.package.dependencies.iter().filter(|dependency| dependency.target != "python");
    let always: Vec<_> = always.filter(|dependency| dependency.marker.is_none()).collect();
    let named = always
        .iter()
        .take(NAMED)
        .map(|dependency| format!("{} {}", dependency.target, dependency.range));
    let named: Vec<_> = named.map(|text| text.trim_end().escape_debug().to_string()).collect();
    if !named.is_empty() {
        sentence.push_str(&format!("; asks for {}", named.join(", ")));
    }
    if always.len() > NAMED {
        sentence.push_str(&format!(" and {} more", always.len() - NAMED));
    }
    Words { kind: "python-wheel", sentence, facts, column: "for", fits: "fits" }
}

fn identity(package: &PackageFile) -> Map<String, Value> {
    let mut facts = Map::new();
    facts.insert("name".to_owned(), json!(package.name));
    facts.insert("version".to_owned(), json!(package.version));
    facts
}

fn dependency(dependency: &Dependency) -> Value {
    json!({ "package": dependency.target, "range": dependency.range, "marker": dependency.marker })
}
