//! Where in the text of the org map each org stands: a hash table in the part of the caller's buffer behind the payload.
//!
//! It finds an org without a walk over the others, and an id that occurs twice in time linear in the number of orgs.

use crate::json::{JsonObject, JsonStr, Reader};

/// Octets of a slot: the position of an entry in the text of the map, little-endian; zero, where its brace stands, if
/// the slot is free.
const SLOT_LEN: usize = 3;
const _: () = assert!(crate::limits::MAX_TOKEN_LEN < 1 << (8 * SLOT_LEN));

/// The shortest entry and its comma, `"":{"user_role":null},`, have 22 octets, so a quarter of the slots remains free.
const OCTETS_PER_SLOT: usize = 16;

/// Octets of the table for a payload of so many.
pub(crate) const fn index_len(payload_len: usize) -> usize {
    (payload_len / OCTETS_PER_SLOT).saturating_mul(SLOT_LEN)
}

/// The table, filled.
#[derive(Clone, Copy)]
pub(super) struct OrgIndex<'a> {
    map: JsonObject<'a>,
    slots: &'a [[u8; SLOT_LEN]],
}

impl<'a> OrgIndex<'a> {
    /// Gives a reader at every entry of the map to `read`, which reads the entry and says whether it is good, and enters
    /// it. Nothing if one is not, or if an id occurs twice.
    pub(super) fn build(
        map: JsonObject<'a>,
        scratch: &'a mut [u8],
        read: impl Fn(&mut Reader<'a>) -> bool,
    ) -> Option<Self> {
        let table = scratch.get_mut(..index_len(map.raw().len()))?;
        let (slots, _) = table.as_chunks_mut::<SLOT_LEN>();
        slots.fill([0; SLOT_LEN]);
        let mut entries = map.reader();
        loop {
            let position = entries.position();
            let Some(id) = entries.name() else { break };
            let id = id.plain()?;
            if !read(&mut entries) {
                return None;
            }
            match probe(map, slots, id)? {
                (_, Some(_)) => return None,
                (free, None) => {
                    let [low, middle, high, ..] = position.to_le_bytes();
                    *slots.get_mut(free)? = [low, middle, high];
                }
            }
        }
        Some(Self { map, slots })
    }

    pub(super) fn map(self) -> JsonObject<'a> {
        self.map
    }

    /// A reader at the entry of this id.
    pub(super) fn find(self, id: &str) -> Option<Reader<'a>> {
        let (_, reader) = probe(self.map, self.slots, id)?;
        reader
    }
}

/// The slot that has this id and a reader at its entry, or else the slot that is free for it.
fn probe<'a>(map: JsonObject<'a>, slots: &[[u8; SLOT_LEN]], id: &str) -> Option<(usize, Option<Reader<'a>>)> {
    let start = (hash(id) as usize).checked_rem(slots.len())?;
    let (before, from_start) = slots.split_at_checked(start)?;
    for (slot, &[low, middle, high]) in (start..).zip(from_start).chain((0..).zip(before)) {
        let position = u32::from_le_bytes([low, middle, high, 0]) as usize;
        if position == 0 {
            return Some((slot, None));
        }
        let mut reader = map.reader_at(position);
        if reader.name().and_then(JsonStr::plain) == Some(id) {
            return Some((slot, Some(reader)));
        }
    }
    None
}

/// FNV-1a. Ids come from PropelAuth, not from those who would gain by collisions.
fn hash(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193))
}
