using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Tokens;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Authorize;

/// <summary>A validated authorization request. This is what the server stores, never the URL.</summary>
internal sealed record AuthorizeRequest
{
    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary><c>query</c> or <c>form_post</c>.</summary>
    public required string ResponseMode { get; init; }

    public string? State { get; init; }

    public string? Nonce { get; init; }

    public string? CodeChallenge { get; init; }

    public string? DpopJkt { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public string? Tenant { get; init; }

    public bool NeedsSecondFactor { get; init; }

    public IReadOnlyList<string> Prompts { get; init; } = [];

    public int? MaxAgeSeconds { get; init; }

    public string? LoginHint { get; init; }

    /// <summary>The user who must be signed in, from an ID token hint.</summary>
    public string? HintedSubject { get; init; }

    public bool AsksFor(string prompt) => Prompts.Contains(prompt);
}

/// <summary>The result of reading a request.</summary>
internal abstract record ReadRequest
{
    private ReadRequest()
    {
    }

    internal sealed record Good(Client Client, AuthorizeRequest Request) : ReadRequest;

    /// <summary>The error goes to the client, at a redirect URI that is known to belong to it.</summary>
    internal sealed record Refused(string RedirectUri, string ResponseMode, string? State, OAuthError Error) : ReadRequest;

    /// <summary>The error is shown to the user: no redirect URI can be trusted.</summary>
    internal sealed record Unsafe(OAuthError Error) : ReadRequest;
}

/// <summary>OpenID Connect Core section 3.1.2.2, RFC 6749 section 4.1.1, RFC 7636, RFC 8707, RFC 9449 section 10.</summary>
internal sealed partial class AuthorizeRequests(IClientStore clients, IResourceStore resources, IdTokenHints hints, IOptions<AuthorityOptions> authority)
{
    private static readonly string[] KnownPrompts = ["none", "login", "consent", "create", "select_account"];

    public async Task<ReadRequest> ReadAsync(OAuthParameters parameters, bool isPushed, CancellationToken cancellation)
    {
        if (parameters["client_id"] is not { } clientId || await clients.FindAsync(clientId, cancellation) is not { } client)
        {
            return new ReadRequest.Unsafe(OAuthError.InvalidRequest("The client is not known."));
        }

        if (parameters["redirect_uri"] is not { } redirectUri || !RedirectUris.Allows(client, client.RedirectUris, redirectUri))
        {
            return new ReadRequest.Unsafe(OAuthError.InvalidRequest("The redirect_uri is not registered for this client."));
        }

        var mode = parameters["response_mode"];
        if (Error(client, parameters, isPushed) is { } error)
        {
            return new ReadRequest.Refused(redirectUri, mode == "form_post" ? mode : "query", parameters["state"], error);
        }

        IdTokenHint? hint = null;
        if (parameters["id_token_hint"] is { } token && ((hint = await hints.ReadAsync(token, cancellation)) is null || hint.ClientId != client.ClientId))
        {
            return new ReadRequest.Refused(redirectUri, mode ?? "query", parameters["state"], OAuthError.InvalidRequest("id_token_hint is no id token of this client."));
        }

        var contexts = KnownScopes.Split(parameters["acr_values"]);
        return new ReadRequest.Good(client, new AuthorizeRequest
        {
            ClientId = client.ClientId,
            RedirectUri = redirectUri,
            ResponseMode = mode ?? "query",
            State = parameters["state"],
            Nonce = parameters["nonce"],
            CodeChallenge = parameters["code_challenge"],
            DpopJkt = parameters["dpop_jkt"],
            Scopes = KnownScopes.Split(parameters["scope"]),
            Tenant = client.Tenant ?? contexts.FirstOrDefault(c => c.StartsWith(Tenants.AcrPrefix, StringComparison.Ordinal))?[Tenants.AcrPrefix.Length..],
            NeedsSecondFactor = contexts.Contains("mfa"),
            Prompts = KnownScopes.Split(parameters["prompt"]),
            MaxAgeSeconds = parameters["max_age"] is { } age ? int.Parse(age, CultureInfo.InvariantCulture) : null,
            LoginHint = parameters["login_hint"],
            HintedSubject = hint?.Subject,
        });
    }

    private OAuthError? Error(Client client, OAuthParameters parameters, bool isPushed)
    {
        if (parameters["request"] is not null)
        {
            return new OAuthError("request_not_supported", "Request objects are not read; push the request instead.");
        }

        if (parameters["registration"] is not null)
        {
            return new OAuthError("registration_not_supported", "Clients register beforehand.");
        }

        if (parameters["response_type"] is not { } responseType)
        {
            return OAuthError.InvalidRequest("response_type is missing.");
        }

        if (responseType != "code")
        {
            return new OAuthError("unsupported_response_type", "The response type is code, and nothing else.");
        }

        if (parameters["response_mode"] is { } mode && mode is not ("query" or "form_post"))
        {
            return OAuthError.InvalidRequest("The response mode is query or form_post.");
        }

        if (!client.Allows(GrantTypes.AuthorizationCode))
        {
            return new OAuthError("unauthorized_client", "This client may not use this grant type.");
        }

        if (client.RequirePushedRequests && !isPushed)
        {
            return OAuthError.InvalidRequest("This client pushes its requests (RFC 9126).");
        }

        return ChallengeError(client, parameters) ?? ScopeError(client, parameters) ?? SignInError(parameters) ?? Resources.Error(parameters.Resources, authority.Value);
    }

    private static OAuthError? ChallengeError(Client client, OAuthParameters parameters)
    {
        var challenge = parameters["code_challenge"];
        if (challenge is null)
        {
            return client.NeedsPkce || parameters["code_challenge_method"] is not null
                ? OAuthError.InvalidRequest("code_challenge is missing (RFC 7636).")
                : null;
        }

        // If omitted, the method would default to plain.
        if (parameters["code_challenge_method"] != "S256")
        {
            return OAuthError.InvalidRequest("code_challenge_method is S256.");
        }

        return Sha256().IsMatch(challenge) && (parameters["dpop_jkt"] is not { } jkt || Sha256().IsMatch(jkt))
            ? null
            : OAuthError.InvalidRequest("code_challenge and dpop_jkt are SHA-256 in base64url.");
    }

    private OAuthError? ScopeError(Client client, OAuthParameters parameters)
    {
        var scopes = KnownScopes.Split(parameters["scope"]);
        if (scopes.Count == 0)
        {
            return OAuthError.InvalidScope("scope is missing.");
        }

        return scopes.FirstOrDefault(s => !resources.IsKnown(s) || !client.Scopes.Contains(s)) is null
            ? null
            : OAuthError.InvalidScope("There is a scope that this client may not ask for.");
    }

    private static OAuthError? SignInError(OAuthParameters parameters)
    {
        var prompts = KnownScopes.Split(parameters["prompt"]);
        if (prompts.Except(KnownPrompts, StringComparer.Ordinal).Any() || (prompts.Contains("none") && prompts.Count > 1))
        {
            return OAuthError.InvalidRequest("prompt is none, or of login, consent and create.");
        }

        if (parameters["max_age"] is { } age && !(int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return OAuthError.InvalidRequest("max_age is a number of seconds.");
        }

        if (parameters["state"]?.Length > 2000 || parameters["nonce"]?.Length > 500 || parameters["login_hint"]?.Length > 320)
        {
            return OAuthError.InvalidRequest("state has at most 2000 characters, nonce 500 and login_hint 320.");
        }

        var tenants = KnownScopes.Split(parameters["acr_values"]).Where(c => c.StartsWith(Tenants.AcrPrefix, StringComparison.Ordinal)).ToList();
        return tenants.Count > 1 || tenants.Any(t => !Tenants.IsSlug(t[Tenants.AcrPrefix.Length..]))
            ? OAuthError.InvalidRequest("acr_values names one tenant, by its slug.")
            : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{43}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256();
}
