//! A bill of materials, whatever its format: components that become the packages of a node.

use crate::evidence::gather::{NodeNames, add, left_out};
use crate::evidence::json::{Json, JsonObject, JsonValue};
use crate::evidence::lines::stem;
use crate::evidence::products::of_purl;
use crate::evidence::saved::{Saved, TEXT_LIMIT};
use crate::finding::{Finding, Severity};
use crate::input::{Input, text_of, unless_met};
use crate::observation::{Observation, ObservedNode, Origin, Place, Stated, UNKNOWN_VERSION};
use crate::problem::{Collector, MOST_PROBLEMS, Problem, Problems, shown};
use crate::purl::PackageUrl;

/// One component of a file: its package URL, and its version beside it.
pub(super) struct Component<'a> {
    pub(super) purl: Option<JsonValue<'a>>,
    pub(super) version: Option<JsonValue<'a>>,
}

/// The contents of a file: a name for what it describes, and its components or what is wrong with them.
pub(super) struct Bill<'a> {
    pub(super) json: Json<'a>,
    pub(super) name: Option<String>,
    pub(super) components: Vec<Component<'a>>,
    pub(super) problems: Vec<Problem>,
}

impl Bill<'_> {
    /// Keeps what is wrong, as far as it is shown.
    pub(super) fn wrong(&mut self, problem: Problem) {
        if self.problems.len() <= MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// A function that takes a file of some format apart.
pub(super) type Opener = for<'a> fn(&Input<'a>, &'a str) -> Result<Bill<'a>, Problem>;

/// Reads each file as a node.
pub(super) fn bills(saved: &Saved<'_>, open: Opener) -> Result<Observation, Problems> {
    let mut problems = Collector::default();
    let mut observation = Observation::default();
    let mut names = NodeNames::default();
    for (file, input) in saved.inputs.iter().enumerate() {
        let bill = text_of(input.bytes, TEXT_LIMIT).and_then(|text| open(input, text));
        match bill {
            Ok(bill) if bill.problems.is_empty() => {
                let node = node(saved, input, &bill, &mut names, &mut observation.remarks);
                observation.nodes.push(node);
            }
            Ok(bill) => {
                for problem in bill.problems {
                    problems.push(Problem { file, ..problem });
                }
            }
            Err(problem) => drop(problems.push(Problem { file, ..problem })),
        }
    }
    unless_met(observation, saved.inputs, problems)
}

fn node(
    saved: &Saved<'_>,
    input: &Input<'_>,
    bill: &Bill<'_>,
    names: &mut NodeNames,
    remarks: &mut Vec<Finding>,
) -> ObservedNode {
    let name = bill.name.clone().unwrap_or_else(|| stem(input.name).to_owned());
    let mut node = ObservedNode { name: names.unique(&name), ..ObservedNode::default() };
    let mut strangers = 0_usize;
    for component in &bill.components {
        let Some(value) = component.purl else {
            strangers += 1;
            continue;
        };
        let origin = bill.json.origin(value);
        let purl = value.as_text().unwrap_or_default();
        let mut purl = match PackageUrl::parse(&purl) {
            Ok(purl) => purl,
            Err(error) => {
                let message = format!("{error}, found `{}`", shown(&purl));
                remarks.push(left_out(&origin, Severity::Warning, message));
                continue;
            }
        };
        if purl.version.is_none() {
            purl.version = component.version.and_then(JsonValue::as_text).map(Into::into);
        }
        match of_purl(saved.catalog, &purl) {
            Some(product) => add(saved, &mut node, product, &origin, remarks),
            None => {
                strangers += 1;
                let text = purl.version.clone().unwrap_or_else(|| UNKNOWN_VERSION.to_owned());
                node.unknown.entry(purl.name).or_insert(Stated { text, origin });
            }
        }
    }
    if strangers > 0 {
        let origin = Origin { file: input.name.to_owned(), place: Place::Whole };
        let count = bill.components.len();
        let message = format!("{strangers} of {count} components are of no known package");
        remarks.push(left_out(&origin, Severity::Info, message));
    }
    node
}

/// Returns whether a text is an object that says, near its beginning, what a key and a value say.
pub(super) fn says(input: &Input<'_>, words: &[&str]) -> bool {
    const HEAD: usize = 1 << 16;
    let head = &input.bytes[..input.bytes.len().min(HEAD)];
    let head = String::from_utf8_lossy(head);
    head.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        && words.iter().all(|word| head.contains(word))
}

/// Returns the name of a node that an object states, if it is one.
pub(super) fn name_of(object: &JsonObject<'_>) -> Option<String> {
    object.text("name").map(Into::into).filter(|name: &String| !name.is_empty())
}
