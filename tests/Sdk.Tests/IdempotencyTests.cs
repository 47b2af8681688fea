using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests;

/// <summary>What both SDKs retry can be retried according to the document.</summary>
public sealed partial class IdempotencyTests
{
    private static readonly string Root = FindRoot();

    // Operations without a credential are not SDK calls: other servers send signed events there.
    private static IReadOnlyList<(string Id, bool TakesKey)> Posts { get; } =
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "openapi/api.json")))!["paths"]!.AsObject()
            .Select(path => path.Value!["post"]).Where(post => post?["security"]?.AsArray().Count > 0)
            .Select(post => (
                post!["operationId"]!.GetValue<string>(),
                post["parameters"]?.AsArray().Any(p => p!["name"]!.GetValue<string>() == "Idempotency-Key") == true)),
    ];

    [Fact]
    public void Every_POST_that_takes_a_credential_takes_an_Idempotency_Key()
    {
        Posts.Should().HaveCountGreaterThan(35);
        Posts.Where(p => !p.TakesKey).Select(p => p.Id).Should().BeEmpty();
    }

    [Fact]
    public void The_TypeScript_SDK_sends_a_key_with_every_POST()
    {
        var keyed = KeyedCall().Matches(File.ReadAllText(Path.Combine(Root, "src/Sdk/typescript/src/generated/groups.gen.ts"))).Select(m => m.Groups[1].Value).ToList();
        // Sent by src/upload.ts, whose test checks the key.
        var byHand = new[] { "UploadPhotos" };

        Posts.Select(p => p.Id).Except(byHand).Should().BeEquivalentTo(keyed.Select(name => char.ToUpperInvariant(name[0]) + name[1..]));
    }

    [Fact]
    public async Task The_Csharp_SDK_sends_one_key_with_all_tries_of_an_upload()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, [1, 2, 3]);
        var server = new StubServer((at, _) => at == 0 ? StubServer.Problem(502, "bad_gateway") : StubServer.Json(201, """{"results":[{"fileName":"a.jpg","status":"accepted","photo":null,"problem":null}]}"""));
        using var client = server.Client();

        await client.Photos.UploadAsync("gal_1", [file]);

        File.Delete(file);
        server.Asked.Should().HaveCount(2).And.OnlyContain(a => a.Method == HttpMethod.Post);
        server.Asked.Select(a => a.IdempotencyKey).Distinct().Should().ContainSingle().Which.Should().MatchRegex("^[0-9a-f]{32}$");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Proofsheet.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"this\.call\(\s*calls\.(\w+),\s*\{[^;]*?keyed: true[^;]*?\}", RegexOptions.Singleline)]
    private static partial Regex KeyedCall();
}
