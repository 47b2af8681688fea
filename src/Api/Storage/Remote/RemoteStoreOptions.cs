namespace Proofsheet.Api.Storage.Remote;

/// <summary>What all stores behind a network have in common.</summary>
public abstract class RemoteStoreOptions
{
    /// <summary>
    /// Larger contents are sent in parts of this size, one after the other; a put holds one part in memory, never the whole content.
    /// A store accepts 10,000 parts, so this also limits the size of an object.
    /// </summary>
    public int PartMegabytes { get; set; } = 8;

    /// <summary>How many times a request is attempted before the store counts as unavailable.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>The time for one request and its response, including what is sent with it.</summary>
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>How many seconds a response body may stall before the rest is requested again.</summary>
    public int StallSeconds { get; set; } = 20;

    /// <summary>The storage class of an object: the first matching rule, otherwise the store's default.</summary>
    public List<StorageClassRule> StorageClasses { get; set; } = [];

    /// <summary>The number of objects per page of a listing.</summary>
    internal int PageItems { get; set; } = 1000;

    internal int PartBytes => PartMegabytes << 20;

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>The delay before the second attempt; each later delay is up to twice as long.</summary>
    internal TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    internal TimeSpan Stall { get => field == default ? TimeSpan.FromSeconds(StallSeconds) : field; set; }

    internal string? StorageClassOf(ObjectKey key) => StorageClasses.Find(rule => rule.Fits(key))?.Class;

    private protected IEnumerable<string> SharedErrors(string section)
    {
        if (PartMegabytes is < 5 or > 1024)
        {
            yield return $"{section}:PartMegabytes is {PartMegabytes}; it can be 5 to 1024.";
        }

        if (Attempts is < 1 or > 20)
        {
            yield return $"{section}:Attempts is {Attempts}; it can be 1 to 20.";
        }

        if (TimeoutSeconds is < 1 or > 3600 || StallSeconds is < 1 or > 3600)
        {
            yield return $"{section}:TimeoutSeconds and StallSeconds can be 1 to 3600.";
        }

        if (StorageClasses.Exists(rule => string.IsNullOrWhiteSpace(rule.Keys) || string.IsNullOrWhiteSpace(rule.Class)))
        {
            yield return $"{section}:StorageClasses: each has Keys, such as */photos/*/original, and a Class.";
        }
    }
}

/// <summary>A storage class for some keys.</summary>
public sealed class StorageClassRule
{
    /// <summary>Segments joined by slashes, as many as the key has. <c>*</c> matches any segment, and a trailing <c>*</c> any segment with that beginning.</summary>
    public string Keys { get; set; } = "";

    /// <summary>The class as the store spells it: <c>STANDARD_IA</c>, <c>Cool</c>.</summary>
    public string Class { get; set; } = "";

    internal bool Fits(ObjectKey key)
    {
        var (pattern, segments) = (Keys.Split('/'), key.Value.Split('/'));
        return pattern.Length == segments.Length && pattern.Zip(segments).All(pair =>
            pair.First.EndsWith('*') ? pair.Second.StartsWith(pair.First[..^1], StringComparison.Ordinal) : pair.First == pair.Second);
    }
}
