using System.Reflection;
using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Audit.Reporting;
using Gateway.Audit.Verifying;
using Gateway.Control.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Gateway.Server.Tests.Admin;

/// <summary>The OpenAPI document of the admin API, generated from its endpoints and the serializer's types.</summary>
internal static class OpenApiGenerator
{
    private const string Name = "v1";
    private const string Problem = "Problem";

    public static async Task<string> GenerateAsync(EndpointDataSource endpoints)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(endpoints);
        builder.Services.ConfigureHttpJsonOptions(static options =>
        {
            var json = options.SerializerOptions;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.RespectNullableAnnotations = true;
            json.TypeInfoResolverChain.Clear();
            foreach (var context in Contexts())
                json.TypeInfoResolverChain.Add(context);
        });
        builder.Services.AddOpenApi(Name, static options =>
        {
            options.ShouldInclude = static route =>
                route.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            // A document of the caller, whatever it contains.
            options.CreateSchemaReferenceId = static type =>
                type.Type == typeof(JsonElement) || type.Type == typeof(JsonElement?)
                    || type.Type.IsAssignableTo(typeof(JsonNode))
                    ? null
                    : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer(DescribeSchemaAsync);
            options.AddOperationTransformer(DescribeOperationAsync);
            options.AddDocumentTransformer(DescribeDocumentAsync);
        });
        await using var app = builder.Build();
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)
            .GetOpenApiDocumentAsync();
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1) + "\n";
    }

    private static IEnumerable<JsonSerializerContext> Contexts() =>
    [
        .. typeof(AdminRoute).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(JsonSerializerContext)))
            .OrderBy(static type => type.FullName, StringComparer.Ordinal)
            .Select(static type => (JsonSerializerContext)type
                .GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!),
        ReportJson.Default, VerifyJson.Default,
    ];

    private static async Task DescribeDocumentAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Policy Gateway admin API",
            Version = Name,
            Description = "Servers, policies, grants, counters and the audit log of decisions.",
        };
        document.Servers = null;
        document.AddComponent(
            Problem, await context.GetOrCreateSchemaAsync(typeof(ProblemView), cancellationToken: stop));
        document.AddComponent<IOpenApiSecurityScheme>(
            "adminKey", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.Security = [new() { [new OpenApiSecuritySchemeReference("adminKey", document)] = [] }];
    }

    private static async Task DescribeOperationAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var route = new EndpointMetadataCollection(context.Description.ActionDescriptor.EndpointMetadata);
        var (method, path) = (context.Description.HttpMethod!, context.Description.RelativePath!["api/v1/".Length..]);
        operation.OperationId = string.Concat(method.ToLowerInvariant(), string.Concat(
            path.Split('/', '{', '}').Where(static part => part.Length > 0)
                .Select(static part => char.ToUpperInvariant(part[0]) + part[1..])));
        operation.Tags = new HashSet<OpenApiTagReference> { new(path.Split('/')[0], context.Document) };
        operation.Parameters =
        [
            .. path.Split('/').Where(static part => part.StartsWith('{'))
                .Select(static part => Parameter(part[1..^1], ParameterLocation.Path, "The object's name.")),
            .. (route.GetMetadata<RouteQuery>()?.Parameters ?? [])
                .Select(static one => Parameter(one.Name, ParameterLocation.Query, one.Meaning)),
        ];
        if (new Endpoint(null, route, null).IsPaged)
        {
            operation.Parameters.Add(Parameter("limit", ParameterLocation.Query, Pages.LimitMeaning));
            operation.Parameters.Add(Parameter("cursor", ParameterLocation.Query, Pages.CursorMeaning));
        }

        if (route.GetMetadata<RouteVersion>() is not null)
        {
            operation.Parameters.Add(Parameter(
                "If-Match", ParameterLocation.Header, "The ETag of the GET response; required if the object exists."));
        }

        if (route.GetMetadata<RouteBody>() is { } body)
        {
            DescribeBody(operation.RequestBody!.Content!, method, body);
            // Each member of a merge patch is optional (RFC 7396).
            if (method == "PATCH")
            {
                var patch = await context.GetOrCreateSchemaAsync(body.RequestType!, cancellationToken: stop);
                patch.Required = null;
                operation.RequestBody.Content![MergePatch.ContentType].Schema = patch;
            }
        }

        operation.Responses!["default"] = new OpenApiResponse
        {
            Description = "Why not, and what to do next.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, context.Document) },
            },
        };
    }

    private static void DescribeBody(IDictionary<string, OpenApiMediaType> content, string method, RouteBody body)
    {
        var type = content.Values.Single();
        content.Clear();
        content[method == "PATCH" ? MergePatch.ContentType : "application/json"] = type;
        if (body.Required.Count > 0)
        {
            type.Schema = new OpenApiSchema
            {
                AllOf = [type.Schema!, new OpenApiSchema { Required = body.Required.ToHashSet() }],
            };
        }
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string meaning) => new()
    {
        Name = name,
        In = place,
        Description = meaning,
        Required = place == ParameterLocation.Path,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    // The serializer does not know the converters and the declared members.
    private static Task DescribeSchemaAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        if (context.JsonPropertyInfo is { } property && SpecMember.Of(property) is { } member)
        {
            schema.Description = member.Declared.Text;
            if (member.Declared.LengthMax > 0)
                schema.MaxLength = member.Declared.LengthMax;
            if (member.Declared.IsNumber)
                schema.Type = JsonSchemaType.String | JsonSchemaType.Number;
            if (member.Kind == MemberKind.Choice)
            {
                schema.Enum = [.. member.Declared.Choices.Select(static one => (JsonNode)one)];
                schema.Default = member.Declared.Choices[0];
            }
        }

        if (context.JsonTypeInfo.Type == typeof(Dictionary<string, GrantedPolicy>))
        {
            // The library reads a constant as text.
            schema.AdditionalProperties = OpenApiModelFactory.Parse<OpenApiSchema>(
                GrantedPolicy.Schema.Replace("\"const\": true", "\"enum\": [true]", StringComparison.Ordinal),
                OpenApiSpecVersion.OpenApi3_1, new OpenApiDocument(), out _, "json");
        }

        return Task.CompletedTask;
    }
}
