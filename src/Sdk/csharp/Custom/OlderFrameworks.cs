namespace Proofsheet.Sdk;

/// <summary>Reading a body, where .NET Standard 2.0 takes no token.</summary>
internal static class OlderFrameworks
{
#if NETSTANDARD2_0
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsByteArrayAsync();
    }

    public static Task<string> ReadTextAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStringAsync();
    }

    public static Task<Stream> ReadStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }
#else
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsByteArrayAsync(cancellationToken);

    public static Task<string> ReadTextAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsStringAsync(cancellationToken);

    public static Task<Stream> ReadStreamAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsStreamAsync(cancellationToken);
#endif
}
