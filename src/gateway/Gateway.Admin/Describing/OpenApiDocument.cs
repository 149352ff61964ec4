using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;

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

    public static byte[] Write(IEnumerable<AdminRoute> routes, string release)
    {
        var paths = new JsonObject();
        foreach (var path in routes.GroupBy(static route => route.Path))
            paths[AdminRoute.Root + path.Key] = Path(path.Key, path);
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

    private static JsonObject Path(string path, IEnumerable<AdminRoute> routes)
    {
        var item = new JsonObject();
        JsonNode[] parameters = [.. path.Split('/').Where(static part => part.StartsWith('{'))
            .Select(static part => Parameter(part[1..^1], "path", "The object's name.", required: true))];
        if (parameters.Length > 0)
            item["parameters"] = new JsonArray(parameters);
        foreach (var route in routes)
            item[route.Method.ToLowerInvariant()] = Operation(route);
        return item;
    }

    private static JsonObject Operation(AdminRoute route)
    {
        var operation = new JsonObject { ["operationId"] = Id(route), ["summary"] = route.Summary };
        var parameters = new JsonArray();
        foreach (var (name, meaning) in route.Query)
            parameters.Add((JsonNode)Parameter(name, "query", meaning, required: false));
        if (route.IsPaged)
        {
            parameters.Add((JsonNode)Parameter("limit", "query", $"At most {Pages.LimitMax}; usually 100.", false));
            parameters.Add((JsonNode)Parameter("cursor", "query", "The last page's \"next\".", false));
        }

        if (route.NeedsVersion)
        {
            parameters.Add((JsonNode)Parameter(
                "If-Match", "header", "The ETag that GET answered; required for what exists.", required: false));
        }

        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        if (route.Takes is { } takes)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Body(route, takes()) };
        operation["responses"] = Responses(route);
        return operation;
    }

    private static JsonObject Body(AdminRoute route, JsonTypeInfo type)
    {
        var schema = type.GetJsonSchemaAsNode(Schemas);
        if (schema is not JsonObject body)
            return Content(Json, schema);
        if (route.Method == "PATCH")
        {
            // Each member of a merge patch is optional (RFC 7396).
            body.Remove("required");
            return Content(MergePatch.ContentType, body);
        }

        if (route.Required.Count > 0)
        {
            var required = body["required"]?.AsArray().Select(static one => (string)one!) ?? [];
            body["required"] = new JsonArray([.. required.Union(route.Required).Select(one => (JsonNode)one)]);
        }

        return Content(Json, body);
    }

    private static JsonObject Responses(AdminRoute route)
    {
        var success = new JsonObject { ["description"] = "Done." };
        if (route.Gives is { } gives)
            success["content"] = Content(Json, gives().GetJsonSchemaAsNode(Schemas));
        return new JsonObject
        {
            [route.Status.ToString(CultureInfo.InvariantCulture)] = success,
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

    private static string Id(AdminRoute route) => string.Concat(route.Method.ToLowerInvariant(), string.Concat(
        route.Path.Split('/', '{', '}').Where(static part => part.Length > 0)
            .Select(static part => char.ToUpperInvariant(part[0]) + part[1..])));
}
