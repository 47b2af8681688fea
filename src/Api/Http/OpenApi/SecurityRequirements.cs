using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Proofsheet.Api.Http.Callers;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>Where the document sends clients for tokens: the section <c>OpenApi:OAuth</c>. Relative URLs refer to the document's own host.</summary>
internal sealed class OAuthDocumentOptions
{
    [Required]
    public string AuthorizationUrl { get; init; } = "/connect/authorize";

    [Required]
    public string TokenUrl { get; init; } = "/connect/token";

    /// <summary>
    /// The public client that the reference page signs people in with (code and PKCE), registered with <c>/reference/oauth2-redirect.html</c> of this API
    /// as its redirect URL and with this API's origin as an allowed one. Without it "Authorize" asks for a client.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>Where the reference page's script fetches tokens, in the form of a Content-Security-Policy source; empty if it is this API.</summary>
    public string TokenOrigin => Uri.TryCreate(TokenUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
        ? url.GetLeftPart(UriPartial.Authority) : "";
}

/// <summary>
/// The two ways to authenticate: with a key, or with an authority's token and its scopes. An operation that accepts any of several scopes
/// has one requirement per scope, because all scopes within one requirement are needed (OpenAPI 3.0.4, Security Requirement Object).
/// </summary>
internal sealed class SecurityRequirements(IOptions<OAuthDocumentOptions> options) : IDocumentFilter
{
    public const string Key = "key";
    public const string OAuth = "oauth";

    private static readonly HashSet<string> OfKeys =
        [.. Scopes.OfSecretKeys, .. Scopes.OfPublishableKeys, .. Scopes.OfLabKeys, .. Scopes.OfVisitors, Scopes.PlatformAdmin];

    public static OpenApiSecurityScheme KeyScheme { get; } = new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        Description = "A platform key, a studio's secret, publishable or lab key, or a visitor token.",
    };

    public static IEnumerable<OpenApiSecurityRequirement> Of(ScopeRequirement demand, OpenApiDocument document)
    {
        if (demand.AnyOf.Any(OfKeys.Contains))
        {
            yield return new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] };
        }

        foreach (var scope in demand.AnyOf.Where(Scopes.OfTokens.ContainsKey))
        {
            yield return new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OAuth, document)] = [scope] };
        }
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Components ??= new OpenApiComponents();
        swaggerDoc.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        var token = new Uri(options.Value.TokenUrl, UriKind.RelativeOrAbsolute);
        swaggerDoc.Components.SecuritySchemes[OAuth] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "An access token of the authority. `acr_values=tenant:SLUG` selects the studio. The token allows its scopes as far as the account's role in that studio includes them.",
            Flows = new OpenApiOAuthFlows
            {
                AuthorizationCode = new OpenApiOAuthFlow
                {
                    AuthorizationUrl = new Uri(options.Value.AuthorizationUrl, UriKind.RelativeOrAbsolute), TokenUrl = token, RefreshUrl = token, Scopes = Described(Scopes.OfTokens.Keys),
                },
                ClientCredentials = new OpenApiOAuthFlow { TokenUrl = token, Scopes = Described(Scopes.OfSecretKeys) },
            },
        };
    }

    private static Dictionary<string, string> Described(IEnumerable<string> scopes) => scopes.ToDictionary(s => s, s => Scopes.OfTokens[s], StringComparer.Ordinal);
}
