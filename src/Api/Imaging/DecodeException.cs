namespace Proofsheet.Api.Imaging;

/// <summary>A decoder failed on a picture. The message is the decoder's; the refusal is shown to the photographer.</summary>
internal sealed class DecodeException(string decoder, string detail, ImageRefusal refusal) : Exception($"{decoder}: {detail}")
{
    public ImageRefusal Refusal { get; } = refusal;
}
