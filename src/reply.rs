//! The answer of a running node to a command, as parts with named values.
//!
//! Owns the one form into which readers bring all kinds of answers, so that expectations can be judged
//! without knowing the product. An answer that is about several things, such as a table of nodes, has a
//! part for each.

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Its parts, in the order of the text.
    pub parts: Vec<Part>,
}

/// The statements of an answer about one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The thing it is about, such as the id of a node; empty if the answer has one part.
    pub key: String,
    /// True if it is about the node that answered.
    pub own: bool,
    /// Name, text and line of each value. The name of the answer as a whole is empty.
    pub values: Vec<(String, String, usize)>,
}

impl Reply {
    /// An answer that is one text, standing on a line.
    pub fn of_text(text: &str, line: usize) -> Self {
        let values = vec![(String::new(), text.to_owned(), line)];
        Self { parts: vec![Part { key: String::new(), own: true, values }] }
    }

    /// Returns the texts of a field in all parts with their lines; without a field, those of the answer as a whole.
    pub fn values<'r>(
        &'r self,
        field: Option<&'r str>,
    ) -> impl Iterator<Item = (&'r str, usize)> + 'r {
        self.parts.iter().flat_map(move |part| part.values(field))
    }

    /// Returns the part about the node that answered.
    pub fn own(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.own)
    }

    /// Returns the part about a thing.
    pub fn about(&self, key: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.key == key)
    }
}

impl Part {
    /// Returns the texts of a field with their lines.
    pub fn values<'r>(
        &'r self,
        field: Option<&'r str>,
    ) -> impl Iterator<Item = (&'r str, usize)> + 'r {
        let field = field.unwrap_or_default();
        self.values
            .iter()
            .filter(move |(name, ..)| name == field)
            .map(|(_, text, line)| (text.as_str(), *line))
    }
}
