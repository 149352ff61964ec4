using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Raw;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// Merged lists of several servers: each page contains a page of every server that has more, in the grant's order. A
/// server that does not respond in time is omitted and named.
/// </summary>
internal sealed class MergedLists(InnerCalls calls, Routes routes)
{
    public async Task AnswerAsync(AggregateRequest request, ListMethod list)
    {
        var place = RawJson.Find(request.Message.Body.Span, "params", "cursor");
        if (place is { } given && request.Message.Body.Span[given].SequenceEqual("null"u8))
            place = null;
        var cursor = place is null ? new MergedCursor(0, new Dictionary<string, string>()) : Read(request, place.Value);
        if (cursor is null)
        {
            await PlainResponse.FaultAsync(request.Http, new McpFault(StatusCodes.Status200OK,
                McpErrorCodes.InvalidParams, "The cursor was not issued by this list.", request.Message.Id));
            return;
        }

        var asked = request.Servers.Where(server => place is null || cursor.Servers.ContainsKey(server));
        var answers = await Task.WhenAll(asked.Select(server => AskAsync(request, server, place, cursor)));
        var missing = answers.Where(static answer => answer is { Why: not null, LacksMethod: false }).ToList();
        var there = answers.Where(static answer => answer.Why is null).ToList();
        if (there.Count == 0 && missing.Count == answers.Length && answers.Length > 0)
        {
            await MergedAnswer.NoneAsync(request, answers);
            return;
        }

        var next = Next(there, missing, cursor.Page + 1);
        await MergedAnswer.WriteAsync(request, missing, json =>
        {
            json.WriteStartArray(list.Member);
            WriteEntries(json, request, list, there);
            json.WriteEndArray();
            if (next is not null)
                json.WriteString("nextCursor"u8, next.Write());
            MergedAnswer.WriteCaching(json, request, there, missing.Count == 0);
        });
    }

    private Task<ServerAnswer> AskAsync(AggregateRequest request, string server, Range? place, MergedCursor cursor)
    {
        var body = request.Message.Body;
        return calls.AskAsync(
            request, server,
            place is { } own ? RawJson.Replace(body.Span, own, RawJson.Text(cursor.Servers[server])) : body,
            routes.Of(request.Grant.CallerKey, server).Add);
    }

    /// <summary>Returns the client's cursor, or null if it was not made here.</summary>
    private static MergedCursor? Read(AggregateRequest request, Range place)
    {
        var reader = new Utf8JsonReader(request.Message.Body.Span[place]);
        return reader.Read() && reader.TokenType == JsonTokenType.String
            ? MergedCursor.Read(reader.GetString()!) : null;
    }

    private static MergedCursor? Next(List<ServerAnswer> there, List<ServerAnswer> missing, int page)
    {
        var cursors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var answer in there)
        {
            if (Routes.CursorOf(answer) is { } cursor)
                cursors[answer.Server] = cursor;
            else if (answer.Result.TryGetProperty("nextCursor", out var own) && own.ValueKind == JsonValueKind.String
                && own.GetString() is { Length: > 0 })
                missing.Add(ServerAnswer.Missing(answer.Server,
                    $"has more entries, but its cursor is over {MergedCursor.ServerCursorCharsMax} characters long"));
        }

        if (page < McpReadBounds.ListPagesMax)
            return cursors.Count == 0 ? null : new(page, cursors);
        missing.AddRange(cursors.Keys.Select(server => ServerAnswer.Missing(
            server, $"has more than {McpReadBounds.ListPagesMax} pages; later pages are omitted")));
        return null;
    }

    private void WriteEntries(
        Utf8JsonWriter json, AggregateRequest request, ListMethod list, List<ServerAnswer> there)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var answer in there)
        {
            if (!answer.Result.TryGetProperty(list.Member, out var entries) || entries.ValueKind != JsonValueKind.Array)
                continue;
            var offers = routes.Of(request.Grant.CallerKey, answer.Server);
            var links = list.Kind == McpListKind.Tools ? routes.Links(request, answer.Server) : null;
            foreach (var entry in entries.EnumerateArray())
            {
                // An entry that is not in the table could not be called.
                if (NameOf(entry, list) is not { } name)
                    continue;
                // Every server lists the same resource, and reading it reads all of them.
                if (list.Kind == McpListKind.Resources && name == ReservedUris.Limits)
                {
                    if (seen.Add(name))
                        WriteEntry(json, entry, list.NameMember, name);
                }
                else if (offers.Exposed(list.Kind, name) is { } exposed)
                {
                    if (list.Kind == McpListKind.Resources)
                        exposed = routes.UriInList(request, answer.Server, exposed);
                    if (seen.Add(exposed))
                        WriteEntry(json, entry, list.NameMember, exposed, links);
                }
            }
        }
    }

    private static string? NameOf(JsonElement entry, ListMethod list) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(list.NameMember, out var name)
        && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static void WriteEntry(
        Utf8JsonWriter json, JsonElement entry, string nameMember, string exposed, ResourceLinks? links = null)
    {
        json.WriteStartObject();
        foreach (var member in entry.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (member.Name == nameMember)
                json.WriteStringValue(exposed);
            else if (links is not null && member.NameEquals("_meta"u8))
                WriteMeta(json, JsonMarshal.GetRawUtf8Value(member.Value), links);
            else
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the metadata of a tool, which may name the resource that displays its results.</summary>
    private static void WriteMeta(Utf8JsonWriter json, ReadOnlySpan<byte> meta, ResourceLinks links)
    {
        using var changed = new PooledBuffer();
        json.WriteRawValue(
            links.TryRewriteMeta(meta, changed) ? changed.Written.Span : meta, skipInputValidation: true);
    }
}
