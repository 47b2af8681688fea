namespace Proofsheet.Sdk;

/// <summary>
/// Where the tokens of one sign-in are kept. A refresh token works once, so who refreshes holds the lock: an implementation that
/// several processes share gives one lock to all of them.
/// </summary>
public interface ITokenStore
{
    /// <summary>Waits until no one else holds it; let go of by disposing.</summary>
    Task<IDisposable> LockAsync(CancellationToken cancellationToken);

    /// <summary>Null when nobody is signed in.</summary>
    Task<TokenSet?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Takes the place of what was kept.</summary>
    Task SaveAsync(TokenSet tokens, CancellationToken cancellationToken);

    /// <summary>Forgets them.</summary>
    Task ClearAsync(CancellationToken cancellationToken);
}

/// <summary>In the memory of this process.</summary>
#pragma warning disable CA1001 // A semaphore whose handle nobody asks for holds nothing to dispose of.
public sealed class MemoryTokenStore : ITokenStore
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TokenSet? _tokens;

    /// <inheritdoc />
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turn);
    }

    /// <inheritdoc />
    public Task<TokenSet?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(_tokens);

    /// <inheritdoc />
    public Task SaveAsync(TokenSet tokens, CancellationToken cancellationToken)
    {
        _tokens = tokens;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ClearAsync(CancellationToken cancellationToken)
    {
        _tokens = null;
        return Task.CompletedTask;
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        private SemaphoreSlim? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Release();
    }
}
