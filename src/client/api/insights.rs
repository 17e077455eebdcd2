//! User insights: reports on users and orgs, and charts.

use std::prelude::v1::*;

use crate::client::endpoint::declare::{endpoint, options, results, texts};
use crate::client::json::JsonMap;
use crate::client::pages::paged;

endpoint! {
    /// Fetches a page of the users who invited the most others.
    GET "/user_report/top_inviter", query;
    fetch_user_top_inviter_report(FetchUserTopInviterReport, GrowthReportOptions) -> UserReport {}
    400 => FieldErrors;
}

endpoint! {
    /// Fetches a page of the most active users.
    GET "/user_report/champion", query;
    fetch_user_champion_report(FetchUserChampionReport, GrowthReportOptions) -> UserReport {}
    400 => FieldErrors;
}

endpoint! {
    /// Fetches a page of the users who are no longer active.
    GET "/user_report/churn", query;
    fetch_user_churn_report(FetchUserChurnReport, ChurnReportOptions) -> UserReport {}
    400 => FieldErrors;
}

endpoint! {
    /// Fetches a page of the users who became active again.
    GET "/user_report/reengagement", query;
    fetch_user_reengagement_report(FetchUserReengagementReport, ReengagementReportOptions) -> UserReport {}
    400 => FieldErrors;
}

endpoint! {
    /// Fetches a page of the orgs that are no longer active.
    GET "/org_report/churn", query;
    fetch_org_churn_report(FetchOrgChurnReport, ChurnReportOptions) -> OrgReport {}
    400 => FieldErrors, 426 => NotEnabled(B2b);
}

endpoint! {
    /// Fetches a page of the orgs that became active again.
    GET "/org_report/reengagement", query;
    fetch_org_reengagement_report(FetchOrgReengagementReport, ReengagementReportOptions) -> OrgReport {}
    400 => FieldErrors, 426 => NotEnabled(B2b);
}

endpoint! {
    /// Fetches a page of the orgs that gained the most users.
    GET "/org_report/growth", query;
    fetch_org_growth_report(FetchOrgGrowthReport, GrowthReportOptions) -> OrgReport {}
    400 => FieldErrors, 426 => NotEnabled(B2b);
}

endpoint! {
    /// Fetches a page of the orgs that lost the most users.
    GET "/org_report/attrition", query;
    fetch_org_attrition_report(FetchOrgAttritionReport, GrowthReportOptions) -> OrgReport {}
    400 => FieldErrors, 426 => NotEnabled(B2b);
}

paged!(
    FetchUserTopInviterReport, FetchUserChampionReport, FetchUserChurnReport, FetchUserReengagementReport
        => UserReport.user_reports
);
paged!(
    FetchOrgChurnReport, FetchOrgReengagementReport, FetchOrgGrowthReport, FetchOrgAttritionReport
        => OrgReport.org_reports
);

options! {
    /// Optional arguments of reports on invitations, champions, growth and attrition.
    pub struct GrowthReportOptions {
        /// Entries per page, at most 100.
        page_size: Option<u32>,
        /// The page number, from 0.
        page_number: Option<u32>,
        /// The period that the report covers.
        report_interval: Option<GrowthReportInterval>,
    }
}

options! {
    /// Optional arguments of reports on churn.
    pub struct ChurnReportOptions {
        /// Entries per page, at most 100.
        page_size: Option<u32>,
        /// The page number, from 0.
        page_number: Option<u32>,
        /// The period that the report covers.
        report_interval: Option<ChurnReportInterval>,
    }
}

options! {
    /// Optional arguments of reports on reengagement.
    pub struct ReengagementReportOptions {
        /// Entries per page, at most 100.
        page_size: Option<u32>,
        /// The page number, from 0.
        page_number: Option<u32>,
        /// The period that the report covers.
        report_interval: Option<ReengagementReportInterval>,
    }
}

texts! {
    /// The period that a report on invitations, champions, growth or attrition covers.
    pub enum GrowthReportInterval {
        /// Thirty days:
        ThirtyDays = "30",
        /// Sixty days:
        SixtyDays = "60",
        /// Ninety days:
        NinetyDays = "90",
    }

    /// The period that a report on churn covers.
    pub enum ChurnReportInterval {
        /// Seven days:
        SevenDays = "7",
        /// Fourteen days:
        FourteenDays = "14",
        /// Thirty days:
        ThirtyDays = "30",
    }

    /// The period that a report on reengagement covers.
    pub enum ReengagementReportInterval {
        /// A week:
        Weekly = "Weekly",
        /// A month:
        Monthly = "Monthly",
    }
}

results! {
    /// A page of a report on users.
    pub struct UserReport {
        /// The entries.
        pub user_reports: Vec<UserReportRecord>,
        /// The number of this page, from 0.
        pub current_page: u32,
        /// The number of entries on all pages.
        pub total_count: u64,
        /// Entries per page.
        pub page_size: u32,
        /// Whether more pages follow.
        pub has_more_results: bool,
        /// When the report was created, in seconds since 1970.
        pub report_time: i64,
    }

    /// A user in a report.
    pub struct UserReportRecord {
        /// The entry's id.
        pub id: String,
        /// The report's id.
        pub report_id: String,
        /// The user's id.
        pub user_id: String,
        /// The user's email address.
        pub email: String,
        /// When the user was created, in seconds since 1970.
        pub user_created_at: i64,
        /// When the user was last active, in seconds since 1970.
        pub last_active_at: i64,
        /// The user's username.
        pub username: Option<String>,
        /// The user's first name.
        pub first_name: Option<String>,
        /// The user's last name.
        pub last_name: Option<String>,
        /// The user's orgs.
        pub org_data: Option<Vec<UserOrgInReport>>,
        /// Figures specific to this report.
        pub extra_properties: Option<JsonMap>,
    }

    /// An org of a user in a report.
    pub struct UserOrgInReport {
        /// The org's name, as displayed.
        pub display_name: String,
        /// The org's id.
        pub org_id: String,
        /// The user's role in the org.
        pub user_role: String,
    }

    /// A page of a report on orgs.
    pub struct OrgReport {
        /// The entries.
        pub org_reports: Vec<OrgReportRecord>,
        /// The number of this page, from 0.
        pub current_page: u32,
        /// The number of entries on all pages.
        pub total_count: u64,
        /// Entries per page.
        pub page_size: u32,
        /// Whether more pages follow.
        pub has_more_results: bool,
        /// When the report was created, in seconds since 1970.
        pub report_time: i64,
    }

    /// An org in a report.
    pub struct OrgReportRecord {
        /// The entry's id.
        pub id: String,
        /// The report's id.
        pub report_id: String,
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
        /// The number of users in the org.
        pub num_users: u64,
        /// When the org was created, in seconds since 1970.
        pub org_created_at: i64,
        /// Figures specific to this report.
        pub extra_properties: Option<JsonMap>,
    }
}

endpoint! {
    /// Fetches the data of a chart.
    GET "/chart_metrics/{chart_metric}", query;
    fetch_chart_metric_data(FetchChartMetricData, FetchChartMetricDataOptions) -> ChartData {
        /// The metric to chart.
        chart_metric: ChartMetric,
    }
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `fetch_chart_metric_data`.
    pub struct FetchChartMetricDataOptions {
        /// The time span of each data point.
        cadence: Option<ChartCadence>,
        /// The first day: `YYYY-MM-DD`.
        start_date: Option<String>,
        /// The last day: `YYYY-MM-DD`.
        end_date: Option<String>,
    }
}

texts! {
    /// The metric of a chart.
    pub enum ChartMetric {
        /// New users:
        Signups = "signups",
        /// New orgs:
        OrgsCreated = "orgs_created",
        /// Users who were active:
        ActiveUsers = "active_users",
        /// Orgs that were active:
        ActiveOrgs = "active_orgs",
    }

    /// The time span of each data point of a chart.
    pub enum ChartCadence {
        /// A day:
        Daily = "Daily",
        /// A week:
        Weekly = "Weekly",
        /// A month:
        Monthly = "Monthly",
    }
}

results! {
    /// The data of a chart.
    pub struct ChartData {
        /// The metric.
        pub chart_type: Option<ChartMetric>,
        /// The time span of each data point.
        pub cadence: Option<ChartCadence>,
        /// The data points.
        #[serde(default)]
        pub metrics: Vec<ChartPoint>,
    }

    /// A data point of a chart.
    pub struct ChartPoint {
        /// The first day of its time span: `YYYY-MM-DD`.
        pub date: String,
        /// The value.
        pub result: u64,
        /// Whether its time span is over.
        pub cadence_completed: bool,
    }
}
