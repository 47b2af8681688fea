using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibRaw;

/// <summary>The C functions of LibRaw that are needed to read a camera RAW's preview; its sensor data is never developed.</summary>
internal static unsafe partial class RawNative
{
    public const string Library = "libraw";

    public const int FileUnsupported = -2;
    public const int NoThumbnail = -5;
    public const int UnsupportedThumbnail = -6;
    public const int InsufficientMemory = -100007;
    public const int TooBig = -100012;

    public const int ImageJpeg = 1;
    public const int ImageBitmap = 2;

    /// <summary>The thread-safe variant.</summary>
    public static readonly OptionalLibrary File = new("PROOFSHEET_LIBRAW",
        "libraw_r.so.20", "libraw.so.20", "libraw_r.so.23", "libraw.so.23", "libraw_r.so.22", "libraw.so.22", "libraw_r.dylib", "libraw.dll");

    /// <summary>libraw_processed_image_t; its bytes follow <see cref="DataSize"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessedImage
    {
        public int Type;
        public ushort Height;
        public ushort Width;
        public ushort Colors;
        public ushort Bits;
        public uint DataSize;
        public byte FirstByte;
    }

    /// <summary>The beginning of libraw_iparams_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Camera
    {
        public fixed byte Guard[4];
        public fixed byte Make[64];
        public fixed byte Model[64];
    }

    /// <summary>The beginning of libraw_imgother_t; the time is that of the camera's clock, interpreted in this machine's time zone.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Exposure
    {
        public float Iso;
        public float Seconds;
        public float FNumber;
        public float FocalLengthMillimeters;
        public long Timestamp;
    }

    [LibraryImport(Library)]
    public static partial nint libraw_init(uint flags);

    [LibraryImport(Library)]
    public static partial void libraw_close(nint raw);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int libraw_open_file(nint raw, string path);

    [LibraryImport(Library)]
    public static partial int libraw_unpack_thumb(nint raw);

    [LibraryImport(Library)]
    public static partial ProcessedImage* libraw_dcraw_make_mem_thumb(nint raw, int* error);

    [LibraryImport(Library)]
    public static partial void libraw_dcraw_clear_mem(ProcessedImage* image);

    [LibraryImport(Library)]
    public static partial Camera* libraw_get_iparams(nint raw);

    [LibraryImport(Library)]
    public static partial Exposure* libraw_get_imgother(nint raw);

    [LibraryImport(Library)]
    public static partial nint libraw_strerror(int error);
}
