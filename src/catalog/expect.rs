//! What an answer of a running system must be: a small language, read once.
//!
//! Owns the expectations of gates and of probes for features: their text form, their placeholders, and
//! whether values meet them. Forms that compare nodes with each other are only read here; who knows the
//! nodes judges them. A text that is none of the forms is an error and never a value to compare with.

use std::fmt;

/// Texts that stand for something a plan fills in.
const PLACEHOLDERS: [&str; 4] = ["to", "package", "node", "to_node"];

/// What all forms look like, for messages.
const FORMS: &str = "the forms are VALUE, !=VALUE, >N, >=N, <N, <=N, `none of A, B`, `contains TEXT`, \
     present, absent, `same on every node`, `NODE is VALUE on every node` and `not FORM`";

/// A wanted answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expect {
    /// A value is this text.
    Is(String),
    /// A value differs from this text.
    IsNot(String),
    /// A value is a number on one side of a bound.
    Number(ExpectSide, ExpectBound),
    /// No value is one of these.
    NoneOf(Vec<String>),
    /// A value contains this text.
    Contains(String),
    /// There is a value.
    Present,
    /// There is none.
    Absent,
    /// All nodes have the same values, but for the parts with these names.
    SameOnEveryNode(Vec<String>),
    /// On every node, what is said of `node` contains `value`.
    SeenOnEveryNode {
        /// The node that is spoken of.
        node: String,
        /// What must be said of it.
        value: String,
    },
    /// The form does not hold.
    Not(Box<Self>),
    /// People decide; the text says by what. It has no place in a matrix.
    ByHand(String),
}

/// On which side of a bound a number must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpectSide {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl ExpectSide {
    /// Every side; longer signs before those that they begin with.
    const ALL: [(Self, &'static str); 4] =
        [(Self::AtLeast, ">="), (Self::AtMost, "<="), (Self::Above, ">"), (Self::Below, "<")];

    fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }

    /// Whether `found` is on this side of `bound`.
    pub fn holds(self, found: i64, bound: i64) -> bool {
        match self {
            Self::Above => found > bound,
            Self::AtLeast => found >= bound,
            Self::Below => found < bound,
            Self::AtMost => found <= bound,
        }
    }
}

/// A number to compare with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpectBound {
    /// This one.
    Known(i64),
    /// What the node of a role in the same group answers, and so much more or less.
    OfRole {
        /// The role of the other node.
        role: String,
        /// Which part of its answer to the same command counts.
        field: String,
        /// What is added.
        plus: i64,
    },
}

/// Why a text is no expectation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpectError {
    /// What was expected and found.
    pub message: String,
    /// What to do about it.
    pub hint: Option<&'static str>,
}

fn wrong(message: String) -> ExpectError {
    ExpectError { message, hint: None }
}

impl Expect {
    /// Reads an expectation.
    ///
    /// # Errors
    ///
    /// Returns why the text is none of the forms.
    pub fn parse(text: &str) -> Result<Self, ExpectError> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("not ") {
            return Self::parse(rest).map(|inner| Self::Not(Box::new(inner)));
        }
        if let Some(rest) = text.strip_prefix("none of ") {
            return list(rest).map(Self::NoneOf);
        }
        if let Some(rest) = text.strip_prefix("contains ") {
            return word(rest).map(Self::Contains);
        }
        if let Some(rest) = text.strip_prefix("same on every node") {
            return match rest.strip_prefix(" except ") {
                Some(names) => list(names).map(Self::SameOnEveryNode),
                None if rest.is_empty() => Ok(Self::SameOnEveryNode(Vec::new())),
                None => Err(none_of_the_forms(text)),
            };
        }
        if let Some(rest) = text.strip_suffix(" on every node") {
            let (node, value) = rest.rsplit_once(" is ").ok_or_else(|| none_of_the_forms(text))?;
            return Ok(Self::SeenOnEveryNode { node: checked(node)?, value: word(value)? });
        }
        Self::parse_short(text)
    }

    /// Reads the forms of one word.
    fn parse_short(text: &str) -> Result<Self, ExpectError> {
        match text {
            "" | "not" | "contains" => return Err(none_of_the_forms(text)),
            "present" => return Ok(Self::Present),
            "absent" => return Ok(Self::Absent),
            "!=" => return Ok(Self::IsNot(String::new())),
            _ => {}
        }
        if let Some(rest) = text.strip_prefix("!=") {
            return word(rest).map(Self::IsNot);
        }
        let side = ExpectSide::ALL.into_iter().find_map(|(side, sign)| {
            let rest = text.strip_prefix(sign)?;
            Some((side, rest))
        });
        match side {
            Some((side, rest)) => bound(rest).map(|bound| Self::Number(side, bound)),
            None => word(text).map(Self::Is),
        }
    }

    /// Fills the placeholders in.
    #[must_use]
    pub fn fill(&self, fill: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::Is(text) => Self::Is(fill(text)),
            Self::IsNot(text) => Self::IsNot(fill(text)),
            Self::Contains(text) => Self::Contains(fill(text)),
            Self::SeenOnEveryNode { node, value } => {
                Self::SeenOnEveryNode { node: fill(node), value: fill(value) }
            }
            Self::Not(inner) => Self::Not(Box::new(inner.fill(fill))),
            Self::Number(..)
            | Self::NoneOf(_)
            | Self::Present
            | Self::Absent
            | Self::SameOnEveryNode(_)
            | Self::ByHand(_) => self.clone(),
        }
    }

    /// Returns the role whose node is asked too, if a number is compared with one of its, and the field.
    pub fn other(&self) -> Option<(&str, &str)> {
        match self {
            Self::Number(_, ExpectBound::OfRole { role, field, .. }) => Some((role, field)),
            Self::Not(inner) => inner.other(),
            Self::Number(_, ExpectBound::Known(_))
            | Self::Is(_)
            | Self::IsNot(_)
            | Self::NoneOf(_)
            | Self::Contains(_)
            | Self::Present
            | Self::Absent
            | Self::SameOnEveryNode(_)
            | Self::SeenOnEveryNode { .. }
            | Self::ByHand(_) => None,
        }
    }

    /// Whether a value is one of those that keep it from being met.
    pub fn is_offended_by(&self, value: &str) -> bool {
        match self {
            Self::NoneOf(names) => names.iter().any(|name| name == value),
            Self::Is(_)
            | Self::IsNot(_)
            | Self::Number(..)
            | Self::Contains(_)
            | Self::Present
            | Self::Absent
            | Self::SameOnEveryNode(_)
            | Self::SeenOnEveryNode { .. }
            | Self::Not(_)
            | Self::ByHand(_) => true,
        }
    }

    /// Whether the values of one answer meet it: one of them does, or for `none of` and `absent` all. `other`
    /// is the number of the other role's node. `None` if it cannot be told from these values alone.
    pub fn met_by(&self, values: &[&str], other: Option<i64>) -> Option<bool> {
        let one = |holds: &dyn Fn(&str) -> bool| Some(values.iter().any(|value| holds(value)));
        match self {
            Self::Is(text) => one(&|value| value == text),
            Self::IsNot(text) => one(&|value| value != text),
            Self::Contains(text) => one(&|value| value.contains(text.as_str())),
            Self::NoneOf(names) => {
                let named = |value: &&str| names.iter().any(|name| name == value);
                Some(!values.iter().any(named))
            }
            Self::Present => Some(!values.is_empty()),
            Self::Absent => Some(values.is_empty()),
            Self::Number(side, bound) => {
                let bound = bound.number(other)?;
                one(&|value| value.parse().is_ok_and(|found| side.holds(found, bound)))
            }
            Self::Not(inner) => inner.met_by(values, other).map(|met| !met),
            Self::SameOnEveryNode(_) | Self::SeenOnEveryNode { .. } | Self::ByHand(_) => None,
        }
    }
}

impl ExpectBound {
    /// Returns the number, given that of the other role's node.
    pub fn number(&self, other: Option<i64>) -> Option<i64> {
        match self {
            Self::Known(number) => Some(*number),
            Self::OfRole { plus, .. } => other?.checked_add(*plus),
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(text) | Self::ByHand(text) => f.write_str(text),
            Self::IsNot(text) => write!(f, "!={text}"),
            Self::Number(side, bound) => write!(f, "{}{bound}", side.sign()),
            Self::NoneOf(names) => write!(f, "none of {}", names.join(", ")),
            Self::Contains(text) => write!(f, "contains {text}"),
            Self::Present => f.write_str("present"),
            Self::Absent => f.write_str("absent"),
            Self::SameOnEveryNode(except) if except.is_empty() => f.write_str("same on every node"),
            Self::SameOnEveryNode(except) => {
                write!(f, "same on every node except {}", except.join(", "))
            }
            Self::SeenOnEveryNode { node, value } => {
                write!(f, "{node} is {value} on every node")
            }
            Self::Not(inner) => write!(f, "not {inner}"),
        }
    }
}

impl fmt::Display for ExpectBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(number) => write!(f, "{number}"),
            Self::OfRole { role, field, plus: 0 } => write!(f, "{{{role}.{field}}}"),
            Self::OfRole { role, field, plus } => write!(f, "{{{role}.{field}}}{plus:+}"),
        }
    }
}

fn none_of_the_forms(text: &str) -> ExpectError {
    let message = format!("expected a wanted answer, found `{}`", shown(text));
    ExpectError { message, hint: Some(FORMS) }
}

/// How many characters of a text are shown in a message.
const LONGEST: usize = 60;

/// Returns a text for a message: cut if it is long.
fn shown(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST).collect();
    let more = if cut.len() < text.len() { "..." } else { "" };
    cut + more
}

/// Checks a text without spaces.
fn word(text: &str) -> Result<String, ExpectError> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(none_of_the_forms(text));
    }
    checked(text)
}

/// Checks the placeholders of a text.
fn checked(text: &str) -> Result<String, ExpectError> {
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !part.contains('}') || !PLACEHOLDERS.contains(&name) {
            let known = PLACEHOLDERS.map(|name| format!("{{{name}}}")).join(", ");
            return Err(wrong(format!(
                "expected a placeholder ({known}), found `{{{}`",
                shown(part)
            )));
        }
    }
    Ok(text.to_owned())
}

/// Reads names between commas.
fn list(text: &str) -> Result<Vec<String>, ExpectError> {
    text.split(',').map(|name| word(name.trim())).collect()
}

/// Reads a number, or `{ROLE.FIELD}` with a number added.
fn bound(text: &str) -> Result<ExpectBound, ExpectError> {
    let number = |text: &str| {
        text.parse::<i64>().map_err(|_| {
            let found = shown(text);
            wrong(format!("expected a whole number or `{{ROLE.FIELD}}`, found `{found}`"))
        })
    };
    let Some(rest) = text.strip_prefix('{') else {
        return number(text).map(ExpectBound::Known);
    };
    let parts = rest.split_once('}').and_then(|(name, plus)| {
        let (role, field) = name.split_once('.')?;
        (!role.is_empty() && !field.is_empty()).then_some((role, field, plus))
    });
    let Some((role, field, plus)) = parts else {
        return Err(wrong(format!("expected `{{ROLE.FIELD}}`, found `{}`", shown(text))));
    };
    let plus = match plus {
        "" => 0,
        signed if signed.starts_with(['+', '-']) => number(signed)?,
        _ => return Err(wrong(format!("expected `+N` or `-N`, found `{}`", shown(plus)))),
    };
    Ok(ExpectBound::OfRole { role: role.to_owned(), field: field.to_owned(), plus })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 17] = [
        "ok",
        "{to}",
        "!=",
        "!=0",
        ">0",
        ">=-5",
        "<3",
        "<=7",
        ">={primary.master_repl_offset}-1048576",
        "none of fail, fail?",
        "contains db=",
        "present",
        "absent",
        "same on every node",
        "same on every node except lua",
        "a b is master on every node",
        "not >0",
    ];

    #[test]
    fn every_form_is_printed_as_it_was_read() {
        for text in TEXTS {
            assert_eq!(Expect::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let wrong = [
            "",
            "two words",
            ">many",
            ">={primary}",
            ">={primary.x}5",
            ">={primary.x}+",
            "{from}",
            "{to",
            "none of ",
            "none of a b",
            "same on every node except",
            "master on every node",
            "not ",
            "contains ",
        ];
        let said = wrong.map(|text| {
            let error = Expect::parse(text).expect_err(text);
            format!("{text:?}: {error}")
        });
        insta::assert_snapshot!(said.join("\n"), @r#"
        "": expected a wanted answer, found ``
        "two words": expected a wanted answer, found `two words`
        ">many": expected a whole number or `{ROLE.FIELD}`, found `many`
        ">={primary}": expected `{ROLE.FIELD}`, found `{primary}`
        ">={primary.x}5": expected `+N` or `-N`, found `5`
        ">={primary.x}+": expected a whole number or `{ROLE.FIELD}`, found `+`
        "{from}": expected a placeholder ({to}, {package}, {node}, {to_node}), found `{from}`
        "{to": expected a placeholder ({to}, {package}, {node}, {to_node}), found `{to`
        "none of ": expected a wanted answer, found `none of`
        "none of a b": expected a wanted answer, found `a b`
        "same on every node except": expected a wanted answer, found `same on every node except`
        "master on every node": expected a wanted answer, found `master on every node`
        "not ": expected a wanted answer, found `not`
        "contains ": expected a wanted answer, found `contains`
        "#);
    }

    #[test]
    fn values_meet_expectations() {
        let met = |text: &str, values: &[&str]| {
            Expect::parse(text).expect(text).met_by(values, Some(100)).expect("it can be told")
        };
        assert!(met("ok", &["ok"]) && !met("ok", &["fail"]) && !met("ok", &[]));
        assert!(met("!=", &["az-1"]) && !met("!=", &[""]) && !met("!=0", &["0"]));
        assert!(met(">0", &["0", "3"]) && !met(">0", &["0"]) && !met(">0", &["x"]));
        assert!(met("not >0", &[]) && !met("not >0", &["1"]));
        assert!(met("none of fail, fail?", &["master"]) && !met("none of fail", &["fail"]));
        assert!(met(">={primary.x}-5", &["95"]) && !met(">={primary.x}-5", &["94"]));
        assert!(met("absent", &[]) && met("present", &[""]) && !met("present", &[]));
        let unknown = Expect::parse(">={primary.x}").expect("a form");
        assert_eq!(unknown.met_by(&["5"], None), None);
        let far = Expect::parse(">={primary.x}+9223372036854775807").expect("a form");
        assert_eq!(far.met_by(&["5"], Some(1)), None);
    }

    #[test]
    fn placeholders_are_filled() {
        let fill = |text: &str| text.replace("{to_node}", "a2");
        let filled = Expect::parse("{to_node} is master on every node").expect("a form");
        assert_eq!(filled.fill(&fill).to_string(), "a2 is master on every node");
    }
}
