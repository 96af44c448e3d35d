//! Requests that are asked again while the broker is not ready, and codes.

use wire::Request;

use super::world::{PAUSE, World};
use crate::Failed;
use crate::load::pipeline::{Pipeline, Trouble};

pub(super) const NONE: i16 = 0;
pub(super) const DUPLICATE_SEQUENCE_NUMBER: i16 = 46;
pub(super) const OUT_OF_ORDER_SEQUENCE_NUMBER: i16 = 45;
pub(super) const UNKNOWN_PRODUCER_ID: i16 = 59;

/// Of requests that no broker would take, whatever has happened: an unsupported version, and an invalid request.
const WRONG: [i16; 2] = [35, 42];

/// The broker, or one of its coordinators, has just started, or somebody else's transaction has still to end: unknown topic,
/// no leader, not the leader, loading, not available, not the coordinator, concurrent transactions, storage.
const NOT_YET: [i16; 8] = [3, 5, 6, 14, 15, 16, 51, 56];

/// Asks until the code is none of those that pass; gives the answer with its code.
pub(super) fn patiently<R: Request>(
    world: &World,
    connection: &mut Pipeline,
    (request, version): (&R, i16),
    code_of: impl Fn(&R::Response) -> i16,
) -> Result<(R::Response, i16), Trouble> {
    loop {
        let answer = connection.call(request, version)?;
        let code = code_of(&answer);
        if code != NONE {
            world.refused(R::NAME, code);
        }
        if !NOT_YET.contains(&code) || world.is_stopped() {
            return Ok((answer, code));
        }
        world.rest(PAUSE);
    }
}

/// As [`patiently`]; any other code ends the client's life.
pub(super) fn surely<R: Request>(
    world: &World,
    connection: &mut Pipeline,
    (request, version): (&R, i16),
    code_of: impl Fn(&R::Response) -> i16,
) -> Result<R::Response, Trouble> {
    let (answer, code) = patiently(world, connection, (request, version), code_of)?;
    if code == NONE {
        return Ok(answer);
    }
    if WRONG.contains(&code) {
        return Err(Failed(format!("{} is answered with code {code}", R::NAME)).into());
    }
    world.count(|counts| &counts.fenced);
    Err(Trouble::Gone)
}

/// The first code of several that is not [`NONE`].
pub(super) fn worst(codes: impl IntoIterator<Item = i16>) -> i16 {
    codes.into_iter().find(|code| *code != NONE).unwrap_or(NONE)
}
