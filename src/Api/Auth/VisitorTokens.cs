using System.Text.Json;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth;

/// <summary>The content of a visitor token: the session in a gallery, and the version of the gallery's password or PIN; or one order.</summary>
internal sealed record VisitorGrant
{
    public required Id<Tenant> Tenant { get; init; }

    /// <summary>The session says whose it is, and whether it was revoked. Null for a token of one order.</summary>
    public string? SessionId { get; init; }

    /// <summary>The only order that the token opens; null for a token of a gallery.</summary>
    public string? OrderId { get; init; }

    /// <summary>Raised when the gallery's PIN, password or visibility changes; older tokens then stop working.</summary>
    public int AccessVersion { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Signed, short-lived visitor tokens: <c>psv_…</c>. They name a session or an order and contain no secret.</summary>
internal sealed class VisitorTokens(Keyring keys)
{
    public const string Prefix = "psv_";
    private const string Purpose = "visitor-token";

    public string Write(VisitorGrant grant) => Prefix + keys.Sign(Purpose, JsonSerializer.Serialize(grant, StoredJson.Options));

    /// <summary>The grant, if we signed it; the caller has to check whether it has expired.</summary>
    public VisitorGrant? Read(string token)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || keys.Verify(Purpose, token[Prefix.Length..]) is not { } text)
        {
            return null;
        }

        return JsonSerializer.Deserialize<VisitorGrant>(text, StoredJson.Options);
    }
}

/// <summary>Says whether a visitor token still opens its gallery, and for whom. The galleries' module implements it, since it owns sessions, passwords and PINs.</summary>
internal interface IVisitorGate
{
    /// <summary>Null if the gallery is not open, its password or PIN has changed, or the session was revoked.</summary>
    Task<Visit?> AdmitAsync(VisitorGrant grant, CancellationToken cancellation);
}
