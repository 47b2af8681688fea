using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Shared.Database;

/// <summary>How the shared types (IDs, times, money, JSON) are stored, identically in the three databases.</summary>
internal static class ModelConventions
{
    /// <param name="conventions">The conventions of the context.</param>
    /// <param name="program">The assembly whose entities the context maps.</param>
    public static void Apply(ModelConfigurationBuilder conventions, Assembly program)
    {
        // IDs are stored without prefix, as 26 ASCII characters, which sort by creation time in every database.
        foreach (var kind in program.GetTypes().Concat(typeof(ModelConventions).Assembly.GetTypes()).Where(t => t.IsClass && !t.IsAbstract && t.IsAssignableTo(typeof(IIdentified))))
        {
            conventions.Properties(typeof(Id<>).MakeGenericType(kind))
                .HaveConversion(typeof(IdConverter<>).MakeGenericType(kind))
                .HaveMaxLength(Crockford.Length)
                .AreUnicode(false);
        }

        // SQLite cannot sort DateTimeOffset, and PostgreSQL only accepts UTC, so all three store UTC.
        conventions.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

        // Enums are stored by name: readable, and safe when the values are reordered in code.
        conventions.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32).AreUnicode(false);

        // Strings are limited by default; a longer column must be declared.
        conventions.Properties<string>().HaveMaxLength(400);
    }

    /// <summary>Applies the mappings in the program's assembly and in this one.</summary>
    public static void Map(ModelBuilder model, Assembly program)
    {
        model.ApplyConfigurationsFromAssembly(program);
        model.ApplyConfigurationsFromAssembly(typeof(ModelConventions).Assembly);
    }

    /// <summary>Columns are in snake_case, the only style that needs no quotes in any of the three databases.</summary>
    public static void NameColumns(ModelBuilder model)
    {
        // Types mapped to JSON have no columns.
        foreach (var entity in model.Model.GetEntityTypes().Where(e => !e.IsMappedToJson()))
        {
            Name(entity, "");
        }

        static void Name(IMutableTypeBase type, string prefix)
        {
            foreach (var property in type.GetDeclaredProperties())
            {
                property.SetColumnName(prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            }

            foreach (var complex in type.GetDeclaredComplexProperties())
            {
                Name(complex.ComplexType, prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(complex.Name) + "_");
            }
        }
    }

    /// <summary>A column without a length limit, for JSON and message bodies.</summary>
    public static PropertyBuilder<T> IsLong<T>(this PropertyBuilder<T> property)
    {
        property.Metadata.SetMaxLength(null);
        return property;
    }

    /// <summary>A record or list stored as JSON in one column, and compared by its JSON text.</summary>
    public static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property)
        where T : class
    {
        property.HasConversion(
            value => System.Text.Json.JsonSerializer.Serialize(value, StoredJson.Options),
            text => System.Text.Json.JsonSerializer.Deserialize<T>(text, StoredJson.Options)!,
            new Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer<T>(
                (a, b) => StoredJson.Text(a) == StoredJson.Text(b),
                v => StoredJson.Text(v).GetHashCode(StringComparison.Ordinal),
                v => System.Text.Json.JsonSerializer.Deserialize<T>(StoredJson.Text(v), StoredJson.Options)!));
        return property.IsLong();
    }

    private sealed class IdConverter<T>() : ValueConverter<Id<T>, string>(id => id.ToStored(), stored => Id<T>.FromStored(stored))
        where T : IIdentified;

    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
        at => at.UtcDateTime,
        stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc), TimeSpan.Zero));
}

/// <summary>The JSON format inside the database and the outbox; the API's format is independent of it.</summary>
internal static class StoredJson
{
    public static System.Text.Json.JsonSerializerOptions Options { get; } = new(System.Text.Json.JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Text<T>(T value) => System.Text.Json.JsonSerializer.Serialize(value, Options);
}
