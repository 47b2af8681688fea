using System.Text.Json.Serialization.Metadata;
using Proofsheet.Shared.Passwords;

namespace Proofsheet.Api.Http;

/// <summary>A password: when it is read from JSON, it is prepared as <see cref="OpaqueString"/> says, before its length is checked.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PasswordTextAttribute : Attribute;

internal static class PasswordText
{
    /// <summary>Applied like <see cref="OneLine.Apply"/>.</summary>
    public static void Apply(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is { } set && property.AttributeProvider?.IsDefined(typeof(PasswordTextAttribute), inherit: false) == true)
            {
                property.Set = (target, value) => set(target, value is string text ? OpaqueString.Of(text) : value);
            }
        }
    }
}
