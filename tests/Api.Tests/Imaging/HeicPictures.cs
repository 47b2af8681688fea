using System.Runtime.InteropServices;
using NetVips;
using Proofsheet.Api.Imaging.LibHeif;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Creates HEIC files with the encoder of the system's libheif, because our build of libvips cannot.</summary>
internal static unsafe partial class HeicPictures
{
    private const string Library = "libheif.so.1";
    private const int CompressionHevc = 1;
    private const int ColourspaceRgb = 1;
    private const int ChannelInterleaved = 10;

    /// <param name="picture">RGB or RGBA of 8 bits, as stored.</param>
    /// <param name="orientation">Declared by the container's own rotation and mirroring, as 1 to 8.</param>
    /// <param name="nclx">Primaries and transfer, numbered as in ITU-T H.273.</param>
    /// <param name="exif">Starting with "II*".</param>
    public static byte[] Make(Image picture, int orientation = 1, int bits = 8, byte[]? profile = null, (int Primaries, int Transfer)? nclx = null, byte[]? exif = null)
    {
        Need();
        nint encoder = 0, image = 0, handle = 0;
        var context = heif_context_alloc();
        var options = heif_encoding_options_alloc();
        var file = Path.GetTempFileName();
        try
        {
            var found = heif_context_get_encoder_for_format(context, CompressionHevc, &encoder).Code == 0;
            Assert.SkipUnless(found, "The libheif of this machine has no HEVC encoder (Debian: libheif1 with libx265).");
            Check(heif_encoder_set_lossy_quality(encoder, 95));
            // The default, slow, takes a second of CPU for each picture.
            Check(heif_encoder_set_parameter_string(encoder, "preset", "ultrafast"));
            image = Image(picture, bits);
            if (profile is not null)
            {
                fixed (byte* first = profile)
                {
                    Check(heif_image_set_raw_color_profile(image, "prof", first, (nuint)profile.Length));
                }
            }

            if (nclx is var (primaries, transfer))
            {
                State(image, primaries, transfer);
                options->MacWorkaroundWithoutNclx = 0;
            }

            options->ImageOrientation = orientation;
            Check(heif_context_encode_image(context, image, encoder, options, &handle));
            if (exif is not null)
            {
                fixed (byte* first = exif)
                {
                    Check(heif_context_add_exif_metadata(context, handle, first, exif.Length));
                }
            }

            Check(heif_context_write_to_file(context, file));
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
            heif_encoding_options_free(options);
            HeifNative.heif_image_handle_release(handle);
            HeifNative.heif_image_release(image);
            heif_encoder_release(encoder);
            heif_context_free(context);
        }
    }

    /// <summary>Skips the test if this machine has no libheif.</summary>
    public static void Need() => Assert.SkipUnless(HeifPicture.CanDecode, "libheif with HEVC is not on this machine (Debian: apt-get install libheif1).");

    private static nint Image(Image picture, int bits)
    {
        var (width, height, bands) = (picture.Width, picture.Height, picture.Bands);
        var chroma = (bits == 8 ? 10 : 14) + (bands == 4 ? bits == 8 ? 1 : 2 : 0);
        nint image = 0;
        Check(heif_image_create(width, height, ColourspaceRgb, chroma, &image));
        Check(heif_image_add_plane(image, ChannelInterleaved, width, height, bits));
        var stride = 0;
        var plane = heif_image_get_plane(image, ChannelInterleaved, &stride);
        var pixels = picture.WriteToMemory<byte>();
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; i < width * bands; i++)
            {
                var sample = pixels[y * width * bands + i];
                if (bits == 8)
                {
                    plane[y * stride + i] = sample;
                }
                else
                {
                    var deep = (int)Math.Round(sample / 255.0 * ((1 << bits) - 1));
                    (plane[y * stride + 2 * i], plane[y * stride + 2 * i + 1]) = ((byte)deep, (byte)(deep >> 8));
                }
            }
        }

        return image;
    }

    private static void State(nint image, int primaries, int transfer)
    {
        var stated = heif_nclx_color_profile_alloc();
        Check(heif_nclx_color_profile_set_color_primaries(stated, (ushort)primaries));
        Check(heif_nclx_color_profile_set_transfer_characteristics(stated, (ushort)transfer));
        Check(heif_nclx_color_profile_set_matrix_coefficients(stated, 6));
        Check(heif_image_set_nclx_color_profile(image, stated));
        heif_nclx_color_profile_free(stated);
    }

    private static void Check(Answer error) => Assert.True(error.Code == 0, Marshal.PtrToStringUTF8(error.Message));

    // heif_error; one from another assembly would have to be marshaled.
    [StructLayout(LayoutKind.Sequential)]
    private struct Answer
    {
        public int Code;
        public int Subcode;
        public nint Message;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct EncodingOptions
    {
        public byte Version;
        public byte SavesAlpha;
        public byte MacWorkaround;
        public byte SavesTwoColorBoxes;
        public nint OutputNclx;
        public byte MacWorkaroundWithoutNclx;
        public int ImageOrientation;
    }

    [LibraryImport(Library)]
    private static partial nint heif_context_alloc();

    [LibraryImport(Library)]
    private static partial void heif_context_free(nint context);

    [LibraryImport(Library)]
    private static partial Answer heif_context_get_encoder_for_format(nint context, int format, nint* encoder);

    [LibraryImport(Library)]
    private static partial void heif_encoder_release(nint encoder);

    [LibraryImport(Library)]
    private static partial Answer heif_encoder_set_lossy_quality(nint encoder, int quality);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial Answer heif_encoder_set_parameter_string(nint encoder, string name, string value);

    [LibraryImport(Library)]
    private static partial Answer heif_image_create(int width, int height, int colourspace, int chroma, nint* image);

    [LibraryImport(Library)]
    private static partial Answer heif_image_add_plane(nint image, int channel, int width, int height, int bits);

    [LibraryImport(Library)]
    private static partial byte* heif_image_get_plane(nint image, int channel, int* stride);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial Answer heif_image_set_raw_color_profile(nint image, string type, byte* profile, nuint length);

    [LibraryImport(Library)]
    private static partial Answer heif_image_set_nclx_color_profile(nint image, nint profile);

    [LibraryImport(Library)]
    private static partial nint heif_nclx_color_profile_alloc();

    [LibraryImport(Library)]
    private static partial void heif_nclx_color_profile_free(nint profile);

    [LibraryImport(Library)]
    private static partial Answer heif_nclx_color_profile_set_color_primaries(nint profile, ushort primaries);

    [LibraryImport(Library)]
    private static partial Answer heif_nclx_color_profile_set_transfer_characteristics(nint profile, ushort transfer);

    [LibraryImport(Library)]
    private static partial Answer heif_nclx_color_profile_set_matrix_coefficients(nint profile, ushort matrix);

    [LibraryImport(Library)]
    private static partial EncodingOptions* heif_encoding_options_alloc();

    [LibraryImport(Library)]
    private static partial void heif_encoding_options_free(EncodingOptions* options);

    [LibraryImport(Library)]
    private static partial Answer heif_context_encode_image(nint context, nint image, nint encoder, EncodingOptions* options, nint* handle);

    [LibraryImport(Library)]
    private static partial Answer heif_context_add_exif_metadata(nint context, nint handle, byte* data, int length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial Answer heif_context_write_to_file(nint context, string file);
}
