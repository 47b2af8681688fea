namespace Proofsheet.Sdk;

/// <summary>
/// Where the tokens of one sign-in are kept. A refresh token works once, so it is only used while holding the lock; a store shared by several
/// processes must use one lock for all of them.
/// </summary>
public interface ITokenStore
{
    /// <summary>Waits for the lock; dispose the result to release it.</summary>
    Task<IDisposable> LockAsync(CancellationToken cancellationToken);

    /// <summary>Returns null when no one is signed in.</summary>
    Task<TokenSet?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the stored tokens.</summary>
    Task SaveAsync(TokenSet tokens, CancellationToken cancellationToken);

    /// <summary>Deletes the tokens.</summary>
    Task ClearAsync(CancellationToken cancellationToken);
}

/// <summary>Keeps tokens in the memory of this process.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle is never used has nothing to dispose of.
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
