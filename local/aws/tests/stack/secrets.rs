//! Secrets.

use aws_sdk_secretsmanager::primitives::Blob;

use crate::rig::in_directory;

#[tokio::test]
async fn a_secret_has_one_current_value_only_its_owner_can_read() {
    let directory = tempfile::tempdir().unwrap();
    let aws = in_directory(directory.path()).await;
    let client = aws.secrets_manager();
    let get = || client.get_secret_value().secret_id("hndasah/local/meta").send();
    let absent = get().await.unwrap_err().into_service_error();
    assert!(absent.is_resource_not_found_exception(), "{absent:?}");
    let early = client.put_secret_value().secret_id("hndasah/local/meta").secret_string("x");
    assert!(early.send().await.unwrap_err().into_service_error().is_resource_not_found_exception());

    let create = || client.create_secret().name("hndasah/local/meta").secret_string("one").send();
    let created = create().await.unwrap();
    let again = create().await.unwrap_err().into_service_error();
    assert!(again.is_resource_exists_exception(), "{again:?}");
    let first = get().await.unwrap();
    assert_eq!(first.secret_string(), Some("one"));

    let put = client.put_secret_value().secret_id(created.arn().unwrap());
    put.secret_string("two").send().await.unwrap();
    let second = get().await.unwrap();
    assert_eq!(second.secret_string(), Some("two"));
    assert_ne!(second.version_id(), first.version_id());

    let binary = client.create_secret().name("key").secret_binary(Blob::new([1_u8, 2]));
    binary.send().await.unwrap();
    let binary = client.get_secret_value().secret_id("key").send().await.unwrap();
    assert_eq!(binary.secret_binary(), Some(&Blob::new([1_u8, 2])));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(directory.path().join("secrets.json")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
