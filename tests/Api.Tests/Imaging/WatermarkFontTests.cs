using System.Diagnostics;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>What an operator reads when the font that comes with the product cannot be used.</summary>
public sealed class WatermarkFontTests
{
    [Fact]
    public void The_font_that_comes_with_the_product_is_one() => Assert.Null(WatermarkFont.Problem(WatermarkFont.File));

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is not a font")]
    [InlineData("Inter", "is not a font")]
    public void A_file_that_is_none_is_named(string? content, string problem)
    {
        var folder = TestFolder.New("font");
        var file = Path.Combine(folder, "Inter.ttf");
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        var line = WatermarkFont.Problem(file);

        Assert.Contains(file, line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_it_the_start_ends_with_one_line()
    {
        var folder = TestFolder.New("font");
        var (application, data) = (Path.Combine(folder, "application"), Directory.CreateDirectory(Path.Combine(folder, "data")).FullName);
        Copy(AppContext.BaseDirectory, application);
        File.Delete(Path.Combine(application, Path.GetRelativePath(AppContext.BaseDirectory, WatermarkFont.File)));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(application, "Proofsheet.Api.dll")]) { WorkingDirectory = data, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        var line = Assert.Single((await error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Inter-SemiBold.ttf, is missing", line, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    // The programs and their libraries; nothing that other tests put there.
    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains("node_modules", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
