using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Data;

/// <summary>
/// The authority's database: accounts, clients, grants, keys, sessions. The API never reads it. Each module maps its own entities
/// (IEntityTypeConfiguration in the module's folder, or in Data/MODULE for a module that must not depend on EF).
/// </summary>
internal abstract class IdentityDb(DbContextOptions options) : IdentityUserContext<User, string>(options)
{
    // Version 3 of the schema added passkeys.
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        ModelConventions.Apply(configurationBuilder, typeof(IdentityDb).Assembly);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        ModelConventions.Map(builder, typeof(IdentityDb).Assembly);
        ModelConventions.NameColumns(builder);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save asynchronously.");
}
