using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Proofsheet.Sdk;

/// <summary>
/// A change of some fields: what is set is changed, what is not stays. Null cannot say "clear it", because it already
/// says "leave it"; <see cref="MergePatches.Clear"/> does.
/// </summary>
public abstract record MergePatch
{
    /// <summary>Fields to clear, by their name in JSON. Written beside the properties as nulls.</summary>
    [JsonExtensionData]
    [JsonInclude]
    internal Dictionary<string, object?>? Cleared { get; set; }
}

/// <summary>Clearing fields in a patch.</summary>
public static class MergePatches
{
    /// <summary>Also clears this field: <c>new UpdateGalleryRequest { Title = "Anna" }.Clear(g => g.ExpiresAt)</c>.</summary>
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

        // A copy: records are values, and a patch may be kept and used again.
        var cleared = patch.Cleared is null ? [] : new Dictionary<string, object?>(patch.Cleared);
        cleared[name.Name] = null;
        return patch with { Cleared = cleared };
    }
}
