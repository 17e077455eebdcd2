//! MFA: what a user has set up, and step-up MFA, by which a user confirms a single action.
//!
//! A step-up call is refused by a name, whatever the status.

use std::prelude::v1::*;

use serde::Deserialize;
use serde_json::Value;

use super::endpoint::Answer;
use super::error::{ApiError, Feature, FieldErrors, Resource};
use super::macros::{endpoint, results, texts};
use super::secret::Secret;

endpoint! {
    /// How a user has set up MFA. `None`: there is no such user.
    GET "/user/{user_id}/mfa";
    fetch_user_mfa_methods(FetchUserMfaMethods) -> Option<MfaMethods> {
        /// The user's id.
        user_id: String,
    }
    400 => Text, 404 => Absent;
}

results! {
    /// What `fetch_user_mfa_methods` gives.
    pub struct MfaMethods {
        /// How the user has set up MFA. `None`: not at all.
        pub mfa_setup: Option<MfaSetup>,
    }
}

/// How a user has set up MFA.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type")]
pub enum MfaSetup {
    /// With an authenticator.
    Totp,
    /// With a phone.
    Phone {
        /// The user's phones.
        #[serde(default)]
        phone_numbers: Vec<MfaPhone>,
    },
}

results! {
    /// A phone for MFA.
    pub struct MfaPhone {
        /// The last digits of its number.
        pub mfa_phone_number_suffix: String,
        /// Its id.
        pub mfa_phone_id: String,
    }
}

endpoint! {
    /// Verifies the code of a user's authenticator and grants an action.
    /// [`NotFound`](super::ApiError::NotFound): there is no such user.
    POST "/mfa/step-up/verify-totp", json;
    verify_step_up_totp_challenge(VerifyStepUpTotpChallenge) -> StepUpGrant {
        /// Your name for the action.
        action_type: String,
        /// The user's id.
        user_id: String,
        /// What the authenticator shows.
        code: String,
        /// How often the grant is good.
        grant_type: StepUpGrantType,
        /// For how long the grant is good, in seconds.
        valid_for_seconds: u32,
    }
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<StepUpGrant, ApiError> {
            let named = StepUpRefusal::read(refusal)?;
            Err(match &*named.error_code {
                "user_not_found" => ApiError::NotFound(Resource::User),
                "mfa_not_enabled" => ApiError::MfaNotEnabled,
                "incorrect_mfa_code" => ApiError::IncorrectMfaCode,
                "invalid_request_fields" if named.field_to_errors.is_some() => {
                    ApiError::InvalidFields(named.field_to_errors.unwrap_or_default())
                }
                _ => named.common(refusal),
            })
        }
    }
}

endpoint! {
    /// Verifies the grant of an action. `false`: there is no such grant, or not any more.
    POST "/mfa/step-up/verify-grant", json;
    verify_step_up_grant(VerifyStepUpGrant) -> bool {
        /// Your name for the action.
        action_type: String,
        /// The user's id.
        user_id: String,
        /// The grant.
        grant: String,
    }
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<bool, ApiError> {
            let named = StepUpRefusal::read(refusal)?;
            if named.is_grant_not_found() { Ok(false) } else { Err(named.common(refusal)) }
        }
    }
}

endpoint! {
    /// Sends a code to a user's phone. It is verified by `verify_sms_challenge`.
    POST "/mfa/step-up/phone/send", json;
    send_sms_mfa_code(SendSmsMfaCode) -> SmsChallenge {
        /// Your name for the action.
        action_type: String,
        /// The user's id.
        user_id: String,
        /// The phone's id, as [`MfaPhone`] has it.
        mfa_phone_id: String,
        /// How often the grant is good.
        grant_type: StepUpGrantType,
        /// For how long the grant is good, in seconds.
        valid_for_seconds: u32,
    }
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<SmsChallenge, ApiError> {
            Err(StepUpRefusal::read(refusal)?.common(refusal))
        }
    }
}

endpoint! {
    /// Verifies the code that was sent to a user's phone and grants the action.
    POST "/mfa/step-up/phone/verify", json;
    verify_sms_challenge(VerifySmsChallenge) -> StepUpGrant {
        /// The challenge, as `send_sms_mfa_code` gave it.
        challenge_id: String,
        /// The user's id.
        user_id: String,
        /// What was sent to the phone.
        code: String,
    }
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<StepUpGrant, ApiError> {
            Err(StepUpRefusal::read(refusal)?.common(refusal))
        }
    }
}

/// Why a step-up call is refused.
#[derive(Deserialize)]
struct StepUpRefusal {
    #[serde(default)]
    error_code: String,
    /// The API's names for what is wrong with which field.
    #[serde(default)]
    field_errors: Value,
    /// The same in words.
    user_facing_errors: Option<FieldErrors>,
    /// Where TOTP challenges have them.
    field_to_errors: Option<FieldErrors>,
}

impl StepUpRefusal {
    /// An error in itself if it is not JSON.
    fn read(refusal: &Answer<'_>) -> Result<Self, ApiError> {
        refusal.json().map_err(|_| refusal.unexpected())
    }

    fn is_grant_not_found(&self) -> bool {
        self.error_code == "invalid_request_fields"
            && self.field_errors.get("grant").and_then(Value::as_str) == Some("grant_not_found")
    }

    /// What the names mean that all step-up calls know.
    fn common(self, refusal: &Answer<'_>) -> ApiError {
        match &*self.error_code {
            "feature_gated" => ApiError::FeatureNotEnabled(Feature::OtherPlan),
            "invalid_request_fields" => {
                ApiError::InvalidFields(self.field_to_errors.or(self.user_facing_errors).unwrap_or_default())
            }
            _ => refusal.unexpected(),
        }
    }
}

texts! {
    /// How often a grant is good.
    pub enum StepUpGrantType {
        /// Once:
        OneTimeUse = "ONE_TIME_USE",
        /// Until it expires:
        TimeBased = "TIME_BASED",
    }
}

results! {
    /// The grant of an action.
    pub struct StepUpGrant {
        /// The grant. It is verified by `verify_step_up_grant`.
        pub step_up_grant: Secret,
    }

    /// What `send_sms_mfa_code` gives.
    pub struct SmsChallenge {
        /// What `verify_sms_challenge` needs to know.
        pub challenge_id: String,
    }
}
