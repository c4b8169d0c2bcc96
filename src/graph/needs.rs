//! Which package requires which: cycles, order, reachability.

use std::collections::BTreeSet;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;

use crate::catalog::{Catalog, NeedKind, PackageIx};

/// Returns the groups of packages that require each other, directly or not; a package that requires
/// itself is a group of one. Sorted, as is each group.
pub fn requirement_cycles(catalog: &Catalog) -> Vec<Vec<PackageIx>> {
    let graph = requirements(catalog);
    let mut cycles = components(&graph);
    cycles.retain(|group| match group.as_slice() {
        [only] => graph.contains_edge(node(*only), node(*only)),
        _ => true,
    });
    cycles.sort_unstable();
    cycles
}

/// Returns all packages so that what a package requires comes before it. Members of a cycle stand
/// together.
pub fn dependency_order(catalog: &Catalog) -> Vec<PackageIx> {
    components(&requirements(catalog)).into_iter().flatten().collect()
}

/// Returns the roots and everything that they require, directly or not, in order of position.
pub fn reachable(catalog: &Catalog, roots: &[PackageIx]) -> Vec<PackageIx> {
    let graph = requirements(catalog);
    let mut found = BTreeSet::new();
    let mut search = Dfs::empty(&graph);
    for &root in roots {
        search.move_to(node(root));
        while let Some(next) = search.next(&graph) {
            found.insert(graph[next]);
        }
    }
    found.into_iter().collect()
}

/// The graph with an edge from each package to those that some release of it requires. Node indices
/// are package positions.
fn requirements(catalog: &Catalog) -> DiGraph<PackageIx, ()> {
    let mut graph = DiGraph::new();
    for (ix, _) in catalog.packages() {
        graph.add_node(ix);
    }
    for (ix, package) in catalog.packages() {
        let targets: BTreeSet<_> = package
            .ranks()
            .flat_map(|rank| package.needs(rank))
            .filter(|need| need.kind == NeedKind::Requires)
            .map(|need| need.target)
            .collect();
        for target in targets {
            graph.add_edge(node(ix), node(target), ());
        }
    }
    graph
}

/// Strongly connected components, required ones first. Kosaraju's algorithm, because petgraph's
/// Tarjan recurses and the depth of a matrix has no bound.
fn components(graph: &DiGraph<PackageIx, ()>) -> Vec<Vec<PackageIx>> {
    let mut groups = Vec::new();
    for component in kosaraju_scc(graph) {
        let mut group: Vec<_> = component.into_iter().map(|node| graph[node]).collect();
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

fn node(package: PackageIx) -> NodeIndex {
    NodeIndex::new(package.ix())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::catalog;

    const RING: &str = r#"
        "packages": [
          { "name": "app", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0", "needs": { "left": "*" } } ] },
          { "name": "left", "kind": "plugin", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0", "needs": { "right": "*" } } ] },
          { "name": "right", "kind": "plugin", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0", "needs": { "left": "*", "base": "*" } },
                          { "version": "2.0.0", "needs": {
                            "app": { "range": "*", "kind": "optional" } } } ] },
          { "name": "base", "kind": "runtime", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0" } ] },
          { "name": "self", "kind": "plugin", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0", "needs": { "self": "*" } } ] }
        ]"#;

    fn names(catalog: &Catalog, packages: &[PackageIx]) -> String {
        packages.iter().map(|&ix| catalog.package(ix).name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cycles_are_found_and_optional_needs_make_none() {
        let catalog = catalog(RING);
        let cycles: Vec<_> =
            requirement_cycles(&catalog).iter().map(|group| names(&catalog, group)).collect();
        assert_eq!(cycles, ["left right", "self"]);
    }

    #[test]
    fn order_puts_requirements_first() {
        let catalog = catalog(RING);
        let order = dependency_order(&catalog);
        assert_eq!(order.len(), 5);
        let place = |name: &str| {
            let ix = catalog.find(name).unwrap();
            order.iter().position(|&other| other == ix).unwrap()
        };
        assert!(place("base") < place("left").min(place("right")));
        assert!(place("left").max(place("right")) < place("app"));
        assert_eq!(place("left").abs_diff(place("right")), 1);
    }

    #[test]
    fn reach_holds_the_roots() {
        let catalog = catalog(RING);
        let from = |name: &str| reachable(&catalog, &[catalog.find(name).unwrap()]);
        assert_eq!(names(&catalog, &from("app")), "app left right base");
        assert_eq!(names(&catalog, &from("base")), "base");
        assert!(reachable(&catalog, &[]).is_empty());
    }
}
