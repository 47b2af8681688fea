using System.Buffers.Binary;

namespace Proofsheet.Api.Imaging.LibHeif;

/// <summary>Makes an ICC profile for a file that describes its colors by numbers (ITU-T H.273) and contains no profile.</summary>
internal static class NclxProfile
{
    private const int PrimariesBt709 = 1;
    private const int PrimariesBt2020 = 9;
    private const int PrimariesP3Dci = 11;
    private const int PrimariesP3 = 12;
    private const int TransferLinear = 8;
    private const int TransferPq = 16;
    private const int TransferHlg = 18;
    private const int CurvePoints = 1024;

    // The white of paper in HDR (ITU-R BT.2408), which is mapped to the white of the screen.
    private const double PaperWhiteNits = 203;
    private const double HlgPeakNits = 1000;

    // Values below are unchanged; brighter ones are compressed and not clipped.
    private const double Knee = 0.6;

    /// <summary>Null if the numbers mean sRGB or are undefined: such a picture needs no profile.</summary>
    public static byte[]? Make(int primaries, int transfer)
    {
        // Adapted to D50; red, green and blue.
        double[]? colorants = primaries switch
        {
            PrimariesBt2020 => [0.67346, 0.27904, -0.00193, 0.16566, 0.67534, 0.02998, 0.12505, 0.04561, 0.79686],
            PrimariesP3 or PrimariesP3Dci => [0.51512, 0.24120, -0.00105, 0.29198, 0.69225, 0.04189, 0.15710, 0.06657, 0.78407],
            _ when primaries == PrimariesBt709 || transfer is TransferPq or TransferHlg or TransferLinear =>
                [0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410],
            _ => null,
        };
        var isSrgb = primaries == PrimariesBt709 && transfer is not (TransferPq or TransferHlg or TransferLinear);
        return colorants is null || isSrgb ? null : Write(colorants, transfer);
    }

    private static byte[] Write(double[] colorants, int transfer)
    {
        const int tags = 7;
        const int firstData = 128 + 4 + 12 * tags;
        const int curveAt = firstData + 4 * 20;
        var profile = new byte[curveAt + 12 + 2 * CurvePoints];
        var bytes = profile.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(bytes, profile.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], 0x02400000);
        "mntrRGB XYZ "u8.CopyTo(bytes[12..]);
        "acsp"u8.CopyTo(bytes[36..]);
        WriteXyz(bytes[68..], 0.9642, 1, 0.8249);
        BinaryPrimitives.WriteInt32BigEndian(bytes[128..], tags);

        var entry = 132;
        WriteColor("wtpt"u8, firstData, 0.9642, 1, 0.8249);
        WriteColor("rXYZ"u8, firstData + 20, colorants[0], colorants[1], colorants[2]);
        WriteColor("gXYZ"u8, firstData + 40, colorants[3], colorants[4], colorants[5]);
        WriteColor("bXYZ"u8, firstData + 60, colorants[6], colorants[7], colorants[8]);
        Entry("rTRC"u8, curveAt, 12 + 2 * CurvePoints);
        Entry("gTRC"u8, curveAt, 12 + 2 * CurvePoints);
        Entry("bTRC"u8, curveAt, 12 + 2 * CurvePoints);

        "curv"u8.CopyTo(bytes[curveAt..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[(curveAt + 8)..], CurvePoints);
        for (var i = 0; i < CurvePoints; i++)
        {
            var light = Math.Clamp(ToLight(i / (CurvePoints - 1.0), transfer), 0, 1);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(curveAt + 12 + 2 * i)..], (ushort)Math.Round(light * 65535));
        }

        return profile;

        void WriteColor(ReadOnlySpan<byte> tag, int at, double x, double y, double z)
        {
            Entry(tag, at, 20);
            "XYZ "u8.CopyTo(profile.AsSpan(at));
            WriteXyz(profile.AsSpan(at + 8), x, y, z);
        }

        void Entry(ReadOnlySpan<byte> tag, int at, int length)
        {
            tag.CopyTo(profile.AsSpan(entry));
            BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(entry + 4), at);
            BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(entry + 8), length);
            entry += 12;
        }
    }

    private static void WriteXyz(Span<byte> at, double x, double y, double z)
    {
        BinaryPrimitives.WriteInt32BigEndian(at, (int)Math.Round(x * 65536));
        BinaryPrimitives.WriteInt32BigEndian(at[4..], (int)Math.Round(y * 65536));
        BinaryPrimitives.WriteInt32BigEndian(at[8..], (int)Math.Round(z * 65536));
    }

    /// <summary>Light as a fraction of the screen's white.</summary>
    private static double ToLight(double signal, int transfer) => transfer switch
    {
        TransferLinear => signal,
        TransferPq => Press(Pq(signal) / PaperWhiteNits),
        TransferHlg => Press(HlgPeakNits * Math.Pow(Hlg(signal), 1.2) / PaperWhiteNits),
        _ => signal <= 0.04045 ? signal / 12.92 : Math.Pow((signal + 0.055) / 1.055, 2.4),
    };

    private static double Press(double light) => light <= Knee ? light : Knee + (1 - Knee) * (1 - Math.Exp(-(light - Knee) / (1 - Knee)));

    // SMPTE ST 2084, in nits.
    private static double Pq(double signal)
    {
        var power = Math.Pow(signal, 32 / 2523.0);
        return 10_000 * Math.Pow(Math.Max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power), 8192 / 1305.0);
    }

    // ITU-R BT.2100, scene light.
    private static double Hlg(double signal) =>
        signal <= 0.5 ? signal * signal / 3 : (Math.Exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;
}
