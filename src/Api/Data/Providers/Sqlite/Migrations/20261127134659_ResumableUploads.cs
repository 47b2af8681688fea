using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Proofsheet.Api.Data.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ResumableUploads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "upload_batches",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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
                name: "uploads",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    section_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: true),
                    batch_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: true),
                    file_name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    title = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    caption = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    sha256 = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    length = table.Column<long>(type: "INTEGER", nullable: true),
                    offset = table.Column<long>(type: "INTEGER", nullable: false),
                    is_partial = table.Column<bool>(type: "INTEGER", nullable: false),
                    final_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: true),
                    final_position = table.Column<int>(type: "INTEGER", nullable: false),
                    is_final = table.Column<bool>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    status = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: true),
                    photo_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: true),
                    problem_status = table.Column<int>(type: "INTEGER", nullable: true),
                    problem_code = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    problem_detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    lock_owner = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: true),
                    lock_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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
                name: "upload_batch_files",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    batch_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    path = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    status = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    upload_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: true),
                    photo_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: true),
                    same_as = table.Column<int>(type: "INTEGER", nullable: true),
                    problem_code = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    problem_detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
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
                name: "upload_parts",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    upload_id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 26, nullable: false),
                    offset = table.Column<long>(type: "INTEGER", nullable: false),
                    length = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    crc32 = table.Column<long>(type: "INTEGER", nullable: false)
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
                name: "IX_photos_tenant_id_sha256",
                table: "photos",
                columns: new[] { "tenant_id", "sha256" });

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "upload_batch_files");

            migrationBuilder.DropTable(
                name: "upload_parts");

            migrationBuilder.DropTable(
                name: "upload_batches");

            migrationBuilder.DropTable(
                name: "uploads");

            migrationBuilder.DropIndex(
                name: "IX_photos_tenant_id_sha256",
                table: "photos");
        }
    }
}
