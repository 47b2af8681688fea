using NetVips;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging;

/// <summary>Opens files with the decoder for the format that was detected from their content.</summary>
internal static class ImageLoader
{
    /// <summary>For formats that libvips reads itself.</summary>
    public static Image OpenHeader(ImageFormat format, string path) => Open(format, path, null, null, 1);

    /// <summary>The picture described by <paramref name="facts"/>, not turned upright: a whole HEIC, a camera RAW's preview, or a lazy one-pass reader.</summary>
    /// <param name="jpegShrink">1, 2, 4 or 8: libjpeg decodes a picture that much smaller, at a fraction of the cost.</param>
    public static Image OpenForOnePass(ImageFacts facts, string path, int jpegShrink)
    {
        switch (facts.Kind.Format)
        {
            case ImageFormat.Heic:
                using (var picture = HeifPicture.Open(path, (long)facts.Width * facts.Height))
                {
                    return picture.Decode();
                }

            case ImageFormat.Raw:
                return RawPreview.Read(facts.Kind, path).Open(jpegShrink);

            case var format:
                return Open(format, path, Enums.Access.Sequential, Enums.FailOn.Truncated, jpegShrink);
        }
    }

    /// <summary>A picture in memory, which libvips copies. The format is passed explicitly, because NetVips would let libvips guess it.</summary>
    public static Image Open(ImageFormat format, ReadOnlySpan<byte> picture, Enums.Access? access = null, Enums.FailOn? failOn = null, int jpegShrink = 1)
    {
        VipsRuntime.Ensure();
        // Not as a buffer, because NetVips would report its bytes to the garbage collector, which would then collect after every few pictures.
        using var source = Source.NewFromMemory(picture);
        return format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: jpegShrink, access: access, failOn: failOn),
            ImageFormat.Png => Image.PngloadSource(source, access: access, failOn: failOn),
            ImageFormat.WebP => Image.WebploadSource(source, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Pictures of this kind are not read from memory."),
        };
    }

    private static Image Open(ImageFormat format, string path, Enums.Access? access, Enums.FailOn? failOn, int jpegShrink)
    {
        VipsRuntime.Ensure();
        return format switch
        {
            ImageFormat.Jpeg => Image.Jpegload(path, shrink: jpegShrink, access: access, failOn: failOn),
            ImageFormat.Png => Image.Pngload(path, access: access, failOn: failOn),
            ImageFormat.WebP => Image.Webpload(path, access: access, failOn: failOn),
            ImageFormat.Avif => Image.Heifload(path, access: access, failOn: failOn),
            ImageFormat.Tiff => Image.Tiffload(path, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips has no loader for this kind."),
        };
    }
}
