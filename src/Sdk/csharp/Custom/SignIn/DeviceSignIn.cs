namespace Proofsheet.Sdk;

/// <summary>What to show to the user: the URL to open on any device, and the code to enter there.</summary>
public sealed record DevicePrompt
{
    /// <summary>A short code to type: <c>WDJB-MJHT</c>.</summary>
    public required string UserCode { get; init; }

    /// <summary>A short URL where the code is entered.</summary>
    public required Uri VerificationAddress { get; init; }

    /// <summary>The same URL with the code in it, for a link or a QR code; null when the authority does not provide one.</summary>
    public Uri? CompleteAddress { get; init; }

    /// <summary>When the code expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// Signs users in where there is no browser, such as in a plugin or on a command line (RFC 8628).
/// After the sign-in it is a token source; with a store that outlives the process, also after a restart.
/// </summary>
/// <param name="authority">A client that may use the device flow.</param>
/// <param name="store">Where the tokens are kept, such as a <see cref="FileTokenStore"/>.</param>
public sealed class DeviceSignIn(AuthorityClient authority, ITokenStore? store = null) : UserTokens(authority, store)
{
    /// <summary>Requests a code, shows it, and waits until the user has signed in with it.</summary>
    /// <param name="show">Shows the URL and the code; it may return at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="AuthorityException"><c>access_denied</c>: the user declined. <c>expired_token</c>: the user did not sign in in time.</exception>
    public async Task<TokenSet> SignInAsync(Func<DevicePrompt, CancellationToken, Task> show, CancellationToken cancellationToken = default)
    {
        var metadata = await Authority.MetadataAsync(cancellationToken).ConfigureAwait(false);
        var endpoint = metadata.DeviceAuthorizationEndpoint ?? throw new AuthorityException("bad_answer", "The authority knows no devices.");
        var form = new Dictionary<string, string>();
        if (Authority.Options.Scope is { } scope)
        {
            form["scope"] = scope;
        }

        if (Authority.Options.Tenant is { } tenant)
        {
            form["acr_values"] = $"tenant:{tenant}";
        }

        var startedAt = Authority.Now;
        var answer = await Authority.PostAsync(endpoint, form, cancellationToken).ConfigureAwait(false);
        var deviceCode = Json.Text(answer, "device_code") ?? throw new AuthorityException("bad_answer", "The authority gave no device code.");
        var prompt = new DevicePrompt
        {
            UserCode = Json.Text(answer, "user_code") ?? throw new AuthorityException("bad_answer", "The authority gave no code to show."),
            VerificationAddress = Page(Json.Text(answer, "verification_uri")) ?? throw new AuthorityException("bad_answer", "The authority gave no address to show."),
            CompleteAddress = Page(Json.Text(answer, "verification_uri_complete")),
            ExpiresAt = startedAt.AddSeconds(Json.Number(answer, "expires_in") ?? 600),
        };
        await show(prompt, cancellationToken).ConfigureAwait(false);
        var tokens = await PollAsync(deviceCode, TimeSpan.FromSeconds(Json.Number(answer, "interval") is > 0 and <= 60 and var seconds ? seconds : 5), prompt.ExpiresAt, cancellationToken).ConfigureAwait(false);
        await SignedInAsync(tokens, cancellationToken).ConfigureAwait(false);
        return tokens;
    }

    private async Task<TokenSet> PollAsync(string deviceCode, TimeSpan interval, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code", ["device_code"] = deviceCode };
        while (Authority.Now < until)
        {
            await Authority.Options.Delay(interval, cancellationToken).ConfigureAwait(false);
            try
            {
                return await Authority.RequestTokensAsync(form, cancellationToken).ConfigureAwait(false);
            }
            catch (AuthorityException e) when (e.Error is "authorization_pending")
            {
                // The user has not signed in yet.
            }
            catch (AuthorityException e) when (e.Error is "slow_down" or "network_error")
            {
                // RFC 8628 section 3.5: wait five seconds longer from now on, also after a failed connection.
                interval += TimeSpan.FromSeconds(5);
            }
        }

        throw new AuthorityException("expired_token", "Nobody signed in with the code before it ended.");
    }

    // The URL will be opened in a browser, so only https and this machine are accepted.
    private static Uri? Page(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var page) && AuthorityMetadata.IsSafe(page) ? page : null;
}
