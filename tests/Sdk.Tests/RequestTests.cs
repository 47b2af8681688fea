using System.Diagnostics;
using System.Net;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests;

public sealed class RequestTests
{
    private const string Key = """{"id":"key_1","type":"secret","secret":"secret"}""";

    [Fact]
    public async Task A_post_has_one_Idempotency_Key_for_all_its_tries_and_another_call_has_another()
    {
        var server = new StubServer((at, _) => at == 0 ? StubServer.Problem(503, "busy") : StubServer.Json(201, Key));
        using var client = server.Client();

        await client.Keys.CreateAsync(new() { Name = "A", Type = ApiKeyType.Secret });
        await client.Keys.CreateAsync(new() { Name = "A", Type = ApiKeyType.Secret });
        await client.Keys.CreateAsync(new() { Name = "A", Type = ApiKeyType.Secret }, idempotencyKey: "mine");

        server.Asked.Should().HaveCount(4);
        server.Asked[0].IdempotencyKey.Should().MatchRegex("^[0-9a-f]{32}$").And.Be(server.Asked[1].IdempotencyKey).And.NotBe(server.Asked[2].IdempotencyKey);
        server.Asked[3].IdempotencyKey.Should().Be("mine");
        server.Asked[1].Body.Should().Be(server.Asked[0].Body).And.Be("""{"name":"A","type":"secret"}""");
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        var server = new StubServer((at, _) => at == 0 ? StubServer.Problem(429, "too_many_requests", retryAfter: 1) : StubServer.Json(200, "{}"));
        using var client = server.Client();
        var clock = Stopwatch.StartNew();

        await client.Studio.GetAsync();

        clock.ElapsedMilliseconds.Should().BeGreaterThan(950);
        server.Asked.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_longer_wait_than_allowed_is_told_instead_of_waited()
    {
        var server = new StubServer((_, _) => StubServer.Problem(429, "too_many_attempts", retryAfter: 900));
        using var client = server.Client();

        var refusal = await client.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetRateLimitedException>();

        refusal.Which.RetryAfter.Should().Be(TimeSpan.FromMinutes(15));
        server.Asked.Should().HaveCount(1);
    }

    [Fact]
    public async Task Tries_end()
    {
        var server = new StubServer((_, _) => StubServer.Problem(503, "busy"));
        using var client = server.Client(o => o with { MaxRetries = 2 });

        await client.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetServerException>();

        server.Asked.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again_but_not_a_change_of_a_version_which_may_have_been_made()
    {
        var server = new StubServer((at, _) => at % 2 == 0 ? throw new HttpRequestException("broken") : StubServer.Json(200, """{"id":"gal_1"}"""));
        using var client = server.Client();

        await client.Galleries.UpdateAsync("gal_1", new() { Title = "A" });
        server.Asked.Should().HaveCount(2);

        await client.Invoking(c => c.Galleries.UpdateAsync("gal_1", new() { Title = "A" }, ifMatch: "\"1\"")).Should().ThrowAsync<ProofsheetConnectionException>();
        server.Asked.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_connection_that_breaks_within_the_body_of_an_error_is_tried_again()
    {
        var server = new StubServer((n, _) => n == 0 ? new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new BrokenContent() } : StubServer.Json(200, """{"id":"gal_1"}"""));

        (await server.Client().Galleries.GetAsync("gal_1")).Id.Should().Be("gal_1");

        server.Asked.Should().HaveCount(2);
        var alone = new StubServer((_, _) => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new BrokenContent() });
        await alone.Client(o => o with { MaxRetries = 0 }).Galleries.Invoking(g => g.GetAsync("gal_1")).Should().ThrowAsync<ProofsheetConnectionException>();
    }

    [Theory]
    [InlineData(400, typeof(ProofsheetValidationException))]
    [InlineData(401, typeof(ProofsheetUnauthorizedException))]
    [InlineData(403, typeof(ProofsheetForbiddenException))]
    [InlineData(404, typeof(ProofsheetNotFoundException))]
    [InlineData(409, typeof(ProofsheetConflictException))]
    [InlineData(410, typeof(ProofsheetGoneException))]
    [InlineData(412, typeof(ProofsheetConflictException))]
    [InlineData(422, typeof(ProofsheetRuleException))]
    [InlineData(500, typeof(ProofsheetServerException))]
    public async Task A_refusal_is_an_exception_of_its_own_with_its_code(int status, Type type)
    {
        using var client = new StubServer((_, _) => StubServer.Problem(status, "some_code")).Client();

        var thrown = (await client.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetException>()).Which;

        thrown.Should().BeOfType(type);
        thrown.Status.Should().Be((HttpStatusCode)status);
        thrown.Code.Should().Be("some_code");
        thrown.Message.Should().Be("It is some_code.");
        thrown.TraceId.Should().Be("abc");
        thrown.Errors["title"].Should().Equal("Too long.");
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_a_refusal_too()
    {
        using var client = new StubServer((_, _) => StubServer.Json(418, "<h1>Proxy</h1>")).Client();

        (await client.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetException>()).Which.Code.Should().Be("http_418");
    }

    [Fact]
    public async Task Unknown_values_and_fields_are_tolerated_and_missing_ones_too()
    {
        using var client = new StubServer((_, _) => StubServer.Json(200, """{"id":"gal_1","status":"from_the_future","newField":{"a":1}}""")).Client();

        var gallery = await client.Galleries.GetAsync("gal_1");

        gallery.Status.Value.Should().Be("from_the_future");
        (gallery.Status == GalleryStatus.Published).Should().BeFalse();
        new GalleryStatus("published").Should().Be(GalleryStatus.Published);
    }

    [Fact]
    public async Task A_patch_sends_what_is_set_and_clears_what_is_to_be_cleared()
    {
        var server = new StubServer((_, _) => StubServer.Json(200, """{"id":"gal_1"}"""));
        using var client = server.Client();
        var patch = new UpdateGalleryRequest { Title = "Anna" };

        await client.Galleries.UpdateAsync("gal_1", patch.Clear(g => g.Description).Clear(g => g.ExpiresAt));
        await client.Galleries.UpdateAsync("gal_1", patch);

        server.Asked[0].Body.Should().Be("""{"title":"Anna","description":null,"expiresAt":null}""");
        server.Asked[1].Body.Should().Be("""{"title":"Anna"}""", "a patch is a value: clearing makes another");
        patch.Invoking(p => p.Clear(g => g.Title)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task A_list_is_read_page_after_page_and_no_further_than_wanted()
    {
        var server = new StubServer((_, request) => request.RequestUri!.Query.Contains("cursor=b", StringComparison.Ordinal)
            ? StubServer.Json(200, """{"data":[{"id":"3"}],"nextCursor":null}""")
            : StubServer.Json(200, """{"data":[{"id":"1"},{"id":"2"}],"nextCursor":"b"}"""));
        using var client = server.Client();

        var two = await client.Galleries.ListAllAsync(pageSize: 2).Take(2).ToListAsync();
        two.Select(g => g.Id).Should().Equal("1", "2");
        server.Asked.Should().HaveCount(1);

        (await client.Galleries.ListAllAsync(pageSize: 2).ToListAsync()).Select(g => g.Id).Should().Equal("1", "2", "3");
        server.Asked.Select(a => a.Path).Should().Equal("/v1/galleries?limit=2", "/v1/galleries?limit=2", "/v1/galleries?cursor=b&limit=2");
    }

    [Fact]
    public async Task Canceling_ends_a_wait_and_is_no_refusal()
    {
        using var client = new StubServer((_, _) => StubServer.Problem(503, "busy", retryAfter: 20)).Client();
        using var stop = new CancellationTokenSource(50);
        var clock = Stopwatch.StartNew();

        await client.Invoking(c => c.Studio.GetAsync(stop.Token)).Should().ThrowAsync<OperationCanceledException>();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_key_is_asked_for_at_each_call_and_a_visitor_has_its_own()
    {
        var server = new StubServer((_, _) => StubServer.Json(200, "{}"));
        var asked = 0;
        using var client = server.Client(o => o with { KeyProvider = _ => new($"token-{++asked}") });

        await client.Studio.GetAsync();
        await client.Studio.GetAsync();
        await client.As("visitor").Studio.GetAsync();

        server.Asked.Select(a => a.Authorization).Should().Equal("Bearer token-1", "Bearer token-2", "Bearer visitor");
    }

    [Fact]
    public async Task A_download_is_counted_carries_no_key_and_must_be_whole()
    {
        var server = new StubServer((at, _) =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new MemoryStream(new byte[300_000])) };
            answer.Content.Headers.ContentLength = at == 0 ? 300_000 : 300_001;
            return answer;
        });
        using var client = server.Client();
        using var target = new MemoryStream();
        var told = new List<DownloadProgress>();

        (await client.DownloadAsync("/v1/downloads/files/x?s=1", target, new Direct<DownloadProgress>(told.Add))).Should().Be(300_000);

        target.Length.Should().Be(300_000);
        told[^1].Should().Be(new DownloadProgress(300_000, 300_000));
        server.Asked[0].Authorization.Should().BeNull();
        await client.Invoking(c => c.DownloadAsync("/v1/downloads/files/x?s=1", target)).Should().ThrowAsync<ProofsheetConnectionException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_download_that_breaks_off_goes_on_with_the_same_file_and_with_no_other(bool changes)
    {
        var bytes = Enumerable.Range(0, 200_000).Select(i => (byte)(i % 251)).ToArray();
        var ranges = new List<string?>();
        var server = new StubServer((at, request) =>
        {
            ranges.Add($"{request.Headers.Range} {request.Headers.IfRange}".Trim());
            var from = (int)(request.Headers.Range?.Ranges.Single().From ?? 0);
            var piece = bytes[from..Math.Min(bytes.Length, from + 70_000)];
            var answer = new HttpResponseMessage(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK) { Content = new StreamContent(new MemoryStream(piece)) };
            answer.Headers.ETag = new(at > 0 && changes ? "\"other\"" : "\"same\"");
            answer.Content.Headers.ContentLength = bytes.Length - from;
            answer.Content.Headers.ContentRange = from > 0 ? new(from, bytes.Length - 1, bytes.Length) : null;
            return answer;
        });
        using var client = server.Client();
        using var target = new MemoryStream();
        var downloading = () => client.DownloadAsync("/v1/downloads/files/x?s=1", target);

        if (changes)
        {
            await downloading.Should().ThrowAsync<ProofsheetConnectionException>();
            target.ToArray().Should().Equal(bytes[..70_000]);
            return;
        }

        (await downloading()).Should().Be(bytes.Length);
        target.ToArray().Should().Equal(bytes);
        ranges.Should().Equal("", "bytes=70000- \"same\"", "bytes=140000- \"same\"");
    }

    private sealed class BrokenContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("Connection reset by peer.");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>Reports synchronously; Progress reports later, on another thread.</summary>
internal sealed class Direct<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}
