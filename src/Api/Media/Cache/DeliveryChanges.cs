using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Api.Data;
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
/// Makes <see cref="DeliveryFacts"/> forget a studio once a change of what its pictures show is committed: of a tracked row, and of
/// a statement of its own (ExecuteUpdate, ExecuteDelete, SQL) that writes to one of the tables. Which columns it writes is not asked:
/// to forget too often costs a few reads.
/// </summary>
internal sealed class DeliveryChanges(DeliveryFacts facts, TenantContext tenant) : SaveChangesInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
{
    private static readonly Type[] Shown = [typeof(Photo), typeof(Gallery), typeof(Watermark), typeof(Branding), typeof(Visitor), typeof(Studio)];

    // One interceptor serves one context (it is scoped), so fields are enough.
    private readonly HashSet<Id<Tenant>> _changed = [];
    private bool _allChanged;

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

    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (result != 0 && eventData.CommandSource is not (CommandSource.SaveChanges or CommandSource.Migrations) && eventData.Context is { } context && WritesShown(context, command.CommandText))
        {
            if (tenant.IsSet && !command.CommandText.Contains(AcrossTenantsExtensions.Tag, StringComparison.Ordinal))
            {
                _changed.Add(tenant.Current);
            }
            else
            {
                _allChanged = true;
            }

            if (context.Database.CurrentTransaction is null)
            {
                Forget();
            }
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>Whether a statement names one of the tables, at whatever place: a name too many is no harm.</summary>
    private static bool WritesShown(DbContext context, string sql) =>
        Array.Exists(Shown, type => sql.Contains(context.Model.FindEntityType(type)!.GetTableName()!, StringComparison.OrdinalIgnoreCase));

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
        if (_allChanged)
        {
            facts.ForgetAll();
            _allChanged = false;
        }
    }
}
