using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NetVips;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.LibHeif;

/// <summary>
/// The primary picture of a HEIC file, read by the system's libheif. It is decoded upright: the file's own rotation and mirroring are part
/// of decoding. The EXIF orientation describes the same rotation again, so it must not be applied.
/// </summary>
internal sealed unsafe class HeifPicture : IDisposable
{
    private const int MaxMetadataBytes = 16 * 1024 * 1024;
    private const int LeastLimitPixels = 16 * 1024 * 1024;
    private const int ErrorUnsupportedFeature = 4;
    private const int ErrorMemory = 6;
    private const int SuberrorEndOfData = 100;
    private const int SuberrorSecurityLimit = 1000;

    private readonly nint context;
    private nint handle;

    private HeifPicture() => context = HeifNative.heif_context_alloc();

    public static bool CanDecode
    {
        get
        {
            NativeLibraries.Register();
            return HeifNative.File.IsThere && HeifNative.heif_have_decoder_for_format(HeifNative.CompressionHevc) != 0;
        }
    }

    public int Width => HeifNative.heif_image_handle_get_width(handle);

    public int Height => HeifNative.heif_image_handle_get_height(handle);

    public bool HasAlpha => HeifNative.heif_image_handle_has_alpha_channel(handle) != 0;

    public int Pictures => HeifNative.heif_context_get_number_of_top_level_images(context);

    /// <summary>Reads the boxes without decoding pixels. None of the pictures inside may be much larger than <paramref name="maxPixels"/>.</summary>
    /// <exception cref="DecodeException"/>
    public static HeifPicture Open(string path, long maxPixels)
    {
        VipsRuntime.Ensure();
        var picture = new HeifPicture();
        try
        {
            HeifNative.heif_context_set_maximum_image_size_limit(picture.context, LargestSide(maxPixels));
            // Photographs are processed in parallel, each on a single thread.
            HeifNative.heif_context_set_max_decoding_threads(picture.context, 0);
            Check(HeifNative.heif_context_read_from_file(picture.context, path, 0));
            nint primary = 0;
            Check(HeifNative.heif_context_get_primary_image_handle(picture.context, &primary));
            picture.handle = primary;
            return picture;
        }
        catch
        {
            picture.Dispose();
            throw;
        }
    }

    /// <summary>8 bits per sample, upright, with the color profile that the file contains or states.</summary>
    /// <exception cref="DecodeException"/>
    public Image Decode()
    {
        var bands = HasAlpha ? 4 : 3;
        var options = HeifNative.heif_decoding_options_alloc();
        nint decoded = 0;
        try
        {
            options->ConvertsHdrToEightBits = 1;
            Check(HeifNative.heif_decode_image(handle, &decoded, HeifNative.ColourspaceRgb,
                bands == 4 ? HeifNative.ChromaInterleavedRgba : HeifNative.ChromaInterleavedRgb, options));
            using var image = Copy(decoded, bands);
            return Profile() is { } profile ? image.With("icc-profile-data", profile) : image.Copy();
        }
        finally
        {
            HeifNative.heif_decoding_options_free(options);
            if (decoded != 0)
            {
                HeifNative.heif_image_release(decoded);
            }
        }
    }

    /// <summary>The metadata block of this type ("Exif"; "mime" for XMP), or null. An EXIF block starts with four bytes that say where its TIFF header is.</summary>
    public byte[]? Metadata(string type)
    {
        uint id = 0;
        if (HeifNative.heif_image_handle_get_list_of_metadata_block_IDs(handle, type, &id, 1) < 1)
        {
            return null;
        }

        var size = HeifNative.heif_image_handle_get_metadata_size(handle, id);
        if (size is <= 4 or > MaxMetadataBytes)
        {
            return null;
        }

        var block = new byte[(int)size];
        fixed (byte* first = block)
        {
            return HeifNative.heif_image_handle_get_metadata(handle, id, first).Code == 0 ? block : null;
        }
    }

    /// <summary>Where the TIFF header (or its prefix) starts in an EXIF block: the first four bytes say how many more precede it.</summary>
    public static int ExifStart(ReadOnlySpan<byte> block)
    {
        var skip = BinaryPrimitives.ReadUInt32BigEndian(block);
        return skip <= (uint)block.Length - 4 ? 4 + (int)skip : 4;
    }

    public byte[]? Profile()
    {
        var size = HeifNative.heif_image_handle_get_raw_color_profile_size(handle);
        if (size is > 0 and <= MaxMetadataBytes)
        {
            var profile = new byte[(int)size];
            fixed (byte* first = profile)
            {
                return HeifNative.heif_image_handle_get_raw_color_profile(handle, first).Code == 0 ? profile : null;
            }
        }

        HeifNative.Nclx* stated = null;
        if (HeifNative.heif_image_handle_get_nclx_color_profile(handle, &stated).Code != 0 || stated is null)
        {
            return null;
        }

        var (primaries, transfer) = (stated->Primaries, stated->Transfer);
        HeifNative.heif_nclx_color_profile_free(stated);
        return NclxProfile.Make(primaries, transfer);
    }

    public void Dispose()
    {
        if (handle != 0)
        {
            HeifNative.heif_image_handle_release(handle);
            handle = 0;
        }

        HeifNative.heif_context_free(context);
    }

    // The limit is the side of a square. Encoders pad pictures to whole blocks and store where to crop, and tiles may extend over the edge.
    private static int LargestSide(long pixels) => (int)Math.Sqrt(Math.Clamp(2 * pixels, LeastLimitPixels, 1 << 30));

    // libheif pads its rows. Read as one band as wide as a row, then cropped and folded into samples, the padding is removed without a second copy.
    private static Image Copy(nint decoded, int bands)
    {
        var stride = 0;
        var pixels = HeifNative.heif_image_get_plane_readonly(decoded, HeifNative.ChannelInterleaved, &stride);
        var width = HeifNative.heif_image_get_width(decoded, HeifNative.ChannelInterleaved);
        var height = HeifNative.heif_image_get_height(decoded, HeifNative.ChannelInterleaved);
        if (pixels is null || width < 1 || height < 1 || stride < (long)width * bands)
        {
            throw new DecodeException("libheif", "no pixels", ImageRefusal.Corrupt());
        }

        using var rows = VipsPixels.ToImage(new ReadOnlySpan<byte>(pixels, checked(stride * height)), stride, height, 1);
        using var cut = rows.ExtractArea(0, 0, width * bands, height);
        using var folded = cut.Bandfold(factor: bands);
        return folded.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static void Check(HeifNative.Error error)
    {
        if (error.Code == 0)
        {
            return;
        }

        var message = FormattableString.Invariant($"{Marshal.PtrToStringUTF8(error.Message)} ({error.Code}, {error.Subcode})");
        throw new DecodeException("libheif", message, error switch
        {
            { Subcode: SuberrorSecurityLimit } => ImageRefusal.ClaimsTooMuch("HEIC"),
            { Subcode: SuberrorEndOfData } => ImageRefusal.Truncated(),
            { Code: ErrorMemory } => ImageRefusal.CrashedDecoder(),
            { Code: ErrorUnsupportedFeature } => ImageRefusal.NoHeicCodec(),
            _ => ImageRefusal.Corrupt(),
        });
    }
}
