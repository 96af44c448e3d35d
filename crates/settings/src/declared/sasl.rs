//! Authentication and authorization.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Authentication and authorization.
    SASL, Broker:
    /// Java class that allows or refuses; empty allows everything.
    "authorizer.class.name": Text = text(""), any(), ReadOnly, NoneYet;
    /// How often expired delegation tokens are removed.
    "delegation.token.expiry.check.interval.ms": Long =
        text("3600000"), at_least(1), ReadOnly, NoneYet;
    /// How long a delegation token is good before it is renewed.
    "delegation.token.expiry.time.ms": Long = text("86400000"), at_least(1), ReadOnly, NoneYet;
    /// How long a delegation token can be good at all.
    "delegation.token.max.lifetime.ms": Long = text("604800000"), at_least(1), ReadOnly, NoneYet;
    /// Secret that delegation tokens are signed with.
    "delegation.token.secret.key": Password = null(), any(), ReadOnly, NoneYet;
    /// Java class that says who is at the other end of a connection.
    "principal.builder.class": Class =
        text("org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"), any(), PerBroker, NoneYet;
    /// Java class that answers for this node as a SASL client.
    "sasl.client.callback.handler.class": Class = null(), any(), ReadOnly, NoneYet;
    /// SASL mechanisms that clients may use.
    "sasl.enabled.mechanisms": List = text("GSSAPI"), items(), PerBroker, NoneYet;
    /// Java login modules and their options.
    "sasl.jaas.config": Password = null(), any(), PerBroker, NoneYet;
    /// Kerberos: the kinit program.
    "sasl.kerberos.kinit.cmd": Text = text("/usr/bin/kinit"), any(), PerBroker, NoneYet;
    /// Kerberos: shortest time from one login to the next.
    "sasl.kerberos.min.time.before.relogin": Long = text("60000"), any(), PerBroker, NoneYet;
    /// Kerberos: how a principal becomes a user's name.
    "sasl.kerberos.principal.to.local.rules": List = text("DEFAULT"), items(), PerBroker, NoneYet;
    /// Kerberos: name of the service.
    "sasl.kerberos.service.name": Text = null(), any(), PerBroker, NoneYet;
    /// Kerberos: random share of the time of renewal.
    "sasl.kerberos.ticket.renew.jitter": Double = text("0.05"), any(), PerBroker, NoneYet;
    /// Kerberos: share of a ticket's life after which it is renewed.
    "sasl.kerberos.ticket.renew.window.factor": Double = text("0.8"), any(), PerBroker, NoneYet;
    /// Java class that answers when this node logs in.
    "sasl.login.callback.handler.class": Class = null(), any(), ReadOnly, NoneYet;
    /// Java class that logs this node in.
    "sasl.login.class": Class = null(), any(), ReadOnly, NoneYet;
    /// How long connecting to a provider of tokens may take.
    "sasl.login.connect.timeout.ms": Int = null(), any(), ReadOnly, NoneYet;
    /// How long reading from a provider of tokens may take.
    "sasl.login.read.timeout.ms": Int = null(), any(), ReadOnly, NoneYet;
    /// How long before its end a token is renewed at the latest.
    "sasl.login.refresh.buffer.seconds": Short = text("300"), any(), PerBroker, NoneYet;
    /// Shortest time from one renewal of a token to the next.
    "sasl.login.refresh.min.period.seconds": Short = text("60"), any(), PerBroker, NoneYet;
    /// Share of a token's life after which it is renewed.
    "sasl.login.refresh.window.factor": Double = text("0.8"), any(), PerBroker, NoneYet;
    /// Random share of the time of renewal.
    "sasl.login.refresh.window.jitter": Double = text("0.05"), any(), PerBroker, NoneYet;
    /// Longest rest before a provider of tokens is asked again.
    "sasl.login.retry.backoff.max.ms": Long = text("10000"), any(), ReadOnly, NoneYet;
    /// First rest before a provider of tokens is asked again.
    "sasl.login.retry.backoff.ms": Long = text("100"), any(), ReadOnly, NoneYet;
    /// SASL mechanism towards controllers.
    "sasl.mechanism.controller.protocol": Text = text("GSSAPI"), any(), ReadOnly, NoneYet;
    /// SASL mechanism between brokers.
    "sasl.mechanism.inter.broker.protocol": Text = text("GSSAPI"), any(), PerBroker, NoneYet;
    /// OAuth: whether a token for anyone will do.
    "sasl.oauthbearer.allow.unverified.audience": Boolean = text("false"), any(), ReadOnly, NoneYet;
    /// OAuth: whether a token from anyone will do.
    "sasl.oauthbearer.allow.unverified.issuer": Boolean = text("false"), any(), ReadOnly, NoneYet;
    /// OAuth: how the client's assertion is signed.
    "sasl.oauthbearer.assertion.algorithm": Text =
        text("RS256"), one_of_any_case(&["ES256", "RS256"]), ReadOnly, NoneYet;
    /// OAuth: whom the assertion is for.
    "sasl.oauthbearer.assertion.claim.aud": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: how long the assertion is good.
    "sasl.oauthbearer.assertion.claim.exp.seconds": Int =
        text("300"), between(0, 86_400), ReadOnly, NoneYet;
    /// OAuth: who makes the assertion.
    "sasl.oauthbearer.assertion.claim.iss": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: whether each assertion has a number of its own.
    "sasl.oauthbearer.assertion.claim.jti.include": Boolean =
        text("false"), any(), ReadOnly, NoneYet;
    /// OAuth: how long before now the assertion begins to be good.
    "sasl.oauthbearer.assertion.claim.nbf.seconds": Int =
        text("60"), between(0, 3600), ReadOnly, NoneYet;
    /// OAuth: whom the assertion is about.
    "sasl.oauthbearer.assertion.claim.sub": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: file with an assertion made elsewhere.
    "sasl.oauthbearer.assertion.file": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: file with the key that signs assertions.
    "sasl.oauthbearer.assertion.private.key.file": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: pass phrase of that key.
    "sasl.oauthbearer.assertion.private.key.passphrase": Password =
        null(), any(), ReadOnly, NoneYet;
    /// OAuth: file with header and claims to start from.
    "sasl.oauthbearer.assertion.template.file": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: id for the grant by client credentials.
    "sasl.oauthbearer.client.credentials.client.id": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: secret for the grant by client credentials.
    "sasl.oauthbearer.client.credentials.client.secret": Password =
        null(), any(), ReadOnly, NoneYet;
    /// OAuth: how far clocks may differ.
    "sasl.oauthbearer.clock.skew.seconds": Int = text("30"), any(), ReadOnly, NoneYet;
    /// OAuth: audiences that a token may be for.
    "sasl.oauthbearer.expected.audience": List = text(""), items(), ReadOnly, NoneYet;
    /// OAuth: issuer that a token must be from.
    "sasl.oauthbearer.expected.issuer": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: how often keys are fetched.
    "sasl.oauthbearer.jwks.endpoint.refresh.ms": Long = text("3600000"), any(), ReadOnly, NoneYet;
    /// OAuth: longest rest before keys are fetched again.
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms": Long =
        text("10000"), any(), ReadOnly, NoneYet;
    /// OAuth: first rest before keys are fetched again.
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms": Long = text("100"), any(), ReadOnly, NoneYet;
    /// OAuth: where keys are.
    "sasl.oauthbearer.jwks.endpoint.url": Text = null(), any(), ReadOnly, NoneYet;
    /// Java class that gets a token.
    "sasl.oauthbearer.jwt.retriever.class": Class =
        text("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever"), any(), ReadOnly, NoneYet;
    /// Java class that checks a token.
    "sasl.oauthbearer.jwt.validator.class": Class =
        text("org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator"), any(), ReadOnly, NoneYet;
    /// OAuth: scope that is asked for.
    "sasl.oauthbearer.scope": Text = null(), any(), ReadOnly, NoneYet;
    /// OAuth: claim with the scope.
    "sasl.oauthbearer.scope.claim.name": Text = text("scope"), any(), ReadOnly, NoneYet;
    /// OAuth: claim with the user.
    "sasl.oauthbearer.sub.claim.name": Text = text("sub"), any(), ReadOnly, NoneYet;
    /// OAuth: where tokens are.
    "sasl.oauthbearer.token.endpoint.url": Text = null(), any(), ReadOnly, NoneYet;
    /// Java class that answers for this node as a SASL server.
    "sasl.server.callback.handler.class": Class = null(), any(), ReadOnly, NoneYet;
    /// Size of the largest message before a client is known.
    "sasl.server.max.receive.size": Int = text("524288"), any(), ReadOnly, NoneYet;
    /// Java classes with further cryptography.
    "security.providers": Text = null(), any(), ReadOnly, NoneYet;
}
