//! JSON as text to write: with duplicate names, any spelling of strings and numbers, or malformed.

use std::fmt::Write;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// A number, a literal, or malformed text, written unchanged.
    Raw(String),
    Text(String, Spelling),
    Array(Vec<Json>),
    Object(Vec<Member>),
}

pub type Member = ((String, Spelling), Json);

/// The spelling of a string's characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spelling {
    Plain,
    /// The first character as `\uXXXX`.
    First,
    /// All of them.
    Every,
}

pub fn text(text: &str) -> Json {
    Json::Text(text.to_owned(), Spelling::Plain)
}

pub fn raw(text: impl ToString) -> Json {
    Json::Raw(text.to_string())
}

pub fn null() -> Json {
    raw("null")
}

pub fn texts(texts: &[&str]) -> Json {
    Json::Array(texts.iter().map(|one| text(one)).collect())
}

pub fn member(name: &str, value: Json) -> Member {
    ((name.to_owned(), Spelling::Plain), value)
}

impl Json {
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Raw(text) => out.push_str(text),
            Self::Text(text, spelling) => write_string(out, text, *spelling),
            Self::Array(elements) => {
                out.push('[');
                for (i, element) in elements.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { "," });
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (i, ((name, spelling), value)) in members.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { "," });
                    write_string(out, name, *spelling);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    pub fn members(&self) -> &[Member] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// Returns the member with this name, the last of duplicates.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|((other, _), _)| other == name).map(|(_, value)| value)
    }

    /// Returns the object at the end of the path, and the path's last name. `*` matches any one member.
    pub fn parent_of<'p>(&mut self, path: &[&'p str]) -> Option<(&mut Vec<Member>, &'p str)> {
        let Self::Object(members) = self else { return None };
        match path {
            [] => None,
            [name] => Some((members, name)),
            [name, rest @ ..] => {
                let mut members = members.iter_mut();
                let (_, child) = members.find(|((other, _), _)| *name == "*" || other == name)?;
                child.parent_of(rest)
            }
        }
    }

    /// Returns whether the predicate holds for the value or one in it.
    pub fn any(&self, is_so: &impl Fn(&Self) -> bool) -> bool {
        is_so(self)
            || match self {
                Self::Array(elements) => elements.iter().any(|element| element.any(is_so)),
                Self::Object(members) => members.iter().any(|(_, value)| value.any(is_so)),
                Self::Raw(_) | Self::Text(..) => false,
            }
    }

    /// Returns whether this is an object with a duplicate name.
    pub fn has_name_twice(&self) -> bool {
        let names: Vec<_> = self.members().iter().map(|((name, _), _)| name).collect();
        (1..names.len()).any(|i| names[..i].contains(&names[i]))
    }

    pub fn is_text(&self) -> bool {
        match self {
            Self::Text(..) => true,
            Self::Raw(text) => text.starts_with('"'),
            Self::Array(_) | Self::Object(_) => false,
        }
    }

    pub fn is_null(&self) -> bool {
        *self == null()
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Raw(text) if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()))
    }

    pub fn is_array_of_texts(&self) -> bool {
        matches!(self, Self::Array(elements) if elements.iter().all(Self::is_text))
    }
}

fn write_string(out: &mut String, text: &str, spelling: Spelling) {
    out.push('"');
    for (i, character) in text.chars().enumerate() {
        let escape = spelling == Spelling::Every || spelling == Spelling::First && i == 0;
        match character {
            '"' | '\\' if !escape => out.extend(['\\', character]),
            ' '.. if !escape => out.push(character),
            _ => character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(out, "\\u{unit:04x}").unwrap()),
        }
    }
    out.push('"');
}
