using System.Buffers.Binary;
using System.Text;
using NetVips;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Camera RAW files as small as libraw accepts: a sensor of a few pixels, and a preview. Not written by any camera.</summary>
internal static class RawFiles
{
    public const int PreviewWidth = 900;
    public const int PreviewHeight = 600;
    private const int SensorWidth = 256;
    private const int SensorHeight = 160;
    private const int SensorDirectory = 0x1000;
    private const int ExifDirectory = 0x2000;
    private const int PreviewAt = 0x4000;

    /// <summary>Skips the test if this machine has no libraw.</summary>
    public static void Need() => Assert.SkipUnless(RawPreview.CanRead, "libraw is not on this machine (Debian: apt-get install libraw20).");

    /// <param name="kind">dng, nef, arw, cr2, orf, rw2 or raf.</param>
    /// <param name="preview">A JPEG of 900 × 600 pixels, or null for a file without any.</param>
    public static byte[] Make(string kind, byte[]? preview, int orientation = 1) => kind switch
    {
        "dng" => Tiff("II*\0"u8, "Proofsheet", "Test Raw", preview, orientation, isDng: true),
        "nef" => Tiff("II*\0"u8, "NIKON CORPORATION", "NIKON D3", preview, orientation),
        "arw" => Tiff("II*\0"u8, "SONY", "DSLR-A900", preview, orientation),
        "cr2" => Tiff("II*\0"u8, "Canon", "Canon EOS 5D", preview, orientation, mark: "CR\u0002\0"),
        "orf" => Tiff("IIRO"u8, "OLYMPUS IMAGING CORP.", "E-3", preview, orientation),
        "rw2" => Tiff("IIU\0"u8, "Panasonic", "DMC-G1", preview, orientation),
        "raf" => Raf(preview, orientation),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A preview as cameras write them: a bare JPEG.</summary>
    public static byte[] Preview(Image picture) => VipsEncode.Jpeg(picture, 92);

    private static byte[] Tiff(ReadOnlySpan<byte> magic, string make, string model, byte[]? preview, int orientation, bool isDng = false, string mark = "")
    {
        var sensor = Sensor();
        var sensorAt = PreviewAt + (preview?.Length ?? 0) + 1 & ~1;
        var file = new byte[sensorAt + sensor.Length];
        var first = mark.Length > 0 ? 16 : 8;
        magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), first);
        Encoding.Latin1.GetBytes(mark).CopyTo(file, 8);

        var main = new Directory().Text(271, make).Text(272, model).Short(274, orientation).Text(306, "2024:05:17 18:02:11").Long(330, SensorDirectory).Long(34665, ExifDirectory);
        if (preview is not null)
        {
            main.Long(254, 1).Long(256, PreviewWidth).Long(257, PreviewHeight).Short(258, 8, 8, 8).Short(259, isDng ? 7 : 6).Short(262, 6)
                .Short(277, 3).Long(278, PreviewHeight).Long(isDng ? 273 : 513, PreviewAt).Long(isDng ? 279 : 514, preview.Length);
            preview.CopyTo(file, PreviewAt);
        }
        else
        {
            main.Long(254, 1);
        }

        if (isDng)
        {
            main.Bytes(50706, 1, 4, 0, 0).Text(50708, make + " " + model).Fractions(50721, [.. Enumerable.Range(0, 9).Select(i => (i % 4 == 0 ? 1 : 0, 1))]);
        }

        main.Write(file, first);
        new Directory().Long(254, 0).Long(256, SensorWidth).Long(257, SensorHeight).Short(258, 16).Short(259, 1).Short(262, 32803).Long(273, sensorAt)
            .Short(277, 1).Long(278, SensorHeight).Long(279, sensor.Length).Short(33421, 2, 2).Bytes(33422, 0, 1, 1, 2).Write(file, SensorDirectory);
        new Directory().Fractions(33434, (1, 250)).Fractions(33437, (28, 10)).Short(34855, 400).Text(36867, "2024:05:17 18:02:11").Fractions(37386, (50, 1))
            .Write(file, ExifDirectory);
        sensor.CopyTo(file, sensorAt);
        return file;
    }

    // Fujifilm's container: a JPEG whose EXIF applies to the file, a table, the sensor data.
    private static byte[] Raf(byte[]? preview, int orientation)
    {
        const int start = 0x200;
        var exif = new byte[0x200];
        "II*\0"u8.CopyTo(exif);
        exif[4] = 8;
        new Directory().Text(271, "FUJIFILM").Text(272, "FinePix S5000").Short(274, orientation).Text(306, "2024:05:17 18:02:11").Write(exif, 8, dataAfter: 0x100);
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 8) >> 8), (byte)(exif.Length + 8), .. "Exif\0\0"u8, .. exif, .. preview is null ? [0xFF, 0xD9] : preview[2..]];
        byte[] table = [0, 0, 0, 2, 1, 0, 0, 4, 0, SensorHeight, SensorWidth >> 8, SensorWidth & 0xFF, 1, 0x21, 0, 4, 0, SensorHeight, SensorWidth >> 8, SensorWidth & 0xFF];
        var sensor = Sensor();
        var head = new byte[start];
        Encoding.ASCII.GetBytes("FUJIFILMCCD-RAW 0201FF389501FinePix S5000").CopyTo(head, 0);
        var at = start;
        foreach (var (part, index) in new[] { jpeg, table, sensor }.Select((p, i) => (p, i)))
        {
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(84 + 8 * index), at);
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(88 + 8 * index), part.Length);
            at += part.Length;
        }

        return [.. head, .. jpeg, .. table, .. sensor];
    }

    private static byte[] Sensor()
    {
        var sensor = new byte[2 * SensorWidth * SensorHeight];
        for (var i = 0; i < SensorWidth * SensorHeight; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(sensor.AsSpan(2 * i), (short)(37 * i % 4096));
        }

        return sensor;
    }

    /// <summary>One little-endian TIFF directory, followed by its values.</summary>
    private sealed class Directory
    {
        private readonly SortedDictionary<int, (int Type, int Count, byte[] Value)> entries = [];

        public Directory Text(int tag, string text) => Add(tag, 2, text.Length + 1, Encoding.ASCII.GetBytes(text + "\0"));

        public Directory Bytes(int tag, params byte[] values) => Add(tag, 1, values.Length, values);

        public Directory Short(int tag, params int[] values) => Add(tag, 3, values.Length, [.. values.SelectMany(v => BitConverter.GetBytes((ushort)v))]);

        public Directory Long(int tag, params int[] values) => Add(tag, 4, values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);

        public Directory Fractions(int tag, params (int Over, int Under)[] values) =>
            Add(tag, 10, values.Length, [.. values.SelectMany(v => (byte[])[.. BitConverter.GetBytes(v.Over), .. BitConverter.GetBytes(v.Under)])]);

        public void Write(byte[] file, int at, int dataAfter = 0x400)
        {
            var data = at + dataAfter;
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), (short)entries.Count);
            at += 2;
            foreach (var (tag, (type, count, value)) in entries)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)tag);
                BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at + 2), (short)type);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 4), count);
                if (value.Length <= 4)
                {
                    value.CopyTo(file, at + 8);
                }
                else
                {
                    BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), data);
                    value.CopyTo(file, data);
                    data += value.Length + 1 & ~1;
                }

                at += 12;
            }
        }

        private Directory Add(int tag, int type, int count, byte[] value)
        {
            entries[tag] = (type, count, value);
            return this;
        }
    }
}
