// All endpoints of the backend API except the verifier key's, for the tests and the fuzzer.

/// Calls a macro with the names of their structs.
macro_rules! for_each_endpoint {
    ($macro:ident) => {
        $macro! {
            FetchUserMetadataByUserId FetchUserMetadataByEmail FetchUserMetadataByUsername FetchUserSignupQueryParamsByUserId
            FetchBatchUserMetadataByUserIds FetchBatchUserMetadataByEmails FetchBatchUserMetadataByUsernames FetchUsersByQuery
            FetchUsersInOrg FetchUserMfaMethods FetchUserOauthTokens FetchFreshTokenFromProvider CreateUser UpdateUserEmail
            UpdateUserMetadata UpdateUserPassword ClearUserPassword DeleteUser DisableUser EnableUser DisableUser2fa
            EnableUserCanCreateOrgs DisableUserCanCreateOrgs LogoutAllUserSessions ResendEmailConfirmation InviteUserToOrg
            InviteUserToOrgByUserId CreateMagicLink CreateAccessToken MigrateUserFromExternalSource MigrateUserPassword
            FetchEmployeeById FetchOrg FetchOrgByQuery FetchCustomRoleMappings FetchPendingInvites CreateOrg UpdateOrgMetadata
            SubscribeOrgToRoleMapping DeleteOrg AllowOrgToSetupSamlConnection DisallowOrgToSetupSamlConnection SamlGoLive
            DeleteSamlConnection CreateOrgSamlConnectionLink RevokePendingOrgInvite AddUserToOrg ChangeUserRoleInOrg
            RemoveUserFromOrg FetchSamlSpMetadata SetSamlIdpMetadata SetOidcIdpMetadata FetchApiKey FetchCurrentApiKeys
            FetchArchivedApiKeys CreateApiKey ImportApiKey UpdateApiKey DeleteApiKey ValidateApiKey ValidateImportedApiKey
            ValidatePersonalApiKey ValidateOrgApiKey FetchApiKeyUsage VerifyStepUpTotpChallenge VerifyStepUpGrant
            SendSmsMfaCode VerifySmsChallenge FetchUserTopInviterReport FetchUserChampionReport FetchUserChurnReport
            FetchUserReengagementReport FetchOrgChurnReport FetchOrgReengagementReport FetchOrgGrowthReport
            FetchOrgAttritionReport FetchChartMetricData FetchOrgScimGroups FetchScimGroup
        }
    };
}
