using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Control.Virtual;
using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Gateway.Policy.Text;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Admin.Grants;

/// <summary>Finds grants that the API made, and writes them.</summary>
internal sealed class GrantWriter(ControlChanges changes, GrantViews views, ProcessClock clock)
{
    private const string Kind = ControlKinds.Grants;

    /// <returns>Why there is none that can be changed; null where there is.</returns>
    public static AdminResponse? Find(AdminCall call, out GrantDefinition grant, out long version)
    {
        (grant, version) = (null!, 0);
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned("grant", call.Name);
        if (!call.State.Stored.Grants.TryGetValue(call.Name, out var found))
            return Problems.NotFound("grant", call.Name, call.State.Objects.Grants.Keys);
        (grant, version) = (found, call.State.Documents.Find(new ControlKey(Kind, call.Name))!.Version);
        return null;
    }

    public Task<(long Version, AdminResponse? Problem)> WriteAsync(
        AdminCall call, string action, GrantDefinition grant, GrantDefinition? before)
    {
        var key = new ControlKey(Kind, grant.Name);
        return changes.MakeAsync(call, new DocumentChange(
            action, key, call.State.Documents.Find(key)?.Version ?? 0, Content(grant),
            before is null ? null : views.Json(call.State, before), views.Json(call.State, grant)));
    }

    /// <summary>A grant as the store keeps it.</summary>
    public static byte[] Content(GrantDefinition grant)
    {
        var document = new GrantDocument
        {
            Servers = grant.Servers.ToDictionary(),
            TokenHash = grant.Token.ToString(),
            PreviousTokenHash = grant.Previous?.Token.ToString(),
            PreviousUntil = Time(grant.Previous?.UntilMs),
            Expires = Time(grant.ExpiresMs),
            Paused = grant.IsPaused,
            Created = Time(grant.CreatedMs),
            ToolsAs = WrittenToolsAs.Of(grant.ToolsAs),
            VirtualTools = Json(grant.VirtualTools),
            OAuth = OAuthGrantDocument.Of(grant.OAuth),
        };
        return ControlJsonContext.Write(document, ControlJsonContext.Default.GrantDocument);
    }

    /// <summary>As they were written; null for none.</summary>
    public static JsonElement? Json(VirtualTools? tools)
    {
        if (tools is null)
            return null;
        using var json = JsonDocument.Parse(tools.Json);
        return json.RootElement.Clone();
    }

    /// <summary>False where it is written wrong; null where the grant never ends.</summary>
    public bool TryExpires(GrantInput input, out long? expiresMs)
    {
        expiresMs = null;
        if (input.Expires is null)
            return true;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        var isRead = WrittenTime.TryAhead(input.Expires, now, out var expires);
        expiresMs = isRead ? expires.ToUnixTimeMilliseconds() : null;
        return isRead;
    }

    /// <summary>What is wrong with a grant as the operator wants it; null where nothing is.</summary>
    public AdminResponse? Check(ControlState state, GrantInput input, long? oldExpiresMs)
    {
        var errors = new List<ProblemPlace>();
        UnknownName? unknown = null;
        if (!TryExpires(input, out var expiresMs))
            errors.Add(new("error", "/expires", $"\"{input.Expires}\" is not a time: write {WrittenTime.Rule}"));
        // A grant that has ended can be changed and stays ended; what is new must not be over before it begins.
        else if (expiresMs <= clock.NowMs() && expiresMs != oldExpiresMs)
            errors.Add(new ProblemPlace("error", "/expires", $"{input.Expires} is in the past; write a time to come"));
        else if (expiresMs is { } endsMs && expiresMs != oldExpiresMs && state.IsReached(input.Name ?? "", endsMs))
        {
            errors.Add(new ProblemPlace("error", "/expires",
                $"{input.Expires} was reached before the clock was set back; write another time"));
        }

        if (!WrittenToolsAs.TryRead(input.ToolsAs, out _))
        {
            errors.Add(new("error", "/tools_as",
                $"\"{input.ToolsAs}\" is no way to list tools: write {WrittenToolsAs.Rule}"));
        }

        _ = new VirtualToolsReader(input.Name ?? "", (at, message) =>
            errors.Add(new("error", "/virtual_tools" + at, message))).Read(
                input.VirtualTools?.GetRawText(), input.Servers.Keys);
        if (input.Servers.Count == 0)
            errors.Add(new ProblemPlace("error", "/servers", "a grant reaches at least one server"));
        foreach (var (server, policy) in input.Policies)
        {
            var pointer = "/servers/" + JsonPointer.Escape(server);
            if (!state.Objects.Servers.ContainsKey(server))
                Unknown(pointer, "server", server, state.ServerNamesShown, "Register it first.");
            if (policy is not null && !state.Objects.Policies.ContainsKey(policy))
                Unknown(pointer, "policy", policy, state.Objects.Policies.Keys, "Set it first.");
        }

        return errors.Count == 0 ? null : Problems.Invalid(errors[0].Message, errors, unknown);

        void Unknown(string pointer, string kind, string name, IEnumerable<string> known, string wayOut)
        {
            var found = UnknownName.Of(kind, name, known);
            // Where more than names is wrong, the list of errors says it all.
            if (errors.Count == 0)
                unknown = found;
            errors.Add(new ProblemPlace("error", pointer, $"{found.Sentence} {wayOut}"));
        }
    }

    private static DateTimeOffset? Time(long? unixMs) =>
        unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
