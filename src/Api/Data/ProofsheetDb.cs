using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data;

/// <summary>
/// The only database context. It references no feature: each module maps its own entities (IEntityTypeConfiguration in the
/// module's folder), and the loops below give every tenant-owned entity its filter, its composite key and its guard.
/// </summary>
internal abstract class ProofsheetDb(DbContextOptions options, TenantContext tenant, TimeProvider clock) : DbContext(options)
{
    public const string TenantFilter = "tenant";

    // The query filter reads it as a parameter of every query: a missing tenant throws before any SQL is sent.
    private Id<Tenant> CurrentTenant => tenant.Current;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        ModelConventions.Apply(configurationBuilder, typeof(ProofsheetDb).Assembly);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ModelConventions.Map(modelBuilder, typeof(ProofsheetDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => !e.IsOwned()).ToList())
        {
            if (typeof(ITenantOwned).IsAssignableFrom(entity.ClrType))
            {
                OwnByTenant(modelBuilder, entity);
            }

            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType))
            {
                modelBuilder.Entity(entity.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            }
        }

        ModelConventions.NameColumns(modelBuilder);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save asynchronously.");

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        ChangeTracker.DetectChanges();
        foreach (var entry in ChangeTracker.Entries())
        {
            Guard(entry);
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private void OwnByTenant(ModelBuilder model, IMutableEntityType entity)
    {
        var builder = model.Entity(entity.ClrType);
        if (entity.FindProperty("Id") is not null)
        {
            builder.HasKey(nameof(ITenantOwned.TenantId), "Id");
            builder.Property("Id").ValueGeneratedNever();
        }

        var row = Expression.Parameter(entity.ClrType, "row");
        var owner = Expression.Property(row, nameof(ITenantOwned.TenantId));
        var current = Expression.Property(Expression.Constant(this, typeof(ProofsheetDb)), typeof(ProofsheetDb).GetProperty(nameof(CurrentTenant), BindingFlags.Instance | BindingFlags.NonPublic)!);
        entity.SetQueryFilter(TenantFilter, Expression.Lambda(Expression.Equal(owner, current), row));
    }

    private void Guard(EntityEntry entry)
    {
        if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            return;
        }

        if (entry.Entity is ITenantOwned owned)
        {
            if (entry.State == EntityState.Added && owned.TenantId.IsEmpty)
            {
                entry.Property(nameof(ITenantOwned.TenantId)).CurrentValue = tenant.Current;
            }
            else if (owned.TenantId != tenant.Current)
            {
                throw new CrossTenantException(entry.Metadata.ShortName());
            }
        }

        if (entry.Entity is ITimestamped && entry.State != EntityState.Deleted)
        {
            // For a new row, the update time is exactly the creation time.
            var made = entry.State == EntityState.Added ? entry.Metadata.FindProperty("CreatedAt") : null;
            entry.Property(nameof(ITimestamped.UpdatedAt)).CurrentValue = made is null ? clock.GetUtcNow() : entry.Property(made).CurrentValue;
        }

        if (entry.Entity is IVersioned versioned && entry.State != EntityState.Deleted)
        {
            entry.Property(nameof(IVersioned.Version)).CurrentValue = versioned.Version + 1;
        }
    }
}
