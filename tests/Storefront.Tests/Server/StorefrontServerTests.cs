using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Storefront.Tests.Server;

/// <summary>What samples/storefront/server.mjs sends, apart from the pages themselves.</summary>
public sealed partial class StorefrontServerTests : IDisposable
{
    private readonly HttpClient _http;
    private readonly StorefrontStage _stage;

    public StorefrontServerTests(StorefrontStage stage)
    {
        StorefrontStage.RequireInstalled();
        _stage = stage;
        _http = new HttpClient { BaseAddress = stage.Storefront };
    }

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/g/some-gallery")]
    [InlineData("/config.json")]
    [InlineData("/assets/none.js")]
    [InlineData("/%zz")]
    public async Task Every_answer_carries_the_strict_policy(string path)
    {
        using var answer = await _http.GetAsync(path);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ")
            .Select(directive => directive.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        policy["default-src"].Should().Be("'none'");
        policy["script-src"].Should().Be("'self'");
        policy["style-src"].Should().Be("'self'");
        policy["frame-ancestors"].Should().Be("'none'");
        policy["base-uri"].Should().Be("'none'");
        policy["require-trusted-types-for"].Should().Be("'script'");
        policy["connect-src"].Should().Be($"'self' {_stage.Api.GetLeftPart(UriPartial.Authority)}");
        string.Join(' ', policy.Values).Should().NotContainAny("unsafe-inline", "unsafe-eval", " * ", "http: ", "https: ");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("X-Frame-Options").Should().Equal("DENY");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        answer.Headers.GetValues("Cross-Origin-Opener-Policy").Should().Equal("same-origin");
    }

    [Fact]
    public async Task The_page_is_asked_for_again_each_time_and_its_parts_are_kept_for_good()
    {
        using var page = await _http.GetAsync("/g/some-gallery");
        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        page.Headers.CacheControl!.NoCache.Should().BeTrue();

        var parts = Assets().Matches(await page.Content.ReadAsStringAsync()).Select(m => m.Value).ToList();
        parts.Should().Contain(p => p.EndsWith(".js", StringComparison.Ordinal)).And.Contain(p => p.EndsWith(".css", StringComparison.Ordinal));
        foreach (var part in parts)
        {
            using var answer = await _http.GetAsync(part);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0} is there", part);
            answer.Headers.CacheControl!.ToString().Should().Be("public, max-age=31536000, immutable");
            answer.Content.Headers.ContentType!.MediaType.Should().Be(part.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/css");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/config.json")]
    [InlineData("/favicon.svg")]
    public async Task What_has_not_changed_is_not_sent_again(string path)
    {
        using var first = await _http.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));

        using var second = await _http.SendAsync(request);

        second.StatusCode.Should().Be(HttpStatusCode.NotModified);
        second.Headers.ETag.Should().Be(first.Headers.ETag);
        (await second.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_configuration_holds_the_address_and_the_publishable_key_and_nothing_else()
    {
        var config = JsonNode.Parse(await _http.GetStringAsync("/config.json"))!.AsObject();

        config.Select(c => c.Key).Should().BeEquivalentTo("apiUrl", "publishableKey");
        config["publishableKey"]!.GetValue<string>().Should().Be(_stage.Studio.PublishableKey);
    }

    [Fact]
    public async Task A_head_request_has_the_headers_of_the_answer_and_no_body()
    {
        using var get = await _http.GetAsync("/favicon.svg");
        using var request = new HttpRequestMessage(HttpMethod.Head, "/favicon.svg");
        using var head = await _http.SendAsync(request);

        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.Should().Be(get.Content.Headers.ContentLength).And.BePositive();
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Only_reading_is_allowed()
    {
        using var answer = await _http.PostAsync("/", new StringContent("x"));

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Should().BeEquivalentTo("GET", "HEAD");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_the_page()
    {
        using var script = await _http.GetAsync("/assets/index-00000000.js");
        using var map = await _http.GetAsync("/server.mjs");

        script.StatusCode.Should().Be(HttpStatusCode.NotFound);
        map.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    // Sent as bytes on a socket, because HttpClient would normalize such paths.
    [Theory]
    [InlineData("/../package.json")]
    [InlineData("/assets/../../package.json")]
    [InlineData("/%2e%2e/package.json")]
    [InlineData("/..%2fpackage.json")]
    [InlineData("/assets/%2e%2e%2f%2e%2e%2fpackage.json")]
    [InlineData("/..%5cpackage.json")]
    [InlineData("/....//package.json")]
    [InlineData("/%252e%252e/package.json")]
    [InlineData("/package.json%00.html")]
    [InlineData("//../package.json")]
    [InlineData("/assets/..;/../package.json")]
    [InlineData("http://elsewhere/../package.json")]
    [InlineData("/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/%c0%ae%c0%ae/package.json")]
    public async Task Nothing_outside_of_dist_can_be_named(string path)
    {
        var answer = await RawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        answer.Should().MatchRegex(@"^HTTP/1\.1 (200|400|404) ");
        answer.Should().NotContainAny("@proofsheet/sample-storefront", "root:x:0", "createServer(");
        // A path that is not a file may return the application's page, and nothing else.
        if (answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            answer.Should().Contain("<!doctype html>");
        }
    }

    [Fact]
    public async Task It_goes_on_after_nonsense()
    {
        await RawAsync("NONSENSE\r\n\r\n");
        await RawAsync($"GET /{new string('a', 100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        (await _http.GetAsync("/")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task<string> RawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("localhost", _stage.Storefront.Port);
        using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (IOException)
        {
            // The server closed the connection while we were sending; what it sent before that counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    [GeneratedRegex(@"/assets/[\w.-]+\.(js|css)")]
    private static partial Regex Assets();
}
