using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proofsheet.Sdk;

/// <summary>A value of a set that the API may extend. Unknown values are preserved as they are.</summary>
public interface IOpenEnum
{
    /// <summary>The value as the API spells it.</summary>
    string Value { get; }
}

/// <summary>Reads and writes an open enum as its string.</summary>
public sealed class OpenEnumConverter<T> : JsonConverter<T>
    where T : class, IOpenEnum
{
    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (T)Activator.CreateInstance(typeof(T), reader.GetString() ?? throw new JsonException("A string is expected."))!;

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
