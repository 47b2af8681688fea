using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Tokens;

namespace Proofsheet.Identity.Protocol.Keys;

/// <summary>The endpoint paths, the same as those of IdentityServer, so that clients configured for it work.</summary>
internal static class Paths
{
    public const string Configuration = "/.well-known/openid-configuration";
    public const string AuthorizationServer = "/.well-known/oauth-authorization-server";
    public const string Jwks = "/.well-known/openid-configuration/jwks";
    public const string Authorize = "/connect/authorize";
    public const string Resume = "/connect/authorize/resume";
    public const string PushedRequests = "/connect/par";
    public const string Token = "/connect/token";
    public const string Device = "/connect/deviceauthorization";
    public const string Revocation = "/connect/revocation";
    public const string Introspection = "/connect/introspect";
    public const string UserInfo = "/connect/userinfo";
    public const string EndSession = "/connect/endsession";
    public const string Registration = "/connect/register";
}

/// <summary>OpenID Connect Discovery 1.0 and RFC 8414: one document at both URLs.</summary>
internal static class Discovery
{
    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Paths.Configuration, Document);
        routes.MapGet(Paths.AuthorizationServer, Document);
        routes.MapGet(Paths.Jwks, KeySetAsync);
    }

    private static IResult Document(HttpContext http, IOptions<AuthorityOptions> authority, IResourceStore resources)
    {
        var issuer = authority.Value.Issuer;
        var methods = AuthMethods.All.Where(m => m != AuthMethods.None).ToArray();
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Json(new JsonObject
        {
            ["issuer"] = issuer,
            ["authorization_endpoint"] = issuer + Paths.Authorize,
            ["token_endpoint"] = issuer + Paths.Token,
            ["userinfo_endpoint"] = issuer + Paths.UserInfo,
            ["jwks_uri"] = issuer + Paths.Jwks,
            ["end_session_endpoint"] = issuer + Paths.EndSession,
            ["revocation_endpoint"] = issuer + Paths.Revocation,
            ["introspection_endpoint"] = issuer + Paths.Introspection,
            ["device_authorization_endpoint"] = issuer + Paths.Device,
            ["pushed_authorization_request_endpoint"] = issuer + Paths.PushedRequests,
            ["registration_endpoint"] = issuer + Paths.Registration,
            ["scopes_supported"] = Array(resources.All),
            ["response_types_supported"] = Array(["code"]),
            ["response_modes_supported"] = Array(["query", "form_post"]),
            ["grant_types_supported"] = Array(GrantTypes.All),
            ["subject_types_supported"] = Array(["public"]),
            ["id_token_signing_alg_values_supported"] = Array(SigningKeys.Algorithms),
            ["token_endpoint_auth_methods_supported"] = Array(AuthMethods.All),
            ["token_endpoint_auth_signing_alg_values_supported"] = Array(ClientAssertions.Algorithms),
            ["revocation_endpoint_auth_methods_supported"] = Array(AuthMethods.All),
            ["revocation_endpoint_auth_signing_alg_values_supported"] = Array(ClientAssertions.Algorithms),
            ["introspection_endpoint_auth_methods_supported"] = Array(methods),
            ["introspection_endpoint_auth_signing_alg_values_supported"] = Array(ClientAssertions.Algorithms),
            ["code_challenge_methods_supported"] = Array(["S256"]),
            ["dpop_signing_alg_values_supported"] = Array(DpopProofs.Algorithms),
            ["claims_supported"] = Array(["sub", "name", "email", "email_verified", "updated_at", "auth_time", "amr", "sid"]),
            ["prompt_values_supported"] = Array(["none", "login", "consent", "create"]),
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["claims_parameter_supported"] = false,
            ["require_pushed_authorization_requests"] = false,
            ["authorization_response_iss_parameter_supported"] = true,
            ["backchannel_logout_supported"] = true,
            ["backchannel_logout_session_supported"] = true,
        });
    }

    private static async Task<IResult> KeySetAsync(HttpContext http, SigningKeys keys, CancellationToken cancellation)
    {
        var set = new JsonArray();
        foreach (var key in await keys.PublishedAsync(cancellation))
        {
            set.Add(key.ToJson());
        }

        // Short, so that a withdrawn key leaves caches quickly.
        http.Response.Headers.CacheControl = "public, max-age=60";
        return Results.Json(new JsonObject { ["keys"] = set }, contentType: "application/jwk-set+json");
    }

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];
}
