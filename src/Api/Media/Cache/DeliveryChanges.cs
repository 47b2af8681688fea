using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Cache;

/// <summary>
/// Makes <see cref="DeliveryFacts"/> forget a studio once a change to anything its pictures depend on is committed: a change of a
/// tracked row, or a direct statement (ExecuteUpdate, ExecuteDelete, SQL) that writes to one of the tables. Which columns it writes does
/// not matter, since forgetting too often costs only a few reads.
/// </summary>
internal sealed class DeliveryChanges(DeliveryFacts facts, TenantContext tenant) : AfterCommit
{
    private static readonly Type[] Shown = [typeof(Photo), typeof(Gallery), typeof(Watermark), typeof(Branding), typeof(Visitor), typeof(Studio)];

    private readonly HashSet<Id<Tenant>> _changed = [];
    private bool _allChanged;

    protected override void NoteSave(DbContext context)
    {
        foreach (var entry in context.ChangeTracker.Entries<ITenantOwned>().Where(Counts))
        {
            _changed.Add(entry.Entity.TenantId);
        }
    }

    protected override void NoteStatement(DbContext context, string sql)
    {
        // The table name may appear anywhere in the statement; a false match does no harm.
        if (!Array.Exists(Shown, type => sql.Contains(context.Model.FindEntityType(type)!.GetTableName()!, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        if (tenant.IsSet && !sql.Contains(AcrossTenantsExtensions.Tag, StringComparison.Ordinal))
        {
            _changed.Add(tenant.Current);
        }
        else
        {
            _allChanged = true;
        }
    }

    protected override void Act()
    {
        foreach (var studio in _changed)
        {
            facts.Forget(studio);
        }

        _changed.Clear();
        if (_allChanged)
        {
            _allChanged = false;
            facts.ForgetAll();
        }
    }

    // No URL can refer to a new photo, gallery, preset or visitor yet. A studio's first branding, however, replaces the studio's name.
    private static bool Counts(EntityEntry<ITenantOwned> entry) => entry.State switch
    {
        EntityState.Modified or EntityState.Deleted => Shown.Contains(entry.Metadata.ClrType),
        EntityState.Added => entry.Entity is Branding,
        _ => false,
    };
}
