namespace Proofsheet.Api.Imaging;

/// <summary>A decoder gave up on a picture. The message is the decoder's own, the refusal is what the photographer is told.</summary>
internal sealed class DecodeException(string decoder, string detail, ImageRefusal refusal) : Exception($"{decoder}: {detail}")
{
    public ImageRefusal Refusal { get; } = refusal;
}
