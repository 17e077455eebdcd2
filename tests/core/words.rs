//! The words of comments and documentation, by the rules in CONTRIBUTING.md that a program can check.
//!
//! `cargo test --test core words -- --nocapture` prints the figures.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::fs;
use std::path::{Path, PathBuf};

/// Words and phrases to avoid, in lower case. No comment may contain them.
const AVOIDED: &[&str] =
    &["octet", "no good", "of which", " stands ", " stood", " lies ", "unless said otherwise", "nothing if", "will do"];

/// Words and phrases that no sentence may start with.
const BAD_STARTS: &[&str] = &["The same", "Nothing if"];

/// First words that end like a verb but are not verbs.
const NO_VERBS: &[&str] = &["This", "As", "Its", "Users", "Has", "Is", "Orgs", "Tokens", "Bytes"];

/// First words of a function that behaves like another one.
const OTHER_STARTS: &[&str] = &["Like", "Also"];

/// The share of documented functions that have to begin with a verb, in percent.
const LEAST_VERBS: usize = 90;

/// The maximum length of the README in words.
const README_WORDS: usize = 900;

#[test]
fn the_readme_is_short() {
    let words = |page: &str| fs::read_to_string(root().join(page)).unwrap().split_whitespace().count();
    for page in ["README.md", "npm/README.md", "SECURITY.md", "CONTRIBUTING.md"] {
        println!("{page}: {} words", words(page));
    }
    assert!(words("README.md") <= README_WORDS);
}

#[test]
fn documentation_begins_with_verbs() {
    let mut verbs = 0;
    let mut others = Vec::new();
    for file in files(&["src"]) {
        let text = fs::read_to_string(&file).unwrap();
        for line in first_lines(&text) {
            if begins_with_verb(line) { verbs += 1 } else { others.push(format!("{}: {line}", file.display())) }
        }
    }
    let all = verbs + others.len();
    println!("{verbs} of {all} documented functions begin with a verb");
    assert!(all > 250, "{all}");
    assert!(verbs * 100 >= all * LEAST_VERBS, "{others:#?}");
}

#[test]
fn comments_avoid_these_words() {
    let mut found = Vec::new();
    let mut lines = 0;
    for file in files(&["src", "cli", "tests", "benches", "fuzz", "examples"]) {
        let text = fs::read_to_string(&file).unwrap();
        for (i, line) in text.lines().enumerate() {
            let Some(comment) = comment(line) else { continue };
            lines += 1;
            if is_avoided(comment) {
                found.push(format!("{}:{}: {comment}", file.display(), i + 1));
            }
        }
    }
    println!("{lines} lines of comments");
    assert!(lines > 3000, "{lines}");
    assert!(found.is_empty(), "{found:#?}");
}

/// Each page of the guide that the README links is a module in the documentation.
#[test]
fn the_readme_links_modules() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let (readme, library) = (read("README.md"), read("src/lib.rs"));
    let mut pages = 0;
    for line in readme.lines() {
        let Some((name, page)) = line.split_once(": src/guide/") else { continue };
        let page = page.strip_suffix(".md").unwrap();
        assert!(library.contains(&format!("//! {name}: guide::{page}\n")), "{line}");
        pages += 1;
    }
    assert!(pages > 10, "{pages}");
}

/// A hidden line outside a code block is a heading in the documentation.
#[test]
fn hidden_lines_are_in_code_blocks() {
    let mut pages = 0;
    for entry in fs::read_dir(root().join("src/guide")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        for text in page.split("```").step_by(2) {
            let hidden = text.lines().find(|line| line.starts_with("# #") || line.starts_with("# }"));
            assert_eq!(hidden, None, "{}", path.display());
        }
        pages += 1;
    }
    assert!(pages > 10, "{pages}");
}

/// The checks find what they look for.
#[test]
fn a_bad_comment_is_found() {
    assert!(
        is_avoided("The value is no good.") && is_avoided("The same for a key.") && !is_avoided("Returns the key.")
    );
    assert!(is_avoided("Ten octets.") && !is_avoided("Stands for itself.") && is_avoided("It stands here."));
    let text = "/// The key.\n#[must_use]\npub fn key() {}\n/// Sets it.\n///\n/// More.\npub const fn set() {}";
    assert_eq!(first_lines(text).collect::<Vec<_>>(), ["The key.", "Sets it."]);
    assert!(!begins_with_verb("The key.") && begins_with_verb("Sets it.") && begins_with_verb("Like `set`."));
    assert_eq!(first_lines("    /// Fetches it.\n    GET \"/it\";").collect::<Vec<_>>(), ["Fetches it."]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the Rust files in these folders, except in folders of builds.
fn files(folders: &[&str]) -> Vec<PathBuf> {
    let mut folders: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                if !["target", "build", "node_modules", "fuzz/corpus"].iter().any(|name| path.ends_with(name)) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("core/words.rs") {
                files.push(path);
            }
        }
    }
    files
}

/// Returns the first line of documentation of each public function, and of each call of the backend API.
fn first_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut first = None;
    text.lines().map(str::trim).filter_map(move |line| {
        if let Some(doc) = line.strip_prefix("///") {
            first = first.or(Some(doc.trim()).filter(|doc| !doc.is_empty()));
            return None;
        }
        if line.starts_with("#[") {
            return None;
        }
        let is_function = ["pub fn ", "pub const fn ", "pub async fn "].iter().any(|start| line.starts_with(start));
        let is_call = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "].iter().any(|verb| line.starts_with(verb));
        first.take().filter(|_| is_function || is_call)
    })
}

fn begins_with_verb(line: &str) -> bool {
    let word = line.split([' ', ',']).next().unwrap_or_default();
    OTHER_STARTS.contains(&word)
        || word.starts_with(char::is_uppercase) && word.ends_with('s') && !NO_VERBS.contains(&word)
}

/// Returns the text of a line that is a comment.
fn comment(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("//")?;
    Some(text.trim_start_matches(['/', '!']).trim())
}

fn is_avoided(comment: &str) -> bool {
    let lower = comment.to_lowercase();
    AVOIDED.iter().any(|phrase| lower.contains(phrase))
        || BAD_STARTS.iter().any(|start| comment.starts_with(start) || comment.contains(&format!(". {start}")))
}
