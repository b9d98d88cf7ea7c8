use std::collections::BTreeMap;

use super::*;

fn request(method: &str, url: &str) -> HttpRequest {
    HttpRequest { method: method.to_owned(), url: url.to_owned(), ..HttpRequest::default() }
}

fn redirect(status: u16, location: &str) -> HttpResponse {
    let headers = BTreeMap::from([("location".to_owned(), location.to_owned())]);
    HttpResponse { status, headers, body: b"moved".to_vec() }
}

fn ok() -> HttpResponse {
    HttpResponse { status: 200, ..HttpResponse::default() }
}

/// Performs a request that is answered with these, one after the other; returns what was asked of whoever answers.
fn hops(
    request: HttpRequest,
    list: &[&str],
    answers: &[HttpResponse],
) -> (Result<HttpResponse, HttpError>, Vec<HttpRequest>) {
    let mut asked = Vec::new();
    let list: Vec<String> = list.iter().map(|entry| (*entry).to_owned()).collect();
    let answered = perform(request, &list, &mut |request| {
        asked.push(request.clone());
        Ok(answers[asked.len() - 1].clone())
    });
    (answered, asked)
}

#[track_caller]
fn fails(request: HttpRequest, list: &[&str], answers: &[HttpResponse], text: &str) {
    let (answered, asked) = hops(request, list, answers);
    assert_eq!(answered.expect_err("it fails").to_string(), text);
    assert_eq!(asked.len(), answers.len());
}

#[test]
fn a_request_goes_out_as_it_was_written() {
    let (answered, asked) = hops(request("post", "https://Api.example.com"), &["Api.example.com"], &[ok()]);
    assert_eq!((answered, asked), (Ok(ok()), vec![request("POST", "https://Api.example.com")]));
    // Letters are compared as they are written, as upstream.
    let url = "https://Api.example.com";
    fails(request("", url), &["api.example.com"], &[], "HTTP request to 'https://Api.example.com' is not allowed");
    let (_, asked) = hops(request("", "https://www.cisa.gov/x"), &[], &[ok()]);
    assert_eq!(asked[0].method, "GET");
    // Statuses are the policy's to judge.
    let lost = HttpResponse { status: 404, ..ok() };
    assert_eq!(hops(request("", "https://a.example"), &["*"], std::slice::from_ref(&lost)).0, Ok(lost.clone()));
}

#[test]
fn only_hosts_on_the_list() {
    for url in ["https://b.example/x", "https://a.example@b.example", "/x", "", "https:/b.example", "http://B.Example"]
    {
        fails(request("GET", url), &["a.example"], &[], &format!("HTTP request to '{url}' is not allowed"));
    }
    // What is written must be what is reached.
    fails(request("", "http://0x7f.1/"), &["0x7f.1"], &[], "HTTP request to 'http://0x7f.1/' is not allowed");
    assert!(hops(request("", "http://0x7f.1/"), &["127.0.0.1"], &[ok()]).0.is_ok());
    assert!(hops(request("", "http://[::1]:81/"), &["::1"], &[ok()]).0.is_ok());
    fails(request("", "http://[::1]/"), &["[[]::1[]]"], &[], "HTTP request to 'http://[::1]/' is not allowed");
}

#[test]
fn only_http() {
    let text = r#"Get "ftp://a.example/": unsupported protocol scheme "ftp""#;
    fails(request("", "ftp://a.example/"), &["*"], &[], text);
    fails(request("Put", "x"), &["*"], &[], r#"Put "x": unsupported protocol scheme """#);
    let (answered, _) = hops(request("", "https://[x/"), &["*"], &[]);
    assert_eq!(answered.expect_err("no URL").to_string(), "invalid url: parse \"https://[x/\": invalid IPv6 address");
}

#[test]
fn redirects_are_followed() {
    let answers = [redirect(302, "/b?c=d"), redirect(307, "//other.example/e"), ok()];
    let mut start = request("POST", "https://user:pw@a.example/x/y#z");
    start.body = b"body".to_vec();
    start.headers.insert("content-type".to_owned(), "text/plain".to_owned());
    start.headers.insert("X-Kept".to_owned(), "1".to_owned());
    let (answered, asked) = hops(start, &["*"], &answers);
    assert_eq!(answered, Ok(ok()));
    let shown: Vec<_> = asked.iter().map(|asked| format!("{} {}", asked.method, asked.url)).collect();
    assert_eq!(
        shown,
        ["POST https://user:pw@a.example/x/y#z", "GET https://user:pw@a.example/b?c=d", "GET https://other.example/e"]
    );
    assert!(asked[1].body.is_empty());
    let names = |request: &HttpRequest| request.headers.keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!([names(&asked[0]), names(&asked[1])], ["X-Kept content-type", "Referer X-Kept"]);
    assert_eq!(asked[1].headers["Referer"], "https://a.example/x/y");
}

#[test]
fn methods_and_bodies() {
    for (method, status, expected, body) in [
        ("POST", 301, "GET", false),
        ("PUT", 303, "GET", false),
        ("HEAD", 302, "HEAD", false),
        ("POST", 307, "POST", true),
        ("DELETE", 308, "DELETE", true),
    ] {
        let start = HttpRequest { body: b"b".to_vec(), ..request(method, "http://a.example") };
        let (_, asked) = hops(start, &["*"], &[redirect(status, "/"), ok()]);
        assert_eq!((asked[1].method.as_str(), asked[1].body.is_empty()), (expected, !body), "{method} {status}");
    }
    for answer in [redirect(304, "/"), redirect(300, "/"), redirect(302, ""), HttpResponse { status: 301, ..ok() }] {
        assert_eq!(hops(request("", "http://a.example"), &["*"], std::slice::from_ref(&answer)).0, Ok(answer.clone()));
    }
}

#[test]
fn every_hop_is_looked_at() {
    let answers = [redirect(301, "http://b.example/"), redirect(301, "http://169.254.169.254/latest")];
    let text = "HTTP request to 'http://169.254.169.254/latest' is not allowed";
    fails(request("", "http://a.example"), &["?.example"], &answers, text);
    let text = r#"Get "file:///etc/passwd": unsupported protocol scheme "file""#;
    fails(request("", "http://a.example"), &["*"], &[redirect(301, "file:///etc/passwd")], text);
    let text = r#"Get "http://a.example": failed to parse Location header "http://[": invalid IPv6 address"#;
    fails(request("", "http://a.example"), &["*"], &[redirect(301, "http://[")], text);
}

#[test]
fn secrets_stay_with_their_host() {
    let with_secrets = |first: &str, locations: &[&str]| {
        let mut start = request("", first);
        for name in ["authorization", "Cookie", "Accept"] {
            start.headers.insert(name.to_owned(), "x".to_owned());
        }
        let answers: Vec<_> = locations.iter().map(|location| redirect(302, location)).chain([ok()]).collect();
        let (_, mut asked) = hops(start, &["*"], &answers);
        let mut headers = asked.pop().expect("a last request").headers;
        headers.remove("Referer");
        headers.into_keys().collect::<Vec<_>>().join(" ")
    };
    let all = "Accept Cookie authorization";
    assert_eq!(with_secrets("https://a.example", &["https://a.example:8443/x"]), all);
    assert_eq!(with_secrets("https://a.example", &["https://b.a.example"]), all);
    assert_eq!(with_secrets("https://a.example", &["https://ba.example"]), "Accept");
    assert_eq!(with_secrets("https://a.example", &["https://b.example", "https://a.example"]), "Accept");
    assert_eq!(with_secrets("https://1.2.3.4", &["https://1.2.3.4/x"]), all);
    assert_eq!(with_secrets("https://1.2.3.4", &["https://1.2.3.5"]), "Accept");
}

#[test]
fn there_is_an_end() {
    let text = r#"Get "http://a.example/": stopped after 10 redirects"#;
    fails(request("", "http://a.example"), &["*"], &vec![redirect(302, "/"); 10], text);
    let mut answers = vec![redirect(302, "/"); 9];
    answers.push(ok());
    assert_eq!(hops(request("", "http://a.example"), &["*"], &answers).0, Ok(ok()));
    let large = HttpResponse { body: vec![0; MAX_RESPONSE + 1], ..ok() };
    fails(request("", "http://a.example"), &["*"], &[large], "http: request body too large");
    let unanswerable = CallError::Unanswerable("w has no URL".to_owned());
    let answered = perform(request("", "http://a.example"), &["*".to_owned()], &mut |_| Err(unanswerable.clone()));
    assert_eq!(answered, Err(HttpError::Call(unanswerable)));
    let refused = || Err(CallError::Failed("dial tcp: connection refused".to_owned()));
    let answered = perform(request("", "http://a.example"), &["*".to_owned()], &mut |_| refused());
    let text = "Get \"http://a.example\": dial tcp: connection refused";
    assert_eq!(answered, Err(HttpError::Failed(text.to_owned())));
}

#[test]
fn what_is_too_long_is_not_asked_for() {
    let error = |url: &str, list: &[&str], answers: &[HttpResponse]| {
        let (answered, asked) = hops(request("", url), list, answers);
        assert_eq!(asked.len(), answers.len());
        let text = answered.expect_err("it fails").to_string();
        assert!(text.len() < 1_000, "{} bytes of text", text.len());
        text
    };
    let host = |letters: usize| format!("https://{}/", "a.".repeat(letters / 2));
    let text = error(&host(800_000), &["*"], &[]);
    assert!(text.contains("the URL has 800009 bytes, and the longest that is asked for has 65536"), "{text}");
    let text = error(&host(2_000), &["*.b"], &[]);
    assert!(text.contains("the host name has 2000 characters, and no host name has more than 253"), "{text}");
    assert!(hops(request("", &host(252)), &["*"], &[ok()]).0.is_ok());
    let path = format!("https://b.example/{}", "a".repeat(60_000));
    assert!(error(&path, &["a.example"], &[]).ends_with("…' is not allowed"));
    assert!(hops(request("", &path), &["b.example"], &[ok()]).0.is_ok());
    let text = error("https://a.example", &[&"*".repeat(1_000_000)], &[]);
    assert!(text.contains("a pattern of 1000000 bytes"), "{text}");
    let text = error("https://a.example", &["a.example"], &[redirect(302, &host(800_000))]);
    assert!(text.contains("failed to parse Location header \"https://a.a."), "{text}");
    let text = error("https://a.example", &["*"], &[redirect(302, &host(2_000))]);
    assert!(text.contains("no host name has more than 253"), "{text}");
    let mut long = request(&"M".repeat(1_000_000), "ftp://a.example");
    long.method.push('x');
    assert!(hops(long, &["*"], &[]).0.expect_err("it fails").to_string().len() < 1_000);
}
