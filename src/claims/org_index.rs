//! An index of the orgs in the org map: a hash table in the caller's buffer, after the payload.
//!
//! It finds an org without scanning the others, and a duplicate id in time linear in the number of orgs. Building it is
//! abandoned after more steps than ids take that were not chosen to collide.

use super::org_entry::{FieldOrder, OrgEntry};
use crate::hash::place;
use crate::json::{Malformed, Reader, Source, Strings, Validator, Value, ValueSpan, is_name_at};

/// The size of a slot in bytes. A slot holds the position before an entry in the text of the map, six bits per byte,
/// least significant first. A free slot holds zero, the position of the map's brace. Six bits are ASCII, so payload and
/// index together are UTF-8.
const SLOT_LEN: usize = 3;
const _: () = assert!(crate::limits::MAX_TOKEN_LEN <= 1 << (6 * SLOT_LEN));

type Slot = [u8; SLOT_LEN];

const fn slot(position: usize) -> Slot {
    [(position & 0x3f) as u8, (position >> 6 & 0x3f) as u8, (position >> 12 & 0x3f) as u8]
}

const fn position([low, middle, high]: Slot) -> usize {
    low as usize | (middle as usize) << 6 | (high as usize) << 12
}

/// The shortest entry with its comma, `"":{"user_role":null},`, has 22 bytes, so at least a quarter of the slots stays
/// free.
const BYTES_PER_SLOT: usize = 16;

/// The limit on steps to build the index, per slot. The average is one, even with as many orgs as fit.
const STEPS_PER_SLOT: usize = 4;

/// Returns the size of the table in bytes for a payload of this length.
pub(crate) const fn index_len(payload_len: usize) -> usize {
    (payload_len / BYTES_PER_SLOT).saturating_mul(SLOT_LEN)
}

/// The finished table.
#[derive(Clone, Copy)]
pub(crate) struct OrgIndex<'a> {
    slots: &'a [Slot],
}

/// The table while it is being built.
pub(crate) struct OrgIndexBuilder<'a> {
    slots: &'a mut [Slot],
    steps_left: usize,
}

impl<'a> OrgIndexBuilder<'a> {
    /// Clears all of `scratch`, although the index may need only part of it.
    pub(crate) fn new(scratch: &'a mut [u8]) -> Self {
        scratch.fill(0);
        let slots = scratch.as_chunks_mut().0;
        Self { steps_left: slots.len().saturating_mul(STEPS_PER_SLOT), slots }
    }

    /// Reads the org map. Returns its span, and whether it is an object in which no id occurs twice, ids do not collide
    /// beyond chance, and every org is valid.
    pub(crate) fn read_map(&mut self, json: &mut Validator<'_>) -> Result<(ValueSpan, bool), Malformed> {
        let start = json.position();
        if !json.enter_object()? {
            return Ok((json.value(Strings::Kept)?, false));
        }
        let mut is_good = true;
        let mut order = FieldOrder::default();
        loop {
            let position = json.position().saturating_sub(start);
            let Some(id) = json.name_span()? else { break };
            let map = json.text().get(start..).unwrap_or_default();
            // Inserts nothing after the first invalid org: the table only has room for valid ones.
            is_good = is_good && self.insert(map, position, id.of_bytes(json.text()));
            is_good &= OrgEntry::read(json, &mut order)?.is_some_and(|org| org.is_good());
        }
        Ok((json.object_from(start), is_good))
    }

    /// Inserts the member with this name that follows the position. Returns `false` if the name is there already.
    fn insert(&mut self, map: &[u8], position: usize, id: &[u8]) -> bool {
        let Some((free, None)) = probe(map, self.slots, id, &mut self.steps_left) else { return false };
        let Some(free) = self.slots.get_mut(free) else { return false };
        *free = slot(position);
        true
    }

    pub(crate) fn finish(self) -> OrgIndex<'a> {
        OrgIndex { slots: self.slots }
    }
}

impl<'a> OrgIndex<'a> {
    /// Returns the index stored in a text.
    #[cfg(feature = "alloc")]
    pub(crate) fn from_text(text: &'a str) -> Self {
        Self { slots: text.as_bytes().as_chunks().0 }
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn as_bytes(self) -> &'a [u8] {
        self.slots.as_flattened()
    }

    /// Returns a reader positioned at the org with this id, in the map that the index was built for.
    pub(crate) fn find(self, map: Value<'a>, id: &str) -> Option<Reader<'a>> {
        let (_, position) = probe(map.text().as_bytes(), self.slots, id.as_bytes(), &mut self.slots.len())?;
        let mut reader = map.reader_at(position?);
        reader.name()?;
        Some(reader)
    }
}

/// Returns the slot with this id and the position of its member, or else a free slot for it. Returns `None` if there is
/// neither, or no step is left.
fn probe(map: &[u8], slots: &[Slot], id: &[u8], steps_left: &mut usize) -> Option<(usize, Option<usize>)> {
    let start = place(id, slots.len());
    let (before, from_start) = slots.split_at_checked(start)?;
    for (i, &slot) in (start..).zip(from_start).chain((0..).zip(before)) {
        let position = position(slot);
        if position == 0 {
            return Some((i, None));
        }
        if is_name_at(map, position, id) {
            return Some((i, Some(position)));
        }
        *steps_left = steps_left.checked_sub(1)?;
    }
    None
}
