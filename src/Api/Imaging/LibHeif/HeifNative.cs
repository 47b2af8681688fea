using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibHeif;

/// <summary>The C functions of libheif (1.9 and newer) that are needed to read one picture.</summary>
internal static unsafe partial class HeifNative
{
    public const string Library = "libheif";

    public const int CompressionHevc = 1;
    public const int ColourspaceRgb = 1;
    public const int ChromaInterleavedRgb = 10;
    public const int ChromaInterleavedRgba = 11;
    public const int ChannelInterleaved = 10;

    public static readonly OptionalLibrary File = new("PROOFSHEET_LIBHEIF", "libheif.so.1", "libheif.1.dylib", "heif.dll");

    /// <summary>heif_error; the message belongs to the library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Error
    {
        public int Code;
        public int Subcode;
        public nint Message;
    }

    /// <summary>The beginning of heif_decoding_options, which the library allocates and may be larger.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DecodingOptions
    {
        public byte Version;
        public byte IgnoresTransformations;
        public nint StartProgress;
        public nint OnProgress;
        public nint EndProgress;
        public nint ProgressUserData;
        public byte ConvertsHdrToEightBits;
        public byte IsStrict;
    }

    /// <summary>The beginning of heif_color_profile_nclx: numbers of ITU-T H.273.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Nclx
    {
        public byte Version;
        public int Primaries;
        public int Transfer;
        public int Matrix;
    }

    [LibraryImport(Library)]
    public static partial int heif_have_decoder_for_format(int format);

    [LibraryImport(Library)]
    public static partial nint heif_context_alloc();

    [LibraryImport(Library)]
    public static partial void heif_context_free(nint context);

    [LibraryImport(Library)]
    public static partial void heif_context_set_maximum_image_size_limit(nint context, int side);

    [LibraryImport(Library)]
    public static partial void heif_context_set_max_decoding_threads(nint context, int threads);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Error heif_context_read_from_file(nint context, string path, nint options);

    [LibraryImport(Library)]
    public static partial int heif_context_get_number_of_top_level_images(nint context);

    [LibraryImport(Library)]
    public static partial Error heif_context_get_primary_image_handle(nint context, nint* handle);

    [LibraryImport(Library)]
    public static partial void heif_image_handle_release(nint handle);

    [LibraryImport(Library)]
    public static partial int heif_image_handle_get_width(nint handle);

    [LibraryImport(Library)]
    public static partial int heif_image_handle_get_height(nint handle);

    [LibraryImport(Library)]
    public static partial int heif_image_handle_has_alpha_channel(nint handle);

    [LibraryImport(Library)]
    public static partial nuint heif_image_handle_get_raw_color_profile_size(nint handle);

    [LibraryImport(Library)]
    public static partial Error heif_image_handle_get_raw_color_profile(nint handle, byte* profile);

    [LibraryImport(Library)]
    public static partial Error heif_image_handle_get_nclx_color_profile(nint handle, Nclx** profile);

    [LibraryImport(Library)]
    public static partial void heif_nclx_color_profile_free(Nclx* profile);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int heif_image_handle_get_list_of_metadata_block_IDs(nint handle, string? type, uint* ids, int count);

    [LibraryImport(Library)]
    public static partial nuint heif_image_handle_get_metadata_size(nint handle, uint id);

    [LibraryImport(Library)]
    public static partial Error heif_image_handle_get_metadata(nint handle, uint id, byte* data);

    [LibraryImport(Library)]
    public static partial DecodingOptions* heif_decoding_options_alloc();

    [LibraryImport(Library)]
    public static partial void heif_decoding_options_free(DecodingOptions* options);

    [LibraryImport(Library)]
    public static partial Error heif_decode_image(nint handle, nint* image, int colourspace, int chroma, DecodingOptions* options);

    [LibraryImport(Library)]
    public static partial int heif_image_get_width(nint image, int channel);

    [LibraryImport(Library)]
    public static partial int heif_image_get_height(nint image, int channel);

    [LibraryImport(Library)]
    public static partial byte* heif_image_get_plane_readonly(nint image, int channel, int* stride);

    [LibraryImport(Library)]
    public static partial void heif_image_release(nint image);
}
