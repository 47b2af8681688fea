using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Audit;

/// <summary>Adds an entry for every changed <see cref="IAudited"/> row to the same save, so that either both are saved or neither.</summary>
internal sealed class AuditInterceptor(Caller caller, TenantContext tenant, TimeProvider clock) : SaveChangesInterceptor
{
    private const int MaxValueLength = 2_000;
    private readonly List<AuditEntry> _added = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        _added.Clear();
        if (eventData.Context is { } db)
        {
            var now = clock.GetUtcNow();
            _added.AddRange(db.ChangeTracker.Entries<IAudited>().Select(e => Entry(e, now)).OfType<AuditEntry>().ToList());
            db.AddRange(_added);
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>A save that is retried, for example with another slug, creates its entries again.</summary>
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        foreach (var entry in _added)
        {
            eventData.Context!.Entry(entry).State = EntityState.Detached;
        }

        _added.Clear();
        return Task.CompletedTask;
    }

    private AuditEntry? Entry(EntityEntry entry, DateTimeOffset now)
    {
        AuditAction? action = entry.State switch
        {
            EntityState.Added => AuditAction.Created,
            EntityState.Modified => AuditAction.Updated,
            EntityState.Deleted => AuditAction.Deleted,
            _ => null,
        };
        if (action is not { } what)
        {
            return null;
        }

        var changes = entry.Properties.Where(IsTold).Select(p => Change(p, what)).OfType<AuditChange>().ToList();
        return changes.Count == 0 && what == AuditAction.Updated
            ? null
            : new AuditEntry
            {
                TenantId = tenant.Current,
                Id = Id<AuditEntry>.New(now),
                At = now,
                ActorType = caller.Type,
                Actor = caller.Account?.Subject ?? caller.Name,
                ActorIssuer = caller.Account?.Issuer,
                ActorClient = caller.Account?.ClientId,
                Action = what,
                Entity = JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Metadata.ClrType.Name),
                EntityId = IdOf(entry),
                Changes = changes,
            };
    }

    private static bool IsTold(PropertyEntry property) => property.Metadata.Name is not (nameof(ITenantOwned.TenantId) or nameof(IVersioned.Version) or nameof(ITimestamped.UpdatedAt) or "Id");

    private static AuditChange? Change(PropertyEntry property, AuditAction action)
    {
        var before = action == AuditAction.Created ? null : Text(property.OriginalValue);
        var after = action == AuditAction.Deleted ? null : Text(property.CurrentValue);
        if (before == after)
        {
            return null;
        }

        var withheld = IsWithheld(property.Metadata.PropertyInfo, property.Metadata.Name);
        return new AuditChange
        {
            Field = JsonNamingPolicy.CamelCase.ConvertName(property.Metadata.Name),
            Before = withheld ? null : Cut(before),
            After = withheld ? null : Cut(after),
            IsWithheld = withheld,
        };
    }

    // The names are a second safeguard: a secret whose attribute was forgotten is not revealed either.
    internal static bool IsWithheld(PropertyInfo? property, string name) =>
        property?.GetCustomAttribute<NotInAuditAttribute>() is not null
        || ((string[])["Hash", "Secret", "Password", "Token"]).Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private static string IdOf(EntityEntry entry)
    {
        var parts = entry.Metadata.FindPrimaryKey()!.Properties;
        var named = parts.Count > 1 ? parts.Where(p => p.Name != nameof(ITenantOwned.TenantId)) : parts;
        return string.Join('/', named.Select(p => Text(entry.Property(p.Name).CurrentValue)));
    }

    private static string? Text(object? value)
    {
        if (value is null)
        {
            return null;
        }

        var json = JsonSerializer.SerializeToElement(value, value.GetType(), StoredJson.Options);
        return json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText();
    }

    private static string? Cut(string? text) => text is { Length: > MaxValueLength } ? text[..MaxValueLength] + "…" : text;
}
