//! Which package of a matrix something is that has another name elsewhere, and in which version.
//!
//! Matrices state what their packages are called elsewhere (`known_as`); nothing here knows a product. A
//! version is taken only if it is one: the tag of an image may be that of a line (`9.1`), of whatever is
//! newest (`latest`), or carry the name of what the image is built on (`9.1.2-alpine`).

use crate::catalog::{Catalog, PackageIx, Rank};
use crate::purl::PackageUrl;

/// A package of the matrix that something else was recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecognisedProduct {
    pub(super) package: PackageIx,
    /// Its version, or why none can be told, in a few words that follow "the version cannot be told:".
    pub(super) version: Result<String, String>,
}

/// The name of an image, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Image<'a> {
    /// The registry, if the name has one.
    host: Option<&'a str>,
    path: &'a str,
    tag: Option<&'a str>,
    digest: bool,
}

/// Returns what an image is, by its name as in `registry.example/valkey/valkey:9.1.2`.
pub(super) fn of_image(catalog: &Catalog, name: &str) -> Option<RecognisedProduct> {
    let image = Image::parse(name);
    let package = image_package(catalog, image)?;
    let version = match (image.tag, image.digest) {
        (Some(tag), _) => of_tag(catalog, package, tag),
        (None, true) => Err("the image is named by its digest".to_owned()),
        (None, false) => Err("the image has no tag".to_owned()),
    };
    Some(RecognisedProduct { package, version })
}

impl<'a> Image<'a> {
    fn parse(name: &'a str) -> Self {
        let name = name.strip_prefix("docker-pullable://").unwrap_or(name);
        let (name, digest) = match name.split_once('@') {
            Some((name, _)) => (name, true),
            None => (name, false),
        };
        // A colon before the last slash is that of a port.
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            Some(_) | None => (name, None),
        };
        let is_host = |part: &&str| part.contains(['.', ':']) || *part == "localhost";
        match name.split_once('/').filter(|(host, _)| is_host(host)) {
            Some((host, path)) => Self { host: Some(host), path, tag, digest },
            None => Self { host: None, path: name, tag, digest },
        }
    }
}

/// Registries whose images of one name are those of the Docker Hub.
const HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// Finds the package of an image. A name of two parts or more counts wherever it stands, so that a
/// mirror's images are known; a name of one part is an official image of the Docker Hub or nothing.
fn image_package(catalog: &Catalog, image: Image<'_>) -> Option<PackageIx> {
    let key = |path: &str| catalog.known_as(&format!("docker/{}", path.to_lowercase()));
    let parts: Vec<&str> = image.path.split('/').collect();
    for (at, _) in parts.iter().enumerate().take(parts.len().saturating_sub(1)) {
        let path = parts[at..].join("/");
        if let Some(package) = key(&path) {
            return Some(package);
        }
    }
    let official = match parts.as_slice() {
        [name] if image.host.is_none_or(|host| HUB.contains(&host)) => Some(*name),
        [.., "library", name] => Some(*name),
        _ => None,
    };
    official.and_then(key)
}

/// Returns what a package URL names.
pub(super) fn of_purl(catalog: &Catalog, purl: &PackageUrl) -> Option<RecognisedProduct> {
    if matches!(purl.kind.as_str(), "oci" | "docker") {
        return of_image_purl(catalog, purl);
    }
    let package = catalog.known_as(&purl.key())?;
    let version = match &purl.version {
        Some(version) if matches!(purl.kind.as_str(), "deb" | "rpm") => {
            of_tag(catalog, package, &upstream(version))
        }
        Some(version) => exact(catalog, package, version),
        None => Err("the package URL has none".to_owned()),
    };
    Some(RecognisedProduct { package, version })
}

/// An image's package URL has its tag as the version or as a qualifier, and may have its name as one.
fn of_image_purl(catalog: &Catalog, purl: &PackageUrl) -> Option<RecognisedProduct> {
    let path = match &purl.namespace {
        Some(namespace) => format!("{namespace}/{}", purl.name),
        None => purl.name.clone(),
    };
    let repository = purl.qualifier("repository_url").map(|url| url.trim_end_matches('/'));
    let name = match repository {
        Some(url) if url == path || url.ends_with(&format!("/{path}")) => url.to_owned(),
        Some(url) => format!("{url}/{path}"),
        None => path,
    };
    let name = name.strip_prefix("https://").unwrap_or(&name);
    let version = purl.version.as_deref();
    let is_digest = |text: &&str| text.starts_with("sha256:") || text.starts_with("sha512:");
    let tag = purl.qualifier("tag").or(version.filter(|text| !is_digest(text)));
    let image = Image { tag: None, ..Image::parse(name) };
    let package = image_package(catalog, image)?;
    let version = match (tag, version) {
        (Some(tag), _) => of_tag(catalog, package, tag),
        (None, Some(_)) => Err("the image is named by its digest".to_owned()),
        (None, None) => Err("the image has no tag".to_owned()),
    };
    Some(RecognisedProduct { package, version })
}

/// Returns the version of the sources of a distribution's package: without the epoch and the revision.
fn upstream(version: &str) -> String {
    let version = version.split_once(':').map_or(version, |(_, version)| version);
    let version = version.rsplit_once('-').map_or(version, |(version, _)| version);
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    // A tilde stands before what leads up to a release.
    version.replace('~', "-")
}

/// Takes a version that an ecosystem states as such.
pub(super) fn exact(
    catalog: &Catalog,
    package: PackageIx,
    version: &str,
) -> Result<String, String> {
    match listed(catalog, package, version) {
        Some(version) => Ok(version),
        None if looks_exact(version) => Ok(version.to_owned()),
        None => Err(format!("`{}` is not that of one release", crate::problem::shown(version))),
    }
}

/// Returns the version that a tag names: that of a listed release, or one of at least three numbers,
/// without what follows about the image.
pub(super) fn of_tag(catalog: &Catalog, package: PackageIx, tag: &str) -> Result<String, String> {
    let ends = tag.match_indices(['-', '_', '+']).map(|(at, _)| at).rev();
    let mut heads = std::iter::once(tag.len()).chain(ends).map(|end| &tag[..end]);
    if let Some(version) = heads.find_map(|head| listed(catalog, package, head)) {
        return Ok(version);
    }
    let (head, rest) = tag.split_once('-').map_or((tag, None), |(head, rest)| (head, Some(rest)));
    if !looks_exact(head) {
        return Err(format!("`{}` is not that of one release", crate::problem::shown(tag)));
    }
    let number = head.strip_prefix('v').unwrap_or(head);
    let qualifier = rest.map(|rest| rest.split('-').next().unwrap_or(rest));
    match qualifier.filter(|qualifier| leads_up(qualifier)) {
        Some(qualifier) => Ok(format!("{number}-{qualifier}")),
        None => Ok(number.to_owned()),
    }
}

/// Returns the version of the listed release that a text names.
fn listed(catalog: &Catalog, package: PackageIx, text: &str) -> Option<String> {
    let stated = catalog.package(package);
    let find = |text: &str| -> Option<Rank> {
        let rank = stated.find(text)?;
        stated.release(rank).is_listed().then_some(rank)
    };
    let rank = find(text).or_else(|| find(text.strip_prefix('v')?))?;
    // Some schemes read `9.1` as `9.1.0`, which is not what such a tag means.
    let dots = |text: &str| text.matches('.').count();
    let version = stated.version(rank).text();
    (dots(text) >= dots(version) || text == version).then(|| version.to_owned())
}

/// Returns whether a text is three numbers or more, perhaps after a `v`, perhaps with a qualifier.
fn looks_exact(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let numbers = text.split(['-', '+']).next().unwrap_or(text);
    let mut parts = numbers.split('.');
    let first_two = parts.by_ref().take(2).filter(|part| is_number(part)).count() == 2;
    first_two && parts.next().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a qualifier says that a version leads up to a release.
fn leads_up(qualifier: &str) -> bool {
    let words = ["alpha", "beta", "rc", "fc", "m", "dev", "develop", "snapshot", "nightly", "pre"];
    let word = qualifier.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;

    fn catalog() -> Catalog {
        let matrix = br#"{ "format": 1, "name": "m",
          "sources": { "s": { "title": "s", "evidence": "documented" } },
          "packages": [
            { "name": "cache", "kind": "core", "scheme": "semver", "source": "s",
              "known_as": ["pkg:docker/acme/cache", "pkg:docker/cache", "pkg:deb/debian/cache", "pkg:pypi/Cache_Lib"],
              "releases": [ { "version": "9.1.0-rc1" }, { "version": "9.1.0" } ] },
            { "name": "calendar", "kind": "core", "scheme": "natural", "source": "s",
              "known_as": ["pkg:docker/acme/calendar"], "releases": [ { "version": "24.3" } ] } ] }"#;
        let loaded = crate::matrix::load(&[Input { name: "m", bytes: matrix }], &[]);
        assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
        loaded.catalog
    }

    fn told(product: Option<RecognisedProduct>) -> String {
        match product {
            None => "no product".to_owned(),
            Some(RecognisedProduct { version: Ok(version), .. }) => version,
            Some(RecognisedProduct { version: Err(why), .. }) => why,
        }
    }

    #[test]
    fn images_are_recognised_and_tags_are_not_guessed() {
        let catalog = catalog();
        let image = |name: &str| told(of_image(&catalog, name));
        assert_eq!(image("acme/cache:9.1.0"), "9.1.0");
        assert_eq!(image("registry.local:5000/mirror/acme/cache:v9.1.0-alpine3.22"), "9.1.0");
        assert_eq!(image("acme/cache:9.1.0-rc1-bookworm"), "9.1.0-rc1");
        assert_eq!(image("acme/cache:9.1.7-rc2-bookworm"), "9.1.7-rc2");
        assert_eq!(image("acme/cache:9.1.7-debian-12-r3@sha256:00"), "9.1.7");
        assert_eq!(image("acme/calendar:24.3-slim"), "24.3");
        assert_eq!(image("cache:9.1.0"), "9.1.0");
        assert_eq!(image("docker.io/library/cache:9.1.0"), "9.1.0");
        assert_eq!(image("ghcr.io/cache:9.1.0"), "no product");
        assert_eq!(image("other/cache:9.1.0"), "no product");
        assert_eq!(image("acme/cache:latest"), "`latest` is not that of one release");
        assert_eq!(image("acme/cache:9.1"), "`9.1` is not that of one release");
        assert_eq!(image("acme/calendar:24"), "`24` is not that of one release");
        assert_eq!(image("acme/cache@sha256:00"), "the image is named by its digest");
        assert_eq!(image("acme/cache"), "the image has no tag");
        assert_eq!(image("acme/cache:"), "`` is not that of one release");
        assert_eq!(image(""), "no product");
    }

    #[test]
    fn package_urls_are_recognised() {
        let catalog = catalog();
        let purl = |text: &str| {
            told(of_purl(&catalog, &PackageUrl::parse(text).expect("it is a package URL")))
        };
        assert_eq!(purl("pkg:pypi/cache-lib@9.1.0"), "9.1.0");
        assert_eq!(purl("pkg:pypi/cache-lib@9.2"), "`9.2` is not that of one release");
        assert_eq!(purl("pkg:pypi/cache-lib"), "the package URL has none");
        assert_eq!(purl("pkg:deb/debian/cache@5%3A9.1.7~rc1%2Bdfsg1-1~deb13u1"), "9.1.7-rc1");
        assert_eq!(purl("pkg:docker/acme/cache@9.1.0-alpine"), "9.1.0");
        let oci = "pkg:oci/cache@sha256%3A00?repository_url=ghcr.io/acme/cache";
        assert_eq!(purl(&format!("{oci}&tag=9.1.7")), "9.1.7");
        assert_eq!(purl(oci), "the image is named by its digest");
        assert_eq!(purl("pkg:oci/cache?repository_url=ghcr.io/acme&tag=9.1.0"), "9.1.0");
        assert_eq!(purl("pkg:maven/acme/cache@1.0.0"), "no product");
    }
}
