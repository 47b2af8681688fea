using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// The published document: /openapi/v1.json, with a page for people at /reference. Both SDKs are generated from it. Operations that only
/// the installation itself, its payment provider and its authorities call are in /openapi/internal.json.
/// </summary>
internal static class OpenApiSetup
{
    public const string Document = "v1";
    public const string Internal = "internal";

    private static readonly OpenApiLicense License = new() { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") };
    private static readonly OpenApiContact Contact = new() { Name = "Proofsheet", Url = new Uri("https://proofsheet.dev") };

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddOptions<OAuthDocumentOptions>().BindConfiguration("OpenApi:OAuth").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "Proofsheet API",
                Version = ApiVersions.Newest,
                Description = "Proofing galleries and sales for photographers' studios. Amounts are integers in minor units; times are RFC 3339 in UTC; "
                    + "errors are problem+json with a stable code; lists are pages with a cursor.",
                License = License,
                Contact = Contact,
            });
            options.SwaggerDoc(Internal, new OpenApiInfo
            {
                Title = "Proofsheet API, internal part",
                Version = ApiVersions.Newest,
                Description = "Operations called by operators, payment providers and authorities. They are not part of the SDKs and may change with any release.",
                License = License,
                Contact = Contact,
            });
            // Each installation serves the document of its own API.
            options.AddServer(new OpenApiServer { Url = "/", Description = "This installation." });
            options.DocInclusionPredicate((document, api) => document == (api.GroupName ?? Document));
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.UseAllOfForInheritance();
            // Only for the problems of ASP.NET Core: our own records repeat the fields that they inherit, so that each schema reads by itself.
            options.SelectSubTypesUsing(type => type.Assembly == typeof(OpenApiSetup).Assembly ? [] : type.Assembly.GetTypes().Where(t => t.IsSubclassOf(type)));
            // OpenAPI 3.0 ignores the siblings of a $ref, such as nullable; inside an allOf they count.
            options.UseAllOfToExtendReferenceSchemas();
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.xml"));
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "Proofsheet.Shared.xml"));
            options.CustomSchemaIds(SchemaNames.Of);
            options.CustomOperationIds(api => api.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName);
            options.AddSecurityDefinition(SecurityRequirements.Key, SecurityRequirements.KeyScheme);
            options.DocumentFilter<SecurityRequirements>();
            options.MapType<Instant>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
            options.MapType<Instant?>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
            options.MapType<StudioTime>(() => new OpenApiSchema { Type = JsonSchemaType.String, Description = StudioTime.Description });
            options.MapType<StudioTime?>(() => new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = StudioTime.Description });
            options.MapType<DateOnly>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" });
            options.MapType<ServerSentEvents>(() => new OpenApiSchema { Type = JsonSchemaType.String, Description = "text/event-stream" });
            foreach (var kind in typeof(OpenApiSetup).Assembly.GetTypes().Concat(typeof(IIdentified).Assembly.GetTypes()).Where(t => t.IsClass && !t.IsAbstract && t.IsAssignableTo(typeof(IIdentified))))
            {
                var prefix = (string)kind.GetProperty(nameof(IIdentified.Prefix))!.GetValue(null)!;
                var id = typeof(Id<>).MakeGenericType(kind);
                options.MapType(id, () => IdSchema(prefix, nullable: false));
                options.MapType(typeof(Nullable<>).MakeGenericType(id), () => IdSchema(prefix, nullable: true));
            }

            options.SchemaFilter<EnumSchemas>();
            options.SchemaFilter<ProblemSchemas>();
            options.ParameterFilter<ChoiceParameters>();
            options.SchemaFilter<IdSchemas>();
            options.OperationFilter<OperationConventions>();
            options.OperationFilter<BinaryBodies>();
            options.OperationFilter<DescribedHeaders>();
            // After the others, because a body of any kind can be too large or of the wrong type.
            options.OperationFilter<GeneralRefusals>();
            var required = new RequiredFields();
            options.AddSchemaFilterInstance(required);
            options.AddDocumentFilterInstance(required);
            options.DocumentFilter<PlainReferences>();
            options.DocumentFilter<UnusedSchemas>();
            options.DocumentFilter<SharedRefusals>();
            options.DocumentFilter<DescribedTags>();
            options.DocumentFilter<ReferenceTables>();
        });
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        var oauth = app.Services.GetRequiredService<IOptions<OAuthDocumentOptions>>().Value;
        app.MapGet($"/reference/{ReferenceScript.Name}", () => Results.Text(ReferenceScript.Text, "text/javascript")).ExcludeFromDescription();
        app.UseSwagger(options => options.RouteTemplate = "openapi/{documentName}.json");
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "reference";
            options.DocumentTitle = "Proofsheet API reference";
            options.SwaggerEndpoint("/openapi/v1.json", "Proofsheet API");
            options.ConfigObject.AdditionalItems["persistAuthorization"] = false;
            options.EnableDeepLinking();
            // Groups are collapsed: with some 140 operations and their schemas expanded, a browser needs more than a minute to draw the page.
            options.DocExpansion(Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None);
            options.DefaultModelsExpandDepth(0);
            options.OAuthClientId(oauth.ClientId ?? "");
            options.OAuthUsePkce();
            options.InjectJavascript(ReferenceScript.Name);
        });
    }

    private static OpenApiSchema IdSchema(string prefix, bool nullable) => new()
    {
        Type = nullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String,
        Pattern = $"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$",
    };
}

/// <summary>Endpoint metadata: the response consists of server-sent events.</summary>
public sealed class ServerSentEvents;

internal static class SchemaNames
{
    /// <summary>Page&lt;PhotoResponse&gt; becomes PhotoPage, PhotoResponse becomes Photo, so that SDK types are plain nouns.</summary>
    public static string Of(Type type)
    {
        if (type.IsGenericType)
        {
            var inner = string.Concat(type.GetGenericArguments().Select(Of));
            return inner + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        }

        return type.Name.EndsWith("Response", StringComparison.Ordinal) ? type.Name[..^"Response".Length] : type.Name;
    }
}
