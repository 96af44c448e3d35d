//! How a client shows who it is, and knows who it talks to. Nothing of it is here yet but its absence.

use super::{Allowed, JAVA, Kind, Setting, Support, row};

const NO_TLS: Support = Support::Refused("TLS is not here yet");
const NO_SASL: Support = Support::Refused("SASL is not here yet");
const NO_KERBEROS: Support = Support::Refused("Kerberos is not here");

const fn tls(name: &'static str, kind: Kind, default: Option<&'static str>) -> Setting {
    row(name, kind, default, Allowed::Any, NO_TLS, "A part of TLS.")
}

const fn sasl(name: &'static str, kind: Kind, default: Option<&'static str>) -> Setting {
    row(name, kind, default, Allowed::Any, NO_SASL, "A part of SASL.")
}

const fn oauth(name: &'static str, kind: Kind, default: Option<&'static str>) -> Setting {
    row(name, kind, default, Allowed::Any, NO_SASL, "A part of SASL's OAUTHBEARER.")
}

const fn kerberos(name: &'static str, kind: Kind, default: Option<&'static str>) -> Setting {
    row(name, kind, default, Allowed::Any, NO_KERBEROS, "A part of SASL's GSSAPI.")
}

/// Names a Java class, or one of the algorithms of Java's providers.
const fn java(name: &'static str, default: Option<&'static str>) -> Setting {
    row(name, Kind::Text, default, Allowed::Any, JAVA, "A part of Java's security.")
}

pub(super) const SECURITY: &[Setting] = &[
    row(
        "security.protocol",
        Kind::Text,
        Some("PLAINTEXT"),
        Allowed::OneOfAnyCase(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]),
        Support::Only(&["PLAINTEXT"], "TLS and SASL are not here yet"),
        "How connections are secured.",
    ),
    java("sasl.client.callback.handler.class", None),
    sasl("sasl.jaas.config", Kind::Password, None),
    kerberos("sasl.kerberos.kinit.cmd", Kind::Text, Some("/usr/bin/kinit")),
    kerberos("sasl.kerberos.min.time.before.relogin", Kind::Whole, Some("60000")),
    kerberos("sasl.kerberos.service.name", Kind::Text, None),
    kerberos("sasl.kerberos.ticket.renew.jitter", Kind::Real, Some("0.05")),
    kerberos("sasl.kerberos.ticket.renew.window.factor", Kind::Real, Some("0.8")),
    java("sasl.login.callback.handler.class", None),
    java("sasl.login.class", None),
    sasl("sasl.login.connect.timeout.ms", Kind::Whole, None),
    sasl("sasl.login.read.timeout.ms", Kind::Whole, None),
    sasl("sasl.login.refresh.buffer.seconds", Kind::Whole, Some("300")),
    sasl("sasl.login.refresh.min.period.seconds", Kind::Whole, Some("60")),
    sasl("sasl.login.refresh.window.factor", Kind::Real, Some("0.8")),
    sasl("sasl.login.refresh.window.jitter", Kind::Real, Some("0.05")),
    sasl("sasl.login.retry.backoff.max.ms", Kind::Whole, Some("10000")),
    sasl("sasl.login.retry.backoff.ms", Kind::Whole, Some("100")),
    sasl("sasl.mechanism", Kind::Text, Some("GSSAPI")),
    oauth("sasl.oauthbearer.allow.unverified.audience", Kind::Boolean, Some("false")),
    oauth("sasl.oauthbearer.allow.unverified.issuer", Kind::Boolean, Some("false")),
    oauth("sasl.oauthbearer.assertion.algorithm", Kind::Text, Some("RS256")),
    oauth("sasl.oauthbearer.assertion.claim.aud", Kind::Text, None),
    oauth("sasl.oauthbearer.assertion.claim.exp.seconds", Kind::Whole, Some("300")),
    oauth("sasl.oauthbearer.assertion.claim.iss", Kind::Text, None),
    oauth("sasl.oauthbearer.assertion.claim.jti.include", Kind::Boolean, Some("false")),
    oauth("sasl.oauthbearer.assertion.claim.nbf.seconds", Kind::Whole, Some("60")),
    oauth("sasl.oauthbearer.assertion.claim.sub", Kind::Text, None),
    oauth("sasl.oauthbearer.assertion.file", Kind::Text, None),
    oauth("sasl.oauthbearer.assertion.private.key.file", Kind::Text, None),
    oauth("sasl.oauthbearer.assertion.private.key.passphrase", Kind::Password, None),
    oauth("sasl.oauthbearer.assertion.template.file", Kind::Text, None),
    oauth("sasl.oauthbearer.client.credentials.client.id", Kind::Text, None),
    oauth("sasl.oauthbearer.client.credentials.client.secret", Kind::Password, None),
    oauth("sasl.oauthbearer.clock.skew.seconds", Kind::Whole, Some("30")),
    oauth("sasl.oauthbearer.expected.audience", Kind::List, Some("")),
    oauth("sasl.oauthbearer.expected.issuer", Kind::Text, None),
    oauth("sasl.oauthbearer.header.urlencode", Kind::Boolean, Some("false")),
    oauth("sasl.oauthbearer.jwks.endpoint.refresh.ms", Kind::Whole, Some("3600000")),
    oauth("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", Kind::Whole, Some("10000")),
    oauth("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", Kind::Whole, Some("100")),
    oauth("sasl.oauthbearer.jwks.endpoint.url", Kind::Text, None),
    java(
        "sasl.oauthbearer.jwt.retriever.class",
        Some("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever"),
    ),
    java(
        "sasl.oauthbearer.jwt.validator.class",
        Some("org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator"),
    ),
    oauth("sasl.oauthbearer.scope", Kind::Text, None),
    oauth("sasl.oauthbearer.scope.claim.name", Kind::Text, Some("scope")),
    oauth("sasl.oauthbearer.sub.claim.name", Kind::Text, Some("sub")),
    oauth("sasl.oauthbearer.token.endpoint.url", Kind::Text, None),
    tls("ssl.cipher.suites", Kind::List, Some("")),
    tls("ssl.enabled.protocols", Kind::List, Some("TLSv1.2,TLSv1.3")),
    tls("ssl.endpoint.identification.algorithm", Kind::Text, Some("https")),
    java("ssl.engine.factory.class", None),
    tls("ssl.key.password", Kind::Password, None),
    java("ssl.keymanager.algorithm", Some("SunX509")),
    tls("ssl.keystore.certificate.chain", Kind::Password, None),
    tls("ssl.keystore.key", Kind::Password, None),
    tls("ssl.keystore.location", Kind::Text, None),
    tls("ssl.keystore.password", Kind::Password, None),
    tls("ssl.keystore.type", Kind::Text, Some("JKS")),
    tls("ssl.protocol", Kind::Text, Some("TLSv1.3")),
    java("ssl.provider", None),
    java("ssl.secure.random.implementation", None),
    java("ssl.trustmanager.algorithm", Some("PKIX")),
    tls("ssl.truststore.certificates", Kind::Password, None),
    tls("ssl.truststore.location", Kind::Text, None),
    tls("ssl.truststore.password", Kind::Password, None),
    tls("ssl.truststore.type", Kind::Text, Some("JKS")),
];
