//! Encryption.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Encryption.
    SSL, Broker:
    /// Whether a new certificate may have another name.
    "ssl.allow.dn.changes": Boolean = text("false"), any(), ReadOnly, NoneYet;
    /// Whether a new certificate may have other alternative names.
    "ssl.allow.san.changes": Boolean = text("false"), any(), ReadOnly, NoneYet;
    /// Cipher suites that are allowed; none named allows all.
    "ssl.cipher.suites": List = text(""), items(), PerBroker, NoneYet;
    /// Whether clients must, may or need not show a certificate.
    "ssl.client.auth": Text =
        text("none"), one_of(&["required", "requested", "none"]), PerBroker, NoneYet;
    /// Versions of TLS that are allowed.
    "ssl.enabled.protocols": List = text("TLSv1.2,TLSv1.3"), items(), PerBroker, NoneYet;
    /// How a server's name is checked; empty for not at all.
    "ssl.endpoint.identification.algorithm": Text = text("https"), any(), PerBroker, NoneYet;
    /// Java class that makes TLS engines.
    "ssl.engine.factory.class": Class = null(), any(), PerBroker, NoneYet;
    /// Password of the private key.
    "ssl.key.password": Password = null(), any(), PerBroker, NoneYet;
    /// Java's name for how keys are chosen.
    "ssl.keymanager.algorithm": Text = text("SunX509"), any(), PerBroker, NoneYet;
    /// The certificates, as PEM.
    "ssl.keystore.certificate.chain": Password = null(), any(), PerBroker, NoneYet;
    /// The private key, as PEM.
    "ssl.keystore.key": Password = null(), any(), PerBroker, NoneYet;
    /// File with key and certificates.
    "ssl.keystore.location": Text = null(), any(), PerBroker, NoneYet;
    /// Password of that file.
    "ssl.keystore.password": Password = null(), any(), PerBroker, NoneYet;
    /// Form of that file.
    "ssl.keystore.type": Text = text("JKS"), any(), PerBroker, NoneYet;
    /// How the name in a certificate becomes a user's name.
    "ssl.principal.mapping.rules": Text = text("DEFAULT"), any(), ReadOnly, NoneYet;
    /// Version of TLS to begin with.
    "ssl.protocol": Text = text("TLSv1.3"), any(), PerBroker, NoneYet;
    /// Java's name for who does the cryptography.
    "ssl.provider": Text = null(), any(), PerBroker, NoneYet;
    /// Java's name for where randomness comes from.
    "ssl.secure.random.implementation": Text = null(), any(), PerBroker, NoneYet;
    /// Java's name for how trust is decided.
    "ssl.trustmanager.algorithm": Text = text("PKIX"), any(), PerBroker, NoneYet;
    /// Certificates that are trusted, as PEM.
    "ssl.truststore.certificates": Password = null(), any(), PerBroker, NoneYet;
    /// File with certificates that are trusted.
    "ssl.truststore.location": Text = null(), any(), PerBroker, NoneYet;
    /// Password of that file.
    "ssl.truststore.password": Password = null(), any(), PerBroker, NoneYet;
    /// Form of that file.
    "ssl.truststore.type": Text = text("JKS"), any(), PerBroker, NoneYet;
}
