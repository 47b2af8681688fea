using System.Text.Json;
using Proofsheet.Jose;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>An authority's metadata and keys at one point in time. Replaced as a whole, never modified.</summary>
internal sealed class AuthorityKeys(IReadOnlyList<JsonWebKey> keys, JsonElement metadata, DateTimeOffset fetchedAt)
{
    private readonly ILookup<string, JsonWebKey> _byId = keys.Where(k => k.Kid is not null).ToLookup(k => k.Kid!, StringComparer.Ordinal);

    public DateTimeOffset FetchedAt => fetchedAt;

    public bool Knows(string keyId) => _byId.Contains(keyId);

    /// <summary>A token has to name its key; without a name it is accepted only if the authority has exactly one key.</summary>
    public IEnumerable<JsonWebKey> Of(JwsHeader header) => header.KeyId is { } id ? _byId[id] : keys.Count == 1 ? keys : [];

    /// <summary>A URL from the metadata, if secrets may be sent to it.</summary>
    public Uri? Address(AuthorityOptions options, string name) =>
        metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var address) && options.Trusts(address)
            ? address
            : null;

    /// <summary>The same keys under the same names: what was verified with one set is valid for the other.</summary>
    public bool HasSameKeysAs(IReadOnlyList<JsonWebKey> others) =>
        keys.Count == others.Count && keys.Select(k => (k.Kid, k.Thumbprint(), k.Algorithm)).SequenceEqual(others.Select(k => (k.Kid, k.Thumbprint(), k.Algorithm)));

    public AuthorityKeys With(DateTimeOffset later, JsonElement newMetadata) => new(keys, newMetadata, later) { Generation = Generation };

    /// <summary>The same object as long as the keys stay the same.</summary>
    public object Generation { get; private init; } = new();
}

/// <summary>
/// One configured authority with its keys. They are fetched at startup, then periodically, and when a token names an
/// unknown key, but never more often than <see cref="AuthorityOptions.KeyRetrySeconds"/>. While the authority is unavailable, the
/// last good keys are used for a limited time. Before the first successful fetch there are none, and tokens cannot be checked.
/// </summary>
internal sealed class Authority(AuthorityOptions options, IHttpClientFactory clients, TimeProvider clock, ILogger log)
{
    public const string HttpClientName = "authority";
    private const int MaxMetadataBytes = 256 * 1024;
    private readonly Lock _lock = new();
    private AuthorityKeys? _keys;
    private DateTimeOffset? _lastTry;
    private Task? _fetching;

    public AuthorityOptions Options => options;

    /// <summary>The keys to check a token with this header; null while no usable keys are known.</summary>
    public async ValueTask<AuthorityKeys?> KeysForAsync(string? keyId, CancellationToken cancellation)
    {
        var keys = Volatile.Read(ref _keys);
        var age = keys is null ? TimeSpan.MaxValue : clock.GetUtcNow() - keys.FetchedAt;
        var refresh = TimeSpan.FromSeconds(options.KeyRefreshSeconds);
        if (keys is not null && age < refresh && (keyId is null || keys.Knows(keyId)))
        {
            return keys;
        }

        if (TryFetch() is { } fetching && (keys is null || age > 2 * refresh || (keyId is not null && !keys.Knows(keyId))))
        {
            await fetching.WaitAsync(cancellation);
            keys = Volatile.Read(ref _keys);
        }

        return keys is not null && clock.GetUtcNow() - keys.FetchedAt < TimeSpan.FromHours(options.KeysLastHours) ? keys : null;
    }

    public bool IsFreshFor(TimeSpan age) => Volatile.Read(ref _keys) is { } keys && clock.GetUtcNow() - keys.FetchedAt < age;

    /// <summary>Fetches the keys unless that was tried a moment ago. Never throws: errors are logged.</summary>
    public Task RefreshAsync() => TryFetch() ?? Task.CompletedTask;

    private Task? TryFetch()
    {
        lock (_lock)
        {
            if (_fetching is { IsCompleted: false })
            {
                return _fetching;
            }

            var now = clock.GetUtcNow();
            if (_lastTry is { } last && now - last < TimeSpan.FromSeconds(options.KeyRetrySeconds))
            {
                return null;
            }

            _lastTry = now;
            return _fetching = Task.Run(FetchAsync);
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var http = clients.CreateClient(HttpClientName);
            var metadata = await ReadAsync(http, options.MetadataAddress);
            if (!metadata.TryGetProperty("issuer", out var issuer) || !issuer.ValueEquals(options.Issuer))
            {
                throw new InvalidDataException($"The metadata is of another issuer than {options.Issuer}.");
            }

            if (!metadata.TryGetProperty("jwks_uri", out var address) || !Uri.TryCreate(address.GetString(), UriKind.Absolute, out var keysAt) || !options.Trusts(keysAt))
            {
                throw new InvalidDataException("The metadata names no jwks_uri by https.");
            }

            if (!JsonWebKeySet.TryParse(await ReadAsync(http, keysAt), out var set) || set.Keys.Count == 0)
            {
                throw new InvalidDataException("The authority publishes no key that can be used.");
            }

            var now = clock.GetUtcNow();
            var known = Volatile.Read(ref _keys);
            Volatile.Write(ref _keys, known is not null && known.HasSameKeysAs(set.Keys) ? known.With(now, metadata) : new AuthorityKeys(set.Keys, metadata, now));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidDataException or InvalidOperationException)
        {
            log.LogWarning(e, "The keys of the authority {Issuer} could not be fetched; {What}.", options.Issuer, _keys is null ? "its tokens cannot be checked" : "the last ones are used");
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpClient http, Uri address)
    {
        using var answer = await http.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return bytes.Length <= MaxMetadataBytes && StrictJson.TryParseObject(bytes, out var element)
            ? element
            : throw new InvalidDataException($"{address} answered no JSON object.");
    }
}
