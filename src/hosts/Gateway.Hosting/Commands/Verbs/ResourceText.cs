using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Alerts;
using Gateway.Admin.Approvals;
using Gateway.Admin.Channels;
using Gateway.Admin.Grants;
using Gateway.Admin.Pausing;
using Gateway.Admin.Servers;
using Gateway.Audit.Records;
using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>The text forms of objects' members for people.</summary>
internal static class ResourceText
{
    private const int DescriptionCharsMax = 60;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the items in one line; null if there are none.</summary>
    public static string? Joined(IReadOnlyCollection<string>? items, string separator = ", ") =>
        items is { Count: > 0 } ? string.Join(separator, items) : null;

    public static string Roles(IReadOnlyList<string> roles) => Joined(roles) ?? "(no role)";

    /// <summary>Returns the beginning of the first line of a description.</summary>
    public static string? FirstLine(string? text)
    {
        var line = text?.Split('\n')[0].Trim();
        return line is { Length: > DescriptionCharsMax } ? line[..(DescriptionCharsMax - 1)] + "…" : line;
    }

    /// <summary>Returns a description: its beginning in a table, all of it in CSV.</summary>
    public static string? Description(string? text, Output output) => output.IsCsv ? text : FirstLine(text);

    /// <summary>Returns each server that a grant reaches, with its policy.</summary>
    public static string Servers(GrantView grant) => string.Join(
        ", ", (grant.Servers ?? []).Select(static one => $"{one.Key}={one.Value.Name ?? "(no policy)"}"));

    /// <summary>Returns the declared members of a grant that have an option.</summary>
    public static IEnumerable<(string Name, string? Value)> Members(GrantView grant)
    {
        // A gateway of an earlier release sends only the former names. If both are sent, they are equal.
        grant.TakeFormerNames(static (_, _) => { });
        return GrantSpec.Members.Where(static member => member.Declared.Placeholder is not null)
            .Select(member => (member.Words, Member(member.Get(grant))));
    }

    /// <summary>Returns <c>active</c>, or the time since which a server is paused.</summary>
    public static string Paused(PauseView? pause) => pause is null
        ? "active"
        : $"paused since {Times.Show(pause.Since) ?? "?"} by {pause.By ?? pause.From ?? "?"}"
            + (pause.Until is { } until ? $" until {Times.Show(until)}" : "")
            + (pause.Reason is { } reason ? $": {reason}" : "");

    /// <summary>Returns the credentials that must be entered again; null if there are none.</summary>
    public static string? Detached(ServerView server) => Joined(server.DetachedCredentials);

    /// <summary>Returns the counters that a counter counts; null if it counts calls or amounts.</summary>
    public static string? Counts(string? each, string? max) => each is null ? null : $"each {each}, up to {max}";

    /// <summary>Returns true if a route uses a proxy.</summary>
    public static bool IsProxied(string? route) => route is not null and not "direct";

    /// <summary>Returns the replicas, each with its fault; null if there is only one.</summary>
    public static string? Replicas(ServerView server) => server.Replicas is { } live
        ? string.Join(", ", live.Select(static one =>
            one.Fault is { } fault ? $"{one.Url} (not used: {fault})" : one.Url))
        : Joined(server.Urls);

    /// <summary>
    /// Returns the transport and its open sessions; null if none was chosen and HTTP+SSE was not detected.
    /// </summary>
    public static string? Transport(ServerView server) => server.Sse is { } sse
        ? $"HTTP+SSE{(sse.Detected ? " (detected)" : "")}, {sse.Sessions} of {sse.SessionsMax} sessions open at this "
            + "gateway"
        : server.Transport switch { "sse" => "HTTP+SSE", "http" => "Streamable HTTP", _ => null };

    /// <summary>Returns the TLS files of a server; null if it has none.</summary>
    public static string? Tls(ServerTlsFiles? tls) => Joined([.. new[]
    {
        ("ca", tls?.Ca), ("cert", tls?.Cert), ("key", tls?.Key),
    }.Where(static file => file.Item2 is not null).Select(static file => $"{file.Item1} {file.Item2}")]);

    /// <summary>Returns the timeouts of a server; null if it has none.</summary>
    public static string? Timeouts(ServerTimeoutsSpec? timeouts) => timeouts is null ? null
        : string.Join(", ", ((string?[])
        [
            timeouts.CallSeconds is { } call ? $"{call} s" : null,
            .. (timeouts.Tools ?? []).Select(static tool => $"{tool.Key} {tool.Value} s"),
            timeouts.MaxSeconds is { } max ? $"at most {max} s with progress" : null,
        ]).OfType<string>());

    /// <summary>Returns the handling of a server's tasks; null if they are left as they are.</summary>
    public static string? Tasks(ServerTasksSpec? tasks) => tasks is null ? null
        : string.Join(", ", ((string?[])
        [
            tasks.MaxTtlSeconds is { } ttl ? $"TTL at most {ttl} s" : null,
            tasks.AfterSeconds is { } after ? $"calls become tasks after {after} s" : null,
            .. (tasks.Tools ?? []).Select(static tool => $"{tool.Key} after {tool.Value} s"),
        ]).OfType<string>());

    /// <summary>Returns the number of running programs and its maximum; null if the server has an address.</summary>
    public static string? Programs(ProgramsView? programs) =>
        programs is null ? null : $"{programs.Children.Count} of {programs.ChildrenMax}";

    /// <summary>Returns the risk of a tool; a gateway of an earlier release sends only the first word.</summary>
    public static string Risk(ToolView tool) => tool.RiskLevel.Length > 0 ? tool.RiskLevel : tool.Risk;

    /// <summary>Returns the word for a channel's kind; null if only a newer release defines it.</summary>
    public static string? Word(ChannelKind kind) =>
        Enum.IsDefined(kind) ? (string?)JsonSerializer.SerializeToNode(kind, ClientJson.Default.ChannelKind) : null;

    /// <summary>Returns the messages that a channel is restricted to.</summary>
    public static string State(AlertView alert) =>
        alert.Firing ? "firing" : alert.Value is null ? "no figures" : "ok";

    public static string Only(ChannelView channel)
    {
        var only = ((string Word, IReadOnlyList<string> Names)[])
        [
            ("type", channel.Types), ("server", channel.Servers), ("tool", channel.Tools), ("grant", channel.Grants),
            ("category", channel.Categories), ("risk", channel.Risks),
        ];
        var words = only.Where(static one => one.Names.Count > 0)
            .Select(static one => $"{one.Word} {string.Join(',', one.Names)}");
        return Joined([.. words], " ") ?? "everything";
    }

    /// <summary>Returns the conditions for the calls that a standing approval covers.</summary>
    public static string Where(JsonElement? where) => where switch
    {
        null or { ValueKind: JsonValueKind.Null } => "the same arguments",
        { ValueKind: JsonValueKind.Array } all =>
            Joined([.. all.EnumerateArray().Select(Condition)]) ?? "any arguments",
        { } other => Json(other),
    };

    /// <summary>Returns a condition as <c>--where</c> takes it.</summary>
    public static string Condition(ConditionView condition) =>
        $"{condition.Path} {condition.Op} {Json(condition.Value)}";

    /// <summary>Returns the address, credential and client behind a decision.</summary>
    public static string Identity(Actor actor) =>
        (actor.OnBehalfOf is { } absent ? $" for {absent}" : "")
        + (actor.From is { } from ? $"  from {from}" : "")
        + (actor.Via is { } proxy ? $" via {proxy}" : "")
        + (actor.Credential is { } credential ? $", {credential}" : "")
        + (actor.CredentialId is { } id ? $" {id}" : "")
        + (actor.Origin is { } origin ? $", {origin}" : "")
        + (actor.ClaimedBy is { } claimed ? $", claimed to be {claimed}" : "");

    /// <summary>Returns JSON in one line.</summary>
    public static string Json(JsonElement json) => json.ValueKind == JsonValueKind.Undefined ? "null"
        : JsonNode.Parse(json.GetRawText())?.ToJsonString(Readable) ?? "null";

    private static string Condition(JsonElement condition)
    {
        // A condition of another form has other members.
        if (condition.ValueKind != JsonValueKind.Object || condition.GetPropertyCount() != 3)
            return Json(condition);
        var plain = ResponseReader.Read(JsonObject.Create(condition)!, ClientJson.Default.ConditionView);
        return plain is { Path.Length: > 0, Op.Length: > 0 } ? Condition(plain) : Json(condition);
    }

    private static string? Member(object? value) => value switch
    {
        null => null,
        string text => text,
        Dictionary<string, string> map => string.Join(", ", map.Select(static one => $"{one.Key}={one.Value}")),
        JsonElement groups => string.Join(", ", groups.EnumerateObject().SelectMany(static group =>
            group.Value.EnumerateObject().Select(one => $"{group.Name}/{one.Name}"))),
        _ => throw new NotSupportedException($"A member of a grant cannot be a {value.GetType().Name}."),
    };
}
