using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Proofsheet.Sdk;

/// <summary>How the SDK reads and writes JSON. Public, so that you can store the API's objects as JSON yourself.</summary>
public static class ProofsheetJson
{
    /// <summary>The SDK's settings.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>
    /// Applies the SDK's settings. Unset properties are not sent, rather than sent as null. When reading, no property is required, because the API
    /// may be older than this SDK; unknown members are ignored, because it may be newer.
    /// </summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireNothing } };
        return options;
    }

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired)
            {
                // A property that is required in C# is always sent, even when it is null.
                property.ShouldSerialize = static (_, _) => true;
                property.IsRequired = false;
            }
        }
    }
}
