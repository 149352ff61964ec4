using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Gateway.Acquire.Messages;

namespace Gateway.Acquire.Serving;

/// <summary>
/// The OpenAPI 3.1 document. Its schemas come from the serializer that reads and writes the messages, so they always
/// match.
/// </summary>
internal static class AcquireOpenApi
{
    private const string Json = "application/json";

    private static readonly (int Status, string When)[] Problems =
    [
        (400, "The body is not valid JSON, or does not have this form."),
        (401, "The key of the request is missing or unknown."),
        (403, "The key does not allow charges to this budget, or to any budget."),
        (409, "The id was already charged for other costs."),
        (413, "The body is too large."),
        (422, "A value is not valid."),
        (429, "Too many wrong keys came from this address."),
        (503, "No decision was possible, so the call is not allowed."),
    ];

    public static byte[] Write()
    {
        var paths = new JsonObject
        {
            [AcquireEndpoint.Acquire] = Path("acquire", "Charges all costs of a call or none. An id is charged only "
                + "once.",
                AcquireJson.Default.AcquireMessage, AcquireJson.Default.AcquireAnswer),
            [AcquireEndpoint.Refund] = Path("refund", "Returns the charge of a call, or a part of it.",
                AcquireJson.Default.ReturnMessage, AcquireJson.Default.ReturnAnswer),
            [AcquireEndpoint.Release] = Path("release", "Returns the whole charge of a call that did not happen.",
                AcquireJson.Default.ReturnMessage, AcquireJson.Default.ReturnAnswer),
        };
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Policy Gateway limits for services",
                ["version"] = typeof(AcquireOpenApi).Assembly.GetName().Version?.ToString(3) ?? "0",
            },
            ["security"] = new JsonArray([new JsonObject { ["serviceKey"] = new JsonArray() }]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["serviceKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["schemas"] = new JsonObject { ["Problem"] = AcquireJson.Default.AcquireProblem.GetJsonSchemaAsNode() },
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, AcquireJson.Default.JsonObject);
    }

    private static JsonObject Path(string id, string summary, JsonTypeInfo takes, JsonTypeInfo gives)
    {
        var responses = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "Decided.",
                ["content"] = Content(Json, gives.GetJsonSchemaAsNode()),
            },
        };
        foreach (var (status, when) in Problems)
        {
            responses[$"{status}"] = new JsonObject
            {
                ["description"] = when,
                ["content"] = Content(
                    "application/problem+json", new JsonObject { ["$ref"] = "#/components/schemas/Problem" }),
            };
        }

        return new JsonObject
        {
            ["post"] = new JsonObject
            {
                ["operationId"] = id,
                ["summary"] = summary,
                ["requestBody"] = new JsonObject
                {
                    ["required"] = true,
                    ["content"] = Content(Json, takes.GetJsonSchemaAsNode()),
                },
                ["responses"] = responses,
            },
        };
    }

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };
}
