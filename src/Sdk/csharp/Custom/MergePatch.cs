using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Proofsheet.Sdk;

/// <summary>
/// A partial update: properties that are set are changed, the others stay as they are. Null means "leave it alone", so a field is cleared
/// with <see cref="MergePatches.Clear"/>.
/// </summary>
public abstract record MergePatch
{
    /// <summary>The fields to clear, by JSON name. They are written as nulls, next to the properties.</summary>
    [JsonExtensionData]
    [JsonInclude]
    internal Dictionary<string, object?>? Cleared { get; set; }
}

/// <summary>Clears fields in a patch.</summary>
public static class MergePatches
{
    /// <summary>Adds a field to clear: <c>new UpdateGalleryRequest { Title = "Anna" }.Clear(g => g.ExpiresAt)</c>.</summary>
    public static T Clear<T>(this T patch, Expression<Func<T, object?>> field)
        where T : MergePatch
    {
        var body = field.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : field.Body;
        if (body is not MemberExpression { Member: PropertyInfo property, Expression: ParameterExpression }
            || property.GetCustomAttribute<JsonPropertyNameAttribute>() is not { } name)
        {
            throw new ArgumentException("Name one property of the patch, such as g => g.ExpiresAt.", nameof(field));
        }

        if (property.GetValue(patch) is not null)
        {
            throw new ArgumentException($"{property.Name} is set already; it cannot be cleared too.", nameof(field));
        }

        // Copied because records are values: the original patch may be reused.
        var cleared = patch.Cleared is null ? [] : new Dictionary<string, object?>(patch.Cleared);
        cleared[name.Name] = null;
        return patch with { Cleared = cleared };
    }
}
