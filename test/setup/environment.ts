// What the whole run has in its environment, so that nobody asks AWS for anything.

export default function setEnvironment(): void {
  process.env.AWS_REGION = 'eu-central-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  // Forms are signed without asking anybody; a test that uploads starts a store of its own.
  process.env.UPLOADS_BUCKET = 'test-uploads';
  process.env.S3_ENDPOINT = 'http://127.0.0.1:9';
}
