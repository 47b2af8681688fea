using System.Buffers.Binary;

namespace Proofsheet.Api.Imaging;

/// <summary>
/// Recognizes sRGB by the content of a profile (primaries and curve), because its name varies between dozens of files. Converting sRGB to sRGB
/// would cost ten times as much as not converting.
/// </summary>
internal static class IccProfile
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private const double PrimariesTolerance = 0.003;
    private const double CurveTolerance = 0.006;

    // The primaries of sRGB, adapted to D50 as in ICC profiles.
    private static readonly (uint Tag, double X, double Y, double Z)[] Primaries =
    [
        (0x7258595A, 0.4361, 0.2225, 0.0139),
        (0x6758595A, 0.3851, 0.7169, 0.0971),
        (0x6258595A, 0.1431, 0.0606, 0.7141),
    ];

    private static readonly uint[] Curves = [0x72545243, 0x67545243, 0x62545243];

    /// <summary>False for anything that cannot be read as a profile: such a picture is treated as sRGB.</summary>
    public static bool IsUsable(ReadOnlySpan<byte> profile) =>
        profile.Length is >= 132 and <= MaxBytes
        && profile[36..40].SequenceEqual("acsp"u8)
        && BinaryPrimitives.ReadUInt32BigEndian(profile) <= (uint)profile.Length;

    public static bool IsSrgb(ReadOnlySpan<byte> profile)
    {
        if (!IsUsable(profile) || !profile[16..20].SequenceEqual("RGB "u8) || !Find(profile, 0x41324230).IsEmpty)
        {
            return false;
        }

        foreach (var (tag, x, y, z) in Primaries)
        {
            var data = Find(profile, tag);
            if (data.Length < 20 || Far(Fixed(data, 8), x) || Far(Fixed(data, 12), y) || Far(Fixed(data, 16), z))
            {
                return false;
            }
        }

        foreach (var tag in Curves)
        {
            if (!IsSrgbCurve(Find(profile, tag)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Far(double value, double wanted) => Math.Abs(value - wanted) > PrimariesTolerance;

    private static bool IsSrgbCurve(ReadOnlySpan<byte> curve)
    {
        for (var input = 0.05; input < 1; input += 0.05)
        {
            var wanted = input <= 0.04045 ? input / 12.92 : Math.Pow((input + 0.055) / 1.055, 2.4);
            if (Evaluate(curve, input) is not { } value || Math.Abs(value - wanted) > CurveTolerance)
            {
                return false;
            }
        }

        return true;
    }

    private static double? Evaluate(ReadOnlySpan<byte> curve, double input)
    {
        if (curve.Length >= 12 && curve[..4].SequenceEqual("curv"u8))
        {
            var count = BinaryPrimitives.ReadUInt32BigEndian(curve[8..]);
            if (count == 1 && curve.Length >= 14)
            {
                return Math.Pow(input, BinaryPrimitives.ReadUInt16BigEndian(curve[12..]) / 256.0);
            }

            if (count < 2 || count > 65536 || curve.Length < 12 + 2 * count)
            {
                return count == 0 ? input : null;
            }

            var position = input * (count - 1);
            var low = (int)position;
            var high = Math.Min(low + 1, (int)count - 1);
            var a = BinaryPrimitives.ReadUInt16BigEndian(curve[(12 + 2 * low)..]) / 65535.0;
            var b = BinaryPrimitives.ReadUInt16BigEndian(curve[(12 + 2 * high)..]) / 65535.0;
            return a + (b - a) * (position - low);
        }

        // Parametric, type 3: how newer profiles describe the curve of sRGB.
        if (curve.Length >= 32 && curve[..4].SequenceEqual("para"u8) && BinaryPrimitives.ReadUInt16BigEndian(curve[8..]) == 3)
        {
            return input >= Fixed(curve, 28)
                ? Math.Pow(Fixed(curve, 16) * input + Fixed(curve, 20), Fixed(curve, 12))
                : Fixed(curve, 24) * input;
        }

        return null;
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> profile, uint tag)
    {
        var count = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[128..]), 100);
        for (var i = 0; i < count && 132 + 12 * (i + 1) <= profile.Length; i++)
        {
            var entry = profile.Slice(132 + 12 * i, 12);
            if (BinaryPrimitives.ReadUInt32BigEndian(entry) == tag)
            {
                var at = BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
                var length = BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);
                return (ulong)at + length <= (ulong)profile.Length ? profile.Slice((int)at, (int)length) : default;
            }
        }

        return default;
    }

    private static double Fixed(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt32BigEndian(data[at..]) / 65536.0;
}
