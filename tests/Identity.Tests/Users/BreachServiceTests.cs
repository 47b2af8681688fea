using System.Net;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class BreachServiceTests
{
    private const string Password = "Quartz-Violin-42-meadow";

    [Theory]
    [InlineData(":7", true)]
    [InlineData(":0", false)]
    public async Task A_leaked_password_is_refused_and_the_service_learns_five_digits_of_its_hash(string count, bool refused)
    {
        string? asked = null, padding = null;
#pragma warning disable CA5350 // As the service has them.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(Password)));
#pragma warning restore CA5350
        await using var service = await ServiceAsync((prefix, request) =>
        {
            (asked, padding) = (prefix, request.Headers["Add-Padding"]);
            return Results.Text($"{new string('A', 35)}:3\r\n{hash[5..]}{count}\r\n{new string('B', 35)}:0");
        });
        await using var host = await IdentityHost.StartAsync(new() { ["Passwords:BreachRangeUrl"] = $"{service.Urls.Single()}/range/" });
        using var browser = new PageClient(host);

        var answer = await browser.SubmitAsync("/register", ("DisplayName", "Anna"), ("Email", Person.NewEmail()), ("Password", Password));

        asked.Should().Be(hash[..5]);
        padding.Should().Be("true");
        answer.Status.Should().Be(refused ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.SeeOther);
        answer.Text.Contains("in a leak", StringComparison.Ordinal).Should().Be(refused);
    }

    [Fact]
    public async Task A_service_that_fails_or_hangs_stops_nobody()
    {
        var never = new TaskCompletionSource();
        await using var failing = await ServiceAsync((_, _) => Results.StatusCode(500));
        await using var hanging = await ServiceAsync((_, _) => new Waiting(never.Task));
        foreach (var service in new[] { failing, hanging })
        {
            await using var host = await IdentityHost.StartAsync(new() { ["Passwords:BreachRangeUrl"] = $"{service.Urls.Single()}/range/" });
            using var browser = new PageClient(host);

            (await browser.SubmitAsync("/register", ("DisplayName", "Anna"), ("Email", Person.NewEmail()), ("Password", Password))).Status.Should().Be(HttpStatusCode.SeeOther);
        }

        never.SetResult();
    }

    private static async Task<WebApplication> ServiceAsync(Func<string, HttpRequest, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/range/{prefix}", answer);
        await app.StartAsync();
        return app;
    }

    private sealed class Waiting(Task until) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => until;
    }
}
