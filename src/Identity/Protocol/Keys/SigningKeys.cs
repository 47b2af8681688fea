using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Jose;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Protocol.Keys;

/// <summary>
/// The signing keys, one sequence per algorithm. A new key is published before it signs, and an old one stays published until everything it signed
/// has expired. Processes agree through the database; each one reloads after <see cref="MaxAge"/>.
/// </summary>
internal sealed class SigningKeys(IServiceScopeFactory scopes, Keyring keyring, IOptions<ProtocolOptions> options, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    /// <summary>How long a process caches the keys, and so how long another process may keep signing with a withdrawn key.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(15);

    public static readonly IReadOnlyList<string> Algorithms = [SignatureAlgorithms.ES256, SignatureAlgorithms.RS256];

    private const string Purpose = "identity-signing-key";
    private readonly SemaphoreSlim _loading = new(1);
    private readonly Dictionary<string, SigningKey> _opened = new(StringComparer.Ordinal);
    private volatile Snapshot? _snapshot;

    public async Task<SigningKey> CurrentAsync(string algorithm, CancellationToken cancellation) =>
        (await LoadAsync(cancellation)).Current[algorithm];

    /// <summary>The keys in the published set: every key that signs now, will soon, or did recently.</summary>
    public async Task<IReadOnlyList<JsonWebKey>> PublishedAsync(CancellationToken cancellation) => (await LoadAsync(cancellation)).Published;

    /// <summary>Removes a key at once. If it was the signing key, another one replaces it. False when there is no such key.</summary>
    public async Task<bool> WithdrawAsync(string kid, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var withdrawn = await scope.ServiceProvider.GetRequiredService<ISigningKeyStore>().WithdrawAsync(kid, clock.GetUtcNow(), cancellation);
        _snapshot = null;
        await LoadAsync(cancellation);
        return withdrawn;
    }

    public void Dispose()
    {
        _loading.Dispose();
        foreach (var key in _opened.Values)
        {
            key.Dispose();
        }
    }

    private async Task<Snapshot> LoadAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (_snapshot is { } fresh && now - fresh.LoadedAt < MaxAge)
        {
            return fresh;
        }

        await _loading.WaitAsync(cancellation);
        try
        {
            if (_snapshot is not { } current || now - current.LoadedAt >= MaxAge)
            {
                _snapshot = current = await ReadAsync(now, cancellation);
            }

            return current;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<Snapshot> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<ISigningKeyStore>();
        var stored = await store.ListAsync(cancellation);
        foreach (var algorithm in Algorithms)
        {
            if (Missing(stored, algorithm, now) is { } signsFrom)
            {
                // If another process takes this sequence number first, its key is used: either way the list has one afterwards.
                var sequence = stored.Where(k => k.Algorithm == algorithm).Select(k => k.Sequence).DefaultIfEmpty().Max() + 1;
                await MakeAsync(store, algorithm, sequence, signsFrom, now, cancellation);
                stored = await store.ListAsync(cancellation);
            }
        }

        var published = new List<JsonWebKey>();
        var current = new Dictionary<string, SigningKey>(StringComparer.Ordinal);
        foreach (var algorithm in Algorithms)
        {
            var live = Live(stored, algorithm);
            foreach (var (key, index) in live.Select((key, index) => (key, index)))
            {
                // The list is newest first, so a key's successor comes before it.
                var successor = live.Take(index).LastOrDefault(k => k.SignsFrom <= now);
                if ((successor is null || successor.SignsFrom.AddDays(options.Value.Keys.KeepDays) > now) && Open(key) is { } opened)
                {
                    published.Add(opened.PublicKey);
                    if (key.SignsFrom <= now)
                    {
                        current.TryAdd(algorithm, opened);
                    }
                }
            }
        }

        return new Snapshot(now, current, published);
    }

    /// <summary>When a key that has to be created now starts to sign; null when none is needed.</summary>
    private DateTimeOffset? Missing(IReadOnlyList<StoredSigningKey> stored, string algorithm, DateTimeOffset now)
    {
        var settings = options.Value.Keys;
        var live = Live(stored, algorithm);
        if (live.All(k => k.SignsFrom > now || Open(k) is null))
        {
            return now;
        }

        var ahead = TimeSpan.FromHours(settings.PublishAheadHours);
        return live[0].SignsFrom.AddDays(settings.RotateDays) - ahead <= now ? now + ahead : null;
    }

    private async Task MakeAsync(ISigningKeyStore store, string algorithm, int sequence, DateTimeOffset signsFrom, DateTimeOffset now, CancellationToken cancellation)
    {
        using var key = SigningKey.Create(algorithm);
        var pkcs8 = key.ExportPkcs8();
        var stored = new StoredSigningKey
        {
            Kid = key.Kid,
            Algorithm = algorithm,
            Sequence = sequence,
            SealedKey = keyring.Seal(Purpose, pkcs8),
            CreatedAt = now,
            SignsFrom = signsFrom,
        };
        CryptographicOperations.ZeroMemory(pkcs8);
        if (await store.TryAddAsync(stored, cancellation))
        {
            log.LogInformation("A new {Algorithm} key {Kid} signs from {SignsFrom}", algorithm, stored.Kid, signsFrom);
        }
    }

    private SigningKey? Open(StoredSigningKey stored)
    {
        if (_opened.TryGetValue(stored.Kid, out var known))
        {
            return known;
        }

        if (keyring.Open(Purpose, stored.SealedKey) is not { } pkcs8)
        {
            log.LogError("The key {Kid} was sealed under a master key that is not configured", stored.Kid);
            return null;
        }

        var key = SigningKey.Import(pkcs8, stored.Algorithm, stored.Kid);
        CryptographicOperations.ZeroMemory(pkcs8);
        return _opened[stored.Kid] = key;
    }

    private static List<StoredSigningKey> Live(IReadOnlyList<StoredSigningKey> stored, string algorithm) =>
        [.. stored.Where(k => k.Algorithm == algorithm && k.WithdrawnAt is null).OrderByDescending(k => k.SignsFrom).ThenByDescending(k => k.Sequence)];

    private sealed record Snapshot(DateTimeOffset LoadedAt, IReadOnlyDictionary<string, SigningKey> Current, IReadOnlyList<JsonWebKey> Published);
}
