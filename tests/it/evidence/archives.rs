//! Hostile and broken archives, and packages that lack what they must have.

use proptest::prelude::*;
use skew::binary::Artifact;
use skew::evidence::package_file;
use skew::matrix::Input;

use super::zips::{class, plugin, wheel, zip};
use crate::run::golden;

/// Reads a package; if it is none, returns what is wrong with it in one line.
fn read(name: &str, bytes: &[u8]) -> Result<Artifact, String> {
    package_file(&Input { name, bytes }).map_err(|problems| {
        let lines = problems.list.iter().map(|problem| {
            format!(
                "{} {}: {}",
                problem.code.name(),
                problems.files[problem.file].0,
                problem.message
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    read(name, bytes).expect_err("it is refused")
}

/// Returns where a text stands for the last time.
fn last(bytes: &[u8], text: &[u8]) -> usize {
    bytes.windows(text.len()).rposition(|window| window == text).unwrap()
}

#[test]
fn packages_are_read() {
    let lines = "Requires-Python: >=3.10\nRequires-Dist: Dagster_Pipes (==1.13.27)\n\
                 Requires-Dist: x @ https://host/x.whl ; extra == 'y'\n  and more\n\
                 Requires-Dist: (broken\n";
    let Artifact::Wheel(wheel) = read("d.whl", &wheel("Dagster.AWS", "0.29.27", lines)).unwrap()
    else {
        panic!("it is a wheel")
    };
    assert_eq!(wheel.package.label(), "dagster-aws 0.29.27");
    assert_eq!(wheel.requires_python.as_deref(), Some(">=3.10"));
    let asks = wheel.package.dependencies.iter().map(|ask| {
        let marker = ask.marker.as_deref().unwrap_or("always");
        format!("{} {} ({marker}) {}", ask.target, ask.range, ask.place)
    });
    insta::assert_snapshot!(asks.collect::<Vec<_>>().join("\n"), @r"
    python >=3.10 (always) METADATA, line 4
    dagster-pipes ==1.13.27 (always) METADATA, line 5
    x @ https://host/x.whl (extra == 'y' and more) METADATA, line 6
    ");
    let Artifact::PluginJar(jar) = read("p.jar", &plugin("plugin-test", "1.2.3", 21)).unwrap()
    else {
        panic!("it is a plugin")
    };
    assert_eq!(jar.package.label(), "plugin-test 1.2.3");
    assert_eq!(jar.group.as_deref(), Some("io.kestra.plugin.test"));
    let level = jar.classes.unwrap();
    assert_eq!((level.major, level.java(), jar.class_count), (65, 21, 3));
    assert_eq!(level.class, "io/kestra/plugin/test/Task.class");
}

/// Without classes of its own all classes count, but those for newer versions of Java.
#[test]
fn classes_that_are_packed_in_count_where_there_are_no_others() {
    let manifest: &[u8] = b"X-Kestra-Title: plugin-old\nX-Kestra-Version: 0.9.0\n";
    let jar = zip(&[
        ("META-INF/MANIFEST.MF", manifest),
        ("com/library/Packed.class", &class(17)),
        ("META-INF/versions/21/com/library/Packed.class", &class(21)),
    ]);
    let Artifact::PluginJar(jar) = read("p.jar", &jar).unwrap() else { panic!("it is a plugin") };
    assert_eq!(jar.package.label(), "plugin-old 0.9.0");
    assert_eq!(jar.classes.map(|level| level.java()), Some(17));
}

#[test]
fn what_is_no_package_is_said() {
    let good = plugin("plugin-test", "1.0.0", 21);
    let no_version = zip(&[("META-INF/MANIFEST.MF", b"X-Kestra-Name: plugin-x\n\n")]);
    let no_name = zip(&[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n\n")]);
    let bare = zip(&[("a-1.dist-info/METADATA", b"Name: a\n\nVersion: 1\n")]);
    let twice = zip(&[
        ("a-1.dist-info/METADATA", b"Name: a\nVersion: 1\n"),
        ("b\x1b-1.dist-info/METADATA", b"Name: b\nVersion: 1\n"),
    ]);
    let said = [
        refusal("empty.jar", b""),
        refusal("text.jar", b"hello"),
        refusal("cut.jar", &good[..good.len() / 2]),
        refusal("plain.jar", &zip(&[("a.txt", b"a")])),
        refusal("any.jar", &no_name),
        refusal("no-version.jar", &no_version),
        refusal("plain.whl", &zip(&[("a.txt", b"a")])),
        refusal("bare.whl", &bare),
        refusal("twice.whl", &twice),
    ];
    golden("evidence/no-packages.txt", &(said.join("\n") + "\n"));
}

#[test]
fn archives_that_blow_up_are_refused() {
    // Deflated a thousand times smaller.
    let zeros = vec![0; 100 << 20];
    let bomb = zip(&[("META-INF/MANIFEST.MF", &zeros)]);
    assert!(bomb.len() < 200 << 10);
    // One entry whose directory says that it is shorter than it is, and one that is too long for its kind.
    let manifest = vec![b'a'; 1 << 20];
    let mut lying = zip(&[("META-INF/MANIFEST.MF", &manifest)]);
    let size = last(&lying, b"PK\x01\x02") + 24;
    lying[size..size + 4].copy_from_slice(&5_u32.to_le_bytes());
    // It says more than it has.
    let mut boasting = zip(&[("META-INF/MANIFEST.MF", b"X-Kestra-Name: plugin-x\n")]);
    let size = last(&boasting, b"PK\x01\x02") + 24;
    boasting[size..size + 4].copy_from_slice(&4000_u32.to_le_bytes());
    // Two entries in the directory share the bytes of one.
    let mut sharing = zip(&[("a", b"12345678"), ("b", b"12345678")]);
    let offset = last(&sharing, b"PK\x01\x02") + 42;
    sharing[offset..offset + 4].fill(0);
    // A directory of more entries than any honest archive has.
    let mut crowded = b"PK\x03\x04".to_vec();
    crowded.extend(b"PK\x01\x02".repeat(200_001));
    // An archive in an archive is an entry like any other.
    let nested = zip(&[("inner.jar", &bomb)]);
    // Broken in the middle of an entry.
    let mut torn = plugin("plugin-test", "1.0.0", 21);
    torn[60..90].fill(0xff);
    let mut secret = plugin("plugin-test", "1.0.0", 21);
    let entries: Vec<_> =
        (0..secret.len() - 4).filter(|&at| &secret[at..at + 4] == b"PK\x01\x02").collect();
    for at in &entries {
        secret[at + 8] |= 1;
    }
    let mut packed = plugin("plugin-test", "1.0.0", 21);
    for at in &entries {
        packed[at + 10] = 12;
    }
    let said = [
        refusal("bomb.jar", &bomb),
        refusal("lying.jar", &lying),
        refusal("boasting.jar", &boasting),
        refusal("sharing.jar", &sharing),
        refusal("crowded.jar", &crowded),
        refusal("nested.jar", &nested),
        refusal("torn.jar", &torn),
        refusal("secret.jar", &secret),
        refusal("packed.jar", &packed),
    ];
    golden("evidence/hostile-archives.txt", &(said.join("\n") + "\n"));
}

proptest! {
    /// Any bytes are read or refused; a change somewhere never ends the program.
    #[test]
    fn no_bytes_break_the_reader(
        noise in proptest::collection::vec(any::<u8>(), 0..600),
        kind in 0_u8..3,
        cut in 0_usize..1200,
        flips in proptest::collection::vec((0_usize..1200, any::<u8>()), 0..6),
    ) {
        let mut bytes = match kind {
            0 => noise,
            1 => plugin("plugin-test", "1.0.0", 21),
            _ => wheel("a", "1.0", "Requires-Dist: b\n"),
        };
        if cut % 3 == 0 {
            bytes.truncate(cut);
        }
        for (at, byte) in flips {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        for name in ["a.whl", "a.jar", "a"] {
            if let Err(problems) = package_file(&Input { name, bytes: &bytes }) {
                prop_assert!(!problems.list.is_empty());
            }
        }
    }
}
