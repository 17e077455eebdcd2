//! Replaces vectors on targets without them, and with `--cfg propelauth_edge_portable`.

#[derive(Clone, Copy, Debug)]
pub(super) enum Vectors {}

impl Vectors {
    pub(super) fn detect() -> Option<Self> {
        None
    }

    pub(super) fn decode(self, _: &[u8], _: &mut [u8]) -> bool {
        match self {}
    }
}
