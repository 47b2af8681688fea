namespace Proofsheet.Sdk;

/// <summary>Something that can be changed only from the version one has read.</summary>
public interface IVersioned
{
    /// <summary>The version, for <c>ifMatch</c>.</summary>
    string? ETag { get; set; }
}

internal static class Versions
{
    /// <summary>Called by the generated clients for every answer.</summary>
    public static T Stamp<T>(T body, HttpResponseMessage response)
    {
        if (body is IVersioned versioned)
        {
            versioned.ETag = response.Headers.ETag?.ToString();
        }

        return body;
    }
}
