using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;
using Xunit.Sdk;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>A client as the driver (<c>npm/flows.mjs</c>) uses it.</summary>
internal sealed record DrivenClient(string Id, string? Secret = null, string? RedirectUri = null, string? SignedOutUri = null, string? Method = null, JsonObject? Jwk = null)
{
    public JsonObject ToJson() => new()
    {
        ["id"] = Id, ["secret"] = Secret, ["redirectUri"] = RedirectUri, ["signedOutUri"] = SignedOutUri, ["method"] = Method, ["jwk"] = Jwk?.DeepClone(),
    };
}

/// <summary>An authority to be tested against the contract: it is running, has the contract's clients, and a user who can sign in.</summary>
public abstract class ContractAuthority : IAsyncLifetime
{
    public const string Audience = "proofsheet-api";
    public const string RedirectUri = "https://app.example/signed-in";
    public const string SignedOutUri = "https://app.example/signed-out";

    public abstract string Issuer { get; }

    /// <summary>The user who signs in on the authority's page or form.</summary>
    internal abstract (string Email, string Password) Person { get; }

    /// <summary>A public client for signing users in: code with PKCE, refresh, device flow.</summary>
    internal DrivenClient Page { get; } = new("page", RedirectUri: RedirectUri, SignedOutUri: SignedOutUri);

    /// <summary>A confidential client with a secret: client credentials.</summary>
    internal abstract DrivenClient Server { get; }

    /// <summary>Whether a refresh token is only issued after the user's consent.</summary>
    internal virtual bool AsksForOffline => false;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Runs a flow; if the driver cannot finish it, the test fails with the authority's error.</summary>
    internal async Task<JsonElement> DriveAsync(string flow, DrivenClient client, string scope = "openid galleries:read", string? tenant = null, JsonObject? more = null)
    {
        var question = new JsonObject
        {
            ["flow"] = flow, ["issuer"] = Issuer, ["audience"] = Audience, ["scope"] = scope, ["tenant"] = tenant, ["client"] = client.ToJson(),
            ["asksForOffline"] = AsksForOffline,
            ["person"] = new JsonObject { ["email"] = Person.Email, ["password"] = Person.Password },
        };
        foreach (var (name, value) in more ?? [])
        {
            question[name] = value?.DeepClone();
        }

        var answer = await Node.AskAsync("flows.mjs", question);
        return answer.TryGetProperty("facts", out var facts) ? facts : throw new XunitException($"The flow {flow} failed: {answer}");
    }
}
