//! The claims that a verifier expects.

use super::issuer;
use crate::error::MetadataError;
use crate::limits::MAX_ISSUER_LEN;

/// The expected issuers and audience, and the leeway. One array holds the texts, to save space in embedded programs:
/// the issuers at its beginning, the audience at its end, so that they can be set in any order.
#[derive(Clone)]
pub(crate) struct Expected {
    text: [u8; MAX_ISSUER_LEN],
    issuer_len: u16,
    /// 0 if there is one issuer.
    additional_issuer_len: u16,
    /// 0 if any audience is accepted.
    audience_len: u16,
    /// In seconds.
    pub(crate) leeway: u32,
}

const _: () = assert!(MAX_ISSUER_LEN <= u16::MAX as usize);

impl Expected {
    pub(crate) const fn new(issuer: &str, leeway: u32) -> Result<Self, MetadataError> {
        let mut text = [0; MAX_ISSUER_LEN];
        if !copy(issuer.as_bytes(), &mut text, 0) {
            return Err(MetadataError::IssuerTooLong);
        }
        if let Err(error) = issuer::check(issuer) {
            return Err(error);
        }
        Ok(Self { text, issuer_len: issuer.len() as u16, additional_issuer_len: 0, audience_len: 0, leeway })
    }

    pub(crate) const fn with_additional_issuer(mut self, issuer: &str) -> Result<Self, MetadataError> {
        if self.additional_issuer_len > 0 {
            return Err(MetadataError::TooManyIssuers);
        }
        // The length first, as in `new`.
        let taken = (self.issuer_len as usize).saturating_add(self.audience_len as usize);
        if issuer.len() > MAX_ISSUER_LEN.saturating_sub(taken) {
            return Err(MetadataError::AdditionalIssuerTooLong);
        }
        if let Err(error) = issuer::check(issuer) {
            return Err(error);
        }
        if !copy(issuer.as_bytes(), &mut self.text, self.issuer_len as usize) {
            return Err(MetadataError::AdditionalIssuerTooLong);
        }
        self.additional_issuer_len = issuer.len() as u16;
        Ok(self)
    }

    pub(crate) const fn with_audience(mut self, audience: &str) -> Result<Self, MetadataError> {
        if audience.is_empty() {
            return Err(MetadataError::AudienceMissing);
        }
        let taken = (self.issuer_len as usize).saturating_add(self.additional_issuer_len as usize);
        if audience.len() > MAX_ISSUER_LEN.saturating_sub(taken)
            || !copy(audience.as_bytes(), &mut self.text, MAX_ISSUER_LEN.saturating_sub(audience.len()))
        {
            return Err(MetadataError::AudienceTooLong);
        }
        self.audience_len = audience.len() as u16;
        Ok(self)
    }

    pub(crate) fn issuer(&self) -> &str {
        text(self.part(0, self.issuer_len))
    }

    pub(crate) fn additional_issuer(&self) -> Option<&str> {
        if self.additional_issuer_len == 0 { None } else { Some(text(self.additional_issuer_bytes())) }
    }

    /// Returns `true` if tokens of this issuer are accepted.
    pub(crate) fn is_issuer(&self, issuer: &str) -> bool {
        issuer.as_bytes() == self.part(0, self.issuer_len)
            || self.additional_issuer_len > 0 && issuer.as_bytes() == self.additional_issuer_bytes()
    }

    fn additional_issuer_bytes(&self) -> &[u8] {
        self.part(self.issuer_len, self.additional_issuer_len)
    }

    pub(crate) fn audience(&self) -> Option<&str> {
        if self.audience_len == 0 {
            return None;
        }
        let start = (MAX_ISSUER_LEN as u16).saturating_sub(self.audience_len);
        Some(text(self.part(start, self.audience_len)))
    }

    fn part(&self, start: u16, len: u16) -> &[u8] {
        let start = usize::from(start);
        self.text.get(start..start.saturating_add(usize::from(len))).unwrap_or_default()
    }
}

/// Returns a part as text. Each was copied from a `str`.
fn text(part: &[u8]) -> &str {
    core::str::from_utf8(part).unwrap_or_default()
}

/// Copies the text to this position, if it fits.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // `const`, and the length is compared first
const fn copy(text: &[u8], to: &mut [u8; MAX_ISSUER_LEN], start: usize) -> bool {
    let Some((_, to)) = to.split_at_mut_checked(start) else { return false };
    if text.len() > to.len() {
        return false;
    }
    let mut i = 0;
    while i < text.len() {
        to[i] = text[i];
        i += 1;
    }
    true
}
