using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Identity.Tests.Jose;

/// <summary>Published test vectors, and the process that verifies them from standard input.</summary>
public sealed class VectorTests
{
    public static TheoryData<string, string> Vectors
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in new[] { "rfc.json", "wycheproof.json" })
            {
                foreach (var vector in Read(file))
                {
                    data.Add(file, vector["name"]!.GetValue<string>());
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_published_vector_is_answered_as_published(string file, string name)
    {
        var vector = Read(file).Single(v => v["name"]!.GetValue<string>() == name);

        VerifyJws.IsValid(Encoding.UTF8.GetBytes(vector.ToJsonString())).Should().Be(vector["valid"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_process_answers_each_line_in_order_and_at_once()
    {
        using var process = Start();
        var vectors = Read("rfc.json").Concat(Read("wycheproof.json")).ToList();
        foreach (var vector in vectors)
        {
            await process.StandardInput.WriteLineAsync(vector.ToJsonString());
            await process.StandardInput.FlushAsync();

            var answer = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            answer.Should().Be(vector["valid"]!.GetValue<bool>() ? "valid" : "invalid", vector["name"]!.GetValue<string>());
        }

        await EndAsync(process);
    }

    [Fact]
    public async Task Lines_that_are_no_question_are_invalid_and_end_nothing()
    {
        using var process = Start();
        var good = Read("rfc.json")[1];
        string[] lines =
        [
            "", "{", "[]", "null", "{}", """{"jwk":{},"jws":""}""", $$"""{"jwk":{{good["jwk"]!.ToJsonString()}},"jws":7}""",
            $$"""{"jws":"{{good["jws"]}}"}""", $"{good.ToJsonString()} {{}}", "\u0000", new string('x', 200_000),
        ];
        foreach (var line in lines)
        {
            await process.StandardInput.WriteLineAsync(line);
        }

        // The last line may lack a line feed.
        await process.StandardInput.WriteAsync(good.ToJsonString());
        process.StandardInput.Close();

        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        output.Should().Be(string.Concat(Enumerable.Repeat("invalid\n", lines.Length)) + "valid\n");
        await EndAsync(process);
    }

    [Theory]
    [InlineData("""{"kid":"any"}""", true)]
    [InlineData("""{}""", true)]
    [InlineData("""{"alg":"ES256"}""", false)]
    [InlineData("""{"alg":"none"}""", false)]
    [InlineData("""{"crit":["kid"],"kid":"any"}""", false)]
    [InlineData("""{"b64":false}""", false)]
    [InlineData("""{"kid":7}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""null""", false)]
    public void An_unprotected_header_adds_and_never_replaces(string header, bool valid)
    {
        var inside = Read("rfc.json").Single(v => v["name"]!.GetValue<string>().Contains("A.7", StringComparison.Ordinal));
        inside["jws"]!["header"] = JsonNode.Parse(header);
        IsValid(inside).Should().Be(valid);

        var beside = inside.DeepClone();
        beside["jws"]!.AsObject().Remove("header");
        beside["header"] = JsonNode.Parse(header);
        IsValid(beside).Should().Be(valid);
    }

    [Theory]
    [InlineData("""{"alg":"RS256"}""", true)]
    [InlineData("""{}""", true)]
    [InlineData("""{"alg":"PS256"}""", false)]
    [InlineData("""{"alg":"RS256","kid":"any"}""", false)]
    [InlineData("""[]""", false)]
    public void A_header_next_to_compact_text_has_to_be_what_the_protected_one_holds(string header, bool valid)
    {
        var vector = Read("rfc.json")[0];
        vector["header"] = JsonNode.Parse(header);

        IsValid(vector).Should().Be(valid);
    }

    [Fact]
    public void An_algorithm_that_is_not_protected_counts_only_when_none_is_and_by_the_same_rules()
    {
        var several = Read("rfc.json").Single(v => v["name"]!.GetValue<string>().Contains("alg unprotected", StringComparison.Ordinal));
        var signature = several["jws"]!["signatures"]![1]!;
        var flattened = new JsonObject
        {
            ["jwk"] = several["jwk"]!.DeepClone(),
            ["jws"] = new JsonObject { ["payload"] = several["jws"]!["payload"]!.DeepClone(), ["signature"] = signature["signature"]!.DeepClone(), ["header"] = signature["header"]!.DeepClone() },
        };

        IsValid(flattened).Should().BeTrue();
        foreach (var algorithm in new[] { "none", "HS512", "ES256", "RS512", "es512" })
        {
            var changed = flattened.DeepClone();
            changed["jws"]!["header"]!["alg"] = algorithm;
            IsValid(changed).Should().BeFalse(algorithm);
        }

        var without = flattened.DeepClone();
        without["jws"]!.AsObject().Remove("header");
        IsValid(without).Should().BeFalse("no header at all");
    }

    [Fact]
    public void The_two_json_serializations_are_not_mixed()
    {
        var flattened = Read("rfc.json").Single(v => v["name"]!.GetValue<string>().Contains("A.7", StringComparison.Ordinal));
        IsValid(flattened).Should().BeTrue();

        foreach (var (member, value) in new (string, JsonNode?)[]
        {
            ("signatures", new JsonArray()), ("payload", null), ("payload", 7), ("protected", ""), ("protected", new JsonObject()), ("signature", null), ("header", "x"),
        })
        {
            var changed = flattened.DeepClone();
            changed["jws"]![member] = value?.DeepClone();
            IsValid(changed).Should().BeFalse(member);
        }
    }

    [Theory]
    [InlineData("RFC 7520 4.2 PS384", "PS256")]
    [InlineData("RFC 7520 4.3 ES512", "ES521")]
    public void Where_a_collection_accepts_a_key_that_names_another_algorithm_this_library_does_not(string name, string algorithm)
    {
        // Project Wycheproof's tcId 346, 347, 350 and 351 are these tokens under keys with these names, and are declared valid there.
        var vector = Read("rfc.json").Single(v => v["name"]!.GetValue<string>() == name);
        IsValid(vector).Should().BeTrue();

        vector["jwk"]!["alg"] = algorithm;
        IsValid(vector).Should().BeFalse();
    }

    private static bool IsValid(JsonNode question) => VerifyJws.IsValid(Encoding.UTF8.GetBytes(question.ToJsonString()));

    private static List<JsonNode> Read(string file)
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Jose", "Vectors", file)))!;
        return [.. document["vectors"]!.AsArray().Select(vector => vector!)];
    }

    /// <summary>Next to the assembly, also when the tests are run with <c>dotnet Proofsheet.Identity.Tests.dll</c>.</summary>
    private static string Executable { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Proofsheet.Identity.Tests.exe" : "Proofsheet.Identity.Tests");

    private static Process Start() => Process.Start(new ProcessStartInfo(Executable, ["verify-jws"])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false),
    })!;

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        (await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60))).Should().BeEmpty();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        process.ExitCode.Should().Be(0);
        (await process.StandardError.ReadToEndAsync()).Should().BeEmpty();
    }
}
