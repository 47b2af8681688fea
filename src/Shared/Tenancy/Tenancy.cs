using Proofsheet.Shared.Ids;

namespace Proofsheet.Shared.Tenancy;

/// <summary>The type of a studio's ID. The studio itself is in its own module; shared code only knows that it owns rows.</summary>
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
    /// <summary>Left empty on a new row; saving sets the current tenant.</summary>
    Id<Tenant> TenantId { get; }
}

/// <summary>A row whose changes are written to the audit trail.</summary>
public interface IAudited;

/// <summary>A secret or personal value: the audit trail records that it changed, but never its old or new value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInAuditAttribute : Attribute;

/// <summary>A row with the time of its last change, which is set on saving.</summary>
public interface ITimestamped
{
    DateTimeOffset UpdatedAt { get; }
}

/// <summary>A row with a version that each change increments; it is the row's ETag and guards against concurrent edits.</summary>
public interface IVersioned : ITimestamped
{
    long Version { get; }
}

/// <summary>The studio that this scope works for. It is taken from the credential, and from nothing else.</summary>
public sealed class TenantContext
{
    private Id<Tenant> _current;

    public bool IsSet => !_current.IsEmpty;

    public Id<Tenant> Current => IsSet ? _current : throw new MissingTenantException();

    /// <summary>Sets the tenant of this scope; it cannot be changed afterwards.</summary>
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
    /// <summary>Creates a scope that works for a studio, for background work.</summary>
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
