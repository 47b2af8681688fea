namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>The font that comes with the product.</summary>
internal static class WatermarkFont
{
    // TrueType and OpenType (OpenType specification, "Organization of an OpenType Font").
    private static readonly byte[][] Signatures = [[0, 1, 0, 0], [.. "OTTO"u8]];

    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "Imaging", "Watermarks", "Fonts", "Inter-SemiBold.ttf");

    /// <summary>One line for the operator when the file is not there, cannot be read or is no font; null when all is well.</summary>
    public static string? Problem(string file)
    {
        try
        {
            using var content = System.IO.File.OpenRead(file);
            var signature = new byte[4];
            content.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false);
            return Signatures.Any(s => s.SequenceEqual(signature)) ? null : Line("is not a font");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Line("is missing");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Line($"cannot be read ({e.Message})");
        }

        string Line(string what) => $"The font of watermarks, {file}, {what}. It comes with the application: build or publish again to bring it back.";
    }
}
