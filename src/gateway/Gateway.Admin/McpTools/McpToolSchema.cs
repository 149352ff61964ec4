using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Gateway.Admin.Answers;

namespace Gateway.Admin.McpTools;

/// <summary>The JSON Schema of a tool's arguments, derived from its route.</summary>
internal static class McpToolSchema
{
    public static JsonElement Of(McpTool tool)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        if (tool.NameMeaning is { } meaning)
        {
            properties[McpTool.NameArgument] = Text(meaning);
            if (!tool.IsNameOptional)
                required.Add((JsonNode)McpTool.NameArgument);
        }

        foreach (var (name, what) in tool.Route.Query)
            properties[name] = Text(what);
        if (tool.Route.IsPaged)
        {
            properties["limit"] = Text(Pages.LimitMeaning);
            properties["cursor"] = Text(Pages.CursorMeaning);
        }

        if (tool.Document is { } document)
        {
            properties[document] = new JsonObject { ["type"] = "object" };
            required.Add((JsonNode)document);
        }
        else if (tool.Route.Metadata.GetMetadata<RouteBody>()?.Json().GetJsonSchemaAsNode()["properties"]
            is JsonObject members)
        {
            foreach (var (name, schema) in members)
                properties[name] = Plain(schema);
        }

        var whole = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
        return JsonSerializer.SerializeToElement(whole, AnswerJson.Default.JsonObject);
    }

    private static JsonObject Text(string meaning) => new() { ["type"] = "string", ["description"] = meaning };

    // Model providers accept a subset of JSON Schema, without null and without the schema "true". A member without a
    // type in the serializer is a JSON object in each of these routes.
    private static JsonObject Plain(JsonNode? schema)
    {
        if (schema is not JsonObject written)
            return new JsonObject { ["type"] = "object" };
        var plain = (JsonObject)written.DeepClone();
        plain.Remove("default");
        if (plain["type"] is JsonArray types)
            plain["type"] = (string)types[0]!;
        return plain;
    }
}
