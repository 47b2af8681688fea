using Proofsheet.Shared.Ids;

namespace Proofsheet.Shared.Tenancy;

/// <summary>The type of a studio's id. The studio itself is in a module of its own; what is shared knows only that it owns rows.</summary>
public sealed class Tenant : IIdentified
{
    private Tenant()
    {
    }

    public static string Prefix => "stu";
}

/// <summary>A row that belongs to one studio. ProofsheetDb filters it, guards its saving and makes its key (TenantId, Id).</summary>
public interface ITenantOwned
{
    /// <summary>Left empty on a new row; saving stamps the current tenant on it.</summary>
    Id<Tenant> TenantId { get; }
}

/// <summary>A row whose changes are written to the audit trail.</summary>
public interface IAudited;

/// <summary>A secret or a personal value: the audit trail says that it changed, never what it was or is.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInAuditAttribute : Attribute;

/// <summary>A row that knows when it last changed; saving stamps it.</summary>
public interface ITimestamped
{
    DateTimeOffset UpdatedAt { get; }
}

/// <summary>A row with a version, raised at every change; it is the row's ETag and guards concurrent edits.</summary>
public interface IVersioned : ITimestamped
{
    long Version { get; }
}

/// <summary>The studio on whose behalf this scope works. It comes from the credential, and from nothing else.</summary>
public sealed class TenantContext
{
    private Id<Tenant> _current;

    public bool IsSet => !_current.IsEmpty;

    public Id<Tenant> Current => IsSet ? _current : throw new MissingTenantException();

    /// <summary>Sets the tenant of this scope once; a scope never changes sides.</summary>
    public void Set(Id<Tenant> tenant)
    {
        if (tenant.IsEmpty || (IsSet && _current != tenant))
        {
            throw new InvalidOperationException("A scope has one tenant, set once.");
        }

        _current = tenant;
    }
}

internal static class StudioScopes
{
    /// <summary>A scope that works on behalf of a studio, as background work does.</summary>
    public static AsyncServiceScope CreateStudioScope(this IServiceScopeFactory scopes, Id<Tenant> studio)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio);
        return scope;
    }
}

public sealed class MissingTenantException() : InvalidOperationException("This scope has no tenant.");

public sealed class CrossTenantException(string entity)
    : InvalidOperationException($"A row of {entity} belongs to another tenant.");
