//! The rows of `duckdb_extensions()`, from CSV or JSON.
//!
//! Columns came and went between releases; those that nothing is read of may be missing, and further ones
//! are passed over. Names of columns, not their order, say what a field is.

use crate::evidence::csv::{Field, Rows};
use crate::evidence::json::{Json, JsonObject, JsonValue};
use crate::evidence::lines::Lines;
use crate::input::Input;
use crate::observation::Stated;
use crate::problem::{MOST_PROBLEMS, Problem, ProblemCode, shown};

/// One extension.
#[derive(Debug, Clone)]
pub(super) struct ExtensionRow {
    pub(super) name: Stated,
    pub(super) loaded: bool,
    pub(super) installed: bool,
    /// Where the file lies.
    pub(super) path: Option<Stated>,
    /// The version in its publisher's words.
    pub(super) version: Option<Stated>,
    /// The way in which it came there.
    pub(super) mode: Option<Stated>,
    /// From where.
    pub(super) from: Option<Stated>,
}

/// Most rows that are read; there are some hundred extensions.
const MOST: usize = 100_000;

/// The columns without which nothing can be said.
const REQUIRED: [&str; 4] = ["extension_name", "loaded", "installed", "install_path"];

/// Reads the rows of a file, or all that is wrong with them.
pub(super) fn rows(input: &Input<'_>, text: &str) -> Result<Vec<ExtensionRow>, Vec<Problem>> {
    let input = Input { name: input.name, bytes: input.bytes };
    match text.trim_start().as_bytes().first() {
        Some(b'[' | b'{') => json(&input, text),
        Some(_) => csv(&input, text),
        None => {
            let message = "expected rows of duckdb_extensions(), found nothing".to_owned();
            Err(vec![Problem::of_file(ProblemCode::Shape, message)])
        }
    }
}

/// Keeps what is sound, if nothing is wrong.
fn all(
    read: impl Iterator<Item = Result<ExtensionRow, Problem>>,
) -> Result<Vec<ExtensionRow>, Vec<Problem>> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for row in read {
        match row {
            Ok(_) if rows.len() == MOST => {
                let message = format!("there are more than {MOST} rows");
                problems.push(Problem::of_file(ProblemCode::Limit, message));
                break;
            }
            Ok(row) => rows.push(row),
            Err(problem) => problems.push(problem),
        }
        if problems.len() > MOST_PROBLEMS {
            break;
        }
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

fn json(input: &Input<'_>, text: &str) -> Result<Vec<ExtensionRow>, Vec<Problem>> {
    let (json, values) = Json::many(input, text).map_err(|problem| vec![problem])?;
    let values = match values.as_slice() {
        [one] if one.part().starts_with('[') => json.list(*one).map_err(|problem| vec![problem])?,
        [..] => values,
    };
    all(values.into_iter().map(|value| of_object(&json, &json.object(value)?)))
}

fn of_object(json: &Json<'_>, row: &JsonObject<'_>) -> Result<ExtensionRow, Problem> {
    let name = json.required(row, REQUIRED[0])?;
    let stated = |key: &str| {
        let value = row.get(key)?;
        value
            .as_text()
            .map(|text| json.stated(text, value))
            .filter(|stated| !stated.text.is_empty())
    };
    let said = |key: &str| yes_or_no(json, json.required(row, key)?);
    Ok(ExtensionRow {
        name: json.stated(json.text(name)?, name),
        loaded: said(REQUIRED[1])?,
        installed: said(REQUIRED[2])?,
        path: stated(REQUIRED[3]),
        version: stated("extension_version"),
        mode: stated("install_mode"),
        from: stated("installed_from"),
    })
}

fn yes_or_no(json: &Json<'_>, value: JsonValue<'_>) -> Result<bool, Problem> {
    let text = value.part().trim_matches('"');
    truth(text).ok_or_else(|| {
        json.problem(value, format!("expected true or false, found `{}`", shown(text)))
    })
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "t" | "1" => Some(true),
        "false" | "False" | "f" | "0" => Some(false),
        _ => None,
    }
}

fn csv(input: &Input<'_>, text: &str) -> Result<Vec<ExtensionRow>, Vec<Problem>> {
    let mut rows = Rows::new(text);
    let header = rows.next_row().map_err(|problem| vec![problem])?.unwrap_or_default();
    let lines = Lines::new(input.name, text);
    let columns = ColumnIndexes::new(&lines, &header).map_err(|problem| vec![problem])?;
    // After a quote that does not close, nothing can be said of the rest.
    let mut cut = false;
    let rows = std::iter::from_fn(|| {
        let row = rows.next_row().transpose().filter(|_| !cut)?;
        cut = row.is_err();
        Some(row)
    });
    all(rows.map(|row| columns.row(&lines, &row?)))
}

/// The columns of a CSV, by name.
struct ColumnIndexes<'a> {
    names: Vec<&'a str>,
}

impl<'a> ColumnIndexes<'a> {
    fn new(lines: &Lines<'_>, header: &'a [Field<'_>]) -> Result<Self, Problem> {
        let names: Vec<&str> = header.iter().map(|field| field.text.trim()).collect();
        let missing: Vec<_> = REQUIRED
            .iter()
            .filter(|name| !names.contains(name))
            .map(|name| format!("`{name}`"))
            .collect();
        if missing.is_empty() {
            return Ok(Self { names });
        }
        let columns = if missing.len() == 1 { "column" } else { "columns" };
        let message = format!("the first line does not name the {columns} {}", missing.join(", "));
        let span = header.first().map(|field| lines.span(field.part));
        let hint = "COPY (FROM duckdb_extensions()) TO 'extensions.csv' writes such a file";
        let problem = Problem::of_file(ProblemCode::Shape, message);
        Err(Problem { span, hint: Some(hint.to_owned()), ..problem })
    }

    fn row(&self, lines: &Lines<'_>, fields: &[Field<'_>]) -> Result<ExtensionRow, Problem> {
        let wrong = |part: &str, message: String| Problem {
            span: Some(lines.span(part)),
            ..Problem::of_file(ProblemCode::Shape, message)
        };
        let first = fields.first().map_or("", |field| field.part);
        if fields.len() != self.names.len() {
            let (wanted, found) = (self.names.len(), fields.len());
            let message = format!("expected {wanted} fields as in the first line, found {found}");
            return Err(wrong(first, message));
        }
        let field = |name: &str| {
            let at = self.names.iter().position(|column| *column == name)?;
            fields.get(at)
        };
        let stated = |name: &str| {
            let field =
                field(name).filter(|field| !field.text.is_empty() && field.text != "NULL")?;
            Some(lines.stated(field.text.clone(), field.part))
        };
        let said = |name: &str| {
            let text = field(name).map_or("", |field| &field.text);
            let part = field(name).map_or("", |field| field.part);
            let message =
                || format!("expected true or false for `{name}`, found `{}`", shown(text));
            truth(text).ok_or_else(|| wrong(part, message()))
        };
        let nameless =
            || wrong(first, "expected the name of an extension, found nothing".to_owned());
        Ok(ExtensionRow {
            name: stated(REQUIRED[0]).ok_or_else(nameless)?,
            loaded: said(REQUIRED[1])?,
            installed: said(REQUIRED[2])?,
            path: stated(REQUIRED[3]),
            version: stated("extension_version"),
            mode: stated("install_mode"),
            from: stated("installed_from"),
        })
    }
}
