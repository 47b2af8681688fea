using NetVips;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Translates error messages of libvips for the photographer.</summary>
internal static class VipsErrors
{
    private static readonly string[] Missing =
        ["premature end", "truncated", "end of file", "end of stream", "end of input", "not enough", "read past", "read error", "eof"];

    private static readonly string[] Starved = ["insufficient memory", "out of memory", "memory allocation", "unable to allocate", "not enough memory"];

    public static ImageRefusal ToRefusal(VipsException broken) =>
        Says(broken.Message, Starved) ? ImageRefusal.CrashedDecoder()
        : Says(broken.Message, Missing) ? ImageRefusal.Truncated()
        : ImageRefusal.Corrupt();

    private static bool Says(string message, string[] words) => words.Any(w => message.Contains(w, StringComparison.OrdinalIgnoreCase));
}
