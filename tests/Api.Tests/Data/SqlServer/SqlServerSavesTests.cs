using System.Collections;
using System.Runtime.CompilerServices;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Proofsheet.Api.Data;
using Xunit;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>What SaveChanges would send to SQL Server for each entity of the model: one insert, several inserts, an update, a delete.</summary>
public sealed class SqlServerSavesTests
{
    public static TheoryData<string> Entities()
    {
        using var db = SqlServerShadow.Open();
        return [.. db.Model.GetEntityTypes().Where(e => !e.IsOwned()).Select(e => e.Name)];
    }

    [Theory]
    [MemberData(nameof(Entities))]
    public async Task Saving_sends_Transact_SQL_that_names_every_column(string entity)
    {
        var inserted = await SavedAsync(entity, EntityState.Added, count: 1);
        var updated = await SavedAsync(entity, EntityState.Modified, count: 1);
        var deleted = await SavedAsync(entity, EntityState.Deleted, count: 1);

        using var db = SqlServerShadow.Open();
        var type = db.Model.FindEntityType(entity)!;
        // An entity that is keyed by the studio alone has one row per studio.
        if (type.FindPrimaryKey()!.Properties is not [{ Name: "TenantId" }])
        {
            (await SavedAsync(entity, EntityState.Added, count: 5)).All<TSqlStatement>().Should().NotBeEmpty();
        }

        var columns = type.GetProperties().Where(p => p.ValueGenerated == ValueGenerated.Never).Select(p => p.GetColumnName()).ToList();
        inserted.All<InsertSpecification>().Single().Columns.Select(c => c.MultiPartIdentifier.Identifiers[^1].Value).Should().Contain(columns);
        deleted.All<DeleteSpecification>().Should().ContainSingle().Which.WhereClause.Should().NotBeNull();
        if (columns.Count > type.FindPrimaryKey()!.Properties.Count)
        {
            updated.All<UpdateSpecification>().Should().ContainSingle().Which.WhereClause.Should().NotBeNull();
        }
    }

    private static async Task<TSqlFragment> SavedAsync(string entity, EntityState state, int count)
    {
        var sql = await SqlServerShadow.FirstCommandAsync(db =>
        {
            var type = db.Model.FindEntityType(entity)!;
            for (var n = 0; n < count; n++)
            {
                var entry = db.Entry(RuntimeHelpers.GetUninitializedObject(type.ClrType));
                Fill(entry, type, n);
                entry.State = state;
            }

            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return sql is null && state == EntityState.Modified ? TransactSql.ParseWhole("") : TransactSql.ParseWhole(sql!);
    }

    private static void Fill(EntityEntry entry, IEntityType type, int number)
    {
        foreach (var property in type.GetProperties())
        {
            entry.Property(property).CurrentValue = property.Name == "TenantId"
                ? ((ProofsheetDb)entry.Context).GetType().BaseType!.GetProperty("CurrentTenant", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(entry.Context)
                : Sample(property.ClrType, number);
        }

        foreach (var complex in type.GetComplexProperties())
        {
            var filled = RuntimeHelpers.GetUninitializedObject(complex.ClrType);
            foreach (var property in complex.ComplexType.GetProperties())
            {
                property.PropertyInfo!.SetValue(filled, Sample(property.ClrType, number));
            }

            entry.ComplexProperty(complex.Name).CurrentValue = filled;
        }
    }

    private static object? Sample(Type type, int number)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return $"text {number}";
        }

        if (type.IsArray)
        {
            return Array.CreateInstance(type.GetElementType()!, 0);
        }

        if (type.IsGenericType && type.IsValueType)
        {
            return Activator.CreateInstance(type, Guid.NewGuid());
        }

        if (type.IsAssignableTo(typeof(IEnumerable)) && type.IsGenericType)
        {
            if (type.GetGenericArguments() is [var key, var value])
            {
                return Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value));
            }

            var list = typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]);
            return type.IsAssignableFrom(list) ? Activator.CreateInstance(list) : Activator.CreateInstance(type);
        }

        if (type == typeof(DateTimeOffset) || type == typeof(DateOnly))
        {
            return type == typeof(DateOnly) ? new DateOnly(2026, 5, 1) : TimeProvider.System.GetUtcNow();
        }

        return type.IsEnum ? Enum.GetValues(type).GetValue(0)
            : type.IsPrimitive && type != typeof(bool) ? Convert.ChangeType(number + 1, type, System.Globalization.CultureInfo.InvariantCulture)
            : RuntimeHelpers.GetUninitializedObject(type);
    }
}
