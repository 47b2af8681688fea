using System.Globalization;
using NetVips;

namespace Proofsheet.DemoPictures;

/// <summary><c>Proofsheet.DemoPictures --out=DIR [--count=N] [--long-edge=PIXELS]</c>: paints pictures for trying the product without photos.</summary>
internal static class Paint
{
    private const int MaxCount = 1000;
    private const int MinLongEdge = 400;

    /// <summary>Returns the exit code: 0 done, 1 no libvips, 2 invalid arguments.</summary>
    public static async Task<int> Main(string[] args)
    {
        var options = args.Select(a => a.Split('=', 2)).Where(o => o is ["--out" or "--count" or "--long-edge", _]).ToLookup(o => o[0], o => o[1]);
        if (options.Sum(o => o.Count()) != args.Length
            || Number(options["--count"], PaintedPictures.SubjectCount) is not { } count || count is < 1 or > MaxCount
            || Number(options["--long-edge"], PaintedPictures.LongEdge) is not { } longEdge || longEdge is < MinLongEdge or > PaintedPictures.LongEdge)
        {
            await Console.Error.WriteLineAsync(
                $"Usage: Proofsheet.DemoPictures --out=DIR [--count=N] [--long-edge=PIXELS], with N from 1 to {MaxCount} and PIXELS from {MinLongEdge} to {PaintedPictures.LongEdge}.");
            return 2;
        }

        if (!ModuleInitializer.VipsInitialized)
        {
            await Console.Error.WriteLineAsync(
                "libvips was not found. It comes with the NuGet package NetVips.Native on Linux (x64 and arm64); elsewhere install the system's (Debian and Ubuntu: `apt-get install libvips42`).");
            return 1;
        }

        var folder = Directory.CreateDirectory(options["--out"].LastOrDefault("demo-pictures")).FullName;
        for (var number = 0; number < count; number++)
        {
            var picture = PaintedPictures.Make(number, longEdge);
            var path = Path.Combine(folder, picture.FileName);
            // Written atomically, so that an interrupted run can continue with the rest.
            await File.WriteAllBytesAsync(path + ".part", picture.Jpeg);
            File.Move(path + ".part", path, overwrite: true);
            Console.WriteLine($"{number + 1}/{count} {picture.FileName}");
        }

        return 0;
    }

    private static int? Number(IEnumerable<string> given, int otherwise) =>
        given.LastOrDefault() is not { } text ? otherwise : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
