namespace Proofsheet.Sdk;

/// <summary>An object whose version is known, so that it can be changed only if no one else changed it first.</summary>
public interface IVersioned
{
    /// <summary>The version, to pass as <c>ifMatch</c>.</summary>
    string? ETag { get; set; }
}

internal static class Versions
{
    /// <summary>Called by the generated clients for every response.</summary>
    public static T Stamp<T>(T body, HttpResponseMessage response)
    {
        if (body is IVersioned versioned)
        {
            versioned.ETag = response.Headers.ETag?.ToString();
        }

        return body;
    }
}
