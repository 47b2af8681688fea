namespace Proofsheet.Sdk;

/// <summary>Provides access tokens, for <see cref="ProofsheetOptions.Tokens"/> or a <see cref="TokenHandler"/> of your own HttpClient.</summary>
public interface ITokenSource
{
    /// <summary>Returns a token that is valid for at least another minute; null when no one is signed in.</summary>
    /// <exception cref="AuthorityException">The authority returned an error, or could not be reached.</exception>
    ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken = default);

    /// <summary>Reports that the API rejected this token before it expired; the next call returns a new one. True when a retry is worthwhile.</summary>
    bool Refuse(string token);
}

/// <summary>
/// Caches a token and refreshes it in time. All callers share one request, and so do all processes that share the store. Canceling a call does
/// not cancel a refresh in progress, because its refresh token would be lost.
/// </summary>
public abstract class TokenSource : ITokenSource
{
    private static readonly TimeSpan LimitOfATurn = TimeSpan.FromMinutes(2);

    /// <summary>When a token younger than this is rejected, a new one would not help.</summary>
    private static readonly TimeSpan TooYoung = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private Task<TokenSet?>? _turn;
    private TokenSet? _current;
    private string? _refused;

    private protected TokenSource(AuthorityClient authority, ITokenStore? store)
    {
        Authority = authority ?? throw new ArgumentNullException(nameof(authority));
        Store = store ?? new MemoryTokenStore();
    }

    private protected AuthorityClient Authority { get; }

    private protected ITokenStore Store { get; }

    /// <inheritdoc />
    public async ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _current) is { } current && IsGood(current))
        {
            return current.AccessToken;
        }

        Task<TokenSet?> turn;
        lock (_gate)
        {
            turn = _turn is { IsCompleted: false } ? _turn : _turn = Task.Run(TakeTurnAsync, CancellationToken.None);
        }

        return (await turn.OrCanceledAsync(cancellationToken).ConfigureAwait(false))?.AccessToken;
    }

    /// <inheritdoc />
    public bool Refuse(string token)
    {
        var current = Volatile.Read(ref _current);
        if (current?.AccessToken == token && Authority.Now - current.IssuedAt < TooYoung)
        {
            return false;
        }

        Volatile.Write(ref _refused, token);
        return true;
    }

    /// <summary>Stores tokens that were obtained in another way, such as by a sign-in.</summary>
    private protected async Task KeepAsync(TokenSet tokens, CancellationToken cancellationToken)
    {
        using (await Store.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            await Store.SaveAsync(tokens, CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _current, tokens);
        }
    }

    /// <summary>Forgets the tokens here and in the store, and returns them.</summary>
    private protected async Task<TokenSet?> ForgetAsync(CancellationToken cancellationToken)
    {
        using (await Store.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var tokens = await Store.LoadAsync(cancellationToken).ConfigureAwait(false);
            await Store.ClearAsync(CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _current, null);
            return tokens;
        }
    }

    /// <summary>Gets the successor of <paramref name="old"/>; null when the user is no longer signed in.</summary>
    private protected abstract Task<TokenSet?> RenewAsync(TokenSet? old, CancellationToken cancellationToken);

    private async Task<TokenSet?> TakeTurnAsync()
    {
        using var limit = new CancellationTokenSource(LimitOfATurn);
        using (await Store.LockAsync(limit.Token).ConfigureAwait(false))
        {
            var stored = await Store.LoadAsync(limit.Token).ConfigureAwait(false);
            if (stored is null || !IsGood(stored))
            {
                try
                {
                    var next = await RenewAsync(stored, limit.Token).ConfigureAwait(false);
                    await (next is null ? Store.ClearAsync(CancellationToken.None) : Store.SaveAsync(next, CancellationToken.None)).ConfigureAwait(false);
                    stored = next;
                }
                catch (AuthorityException e) when (e.Error == "network_error" && stored is not null && stored.ExpiresAt > Authority.Now && stored.AccessToken != Volatile.Read(ref _refused))
                {
                    // The stored token is valid a little longer; the authority may be back by then.
                }
            }

            Volatile.Write(ref _current, stored);
            return stored;
        }
    }

    private bool IsGood(TokenSet tokens) => tokens.IsFresh(Authority.Now) && tokens.AccessToken != Volatile.Read(ref _refused);
}

internal static class Waiting
{
    /// <summary>Stops waiting when the token is canceled; the task itself continues.</summary>
    public static async Task<T> OrCanceledAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled && !task.IsCompleted)
        {
            var canceled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (cancellationToken.Register(() => canceled.TrySetResult(true)))
            {
                await Task.WhenAny(task, canceled.Task).ConfigureAwait(false);
            }

            if (!task.IsCompleted)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return await task.ConfigureAwait(false);
    }
}
