using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Support;

namespace Proofsheet.Identity.Tests.Protocol.Support;

/// <summary>Tests that talk to the authority as one browser or client.</summary>
public abstract class ProtocolTests(IdentityHost identity) : IDisposable
{
    private protected OAuth OAuth { get; } = new(identity);

    private protected IdentityHost Identity { get; } = identity;

    /// <summary>A new user who has just signed in.</summary>
    public SignedIn SignIn(params string[] methods) => Identity.Sessions.Begin(Identity.Clock.GetUtcNow(), null, methods);

    private protected async Task<string> BeginAsync(SignedIn? session, Dictionary<string, string?> request)
    {
        var answer = (await OAuth.AuthorizeAsync(session, request)).ShouldBe(HttpStatusCode.Redirect);
        answer.Location.OriginalString.Should().StartWith("/sign-in?interaction=");
        return answer.Redirected("interaction")!;
    }

    private protected Task<Answer> ResumeAsync(string interaction, SignedIn? session) => OAuth.GetAsync($"/connect/authorize/resume?interaction={interaction}", session);

    /// <summary>A request of this browser, as pages pass it on.</summary>
    private protected DefaultHttpContext Browser()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = string.Join("; ", OAuth.Cookies.Select(c => $"{c.Key}={c.Value}"));
        return http;
    }

    public void Dispose()
    {
        OAuth.Dispose();
        GC.SuppressFinalize(this);
    }
}
