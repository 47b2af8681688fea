namespace Proofsheet.Sdk;

/// <summary>The options of a <see cref="ProofsheetClient"/>.</summary>
public sealed record ProofsheetOptions
{
    /// <summary>The base URL of the API, without <c>/v1</c>.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>A studio's key, a platform key or a visitor's token.</summary>
    public string? Key { get; init; }

    /// <summary>Called for the credential before every try; overrides <see cref="Key"/>.</summary>
    public Func<CancellationToken, ValueTask<string?>>? KeyProvider { get; init; }

    /// <summary>A source of access tokens; overrides both. When the API rejects a token, the request is retried once with a new one.</summary>
    public ITokenSource? Tokens { get; init; }

    /// <summary>Your own HttpClient, such as one from IHttpClientFactory; it is not disposed. Its Timeout applies to uploads too.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>Put before the SDK's name in the User-Agent header: <c>MyPlugin/2.1</c>.</summary>
    public string? UserAgent { get; init; }

    /// <summary>How many times a request is retried after the first try; 0 turns retries off.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The first delay; it doubles with each retry, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest delay. When the API asks for a longer one (Retry-After), the request fails instead.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of one try, until the response begins. Uploads have no limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);
}
