//! Which public items the documentation shows in no example.

use std::collections::HashSet;

use rustdoc_types::{Crate, Id, Item, ItemEnum, StructKind, Type, VariantKind};

/// The paths of public functions, methods, macros and traits that have no example, and of types that no example names.
/// A type in a field of a type that an example names need not be named itself.
pub fn lacking(api: &Crate) -> Vec<String> {
    let mut items =
        Items { api, seen: HashSet::new(), callables: Vec::new(), types: Vec::new(), examples: String::new() };
    items.add(api.root, "");
    let mut shown: HashSet<Id> = HashSet::new();
    let words: HashSet<&str> = items.examples.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for (item, _) in &items.types {
        if item.name.as_deref().is_some_and(|name| words.contains(name)) {
            show(api, item.id, &mut shown);
        }
    }
    let types = items.types.into_iter().filter(|(item, _)| !shown.contains(&item.id)).map(|(_, path)| path);
    let mut lacking: Vec<_> = items.callables.into_iter().chain(types).collect();
    lacking.sort_unstable();
    lacking
}

struct Items<'a> {
    api: &'a Crate,
    seen: HashSet<Id>,
    /// The paths of those that lack an example of their own.
    callables: Vec<String>,
    types: Vec<(&'a Item, String)>,
    examples: String,
}

impl<'a> Items<'a> {
    fn add(&mut self, id: Id, parent: &str) {
        let Some(item) = self.api.index.get(&id) else { return };
        if !self.seen.insert(id) {
            return;
        }
        let path = match &item.name {
            Some(name) if parent.is_empty() => name.clone(),
            Some(name) => format!("{parent}::{name}"),
            None => parent.into(),
        };
        let examples = examples(item.docs.as_deref().unwrap_or_default());
        let lacks = examples.is_empty();
        self.examples += &examples;
        match &item.inner {
            ItemEnum::Module(module) => self.add_all(&module.items, &path),
            ItemEnum::Use(import) => self.add_all(import.id.as_slice(), parent),
            ItemEnum::Function(_) | ItemEnum::Macro(_) | ItemEnum::Trait(_) if lacks => self.callables.push(path),
            ItemEnum::Struct(of) => self.add_type(item, &of.impls, path),
            ItemEnum::Enum(of) => self.add_type(item, &of.impls, path),
            ItemEnum::Impl(of) if of.trait_.is_none() => self.add_all(&of.items, parent),
            _ => {}
        }
    }

    fn add_all(&mut self, ids: &[Id], parent: &str) {
        for id in ids {
            self.add(*id, parent);
        }
    }

    fn add_type(&mut self, item: &'a Item, impls: &[Id], path: String) {
        self.add_all(impls, &path);
        self.types.push((item, path));
    }
}

/// The code in this text that is Rust, also where it does not compile on purpose.
fn examples(docs: &str) -> String {
    let mut code = String::new();
    let mut in_example = None;
    for line in docs.lines().map(str::trim_start) {
        match (line.strip_prefix("```"), in_example) {
            (Some(language), None) => in_example = Some(!["text", "json", "toml", "sh"].contains(&language)),
            (Some(_), Some(_)) => in_example = None,
            (None, Some(true)) => code += &format!("{line}\n"),
            (None, _) => {}
        }
    }
    code
}

/// Adds this type, and those of its fields.
fn show(api: &Crate, id: Id, shown: &mut HashSet<Id>) {
    let Some(item) = api.index.get(&id) else { return };
    if !shown.insert(id) {
        return;
    }
    match &item.inner {
        ItemEnum::Struct(of) => match &of.kind {
            StructKind::Plain { fields, .. } => fields.iter().for_each(|id| show(api, *id, shown)),
            StructKind::Tuple(fields) => fields.iter().flatten().for_each(|id| show(api, *id, shown)),
            StructKind::Unit => {}
        },
        ItemEnum::Enum(of) => of.variants.iter().for_each(|id| show(api, *id, shown)),
        ItemEnum::Variant(of) => match &of.kind {
            VariantKind::Struct { fields, .. } => fields.iter().for_each(|id| show(api, *id, shown)),
            VariantKind::Tuple(fields) => fields.iter().flatten().for_each(|id| show(api, *id, shown)),
            VariantKind::Plain => {}
        },
        ItemEnum::StructField(of) => show_in(api, of, shown),
        _ => {}
    }
}

fn show_in(api: &Crate, of: &Type, shown: &mut HashSet<Id>) {
    // The types in it, however deep, are what has an id.
    fn ids(value: &serde_json::Value, found: &mut Vec<u32>) {
        match value {
            serde_json::Value::Object(members) => {
                found.extend(
                    members.get("id").and_then(serde_json::Value::as_u64).and_then(|id| u32::try_from(id).ok()),
                );
                members.values().for_each(|value| ids(value, found));
            }
            serde_json::Value::Array(elements) => elements.iter().for_each(|value| ids(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    ids(&serde_json::to_value(of).expect("it was JSON"), &mut found);
    found.into_iter().for_each(|id| show(api, Id(id), shown));
}
