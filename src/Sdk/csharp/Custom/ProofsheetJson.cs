using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Proofsheet.Sdk;

/// <summary>How the SDK reads and writes JSON. Public for those who keep the API's objects as JSON of their own.</summary>
public static class ProofsheetJson
{
    /// <summary>The SDK's settings.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>
    /// Absent is not null: what was not set is not sent. An API older than this SDK may lack a field, so reading requires
    /// none; a newer one may have more, and those are passed over.
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
                // Required in C# means that it is always sent, null included.
                property.ShouldSerialize = static (_, _) => true;
                property.IsRequired = false;
            }
        }
    }
}
