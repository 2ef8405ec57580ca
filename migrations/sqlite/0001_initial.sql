-- The first schema. Forward only: change the database by adding the next file, never by editing one that was released.

CREATE TABLE "challenge_versions" (
  "hash" text PRIMARY KEY NOT NULL,
  "slug" text NOT NULL,
  "content" text NOT NULL,
  "created_at" integer NOT NULL
);

CREATE TABLE "assessments" (
  "id" text PRIMARY KEY NOT NULL,
  "title" text NOT NULL,
  "minutes" integer NOT NULL,
  "intro" text NOT NULL,
  "ai_policy" text NOT NULL,
  "is_demo" integer NOT NULL,
  "created_at" integer NOT NULL
);

CREATE TABLE "assessment_items" (
  "id" text PRIMARY KEY NOT NULL,
  "assessment_id" text NOT NULL,
  "position" integer NOT NULL,
  "slug" text NOT NULL,
  "challenge_hash" text NOT NULL,
  FOREIGN KEY ("assessment_id") REFERENCES "assessments"("id"),
  FOREIGN KEY ("challenge_hash") REFERENCES "challenge_versions"("hash")
);

CREATE UNIQUE INDEX "assessment_items_position" ON "assessment_items" ("assessment_id","position");

CREATE TABLE "invitations" (
  "id" text PRIMARY KEY NOT NULL,
  "assessment_id" text NOT NULL,
  "candidate_name" text NOT NULL,
  "candidate_email" text NOT NULL,
  "token_hash" text NOT NULL,
  "state" text NOT NULL,
  "is_demo" integer NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  FOREIGN KEY ("assessment_id") REFERENCES "assessments"("id")
);

CREATE UNIQUE INDEX "invitations_token_hash" ON "invitations" ("token_hash");

CREATE TABLE "attempts" (
  "id" text PRIMARY KEY NOT NULL,
  "invitation_id" text NOT NULL,
  "state" text NOT NULL,
  "base_ms" integer NOT NULL,
  "multiplier_percent" integer NOT NULL,
  "extra_ms" integer NOT NULL,
  "credit_ms" integer NOT NULL,
  "consent_version" text,
  "started_at" integer,
  "submitted_at" integer,
  "submitted_by" text,
  "content_hash" text,
  "last_activity_at" integer,
  "created_at" integer NOT NULL,
  FOREIGN KEY ("invitation_id") REFERENCES "invitations"("id")
);

CREATE UNIQUE INDEX "attempts_invitation" ON "attempts" ("invitation_id");

CREATE INDEX "attempts_state" ON "attempts" ("state");

CREATE TABLE "attempt_items" (
  "id" text PRIMARY KEY NOT NULL,
  "attempt_id" text NOT NULL,
  "position" integer NOT NULL,
  "slug" text NOT NULL,
  "challenge_hash" text NOT NULL,
  FOREIGN KEY ("attempt_id") REFERENCES "attempts"("id"),
  FOREIGN KEY ("challenge_hash") REFERENCES "challenge_versions"("hash")
);

CREATE UNIQUE INDEX "attempt_items_position" ON "attempt_items" ("attempt_id","position");

CREATE TABLE "login_sessions" (
  "secret_hash" text PRIMARY KEY NOT NULL,
  "attempt_id" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  FOREIGN KEY ("attempt_id") REFERENCES "attempts"("id")
);

CREATE TABLE "workspace_updates" (
  "item_id" text NOT NULL,
  "seq" integer NOT NULL,
  "at" integer NOT NULL,
  "bytes" blob NOT NULL,
  PRIMARY KEY("item_id", "seq"),
  FOREIGN KEY ("item_id") REFERENCES "attempt_items"("id")
);

CREATE TABLE "file_trees" (
  "hash" text PRIMARY KEY NOT NULL,
  "files" text NOT NULL
);

CREATE TABLE "snapshots" (
  "id" text PRIMARY KEY NOT NULL,
  "item_id" text NOT NULL,
  "at" integer NOT NULL,
  "seq" integer NOT NULL,
  "reason" text NOT NULL,
  "tree_hash" text NOT NULL,
  FOREIGN KEY ("item_id") REFERENCES "attempt_items"("id"),
  FOREIGN KEY ("tree_hash") REFERENCES "file_trees"("hash")
);

CREATE INDEX "snapshots_item" ON "snapshots" ("item_id");

CREATE TABLE "runs" (
  "id" text PRIMARY KEY NOT NULL,
  "item_id" text NOT NULL,
  "snapshot_id" text NOT NULL,
  "kind" text NOT NULL,
  "state" text NOT NULL,
  "outcome" text,
  "seed" integer NOT NULL,
  "tries" integer NOT NULL,
  "created_at" integer NOT NULL,
  "finished_at" integer,
  "not_before" integer NOT NULL,
  "lease_token" text,
  "lease_until" integer,
  "note" text,
  FOREIGN KEY ("item_id") REFERENCES "attempt_items"("id"),
  FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id")
);

CREATE INDEX "runs_queue" ON "runs" ("state","not_before");

CREATE INDEX "runs_item" ON "runs" ("item_id");

CREATE TABLE "verdicts" (
  "run_id" text PRIMARY KEY NOT NULL,
  "verdict" text NOT NULL,
  "earned" real NOT NULL,
  "possible" real NOT NULL,
  "result" text NOT NULL,
  "at" integer NOT NULL,
  FOREIGN KEY ("run_id") REFERENCES "runs"("id")
);

CREATE TABLE "case_results" (
  "run_id" text NOT NULL,
  "position" integer NOT NULL,
  "case_id" text NOT NULL,
  "requirement_id" text NOT NULL,
  "title" text NOT NULL,
  "status" text NOT NULL,
  "duration_ms" real NOT NULL,
  "failure" text,
  "exchanges" text NOT NULL,
  "log" text NOT NULL,
  PRIMARY KEY("run_id", "position"),
  FOREIGN KEY ("run_id") REFERENCES "runs"("id")
);

CREATE TABLE "audit_entries" (
  "seq" integer PRIMARY KEY NOT NULL,
  "at" integer NOT NULL,
  "actor" text NOT NULL,
  "action" text NOT NULL,
  "attempt_id" text,
  "detail" text NOT NULL,
  "previous_hash" text NOT NULL,
  "hash" text NOT NULL
);

CREATE INDEX "audit_entries_attempt" ON "audit_entries" ("attempt_id");

CREATE TABLE "staff_users" (
  "id" text PRIMARY KEY NOT NULL,
  "name" text NOT NULL,
  "email" text NOT NULL,
  "email_verified" integer NOT NULL,
  "image" text,
  "created_at" integer NOT NULL,
  "updated_at" integer NOT NULL
);

CREATE UNIQUE INDEX "staff_users_email" ON "staff_users" ("email");

CREATE TABLE "staff_sessions" (
  "id" text PRIMARY KEY NOT NULL,
  "token" text NOT NULL,
  "user_id" text NOT NULL,
  "ip_address" text,
  "user_agent" text,
  "expires_at" integer NOT NULL,
  "created_at" integer NOT NULL,
  "updated_at" integer NOT NULL,
  FOREIGN KEY ("user_id") REFERENCES "staff_users"("id") ON UPDATE no action ON DELETE cascade
);

CREATE UNIQUE INDEX "staff_sessions_token" ON "staff_sessions" ("token");

CREATE INDEX "staff_sessions_user" ON "staff_sessions" ("user_id");

CREATE TABLE "staff_accounts" (
  "id" text PRIMARY KEY NOT NULL,
  "account_id" text NOT NULL,
  "provider_id" text NOT NULL,
  "user_id" text NOT NULL,
  "access_token" text,
  "refresh_token" text,
  "id_token" text,
  "access_token_expires_at" integer,
  "refresh_token_expires_at" integer,
  "scope" text,
  "password" text,
  "created_at" integer NOT NULL,
  "updated_at" integer NOT NULL,
  FOREIGN KEY ("user_id") REFERENCES "staff_users"("id") ON UPDATE no action ON DELETE cascade
);

CREATE INDEX "staff_accounts_user" ON "staff_accounts" ("user_id");

CREATE TABLE "staff_verifications" (
  "id" text PRIMARY KEY NOT NULL,
  "identifier" text NOT NULL,
  "value" text NOT NULL,
  "expires_at" integer NOT NULL,
  "created_at" integer NOT NULL,
  "updated_at" integer NOT NULL
);

CREATE INDEX "staff_verifications_identifier" ON "staff_verifications" ("identifier");
