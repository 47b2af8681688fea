using System.Text.Json.Serialization;

namespace Proofsheet.Api.Imaging;

/// <summary>Why a file was refused: a stable code for programs and a sentence for the photographer.</summary>
internal sealed record ImageRefusal(string Code, string Message)
{
    public const string NotAnImageCode = "not_an_image";
    public const string UnsupportedFormatCode = "unsupported_format";
    public const string NoCodecCode = "no_codec";
    public const string NoPreviewCode = "no_preview";
    public const string ImageTruncatedCode = "image_truncated";
    public const string ImageCorruptCode = "image_corrupt";
    public const string ImageTooLargeCode = "image_too_large";
    public const string TooManyFramesCode = "too_many_frames";
    public const string ImageTooDemandingCode = "image_too_demanding";

    private const string WhatIsTaken = "Send JPEG, PNG, WebP, AVIF, TIFF, HEIC or camera RAW.";

    /// <summary>The file is valid, but something other than the file is missing: the file is kept and can be processed again.</summary>
    [JsonIgnore]
    public bool KeepsOriginal => Code is NoCodecCode or NoPreviewCode;

    public static ImageRefusal NotAnImage() => new(NotAnImageCode, $"This file is not a photograph. {WhatIsTaken}");

    public static ImageRefusal Unsupported(string name) => new(UnsupportedFormatCode, $"Files of this kind ({name}) are not taken as photographs. {WhatIsTaken}");

    public static ImageRefusal NoHeicCodec() => new(NoCodecCode,
        "HEIC photographs cannot be decoded on this server yet; the original is kept. Ask the operator to install libheif with its HEVC decoder (Debian: libheif1) and try again, or export as JPEG.");

    public static ImageRefusal NoRawCodec(string name) => new(NoCodecCode,
        $"Camera RAW files ({name}) cannot be opened on this server yet; the original is kept. Ask the operator to install libraw (Debian: libraw20) and try again, or export as JPEG or TIFF.");

    public static ImageRefusal UnknownRaw(string name) => new(NoCodecCode,
        $"This camera RAW file ({name}) is of a kind that the server's libraw does not know; the original is kept. Try again when the operator has a newer one, or export as JPEG or TIFF.");

    public static ImageRefusal NoPreview(string name) => new(NoPreviewCode,
        $"This camera RAW file ({name}) carries no preview picture that could be shown; the original is kept. Export it as JPEG or TIFF from your RAW developer.");

    public static ImageRefusal Truncated() => new(ImageTruncatedCode,
        "The end of this photograph is missing, as after an interrupted copy or upload. Send the complete file again.");

    public static ImageRefusal Corrupt() => new(ImageCorruptCode,
        "This photograph is damaged and cannot be read. Open it in your photo program, save it again and send that file.");

    public static ImageRefusal TooManyPixels(long width, long height, long maxPixels) => new(ImageTooLargeCode,
        FormattableString.Invariant($"This photograph has {width} x {height} pixels; the limit is {maxPixels / 1_000_000.0:0.#} megapixels. Export a smaller version."));

    public static ImageRefusal TooLongSide(long width, long height, int maxSide) => new(ImageTooLargeCode,
        $"This photograph has {width} x {height} pixels; neither side may be longer than {maxSide}. Export a smaller version.");

    public static ImageRefusal TooManyBytes(long bytes, long maxBytes) => new(ImageTooLargeCode,
        FormattableString.Invariant($"This file has {bytes / 1_048_576.0:0.#} MB; the limit is {maxBytes / 1_048_576.0:0.#} MB. Export a smaller version."));

    public static ImageRefusal NeedsTooMuchMemory(string how) => new(ImageTooLargeCode,
        $"This photograph is too large for the way it is saved ({how}). Save it as a baseline JPEG or plain TIFF, or export a smaller version.");

    public static ImageRefusal ClaimsTooMuch(string name) => new(ImageTooLargeCode,
        $"This file ({name}) claims to hold more than is allowed. Export a smaller version.");

    public static ImageRefusal TooManyBands(int bands) => new(UnsupportedFormatCode,
        $"This picture has {bands} channels. Send a photograph in RGB, gray or CMYK.");

    public static ImageRefusal TooManyFrames(int frames, int maxFrames) => new(TooManyFramesCode,
        $"This file holds {frames} pictures; at most {maxFrames} are accepted in one file. Send each as its own file.");

    public static ImageRefusal TooManyScans(int maxScans) => new(ImageTooDemandingCode,
        $"This JPEG is read in more than {maxScans} passes (progressive scans). Save it as a baseline JPEG and send that file.");

    public static ImageRefusal TooSlow(TimeSpan limit) => new(ImageTooDemandingCode,
        FormattableString.Invariant($"Reading this photograph takes more than {limit.TotalSeconds:0} seconds of computing time. Save it as a JPEG and send that file."));

    public static ImageRefusal CrashedDecoder() => new(ImageTooDemandingCode,
        "Reading this photograph failed twice or took more memory than is allowed. Save it as a JPEG and send that file.");
}
