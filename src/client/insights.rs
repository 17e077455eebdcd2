//! User insights: reports on users and orgs, and charts.

use std::prelude::v1::*;

use super::JsonMap;
use super::macros::{endpoint, options, results, texts};
use super::pages::{page, paged};

/// The reports, which differ in path, subject and interval.
macro_rules! reports {
    ($(
        $(#[$doc:meta])*
        $path:literal => $method:ident($name:ident, $options:ident) -> $output:ident $(, $status:literal => $meaning:expr)?;
    )*) => { $(
        endpoint! {
            $(#[$doc])*
            GET $path, query;
            $method($name, $options) -> $output {}
            400 => FieldErrors $(, $status => $meaning)?;
        }

        paged!($name);
    )* };
}

reports! {
    /// A page of the users who invited the most others.
    "/user_report/top_inviter" =>
        fetch_user_top_inviter_report(FetchUserTopInviterReport, GrowthReportOptions) -> UserReport;
    /// A page of the users who are the most active.
    "/user_report/champion" =>
        fetch_user_champion_report(FetchUserChampionReport, GrowthReportOptions) -> UserReport;
    /// A page of the users who are no longer active.
    "/user_report/churn" =>
        fetch_user_churn_report(FetchUserChurnReport, ChurnReportOptions) -> UserReport;
    /// A page of the users who are active again.
    "/user_report/reengagement" =>
        fetch_user_reengagement_report(FetchUserReengagementReport, ReengagementReportOptions) -> UserReport;
    /// A page of the orgs that are no longer active.
    "/org_report/churn" =>
        fetch_org_churn_report(FetchOrgChurnReport, ChurnReportOptions) -> OrgReport, 426 => NotEnabled(B2b);
    /// A page of the orgs that are active again.
    "/org_report/reengagement" =>
        fetch_org_reengagement_report(FetchOrgReengagementReport, ReengagementReportOptions) -> OrgReport,
        426 => NotEnabled(B2b);
    /// A page of the orgs that won the most users.
    "/org_report/growth" =>
        fetch_org_growth_report(FetchOrgGrowthReport, GrowthReportOptions) -> OrgReport, 426 => NotEnabled(B2b);
    /// A page of the orgs that lost the most users.
    "/org_report/attrition" =>
        fetch_org_attrition_report(FetchOrgAttritionReport, GrowthReportOptions) -> OrgReport, 426 => NotEnabled(B2b);
}

page!(UserReport.user_reports, OrgReport.org_reports);

/// The optional arguments of reports, which differ in the intervals.
macro_rules! report_options {
    ($($(#[$doc:meta])* $name:ident by $interval:ident;)*) => { $(
        options! {
            $(#[$doc])*
            pub struct $name {
                /// Entries a page, at most 100.
                page_size: Option<u32>,
                /// Which page, from 0.
                page_number: Option<u32>,
                /// What the report looks back on.
                report_interval: Option<$interval>,
            }
        }
    )* };
}

report_options! {
    /// Optional arguments of reports on invitations, champions, growth and attrition.
    GrowthReportOptions by GrowthReportInterval;
    /// Optional arguments of reports on churn.
    ChurnReportOptions by ChurnReportInterval;
    /// Optional arguments of reports on reengagement.
    ReengagementReportOptions by ReengagementReportInterval;
}

texts! {
    /// What a report on invitations, champions, growth or attrition looks back on.
    pub enum GrowthReportInterval {
        /// Thirty days:
        ThirtyDays = "30",
        /// Sixty days:
        SixtyDays = "60",
        /// Ninety days:
        NinetyDays = "90",
    }

    /// What a report on churn looks back on.
    pub enum ChurnReportInterval {
        /// Seven days:
        SevenDays = "7",
        /// Fourteen days:
        FourteenDays = "14",
        /// Thirty days:
        ThirtyDays = "30",
    }

    /// What a report on reengagement looks back on.
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
        /// Which page this is, from 0.
        pub current_page: u32,
        /// How many entries there are on all pages.
        pub total_count: u64,
        /// Entries a page.
        pub page_size: u32,
        /// Whether there are pages after this one.
        pub has_more_results: bool,
        /// When the report was made, in seconds since 1970.
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
        /// The figures of this report.
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
        /// Which page this is, from 0.
        pub current_page: u32,
        /// How many entries there are on all pages.
        pub total_count: u64,
        /// Entries a page.
        pub page_size: u32,
        /// Whether there are pages after this one.
        pub has_more_results: bool,
        /// When the report was made, in seconds since 1970.
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
        /// How many users the org has.
        pub num_users: u64,
        /// When the org was created, in seconds since 1970.
        pub org_created_at: i64,
        /// The figures of this report.
        pub extra_properties: Option<JsonMap>,
    }
}

endpoint! {
    /// The figures of a chart.
    GET "/chart_metrics/{chart_metric}", query;
    fetch_chart_metric_data(FetchChartMetricData, FetchChartMetricDataOptions) -> ChartData {
        /// What the chart shows.
        chart_metric: ChartMetric,
    }
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `fetch_chart_metric_data`.
    pub struct FetchChartMetricDataOptions {
        /// What each figure is of.
        cadence: Option<ChartCadence>,
        /// The first day: `YYYY-MM-DD`.
        start_date: Option<String>,
        /// The last day: `YYYY-MM-DD`.
        end_date: Option<String>,
    }
}

texts! {
    /// What a chart shows.
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

    /// What each figure of a chart is of.
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
    /// A chart.
    pub struct ChartData {
        /// What it shows.
        pub chart_type: Option<ChartMetric>,
        /// What each figure is of.
        pub cadence: Option<ChartCadence>,
        /// The figures.
        #[serde(default)]
        pub metrics: Vec<ChartPoint>,
    }

    /// A figure of a chart.
    pub struct ChartPoint {
        /// The first day that it is of: `YYYY-MM-DD`.
        pub date: String,
        /// The figure.
        pub result: u64,
        /// Whether the time that it is of is over.
        pub cadence_completed: bool,
    }
}
