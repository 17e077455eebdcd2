use propelauth_edge::VerifiedUser;

fn main() {
    let _ = VerifiedUser::new;
    let _ = |user: VerifiedUser| user.buffer;
}
