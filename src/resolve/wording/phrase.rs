//! Verbs and objects: `needs core >=2`, `needs exactly duckdb v1.5.5 (cpp-abi)`, `goes with 1.0.0 to 1.4.0`.

use crate::catalog::{Catalog, Constraint, Need, NeedKind, PackageIx, ReleaseSet};

/// Says what a need asks.
pub(super) fn phrase(catalog: &Catalog, need: &Need) -> String {
    let constraint = catalog.constraint(need.constraint);
    let verb = match need.kind {
        NeedKind::Requires => "needs",
        NeedKind::Optional => "accepts only",
        NeedKind::Conflicts => "excludes",
    };
    format!("{verb} {}{}", object(catalog, constraint), declared(constraint))
}

fn object(catalog: &Catalog, constraint: &Constraint) -> String {
    let target = catalog.package(constraint.target);
    let name = &target.name;
    if constraint.interface.is_none() {
        return match plain(&constraint.text).as_str() {
            "*" => name.clone(),
            range => format!("{name} {range}"),
        };
    }
    // An interface that is named after the one release that has it.
    if let (1, Some(rank)) = (constraint.allowed.count(), constraint.allowed.newest())
        && let Some((interface, level)) = constraint.text.rsplit_once(' ')
        && level == target.version(rank).text()
    {
        return format!("exactly {name} {level} ({interface})");
    }
    catalog.asked(constraint)
}

/// Returns the publisher's own words, where they say more than ours.
fn declared(constraint: &Constraint) -> String {
    let words = constraint.declared.as_ref();
    // `>=1.3` that was declared as `1.3` needs no comment, nor one that is declared as `[1.3,)`.
    let words = words.filter(|words| {
        !constraint.text.ends_with(words.as_str()) && plain(words) != plain(&constraint.text)
    });
    words.map_or_else(String::new, |words| format!(" (declared `{words}`)"))
}

/// Returns a range as it is read: one version without an operator, the lower bound first.
fn plain(range: &str) -> String {
    let exact = range.strip_prefix("==").or_else(|| range.strip_prefix('='));
    if let Some(version) = exact.filter(|rest| !rest.contains([',', '*', ' ', '|', '='])) {
        return version.to_owned();
    }
    let inside = range.strip_prefix('[').and_then(|rest| rest.strip_suffix(')'));
    match inside.and_then(|inside| inside.split_once(',')) {
        Some((low, "")) => return format!(">={low}"),
        Some((low, high)) if !high.contains(',') => return format!(">={low},<{high}"),
        Some(_) | None => {}
    }
    match range.split_once(',') {
        Some((high, low))
            if high.starts_with('<') && low.starts_with('>') && !low.contains(',') =>
        {
            format!("{low},{high}")
        }
        Some(_) | None => range.to_owned(),
    }
}

/// Puts the verbs of a phrase into the plural.
pub(super) fn plural(words: &str) -> String {
    ["needs", "accepts", "excludes", "belongs", "fits"]
        .iter()
        .fold(words.to_owned(), |words, verb| {
            words.replace(&format!("{verb} "), &format!("{} ", &verb[..verb.len() - 1]))
        })
}

/// Returns a package and some of its releases: `core 1.0.0 to 1.4.0`.
pub(super) fn span(catalog: &Catalog, package: PackageIx, releases: &ReleaseSet) -> String {
    let stated = catalog.package(package);
    let name = &stated.name;
    match (releases.oldest(), releases.newest()) {
        (Some(first), Some(last)) if first == last => format!("{name} {}", stated.version(first)),
        (Some(first), Some(last)) if releases.count() == 2 => {
            format!("{name} {} or {}", stated.version(first), stated.version(last))
        }
        (Some(first), Some(last)) => {
            format!("{name} {} to {}", stated.version(first), stated.version(last))
        }
        _ => format!("{name} at all"),
    }
}

/// Says which of a package's releases are meant: nothing if it is all that may be chosen.
pub(super) fn which(
    catalog: &Catalog,
    package: PackageIx,
    releases: &ReleaseSet,
    open: &ReleaseSet,
) -> String {
    let version = |rank| catalog.version((package, rank));
    let (Some(first), Some(last)) = (releases.oldest(), releases.newest()) else {
        return String::new();
    };
    match (open.oldest() == Some(first), open.newest() == Some(last)) {
        (true, true) => String::new(),
        (false, true) => format!(" since {}", version(first)),
        (true, false) => format!(" up to {}", version(last)),
        (false, false) => format!(" from {} to {}", version(first), version(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, plural};

    #[test]
    fn ranges_read_as_people_write_them() {
        let cases = [
            ("==1.13.27", "1.13.27"),
            ("=2.0.0", "2.0.0"),
            ("==1.11.*", "==1.11.*"),
            ("[0.22,)", ">=0.22"),
            ("[1.0,2.0)", ">=1.0,<2.0"),
            ("<3.15,>=3.10", ">=3.10,<3.15"),
            (">=3.10,<3.15", ">=3.10,<3.15"),
            ("<3.15,!=3.12", "<3.15,!=3.12"),
            ("^2", "^2"),
        ];
        for (range, expected) in cases {
            assert_eq!(plain(range), expected);
        }
    }

    #[test]
    fn verbs_have_a_plural() {
        assert_eq!(plural("needs core 2 and excludes core 3"), "need core 2 and exclude core 3");
        assert_eq!(plural("accepts only core 2"), "accept only core 2");
    }
}
