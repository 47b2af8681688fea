using Proofsheet.Sdk;

namespace Proofsheet.Uploader;

/// <summary>Selects the photos in a folder by their file names; the API checks their content.</summary>
internal static class Pictures
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".gif", ".jxl",
        ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef", ".srw",
    };

    private static readonly string[] Unfinished = [".part", ".partial", ".tmp", ".crdownload", ".download", "~"];

    public static IEnumerable<UploadFile> In(string folder, CommandLine line) => UploadFile.FromFolder(folder, line.Has("sections"))
        .Where(f => !Unfinished.Any(end => f.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase)))
        .Where(f => line.Has("all") || Extensions.Contains(Path.GetExtension(f.Name)));
}
