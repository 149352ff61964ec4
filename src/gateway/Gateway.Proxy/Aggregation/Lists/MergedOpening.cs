using System.Text;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Extensions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// The responses to <c>initialize</c> and <c>server/discover</c> for the combination of several servers.
/// </summary>
internal sealed class MergedOpening(InnerCalls calls, AggregateSessions sessions)
{
    private const int InstructionsCharsMax = 16 * 1024;

    private static readonly string[] Capabilities = ["tools", "prompts", "resources", "logging", "completions"];

    public async Task InitializeAsync(AggregateRequest request)
    {
        var body = request.Message.Body;
        var answers = await AskAllAsync(request);
        var there = answers.Where(static answer => answer.Why is null).ToList();
        if (there.Count == 0)
        {
            await MergedAnswer.NoneAsync(request, answers);
            return;
        }

        var opened = there.ToDictionary(
            static answer => answer.Server, static answer => InnerCalls.Opened(answer)!, StringComparer.Ordinal);
        var parameters = RawJson.Find(body.Span, "params") is { } place ? body[place] : default;
        if (sessions.Seal(request.Grant.CallerKey, parameters.Span, opened) is not { } id)
        {
            await PlainResponse.FaultAsync(request.Http, new McpFault(
                StatusCodes.Status502BadGateway, McpErrorCodes.InternalError,
                "The session ids of the grant's servers are too long to be combined. Call each server at its own "
                + "address, or use a grant with fewer servers.", request.Message.Id));
            return;
        }

        request.Http.Response.Headers[McpHeaders.SessionId] = id;
        // The oldest revision of all servers: each server gets its own revision, and no response is newer than
        // announced.
        var version = AggregateSession.RevisionOf(opened.Values);
        await MergedAnswer.WriteAsync(request, [.. answers.Where(static answer => answer.Why is not null)], json =>
        {
            json.WriteString("protocolVersion"u8, version ?? McpVersions.LatestHandshake);
            WriteServer(json, request, there);
        });
    }

    public async Task DiscoverAsync(AggregateRequest request)
    {
        var answers = await AskAllAsync(request);
        var there = answers.Where(static answer => answer.Why is null).ToList();
        // An available server does not support this revision, so its client must fall back to one that all servers
        // support. A server without a connection says nothing about its revisions.
        if (there.Count == 0 || answers.Any(static answer =>
            answer is { IsAnswered: true, Why: not null, NeedsConnection: false }))
        {
            await MergedAnswer.NoneAsync(request, [.. answers.Where(static answer => answer.Why is not null)]);
            return;
        }

        var versions = there.Select(Versions).Aggregate(static (one, other) => [.. one.Intersect(other)]);
        await MergedAnswer.WriteAsync(request, [.. answers.Where(static answer => answer.Why is not null)], json =>
        {
            json.WriteStartArray("supportedVersions"u8);
            foreach (var version in versions)
                json.WriteStringValue(version);
            json.WriteEndArray();
            WriteServer(json, request, there);
            MergedAnswer.WriteCaching(json, request, there, there.Count == answers.Length);
        });
    }

    private Task<ServerAnswer[]> AskAllAsync(AggregateRequest request) => Task.WhenAll(
        request.Servers.Select(server => calls.AskAsync(request, server, request.Message.Body)));

    private static IReadOnlyList<string> Versions(ServerAnswer answer) =>
        answer.Result.TryGetProperty("supportedVersions", out var all) && all.ValueKind == JsonValueKind.Array
            ? [.. all.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String)
                .Select(static one => one.GetString()!)]
            : [];

    private static void WriteServer(Utf8JsonWriter json, AggregateRequest request, List<ServerAnswer> there)
    {
        json.WriteStartObject("capabilities"u8);
        foreach (var name in Capabilities)
            WriteCapability(json, name, [.. there.Select(answer => Member(Member(answer.Result, "capabilities"), name))
                .Where(static value => value.ValueKind == JsonValueKind.Object)]);
        WriteTasks(json, there);
        WriteExtensions(json, there);
        json.WriteEndObject();
        json.WritePropertyName("serverInfo"u8);
        MergedAnswer.WriteServerInfo(json, request);
        var instructions = Instructions(there);
        if (instructions.Length > 0)
            json.WriteString("instructions"u8, instructions);
    }

    private static void WriteCapability(Utf8JsonWriter json, string name, List<JsonElement> offered)
    {
        if (offered.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach (var flag in (string[])["listChanged", "subscribe"])
        {
            // The gateway itself reports lists that it changed, regardless of the servers.
            if ((flag == "listChanged" && name is "tools" or "prompts" or "resources")
                || offered.Any(one => Member(one, flag).ValueKind == JsonValueKind.True))
                json.WriteBoolean(flag, true);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the experimental tasks of 2025-11-25, if a server has them.</summary>
    private static void WriteTasks(Utf8JsonWriter json, List<ServerAnswer> there)
    {
        var offered = there.Select(static answer => Member(
            Member(answer.Result, "capabilities"), CapabilityFilter.Tasks)).FirstOrDefault(
            static value => value.ValueKind == JsonValueKind.Object);
        if (offered.ValueKind != JsonValueKind.Object)
            return;
        json.WritePropertyName(CapabilityFilter.Tasks);
        offered.WriteTo(json);
    }

    /// <summary>Writes every extension of a server, with the settings of the first server that has it.</summary>
    private static void WriteExtensions(Utf8JsonWriter json, List<ServerAnswer> there)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var answer in there)
        {
            var offered = Member(Member(answer.Result, "capabilities"), CapabilityFilter.Extensions);
            if (offered.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var extension in offered.EnumerateObject())
            {
                if (seen.Count == 0)
                    json.WriteStartObject(CapabilityFilter.Extensions);
                if (seen.Add(extension.Name))
                    extension.WriteTo(json);
            }
        }

        if (seen.Count > 0)
            json.WriteEndObject();
    }

    private static string Instructions(List<ServerAnswer> there)
    {
        var text = new StringBuilder();
        foreach (var answer in there)
        {
            if (Member(answer.Result, "instructions") is { ValueKind: JsonValueKind.String } own)
                text.Append($"# {answer.Server}\n").Append(own.GetString()).Append('\n');
        }

        return text.Length <= InstructionsCharsMax ? text.ToString() : text.ToString(0, InstructionsCharsMax);
    }

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}
