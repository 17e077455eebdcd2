//! The queries that give pages, page after page.

use std::prelude::v1::*;

use super::endpoint::Endpoint;
use super::error::ApiError;
use super::transport::Transport;
use super::{Auth, blocking};

/// A query whose result comes in pages, numbered from 0.
///
/// ```
/// use propelauth_edge::client::{FetchOrgByQuery, Paged};
///
/// fn of_page<Q: Paged>(mut query: Q, page_number: u32) -> Q {
///     query.set_page_number(page_number);
///     query
/// }
///
/// let query = of_page(FetchOrgByQuery { options: Default::default() }, 3);
/// assert_eq!((query.page_number(), query.options.page_number), (3, 3));
/// ```
pub trait Paged: Endpoint<Output: Page> + Clone {
    /// The page that it asks for.
    fn page_number(&self) -> u32;

    /// Asks for another page.
    fn set_page_number(&mut self, page_number: u32);
}

/// A page of a result.
///
/// ```
/// use propelauth_edge::client::{OrgsPage, Page, PendingInvitesPage};
///
/// fn is_more_to_come(page: &impl Page) -> bool {
///     !page.is_last()
/// }
///
/// let page = r#"{"orgs": [], "total_orgs": 0, "current_page": 0, "page_size": 10, "has_more_results": true}"#;
/// let page: OrgsPage = serde_json::from_str(page)?;
/// assert!(!is_more_to_come(&page)); // an empty page is the last
/// assert!(!is_more_to_come(&None::<PendingInvitesPage>)); // and so is none
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Page {
    /// Whether there are no pages after it.
    fn is_last(&self) -> bool;
}

impl<P: Page> Page for Option<P> {
    fn is_last(&self) -> bool {
        self.as_ref().is_none_or(P::is_last)
    }
}

/// The pages that a query gives: with an async [`Auth`], by [`next`](Self::next); with a
/// [blocking](super::blocking) one, it is an iterator.
///
/// The API numbers pages, it does not hold the result: what is added or removed meanwhile can make it show something
/// twice or not at all. The first error ends them.
///
/// ```
/// # use propelauth_edge::client::{ApiError, FetchUsersInOrg, Pages, blocking::{Auth, Transport}};
/// fn emails<T: Transport>(pages: Pages<'_, Auth<T>, FetchUsersInOrg>) -> Result<Vec<String>, ApiError> {
///     let mut emails = Vec::new();
///     for page in pages {
///         emails.extend(page?.users.into_iter().map(|user| user.email));
///     }
///     Ok(emails)
/// }
/// ```
#[derive(Debug)]
pub struct Pages<'a, A, E> {
    auth: &'a A,
    query: E,
    is_done: bool,
}

impl<'a, A, E: Paged> Pages<'a, A, E> {
    pub(super) fn new(auth: &'a A, query: E) -> Self {
        Self { auth, query, is_done: false }
    }

    fn turn(&mut self, page: Result<E::Output, ApiError>) -> Result<E::Output, ApiError> {
        let next = match &page {
            Ok(page) if !page.is_last() => self.query.page_number().checked_add(1),
            _ => None,
        };
        match next {
            Some(next) => self.query.set_page_number(next),
            None => self.is_done = true,
        }
        page
    }
}

impl<T: Transport, E: Paged> Pages<'_, Auth<T>, E> {
    /// The next page; nothing after the last.
    ///
    /// With the `futures` crate, `stream::unfold(pages, async |mut pages| Some((pages.next().await?, pages)))` is a
    /// stream of them.
    ///
    /// ```
    /// # use propelauth_edge::client::{Auth, Config, FetchOrgByQuery};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let api = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
    /// # let transport = |request| std::future::ready(api(request));
    /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
    /// let mut pages = auth.pages(FetchOrgByQuery { options: Default::default() });
    /// let mut names = Vec::new();
    /// while let Some(page) = pages.next().await {
    ///     names.extend(page?.orgs.into_iter().map(|org| org.name));
    /// }
    /// assert_eq!(names, ["Acme", "Globex"]); // here, on two pages
    /// # Ok(()) }
    /// ```
    pub async fn next(&mut self) -> Option<Result<E::Output, ApiError>> {
        if self.is_done {
            return None;
        }
        let page = self.auth.call(&self.query).await;
        Some(self.turn(page))
    }
}

impl<T: blocking::Transport, E: Paged> Iterator for Pages<'_, blocking::Auth<T>, E> {
    type Item = Result<E::Output, ApiError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let page = self.auth.call(&self.query);
        Some(self.turn(page))
    }
}

/// Declares that these results are pages, and which list each has.
macro_rules! page {
    ($($page:ident.$items:ident),* $(,)?) => { $(
        impl $crate::client::pages::Page for $page {
            fn is_last(&self) -> bool {
                // So is an empty page, whatever it says.
                !self.has_more_results || self.$items.is_empty()
            }
        }
    )* };
}

/// Declares that these endpoints give pages, by their optional argument `page_number`.
macro_rules! paged {
    ($($endpoint:ident),* $(,)?) => { $(
        impl $crate::client::pages::Paged for $endpoint {
            fn page_number(&self) -> u32 {
                Option::<u32>::from(self.options.page_number).unwrap_or_default()
            }

            fn set_page_number(&mut self, page_number: u32) {
                self.options.page_number = page_number.into();
            }
        }
    )* };
}

pub(super) use {page, paged};
