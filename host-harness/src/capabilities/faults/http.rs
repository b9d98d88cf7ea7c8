//! HTTP responses that go wrong: what a policy sees of them is the body.

use admit::wire::chainloop::HttpResponse;

use super::{Fault, answers};
use crate::capabilities::CallError;

/// The response with another body; `None` when the fault does not apply to it.
pub(super) fn inject(fault: &Fault, answer: &Result<Vec<u8>, CallError>) -> Option<Vec<u8>> {
    let real: Option<HttpResponse> = answer.as_ref().ok().and_then(|answer| serde_json::from_slice(answer).ok());
    let body = match fault {
        Fault::Garbage => answers::GARBAGE.to_vec(),
        Fault::OtherShape => answers::OTHER_SHAPE.to_vec(),
        Fault::Truncated => {
            let real = real.as_ref().filter(|real| !real.body.is_empty())?;
            answers::half(&real.body).to_vec()
        }
        Fault::Empty => Vec::new(),
        _ => return None,
    };
    let headers = real.map(|real| real.headers).unwrap_or_default();
    // It always becomes JSON.
    serde_json::to_vec(&HttpResponse { status: 200, headers, body }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_go_wrong() {
        let answer = Ok(br#"{"status":404,"headers":{"a":"b"},"body":"{\"x\":1}"}"#.to_vec());
        let faulty_answer =
            |fault, answer: &Result<_, _>| inject(&fault, answer).map(|bytes| String::from_utf8(bytes).expect("text"));
        let with = |body: &str| Some(format!(r#"{{"status":200,"headers":{{"a":"b"}}{body}}}"#));
        assert_eq!(faulty_answer(Fault::Garbage, &answer), with(r#","body":"\u0001not JSON""#));
        assert_eq!(faulty_answer(Fault::OtherShape, &answer), with(r#","body":"[\"unexpected\"]""#));
        assert_eq!(faulty_answer(Fault::Truncated, &answer), with(r#","body":"{\"x""#));
        assert_eq!(faulty_answer(Fault::Empty, &answer), with(""));
        assert_eq!(faulty_answer(Fault::Many, &answer), None);
        let failed = Err(CallError::Failed("refused".to_owned()));
        assert_eq!(faulty_answer(Fault::Truncated, &failed), None);
        assert_eq!(faulty_answer(Fault::Truncated, &Ok(br#"{"status":204}"#.to_vec())), None);
        assert_eq!(faulty_answer(Fault::Empty, &failed).as_deref(), Some(r#"{"status":200,"headers":{}}"#));
    }
}
