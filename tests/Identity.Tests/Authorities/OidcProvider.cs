using System.Text.Json.Nodes;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>npm's oidc-provider as a process: an authority that is not ours (<c>npm/provider.mjs</c>).</summary>
public sealed class OidcProvider : ContractAuthority
{
    private static readonly string[] Scopes = ["galleries:read", "galleries:write", "photos:read", "settings:read", "settings:write", "studios:read", "studios:write"];
    private string _issuer = "";
    private Node? _process;

    public override string Issuer => _issuer;

    internal override (string Email, string Password) Person => ("anna@example.com", "any password will do");

    internal override bool AsksForOffline => true;

    internal override DrivenClient Server { get; } = new("server", Secret: "a secret of this test");

    /// <summary>A client whose access token is not for the API, so that userinfo accepts it.</summary>
    internal DrivenClient Reader { get; } = new("reader", RedirectUri: RedirectUri);

    /// <summary>Where logout notifications are sent; set before the start.</summary>
    internal string? BackChannelLogoutUri { get; init; }

    public override async ValueTask InitializeAsync()
    {
        if (!Node.IsInstalled)
        {
            return;
        }

        var settings = new JsonObject
        {
            ["audience"] = Audience,
            ["scopes"] = new JsonArray([.. Scopes.Select(s => (JsonNode)s)]),
            ["clients"] = new JsonArray(
                Client(Page, "none", "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"),
                Client(Reader, "none", "authorization_code"),
                Client(Server, "client_secret_basic", "client_credentials")),
        };
        (_process, var answer) = await Node.StartAsync("provider.mjs", settings);
        _issuer = answer.GetProperty("issuer").GetString()!;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private JsonObject Client(DrivenClient client, string method, params string[] grants)
    {
        var json = new JsonObject
        {
            ["client_id"] = client.Id,
            ["token_endpoint_auth_method"] = method,
            ["grant_types"] = new JsonArray([.. grants.Select(g => (JsonNode)g)]),
            ["redirect_uris"] = client.RedirectUri is null ? [] : new JsonArray(client.RedirectUri),
            ["response_types"] = client.RedirectUri is null ? [] : new JsonArray("code"),
        };
        if (client.Secret is not null)
        {
            json["client_secret"] = client.Secret;
        }

        if (client.SignedOutUri is not null)
        {
            json["post_logout_redirect_uris"] = new JsonArray(client.SignedOutUri);
        }

        if (client == Page && BackChannelLogoutUri is not null)
        {
            json["backchannel_logout_uri"] = BackChannelLogoutUri;
            json["backchannel_logout_session_required"] = true;
        }

        return json;
    }
}
