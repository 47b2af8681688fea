using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Auth.Revocation;

internal sealed class DenyListOptions
{
    /// <summary>How often a process checks for revocations that other processes received. A revocation reaches all of them within twice this time.</summary>
    [Range(100, 60_000)]
    public int PollMilliseconds { get; init; } = 800;
}

/// <summary>
/// Everything that was revoked, in memory, because every request with a token checks it. Each process reads what the others wrote every
/// <see cref="DenyListOptions.PollMilliseconds"/>.
/// </summary>
internal sealed class DenyList(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Denial> _denied = new(StringComparer.Ordinal);

    public int Count => _denied.Count;

    /// <summary>A letter for the kind and a digest of issuer and value, which has a fixed length and which databases compare exactly.</summary>
    public static string KeyOf(DenialKind kind, string issuer, string value) => (kind switch
    {
        DenialKind.Token => "t_",
        DenialKind.Session => "s_",
        DenialKind.Family => "f_",
        _ => "u_",
    }) + Account.DigestOf(issuer, value);

    public bool Denies(VerifiedToken token)
    {
        if (_denied.IsEmpty)
        {
            return false;
        }

        for (var i = 0; i < token.DenyKeys.Count; i++)
        {
            if (_denied.ContainsKey(token.DenyKeys[i]))
            {
                return true;
            }
        }

        return _denied.TryGetValue(token.SubjectDenyKey, out var denial) && token.IssuedAt <= denial.IssuedUntil;
    }

    public void Add(DeniedToken row) => _denied.AddOrUpdate(
        row.Key,
        static (_, r) => new Denial(r.IssuedUntil, r.ExpiresAt),
        static (_, old, r) => new Denial(Later(old.IssuedUntil, r.IssuedUntil), Later(old.ExpiresAt, r.ExpiresAt)),
        row);

    public void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, denial) in _denied)
        {
            if (denial.ExpiresAt <= now)
            {
                _denied.TryRemove(new KeyValuePair<string, Denial>(key, denial));
            }
        }
    }

    public static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private sealed record Denial(DateTimeOffset IssuedUntil, DateTimeOffset ExpiresAt);
}

/// <summary>Fills the deny list before the first request is served, and then keeps it up to date.</summary>
internal sealed class DenyListFeed(IServiceScopeFactory scopes, DenyList list, IOptions<DenyListOptions> options, TimeProvider clock, ILogger<DenyListFeed> log) : BackgroundService
{
    // Rows carry the clock of the process that wrote them, and become visible only when they are committed.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(5);
    private DateTimeOffset _newest = DateTimeOffset.MinValue;
    private DateTimeOffset _wholeAt = DateTimeOffset.MinValue;
    private bool _failed;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReadAsync(stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var now = clock.GetUtcNow();
            var whole = now - _wholeAt > WholeEvery;
            var since = whole || _newest == DateTimeOffset.MinValue ? DateTimeOffset.UnixEpoch : _newest - Overlap;
            await using var scope = scopes.CreateAsyncScope();
            var rows = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<DeniedToken>().AsNoTracking()
                .Where(d => d.RecordedAt > since && d.ExpiresAt > now).ToListAsync(cancellation);
            foreach (var row in rows)
            {
                list.Add(row);
                _newest = DenyList.Later(_newest, row.RecordedAt);
            }

            if (whole)
            {
                list.Sweep();
                _wholeAt = now;
            }

            _failed = false;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            if (!_failed)
            {
                log.LogError(e, "The deny list could not be read: what was revoked meanwhile is not known here yet.");
            }

            _failed = true;
        }
    }
}
