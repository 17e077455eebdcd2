// The `Authorization` header of the documentation's examples.
concat!("Bearer ", include_str!("access_token.jwt"))
