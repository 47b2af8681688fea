using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Proofsheet.Api.Data.Providers.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    is_sandbox = table.Column<bool>(type: "boolean", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    scopes = table.Column<List<string>>(type: "text[]", nullable: false),
                    hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    hint = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false),
                    family = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "attempt_counters",
                columns: table => new
                {
                    key = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    taken = table.Column<int>(type: "integer", nullable: false),
                    ends_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    strikes = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempt_counters", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    actor_type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    actor = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    actor_issuer = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    actor_client = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    action = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    entity = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    entity_id = table.Column<string>(type: "character varying(120)", unicode: false, maxLength: 120, nullable: false),
                    changes = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_entries", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "clients",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    addresses = table.Column<string>(type: "text", nullable: false),
                    phone = table.Column<string>(type: "character varying(16)", unicode: false, maxLength: 16, nullable: true),
                    language = table.Column<string>(type: "character varying(10)", unicode: false, maxLength: 10, nullable: true),
                    tags = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    lock_version = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_clients", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "commerce_settings",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    tax_name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    tax_basis_points = table.Column<int>(type: "integer", nullable: false),
                    is_tax_included = table.Column<bool>(type: "boolean", nullable: false),
                    shipping_methods = table.Column<string>(type: "text", nullable: false),
                    download_days = table.Column<int>(type: "integer", nullable: false),
                    downloads_per_file = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_commerce_settings", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "denied_tokens",
                columns: table => new
                {
                    key = table.Column<string>(type: "character varying(66)", unicode: false, maxLength: 66, nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    issuer = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    issued_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    recorded_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_denied_tokens", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "discounts",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    percent = table.Column<int>(type: "integer", nullable: true),
                    amount = table.Column<long>(type: "bigint", nullable: true),
                    max_redemptions = table.Column<int>(type: "integer", nullable: true),
                    redemption_count = table.Column<int>(type: "integer", nullable: false),
                    starts_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ends_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    minimum_subtotal = table.Column<long>(type: "bigint", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_discounts", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "download_transfers",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    about = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    counted = table.Column<long>(type: "bigint", nullable: false),
                    sent_bytes = table.Column<long>(type: "bigint", nullable: false),
                    lock_version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_download_transfers", x => new { x.tenant_id, x.about });
                });

            migrationBuilder.CreateTable(
                name: "email_codes",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    subject = table.Column<string>(type: "character varying(80)", unicode: false, maxLength: 80, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    code_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    tries_left = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_codes", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "idempotency_records",
                columns: table => new
                {
                    owner = table.Column<string>(type: "character varying(40)", unicode: false, maxLength: 40, nullable: false),
                    caller_name = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    key = table.Column<string>(type: "character varying(128)", unicode: false, maxLength: 128, nullable: false),
                    request_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    content_type = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    headers = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotency_records", x => new { x.owner, x.caller_name, x.key });
                });

            migrationBuilder.CreateTable(
                name: "mails",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    about = table.Column<string>(type: "character varying(100)", unicode: false, maxLength: 100, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", unicode: false, maxLength: 40, nullable: false),
                    address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    subject = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    failure = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    @event = table.Column<string>(name: "event", type: "character varying(80)", unicode: false, maxLength: 80, nullable: true),
                    handler = table.Column<string>(type: "character varying(120)", unicode: false, maxLength: 120, nullable: true),
                    payload = table.Column<string>(type: "text", nullable: true),
                    work_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mails", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "oauth_clients",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    issuer = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    client_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    client_digest = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    redirect_uris = table.Column<string>(type: "text", nullable: false),
                    post_logout_redirect_uris = table.Column<string>(type: "text", nullable: false),
                    scopes = table.Column<string>(type: "text", nullable: false),
                    keys = table.Column<string>(type: "text", nullable: false),
                    registration_uri = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    registration_token = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    secret_rotated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_oauth_clients", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "order_counters",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    next = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_counters", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "outbox_messages",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    @event = table.Column<string>(name: "event", type: "character varying(80)", unicode: false, maxLength: 80, nullable: false),
                    handler = table.Column<string>(type: "character varying(120)", unicode: false, maxLength: 120, nullable: true),
                    payload = table.Column<string>(type: "text", nullable: false),
                    is_bulk = table.Column<bool>(type: "boolean", nullable: false),
                    is_deferred = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_owner = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    lease_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    done_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    dead_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_outbox_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payment_notices",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    provider = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    event_id = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: false),
                    order_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    received_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_notices", x => new { x.tenant_id, x.provider, x.event_id });
                });

            migrationBuilder.CreateTable(
                name: "photo_versions",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    number = table.Column<int>(type: "integer", nullable: false),
                    file_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    content_type = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    crc32 = table.Column<long>(type: "bigint", nullable: false),
                    width = table.Column<int>(type: "integer", nullable: false),
                    height = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_photo_versions", x => new { x.tenant_id, x.photo_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "platform_staff",
                columns: table => new
                {
                    account_digest = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    issuer = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    subject = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_staff", x => x.account_digest);
                });

            migrationBuilder.CreateTable(
                name: "price_sheets",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_price_sheets", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    description = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    options = table.Column<string>(type: "text", nullable: false),
                    digital_size = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    print = table.Column<string>(type: "text", nullable: true),
                    stock = table.Column<int>(type: "integer", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_products", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "seen_proofs",
                columns: table => new
                {
                    digest = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_seen_proofs", x => x.digest);
                });

            migrationBuilder.CreateTable(
                name: "studio_quotas",
                columns: table => new
                {
                    account_digest = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    studio_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studio_quotas", x => new { x.account_digest, x.number });
                });

            migrationBuilder.CreateTable(
                name: "studios",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    slug = table.Column<string>(type: "character varying(63)", unicode: false, maxLength: 63, nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", unicode: false, maxLength: 3, nullable: false),
                    country = table.Column<string>(type: "character varying(2)", unicode: false, maxLength: 2, nullable: false),
                    time_zone = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    plan = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    is_sandbox = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studios", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "watermarks",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    text = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    position = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    opacity_percent = table.Column<int>(type: "integer", nullable: false),
                    size_percent = table.Column<int>(type: "integer", nullable: false),
                    color = table.Column<string>(type: "character varying(7)", unicode: false, maxLength: 7, nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_watermarks", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "api_key_origins",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    key_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    origin = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_key_origins", x => new { x.tenant_id, x.key_id, x.origin });
                    table.ForeignKey(
                        name: "FK_api_key_origins_api_keys_tenant_id_key_id",
                        columns: x => new { x.tenant_id, x.key_id },
                        principalTable: "api_keys",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "client_consents",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    client_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    purpose = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    channel = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    wording = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    given_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    withdrawn_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_client_consents", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_client_consents_clients_tenant_id_client_id",
                        columns: x => new { x.tenant_id, x.client_id },
                        principalTable: "clients",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "client_emails",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    key = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    client_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    verified_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_client_emails", x => new { x.tenant_id, x.key });
                    table.ForeignKey(
                        name: "FK_client_emails_clients_tenant_id_client_id",
                        columns: x => new { x.tenant_id, x.client_id },
                        principalTable: "clients",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "oauth_client_origins",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    client_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    origin = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_oauth_client_origins", x => new { x.tenant_id, x.client_id, x.origin });
                    table.ForeignKey(
                        name: "FK_oauth_client_origins_oauth_clients_tenant_id_client_id",
                        columns: x => new { x.tenant_id, x.client_id },
                        principalTable: "oauth_clients",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sheet_prices",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    price_sheet_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    product_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    options = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", unicode: false, maxLength: 3, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sheet_prices", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_sheet_prices_price_sheets_tenant_id_price_sheet_id",
                        columns: x => new { x.tenant_id, x.price_sheet_id },
                        principalTable: "price_sheets",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_sheet_prices_products_tenant_id_product_id",
                        columns: x => new { x.tenant_id, x.product_id },
                        principalTable: "products",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "brandings",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    tagline = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    primary_color = table.Column<string>(type: "character varying(7)", unicode: false, maxLength: 7, nullable: false),
                    accent_color = table.Column<string>(type: "character varying(7)", unicode: false, maxLength: 7, nullable: false),
                    background_color = table.Column<string>(type: "character varying(7)", unicode: false, maxLength: 7, nullable: false),
                    text_color = table.Column<string>(type: "character varying(7)", unicode: false, maxLength: 7, nullable: false),
                    heading_font = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    body_font = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    welcome_text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    footer_text = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    website_url = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    contact_email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    logo_sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    logo_width = table.Column<int>(type: "integer", nullable: true),
                    logo_height = table.Column<int>(type: "integer", nullable: true),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_brandings", x => x.tenant_id);
                    table.ForeignKey(
                        name: "FK_brandings_studios_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "studios",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    role = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    code_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    times_sent = table.Column<int>(type: "integer", nullable: false),
                    accepted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    withdrawn_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invitations", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_invitations_studios_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "studios",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "members",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    account_digest = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    issuer = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    subject = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    role = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_members", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_members_studios_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "studios",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "galleries",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    slug = table.Column<string>(type: "character varying(63)", unicode: false, maxLength: 63, nullable: false),
                    description = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    event_date = table.Column<DateOnly>(type: "date", nullable: true),
                    stage = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    is_listed = table.Column<bool>(type: "boolean", nullable: false),
                    requires = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    secret_hash = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: true),
                    pin_length = table.Column<int>(type: "integer", nullable: true),
                    access_version = table.Column<int>(type: "integer", nullable: false),
                    layout = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    theme = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    language = table.Column<string>(type: "character varying(10)", unicode: false, maxLength: 10, nullable: false),
                    watermark_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    viewer_watermark = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false, defaultValue: "None"),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    pick_limit = table.Column<int>(type: "integer", nullable: true),
                    proofing_closed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    cover_photo_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    cover_focal_x = table.Column<double>(type: "double precision", nullable: false),
                    cover_focal_y = table.Column<double>(type: "double precision", nullable: false),
                    price_sheet_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    published_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    deleted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    purged_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_galleries", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_galleries_watermarks_tenant_id_watermark_id",
                        columns: x => new { x.tenant_id, x.watermark_id },
                        principalTable: "watermarks",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "carts",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    visitor_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", unicode: false, maxLength: 3, nullable: false),
                    order_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    tax_name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    tax_basis_points = table.Column<int>(type: "integer", nullable: false),
                    is_tax_included = table.Column<bool>(type: "boolean", nullable: false),
                    shipping_methods = table.Column<string>(type: "text", nullable: false),
                    shipping_method_id = table.Column<string>(type: "character varying(40)", unicode: false, maxLength: 40, nullable: true),
                    discount = table.Column<string>(type: "text", nullable: true),
                    price_sheet_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    price_sheet_version = table.Column<long>(type: "bigint", nullable: false),
                    quote_expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    lock_version = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_carts", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_carts_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "counted_downloads",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    who = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    counted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_counted_downloads", x => new { x.tenant_id, x.gallery_id, x.who, x.photo_id });
                    table.ForeignKey(
                        name: "FK_counted_downloads_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "gallery_download_rules",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    allows_downloads = table.Column<bool>(type: "boolean", nullable: false),
                    sizes = table.Column<string>(type: "text", nullable: false),
                    web_pixels = table.Column<int>(type: "integer", nullable: true),
                    is_web_watermarked = table.Column<bool>(type: "boolean", nullable: false),
                    pin_hash = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: true),
                    pin_version = table.Column<int>(type: "integer", nullable: false),
                    photos_per_visitor = table.Column<int>(type: "integer", nullable: true),
                    photos_per_gallery = table.Column<int>(type: "integer", nullable: true),
                    audience = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    emails = table.Column<string>(type: "text", nullable: false),
                    ends_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    lock_version = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gallery_download_rules", x => new { x.tenant_id, x.gallery_id });
                    table.ForeignKey(
                        name: "FK_gallery_download_rules_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "gallery_exports",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    photo_count = table.Column<int>(type: "integer", nullable: false),
                    prepared_count = table.Column<int>(type: "integer", nullable: false),
                    missing_count = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gallery_exports", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_gallery_exports_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "gallery_invitations",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    client_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    role = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    token_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    times_sent = table.Column<int>(type: "integer", nullable: false),
                    opened_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    lock_version = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gallery_invitations", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_gallery_invitations_clients_tenant_id_client_id",
                        columns: x => new { x.tenant_id, x.client_id },
                        principalTable: "clients",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_gallery_invitations_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "gallery_locks",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    lock_version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gallery_locks", x => new { x.tenant_id, x.gallery_id });
                    table.ForeignKey(
                        name: "FK_gallery_locks_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    number = table.Column<string>(type: "character varying(20)", unicode: false, maxLength: 20, nullable: false),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    visitor_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    session_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    cart_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    request_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    email_key = table.Column<string>(type: "character varying(254)", unicode: false, maxLength: 254, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    shipping_address = table.Column<string>(type: "text", nullable: true),
                    shipping_method = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", unicode: false, maxLength: 3, nullable: false),
                    subtotal = table.Column<long>(type: "bigint", nullable: false),
                    discount = table.Column<long>(type: "bigint", nullable: false),
                    shipping = table.Column<long>(type: "bigint", nullable: false),
                    tax = table.Column<long>(type: "bigint", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: false),
                    tax_name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    tax_basis_points = table.Column<int>(type: "integer", nullable: false),
                    is_tax_included = table.Column<bool>(type: "boolean", nullable: false),
                    quoted_discount = table.Column<string>(type: "text", nullable: true),
                    price_sheet_id = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    price_sheet_version = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    paid_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    canceled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    lock_version = table.Column<long>(type: "bigint", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_orders_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sections",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    description = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    position = table.Column<int>(type: "integer", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    deleted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sections", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_sections_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "slug_claims",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    slug_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    rests_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slug_claims", x => new { x.tenant_id, x.slug_hash });
                    table.ForeignKey(
                        name: "FK_slug_claims_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "upload_batches",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_upload_batches", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_upload_batches_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "visitors",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    email_verified_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    role = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    client_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    merged_into = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_visitors", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_visitors_clients_tenant_id_client_id",
                        columns: x => new { x.tenant_id, x.client_id },
                        principalTable: "clients",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_visitors_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "cart_items",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    cart_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    product_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    product_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    options = table.Column<string>(type: "text", nullable: false),
                    digital_size = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    width_mm = table.Column<int>(type: "integer", nullable: true),
                    height_mm = table.Column<int>(type: "integer", nullable: true),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    unit_amount = table.Column<long>(type: "bigint", nullable: false),
                    crop = table.Column<string>(type: "text", nullable: true),
                    is_offered = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cart_items", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_cart_items_carts_tenant_id_cart_id",
                        columns: x => new { x.tenant_id, x.cart_id },
                        principalTable: "carts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "download_grants",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    order_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    order_item_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    size = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    file_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    content_type = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    object_key = table.Column<string>(type: "character varying(512)", unicode: false, maxLength: 512, nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    crc32 = table.Column<long>(type: "bigint", nullable: false),
                    max_downloads = table.Column<int>(type: "integer", nullable: false),
                    downloads = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_download_grants", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_download_grants_orders_tenant_id_order_id",
                        columns: x => new { x.tenant_id, x.order_id },
                        principalTable: "orders",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "order_items",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    order_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    position = table.Column<int>(type: "integer", nullable: false),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_version = table.Column<int>(type: "integer", nullable: false),
                    photo_sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    file_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    product_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    product_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    type = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    digital_size = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    width_mm = table.Column<int>(type: "integer", nullable: true),
                    height_mm = table.Column<int>(type: "integer", nullable: true),
                    options = table.Column<string>(type: "text", nullable: false),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    unit_amount = table.Column<long>(type: "bigint", nullable: false),
                    line_amount = table.Column<long>(type: "bigint", nullable: false),
                    discount_amount = table.Column<long>(type: "bigint", nullable: false),
                    tax_amount = table.Column<long>(type: "bigint", nullable: false),
                    crop = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_items", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_order_items_orders_tenant_id_order_id",
                        columns: x => new { x.tenant_id, x.order_id },
                        principalTable: "orders",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "payments",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    order_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    provider = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    provider_id = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: true),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", unicode: false, maxLength: 3, nullable: false),
                    refunded_amount = table.Column<long>(type: "bigint", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    decline_code = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    decline_message = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    next_action_type = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    next_action_url = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payments", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_payments_orders_tenant_id_order_id",
                        columns: x => new { x.tenant_id, x.order_id },
                        principalTable: "orders",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "photos",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    section_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    current_version_number = table.Column<int>(type: "integer", nullable: false),
                    sort_name = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    caption = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    alt_text = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    failure_code = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    failure_detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    status_changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    live_sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    upload_group = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    is_hidden = table.Column<bool>(type: "boolean", nullable: false),
                    blur_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    colors = table.Column<string>(type: "text", nullable: false),
                    difference_hash = table.Column<long>(type: "bigint", nullable: true),
                    perceptual_hash = table.Column<long>(type: "bigint", nullable: true),
                    sharpness = table.Column<double>(type: "double precision", nullable: true),
                    taken_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ordered_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    details = table.Column<string>(type: "text", nullable: false),
                    rendition_version = table.Column<int>(type: "integer", nullable: false),
                    renditions = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    deleted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    purged_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_photos", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_photos_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_photos_photo_versions_tenant_id_id_current_version_number",
                        columns: x => new { x.tenant_id, x.id, x.current_version_number },
                        principalTable: "photo_versions",
                        principalColumns: new[] { "tenant_id", "photo_id", "number" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_photos_sections_tenant_id_section_id",
                        columns: x => new { x.tenant_id, x.section_id },
                        principalTable: "sections",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "upload_batch_files",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    batch_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    position = table.Column<int>(type: "integer", nullable: false),
                    path = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    outcome = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    upload_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    same_as = table.Column<int>(type: "integer", nullable: true),
                    problem_code = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    problem_detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_upload_batch_files", x => new { x.tenant_id, x.batch_id, x.position });
                    table.ForeignKey(
                        name: "FK_upload_batch_files_upload_batches_tenant_id_batch_id",
                        columns: x => new { x.tenant_id, x.batch_id },
                        principalTable: "upload_batches",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "gallery_downloads",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    visitor_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    size = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    variant = table.Column<string>(type: "character varying(128)", unicode: false, maxLength: 128, nullable: false),
                    access_version = table.Column<int>(type: "integer", nullable: false),
                    pin_version = table.Column<int>(type: "integer", nullable: false),
                    list_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    photo_count = table.Column<int>(type: "integer", nullable: false),
                    prepared_count = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gallery_downloads", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_gallery_downloads_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_gallery_downloads_visitors_tenant_id_visitor_id",
                        columns: x => new { x.tenant_id, x.visitor_id },
                        principalTable: "visitors",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "selections",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    visitor_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    note = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    submitted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    lock_version = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_selections", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_selections_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_selections_visitors_tenant_id_visitor_id",
                        columns: x => new { x.tenant_id, x.visitor_id },
                        principalTable: "visitors",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "visitor_sessions",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    visitor_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    invitation_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    access_version = table.Column<int>(type: "integer", nullable: false),
                    refresh_hash = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    device = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    confirmed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    confirmed_email_key = table.Column<string>(type: "character varying(254)", unicode: false, maxLength: 254, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    lock_version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_visitor_sessions", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_visitor_sessions_visitors_tenant_id_visitor_id",
                        columns: x => new { x.tenant_id, x.visitor_id },
                        principalTable: "visitors",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "payment_attempts",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    payment_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    decline_code = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_attempts", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_payment_attempts_payments_tenant_id_payment_id",
                        columns: x => new { x.tenant_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "refunds",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    payment_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", unicode: false, maxLength: 3, nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", unicode: false, maxLength: 40, nullable: false),
                    provider_refund_id = table.Column<string>(type: "character varying(200)", unicode: false, maxLength: 200, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    done_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_refunds", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_refunds_payments_tenant_id_payment_id",
                        columns: x => new { x.tenant_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "photo_locations",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    latitude = table.Column<double>(type: "double precision", nullable: false),
                    longitude = table.Column<double>(type: "double precision", nullable: false),
                    altitude_meters = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_photo_locations", x => new { x.tenant_id, x.photo_id });
                    table.ForeignKey(
                        name: "FK_photo_locations_photos_tenant_id_photo_id",
                        columns: x => new { x.tenant_id, x.photo_id },
                        principalTable: "photos",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "uploads",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    section_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    batch_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    upload_group = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    file_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    caption = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    length = table.Column<long>(type: "bigint", nullable: true),
                    offset = table.Column<long>(type: "bigint", nullable: false),
                    is_partial = table.Column<bool>(type: "boolean", nullable: false),
                    final_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    final_position = table.Column<int>(type: "integer", nullable: false),
                    is_final = table.Column<bool>(type: "boolean", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    outcome = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: true, collation: "C"),
                    problem_status = table.Column<int>(type: "integer", nullable: true),
                    problem_code = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    problem_detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    lock_owner = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true),
                    lock_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_uploads", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "FK_uploads_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_uploads_photos_tenant_id_photo_id",
                        columns: x => new { x.tenant_id, x.photo_id },
                        principalTable: "photos",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_uploads_sections_tenant_id_section_id",
                        columns: x => new { x.tenant_id, x.section_id },
                        principalTable: "sections",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "picks",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    selection_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    photo_version = table.Column<int>(type: "integer", nullable: false),
                    note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    picked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_picks", x => new { x.tenant_id, x.selection_id, x.photo_id });
                    table.ForeignKey(
                        name: "FK_picks_photos_tenant_id_photo_id",
                        columns: x => new { x.tenant_id, x.photo_id },
                        principalTable: "photos",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_picks_selections_tenant_id_selection_id",
                        columns: x => new { x.tenant_id, x.selection_id },
                        principalTable: "selections",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "upload_parts",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    upload_id = table.Column<string>(type: "character varying(26)", unicode: false, maxLength: 26, nullable: false, collation: "C"),
                    offset = table.Column<long>(type: "bigint", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false),
                    crc32 = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_upload_parts", x => new { x.tenant_id, x.upload_id, x.offset });
                    table.ForeignKey(
                        name: "FK_upload_parts_uploads_tenant_id_upload_id",
                        columns: x => new { x.tenant_id, x.upload_id },
                        principalTable: "uploads",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_api_key_origins_origin",
                table: "api_key_origins",
                column: "origin");

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_attempt_counters_ends_at",
                table: "attempt_counters",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "IX_audit_entries_tenant_id_entity_entity_id",
                table: "audit_entries",
                columns: new[] { "tenant_id", "entity", "entity_id" });

            migrationBuilder.CreateIndex(
                name: "IX_cart_items_tenant_id_cart_id",
                table: "cart_items",
                columns: new[] { "tenant_id", "cart_id" });

            migrationBuilder.CreateIndex(
                name: "IX_carts_tenant_id_gallery_id",
                table: "carts",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_carts_tenant_id_visitor_id",
                table: "carts",
                columns: new[] { "tenant_id", "visitor_id" });

            migrationBuilder.CreateIndex(
                name: "IX_client_consents_tenant_id_client_id",
                table: "client_consents",
                columns: new[] { "tenant_id", "client_id" });

            migrationBuilder.CreateIndex(
                name: "IX_client_emails_tenant_id_client_id",
                table: "client_emails",
                columns: new[] { "tenant_id", "client_id" });

            migrationBuilder.CreateIndex(
                name: "IX_denied_tokens_expires_at",
                table: "denied_tokens",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_denied_tokens_recorded_at",
                table: "denied_tokens",
                column: "recorded_at");

            migrationBuilder.CreateIndex(
                name: "IX_discounts_tenant_id_code",
                table: "discounts",
                columns: new[] { "tenant_id", "code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_download_grants_id",
                table: "download_grants",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "IX_download_grants_order_id",
                table: "download_grants",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "IX_download_grants_tenant_id_order_id",
                table: "download_grants",
                columns: new[] { "tenant_id", "order_id" });

            migrationBuilder.CreateIndex(
                name: "IX_download_grants_tenant_id_order_item_id",
                table: "download_grants",
                columns: new[] { "tenant_id", "order_item_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_email_codes_expires_at",
                table: "email_codes",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_email_codes_tenant_id_subject",
                table: "email_codes",
                columns: new[] { "tenant_id", "subject" });

            migrationBuilder.CreateIndex(
                name: "IX_galleries_tenant_id_slug",
                table: "galleries",
                columns: new[] { "tenant_id", "slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_galleries_tenant_id_watermark_id",
                table: "galleries",
                columns: new[] { "tenant_id", "watermark_id" });

            migrationBuilder.CreateIndex(
                name: "IX_gallery_downloads_expires_at",
                table: "gallery_downloads",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_gallery_downloads_id",
                table: "gallery_downloads",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "IX_gallery_downloads_tenant_id_gallery_id",
                table: "gallery_downloads",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_gallery_downloads_tenant_id_visitor_id_list_hash",
                table: "gallery_downloads",
                columns: new[] { "tenant_id", "visitor_id", "list_hash" });

            migrationBuilder.CreateIndex(
                name: "IX_gallery_exports_expires_at",
                table: "gallery_exports",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_gallery_exports_id",
                table: "gallery_exports",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "IX_gallery_exports_tenant_id_gallery_id",
                table: "gallery_exports",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_gallery_invitations_tenant_id_client_id",
                table: "gallery_invitations",
                columns: new[] { "tenant_id", "client_id" });

            migrationBuilder.CreateIndex(
                name: "IX_gallery_invitations_tenant_id_gallery_id_client_id",
                table: "gallery_invitations",
                columns: new[] { "tenant_id", "gallery_id", "client_id" });

            migrationBuilder.CreateIndex(
                name: "IX_gallery_invitations_token_hash",
                table: "gallery_invitations",
                column: "token_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_idempotency_records_created_at",
                table: "idempotency_records",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_invitations_code_hash",
                table: "invitations",
                column: "code_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mails_tenant_id_about_kind",
                table: "mails",
                columns: new[] { "tenant_id", "about", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mails_tenant_id_status",
                table: "mails",
                columns: new[] { "tenant_id", "status" });

            migrationBuilder.CreateIndex(
                name: "IX_members_account_digest",
                table: "members",
                column: "account_digest");

            migrationBuilder.CreateIndex(
                name: "IX_members_tenant_id_account_digest",
                table: "members",
                columns: new[] { "tenant_id", "account_digest" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_oauth_client_origins_origin",
                table: "oauth_client_origins",
                column: "origin");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_clients_client_digest",
                table: "oauth_clients",
                column: "client_digest",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_order_items_tenant_id_order_id",
                table: "order_items",
                columns: new[] { "tenant_id", "order_id" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_tenant_id_cart_id",
                table: "orders",
                columns: new[] { "tenant_id", "cart_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_tenant_id_gallery_id",
                table: "orders",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_tenant_id_number",
                table: "orders",
                columns: new[] { "tenant_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_tenant_id_session_id",
                table: "orders",
                columns: new[] { "tenant_id", "session_id" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_tenant_id_visitor_id",
                table: "orders",
                columns: new[] { "tenant_id", "visitor_id" });

            migrationBuilder.CreateIndex(
                name: "IX_outbox_messages_dead_at",
                table: "outbox_messages",
                column: "dead_at",
                filter: "dead_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_outbox_messages_done_at",
                table: "outbox_messages",
                column: "done_at",
                filter: "done_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_outbox_messages_is_bulk_tenant_is_deferred_due_at_id",
                table: "outbox_messages",
                columns: new[] { "is_bulk", "tenant", "is_deferred", "due_at", "id" },
                filter: "done_at IS NULL AND dead_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_payment_attempts_tenant_id_payment_id",
                table: "payment_attempts",
                columns: new[] { "tenant_id", "payment_id" });

            migrationBuilder.CreateIndex(
                name: "IX_payments_tenant_id_order_id",
                table: "payments",
                columns: new[] { "tenant_id", "order_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_photo_versions_tenant_id_sha256",
                table: "photo_versions",
                columns: new[] { "tenant_id", "sha256" });

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_gallery_id_live_sha256",
                table: "photos",
                columns: new[] { "tenant_id", "gallery_id", "live_sha256" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_gallery_id_ordered_at_id",
                table: "photos",
                columns: new[] { "tenant_id", "gallery_id", "ordered_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_gallery_id_position_id",
                table: "photos",
                columns: new[] { "tenant_id", "gallery_id", "position", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_gallery_id_status_changed_at",
                table: "photos",
                columns: new[] { "tenant_id", "gallery_id", "status_changed_at" });

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_gallery_id_upload_group_sort_name",
                table: "photos",
                columns: new[] { "tenant_id", "gallery_id", "upload_group", "sort_name" });

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_id_current_version_number",
                table: "photos",
                columns: new[] { "tenant_id", "id", "current_version_number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_photos_tenant_id_section_id",
                table: "photos",
                columns: new[] { "tenant_id", "section_id" });

            migrationBuilder.CreateIndex(
                name: "IX_picks_tenant_id_photo_id",
                table: "picks",
                columns: new[] { "tenant_id", "photo_id" });

            migrationBuilder.CreateIndex(
                name: "IX_refunds_tenant_id_payment_id_reason",
                table: "refunds",
                columns: new[] { "tenant_id", "payment_id", "reason" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sections_tenant_id_gallery_id",
                table: "sections",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_seen_proofs_expires_at",
                table: "seen_proofs",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_selections_tenant_id_gallery_id",
                table: "selections",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_selections_tenant_id_visitor_id",
                table: "selections",
                columns: new[] { "tenant_id", "visitor_id" });

            migrationBuilder.CreateIndex(
                name: "IX_sheet_prices_tenant_id_price_sheet_id",
                table: "sheet_prices",
                columns: new[] { "tenant_id", "price_sheet_id" });

            migrationBuilder.CreateIndex(
                name: "IX_sheet_prices_tenant_id_product_id",
                table: "sheet_prices",
                columns: new[] { "tenant_id", "product_id" });

            migrationBuilder.CreateIndex(
                name: "IX_slug_claims_tenant_id_gallery_id",
                table: "slug_claims",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_studios_slug",
                table: "studios",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_upload_batches_expires_at",
                table: "upload_batches",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_upload_batches_tenant_id_gallery_id",
                table: "upload_batches",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_uploads_expires_at",
                table: "uploads",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_uploads_tenant_id_batch_id",
                table: "uploads",
                columns: new[] { "tenant_id", "batch_id" });

            migrationBuilder.CreateIndex(
                name: "IX_uploads_tenant_id_final_id",
                table: "uploads",
                columns: new[] { "tenant_id", "final_id" });

            migrationBuilder.CreateIndex(
                name: "IX_uploads_tenant_id_gallery_id",
                table: "uploads",
                columns: new[] { "tenant_id", "gallery_id" });

            migrationBuilder.CreateIndex(
                name: "IX_uploads_tenant_id_photo_id",
                table: "uploads",
                columns: new[] { "tenant_id", "photo_id" });

            migrationBuilder.CreateIndex(
                name: "IX_uploads_tenant_id_section_id",
                table: "uploads",
                columns: new[] { "tenant_id", "section_id" });

            migrationBuilder.CreateIndex(
                name: "IX_visitor_sessions_ends_at",
                table: "visitor_sessions",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "IX_visitor_sessions_refresh_hash",
                table: "visitor_sessions",
                column: "refresh_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_visitor_sessions_tenant_id_invitation_id",
                table: "visitor_sessions",
                columns: new[] { "tenant_id", "invitation_id" });

            migrationBuilder.CreateIndex(
                name: "IX_visitor_sessions_tenant_id_visitor_id",
                table: "visitor_sessions",
                columns: new[] { "tenant_id", "visitor_id" });

            migrationBuilder.CreateIndex(
                name: "IX_visitors_tenant_id_client_id",
                table: "visitors",
                columns: new[] { "tenant_id", "client_id" });

            migrationBuilder.CreateIndex(
                name: "IX_visitors_tenant_id_gallery_id_client_id",
                table: "visitors",
                columns: new[] { "tenant_id", "gallery_id", "client_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_key_origins");

            migrationBuilder.DropTable(
                name: "attempt_counters");

            migrationBuilder.DropTable(
                name: "audit_entries");

            migrationBuilder.DropTable(
                name: "brandings");

            migrationBuilder.DropTable(
                name: "cart_items");

            migrationBuilder.DropTable(
                name: "client_consents");

            migrationBuilder.DropTable(
                name: "client_emails");

            migrationBuilder.DropTable(
                name: "commerce_settings");

            migrationBuilder.DropTable(
                name: "counted_downloads");

            migrationBuilder.DropTable(
                name: "denied_tokens");

            migrationBuilder.DropTable(
                name: "discounts");

            migrationBuilder.DropTable(
                name: "download_grants");

            migrationBuilder.DropTable(
                name: "download_transfers");

            migrationBuilder.DropTable(
                name: "email_codes");

            migrationBuilder.DropTable(
                name: "gallery_download_rules");

            migrationBuilder.DropTable(
                name: "gallery_downloads");

            migrationBuilder.DropTable(
                name: "gallery_exports");

            migrationBuilder.DropTable(
                name: "gallery_invitations");

            migrationBuilder.DropTable(
                name: "gallery_locks");

            migrationBuilder.DropTable(
                name: "idempotency_records");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "mails");

            migrationBuilder.DropTable(
                name: "members");

            migrationBuilder.DropTable(
                name: "oauth_client_origins");

            migrationBuilder.DropTable(
                name: "order_counters");

            migrationBuilder.DropTable(
                name: "order_items");

            migrationBuilder.DropTable(
                name: "outbox_messages");

            migrationBuilder.DropTable(
                name: "payment_attempts");

            migrationBuilder.DropTable(
                name: "payment_notices");

            migrationBuilder.DropTable(
                name: "photo_locations");

            migrationBuilder.DropTable(
                name: "picks");

            migrationBuilder.DropTable(
                name: "platform_staff");

            migrationBuilder.DropTable(
                name: "refunds");

            migrationBuilder.DropTable(
                name: "seen_proofs");

            migrationBuilder.DropTable(
                name: "sheet_prices");

            migrationBuilder.DropTable(
                name: "slug_claims");

            migrationBuilder.DropTable(
                name: "studio_quotas");

            migrationBuilder.DropTable(
                name: "upload_batch_files");

            migrationBuilder.DropTable(
                name: "upload_parts");

            migrationBuilder.DropTable(
                name: "visitor_sessions");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "carts");

            migrationBuilder.DropTable(
                name: "studios");

            migrationBuilder.DropTable(
                name: "oauth_clients");

            migrationBuilder.DropTable(
                name: "selections");

            migrationBuilder.DropTable(
                name: "payments");

            migrationBuilder.DropTable(
                name: "price_sheets");

            migrationBuilder.DropTable(
                name: "products");

            migrationBuilder.DropTable(
                name: "upload_batches");

            migrationBuilder.DropTable(
                name: "uploads");

            migrationBuilder.DropTable(
                name: "visitors");

            migrationBuilder.DropTable(
                name: "orders");

            migrationBuilder.DropTable(
                name: "photos");

            migrationBuilder.DropTable(
                name: "clients");

            migrationBuilder.DropTable(
                name: "photo_versions");

            migrationBuilder.DropTable(
                name: "sections");

            migrationBuilder.DropTable(
                name: "galleries");

            migrationBuilder.DropTable(
                name: "watermarks");
        }
    }
}
