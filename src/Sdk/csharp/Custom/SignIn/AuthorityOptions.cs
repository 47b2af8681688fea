namespace Proofsheet.Sdk;

/// <summary>A client of an authority (OAuth 2.1, OpenID Connect): where the authority is, and which client this is.</summary>
public sealed record AuthorityOptions
{
    /// <summary>The issuer, exactly as in its metadata: <c>https://id.example</c>. http is only allowed on this machine.</summary>
    public required Uri Authority { get; init; }

    /// <summary>The ID of the client, as registered with the authority.</summary>
    public required string ClientId { get; init; }

    /// <summary>How the client authenticates. Default: it does not (a public client).</summary>
    public ClientAuthentication Authentication { get; init; } = ClientAuthentication.None;

    /// <summary>The scopes, separated by spaces: those of the API, <c>openid profile</c> for the user's identity, <c>offline_access</c> for refresh tokens.</summary>
    public string? Scope { get; init; }

    /// <summary>The slug of the studio to work in (<c>acr_values=tenant:slug</c>). A registered client does not need it: its studio is fixed.</summary>
    public string? Tenant { get; init; }

    /// <summary>Your own HttpClient; it is not disposed, and must not follow redirects.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>The time limit of one request to the authority.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The current time; replaceable for tests.</summary>
    public Func<DateTimeOffset> Clock { get; init; } = static () => DateTimeOffset.UtcNow;

    internal Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;
}
