using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Photos.Uploading;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Commands;

/// <summary>An object that is not as its row has it: <c>missing</c>, <c>wrong_length</c>, <c>wrong_content</c> or <c>unreadable</c>.</summary>
internal sealed record StoreFinding(string Studio, string Key, string Problem);

internal sealed record StoreReport(long Objects, long Bytes, IReadOnlyList<StoreFinding> Findings, IReadOnlyList<string> Orphans, int OrphansDeleted);

/// <summary>
/// Reads every object that a row names and compares it. It may run while people work: before something is reported the
/// rows are asked again, and the object is read again.
/// </summary>
internal sealed class StoreVerifier(IServiceScopeFactory scopes, IObjectStore store, OrphanSweeper sweeper, long bytesPerSecond)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<StoreFinding> _findings = [];
    private readonly List<string> _orphans = [];
    private int _deleted;

    public long Objects { get; private set; }

    public long Bytes { get; private set; }

    public int Findings => _findings.Count;

    public StoreReport Report => new(Objects, Bytes, _findings, _orphans, _deleted);

    /// <summary>One studio. <paramref name="fix"/> deletes what no row needs, which the sweeper does by itself later.</summary>
    public async Task VerifyAsync(Id<Tenant> studio, DateTimeOffset since, bool fix, Action progress, CancellationToken cancellation)
    {
        await using (var scope = Scope(studio))
        {
            foreach (var names in scope.ServiceProvider.GetServices<INamesObjects>())
            {
                await foreach (var named in names.NamedAsync(studio, since, cancellation))
                {
                    await VerifyAsync(studio, named, cancellation);
                    progress();
                }
            }
        }

        _orphans.AddRange((await sweeper.OrphansAsync(studio, cancellation)).Select(o => o.Key.Value));
        _deleted += fix ? await sweeper.SweepAsync(studio, cancellation) : 0;
    }

    private async Task VerifyAsync(Id<Tenant> studio, NamedObject named, CancellationToken cancellation)
    {
        Objects++;
        if (await ProblemOfAsync(named, cancellation) is not null && await IsStillNamedAsync(studio, named, cancellation)
            && await ProblemOfAsync(named, cancellation) is { } problem && await IsStillNamedAsync(studio, named, cancellation))
        {
            _findings.Add(new StoreFinding(studio.ToString(), named.Key.Value, problem));
        }
    }

    private async Task<string?> ProblemOfAsync(NamedObject named, CancellationToken cancellation)
    {
        try
        {
            await using var reader = await store.OpenAsync(named.Key, cancellation: cancellation);
            if (reader is null)
            {
                return "missing";
            }

            if (named.Length is { } length && reader.ObjectLength != length)
            {
                return "wrong_length";
            }

            var (read, sha256) = await ReadAsync(reader.Content, cancellation);
            return read != reader.ObjectLength ? "unreadable" : named.Sha256 is not null && sha256 != named.Sha256 ? "wrong_content" : null;
        }
        catch (IOException)
        {
            return "unreadable";
        }
    }

    private async Task<(long Read, string Sha256)> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var whole = 0L;
            for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0; whole += read)
            {
                hash.AppendData(buffer, 0, read);
                Bytes += read;
                await SlowDownAsync(cancellation);
            }

            return (whole, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SlowDownAsync(CancellationToken cancellation)
    {
        var ahead = bytesPerSecond > 0 ? TimeSpan.FromSeconds((double)Bytes / bytesPerSecond) - _clock.Elapsed : TimeSpan.Zero;
        if (ahead > TimeSpan.FromMilliseconds(10))
        {
            await Task.Delay(ahead, cancellation);
        }
    }

    /// <summary>In a scope of its own, which remembers nothing: the row may have been purged or made anew since.</summary>
    private async Task<bool> IsStillNamedAsync(Id<Tenant> studio, NamedObject named, CancellationToken cancellation)
    {
        await using var scope = Scope(studio);
        foreach (var names in scope.ServiceProvider.GetServices<INamesObjects>().Where(n => n.PrefixOf(studio).Covers(named.Key)))
        {
            var needed = await names.NeededAsync(studio, [new ObjectStat(named.Key, named.Length ?? 0, DateTimeOffset.MaxValue)], cancellation);
            if (needed.Contains(named.Key))
            {
                return true;
            }
        }

        return false;
    }

    private AsyncServiceScope Scope(Id<Tenant> studio)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio);
        return scope;
    }
}
