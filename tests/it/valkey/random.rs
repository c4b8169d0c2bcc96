//! Bytes that nobody wrote: random ones, and real answers cut, mixed and damaged. No reader panics, and each
//! gives the same answer to the same bytes.

use std::sync::LazyLock;

use proptest::prelude::*;
use skew::evidence::valkey;
use skew::matrix::Input;

use super::{CATALOG, real};
use crate::run::root;

/// All real answers.
static REAL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut files: Vec<Vec<u8>> =
        real("").iter().map(|name| std::fs::read(root().join(name)).unwrap()).collect();
    files.push(b"[{\"slots\":[0,1],\"nodes\":[{\"id\":\"a\",\"port\":1}]}]".to_vec());
    files.push(b"1) 1# \"slots\" => (empty array)\n   2# \"nodes\" => \n".to_vec());
    files.push(b"10.0.0.1:1> SENTINEL SENTINELS m\nname\nx\nip\n::1\nport\n26379\n".to_vec());
    files
});

const COMMANDS: [&str; 9] = [
    "INFO",
    "CLUSTER INFO",
    "CLUSTER NODES",
    "CLUSTER SHARDS",
    "ROLE",
    "MODULE LIST",
    "CONFIG GET *",
    "ACL LIST",
    "SENTINEL MASTERS",
];

fn read(files: &[Vec<u8>]) -> String {
    let names: Vec<String> = (0..files.len()).map(|ix| format!("n{}_info.txt", ix % 3)).collect();
    let inputs: Vec<Input<'_>> =
        files.iter().zip(&names).map(|(bytes, name)| Input { name, bytes }).collect();
    let neighbors = valkey::neighbors(&inputs);
    let observation = valkey::read(&CATALOG, &inputs);
    let text = match &observation {
        Ok(observation) => skew::report::json::deployment_file(observation),
        Err(_) => String::new(),
    };
    format!("{text}{observation:?}{neighbors:?}")
}

/// A real answer, damaged: cut at both ends, with a piece of another put in and a byte changed.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let one = 0..REAL.len();
    (one.clone(), one, any::<[prop::sample::Index; 4]>(), any::<u8>()).prop_map(
        |(one, two, at, byte)| {
            let (one, two) = (&REAL[one], &REAL[two]);
            let place = |index: prop::sample::Index, bytes: &[u8]| index.index(bytes.len() + 1);
            let (start, end) = (place(at[0], one), place(at[1], one));
            let mut made = one[start.min(end)..start.max(end)].to_vec();
            made.extend_from_slice(&two[place(at[2], two)..]);
            if !made.is_empty() {
                let changed = at[3].index(made.len());
                made[changed] = byte;
            }
            made
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_answers_do_no_harm(files in prop::collection::vec(damaged(), 1..5)) {
        prop_assert_eq!(read(&files), read(&files));
        for (command, bytes) in COMMANDS.iter().cycle().zip(&files) {
            valkey::reply(command, &String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), command in 0..COMMANDS.len()) {
        valkey::reply(COMMANDS[command], &String::from_utf8_lossy(&bytes));
        read(&[bytes]);
    }
}

/// Damage leaves enough whole that the readers are reached.
#[test]
fn damaged_answers_are_often_read() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut nodes = 0;
    for _ in 0..200 {
        let tree = damaged().new_tree(&mut runner).unwrap();
        nodes += usize::from(
            read(&[proptest::strategy::ValueTree::current(&tree)]).contains("\"nodes\": [\n"),
        );
    }
    assert!(nodes > 50, "{nodes} of 200 gave nodes");
}
