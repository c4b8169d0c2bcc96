//! A verb with its arguments, made into a query: texts are read, and files become bytes.

use std::path::Path;

use jiff::civil::Date;

use super::args::diff::DiffArgs;
use super::args::grid::GridArgs;
use super::args::import::{ImportArgs, ReadAs};
use super::args::train::{ChangeArg, ComponentArgs, Product, ReleaseArg, TrainVerb};
use super::args::{AsOf, Common, Format, PlanQuestion, PreferArg, Question, Verb};
use super::{files, output, walk};
use crate::evidence::formats::{format, guess};
use crate::failure::Failure;
use crate::matrix::{DEPLOYMENT_LIMIT, MATRIX_LIMIT, PLAN_LIMIT};
use crate::query::{
    ChangeKind, CheckQuery, DiffQuery, Extent, GraphQuery, GridQuery, ImportQuery, InspectQuery,
    LintQuery, ListQuery, PairQuery, PathQuery, PlanQuery, Preference, Query, ResolveQuery,
    SetsQuery, SupportQuery, TrainParty, TrainQuery, TrainQuestion, TrainTarget, VerifyQuery,
};
use crate::spec::{Spec, SpecError};

/// Returns where a verb writes a lock, if it does.
pub(super) fn lock(verb: &Verb) -> Option<&Path> {
    if let Verb::Resolve { lock, .. } = verb { lock.as_deref() } else { None }
}

/// Returns the query of a verb that asks one.
pub(super) fn query(common: &Common, verb: &Verb) -> Result<Query, Failure> {
    Ok(match verb {
        Verb::Check { deployment, rolling, require_supported, as_of } => {
            let deployment = files::file(deployment, DEPLOYMENT_LIMIT)?;
            let (rolling, require_supported) = (*rolling, *require_supported);
            Query::Check(CheckQuery { deployment, rolling, require_supported, day: day(as_of)? })
        }
        Verb::Pair { relation, from, to, feature } => {
            let (relation, features) = (relation.clone(), feature.clone());
            let (from, to) = (Spec::parse(from)?, Spec::parse(to)?);
            Query::Pair(PairQuery { relation, from, to, features })
        }
        Verb::Resolve { question, prefer, installed, why, lock: _ } => {
            Query::Resolve(resolve(question, *prefer, installed.as_deref(), why)?)
        }
        Verb::Sets { question, prefer, count, limit } => {
            let best = limit.map_or_else(Extent::default, Extent::Best);
            let extent = if *count { Extent::Count } else { best };
            Query::Sets(sets(question, (*prefer).into(), extent)?)
        }
        Verb::Grid(asked) => Query::Grid(grid(asked)?),
        Verb::Diff(asked) => Query::Diff(diff(asked)?),
        Verb::Path { from, to, feature, accept_risk } => {
            let from = Spec::parse(from)?;
            let to = Spec::parse_beside(to, &from)?;
            let (features, accept_risks) = (feature.clone(), accept_risk.clone());
            Query::Path(PathQuery { from, to, features, accept_risks })
        }
        Verb::Plan(asked) => Query::Plan(plan(asked)?),
        Verb::Verify { file, against } => Query::Verify(verify(file, against.as_deref())?),
        Verb::Inspect { files, engines, platform, unsigned } => {
            let (files, hosts) = (walk::inspected(files)?, specs(engines)?);
            let (platform, unsigned) = (platform.clone(), *unsigned);
            Query::Inspect(InspectQuery { files, hosts, platform, unsigned })
        }
        Verb::Import(asked) => Query::Import(import(common, asked)?),
        Verb::Support { specs: list, as_of, within } => {
            let within = within.as_deref().map(days).transpose()?;
            Query::Support(SupportQuery { specs: specs(list)?, day: day(as_of)?, within })
        }
        Verb::Train(verb) => Query::Train(train(verb)?),
        Verb::List { name } => Query::List(ListQuery { name: name.clone() }),
        Verb::Lint { files } => {
            let read = files.iter().map(|path| files::file(path, MATRIX_LIMIT));
            Query::Lint(LintQuery { files: read.collect::<Result<_, _>>()? })
        }
        Verb::Graph { spec, patches, limit } => {
            let around = spec.as_deref().map(Spec::parse).transpose()?;
            Query::Graph(GraphQuery { around, patches: *patches, limit: *limit })
        }
        #[cfg(feature = "live")]
        Verb::Observe(_) | Verb::Gate(_) => return Err(no_query()),
        Verb::Query { .. } | Verb::Schema { .. } | Verb::Completions { .. } => {
            return Err(no_query());
        }
    })
}

fn no_query() -> Failure {
    Failure::new("this verb asks no query")
}

fn resolve(
    question: &Question,
    prefer: PreferArg,
    installed: Option<&Path>,
    why: &[String],
) -> Result<ResolveQuery, Failure> {
    Ok(ResolveQuery {
        specs: specs(&question.specs)?,
        day: named_day(question.as_of.as_deref())?,
        day_is_chosen: question.as_of.is_some(),
        prefer: prefer.into(),
        installed: installed.map(|path| files::file(path, DEPLOYMENT_LIMIT)).transpose()?,
        why: why.to_vec(),
        budget: question.budget,
    })
}

fn sets(question: &Question, prefer: PreferArg, extent: Extent) -> Result<SetsQuery, Failure> {
    Ok(SetsQuery {
        specs: specs(&question.specs)?,
        day: named_day(question.as_of.as_deref())?,
        prefer: prefer.into(),
        extent,
        budget: question.budget,
    })
}

fn grid(asked: &GridArgs) -> Result<GridQuery, Failure> {
    Ok(GridQuery {
        core: core_of_grid(&asked.core, asked.range.as_deref())?,
        plugins: specs(&asked.plugins)?,
        patches: asked.patches,
        platform: asked.platform.clone(),
        only_supported: asked.only_supported,
        why: asked.why,
        day: day(&asked.as_of)?,
    })
}

fn diff(asked: &DiffArgs) -> Result<DiffQuery, Failure> {
    let from = Spec::parse(&asked.from)?;
    Ok(DiffQuery {
        to: Spec::parse_beside(&asked.to, &from)?,
        from,
        with: specs(&asked.with)?,
        core: asked.core.as_deref().map(Spec::parse).transpose()?,
        features: asked.feature.clone(),
        day: day(&asked.as_of)?,
    })
}

fn verify(file: &Path, against: Option<&Path>) -> Result<VerifyQuery, Failure> {
    let against = against.map(|path| files::file(path, DEPLOYMENT_LIMIT)).transpose()?;
    Ok(VerifyQuery { file: files::file(file, PLAN_LIMIT)?, against })
}

fn specs(texts: &[String]) -> Result<Vec<Spec>, SpecError> {
    texts.iter().map(|text| Spec::parse(text)).collect()
}

/// Returns the day to judge by: the one that was named, or today.
fn day(as_of: &AsOf) -> Result<Date, Failure> {
    named_day(as_of.as_of.as_deref())
}

fn named_day(text: Option<&str>) -> Result<Date, Failure> {
    match text {
        Some(text) if text.len() == 10 => {
            text.parse().map_err(|_| Failure::new(format!("there is no day `{text}`")))
        }
        Some(text) => Err(Failure::new(format!("expected a date `YYYY-MM-DD`, found `{text}`"))),
        None => Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
    }
}

/// Reads `90` or `90d`.
fn days(text: &str) -> Result<i64, Failure> {
    text.strip_suffix('d').unwrap_or(text).parse().map_err(|_| {
        Failure::new(format!("expected a number of days such as `90d`, found `{text}`"))
    })
}

fn core_of_grid(core: &str, range: Option<&str>) -> Result<Spec, Failure> {
    let spec = Spec::parse(core)?;
    match (range, spec.version()) {
        (None, _) => Ok(spec),
        (Some(range), None) => Ok(Spec::of(spec.name(), range)),
        (Some(_), Some(_)) => Err(Failure::new("the releases of the core are given twice")
            .hint("either NAME@RANGE or --core RANGE")),
    }
}

fn plan(asked: &PlanQuestion) -> Result<PlanQuery, Failure> {
    Ok(PlanQuery {
        deployment: files::file(&asked.deployment, DEPLOYMENT_LIMIT)?,
        to: specs(&asked.to)?,
        max_unavailable: asked.max_unavailable,
        per_zone: asked.per_zone,
        canary: asked.canary.unwrap_or_default(),
        accept_risks: asked.accept_risk.clone(),
        allow_downtime: asked.allow_downtime,
        require_supported: asked.require_supported,
        day: day(&asked.as_of)?,
    })
}

/// Reads the files of an import, in the format that was named or that they look like.
fn import(common: &Common, asked: &ImportArgs) -> Result<ImportQuery, Failure> {
    let (read_as, paths) = asked.files(common.format == Format::Auto);
    let (name, files) = match read_as {
        ReadAs::Named(name) => match format(name) {
            Some(format) => (name, walk::imported(&paths, format)?),
            // The answer says what is wrong with the name, whatever the files are.
            None => (name, walk::only_named(&paths)),
        },
        ReadAs::Auto => {
            let (format, files) = walk::guessing(&paths, guess)?;
            if !common.quiet {
                output::note(&format!("read as {}: {}", format.name, format.about));
            }
            (format.name, files)
        }
    };
    Ok(ImportQuery {
        format: Some(name.to_owned()),
        files,
        name: asked.name.clone(),
        default_name: walk::name(&paths),
        features: asked.feature.clone(),
        role: asked.role.clone(),
        with: specs(&asked.with)?,
    })
}

fn train(verb: &TrainVerb) -> Result<TrainQuery, Failure> {
    let (product, question) = match verb {
        TrainVerb::Phases { product, phase } => {
            (of_product(product)?, TrainQuestion::Phases { phase: phase.clone() })
        }
        TrainVerb::Merge { product, phase, change, release, extension, component, target } => {
            if !*extension && (component.branches.is_some() || component.kind.is_some()) {
                return Err(Failure::new("--branches and --kind are about extensions")
                    .hint("add --extension if the change is to one"));
            }
            let question = TrainQuestion::Merge {
                phase: phase.clone(),
                change: change.map(Into::into),
                release: (*release).into(),
                extension: extension.then(|| component.into()),
                target: target.clone(),
            };
            (of_product(product)?, question)
        }
        TrainVerb::Target { product, phase, component, branch } => {
            let (phase, branch) = (phase.clone(), branch.clone());
            let extension = component.into();
            (of_product(product)?, TrainQuestion::Target { phase, extension, branch })
        }
        TrainVerb::Ships { product, release, component } => {
            let (release, extension) = ((*release).into(), component.into());
            (of_product(product)?, TrainQuestion::Ships { release, extension })
        }
        TrainVerb::Switch { product, from, to, phase } => {
            let question = TrainQuestion::Switch { from: *from, to: *to, phase: phase.clone() };
            (of_product(product)?, question)
        }
        TrainVerb::Ready { release } => (Spec::parse(release)?, TrainQuestion::Ready),
    };
    Ok(TrainQuery { product, question })
}

fn of_product(product: &Product) -> Result<Spec, Failure> {
    let spec = Spec::parse(&product.product)?;
    if spec.version().is_some() {
        return Err(Failure::new(format!("expected the name of a product, found `{spec}`"))
            .hint("--at VERSION names its newest release"));
    }
    Ok(product.at.as_ref().map_or_else(|| spec.clone(), |at| Spec::of(spec.name(), at)))
}

impl From<&ComponentArgs> for TrainParty {
    fn from(stated: &ComponentArgs) -> Self {
        Self { branches: stated.branches, kind: stated.kind.clone() }
    }
}

impl From<ChangeArg> for ChangeKind {
    fn from(change: ChangeArg) -> Self {
        match change {
            ChangeArg::Fix => Self::Fix,
            ChangeArg::Feature => Self::Feature,
        }
    }
}

impl From<ReleaseArg> for TrainTarget {
    fn from(release: ReleaseArg) -> Self {
        match release {
            ReleaseArg::Patch => Self::Patch,
            ReleaseArg::Minor => Self::Minor,
            ReleaseArg::NextMinor => Self::NextMinor,
        }
    }
}

impl From<PreferArg> for Preference {
    fn from(prefer: PreferArg) -> Self {
        match prefer {
            PreferArg::Newest => Self::Newest,
            PreferArg::Oldest => Self::Oldest,
            PreferArg::Installed => Self::Installed,
            PreferArg::Lts => Self::Lts,
        }
    }
}
