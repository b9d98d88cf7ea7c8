//! Certificates that are made for the test and really verified.

use std::path::Path;

use admit_host::capabilities::{CallError, Capabilities, NoSource, World, clock_hint};
use admit_host::outcome::HostCall;
use libtest_mimic::Trial;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd};
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        a_chain_is_trusted,
        encodings_can_be_mixed,
        the_instant_decides,
        the_world_knows_what_time_it_is,
        the_issuer_must_be_the_one,
        an_issuer_of_the_same_name_does_not_do,
        chains_must_be_complete,
        roots_do_not_expire,
        authorities_of_the_web_are_the_default,
        bad_requests_have_upstreams_texts,
        images_signed_with_a_certificate,
        a_certificate_of_the_future_names_the_clock,
    ]
}

/// Without a world as well: the time is the fixed one, and whoever looks at the answer is told so.
fn a_certificate_of_the_future_names_the_clock() {
    let [root, middle, _] = chain();
    let leaf = made("leaf", [2026, 2030], false, Some(&middle));
    let ask = |not_after: Value| {
        let request = json!({"cert": pem(&leaf), "cert_chain": [pem(&middle), pem(&root)], "not_after": not_after});
        let payload = request.to_string().into_bytes();
        let answer = NoSource::new("").call("crypto", "v1/is_certificate_trusted", &payload).expect("an answer");
        let (namespace, operation) = ("crypto".to_owned(), "v1/is_certificate_trusted".to_owned());
        HostCall { namespace, operation, payload, answer: Ok(answer) }
    };
    let call = ask(Value::Null);
    let answer = String::from_utf8_lossy(call.answer.as_ref().expect("an answer"));
    assert!(answer.contains("Certificate is being used before its validity date"), "{answer}");
    let hint = clock_hint(&call).expect("a hint");
    assert!(
        hint.starts_with("the certificate is valid from 2026-01-01T00:00:00Z on; the policy names no time"),
        "{hint}"
    );
    assert!(hint.contains("`now: 2026-01-01T00:00:00Z`"), "{hint}");
    // Who names a time knows it.
    assert_eq!(clock_hint(&ask("2025-01-01T00:00:00Z".into())), None);
    assert_eq!(clock_hint(&ask("2027-01-01T00:00:00Z".into())), None);
}

/// A certificate and the key that can sign others.
struct Made {
    params: CertificateParams,
    key: KeyPair,
    pem: String,
    der: Vec<u8>,
}

fn made(name: &str, years: [i32; 2], authority: bool, issuer: Option<&Made>) -> Made {
    let mut params = CertificateParams::new(vec![format!("{name}.example")]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, name);
    [params.not_before, params.not_after] = years.map(|year| date_time_ymd(year, 1, 1));
    if authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    }
    let key = KeyPair::generate().expect("a key");
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, &Issuer::from_params(&issuer.params, &issuer.key)),
        None => params.self_signed(&key),
    };
    let certificate = certificate.expect("a certificate");
    Made { params, key, pem: certificate.pem(), der: certificate.der().to_vec() }
}

/// Root, intermediate and leaf; valid 2000 to 2050, 2010 to 2040, 2020 to 2030.
fn chain() -> [Made; 3] {
    let root = made("root", [2000, 2050], true, None);
    let middle = made("middle", [2010, 2040], true, Some(&root));
    let leaf = made("leaf", [2020, 2030], false, Some(&middle));
    [root, middle, leaf]
}

fn pem(made: &Made) -> Value {
    json!({"encoding": "Pem", "data": made.pem.as_bytes()})
}

fn der(made: &Made) -> Value {
    json!({"encoding": "Der", "data": made.der})
}

fn world(text: &str) -> World {
    World::parse(text.as_bytes(), "the world", Path::new(".")).unwrap_or_else(|error| panic!("{error}"))
}

/// The reason, empty when it is trusted; or the host's error.
fn ask(world: &World, cert: &Value, cert_chain: Value, at: Option<&str>) -> Result<String, String> {
    let request = json!({"cert": cert, "cert_chain": cert_chain, "not_after": at});
    let answer = world.call("crypto", "v1/is_certificate_trusted", request.to_string().as_bytes());
    let answer = answer.map_err(|error| match error {
        CallError::Failed(text) => text,
        other => panic!("{other}"),
    })?;
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    let reason = answer["reason"].as_str().expect("a reason").to_owned();
    assert_eq!(answer, json!({"trusted": reason.is_empty(), "reason": reason}));
    Ok(reason)
}

const TRUSTED: &str = "";
const EXPIRED: &str = "Certificate is being used after its expiration date";
const EARLY: &str = "Certificate is being used before its validity date";
const UNTRUSTED: &str = "Certificate is not trusted by the provided cert chain";

#[track_caller]
fn check(cert: &Value, chain: Value, at: Option<&str>, reason: &str) {
    assert_eq!(ask(&world("{}"), cert, chain, at).as_deref(), Ok(reason));
}

fn a_chain_is_trusted() {
    let [root, middle, leaf] = chain();
    check(&pem(&leaf), json!([pem(&middle), pem(&root)]), None, TRUSTED);
    check(&pem(&middle), json!([pem(&root)]), None, "Certificate not trusted: CaUsedAsEndEntity");
    // Whoever comes last is the root.
    check(&pem(&leaf), json!([pem(&middle)]), None, TRUSTED);
}

fn encodings_can_be_mixed() {
    let [root, middle, leaf] = chain();
    check(&der(&leaf), json!([pem(&middle), der(&root)]), Some(""), TRUSTED);
}

fn the_instant_decides() {
    let [root, middle, leaf] = chain();
    let chain = json!([pem(&middle), pem(&root)]);
    for (at, reason) in [
        ("2019-12-31T23:59:59Z", EARLY),
        ("2020-01-01T00:00:00Z", TRUSTED),
        ("2020-01-01T00:30:00+01:00", EARLY),
        ("2029-12-31T23:59:59.5Z", TRUSTED),
        ("2030-01-02T00:00:00Z", EXPIRED),
        ("1960-01-01T00:00:00Z", EARLY),
    ] {
        check(&pem(&leaf), chain.clone(), Some(at), reason);
    }
}

fn the_world_knows_what_time_it_is() {
    let [root, middle, leaf] = chain();
    let chain = json!([pem(&middle), pem(&root)]);
    let late = world("now: 2031-01-01T00:00:00Z");
    assert_eq!(ask(&late, &pem(&leaf), chain.clone(), None).as_deref(), Ok(EXPIRED));
    assert_eq!(ask(&late, &pem(&leaf), chain, Some("2025-01-01T00:00:00Z")).as_deref(), Ok(TRUSTED));
    // By default it is the time at which the clock of a policy starts.
    let before = made("before", [2000, 2022], true, None);
    let after = made("after", [2022, 2050], true, None);
    let [ended, begun] = [([2000, 2022], &before), ([2022, 2050], &after)]
        .map(|(years, root)| (pem(&made("leaf", years, false, Some(root))), json!([pem(root)])));
    check(&begun.0, begun.1, None, TRUSTED);
    check(&ended.0, ended.1.clone(), Some("2022-01-01T00:00:01Z"), EXPIRED);
    check(&ended.0, ended.1, None, TRUSTED);
}

fn the_issuer_must_be_the_one() {
    let [_, middle, leaf] = chain();
    let other = made("other", [2000, 2050], true, None);
    check(&pem(&leaf), json!([pem(&middle), pem(&other)]), None, UNTRUSTED);
    check(&pem(&leaf), json!([]), None, UNTRUSTED);
}

fn an_issuer_of_the_same_name_does_not_do() {
    let [_, middle, leaf] = chain();
    let root = made("root", [2000, 2050], true, None);
    check(&pem(&leaf), json!([pem(&middle), pem(&root)]), None, UNTRUSTED);
}

fn chains_must_be_complete() {
    let [root, _, leaf] = chain();
    check(&pem(&leaf), json!([pem(&root)]), None, UNTRUSTED);
}

fn roots_do_not_expire() {
    let root = made("root", [2000, 2005], true, None);
    let leaf = made("leaf", [2020, 2030], false, Some(&root));
    check(&pem(&leaf), json!([pem(&root)]), None, TRUSTED);
    // Intermediates do.
    let root = made("root", [2000, 2050], true, None);
    let middle = made("middle", [2010, 2015], true, Some(&root));
    let leaf = made("leaf", [2020, 2030], false, Some(&middle));
    check(&pem(&leaf), json!([pem(&middle), pem(&root)]), None, EXPIRED);
}

fn authorities_of_the_web_are_the_default() {
    let [_, _, leaf] = chain();
    check(&pem(&leaf), Value::Null, None, UNTRUSTED);
}

fn bad_requests_have_upstreams_texts() {
    let [root, _, leaf] = chain();
    let garbage = json!({"encoding": "Pem", "data": b"garbage"});
    let noise = json!({"encoding": "Der", "data": [1, 2, 3]});
    let error = |cert: &Value, chain, at| {
        let text = ask(&world("{}"), cert, chain, at).expect_err("it cannot be answered");
        text.strip_prefix("Callback evaluation failure: ").expect("upstream's prefix").to_owned()
    };
    assert_eq!(error(&garbage, json!([]), None), "Certificate PEM data is not valid: no items found");
    assert_eq!(
        error(&pem(&leaf), json!([garbage, pem(&root)]), None),
        "Certificate PEM data is not valid: no items found"
    );
    assert_eq!(
        error(&noise, json!([]), None),
        "Certificate is not a valid end-entity certificate: TrailingData(SignedData)"
    );
    assert_eq!(error(&pem(&leaf), json!([noise]), None), "TrailingData(SignedData)");
    for at in ["yesterday", "2025-01-01", "2025-01-01T00:00:00"] {
        assert_eq!(error(&pem(&leaf), json!([]), Some(at)), "Timestamp not_after is not in RFC3339 format");
    }
}

fn images_signed_with_a_certificate() {
    let [root, middle, leaf] = chain();
    let other = made("other", [2020, 2030], false, Some(&middle));
    let digest = format!("sha256:{}", "a".repeat(64));
    let world = |now: &str| {
        let signature =
            |rekor: bool| json!({"certificate": leaf.pem, "rekor_bundle": rekor, "annotations": {"env": "prod"}});
        world(
            &json!({"now": now, "registry": {
                "with:1": {"digest": digest, "signatures": [signature(true)]},
                "without:1": {"digest": digest, "signatures": [signature(false)]},
                "key:1": {"digest": digest, "signatures": [{"key": leaf.key.public_key_pem()}]},
            }})
            .to_string(),
        )
    };
    let verify = |image: &str, made: &Made, chain: Option<&[&Made]>, rekor: bool, annotations: Value, now: &str| {
        let chain: Option<Vec<_>> = chain.map(|chain| chain.iter().map(|made| made.pem.as_bytes()).collect());
        let request = json!({
            "type": "SigstoreCertificateVerify", "image": image, "certificate": made.pem.as_bytes(),
            "certificate_chain": chain, "require_rekor_bundle": rekor, "annotations": annotations,
        });
        let answer = world(now).call("oci", "v2/verify", request.to_string().as_bytes());
        let answer = answer.map(|answer| serde_json::from_slice::<Value>(&answer).expect("JSON"));
        answer.map_err(|error| error.text().trim_start_matches("Callback evaluation failure: ").to_owned())
    };
    let now = "2025-01-01T00:00:00Z";
    let trusted = Ok(json!({"is_trusted": true, "digest": digest}));
    let refused = Err("verification failed: Several Signature Layers failed verification".to_owned());
    let none = Value::Null;
    assert_eq!(verify("with:1", &leaf, None, true, none.clone(), now), trusted);
    assert_eq!(verify("with:1", &leaf, Some(&[&middle, &root]), true, json!({"env": "prod"}), now), trusted);
    assert_eq!(verify("with:1", &leaf, None, false, json!({"env": "test"}), now), refused);
    assert_eq!(verify("with:1", &other, None, false, none.clone(), now), refused);
    assert_eq!(verify("without:1", &leaf, None, false, none.clone(), now), trusted);
    assert_eq!(verify("without:1", &leaf, None, true, none.clone(), now), refused);
    assert_eq!(verify("key:1", &leaf, None, false, none.clone(), now), trusted);
    // The chain is verified, at the world's time.
    let stranger = made("middle", [2010, 2040], true, None);
    let untrusted = verify("with:1", &leaf, Some(&[&stranger]), true, none.clone(), now);
    assert_eq!(untrusted, Err("InvalidSignatureForPublicKey".to_owned()));
    let late =
        verify("with:1", &leaf, Some(&[&middle]), true, none, "2031-01-01T00:00:00Z").expect_err("it has expired");
    assert!(late.starts_with("CertExpired"), "{late}");
}
