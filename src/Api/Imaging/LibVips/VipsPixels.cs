using System.Runtime.InteropServices;
using NetVips;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>What NetVips lacks: pixels without a copy, the interpretation that libvips would guess, and optional fields.</summary>
internal static unsafe partial class VipsPixels
{
    public const string Library = "libvips";

    /// <summary>Copies samples of one byte each into a new picture.</summary>
    public static Image ToImage(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        VipsRuntime.Ensure();
        using var raw = Image.NewFromMemoryCopy(pixels, width, height, bands, Enums.BandFormat.Uchar);
        return raw.Copy(interpretation: bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }

    extension(Image image)
    {
        /// <summary>The samples of a one-byte picture that <see cref="Image.CopyMemory"/> made, without a copy. They are only valid while the picture exists.</summary>
        public ReadOnlySpan<byte> Samples
        {
            get
            {
                var data = vips_image_get_data(image);
                return data is null
                    ? throw new VipsException("unable to get the pixels")
                    : new ReadOnlySpan<byte>(data, checked(image.Width * image.Height * image.Bands));
            }
        }

        /// <summary>Based on its bands and number type if the interpretation in the file does not fit them.</summary>
        public Enums.Interpretation GuessedInterpretation => vips_image_guess_interpretation(image);

        public int? GetInt(string field) => image.Contains(field) && image.Get(field) is int value ? value : null;

        public byte[]? GetBlob(string field) => image.Contains(field) ? image.Get(field) as byte[] : null;

        /// <summary>A copy of the header with this field; the pixels are shared.</summary>
        public Image With(string field, int value) => image.Mutate(copy => copy.Set(GValue.GIntType, field, value));

        public Image With(string field, byte[] value) => image.Mutate(copy => copy.Set(GValue.BlobType, field, value));

        public Image Without(string field) => image.Mutate(copy => copy.Remove(field));
    }

    [LibraryImport(Library)]
    private static partial void* vips_image_get_data(Image image);

    [LibraryImport(Library)]
    private static partial Enums.Interpretation vips_image_guess_interpretation(Image image);
}
