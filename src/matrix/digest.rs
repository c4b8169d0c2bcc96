//! The name of a file's bytes.

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of a file's bytes as 64 lower-case hexadecimal digits. A lock names the
/// matrices it was made from by it, so it must not be possible to find other bytes with the same one.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| char::from(b"0123456789abcdef"[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    /// The examples of FIPS 180-4 and the empty text.
    #[test]
    fn digests_are_those_of_the_standard() {
        insta::assert_snapshot!(super::sha256(b""), @"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        insta::assert_snapshot!(super::sha256(b"abc"), @"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
