using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Proofsheet.Api.Data.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class PicturesAndDownloads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "difference_hash",
                table: "photos",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "perceptual_hash",
                table: "photos",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "sharpness",
                table: "photos",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "viewer_watermark",
                table: "galleries",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.CreateTable(
                name: "counted_downloads",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    who = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    photo_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    counted_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    allows_downloads = table.Column<bool>(type: "INTEGER", nullable: false),
                    sizes = table.Column<string>(type: "TEXT", nullable: false),
                    web_pixels = table.Column<int>(type: "INTEGER", nullable: true),
                    web_is_clean = table.Column<bool>(type: "INTEGER", nullable: false),
                    pin_hash = table.Column<string>(type: "TEXT", unicode: false, maxLength: 200, nullable: true),
                    pin_version = table.Column<int>(type: "INTEGER", nullable: false),
                    photos_per_visitor = table.Column<int>(type: "INTEGER", nullable: true),
                    photos_per_gallery = table.Column<int>(type: "INTEGER", nullable: true),
                    audience = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    emails = table.Column<string>(type: "TEXT", nullable: false),
                    ends_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    turns = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
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
                name: "gallery_downloads",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    visitor_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    size = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    variant = table.Column<string>(type: "TEXT", unicode: false, maxLength: 128, nullable: false),
                    access_version = table.Column<int>(type: "INTEGER", nullable: false),
                    pin_version = table.Column<int>(type: "INTEGER", nullable: false),
                    list_hash = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    state = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    photos = table.Column<int>(type: "INTEGER", nullable: false),
                    prepared = table.Column<int>(type: "INTEGER", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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
                name: "gallery_exports",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    state = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    photos = table.Column<int>(type: "INTEGER", nullable: false),
                    prepared = table.Column<int>(type: "INTEGER", nullable: false),
                    missing = table.Column<int>(type: "INTEGER", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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

            migrationBuilder.CreateIndex(
                name: "IX_download_grants_id",
                table: "download_grants",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "IX_download_grants_order_id",
                table: "download_grants",
                column: "order_id");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "counted_downloads");

            migrationBuilder.DropTable(
                name: "gallery_download_rules");

            migrationBuilder.DropTable(
                name: "gallery_downloads");

            migrationBuilder.DropTable(
                name: "gallery_exports");

            migrationBuilder.DropIndex(
                name: "IX_download_grants_id",
                table: "download_grants");

            migrationBuilder.DropIndex(
                name: "IX_download_grants_order_id",
                table: "download_grants");

            migrationBuilder.DropColumn(
                name: "difference_hash",
                table: "photos");

            migrationBuilder.DropColumn(
                name: "perceptual_hash",
                table: "photos");

            migrationBuilder.DropColumn(
                name: "sharpness",
                table: "photos");

            migrationBuilder.DropColumn(
                name: "viewer_watermark",
                table: "galleries");
        }
    }
}
