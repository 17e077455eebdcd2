//! Iteration over paged queries.

use std::prelude::v1::*;

use super::endpoint::Endpoint;
use super::error::ApiError;

/// A query with a paged result. Pages are numbered from 0.
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
    /// Returns the number of the requested page.
    fn page_number(&self) -> u32;

    /// Sets the number of the requested page.
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
    /// Returns `true` if no page follows.
    fn is_last(&self) -> bool;
}

impl<P: Page> Page for Option<P> {
    fn is_last(&self) -> bool {
        self.as_ref().is_none_or(P::is_last)
    }
}

/// The pages of a query. With an async [`Auth`](super::Auth), call [`next`](Self::next); with a
/// [blocking](super::blocking::Auth) one, this is an iterator.
///
/// The API has page numbers but no cursors: entries that are added or removed meanwhile can make another entry appear
/// twice or not at all. Iteration ends after the first error.
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

    pub(super) fn auth(&self) -> &'a A {
        self.auth
    }

    /// Returns the query for the next page, or `None` after the last.
    pub(super) fn query(&self) -> Option<&E> {
        (!self.is_done).then_some(&self.query)
    }

    pub(super) fn turn(&mut self, page: Result<E::Output, ApiError>) -> Result<E::Output, ApiError> {
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

/// Declares endpoints as paged by their optional argument `page_number`. After the arrow come the type of a page and
/// the field with its list.
macro_rules! paged {
    ($($endpoint:ident),+ $(=> $page:ident.$items:ident)?) => {
        $(
            impl $crate::client::pages::Paged for $endpoint {
                fn page_number(&self) -> u32 {
                    Option::<u32>::from(self.options.page_number).unwrap_or_default()
                }

                fn set_page_number(&mut self, page_number: u32) {
                    self.options.page_number = page_number.into();
                }
            }
        )+

        $(
            impl $crate::client::pages::Page for $page {
                fn is_last(&self) -> bool {
                    // An empty page is the last one, whatever it says.
                    !self.has_more_results || self.$items.is_empty()
                }
            }
        )?
    };
}

pub(super) use paged;
