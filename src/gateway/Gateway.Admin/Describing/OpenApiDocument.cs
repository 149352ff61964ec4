using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Describing;

/// <summary>
/// The OpenAPI 3.1 document of the admin API, made from the very routes and JSON types that answer. OpenAPI 3.1 takes
/// JSON Schema as it is, so the schemas are those of the serializer and cannot say anything else.
/// </summary>
internal static class OpenApiDocument
{
    private const string Json = "application/json";

    // The serializer does not know the converters and the declared members.
    private static readonly JsonSchemaExporterOptions Schemas = new()
    {
        TransformSchemaNode = static (context, schema) =>
            context.PropertyInfo is { } property && SpecMember.Of(property) is { } member
                ? SpecSchema.Describe(schema as JsonObject ?? [], member)
            : context.TypeInfo.Type == typeof(GrantedPolicy) ? JsonNode.Parse(GrantedPolicy.Schema)!
            : schema,
    };

    public static byte[] Write(IEnumerable<Endpoint> all, Func<Type, JsonTypeInfo> typeOf, string release)
    {
        var paths = new JsonObject();
        var routes = all.Where(static one =>
            one.Method.Length > 0 && one.Metadata.GetMetadata<RouteAccess>() is not null);
        foreach (var path in routes.GroupBy(static route => route.Pattern))
            paths[path.Key] = Path(path.Key[AdminRoute.Root.Length..], path, typeOf);
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Policy Gateway admin API",
                ["version"] = release,
                ["description"] = "Servers, policies, grants, counters and the record of what was decided.",
            },
            ["security"] = new JsonArray(new JsonObject { ["adminKey"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["adminKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["schemas"] = new JsonObject { ["Problem"] = AnswerJson.Default.ProblemView.GetJsonSchemaAsNode() },
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, AnswerJson.Default.JsonObject);
    }

    private static JsonObject Path(string path, IEnumerable<Endpoint> routes, Func<Type, JsonTypeInfo> typeOf)
    {
        var item = new JsonObject();
        JsonNode[] parameters = [.. path.Split('/').Where(static part => part.StartsWith('{'))
            .Select(static part => Parameter(part[1..^1], "path", "The object's name.", required: true))];
        if (parameters.Length > 0)
            item["parameters"] = new JsonArray(parameters);
        foreach (var route in routes)
            item[route.Method.ToLowerInvariant()] = Operation(route, typeOf);
        return item;
    }

    private static JsonObject Operation(Endpoint route, Func<Type, JsonTypeInfo> typeOf)
    {
        var operation = new JsonObject
        {
            ["operationId"] = Id(route),
            ["summary"] = route.Metadata.GetMetadata<IEndpointSummaryMetadata>()!.Summary,
        };
        var parameters = new JsonArray();
        foreach (var (name, meaning) in route.Query)
            parameters.Add((JsonNode)Parameter(name, "query", meaning, required: false));
        if (route.IsPaged)
        {
            parameters.Add((JsonNode)Parameter("limit", "query", $"At most {Pages.LimitMax}; usually 100.", false));
            parameters.Add((JsonNode)Parameter("cursor", "query", "The last page's \"next\".", false));
        }

        if (route.Metadata.GetMetadata<RouteVersion>() is not null)
        {
            parameters.Add((JsonNode)Parameter(
                "If-Match", "header", "The ETag that GET answered; required for what exists.", required: false));
        }

        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        if (route.Metadata.GetMetadata<RouteBody>() is { } takes)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Body(route, takes) };
        operation["responses"] = Responses(route, typeOf);
        return operation;
    }

    private static JsonObject Body(Endpoint route, RouteBody takes)
    {
        var schema = takes.Json().GetJsonSchemaAsNode(Schemas);
        if (schema is not JsonObject body)
            return Content(Json, schema);
        if (route.Method == "PATCH")
        {
            // Each member of a merge patch is optional (RFC 7396).
            body.Remove("required");
            return Content(MergePatch.ContentType, body);
        }

        if (takes.Required.Count > 0)
        {
            var required = body["required"]?.AsArray().Select(static one => (string)one!) ?? [];
            body["required"] = new JsonArray([.. required.Union(takes.Required).Select(one => (JsonNode)one)]);
        }

        return Content(Json, body);
    }

    private static JsonObject Responses(Endpoint route, Func<Type, JsonTypeInfo> typeOf)
    {
        var success = new JsonObject { ["description"] = "Done." };
        var gives = route.Metadata.GetMetadata<IProducesResponseTypeMetadata>()!;
        if (gives.Type is { } type && type != typeof(void))
            success["content"] = Content(Json, typeOf(type).GetJsonSchemaAsNode(Schemas));
        return new JsonObject
        {
            [gives.StatusCode.ToString(CultureInfo.InvariantCulture)] = success,
            ["default"] = new JsonObject
            {
                ["description"] = "Why not, and what to do next.",
                ["content"] = Content(
                    "application/problem+json", new JsonObject { ["$ref"] = "#/components/schemas/Problem" }),
            },
        };
    }

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Parameter(string name, string place, string meaning, bool required) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["description"] = meaning,
        ["required"] = required,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static string Id(Endpoint route) => string.Concat(route.Method.ToLowerInvariant(), string.Concat(
        route.Pattern[AdminRoute.Root.Length..].Split('/', '{', '}').Where(static part => part.Length > 0)
            .Select(static part => char.ToUpperInvariant(part[0]) + part[1..])));
}
