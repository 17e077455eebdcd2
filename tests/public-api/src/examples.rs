//! Finds public items without an example in the documentation.

use std::collections::HashSet;

use rustdoc_types::{Crate, Enum, Id, Item, ItemEnum, Struct, StructKind, VariantKind};

/// Returns the paths of public modules without an example, and of types, traits, functions and macros that no example
/// names. A type is exempt if a named type has it in a field or in a method's signature, or if it implements a named
/// trait of this crate. Methods are exempt: they have an example where the signature does not say enough.
pub fn lacking(api: &Crate) -> Vec<String> {
    let mut items =
        Items { api, seen: HashSet::new(), modules: Vec::new(), named: Vec::new(), examples: String::new() };
    items.add(api.root, "");
    let mut shown: HashSet<Id> = HashSet::new();
    let words: HashSet<&str> = items.examples.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for (item, _) in &items.named {
        if item.name.as_deref().is_some_and(|name| words.contains(name)) {
            show(api, item.id, &mut shown);
        }
    }
    let named = items.named.into_iter().filter(|(item, _)| !shown.contains(&item.id)).map(|(_, path)| path);
    let mut lacking: Vec<_> = items.modules.into_iter().chain(named).collect();
    lacking.sort_unstable();
    lacking
}

struct Items<'a> {
    api: &'a Crate,
    seen: HashSet<Id>,
    /// The paths of items without an example.
    modules: Vec<String>,
    named: Vec<(&'a Item, String)>,
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
        // Not those of prose, constants or other modules.
        if let ItemEnum::Module(module) = &item.inner
            && examples.is_empty()
            && module.items.iter().any(|id| self.api.index.get(id).is_some_and(is_named))
        {
            self.modules.push(path.clone());
        }
        self.examples += &examples;
        match &item.inner {
            ItemEnum::Module(module) => self.add_all(&module.items, &path),
            ItemEnum::Use(import) => match import.id.and_then(|id| self.api.index.get(&id)).map(|item| &item.inner) {
                // The module itself may be private.
                Some(ItemEnum::Module(module)) if import.is_glob => self.add_all(&module.items, parent),
                _ => self.add_all(import.id.as_slice(), parent),
            },
            ItemEnum::Struct(of) => self.add_named(item, &of.impls, path),
            ItemEnum::Enum(of) => self.add_named(item, &of.impls, path),
            ItemEnum::Function(_) | ItemEnum::Trait(_) | ItemEnum::Macro(_) => self.add_named(item, &[], path),
            ItemEnum::Impl(of) if of.trait_.is_none() => self.add_methods(&of.items),
            _ => {}
        }
    }

    fn add_all(&mut self, ids: &[Id], parent: &str) {
        for id in ids {
            self.add(*id, parent);
        }
    }

    fn add_named(&mut self, item: &'a Item, impls: &[Id], path: String) {
        self.add_all(impls, &path);
        self.named.push((item, path));
    }

    fn add_methods(&mut self, ids: &[Id]) {
        for id in ids {
            let docs = self.api.index.get(id).and_then(|item| item.docs.as_deref());
            self.examples += &examples(docs.unwrap_or_default());
        }
    }
}

fn is_named(item: &Item) -> bool {
    matches!(
        item.inner,
        ItemEnum::Struct(_) | ItemEnum::Enum(_) | ItemEnum::Function(_) | ItemEnum::Trait(_) | ItemEnum::Macro(_)
    )
}

/// Returns the Rust code in a text, including code that must not compile.
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
        ItemEnum::Trait(of) if item.crate_id == 0 => {
            for implementation in of.implementations.iter().filter_map(|id| api.index.get(id)) {
                if let ItemEnum::Impl(of) = &implementation.inner {
                    show_in(api, serde_json::to_value(&of.for_), shown);
                }
            }
        }
        ItemEnum::Variant(of) => match &of.kind {
            VariantKind::Struct { fields, .. } => fields.iter().for_each(|id| show(api, *id, shown)),
            VariantKind::Tuple(fields) => fields.iter().flatten().for_each(|id| show(api, *id, shown)),
            VariantKind::Plain => {}
        },
        ItemEnum::StructField(of) => show_in(api, serde_json::to_value(of), shown),
        _ => {}
    }
    if let ItemEnum::Struct(Struct { impls, .. }) | ItemEnum::Enum(Enum { impls, .. }) = &item.inner {
        show_signatures(api, impls, shown);
    }
}

/// Adds the types in the signatures of inherent methods, and those that a trait implementation names.
fn show_signatures(api: &Crate, impls: &[Id], shown: &mut HashSet<Id>) {
    for implementation in impls.iter().filter_map(|id| api.index.get(id)) {
        let ItemEnum::Impl(of) = &implementation.inner else { continue };
        for method in of.items.iter().filter(|_| of.trait_.is_none()).filter_map(|id| api.index.get(id)) {
            if let ItemEnum::Function(of) = &method.inner {
                show_in(api, serde_json::to_value(&of.sig), shown);
            }
        }
        for associated in of.items.iter().filter_map(|id| api.index.get(id)) {
            if let ItemEnum::AssocType { type_, .. } = &associated.inner {
                show_in(api, serde_json::to_value(type_), shown);
            }
        }
    }
}

fn show_in(api: &Crate, of: serde_json::Result<serde_json::Value>, shown: &mut HashSet<Id>) {
    // Types at any depth have an id.
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
    ids(&of.expect("it was JSON"), &mut found);
    found.into_iter().for_each(|id| show(api, Id(id), shown));
}
