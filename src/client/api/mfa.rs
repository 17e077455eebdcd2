//! MFA: a user's methods, and step-up MFA, which confirms a single action.
//!
//! Step-up calls report errors by name, whatever the status.

use std::prelude::v1::*;

use serde::Deserialize;
use serde_json::Value;

use crate::client::endpoint::answer::Answer;
use crate::client::endpoint::declare::{endpoint, results, texts};
use crate::client::endpoint::object;
use crate::client::error::{ApiError, Feature, FieldErrors, Resource};
use crate::client::secret::Secret;

endpoint! {
    /// Fetches a user's MFA methods. Returns `None` if the user does not exist.
    GET "/user/{user_id}/mfa";
    fetch_user_mfa_methods(FetchUserMfaMethods) -> Option<MfaMethods> {
        /// The user's id.
        user_id: String,
    }
    400 => Text, 404 => Absent;
}

results! {
    /// The result of `fetch_user_mfa_methods`.
    pub struct MfaMethods {
        /// The user's MFA setup. `None` if MFA is not set up.
        #[serde(default, deserialize_with = "object::optional")]
        pub mfa_setup: Option<MfaSetup>,
    }
}

/// A user's MFA setup.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type")]
pub enum MfaSetup {
    /// An authenticator app.
    Totp,
    /// One or more phones.
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
    /// Verifies a code from the user's authenticator app and grants an action. Returns
    /// [`NotFound`](crate::client::ApiError::NotFound) if the user does not exist.
    POST "/mfa/step-up/verify-totp", json;
    verify_step_up_totp_challenge(VerifyStepUpTotpChallenge) -> StepUpGrant {
        /// The name of the action, chosen by your application.
        action_type: String,
        /// The user's id.
        user_id: String,
        /// The code that the authenticator app shows.
        code: String,
        /// Whether the grant can be used once or until it expires.
        grant_type: StepUpGrantType,
        /// The lifetime of the grant, in seconds.
        valid_for_seconds: u32,
    }
    secret code;
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
    /// Verifies the grant of an action. Returns `false` if the grant is unknown, expired or used up.
    POST "/mfa/step-up/verify-grant", json;
    verify_step_up_grant(VerifyStepUpGrant) -> bool {
        /// The name of the action, chosen by your application.
        action_type: String,
        /// The user's id.
        user_id: String,
        /// The grant.
        grant: String,
    }
    secret grant;
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<bool, ApiError> {
            let named = StepUpRefusal::read(refusal)?;
            if named.is_grant_not_found() { Ok(false) } else { Err(named.common(refusal)) }
        }
    }
}

endpoint! {
    /// Sends a code to the user's phone, for `verify_sms_challenge`.
    POST "/mfa/step-up/phone/send", json;
    send_sms_mfa_code(SendSmsMfaCode) -> SmsChallenge {
        /// The name of the action, chosen by your application.
        action_type: String,
        /// The user's id.
        user_id: String,
        /// The phone's id, from [`MfaPhone`].
        mfa_phone_id: String,
        /// Whether the grant can be used once or until it expires.
        grant_type: StepUpGrantType,
        /// The lifetime of the grant, in seconds.
        valid_for_seconds: u32,
    }
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<SmsChallenge, ApiError> {
            Err(StepUpRefusal::read(refusal)?.common(refusal))
        }
    }
}

endpoint! {
    /// Verifies the code that was sent to the user's phone and grants the action.
    POST "/mfa/step-up/phone/verify", json;
    verify_sms_challenge(VerifySmsChallenge) -> StepUpGrant {
        /// The challenge id that `send_sms_mfa_code` returned.
        challenge_id: String,
        /// The user's id.
        user_id: String,
        /// The code that was sent to the phone.
        code: String,
    }
    secret code;
    with {
        fn refused(&self, refusal: &Answer<'_>) -> Result<StepUpGrant, ApiError> {
            Err(StepUpRefusal::read(refusal)?.common(refusal))
        }
    }
}

/// An error of a step-up call.
#[derive(Deserialize)]
struct StepUpRefusal {
    #[serde(default)]
    error_code: String,
    /// Error codes by field.
    #[serde(default)]
    field_errors: Value,
    /// Error messages by field.
    user_facing_errors: Option<FieldErrors>,
    /// Error messages by field, in answers to TOTP challenges.
    field_to_errors: Option<FieldErrors>,
}

impl StepUpRefusal {
    /// Fails if the body is not JSON.
    fn read(refusal: &Answer<'_>) -> Result<Self, ApiError> {
        refusal.object().map_err(|_| refusal.unexpected())
    }

    fn is_grant_not_found(&self) -> bool {
        self.error_code == "invalid_request_fields"
            && self.field_errors.get("grant").and_then(Value::as_str) == Some("grant_not_found")
    }

    /// Maps the error codes that all step-up calls share.
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
    /// Whether a grant can be used once or until it expires.
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
        /// The grant's token, for `verify_step_up_grant`.
        pub step_up_grant: Secret,
    }

    /// The result of `send_sms_mfa_code`.
    pub struct SmsChallenge {
        /// The challenge id, for `verify_sms_challenge`.
        pub challenge_id: String,
    }
}
