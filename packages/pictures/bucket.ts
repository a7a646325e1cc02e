// The bucket that pictures are uploaded to. Nothing stays in it: what was checked is removed, and what was not, expires in a day.

import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';

let client: S3Client | undefined;

/** Whoever sends this form by then may store one object under this key, of at most so many bytes; S3 holds them to it. */
export async function uploadForm(
  key: string,
  limits: { bytesMax: number; seconds: number },
): Promise<{ url: string; fields: Record<string, string> }> {
  return createPresignedPost(s3(), {
    Bucket: bucket(),
    Key: key,
    Conditions: [['content-length-range', 1, limits.bytesMax]],
    Expires: limits.seconds,
  });
}

/** The object as it was uploaded. @throws Error when it is not there, or is larger than any form allowed */
export async function fetchUpload(key: string, bytesMax: number): Promise<Uint8Array> {
  const { Body, ContentLength = Number.POSITIVE_INFINITY } = await s3().send(
    new GetObjectCommand({ Bucket: bucket(), Key: key }),
  );
  if (!Body || ContentLength > bytesMax) throw new Error(`The upload ${key} has ${ContentLength} bytes`);
  return Body.transformToByteArray();
}

/** Removes the object, whether it is there or not. */
export async function removeUpload(key: string): Promise<void> {
  await s3().send(new DeleteObjectCommand({ Bucket: bucket(), Key: key }));
}

function bucket(): string {
  const name = process.env.UPLOADS_BUCKET;
  if (!name) throw new Error('The environment variable UPLOADS_BUCKET is missing');
  return name;
}

function s3(): S3Client {
  client ??= new S3Client({
    ...(process.env.S3_ENDPOINT && { endpoint: process.env.S3_ENDPOINT, forcePathStyle: true }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  });
  return client;
}
