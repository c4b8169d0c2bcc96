//! Whom to trust, and who we are.

use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

/// Whom to trust, and who we are.
#[derive(Clone, Default)]
pub struct Tls {
    /// Certificates of authorities, as PEM; those of the system if left out.
    pub authorities: Option<Vec<u8>>,
    /// Our certificate and its key, as PEM, where the server asks for one.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// True if to speak with a server whose certificate proves nothing.
    pub insecure: bool,
}

/// Why certificates cannot be used, whatever a server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// The authorities cannot be read, or there is none.
    #[error("expected a certificate of an authority in PEM")]
    Authorities,
    /// Our certificate cannot be read.
    #[error("expected a certificate in PEM")]
    Certificate,
    /// Our key cannot be read.
    #[error("expected a private key without passphrase in PEM")]
    Key,
    /// Our key is that of another certificate.
    #[error("the key is not that of the certificate")]
    Pair,
}

impl Tls {
    /// Reads all certificates, before any server is asked. What holds none would silently have no effect.
    ///
    /// # Errors
    ///
    /// Returns what cannot be used.
    pub fn check(&self) -> Result<(), TlsError> {
        if let Some(text) = &self.authorities {
            let mut store = RootCertStore::empty();
            for authority in certificates(text).ok_or(TlsError::Authorities)? {
                store.add(authority).map_err(|_| TlsError::Authorities)?;
            }
        }
        if let Some((certificate, key)) = &self.identity {
            let chain = certificates(certificate).ok_or(TlsError::Certificate)?;
            let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::Key)?;
            let provider = ring::default_provider();
            CertifiedKey::from_der(chain, key, &provider).map_err(|_| TlsError::Pair)?;
        }
        Ok(())
    }
}

/// Returns the certificates of a text; `None` if there is none or one cannot be read.
fn certificates(text: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    all.ok().filter(|all| !all.is_empty())
}
