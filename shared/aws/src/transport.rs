//! How the SDK reaches AWS: one pool of connections.

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// The public roots behind every AWS host; see <https://www.amazontrust.com/repository/>.
const ROOTS: [&[u8]; 5] = [
    include_bytes!("../roots/amazon-root-ca-1.pem"),
    include_bytes!("../roots/amazon-root-ca-2.pem"),
    include_bytes!("../roots/amazon-root-ca-3.pem"),
    include_bytes!("../roots/amazon-root-ca-4.pem"),
    include_bytes!("../roots/starfield-services-root-g2.pem"),
];

/// A client for `http://` endpoints; the embedded stack has no certificates.
pub(crate) fn plain() -> SharedHttpClient {
    Builder::new().build_http()
}

/// A client that trusts AWS hosts and nobody else.
pub(crate) fn encrypted() -> SharedHttpClient {
    let roots =
        ROOTS.iter().fold(TrustStore::empty(), |store, pem| store.with_pem_certificate(*pem));
    let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    match TlsContext::builder().with_trust_store(roots).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // The builder cannot refuse today; if it ever does, the system's roots still work.
        Err(error) => {
            tracing::warn!(error = telemetry::chain(&error), "the bundled roots were refused");
            builder.build_https()
        }
    }
}
