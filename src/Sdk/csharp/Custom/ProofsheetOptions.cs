namespace Proofsheet.Sdk;

/// <summary>What a <see cref="ProofsheetClient"/> is made of.</summary>
public sealed record ProofsheetOptions
{
    /// <summary>Where the API is, without <c>/v1</c>.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>A studio's key, a platform key or a visitor's token.</summary>
    public string? Key { get; init; }

    /// <summary>Asked for the credential before every try; takes the place of <see cref="Key"/>.</summary>
    public Func<CancellationToken, ValueTask<string?>>? KeyProvider { get; init; }

    /// <summary>Access tokens of an authority; takes the place of both. A token that the API refuses is replaced, and the request tried once more.</summary>
    public ITokenSource? Tokens { get; init; }

    /// <summary>Your own client, such as one of IHttpClientFactory; it is not disposed. Its Timeout ends uploads too.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>Put before the SDK's own name in User-Agent: <c>MyPlugin/2.1</c>.</summary>
    public string? UserAgent { get; init; }

    /// <summary>How often a request is repeated after its first try; 0 turns repeating off.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The first wait; it doubles each time, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest wait. An API that asks for more (Retry-After) is not waited for.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time for one try until its answer begins; uploads take as long as they take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);
}
