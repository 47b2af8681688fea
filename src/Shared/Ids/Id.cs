using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proofsheet.Shared.Ids;

/// <summary>Something that has an <see cref="Id{T}"/>. The prefix shows the kind of an ID at a glance: <c>gal_…</c>.</summary>
public interface IIdentified
{
    /// <summary>Three lowercase letters, without the underscore.</summary>
    static abstract string Prefix { get; }
}

/// <summary>A row whose key is its ID.</summary>
public interface IIdentified<TSelf> : IIdentified
    where TSelf : IIdentified<TSelf>
{
    Id<TSelf> Id { get; }
}

/// <summary>
/// An opaque, sortable identifier: a prefix, an underscore and 26 characters of Crockford base32 that encode a version-7 UUID (RFC 9562), so
/// IDs sort by creation time.
/// </summary>
[JsonConverter(typeof(IdJsonConverterFactory))]
public readonly record struct Id<T>(Guid Value) : IComparable<Id<T>>, IParsable<Id<T>>
    where T : IIdentified
{
    public static Id<T> New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>A bound, not an ID: every ID made at this time or later is at least this, every earlier one is lower. To the millisecond.</summary>
    public static Id<T> First(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, (UInt128)Math.Max(0, time.ToUnixTimeMilliseconds()) << 80);
        return new(new Guid(bytes, bigEndian: true));
    }

    public bool IsEmpty => Value == Guid.Empty;

    public int CompareTo(Id<T> other) => Value.CompareTo(other.Value);

    public static bool operator <(Id<T> left, Id<T> right) => left.CompareTo(right) < 0;

    public static bool operator >(Id<T> left, Id<T> right) => left.CompareTo(right) > 0;

    public static bool operator <=(Id<T> left, Id<T> right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Id<T> left, Id<T> right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{T.Prefix}_{Crockford.Encode(Value)}";

    /// <summary>The part after the prefix, as stored in the database.</summary>
    public string ToStored() => Crockford.Encode(Value);

    public static Id<T> FromStored(string stored) =>
        Crockford.TryDecode(stored, out var value) ? new(value) : throw new FormatException("Not a stored id.");

    public static bool TryRead([NotNullWhen(true)] string? text, out Id<T> id)
    {
        id = default;
        var prefix = T.Prefix;
        if (text is null || text.Length != prefix.Length + 1 + Crockford.Length
            || text[prefix.Length] != '_' || !text.StartsWith(prefix, StringComparison.Ordinal)
            || !Crockford.TryDecode(text.AsSpan(prefix.Length + 1), out var value))
        {
            return false;
        }

        id = new(value);
        return true;
    }

    public static Id<T> Parse(string s, IFormatProvider? provider) =>
        TryRead(s, out var id) ? id : throw new FormatException($"Not an id that begins with {T.Prefix}_.");

    /// <summary>
    /// Accepts any text: a malformed ID in a path becomes the empty ID, which nothing has, so the response is the same 404 as for an ID that does
    /// not exist.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Id<T> result)
    {
        _ = TryRead(s, out result);
        // Null means that an optional ID is absent, which is not the empty ID.
        return s is not null;
    }
}

internal static class Crockford
{
    public const int Length = 26;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Encode(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(Length, bits, static (chars, rest) =>
        {
            for (var i = Length - 1; i >= 0; i--)
            {
                chars[i] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }

    public static bool TryDecode(ReadOnlySpan<char> text, out Guid value)
    {
        value = default;
        // 26 digits hold 130 bits: a first digit above 7 would overflow the 128.
        if (text.Length != Length || text[0] is < '0' or > '7')
        {
            return false;
        }

        UInt128 bits = 0;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            bits = (bits << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }
}

internal sealed class IdJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Id<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(IdJsonConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class IdJsonConverter<T> : JsonConverter<Id<T>>
        where T : IIdentified
    {
        // As in paths: a malformed ID names nothing, and the handler responds with not found.
        public override Id<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException("An id is a string.");
            }

            _ = Id<T>.TryRead(reader.GetString(), out var id);
            return id;
        }

        public override void Write(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());

        public override Id<T> ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            _ = Id<T>.TryRead(reader.GetString(), out var id);
            return id;
        }

        public override void WriteAsPropertyName(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.ToString());
    }
}
