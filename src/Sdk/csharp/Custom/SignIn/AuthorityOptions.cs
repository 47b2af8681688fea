namespace Proofsheet.Sdk;

/// <summary>A client of an authority (OAuth 2.1, OpenID Connect): where it is and who asks.</summary>
public sealed record AuthorityOptions
{
    /// <summary>The issuer, exactly as its metadata names it: <c>https://id.example</c>. http only on this machine.</summary>
    public required Uri Authority { get; init; }

    /// <summary>The client as registered there.</summary>
    public required string ClientId { get; init; }

    /// <summary>How the client shows that it is itself. Default: it cannot (a public client).</summary>
    public ClientAuthentication Authentication { get; init; } = ClientAuthentication.None;

    /// <summary>What to ask for, with spaces: the API's scopes, <c>openid profile</c> for who someone is, <c>offline_access</c> for refreshing.</summary>
    public string? Scope { get; init; }

    /// <summary>The slug of the studio to work for (<c>acr_values=tenant:slug</c>). A client that a studio registered has its studio anyway.</summary>
    public string? Tenant { get; init; }

    /// <summary>Your own client; it is not disposed, and must not follow redirects.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>The time for one request to the authority.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What time it is here; another in tests.</summary>
    public Func<DateTimeOffset> Clock { get; init; } = static () => DateTimeOffset.UtcNow;

    internal Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;
}
