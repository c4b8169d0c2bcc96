//! Extension files made of a body and a footer.

/// What to write into a footer.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) magic: &'static str,
    pub(super) abi: &'static str,
    pub(super) built_for: &'static str,
    pub(super) platform: &'static str,
    pub(super) body: Vec<u8>,
}

/// The head of the WebAssembly section that build tools write before a footer.
const FRAME: &[u8] = b"\x00\x93\x04\x10duckdb_signature\x80\x04";

pub(super) fn made(abi: &'static str, built_for: &'static str) -> Made {
    Made { magic: "4", abi, built_for, platform: "linux_amd64", body: vec![0; 700] }
}

impl Made {
    pub(super) fn on(self, platform: &'static str) -> Self {
        Self { platform, ..self }
    }

    /// Adds a name as a table of names has it.
    pub(super) fn entry(mut self, name: &str) -> Self {
        self.body.extend_from_slice(name.as_bytes());
        self.body.push(0);
        self
    }

    /// Returns the file, without a signature.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.body.clone();
        bytes.extend_from_slice(FRAME);
        let fields = ["", "", "", self.abi, "1.0", self.built_for, self.platform, self.magic];
        for field in fields {
            let mut filled = field.as_bytes().to_vec();
            filled.resize(32, 0);
            bytes.extend(filled);
        }
        bytes.extend([0; 256]);
        bytes
    }
}
