//! Signatures of DuckDB extensions: RSA over a digest of digests.
//!
//! What is signed is the SHA-256 over the SHA-256 of each MiB before the signature, in the way of PKCS #1
//! version 1.5. A file is trusted if one of the keys in the engine made its signature.

use std::sync::OnceLock;

use num_bigint::BigUint;
use sha2::{Digest, Sha256};

use crate::binary::Signature;

/// Length of a signature, in bytes.
pub(super) const LENGTH: usize = 256;

/// The trusted keys, one a line.
const KEYS: &str = include_str!("duckdb_keys.txt");

const EXPONENT: u32 = 65_537;

/// The first bytes of the DER form of a SHA-256 digest.
const SHA256_HEAD: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

/// Says what a signature is worth.
pub(super) fn judge(signature: &[u8], digest: &[u8; 32]) -> Signature {
    if signature.iter().all(|&byte| byte == 0) {
        return Signature::Missing;
    }
    let number = BigUint::from_bytes_be(signature);
    let exponent = BigUint::from(EXPONENT);
    let wanted = BigUint::from_bytes_be(&padded(digest));
    let signs = |key: &BigUint| number < *key && number.modpow(&exponent, key) == wanted;
    if keys().iter().any(signs) { Signature::Trusted } else { Signature::Untrusted }
}

/// Returns the moduli of the trusted keys.
fn keys() -> &'static [BigUint] {
    static READ: OnceLock<Vec<BigUint>> = OnceLock::new();
    READ.get_or_init(|| {
        let lines = KEYS.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| BigUint::parse_bytes(line.as_bytes(), 16)).collect()
    })
}

/// Returns what a signature of a digest is, after the key was applied: the digest in DER at the end, ones
/// before it.
fn padded(digest: &[u8; 32]) -> [u8; LENGTH] {
    let mut block = [0xff; LENGTH];
    let end = LENGTH - digest.len();
    let head = end - SHA256_HEAD.len();
    block[0] = 0;
    block[1] = 1;
    block[head - 1] = 0;
    block[head..end].copy_from_slice(&SHA256_HEAD);
    block[end..].copy_from_slice(digest);
    block
}

/// Number of bytes that are hashed together, before the hashes are hashed.
const CHUNK: usize = 1 << 20;

/// SHA-256 of the SHA-256 of each chunk.
#[derive(Default)]
pub(super) struct ChunkedDigest {
    chunk: Sha256,
    filled: usize,
    whole: Sha256,
}

impl ChunkedDigest {
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.filled));
            self.chunk.update(now);
            self.filled += now.len();
            bytes = later;
            if self.filled == CHUNK {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let chunk = std::mem::take(&mut self.chunk);
        self.whole.update(chunk.finalize());
        self.filled = 0;
    }

    pub(super) fn finish(mut self) -> [u8; 32] {
        if self.filled > 0 {
            self.close();
        }
        self.whole.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        assert_eq!(keys().len(), 39);
        assert!(keys().iter().all(|key| key.bits() == 2048));
    }

    /// A number to the power of 65537 is not a padded digest unless somebody had the private key, so
    /// real signatures are left to the engines' own files in the integration tests.
    #[test]
    fn what_no_key_made_is_not_trusted() {
        let digest = ChunkedDigest::default().finish();
        assert_eq!(judge(&[0; LENGTH], &digest), Signature::Missing);
        assert_eq!(judge(&[1; LENGTH], &digest), Signature::Untrusted);
        assert_eq!(judge(&[0xff; LENGTH], &digest), Signature::Untrusted);
        assert_eq!(judge(&padded(&digest), &digest), Signature::Untrusted);
    }

    #[test]
    fn pieces_do_not_change_the_digest() {
        let bytes: Vec<u8> = (0..CHUNK + 3).map(|ix| u8::try_from(ix % 251).unwrap()).collect();
        let digest = |size: usize| {
            let mut digest = ChunkedDigest::default();
            bytes.chunks(size).for_each(|piece| digest.push(piece));
            digest.finish()
        };
        let first = Sha256::digest(&bytes[..CHUNK]);
        let rest = Sha256::digest(&bytes[CHUNK..]);
        let expected: [u8; 32] = Sha256::digest([first, rest].concat()).into();
        assert_eq!(digest(bytes.len()), expected);
        assert_eq!(digest(1000), expected);
    }
}
