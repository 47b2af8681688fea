using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Shared.Database;

/// <summary>How the shared types (ids, times, money, JSON) are stored, alike in the three databases.</summary>
internal static class ModelConventions
{
    /// <param name="conventions">Those of the context.</param>
    /// <param name="program">The assembly whose entities the context maps.</param>
    public static void Apply(ModelConfigurationBuilder conventions, Assembly program)
    {
        // Ids are 26 characters of ASCII without their prefix: they sort as they were made, in every database.
        foreach (var kind in program.GetTypes().Concat(typeof(ModelConventions).Assembly.GetTypes()).Where(t => t.IsClass && !t.IsAbstract && t.IsAssignableTo(typeof(IIdentified))))
        {
            conventions.Properties(typeof(Id<>).MakeGenericType(kind))
                .HaveConversion(typeof(IdConverter<>).MakeGenericType(kind))
                .HaveMaxLength(Crockford.Length)
                .AreUnicode(false);
        }

        // SQLite cannot order DateTimeOffset, and PostgreSQL takes only UTC: all three store UTC instants.
        conventions.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

        // Enums are stored by name: readable, and safe against a reordering in code.
        conventions.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32).AreUnicode(false);

        // A text without a stated length is a mistake; those meant to be long say so.
        conventions.Properties<string>().HaveMaxLength(400);
    }

    /// <summary>The mappings that stand with the entities of the program and with those of this assembly.</summary>
    public static void Map(ModelBuilder model, Assembly program)
    {
        model.ApplyConfigurationsFromAssembly(program);
        model.ApplyConfigurationsFromAssembly(typeof(ModelConventions).Assembly);
    }

    /// <summary>Columns in snake_case, the one spelling that needs no quotes in any of the three databases.</summary>
    public static void NameColumns(ModelBuilder model)
    {
        // What lies as JSON in a column of its owner has no columns of its own.
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

    /// <summary>A column of any length, for JSON and for bodies.</summary>
    public static PropertyBuilder<T> IsLong<T>(this PropertyBuilder<T> property)
    {
        property.Metadata.SetMaxLength(null);
        return property;
    }

    /// <summary>A record or list kept as JSON in one column, compared by its text.</summary>
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

/// <summary>The spelling of JSON inside the database and the outbox; never that of the API.</summary>
internal static class StoredJson
{
    public static System.Text.Json.JsonSerializerOptions Options { get; } = new(System.Text.Json.JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Text<T>(T value) => System.Text.Json.JsonSerializer.Serialize(value, Options);
}
