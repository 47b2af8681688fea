namespace Proofsheet.Sdk;

/// <summary>Options of one sign-in, beyond those of the client.</summary>
public sealed record CodeRequestOptions
{
    /// <summary><c>login</c> asks for credentials again, <c>create</c> shows the page to create an account, <c>none</c> fails instead of showing a page.</summary>
    public string? Prompt { get; init; }

    /// <summary>The slug of a studio, overriding the client's options.</summary>
    public string? Tenant { get; init; }

    /// <summary>The email address to prefill.</summary>
    public string? LoginHint { get; init; }
}

/// <summary>A pending sign-in: send the browser to <see cref="Address"/>, and keep the rest, bound to that browser, until it returns.</summary>
public sealed record CodeRequest
{
    /// <summary>The URL to send the browser to.</summary>
    public required Uri Address { get; init; }

    /// <summary>Returned in the query of the redirect.</summary>
    public required string State { get; init; }

    /// <summary>Returned in the ID token.</summary>
    public required string Nonce { get; init; }

    /// <summary>Proves that the code is redeemed by the one that requested it (RFC 7636). A secret.</summary>
    public required string CodeVerifier { get; init; }

    /// <summary>Where the browser returns to.</summary>
    public required Uri RedirectAddress { get; init; }

    /// <inheritdoc />
    public override string ToString() => "a sign-in under way";
}

/// <summary>
/// Signs users in with their browser: authorization code flow with PKCE (RFC 7636, S256), with a pushed request if the authority supports it
/// (RFC 9126). For backends that hold the tokens; see samples/account-bff.
/// </summary>
/// <param name="authority">A client with registered redirect URIs.</param>
public sealed class CodeSignIn(AuthorityClient authority)
{
    /// <summary>Starts a sign-in that returns to <paramref name="redirectAddress"/>.</summary>
    public async Task<CodeRequest> StartAsync(Uri redirectAddress, CodeRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var metadata = await authority.MetadataAsync(cancellationToken).ConfigureAwait(false);
        var page = metadata.AuthorizationEndpoint ?? throw new AuthorityException("bad_answer", "The authority has no page to sign in at.");
        var (state, nonce, verifier) = (Encoding64.Random(), Encoding64.Random(), Encoding64.Random());
        var form = new Dictionary<string, string>
        {
            ["client_id"] = authority.Options.ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = redirectAddress.OriginalString,
            ["scope"] = authority.Options.Scope ?? "openid",
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Encoding64.Sha256(verifier),
            ["code_challenge_method"] = "S256",
        };
        Add(form, "prompt", options?.Prompt);
        Add(form, "login_hint", options?.LoginHint);
        Add(form, "acr_values", (options?.Tenant ?? authority.Options.Tenant) is { } tenant ? $"tenant:{tenant}" : null);
        if (metadata.PushedAuthorizationRequestEndpoint is { } push)
        {
            var answer = await authority.PostAsync(push, form, cancellationToken).ConfigureAwait(false);
            form = new Dictionary<string, string>
            {
                ["client_id"] = authority.Options.ClientId,
                ["request_uri"] = Json.Text(answer, "request_uri") ?? throw new AuthorityException("bad_answer", "The authority took the request and gave no name for it."),
            };
        }

        return new CodeRequest { Address = WithQuery(page, form), State = state, Nonce = nonce, CodeVerifier = verifier, RedirectAddress = redirectAddress };
    }

    /// <summary>Completes the sign-in when the browser returns: checks state, issuer (RFC 9207) and ID token, and gets the tokens. Works once per request.</summary>
    /// <param name="request">The request that was kept for this browser.</param>
    /// <param name="query">The query parameters of the redirect, including repeated names.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AuthorityException">The error that the authority returned (such as <c>access_denied</c>), or <c>bad_answer</c>.</exception>
    public async Task<CodeAnswer> CompleteAsync(CodeRequest request, IEnumerable<KeyValuePair<string, string>> query, CancellationToken cancellationToken = default)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in query)
        {
            if (fields.ContainsKey(field.Key))
            {
                throw new AuthorityException("bad_answer", $"The answer has {field.Key} twice.");
            }

            fields.Add(field.Key, field.Value);
        }

        if (!fields.TryGetValue("state", out var state) || !Encoding64.AreEqual(state, request.State))
        {
            throw new AuthorityException("bad_answer", "The answer is not of this sign-in.");
        }

        var metadata = await authority.MetadataAsync(cancellationToken).ConfigureAwait(false);
        if (fields.TryGetValue("iss", out var issuer) ? issuer != metadata.Issuer : metadata.NamesItselfInAnswers)
        {
            throw new AuthorityException("bad_answer", "The answer is of another authority.");
        }

        if (fields.TryGetValue("error", out var error))
        {
            throw new AuthorityException(error, fields.TryGetValue("error_description", out var description) ? description : null);
        }

        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = fields.TryGetValue("code", out var code) ? code : throw new AuthorityException("bad_answer", "The answer has no code."),
            ["redirect_uri"] = request.RedirectAddress.OriginalString,
            ["code_verifier"] = request.CodeVerifier,
        };
        var tokens = await authority.RequestTokensAsync(form, cancellationToken).ConfigureAwait(false);
        var idToken = tokens.IdToken ?? throw new AuthorityException("bad_answer", "The authority gave no ID token: ask for the scope openid.");
        return new CodeAnswer(tokens, IdToken.Read(idToken, metadata.Issuer, authority.Options.ClientId, request.Nonce, authority.AuthorityNow));
    }

    /// <summary>The URL that also ends the session at the authority (RP-Initiated Logout 1.0); null when the authority does not support it.</summary>
    /// <param name="tokens">The tokens whose ID token identifies the session.</param>
    /// <param name="returnAddress">Where the browser returns to, as registered; null: the authority shows its own page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Uri?> SignOutAddressAsync(TokenSet tokens, Uri? returnAddress = null, CancellationToken cancellationToken = default)
    {
        var metadata = await authority.MetadataAsync(cancellationToken).ConfigureAwait(false);
        if (metadata.EndSessionEndpoint is null)
        {
            return null;
        }

        var form = new Dictionary<string, string> { ["client_id"] = authority.Options.ClientId };
        Add(form, "id_token_hint", tokens.IdToken);
        Add(form, "post_logout_redirect_uri", returnAddress?.OriginalString);
        return WithQuery(metadata.EndSessionEndpoint, form);
    }

    private static void Add(Dictionary<string, string> form, string name, string? value)
    {
        if (value is not null)
        {
            form[name] = value;
        }
    }

    private static Uri WithQuery(Uri address, Dictionary<string, string> form)
    {
        var query = string.Join("&", form.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));
        return new Uri(address.AbsoluteUri + (address.Query.Length == 0 ? "?" : "&") + query);
    }
}
