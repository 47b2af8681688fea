using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios.Members;

namespace Proofsheet.Api.Tests.Support;

/// <summary>A studio created for one test, with a client that holds its secret key.</summary>
public sealed class StudioClient(ApiHost host, JsonNode studio, string secretKey)
{
    public ApiHost Host => host;

    public string Id { get; } = studio["id"]!.GetValue<string>();

    public string Slug { get; } = studio["slug"]!.GetValue<string>();

    public string SecretKey => secretKey;

    public ApiClient Api { get; } = host.Client(secretKey);

    /// <summary>A new member of this studio, with an access token with these scopes (null: all that a token may have).</summary>
    public async Task<MemberClient> MemberAsync(string role, string? scope = null)
    {
        var email = $"{role}-{Guid.NewGuid().ToString("N")[..8]}@example.com";
        var subject = host.Authority.Account(email, role);
        await JoinAsync(host.Authority.Issuer, subject, role, email);
        return new MemberClient(host, this, subject, email, scope ?? MemberClient.AllScopes);
    }

    /// <summary>Makes an account a member, bypassing the API.</summary>
    public Task JoinAsync(string issuer, string subject, string role, string? email = null) => host.InScopeAsync(Id, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var account = new Account(issuer, subject, "dashboard");
        db.Add(AcceptInvitation.NewMember(account, Enum.Parse<StudioRole>(role, ignoreCase: true), new AccountProfile(email, role), TimeProvider.System.GetUtcNow()));
        await db.SaveChangesAsync();
        return true;
    });

    /// <summary>A publishable key for this origin, as text.</summary>
    public async Task<string> PublishableKeyAsync(string origin = "https://anna.example")
    {
        var answer = await Api.PostAsync("/v1/keys", new { name = "Storefront", type = "publishable", origins = new[] { origin } });
        answer.ShouldBe(201);
        return answer.Body!["secret"]!.GetValue<string>();
    }
}

/// <summary>A signed-in member of a studio.</summary>
public sealed class MemberClient(ApiHost host, StudioClient studio, string subject, string email, string scope)
{
    public static string AllScopes { get; } = string.Join(' ', Scopes.OfTokens.Keys);

    public string Subject => subject;

    public string Email => email;

    /// <summary>With a token for the studio.</summary>
    public ApiClient Api { get; } = host.Client(host.Authority.Token(subject, studio.Slug, scope));

    /// <summary>With a token that names no studio.</summary>
    public ApiClient Account => host.Client(host.Authority.Token(subject, null, scope));
}
