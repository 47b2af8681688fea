using System.Text;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests.Uploader;

/// <summary>The real tool against the real API.</summary>
public sealed class UploadCommandTests(ApiHost api) : IDisposable
{
    private readonly UploaderHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_folder_becomes_a_published_gallery_with_sections_and_a_second_run_sends_nothing()
    {
        using var client = await StudioAsync();
        _home.Put("rings.png", SmallPng.Of(200, 320, seed: 1));
        _home.Put("Church/kiss.png", SmallPng.Of(320, 200, seed: 2));
        _home.Put("Church/Choir/song.png", SmallPng.Of(320, 200, seed: 3));
        _home.Put("Party/Übermut & Tanz.png", SmallPng.Of(320, 200, seed: 4));
        _home.Put("Party/notes.txt", [1, 2, 3]);
        _home.Put(".hidden/x.png", SmallPng.Of(10, 10, seed: 5));
        string[] command = ["upload", _home.Photos, "--gallery", "Anna & Ben", "--create", "--sections", "--publish"];

        var (code, output) = await _home.Start(command).EndAsync();

        code.Should().Be(0, output);
        output.Should().Contain("4 uploaded, 0 there already, 0 refused.").And.MatchRegex("Published: http.*/g/");
        output.Should().Contain(Path.Combine("Church", "kiss.png") + ": uploaded").And.NotContain("\u001b", "an output that is no terminal gets plain lines");
        var gallery = (await client.Galleries.ListAllAsync().ToListAsync()).Should().ContainSingle().Which;
        gallery.Status.Should().Be(GalleryStatus.Published);
        var sections = (await client.Sections.ListAsync(gallery.Id)).Data.ToDictionary(s => s.Id, s => s.Title);
        (await client.Photos.ListAllAsync(gallery.Id).ToListAsync()).Select(p => (p.CurrentVersion.FileName, p.SectionId is { } id ? sections[id] : null))
            .Should().BeEquivalentTo([("rings.png", null), ("kiss.png", "Church"), ("song.png", "Church"), ("Übermut & Tanz.png", "Party")]);

        var (again, said) = await _home.Start(command).EndAsync();

        again.Should().Be(0, said);
        said.Should().Contain("0 uploaded, 4 there already, 0 refused.");
    }

    [Fact]
    public async Task A_refused_file_is_named_with_its_reason_and_the_others_are_there()
    {
        using var client = await StudioAsync();
        _home.Put("kiss.png", SmallPng.Of(320, 200, seed: 1));
        _home.Put("evil\u001b[2J.jpg", Encoding.UTF8.GetBytes("no photograph at all"));

        var (code, output) = await _home.Start("upload", _home.Photos, "--gallery=Anna", "--create").EndAsync();

        code.Should().Be(1, output);
        output.Should().Contain("1 uploaded, 0 there already, 1 refused.").And.Contain("(not_an_image)");
        output.Should().Contain("evil?[2J.jpg").And.NotContain("\u001b", "a name must not command the terminal");
    }

    [Theory]
    [InlineData("", "Uploads folders of photographs", 0)]
    [InlineData("--help", "Uploads folders of photographs", 0)]
    [InlineData("upload --help", "Uploads folders of photographs", 0)]
    [InlineData("dance", "there is no command 'dance'", 2)]
    [InlineData("upload", "upload needs a folder", 2)]
    [InlineData("upload /nowhere --gallery x", "there is no folder /nowhere", 2)]
    [InlineData("upload . --gallery", "--gallery needs a value", 2)]
    [InlineData("upload . --publsh", "upload does not know --publsh", 2)]
    [InlineData("upload . --all --gallery x --concurrency 99", "there are no photographs", 2)]
    [InlineData("upload wedding", "which gallery?", 2)]
    [InlineData("upload wedding --gallery Nobodys", "there is no gallery Nobodys; --create makes it", 2)]
    [InlineData("upload wedding --gallery gal_00000000000000000000000000", "there is no gallery gal_", 2)]
    [InlineData("upload wedding --gallery x --create --concurrency 99", "--concurrency: a number from 1 to 16", 2)]
    [InlineData("upload wedding --gallery x --key nonsense", "not signed in", 3)]
    [InlineData("upload wedding --gallery x --api ftp://x", "--api: an address such as", 2)]
    [InlineData("upload wedding --gallery x --api http://127.0.0.1:1", "the API could not be reached", 4)]
    [InlineData("login --authority http://127.0.0.1:1", "which client is this?", 2)]
    public async Task Mistakes_are_told_in_a_line_and_a_code(string command, string says, int code)
    {
        using var client = await StudioAsync();
        Directory.CreateDirectory(_home.Photos);
        if (command.StartsWith("upload wedding", StringComparison.Ordinal))
        {
            _home.Put("kiss.png", SmallPng.Of(32, 20, seed: 1));
        }
        else
        {
            Directory.Delete(_home.Photos);
        }

        var (ended, output) = await _home.Start(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)).EndAsync();

        output.Should().Contain(says);
        ended.Should().Be(code, output);
        output.Should().NotContain("   at ", "a stack trace is no message");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_terminal_bars_are_drawn_and_colors_are_left_out_where_they_are_not_wanted(bool noColor)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) to make a terminal with: Debian's bsdutils has it.");
        using var client = await StudioAsync();
        using var wire = new SlowWire(api.Address) { BytesPerSecond = 2_000_000 };
        _home.Put("kiss.png", SmallPng.Noise(1000, 500, seed: 1));
        _home.Environment["TERM"] = "xterm";
        _home.Environment["PROOFSHEET_URL"] = wire.Address.AbsoluteUri;
        if (noColor)
        {
            _home.Environment["NO_COLOR"] = "1";
        }

        var (code, output) = await _home.StartOnTerminal("upload", _home.Photos, "--gallery", "Anna", "--create").EndAsync();

        code.Should().Be(0, output);
        output.Should().Contain("█").And.Contain("100 %, 1 of 1 files").And.Contain("1 uploaded");
        output.Contains("\u001b[36m", StringComparison.Ordinal).Should().Be(!noColor);
    }

    private async Task<ProofsheetClient> StudioAsync()
    {
        var key = (await api.StudioAsync()).SecretKey;
        _home.Environment["PROOFSHEET_URL"] = api.Address.AbsoluteUri;
        _home.Environment["PROOFSHEET_KEY"] = key;
        return new ProofsheetClient(api.Address, key);
    }
}
