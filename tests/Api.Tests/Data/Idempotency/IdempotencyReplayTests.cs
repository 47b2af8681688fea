using FluentAssertions;
using Proofsheet.Api.Tests.Conventions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Data.Idempotency;

/// <summary>Every POST of the document, sent twice with one Idempotency-Key.</summary>
[Trait("Database", "Provider")]
public sealed class IdempotencyReplayTests
{
    [Fact]
    public async Task Every_operation_answers_a_repeat_as_it_answered_the_first_request()
    {
        var log = new RecordedLog();
        await using var api = await ApiHost.StartAsync(services: log.AddTo);
        var world = await World.MakeAsync(api);
        var cases = new EveryPost(api, world).Cases;
        var documented = (await OpenApiDocument.ReadAsync(api)).Operations.Where(o => o.Method == "POST" && o.Scopes.Count > 0).ToList();
        documented.Select(o => o.Id).Should().BeEquivalentTo(cases.Keys, "each POST has a request here");
        documented.Where(o => !o.Headers.Contains("Idempotency-Key")).Select(o => o.Id).Should().BeEmpty("each POST takes an Idempotency-Key and says so");

        var faults = new List<string>();
        foreach (var (operation, prepare) in cases)
        {
            var request = await prepare();
            var key = $"{operation}-{Guid.NewGuid():N}";
            var first = await SendAsync(request, key);
            var second = await SendAsync(request, key);
            var expected = request.Expected == 0 ? first.Status is >= 200 and < 300 : first.Status == request.Expected;
            var replayed = second.Headers.GetValueOrDefault("Idempotency-Replayed") == "true";
            if (!expected || replayed != (request.Expected == 0) || Shown(first) != Shown(second))
            {
                faults.Add($"{operation}: {Shown(first)}\n  then {(replayed ? "replayed" : "not replayed")}: {Shown(second)}");
            }

            if (replayed && request.Body is not null && await OtherBodyAsync(request, key) is { Status: not 422 } other)
            {
                faults.Add($"{operation} with another body: {Shown(other)}");
            }
        }

        faults.Should().BeEmpty();
        log.Errors.Should().BeEmpty();
    }

    private static async Task<ApiAnswer> SendAsync(PostCase request, string key)
    {
        using var body = request.Body?.Invoke();
        return await request.Client.SendAsync(HttpMethod.Post, request.Path, body, r => r.Headers.Add("Idempotency-Key", key));
    }

    private static async Task<ApiAnswer> OtherBodyAsync(PostCase request, string key)
    {
        using var body = request.Body!();
        using var other = body is MultipartFormDataContent ? EveryPost.Files([4, 5, 6])() : new ByteArrayContent([.. await body.ReadAsByteArrayAsync(), (byte)' ']);
        if (body is not MultipartFormDataContent)
        {
            other.Headers.ContentType = body.Headers.ContentType;
        }

        return await request.Client.SendAsync(HttpMethod.Post, request.Path, other, r => r.Headers.Add("Idempotency-Key", key));
    }

    private static string Shown(ApiAnswer answer) =>
        $"{answer.Status} {answer.Headers.GetValueOrDefault("Location")} {answer.ETag} {answer.Headers.GetValueOrDefault("Upload-Offset")} {(answer.Status >= 400 ? answer.Body?["code"] : answer.Text)}";
}
