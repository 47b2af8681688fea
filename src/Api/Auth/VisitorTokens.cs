using System.Text.Json;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth;

/// <summary>The content of a visitor token: which gallery it opens, for whom, and the version of the gallery's password or PIN.</summary>
internal sealed record VisitorGrant
{
    public required Id<Tenant> Tenant { get; init; }

    public required string GalleryId { get; init; }

    public required string VisitorId { get; init; }

    /// <summary>Raised when the gallery's PIN, password or visibility changes; older tokens then stop working.</summary>
    public required int AccessVersion { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Signed, short-lived visitor tokens: <c>psv_…</c>. They name one gallery and one visitor and contain no secret.</summary>
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
