using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Auth.ApiKeys;

/// <summary>An API key and what it may do.</summary>
internal sealed record KeyResponse
{
    public required Id<ApiKey> Id { get; init; }

    public required string Name { get; init; }

    public required ApiKeyType Type { get; init; }

    /// <summary>Whether this is a sandbox key, whose sales are not real.</summary>
    public required bool IsSandbox { get; init; }

    /// <summary>The key itself, only in the response that created it. It cannot be read again, so store it now. Null everywhere else.</summary>
    public required string? Secret { get; init; }

    /// <summary>The first characters of the key.</summary>
    public required string Hint { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The origins where a publishable key may be used.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When the key was last used, to the minute. Null if it was never used.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }
}

internal static class KeyIssuing
{
    /// <summary>Adds a new key to the pending changes and returns its text, which is never shown again.</summary>
    public static (ApiKey Key, string Text) IssueKey(
        this ProofsheetDb db, ApiKeyType type, string name, bool sandbox, IEnumerable<string> scopes, IEnumerable<string> origins, DateTimeOffset now, Id<ApiKey>? family = null)
    {
        var prefix = KeyText.PrefixOf(type, sandbox);
        var text = KeyText.Create(prefix);
        var id = Id<ApiKey>.New(now);
        var key = new ApiKey
        {
            Id = id,
            Type = type,
            IsSandbox = sandbox,
            Name = name,
            Scopes = [.. scopes],
            Origins = [.. origins.Distinct(StringComparer.Ordinal).Select(o => new ApiKeyOrigin { KeyId = id, Origin = o })],
            Hash = KeyText.Hash(text),
            Hint = text[..(prefix.Length + 4)],
            Family = family ?? id,
            CreatedAt = now,
        };
        db.Add(key);
        return (key, text);
    }

    /// <param name="key">The key.</param>
    /// <param name="secret">Its text, only in the response that created it.</param>
    public static KeyResponse ToResponse(this ApiKey key, string? secret = null) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Type = key.Type,
        IsSandbox = key.IsSandbox,
        Secret = secret,
        Hint = key.Hint,
        Scopes = key.Scopes,
        Origins = [.. key.Origins.Select(o => o.Origin)],
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        LastUsedAt = key.LastUsedAt,
    };

    /// <summary>An origin as browsers send it: scheme, host and port, with nothing after it; https except for local machines.</summary>
    public static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.GetLeftPart(UriPartial.Authority) == origin && uri.UserInfo.Length == 0;
}
