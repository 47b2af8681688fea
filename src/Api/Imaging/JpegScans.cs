namespace Proofsheet.Api.Imaging;

/// <summary>Counts the scans of a JPEG. Each scan of a progressive picture is a pass over all its pixels, but takes only a few bytes in the file.</summary>
internal static class JpegScans
{
    private const int StartOfScan = 0xDA;
    private const int EndOfImage = 0xD9;

    /// <returns>The number of scans, or <paramref name="stopAt"/> if there are that many or more.</returns>
    public static int Count(string path, int stopAt)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024);
        var count = 0;
        file.Position = 2;
        while (count < stopAt && NextMarker(file) is { } marker and not EndOfImage)
        {
            var length = file.ReadByte() << 8 | file.ReadByte();
            if (length < 2)
            {
                break;
            }

            count += marker == StartOfScan ? 1 : 0;
            file.Seek(length - 2, SeekOrigin.Current);
        }

        return count;
    }

    // Inside a scan FF is followed by 00 or by the number of a restart; neither starts a segment.
    private static int? NextMarker(FileStream file)
    {
        for (int read; (read = file.ReadByte()) >= 0;)
        {
            while (read == 0xFF)
            {
                read = file.ReadByte();
                if (read is > 0x01 and not (>= 0xD0 and <= 0xD8) and not 0xFF)
                {
                    return read;
                }
            }
        }

        return null;
    }
}
