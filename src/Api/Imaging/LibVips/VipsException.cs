namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>libvips refused an operation; the message is its own.</summary>
internal sealed class VipsException(string operation, string detail) : DecodeException(operation, detail, ToRefusal(detail))
{
    private static readonly string[] Missing =
        ["premature end", "truncated", "end of file", "end of stream", "end of input", "not enough", "read past", "read error", "eof"];

    private static readonly string[] Starved = ["insufficient memory", "out of memory", "memory allocation", "unable to allocate", "not enough memory"];

    private static ImageRefusal ToRefusal(string detail) =>
        Says(detail, Starved) ? ImageRefusal.CrashedDecoder()
        : Says(detail, Missing) ? ImageRefusal.Truncated()
        : ImageRefusal.Corrupt();

    private static bool Says(string detail, string[] words) => words.Any(w => detail.Contains(w, StringComparison.OrdinalIgnoreCase));
}

/// <summary>No libvips could be loaded: a fault of the installation, not of a picture.</summary>
internal sealed class VipsNotFoundException(string message) : Exception(message);
