//! The secrets of a new installation, made once and kept by the embedded secret store.

use anyhow::{Context as _, Result};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use domain::Ids;
use serde::Deserialize;
use serde_json::json;
use tenancy::proof::ProofSecret;

/// The app secret that signs webhooks on this machine. Not secret: the README signs with it.
pub const APP_SECRET: &str = "local-app-secret";
/// What Meta would be told to send when it verifies the webhook.
pub const VERIFY_TOKEN: &str = "local-verify-token";
/// Who the tokens of this machine are from and for.
const ISSUER: &str = "hndasah-local";
const AUDIENCE: &str = "hndasah-api";

/// The names under which the functions look for their secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretNames {
    pub(crate) meta: String,
    pub(crate) signing: String,
    pub(crate) verification: String,
    pub(crate) proofs: String,
    pub(crate) channel_prefix: String,
}

/// Gives every secret that is not there yet its first value.
pub(crate) async fn write_all(client: &Client, names: &SecretNames, ids: &dyn Ids) -> Result<()> {
    let meta = json!({ "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN });
    write(client, &names.meta, &meta.to_string()).await?;
    write(client, &names.proofs, &serde_json::to_string(&ProofSecret::generate(ids))?).await?;
    if read(client, &names.verification).await?.is_none() {
        // The signing half first: the verification half is what says that both are there.
        let (signing, verification) = tenancy::secrets::generate(ids, ISSUER, AUDIENCE)?;
        overwrite(client, &names.signing, &serde_json::to_string(&signing)?).await?;
        overwrite(client, &names.verification, &serde_json::to_string(&verification)?).await?;
    }
    Ok(())
}

/// The access token of a channel, minted when there is none yet.
pub(crate) async fn channel_token(client: &Client, name: &str, ids: &dyn Ids) -> Result<String> {
    #[derive(Deserialize)]
    struct Channel {
        access_token: String,
    }
    if let Some(text) = read(client, name).await? {
        let channel: Channel = serde_json::from_str(&text).context("a channel's secret")?;
        return Ok(channel.access_token);
    }
    let mut random = [0_u8; 24];
    ids.fill(&mut random);
    let token = format!("EAA{}", &blob::sha256_hex(&random));
    write(client, name, &json!({ "access_token": token }).to_string()).await?;
    Ok(token)
}

async fn read(client: &Client, name: &str) -> Result<Option<String>> {
    match client.get_secret_value().secret_id(name).send().await {
        Ok(found) => Ok(found.secret_string),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("read the secret {name}")),
    }
}

/// Creates a secret; leaves one that is there as it is.
async fn write(client: &Client, name: &str, value: &str) -> Result<()> {
    match client.create_secret().name(name).secret_string(value).send().await {
        Ok(_) => Ok(()),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(CreateSecretError::is_resource_exists_exception) =>
        {
            Ok(())
        }
        Err(error) => Err(error).with_context(|| format!("create the secret {name}")),
    }
}

async fn overwrite(client: &Client, name: &str, value: &str) -> Result<()> {
    write(client, name, value).await?;
    client.put_secret_value().secret_id(name).secret_string(value).send().await?;
    Ok(())
}
