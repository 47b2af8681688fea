using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Cache;

/// <summary>
/// Makes <see cref="DeliveryFacts"/> forget a studio once a save that changed what its pictures show is committed. Updates without
/// a tracked row (ExecuteUpdate) pass by here: those of photos, galleries, watermarks, branding and visitors change nothing that counts
/// for pictures, which a test holds.
/// </summary>
internal sealed class DeliveryChanges(DeliveryFacts facts) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    // One interceptor serves one context (it is scoped), so a field is enough.
    private readonly HashSet<Id<Tenant>> _changed = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        foreach (var entry in eventData.Context?.ChangeTracker.Entries<ITenantOwned>() ?? [])
        {
            if (Counts(entry))
            {
                _changed.Add(entry.Entity.TenantId);
            }
        }

        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
        {
            Forget();
        }

        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget();
        return Task.CompletedTask;
    }

    // A new photo, gallery, preset or visitor was in nobody's address before; a studio's first branding takes the place of its name.
    private static bool Counts(EntityEntry<ITenantOwned> entry) => entry.State switch
    {
        EntityState.Modified or EntityState.Deleted => entry.Entity is Photo or Gallery or Watermark or Branding or Visitor or Studio,
        EntityState.Added => entry.Entity is Branding,
        _ => false,
    };

    private void Forget()
    {
        foreach (var tenant in _changed)
        {
            facts.Forget(tenant);
        }

        _changed.Clear();
    }
}
