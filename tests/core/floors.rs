//! The files of `src` form no circle, and each imports only from floors below it.
//!
//! The floors are the modules of `src/lib.rs` in the order of declaration. Imports are counted from `use` lines, except
//! in unit tests. A re-exported name counts as an import from the file that defines it; re-exporting is not an import.
//! `cargo test --test core floors -- --nocapture` prints the figures.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A file by its path in the module tree: `rsa::der` for `src/rsa/der.rs`, and empty for `src/lib.rs`.
type Module = Vec<String>;

#[test]
fn no_circle_of_files() {
    let source = Source::read();
    let arrows = source.arrows();
    print_figures(&source, &arrows);
    let circles = circles(&arrows);
    println!("{} files, {} arrows, {} circles", source.files.len(), arrows.len(), circles.len());
    assert!(circles.is_empty(), "these files import one another: {circles:#?}");
}

#[test]
fn no_import_from_a_higher_floor() {
    let source = Source::read();
    let floors = floors();
    let floor = |module: &Module| floors.iter().position(|floor| module.first() == Some(floor));
    for module in source.files.keys().filter(|module| !module.is_empty()) {
        assert!(floor(module).is_some(), "{} is not in src/lib.rs", module.join("::"));
    }
    let arrows = source.arrows();
    let upwards: Vec<String> = arrows
        .iter()
        .filter(|(from, to)| floor(from) < floor(to))
        .map(|(from, to)| format!("{} imports {}", from.join("::"), to.join("::")))
        .collect();
    assert!(upwards.is_empty(), "{upwards:#?}");
}

/// Returns the modules from the bottom up. `json` is listed at the step where it parses the claims, although it also
/// parses the JOSE header.
fn floors() -> Vec<String> {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let modules =
        lib.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
    let mut floors: Vec<String> = modules.map(str::to_owned).collect();
    let place = |name| floors.iter().position(|floor| floor == name).unwrap();
    let (token, json) = (place("token"), place("json"));
    floors[token..=json].rotate_right(1);
    floors
}

/// Prints the number of files in `src` and in `src/client`, and of imports between them.
fn print_figures(source: &Source, arrows: &BTreeSet<(Module, Module)>) {
    for (name, depth) in [("src", 0), ("src/client", 1)] {
        let inside = |module: &Module| module.len() > depth && (depth == 0 || module[0] == "client");
        let room = |module: &Module| module[depth].clone();
        let inner = arrows.iter().filter(|(from, to)| inside(from) && inside(to));
        let between: BTreeSet<_> =
            inner.map(|(from, to)| (room(from), room(to))).filter(|(from, to)| from != to).collect();
        let rooms: BTreeSet<_> = source.files.keys().filter(|module| inside(module)).map(room).collect();
        println!("{name}: {} rooms, {} arrows between them", rooms.len(), between.len());
    }
}

/// The checks find what they look for.
#[test]
fn a_circle_and_an_upward_import_are_found() {
    let source = Source::of(&[
        ("lib", "mod error;\nmod json;\npub use error::Error;"),
        ("error", "use crate::json::{self, value::{Value as V, Kind}};\npub struct Error;"),
        ("json", "mod value;\npub(crate) use value::Value;\npub(crate) struct Text;"),
        (
            "json/value",
            "use super::Text; // use crate::comment;\nuse crate::Error;\n#[cfg(test)]\nmod tests { use crate::json; }",
        ),
    ]);
    let module = |path: &str| path.split("::").map(String::from).collect::<Module>();
    let arrow = |from, to| (module(from), module(to));
    let expected = [
        arrow("error", "json"),
        arrow("error", "json::value"),
        arrow("json::value", "error"),
        arrow("json::value", "json"),
    ];
    assert_eq!(source.arrows(), BTreeSet::from(expected));
    assert_eq!(circles(&source.arrows()), [BTreeSet::from([module("error"), module("json::value")])]);
}

struct Source {
    files: BTreeMap<Module, Vec<Import>>,
}

#[derive(Clone)]
struct Import {
    /// From the root of the crate or from this module.
    path: Vec<String>,
    /// The local name, or `*` for all names.
    name: String,
    is_public: bool,
}

impl Source {
    fn read() -> Self {
        fn add(folder: &Path, at: &Module, files: &mut BTreeMap<Module, Vec<Import>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let module = [at.as_slice(), std::slice::from_ref(&name)].concat();
                if path.is_dir() {
                    add(&path, &module, files);
                } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests" {
                    let module = if *at == Module::new() && name == "lib" { Module::new() } else { module };
                    files.insert(module, imports(&fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut files = BTreeMap::new();
        add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &Module::new(), &mut files);
        Self { files }
    }

    fn of(files: &[(&str, &str)]) -> Self {
        let module = |path: &str| path.split('/').filter(|part| *part != "lib").map(String::from).collect();
        Self { files: files.iter().map(|(path, text)| (module(path), imports(text))).collect() }
    }

    /// Returns which file imports from which.
    fn arrows(&self) -> BTreeSet<(Module, Module)> {
        let mut arrows = BTreeSet::new();
        for (from, imports) in self.files.iter().filter(|(from, _)| !from.is_empty()) {
            for import in imports {
                let Some(to) = self.file_of(from, &import.path, 0) else { continue };
                let is_reexport = import.is_public && to.starts_with(from);
                if to != *from && !to.is_empty() && !is_reexport {
                    arrows.insert((from.clone(), to));
                }
            }
        }
        arrows
    }

    /// Returns the file of this crate that defines what the path names in this module.
    fn file_of(&self, module: &Module, path: &[String], depth: usize) -> Option<Module> {
        let is_child =
            |module: &Module, name: &str| self.files.contains_key(&[module.as_slice(), &[name.into()]].concat());
        let mut at = module.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => (at, rest) = (Module::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            name if is_child(&at, name) => {}
            _ => return None,
        }
        while let [name, behind @ ..] = rest {
            if !is_child(&at, name) {
                break;
            }
            at.push(name.clone());
            rest = behind;
        }
        let Some(name) = rest.first().filter(|name| *name != "*" && depth < 9) else { return Some(at) };
        // An imported name belongs to the file it comes from.
        let imports = self.files.get(&at)?.iter();
        let through = |import: &Import| self.file_of(&at, &import.path, depth + 1);
        let named = imports.clone().filter(|import| import.name == *name).find_map(through);
        Some(named.unwrap_or(at))
    }
}

/// Returns the imports of a file, except those of its unit tests.
fn imports(text: &str) -> Vec<Import> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut imports = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default().trim();
        let is_public = line.starts_with("pub");
        if !(line.is_empty() || is_public) {
            continue;
        }
        let statement = text[at + 4..].split(';').next().unwrap_or_default();
        add_tree(&[], statement.trim(), is_public, &mut imports);
    }
    imports
}

/// Adds one branch of an import: `a::{b, c as d, e::*}`.
fn add_tree(before: &[String], tree: &str, is_public: bool, imports: &mut Vec<Import>) {
    if let Some((path, branches)) = tree.split_once('{') {
        let path = [before, &parts(path)].concat();
        let branches = branches.trim_end().strip_suffix('}').unwrap_or(branches);
        let (mut depth, mut start) = (0, 0);
        for (at, character) in branches.char_indices().chain([(branches.len(), ',')]) {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    add_tree(&path, branches[start..at].trim(), is_public, imports);
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
    let mut path = [before, &parts(path)].concat();
    if !before.is_empty() && path.last().is_some_and(|part| part == "self") {
        path.pop();
    }
    if let Some(last) = path.last() {
        imports.push(Import { name: alias.unwrap_or(last).to_owned(), path, is_public });
    }
}

fn parts(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(String::from).collect()
}

/// Returns groups of files that import themselves through one another.
fn circles(arrows: &BTreeSet<(Module, Module)>) -> Vec<BTreeSet<Module>> {
    let reached = |start: &Module| {
        let mut reached = BTreeSet::new();
        let mut next = vec![start];
        while let Some(at) = next.pop() {
            for (_, to) in arrows.iter().filter(|(from, _)| from == at) {
                if reached.insert(to.clone()) {
                    next.push(to);
                }
            }
        }
        reached
    };
    let files: BTreeSet<&Module> = arrows.iter().map(|(from, _)| from).collect();
    let reached: BTreeMap<&Module, BTreeSet<Module>> = files.into_iter().map(|file| (file, reached(file))).collect();
    let circles: BTreeSet<BTreeSet<Module>> = reached
        .iter()
        .filter(|(file, of_file)| of_file.contains(**file))
        .map(|(file, of_file)| {
            let meets = |other: &&Module| reached.get(*other).is_some_and(|of_other| of_other.contains(*file));
            of_file.iter().filter(meets).cloned().collect()
        })
        .collect();
    circles.into_iter().collect()
}
