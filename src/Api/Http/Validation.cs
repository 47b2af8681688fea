using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace Proofsheet.Api.Http;

/// <summary>Checks the DataAnnotations of a request and of the records inside it. Fields are named as in the request.</summary>
public static class Validation
{
    private const int MaxDepth = 8;

    public static Dictionary<string, string[]> Errors(object request)
    {
        var errors = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        Visit(request, "", errors, 0);
        return errors.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal);
    }

    private static void Visit(object value, string path, Dictionary<string, List<string>> errors, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        var results = new List<ValidationResult>();
        Validator.TryValidateObject(value, new ValidationContext(value), results, validateAllProperties: true);
        foreach (var result in results)
        {
            foreach (var member in result.MemberNames.DefaultIfEmpty(""))
            {
                var name = path + (member.Length == 0 ? "" : JsonNamingPolicy.CamelCase.ConvertName(member));
                if (!errors.TryGetValue(name, out var list))
                {
                    errors[name] = list = [];
                }

                list.Add(result.ErrorMessage ?? "Not acceptable.");
            }
        }

        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            var name = path + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            switch (property.GetValue(value))
            {
                case IEnumerable items and not string:
                    var index = 0;
                    foreach (var item in items)
                    {
                        if (item is null)
                        {
                            errors.TryAdd($"{name}[{index}]", ["It is null."]);
                        }
                        else if (IsOurs(item.GetType()))
                        {
                            Visit(item, $"{name}[{index}].", errors, depth + 1);
                        }

                        index++;
                    }

                    break;
                case { } inner when IsOurs(inner.GetType()):
                    Visit(inner, name + ".", errors, depth + 1);
                    break;
            }
        }
    }

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith("Proofsheet", StringComparison.Ordinal) == true && !type.IsEnum && !type.IsGenericType;
}

/// <summary>Runs <see cref="Validation"/> on every request record of an endpoint before its handler.</summary>
internal sealed class ValidationFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is not null && argument.GetType().Name.EndsWith("Request", StringComparison.Ordinal)
                && argument.GetType().Namespace?.StartsWith("Proofsheet", StringComparison.Ordinal) == true)
            {
                var errors = Validation.Errors(argument);
                if (errors.Count > 0)
                {
                    return Problems.Invalid(errors);
                }
            }
        }

        return await next(context);
    }
}
