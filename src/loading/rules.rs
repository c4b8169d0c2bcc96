//! The checks of one release, in the order in which it makes them.

use super::c_api::{ApiSpan, ApiVersion};
use super::era::{Abi, Era};
use super::hosts::Host;
use crate::binary::{
    BadNote, ExtensionFile, FOOTER_SIZE, FileKind, Footer, InstallNote, NoFooter, Signature,
    base_name,
};
use crate::catalog::{Catalog, Interface, NeedKind, Offer, PackageKind, ReleaseId, Stability};
use crate::finding::{Check, Cite, Finding, Severity};
use crate::problem::shown;

/// The end of the name of an extension file.
const SUFFIX: &str = ".duckdb_extension";

/// A further end of the name of a WebAssembly one.
const WASM_SUFFIX: &str = ".duckdb_extension.wasm";

/// Returns what findings about a file and an engine are about.
pub(super) fn subject(host: &Host, file: &ExtensionFile) -> String {
    format!("{} on duckdb {}", file.name.as_deref().unwrap_or("the file"), host.label)
}

/// Returns why an engine that follows the rules of `release` does not load a file, or may not; nothing
/// if it loads it.
pub(super) fn findings(
    catalog: &Catalog,
    host: &Host,
    release: ReleaseId,
    file: &ExtensionFile,
) -> Vec<Finding> {
    let view = LoadCheck { catalog, host, release, file };
    let Some(era) = Era::of(catalog.package(release.0).release(release.1)) else {
        return vec![view.unknown("no fact says how this engine checks extensions")];
    };
    let mut found = Vec::new();
    found.extend(view.name(era));
    match &file.footer {
        Err(none) => found.push(view.no_footer(era, none)),
        Ok(footer) if era == Era::Symbol => found.push(view.symbol(footer)),
        Ok(footer) => found.extend(view.footer(era, footer)),
    }
    found
}

/// Returns why an engine refuses a file that it installed, by the note beside it. Engines from 1.1.3 to 2.0.0
/// were seen to; all of them are taken to do so.
pub(super) fn note(
    host: &Host,
    file: &ExtensionFile,
    note: &Result<InstallNote, BadNote>,
) -> Option<Finding> {
    let why = match note {
        Ok(note) => {
            let footer = file.footer.as_ref().ok()?;
            if note.version == footer.extension_version {
                return None;
            }
            format!(
                "version `{}` was installed, and the file is of version `{}`",
                shown(&note.version),
                shown(&footer.extension_version)
            )
        }
        Err(BadNote::Empty) => "the note of its installation is empty".to_owned(),
        Err(BadNote::Cut) => "the note of its installation ends in the middle".to_owned(),
        Err(BadNote::Field(field)) => {
            format!("the note of its installation has a field {field} out of place")
        }
    };
    let finding = Finding::new(Check::LoadNote, Severity::Error, subject(host, file), why);
    Some(finding.hinting("FORCE INSTALL the extension"))
}

/// The subject of the checks.
struct LoadCheck<'a> {
    catalog: &'a Catalog,
    host: &'a Host,
    release: ReleaseId,
    file: &'a ExtensionFile,
}

impl LoadCheck<'_> {
    fn refused(&self, check: Check, why: impl Into<String>) -> Finding {
        Finding::new(check, Severity::Error, subject(self.host, self.file), why)
    }

    fn unknown(&self, why: impl Into<String>) -> Finding {
        let subject = subject(self.host, self.file);
        Finding::new(Check::LoadUnknown, Severity::Warning, subject, why)
    }

    fn name(&self, era: Era) -> Option<Finding> {
        let name = self.file.name.as_deref()?;
        let fits = name.ends_with(SUFFIX)
            || (self.file.kind == FileKind::Wasm && name.ends_with(WASM_SUFFIX));
        (era.minds_the_name() && !fits).then(|| {
            self.refused(
                Check::LoadName,
                format!("the name of the file does not end in `{SUFFIX}`"),
            )
        })
    }

    fn no_footer(&self, era: Era, none: &NoFooter) -> Finding {
        if era == Era::Symbol {
            return match self.file.kind {
                FileKind::Library | FileKind::Wasm => {
                    self.unknown("this engine asks a function of the file for its version")
                }
                FileKind::Other => self.refused(Check::LoadFooter, "the file is no shared library"),
            };
        }
        self.refused(
            Check::LoadFooter,
            match none {
                NoFooter::Short => format!(
                    "the file has {} bytes; an extension has at least {FOOTER_SIZE}",
                    self.file.size
                ),
                NoFooter::Magic(found) if found.is_empty() || found.contains(['\0', '\\']) => {
                    "the end of the file is no extension footer".to_owned()
                }
                NoFooter::Magic(found) => format!(
                    "the end of the file is no extension footer: expected the mark `4`, found `{}`",
                    shown(found)
                ),
            },
        )
    }

    /// Judges a file with a footer by an engine that asks a function of the file for its version. The
    /// function gives what the footer says; files on the C API have none.
    fn symbol(&self, footer: &Footer) -> Finding {
        let plain = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
        let own = self.host.identity.as_deref().map(plain);
        if footer.is_for_c_api() || own != Some(plain(&footer.built_for)) {
            let why = format!(
                "built for {}, and {} takes files for its own version only",
                built_for(footer),
                self.host.label
            );
            self.cited(self.refused(Check::LoadVersion, why), Abi::Cpp)
        } else {
            self.unknown("this engine asks a function of the file for its version")
        }
    }

    fn footer(&self, era: Era, footer: &Footer) -> Vec<Finding> {
        let mut found = Vec::new();
        let abi = era.abi(&footer.abi);
        match abi {
            Some(abi) => found.extend(self.level(abi, footer)),
            None => found.push(self.abi(footer)),
        }
        found.extend(self.platform(footer));
        found.extend(self.signature(footer));
        found.extend(abi.and_then(|abi| self.entry(era, abi)));
        found
    }

    fn abi(&self, footer: &Footer) -> Finding {
        let finding = self.refused(
            Check::LoadAbi,
            match footer.abi.as_str() {
                "" => format!("no ABI is named, which {} does not forgive", self.host.label),
                abi => format!("{} knows no ABI `{}`", self.host.label, shown(abi)),
            },
        );
        let upper = footer.abi.trim().to_uppercase();
        if upper != footer.abi && Era::AbiV3.abi(&upper).is_some() && !upper.is_empty() {
            return finding.hinting(format!("the text is compared as it is: `{upper}` is one"));
        }
        finding
    }

    /// Checks the level on the interface of an ABI.
    fn level(&self, abi: Abi, footer: &Footer) -> Option<Finding> {
        let interfaces = self.catalog.interfaces();
        let named = interfaces.iter().find(|interface| interface.name == abi.interface());
        let offer = named.and_then(|it| Some((it, it.offer(self.release.0, self.release.1)?)));
        let Some((interface, offer)) = offer else {
            return Some(self.unknown(format!(
                "no fact says what {} takes on the {}",
                self.host.label,
                abi.title()
            )));
        };
        let finding = if offer.reads.is_empty() {
            let why = format!("{} takes no extension on the {}", self.host.label, abi.title());
            self.refused(Check::LoadAbi, why)
        } else if interface.stability == Stability::Stable {
            self.api_version(interface, offer, footer)?
        } else {
            self.version(footer)?
        };
        Some(self.cited(finding, abi))
    }

    fn version(&self, footer: &Footer) -> Option<Finding> {
        let label = &self.host.label;
        let built = shown(&footer.built_for);
        let Some(identity) = &self.host.identity else {
            return Some(if looks_like_commit(&footer.built_for) {
                self.unknown(format!(
                    "built for the commit {built}; whether that is the commit of {label} is not known"
                ))
            } else {
                let why = format!(
                    "built for `{built}`; a development build takes files for its own commit only"
                );
                self.refused(Check::LoadVersion, why)
            });
        };
        if *identity == footer.built_for {
            return None;
        }
        let why = format!("built for `{built}`; {label} takes files for `{identity}` only");
        let finding = self.refused(Check::LoadVersion, why);
        Some(if identity.strip_prefix('v') == Some(&footer.built_for) {
            finding.hinting("versions are compared as texts, and this one lacks its `v`")
        } else {
            finding
        })
    }

    fn api_version(
        &self,
        interface: &Interface,
        offer: &Offer,
        footer: &Footer,
    ) -> Option<Finding> {
        let label = &self.host.label;
        let Some(version) = ApiVersion::parse(&footer.built_for) else {
            let why = format!(
                "the C API version `{}` is not written like `v1.2.3`",
                shown(&footer.built_for)
            );
            return Some(self.refused(Check::LoadCApi, why));
        };
        let spans: Option<Vec<_>> =
            offer.reads.iter().map(|span| ApiSpan::of(interface, span)).collect();
        let Some(spans) = spans else {
            return Some(self.unknown(format!("the C API versions of {label} cannot be read")));
        };
        if spans.iter().any(|span| span.contains(version)) {
            return None;
        }
        let taken: Vec<_> = spans.iter().map(ToString::to_string).collect();
        let why = format!("needs the C API {version}; {label} offers {}", taken.join(", "));
        let finding = self.refused(Check::LoadCApi, why);
        Some(if version.major() == 1 {
            finding.hinting(
                "the C API has versions of its own: build against the oldest one that the extension needs",
            )
        } else {
            finding
        })
    }

    fn platform(&self, footer: &Footer) -> Option<Finding> {
        let built = shown(&footer.platform);
        let why = match self.host.platform.as_deref() {
            Some(own) if own == footer.platform => return None,
            Some(own) => format!("built for the platform `{built}`, not for `{}`", shown(own)),
            None => return self.no_such_platform(&footer.platform),
        };
        Some(self.cited(self.refused(Check::LoadPlatform, why), Abi::Cpp))
    }

    /// Checks whether the engine exists for the platform of a file, where no platform was asked about.
    fn no_such_platform(&self, platform: &str) -> Option<Finding> {
        let package = self.catalog.package(self.release.0);
        let excluded = package.needs(self.release.1).iter().find(|need| {
            let target = self.catalog.package(need.target);
            let allowed = &self.catalog.constraint(need.constraint).allowed;
            need.kind == NeedKind::Conflicts
                && target.kind == PackageKind::Platform
                && target.find(platform).is_some_and(|rank| allowed.contains(rank))
        })?;
        let label = &self.host.label;
        let why =
            format!("built for the platform `{}`, which {label} does not have", shown(platform));
        let cite = self.catalog.cite_for(excluded.fact, Some(self.release));
        Some(self.refused(Check::LoadPlatform, why).citing(cite))
    }

    fn signature(&self, footer: &Footer) -> Option<Finding> {
        if self.host.unsigned {
            return None;
        }
        let why = match footer.signature {
            Signature::Trusted => return None,
            Signature::Missing => "the file has no signature",
            Signature::Untrusted => {
                "no key that engines carry made the signature, or the file was changed since"
            }
        };
        let finding = self.refused(Check::LoadSignature, why);
        Some(finding.hinting("--unsigned judges engines that run with allow_unsigned_extensions"))
    }

    /// Checks the entry points, if the file has any with a name that tells.
    fn entry(&self, era: Era, abi: Abi) -> Option<Finding> {
        let file = self.file;
        let base = base_name(file.name.as_deref()?);
        let endings = era.entries(abi);
        let has =
            |ending: &&str| file.entries.iter().any(|name| *name == format!("{base}{ending}"));
        if file.entries.is_empty() || endings.iter().any(has) {
            return None;
        }
        let there: Vec<_> = file.entries.iter().map(|name| format!("`{name}`")).collect();
        let ending = endings.first().copied().unwrap_or_default();
        let finding = self.refused(
            Check::LoadEntry,
            format!(
                "the engine looks for `{}{ending}`, named after the file; there is {}",
                shown(&base),
                there.join(", ")
            ),
        );
        let real = file.entries.iter().find_map(|name| name.strip_suffix(ending));
        Some(match real {
            Some(real) => finding.hinting(format!("name the file {real}{SUFFIX}")),
            None => finding,
        })
    }

    /// Adds the fact behind a check of what engines offer on an ABI.
    fn cited(&self, finding: Finding, abi: Abi) -> Finding {
        match self.cite(abi) {
            Some(cite) => finding.citing(cite),
            None => finding,
        }
    }

    fn cite(&self, abi: Abi) -> Option<Cite> {
        let mut interfaces = self.catalog.interfaces().iter();
        let interface = interfaces.find(|interface| interface.name == abi.interface())?;
        let offer = interface.offer(self.release.0, self.release.1)?;
        Some(self.catalog.cite_for(offer.fact, Some(self.release)))
    }
}

/// Names what a file was built for.
fn built_for(footer: &Footer) -> String {
    let text = shown(&footer.built_for);
    if footer.is_for_c_api() { format!("the C API {text}") } else { format!("`{text}`") }
}

/// Returns whether a text could be the commit of a development build.
fn looks_like_commit(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
