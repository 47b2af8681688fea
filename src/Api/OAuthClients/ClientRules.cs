using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Jose;

namespace Proofsheet.Api.OAuthClients;

/// <summary>The settings that a client of each type may have. The authority has additional rules.</summary>
internal static class ClientRules
{
    public const int MaxClients = 50;

    private static readonly string[] OfPeople = ["openid", "profile", "email", "offline_access"];

    /// <summary>All scopes that a client of this type may request.</summary>
    public static IReadOnlyList<string> ScopesOf(OAuthClientType type) => type == OAuthClientType.Service
        ? Http.Callers.Scopes.OfSecretKeys
        : [.. OfPeople, .. Http.Callers.Scopes.OfSecretKeys];

    /// <summary>The first rule that the client breaks.</summary>
    public static ProblemHttpResult? Refuse(OAuthClient client, IReadOnlyList<string> origins, Caller caller)
    {
        var signsIn = client.Type != OAuthClientType.Service;
        if (signsIn ? client.RedirectUris.Count == 0 && client.Type != OAuthClientType.Native : client.RedirectUris.Count + client.PostLogoutRedirectUris.Count > 0)
        {
            return Problems.Rule("invalid_redirect_uri", "Clients that sign people in name their redirect addresses; services have none.", "redirectUris");
        }

        if (!client.RedirectUris.Concat(client.PostLogoutRedirectUris).All(uri => IsRedirect(uri, client.Type)))
        {
            return Problems.Rule("invalid_redirect_uri", "An address is https, without fragment and wildcard; of native apps also http on a loopback address, or a scheme with a dot such as com.example.app.", "redirectUris");
        }

        if (client.Scopes.Count == 0 || client.Scopes.Except(ScopesOf(client.Type), StringComparer.Ordinal).Any())
        {
            return Problems.Rule("unknown_scope", $"A client of this type can have {string.Join(", ", ScopesOf(client.Type))}.", "scopes");
        }

        if (client.Type == OAuthClientType.Service && !client.Scopes.All(caller.Has))
        {
            return Problems.Forbidden("missing_scope", "A service cannot be given more than its maker has.");
        }

        if (origins.Count > 0 && (client.Type != OAuthClientType.Browser || !origins.All(Auth.ApiKeys.KeyIssuing.IsOrigin)))
        {
            return Problems.Rule("invalid_origin", "Browser clients, and they alone, name their origins, such as https://anna.example.", "origins");
        }

        return (client.Keys.Count > 0 && client.AuthMethod == "none") || !client.Keys.All(IsKey)
            ? Problems.Rule("invalid_keys", "Keys are public EC or RSA keys of web and service clients.", "keys")
            : null;
    }

    private static bool IsRedirect(string address, OAuthClientType type) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && !address.Contains('*', StringComparison.Ordinal) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)
            || (type == OAuthClientType.Native && uri.Scheme.Contains('.', StringComparison.Ordinal)));

    private static bool IsKey(PublicKey key) => JsonWebKey.TryParse(JsonSerializer.SerializeToElement(key, Without), out var read) && read.Use is null or "sig";

    public static JsonSerializerOptions Without { get; } = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
