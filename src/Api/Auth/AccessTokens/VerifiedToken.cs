using System.Security.Cryptography;
using System.Text;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>The content of a token whose signature and claims are valid. Cached and shared between requests, so it never changes.</summary>
internal sealed class VerifiedToken
{
    private readonly IReadOnlySet<string>?[] _byRole = new IReadOnlySet<string>?[15];
    private Tuple<RegisteredClient, IReadOnlySet<string>>? _asClient;

    public required Authority Authority { get; init; }

    /// <summary>The keys it was verified with; with other keys it is verified again.</summary>
    public required object KeyGeneration { get; init; }

    public required string? KeyId { get; init; }

    public required Account Account { get; init; }

    /// <summary>The token of a program, not of a person.</summary>
    public required bool IsService { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The slug or id of the studio that the token asks to work in.</summary>
    public required string? Studio { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset? AuthenticatedAt { get; init; }

    public required bool HasSecondFactor { get; init; }

    /// <summary>Null unless the authority says that the email address was verified.</summary>
    public required string? VerifiedEmail { get; init; }

    /// <summary>The RFC 7638 thumbprint of the key that the token is bound to (RFC 9449, 6.1).</summary>
    public required string? KeyThumbprint { get; init; }

    /// <summary>The keys under which the deny list may contain it: its id, session and family.</summary>
    public required IReadOnlyList<string> DenyKeys { get; init; }

    /// <summary>The key under which the deny list may contain its account, up to a time of issue.</summary>
    public required string SubjectDenyKey { get; init; }

    /// <summary>The caller's name: one account through one client.</summary>
    public string Name => field ??= "usr_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Account.Digest}\n{Account.ClientId}")))[..40];

    /// <summary>The effective scopes for an account with this role (null: without a studio).</summary>
    public IReadOnlySet<string> ScopesAs(StudioRole? role, Standing standing)
    {
        ref var known = ref _byRole[(role is { } r ? (int)r + 1 : 0) + (5 * (int)standing)];
        return known ??= Held((role is { } of ? Http.Callers.Scopes.OfRole(of) : [])
            .Concat(standing == Standing.RegisteredClient ? [] : Http.Callers.Scopes.OfAccounts)
            .Concat(standing == Standing.Staff ? [Http.Callers.Scopes.PlatformAdmin] : []));
    }

    /// <summary>The effective scopes for a client, limited to those it was registered for.</summary>
    public IReadOnlySet<string> ScopesAs(RegisteredClient client)
    {
        var known = _asClient;
        if (known is null || !ReferenceEquals(known.Item1, client))
        {
            _asClient = known = new(client, Held(Http.Callers.Scopes.OfSecretKeys.Where(client.Scopes.Contains)));
        }

        return known.Item2;
    }

    public bool IsInTimeAt(DateTimeOffset now, TimeSpan skew) => now < ExpiresAt + skew && now >= NotBefore - skew;

    private HashSet<string> Held(IEnumerable<string> mayHold) => mayHold.Intersect(Scopes, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
}

/// <summary>What an account may do in addition to its role.</summary>
internal enum Standing
{
    /// <summary>Manage its own memberships.</summary>
    Account,

    /// <summary>Nothing: a client that a studio registered must not touch the account's other studios.</summary>
    RegisteredClient,

    /// <summary>Also run the platform.</summary>
    Staff,
}
