namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Whether the loaded libvips really decodes HEIC: many builds read its header and then have no HEVC decoder.</summary>
internal static class HeicProbe
{
    // A black picture of 64 x 64 pixels.
    private const string Picture =
        "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA" +
        "AA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAAEwAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEA" +
        "AGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMA" +
        "AAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3Bl" +
        "AAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAAbbWRhdAAAAA8oAa8EGPwd1z//1cQ3" +
        "HGA=";

    public static bool CanDecode()
    {
        try
        {
            using var image = VipsImage.Op("heifload_buffer").SetBlob("buffer", Convert.FromBase64String(Picture)).Run();
            using var decoded = image.ToMemory();
            return decoded.Width == 64;
        }
        catch (VipsException)
        {
            return false;
        }
    }
}
