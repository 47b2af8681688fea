namespace Proofsheet.Sdk;

/// <summary>Where a client's access token comes from: <see cref="ProofsheetOptions.Tokens"/>, or a <see cref="TokenHandler"/> of your own HttpClient.</summary>
public interface ITokenSource
{
    /// <summary>A token that lives for a minute more; null when nobody is signed in.</summary>
    /// <exception cref="AuthorityException">The authority refused, or could not be reached.</exception>
    ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken = default);

    /// <summary>The API refused this token although its time is not over: the next call gets another. True when that is worth a second try.</summary>
    bool Refuse(string token);
}

/// <summary>
/// Gives a token as long as it lives, and gets the next in time: one request for all who wait, also over the processes that share
/// a store. Ending a call while a refresh is under way does not end the refresh, whose refresh token would be lost with it.
/// </summary>
public abstract class TokenSource : ITokenSource
{
    private static readonly TimeSpan LimitOfATurn = TimeSpan.FromMinutes(2);

    /// <summary>A younger token that is refused is refused for another reason than its age.</summary>
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

    /// <summary>Puts tokens in place that were got in another way, such as a sign-in.</summary>
    private protected async Task KeepAsync(TokenSet tokens, CancellationToken cancellationToken)
    {
        using (await Store.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            await Store.SaveAsync(tokens, CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _current, tokens);
        }
    }

    /// <summary>Forgets them here and in the store; what they were is the answer.</summary>
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

    /// <summary>The tokens after <paramref name="old"/>; null when nobody is signed in any more.</summary>
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
                    // It lives a little longer; perhaps the authority is back by then.
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
    /// <summary>Stops waiting when the token says so; what is waited for goes on.</summary>
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
