//! tmp
fn main() {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    names.sort();
    let t = std::time::Instant::now();
    let bytes: Vec<_> = names.iter().map(|n| std::fs::read(n).unwrap()).collect();
    let inputs: Vec<_> = names
        .iter()
        .zip(&bytes)
        .map(|(n, b)| skew::matrix::Input { name: n, bytes: b })
        .collect();
    let l = skew::matrix::load(&inputs, &[]);
    println!("{:?}", t.elapsed());
    for p in l.problems.list.iter().take(60) {
        println!(
            "{:?} {} {:?} {} {:?}",
            p.severity,
            p.code.name(),
            p.span.as_ref().map(|s| (
                l.problems.files[p.file].1[..s.start].matches('\n').count() + 1,
                s.clone()
            )),
            p.message,
            p.hint
        );
    }
    println!("{}", l.problems.list.len());
}
