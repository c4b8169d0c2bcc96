//! Gates on answers that were written here.

use super::*;

fn plan() -> PlanRecord {
    let step = |wave, gate: &str| StepRecord {
        wave: Some(wave),
        node: Some(format!("n{gate}")),
        gates: vec![GateRecord { name: gate.to_owned(), ..GateRecord::default() }],
        ..StepRecord::default()
    };
    PlanRecord {
        preflight: vec![GateRecord { name: "first".to_owned(), ..GateRecord::default() }],
        steps: vec![step(1, "1"), step(1, "2"), step(2, "3"), step(3, "4")],
        ..PlanRecord::default()
    }
}

#[test]
fn the_gates_of_the_wave_that_is_done_stand_before_a_step() {
    let plan = plan();
    let names = |step| {
        let gates = before(&plan, step)?;
        Some(gates.iter().map(|gate| gate.name.as_str()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(names(1).as_deref(), Some("first"));
    assert_eq!(names(2).as_deref(), Some("1"), "a step of the same wave waits for those before it");
    assert_eq!(names(3).as_deref(), Some("1 2"));
    assert_eq!(names(4).as_deref(), Some("3"));
    assert_eq!(names(5).as_deref(), Some("4"), "the end of the plan");
    assert_eq!((names(0), names(6)), (None, None));
    assert_eq!(nodes(&plan), ["n1", "n2", "n3", "n4"]);
}

/// An answer whose parts are key, whether it is the node's own, and values of one field.
fn table(field: &str, parts: &[(&str, bool, &[&str])]) -> NodeReply {
    let part = |&(key, own, values): &(&str, bool, &[&str])| Part {
        key: key.to_owned(),
        own,
        values: values.iter().map(|text| (field.to_owned(), (*text).to_owned(), 1)).collect(),
    };
    NodeReply::Reply(Reply { parts: parts.iter().map(part).collect() })
}

fn gate(nodes: &[&str], field: &str, expect: &str) -> GateRecord {
    GateRecord {
        name: "g".to_owned(),
        nodes: nodes.iter().map(|node| (*node).to_owned()).collect(),
        probe: Some(Probe {
            command: "C".to_owned(),
            field: Some(field.to_owned()),
            expect: Expect::parse(expect).expect("a form"),
        }),
        ..GateRecord::default()
    }
}

/// Judges a gate; answers are those of nodes to `C`, and to `IF` where the gate has a condition.
fn judged(gate: &GateRecord, answers: &[(&str, &str, NodeReply)]) -> String {
    let all: Vec<String> = ["a", "b", "c"].map(ToOwned::to_owned).to_vec();
    let gates = Gates::new(vec![gate], &all);
    let said: BTreeMap<GateQuestion, NodeReply> = answers
        .iter()
        .map(|(node, command, answer)| {
            (((*node).to_owned(), (*command).to_owned()), answer.clone())
        })
        .collect();
    let asked = gates.questions();
    for question in said.keys() {
        assert!(asked.contains(question), "{question:?} was not asked");
    }
    let line = |check: &GateCheck| {
        format!("{} {:?}", check.node.as_deref().unwrap_or("all"), check.outcome)
    };
    gates.judge(&said).iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn one_node_by_itself() {
    let ok = gate(&["a"], "state", "ok");
    let said = |value| [("a", "C", table("state", &[("", true, &[value])]))];
    insta::assert_snapshot!(judged(&ok, &said("ok")), @"a Holds");
    insta::assert_snapshot!(judged(&ok, &said("fail")), @r#"a Fails("fail")"#);
    insta::assert_snapshot!(judged(&ok, &[("a", "C", NodeReply::Refused("NOPERM no".to_owned()))]), @r#"a Unanswered("refused: NOPERM no")"#);
    insta::assert_snapshot!(judged(&ok, &[("a", "C", NodeReply::Silent("refused".to_owned()))]), @r#"a Unanswered("refused")"#);
    insta::assert_snapshot!(judged(&ok, &[("a", "C", table("other", &[("", true, &["ok"])]))]), @r#"a Fails("nothing")"#);
}

#[test]
fn nodes_that_a_gate_does_not_concern() {
    let only = Probe {
        command: "IF".to_owned(),
        field: Some("on".to_owned()),
        expect: Expect::parse("1").expect("a form"),
    };
    let gate = GateRecord { only_if: Some(only), ..gate(&[], "state", "ok") };
    let state = |value| table("state", &[("", true, &[value])]);
    let on = |value| table("on", &[("", true, &[value])]);
    let answers = [
        ("a", "IF", on("1")),
        ("a", "C", state("ok")),
        ("b", "IF", on("0")),
        ("c", "IF", NodeReply::Silent("gone".to_owned())),
    ];
    insta::assert_snapshot!(judged(&gate, &answers), @r#"
    b NotConcerned
    c Unanswered("gone")
    a Holds
    "#);
}

#[test]
fn a_number_beside_that_of_another_node() {
    let others = [("b".to_owned(), "a".to_owned())].into();
    let gate = GateRecord { others, ..gate(&["b"], "mine", ">={primary.theirs}-10") };
    let both = |mine, theirs| {
        [
            ("b", "C", table("mine", &[("", true, &[mine])])),
            ("a", "C", table("theirs", &[("", true, &[theirs])])),
        ]
    };
    insta::assert_snapshot!(judged(&gate, &both("90", "100")), @"b Holds");
    insta::assert_snapshot!(judged(&gate, &both("89", "100")), @r#"b Fails("89, to be compared with 100")"#);
    insta::assert_snapshot!(judged(&gate, &both("89", "many")), @r#"b Unanswered("a: no number theirs")"#);
    let alone = [("b", "C", table("mine", &[("", true, &["1"])]))];
    insta::assert_snapshot!(judged(&gate, &alone), @r#"b Unanswered("a: it was not asked")"#);
    let without = GateRecord { others: BTreeMap::new(), ..gate };
    insta::assert_snapshot!(judged(&without, &alone), @r#"b Unanswered("nobody to compare it with")"#);
}

#[test]
fn what_all_say_of_one() {
    let gate = gate(&["a", "b"], "flags", "b is master on every node");
    let view = |own: &'static str, of_b: &'static [&'static str]| {
        let rest: Vec<(&str, bool, &[&str])> =
            vec![("1", own == "1", &["slave"]), ("2", own == "2", of_b)];
        table("flags", &rest)
    };
    let agreed = [
        ("a", "C", view("1", &["master"])),
        ("b", "C", view("2", &["myself", "master"])),
        ("c", "C", view("3", &["slave"])),
    ];
    insta::assert_snapshot!(judged(&gate, &agreed), @r#"
    a Holds
    b Holds
    c Fails("slave")
    "#);
    insta::assert_snapshot!(judged(&gate, &agreed[..1]), @r#"
    a Unanswered("b: it was not asked")
    b Unanswered("b: it was not asked")
    c Unanswered("b: it was not asked")
    "#);
}

#[test]
fn what_is_alike_everywhere() {
    let gate = gate(&["a", "b", "c"], "", "same on every node except lua");
    let list = |names: &[&'static str]| {
        let parts: Vec<Part> = names
            .iter()
            .map(|name| Part {
                key: (*name).to_owned(),
                own: false,
                values: vec![(String::new(), format!("{name} 1"), 1)],
            })
            .collect();
        NodeReply::Reply(Reply { parts })
    };
    let alike =
        [("a", "C", list(&["bf", "lua"])), ("b", "C", list(&["bf"])), ("c", "C", list(&["bf"]))];
    insta::assert_snapshot!(judged(&gate, &alike), @"all Holds");
    let lacking = [("a", "C", list(&["bf"])), ("b", "C", list(&[])), ("c", "C", list(&["bf"]))];
    insta::assert_snapshot!(judged(&gate, &lacking), @r#"all Fails("nothing on b; bf 1 on a, c")"#);
}

#[test]
fn flags_that_must_not_be() {
    let gate = gate(&["a"], "flags", "none of fail, fail?");
    let view = table(
        "flags",
        &[
            ("1", true, &["myself", "master"]),
            ("2", false, &["slave", "fail?"]),
            ("3", false, &["slave"]),
        ],
    );
    insta::assert_snapshot!(judged(&gate, &[("a", "C", view)]), @r#"a Fails("fail? (2)")"#);
}

/// A server that does not know a command has not what the command tells of.
#[test]
fn unknown_commands_are_no_features() {
    let refused = || NodeReply::Refused("ERR unknown command 'C'".to_owned());
    let unused = gate(&["a"], "x", "not yes");
    insta::assert_snapshot!(judged(&unused, &[("a", "C", refused())]), @"a Holds");
    let wanted = gate(&["a"], "x", "yes");
    insta::assert_snapshot!(judged(&wanted, &[("a", "C", refused())]), @r#"a Unanswered("refused: ERR unknown command 'C'")"#);
}

#[test]
fn people_are_not_asked() {
    let mut gate = gate(&["a"], "x", "yes");
    gate.probe =
        gate.probe.map(|probe| Probe { expect: Expect::ByHand("as before".to_owned()), ..probe });
    insta::assert_snapshot!(judged(&gate, &[]), @"all ByHand");
    insta::assert_snapshot!(judged(&GateRecord::default(), &[]), @"all ByHand");
}
