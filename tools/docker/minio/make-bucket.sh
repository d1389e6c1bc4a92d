#!/bin/sh
# Makes the bucket, private, and the one user that the media service signs with. Safe to run again. The image holds
# little more than a shell and mc, hence no sed or grep.
set -eu

mc alias set store "$MINIO_ENDPOINT" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" >/dev/null
mc mb --ignore-existing "store/$MINIO_BUCKET"
mc anonymous set none "store/$MINIO_BUCKET"

cat >/tmp/media-bucket.json <<JSON
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      "Resource": ["arn:aws:s3:::$MINIO_BUCKET"]
    },
    {
      "Effect": "Allow",
      "Action": [
        "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"
      ],
      "Resource": ["arn:aws:s3:::$MINIO_BUCKET/*"]
    }
  ]
}
JSON

mc admin policy create store media-bucket /tmp/media-bucket.json
mc admin user add store "$MINIO_ACCESS_KEY" "$MINIO_SECRET_KEY"
if ! mc admin policy attach store media-bucket --user "$MINIO_ACCESS_KEY"; then
  # Attaching twice is an error for mc: what counts is that it is attached now.
  case "$(mc admin policy entities store --user "$MINIO_ACCESS_KEY")" in
    *media-bucket*) echo "the policy was attached before" ;;
    *) exit 1 ;;
  esac
fi
