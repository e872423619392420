//! The operations of S3 over stored files and the directory of keys.

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CopySource,
    CreateBucketInput, CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteBucketInput, DeleteBucketOutput, DeleteObjectInput, DeleteObjectOutput,
    DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, GetObjectInput, GetObjectOutput,
    HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListBucketsInput,
    ListBucketsOutput, ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsV2Input,
    ListObjectsV2Output, PutObjectInput, PutObjectOutput, Timestamp, TimestampFormat,
    UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::sync::{Mutex, MutexGuard, broadcast};

use crate::s3::ObjectCreated;
use crate::s3::keys::{Entry, Keys, Listing};
use crate::s3::listing;

/// Locks for writes to the same key; more only means less waiting.
const STRIPES: usize = 16;

/// Objects under the names of their keys.
pub(crate) struct Objects {
    files: FileSystem,
    keys: Keys,
    created: broadcast::Sender<ObjectCreated>,
    /// One write to a key at a time, so that conditions hold and the directory agrees with the
    /// bytes.
    writing: [Mutex<()>; STRIPES],
}

impl Objects {
    pub(crate) fn new(
        files: FileSystem,
        keys: Keys,
        created: broadcast::Sender<ObjectCreated>,
    ) -> Self {
        Self { files, keys, created, writing: Default::default() }
    }

    async fn write_lock(&self, key: &str) -> S3Result<MutexGuard<'_, ()>> {
        let stripe = key.bytes().fold(0_usize, |sum, byte| sum.wrapping_add(byte.into()));
        let lock = self.writing.get(stripe % STRIPES).ok_or_else(|| s3_error!(InternalError))?;
        Ok(lock.lock().await)
    }

    /// Takes note of an object whose bytes are stored, and tells of it.
    async fn note(&self, request: S3Request<()>, bucket: &str, key: &str) -> S3Result<()> {
        let input = HeadObjectInput {
            bucket: bucket.to_owned(),
            key: Keys::stored_name(key),
            ..HeadObjectInput::default()
        };
        let head = self.files.head_object(request.map_input(|()| input)).await?.output;
        let bytes = head.content_length.unwrap_or(0);
        let etag = head.e_tag.map(ETag::into_value).unwrap_or_default();
        let modified_s = head.last_modified.and_then(|at| epoch_seconds(&at)).unwrap_or(0);
        let entry = Entry { key: key.to_owned(), bytes, etag: etag.clone(), modified_s };
        self.keys.put(bucket, &entry).map_err(internal)?;
        // Nobody listening is fine.
        let _ = self.created.send(ObjectCreated {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            bytes: u64::try_from(bytes).unwrap_or(0),
            etag,
        });
        Ok(())
    }
}

/// What a request says beside its input, for a second one on its behalf.
fn beside<T>(request: &S3Request<T>) -> S3Request<()> {
    S3Request {
        input: (),
        method: request.method.clone(),
        uri: request.uri.clone(),
        headers: request.headers.clone(),
        extensions: http::Extensions::default(),
        credentials: request.credentials.clone(),
        region: request.region.clone(),
        service: request.service.clone(),
        trailing_headers: None,
    }
}

pub(crate) fn internal(error: impl std::error::Error + Send + Sync + 'static) -> S3Error {
    S3Error::with_source(S3ErrorCode::InternalError, Box::new(error))
}

fn epoch_seconds(at: &Timestamp) -> Option<i64> {
    let mut text = Vec::new();
    at.format(TimestampFormat::EpochSeconds, &mut text).ok()?;
    let text = String::from_utf8(text).ok()?;
    text.split('.').next()?.parse().ok()
}

/// Replaces the key of a request by the name its object is stored under; the key.
fn swap_key(key: &mut String) -> String {
    let stored = Keys::stored_name(key);
    std::mem::replace(key, stored)
}

#[async_trait::async_trait]
impl S3 for Objects {
    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.files.create_bucket(request).await
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.files.head_bucket(request).await
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        self.files.list_buckets(request).await
    }

    async fn delete_bucket(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<S3Response<DeleteBucketOutput>> {
        let listing = Listing { bucket: &request.input.bucket, limit: 1, ..Listing::default() };
        if !self.keys.list(&listing).map_err(internal)?.entries.is_empty() {
            return Err(s3_error!(BucketNotEmpty));
        }
        self.files.delete_bucket(request).await
    }

    async fn put_object(
        &self,
        mut request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let bucket = request.input.bucket.clone();
        let key = swap_key(&mut request.input.key);
        let beside = beside(&request);
        let _writing = self.write_lock(&key).await?;
        let response = self.files.put_object(request).await?;
        self.note(beside, &bucket, &key).await?;
        Ok(response)
    }

    async fn copy_object(
        &self,
        mut request: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        if let CopySource::Bucket { key, .. } = &mut request.input.copy_source {
            *key = Keys::stored_name(key).into();
        }
        let bucket = request.input.bucket.clone();
        let key = swap_key(&mut request.input.key);
        let beside = beside(&request);
        let _writing = self.write_lock(&key).await?;
        let response = self.files.copy_object(request).await?;
        self.note(beside, &bucket, &key).await?;
        Ok(response)
    }

    async fn get_object(
        &self,
        mut request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        swap_key(&mut request.input.key);
        self.files.get_object(request).await
    }

    async fn head_object(
        &self,
        mut request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        swap_key(&mut request.input.key);
        self.files.head_object(request).await
    }

    async fn delete_object(
        &self,
        mut request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let key = swap_key(&mut request.input.key);
        // There is one version of everything here: see `listing::versions`.
        request.input.version_id = None;
        let _writing = self.write_lock(&key).await?;
        self.keys.delete(&request.input.bucket, &key).map_err(internal)?;
        self.files.delete_object(request).await
    }

    async fn delete_objects(
        &self,
        mut request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let bucket = request.input.bucket.clone();
        let mut deleted = Vec::new();
        for object in &mut request.input.delete.objects {
            let key = swap_key(&mut object.key);
            self.keys.delete(&bucket, &key).map_err(internal)?;
            deleted.push(DeletedObject { key: Some(key), ..DeletedObject::default() });
        }
        let mut response = self.files.delete_objects(request).await?;
        response.output.deleted = Some(deleted);
        Ok(response)
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let bucket = request.input.bucket.clone();
        let bucket = HeadBucketInput { bucket, ..HeadBucketInput::default() };
        self.files.head_bucket(beside(&request).map_input(|()| bucket)).await?;
        listing::list(&self.keys, request.input).map(S3Response::new)
    }

    async fn list_object_versions(
        &self,
        request: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        listing::versions(&self.keys, request.input).map(S3Response::new)
    }

    async fn create_multipart_upload(
        &self,
        mut request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let key = swap_key(&mut request.input.key);
        let mut response = self.files.create_multipart_upload(request).await?;
        response.output.key = Some(key);
        Ok(response)
    }

    async fn upload_part(
        &self,
        mut request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        swap_key(&mut request.input.key);
        self.files.upload_part(request).await
    }

    async fn complete_multipart_upload(
        &self,
        mut request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let bucket = request.input.bucket.clone();
        let key = swap_key(&mut request.input.key);
        let beside = beside(&request);
        let _writing = self.write_lock(&key).await?;
        let mut output = self.files.complete_multipart_upload(request).await?.output;
        // The file is whole already; the answer just comes in this form.
        if let Some(answer) = output.future.take() {
            output = answer.await?;
        }
        self.note(beside, &bucket, &key).await?;
        output.key = Some(key);
        Ok(S3Response::new(output))
    }

    async fn abort_multipart_upload(
        &self,
        mut request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        swap_key(&mut request.input.key);
        self.files.abort_multipart_upload(request).await
    }
}
