using System.Buffers;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Refusals;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>The writer of one response in place of several servers' responses.</summary>
internal static class MergedAnswer
{
    /// <summary>Writes a result that names the missing servers.</summary>
    public static Task WriteAsync(
        AggregateRequest request, IReadOnlyList<ServerAnswer> missing, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            JsonRpcWriter.BeginResult(json, request.Message.Id.Span, request.Revision);
            members(json);
            WriteMeta(json, request, missing);
            JsonRpcWriter.End(json);
        }

        return PlainResponse.JsonAsync(request.Http, StatusCodes.Status200OK, buffer.WrittenMemory);
    }

    /// <summary>
    /// Responds when no server has a result. The first actual response is relayed unchanged, because a client may use
    /// it to fall back to another revision; otherwise all servers are named.
    /// </summary>
    public static async Task NoneAsync(AggregateRequest request, IReadOnlyList<ServerAnswer> answers)
    {
        var http = request.Http;
        if (answers.FirstOrDefault(static answer => answer.IsAnswered) is { } first)
        {
            http.Response.StatusCode = first.Status;
            http.Response.ContentType = first.MediaType.Length > 0 ? first.MediaType : null;
            await http.Response.Body.WriteAsync(first.Body, http.RequestAborted);
            return;
        }

        var text = "None of the grant's servers responded: "
            + $"{string.Join("; ", answers.Select(static answer => $"{answer.Server} {answer.Why}"))}.";
        await ServerUnavailable.WriteAsync(
            http, request.Message, request.Revision, "", StatusCodes.Status502BadGateway, text);
    }

    /// <summary>
    /// Writes the lifetime of the result if the servers state one; its scope is private, because every grant sees a
    /// different list.
    /// </summary>
    public static void WriteCaching(
        Utf8JsonWriter json, AggregateRequest request, IReadOnlyList<ServerAnswer> answers, bool isWhole)
    {
        if (request.Revision != McpRevision.Stateless)
            return;
        var ttl = answers.Select(static answer => answer.Result.TryGetProperty("ttlMs", out var ms)
            && ms.ValueKind == JsonValueKind.Number && ms.TryGetInt64(out var number) ? Math.Max(0, number) : 0)
            .DefaultIfEmpty(0).Min();
        json.WriteNumber("ttlMs"u8, isWhole ? ttl : 0);
        json.WriteString("cacheScope"u8, "private"u8);
    }

    /// <summary>Writes the description of the combined servers of a grant.</summary>
    public static void WriteServerInfo(Utf8JsonWriter json, AggregateRequest request)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "gateway");
        json.WriteString("title"u8, $"{string.Join(", ", request.Servers)} (gateway)");
        json.WriteString("version"u8, "1");
        json.WriteEndObject();
    }

    private static void WriteMeta(
        Utf8JsonWriter json, AggregateRequest request, IReadOnlyList<ServerAnswer> missing)
    {
        if (missing.Count == 0 && request.Revision != McpRevision.Stateless)
            return;
        json.WriteStartObject("_meta"u8);
        if (request.Revision == McpRevision.Stateless)
        {
            json.WritePropertyName("io.modelcontextprotocol/serverInfo"u8);
            WriteServerInfo(json, request);
        }

        if (missing.Count > 0)
            WriteMissing(json, missing);
        json.WriteEndObject();
    }

    private static void WriteMissing(Utf8JsonWriter json, IReadOnlyList<ServerAnswer> missing)
    {
        json.WriteStartArray(ServerUnavailable.Member);
        foreach (var answer in missing)
        {
            json.WriteStartObject();
            json.WriteString("server"u8, answer.Server);
            json.WriteString("reason"u8, answer.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
