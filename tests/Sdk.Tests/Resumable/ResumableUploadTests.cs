using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.Resumable;

public sealed class ResumableUploadTests : IDisposable
{
    private readonly StubUploads _server = new();
    private readonly List<UploadProgress> _told = [];

    public void Dispose() => _server.Dispose();

    public static TheoryData<string> Troubles => [.. Faults.Keys];

    private static Dictionary<string, Func<string, int, Fault?>> Faults { get; } = new()
    {
        ["cut in the middle of a piece"] = On("PATCH", 1, new Fault.Cut(400)),
        ["cut before the first byte"] = On("PATCH", 0, new Fault.Cut(0)),
        ["503 with a time"] = On("PATCH", 1, new Fault.Answer(503, "storage_failed", RetryAfter: 1)),
        ["a full disk"] = On("PATCH", 2, new Fault.Answer(507, "storage_full")),
        ["locked"] = On("PATCH", 1, new Fault.Answer(423, "upload_locked")),
        ["the answer lost in the middle"] = On("PATCH", 1, new Fault.Lost()),
        ["the answer lost at the end"] = On("PATCH", 3, new Fault.Lost()),
        ["a conflict out of nowhere"] = On("PATCH", 2, new Fault.Answer(409, "upload_offset_conflict")),
        ["the server behind after a crash"] = On("PATCH", 2, new Fault.Behind(700)),
        ["a piece damaged on its way"] = On("PATCH", 1, new Fault.Answer(460, "upload_checksum_mismatch")),
        ["less taken than sent"] = On("PATCH", 1, new Fault.Takes(300)),
        ["expired"] = On("PATCH", 2, new Fault.Expired()),
        ["the answer to the creation lost"] = On("POST", 0, new Fault.Lost()),
        ["the question for the offset broken too"] = (method, before) => (method, before) switch
        {
            ("PATCH", 1) => new Fault.Cut(10),
            ("HEAD", 0) => new Fault.Answer(502, "http_502"),
            ("HEAD", 1) => new Fault.Answer(423, "upload_locked"),
            _ => null,
        },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Whatever_goes_wrong_the_file_arrives_once_and_whole(string trouble)
    {
        _server.Faults = Faults[trouble];
        var bytes = Random.Shared.GetItems(new byte[] { 1, 2, 3, 4 }, 3500);
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", bytes)], Options()).RunAsync();

        results.Should().ContainSingle().Which.Outcome.Should().Be(UploadOutcome.Accepted);
        _server.Photos.Should().ContainSingle().Which.Value.Should().Equal(bytes);
        _server.Overlaps.Should().Be(0);
        _told[^1].Should().BeEquivalentTo(new { SentBytes = 3500L, TotalBytes = 3500L, FilesDone = 1, Percent = 100, Stage = UploadStage.Done });
    }

    [Fact]
    public async Task A_lost_last_answer_ends_as_done_and_nothing_is_sent_again()
    {
        _server.Faults = On("PATCH", 3, new Fault.Lost());
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", new byte[3500])], Options()).RunAsync();

        results[0].Should().BeEquivalentTo(new { Outcome = UploadOutcome.Accepted, PhotoId = "pho_1" });
        _server.BytesTaken.Should().Be(3500);
        _server.Count("POST").Should().Be(1);
    }

    [Fact]
    public async Task A_cut_costs_no_more_than_what_had_not_arrived()
    {
        _server.Faults = On("PATCH", 1, new Fault.Cut(400));
        using var client = _server.Client();

        await client.Photos.Resumable("gal_1", [File("a.jpg", new byte[3500])], Options()).RunAsync();

        _server.BytesTaken.Should().Be(3500);
    }

    [Fact]
    public async Task What_the_gallery_has_is_not_sent()
    {
        _server.Photos["pho_7"] = [1, 2, 3];
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", [1, 2, 3]), File("b.jpg", [4, 5]), File("c.jpg", [1, 2, 3])], Options()).RunAsync();

        results.Select(r => (r.File.Name, r.Outcome.Value, r.PhotoId)).Should().Equal(("a.jpg", "duplicate", "pho_7"), ("b.jpg", "accepted", "pho_2"), ("c.jpg", "duplicate", "pho_7"));
        _server.BytesTaken.Should().Be(2);
    }

    [Fact]
    public async Task Two_files_of_the_same_bytes_become_one_photo_that_both_name()
    {
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", [1, 2]), File("b.jpg", [1, 2]), File("c.jpg", [3])], Options() with { Concurrency = 1 }).RunAsync();

        results.Select(r => (r.Outcome.Value, r.PhotoId)).Should().Equal(("accepted", "pho_1"), ("duplicate", "pho_1"), ("accepted", "pho_2"));
        _server.BytesTaken.Should().Be(3);
    }

    [Fact]
    public async Task A_refused_file_is_told_in_its_result_and_the_others_go_on()
    {
        _server.Refuses = name => name == "b.txt" ? "not_an_image" : null;
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", [1]), File("b.txt", [2]), File("c.jpg", [3])], Options()).RunAsync();

        results.Select(r => r.Outcome.Value).Should().Equal("accepted", "refused", "accepted");
        results[1].Problem!.Code.Should().Be("not_an_image");
    }

    [Fact]
    public async Task A_refusal_whose_answer_was_lost_is_told_all_the_same()
    {
        _server.Refuses = _ => "not_an_image";
        _server.Faults = On("PATCH", 0, new Fault.Lost());
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", [1])], Options()).RunAsync();

        results[0].Should().BeEquivalentTo(new { Outcome = UploadOutcome.Refused, Problem = new { Code = "not_an_image" } });
    }

    [Fact]
    public async Task Thousands_of_files_are_announced_in_thousands_and_go_to_the_sections_they_name()
    {
        var files = Enumerable.Range(0, 2500).Select(i => File($"{i}.jpg", BitConverter.GetBytes(i)) with { Section = i % 2 == 0 ? "Church" : "Party" });
        _server.Sections.Add(("Party", "sec_there"));
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", files, Options()).RunAsync();

        results.Should().HaveCount(2500).And.OnlyContain(r => r.Outcome == UploadOutcome.Accepted);
        _server.Batches.Should().Equal(1000, 1000, 500);
        _server.Sections.Should().Equal(("Party", "sec_there"), ("Church", "sec_1"));
        _server.SectionsOfPhotos.Count(s => s == "sec_1").Should().Be(1250);
        _server.SectionsOfPhotos.Count(s => s == "sec_there").Should().Be(1250);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("the answer to the joining lost")]
    public async Task A_large_file_goes_in_parts_side_by_side_and_becomes_one_photo(string trouble)
    {
        _server.Faults = trouble == "nothing" ? (_, _) => null : On("POST", 4, new Fault.Lost());
        var bytes = Random.Shared.GetItems(new byte[] { 1, 2, 3, 4 }, 10_001);
        var together = 0;
        var most = 0;
        _server.Arriving = async (request, cancellation) =>
        {
            if (request.Method.Method == "PATCH")
            {
                most = Math.Max(most, Interlocked.Increment(ref together));
                await Task.Delay(20, cancellation);
                Interlocked.Decrement(ref together);
            }
        };
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", bytes)], Options() with { PartsFromBytes = 9000, Parts = 3 }).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _server.Photos.Should().ContainSingle().Which.Value.Should().Equal(bytes);
        most.Should().BeGreaterThan(1);
        _server.Overlaps.Should().Be(0);
    }

    [Fact]
    public async Task The_credential_goes_to_the_clients_address_alone()
    {
        using var client = _server.Client();

        await client.Photos.Resumable("gal_1", [File("a.jpg", [1, 2, 3])], Options()).RunAsync();

        _server.Asked.Select(a => a.Address.Host).Distinct().Should().Equal("api.example");
        _server.Asked.Should().OnlyContain(a => a.Authorization == "Bearer ps_test");
    }

    [Fact]
    public async Task A_page_of_someone_else_s_in_place_of_the_batch_is_no_answer()
    {
        _server.Faults = On("POST", 0, new Fault.Page());
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [File("a.jpg", [1]), File("b.jpg", [2])], Options()).RunAsync();

        results.Should().OnlyContain(r => r.Outcome == UploadOutcome.Accepted);
        _server.Count("POST").Should().Be(2);
    }

    [Fact]
    public async Task A_refused_key_ends_it_all_at_once()
    {
        _server.Faults = (method, _) => method == "PATCH" ? new Fault.Answer(401, "invalid_credential") : null;
        using var client = _server.Client();
        var upload = client.Photos.Resumable("gal_1", Enumerable.Range(0, 20).Select(i => File($"{i}.jpg", [(byte)i])), Options());

        await upload.Invoking(u => u.RunAsync()).Should().ThrowAsync<ProofsheetUnauthorizedException>();

        _server.Count("PATCH").Should().BeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Patience_ends_and_what_was_sent_stays()
    {
        var sessions = new MemoryUploadSessionStore();
        _server.Faults = (method, before) => method == "PATCH" && before >= 2 ? new Fault.Cut(0) : null;
        using var client = _server.Client();
        var options = Options() with { Sessions = sessions, Patience = TimeSpan.FromMilliseconds(60) };

        await client.Photos.Resumable("gal_1", [File("a.jpg", new byte[3500])], options).Invoking(u => u.RunAsync()).Should().ThrowAsync<ProofsheetConnectionException>();
        _server.Faults = (_, _) => null;
        await client.Photos.Resumable("gal_1", [File("a.jpg", new byte[3500])], options).RunAsync();

        _server.Photos.Should().HaveCount(1);
        _server.BytesTaken.Should().Be(3500);
    }

    internal static Func<string, int, Fault?> On(string method, int at, Fault fault) => (m, before) => m == method && before == at ? fault : null;

    internal static UploadFile File(string name, byte[] bytes, DateTimeOffset? modifiedAt = null) => new(name, bytes.Length, () => new MemoryStream(bytes)) { ModifiedAt = modifiedAt };

    private ResumableUploadOptions Options() => new()
    {
        ChunkBytes = 1000,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        Progress = new Direct<UploadProgress>(_told.Add),
    };
}
