using System.Runtime.InteropServices;
using System.Text;
using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;

namespace Proofsheet.Api.Imaging.LibRaw;

/// <summary>The largest preview picture inside a camera RAW, as the camera wrote it: not developed, and not turned upright.</summary>
internal sealed unsafe class RawPreview
{
    private const int MaxPreviewBytes = 80 * 1024 * 1024;

    private readonly byte[] bytes;
    private readonly (int Width, int Height)? bitmap;

    private RawPreview(byte[] bytes, (int Width, int Height)? bitmap)
    {
        this.bytes = bytes;
        this.bitmap = bitmap;
    }

    public static bool CanRead
    {
        get
        {
            NativeLibraries.Register();
            return RawNative.File.IsThere;
        }
    }

    /// <exception cref="DecodeException">The file has no preview, is damaged, or is from a camera that the library does not support.</exception>
    public static RawPreview Read(SniffedFormat kind, string path)
    {
        NativeLibraries.Register();
        var raw = Open(kind, path);
        try
        {
            Check(RawNative.libraw_unpack_thumb(raw), kind);
            var error = 0;
            var thumbnail = RawNative.libraw_dcraw_make_mem_thumb(raw, &error);
            if (thumbnail is null)
            {
                Check(error == 0 ? RawNative.NoThumbnail : error, kind);
            }

            try
            {
                return Copy(thumbnail, kind);
            }
            finally
            {
                RawNative.libraw_dcraw_clear_mem(thumbnail);
            }
        }
        finally
        {
            RawNative.libraw_close(raw);
        }
    }

    /// <summary>The metadata that the library itself reads, for formats that the metadata reader does not support. Null if there is none.</summary>
    public static PhotoMetadata? Metadata(SniffedFormat kind, string path)
    {
        NativeLibraries.Register();
        var raw = Open(kind, path);
        try
        {
            var camera = RawNative.libraw_get_iparams(raw);
            var exposure = RawNative.libraw_get_imgother(raw);
            var (make, model) = (Text(camera->Make), Text(camera->Model));
            return make is null && model is null ? null : new PhotoMetadata
            {
                CameraMake = make,
                CameraModel = model,
                Camera = PhotoMetadataReader.Camera(make, model),
                ExposureSeconds = Positive(exposure->Seconds),
                FNumber = Positive(exposure->FNumber),
                Iso = (int?)Positive(exposure->Iso),
                FocalLengthMillimeters = Positive(exposure->FocalLengthMillimeters),
                TakenAtLocal = exposure->Timestamp > 0 ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(exposure->Timestamp, 7_000_000_000)).LocalDateTime : null,
            };
        }
        finally
        {
            RawNative.libraw_close(raw);
        }
    }

    /// <param name="jpegShrink">See <see cref="ImageLoader.OpenForOnePass"/>.</param>
    public Image Open(int jpegShrink) => bitmap is var (width, height)
        ? VipsPixels.ToImage(bytes, width, height, 3)
        : ImageLoader.Open(ImageFormat.Jpeg, bytes, Enums.Access.Sequential, Enums.FailOn.Truncated, jpegShrink);

    private static nint Open(SniffedFormat kind, string path)
    {
        var raw = RawNative.libraw_init(0);
        try
        {
            Check(RawNative.libraw_open_file(raw, path), kind);
            return raw;
        }
        catch
        {
            RawNative.libraw_close(raw);
            throw;
        }
    }

    private static RawPreview Copy(RawNative.ProcessedImage* thumbnail, SniffedFormat kind)
    {
        var data = new ReadOnlySpan<byte>(&thumbnail->FirstByte, (int)Math.Min(thumbnail->DataSize, MaxPreviewBytes));
        if (thumbnail->Type == RawNative.ImageJpeg && data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return new RawPreview(data.ToArray(), null);
        }

        var (width, height) = (thumbnail->Width, thumbnail->Height);
        var isPicture = thumbnail->Type == RawNative.ImageBitmap && thumbnail->Colors == 3 && thumbnail->Bits == 8
            && data.Length >= width * height * 3;
        return isPicture
            ? new RawPreview(data[..(width * height * 3)].ToArray(), (width, height))
            : throw new DecodeException("libraw", "no usable preview", ImageRefusal.NoPreview(kind.Name));
    }

    private static void Check(int error, SniffedFormat kind)
    {
        if (error == 0)
        {
            return;
        }

        var message = FormattableString.Invariant($"{Marshal.PtrToStringUTF8(RawNative.libraw_strerror(error))} ({error})");
        throw new DecodeException("libraw", message, error switch
        {
            RawNative.NoThumbnail or RawNative.UnsupportedThumbnail => ImageRefusal.NoPreview(kind.Name),
            RawNative.FileUnsupported => ImageRefusal.UnknownRaw(kind.Name),
            RawNative.InsufficientMemory or RawNative.TooBig => ImageRefusal.CrashedDecoder(),
            _ => ImageRefusal.Corrupt(),
        });
    }

    private static string? Text(byte* text) =>
        MetadataText.Line(Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text, 64)).Split('\0')[0], PhotoMetadata.MaxNameLength);

    private static double? Positive(float number) => float.IsFinite(number) && number is > 0 and < 1e8f ? number : null;
}
