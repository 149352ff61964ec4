using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Admin.Grants;

/// <summary>Finds and writes the grants of the store, as opposed to those of the file.</summary>
internal sealed class GrantWriter(ControlChanges changes, GrantViews views, ProcessClock clock)
{
    private const string Kind = ControlKinds.Grants;

    /// <returns>The reason why the grant cannot be changed; null if it can.</returns>
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
            action, key, call.State.Documents.Find(key)?.Version ?? 0, GrantDocument.Write(grant),
            before is null ? null : views.Json(call.State, before), views.Json(call.State, grant)));
    }

    /// <summary>Returns the grant that an input describes; null with the problem if the input is not valid.</summary>
    public GrantDefinition? Read(
        ControlState state, string name, TokenHash token, GrantInput input, long? oldExpiresMs,
        out AdminResponse? problem)
    {
        var errors = new List<ProblemPlace>();
        UnknownName? unknown = null;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        var written = input.Expires;
        // A duration counts from now. Any other error is reported with those of the other members.
        var spec = written is not null && WrittenTime.TryAhead(written, now, out var end)
            ? input with { Expires = WrittenTime.Text(end.ToUnixTimeMilliseconds()) } : input;
        var grant = GrantDefinition.Of(
            name, token, spec, (pointer, message) => errors.Add(new("error", pointer, message)));
        var isNew = grant.ExpiresMs is not null && grant.ExpiresMs != oldExpiresMs
            && errors.All(static error => error.Pointer != "/expires");
        // An ended grant can be changed and stays ended; a new expiry must not be in the past.
        if (isNew && grant.ExpiresMs <= clock.NowMs())
            errors.Add(new ProblemPlace("error", "/expires", $"{written} is in the past; write a time in the future"));
        else if (isNew && state.IsReached(name, grant.ExpiresMs!.Value))
        {
            errors.Add(new ProblemPlace("error", "/expires",
                $"{written} was reached before the clock was set back; write a later time"));
        }

        if (grant.Servers.Count == 0)
            errors.Add(new ProblemPlace("error", "/servers", "a grant must have at least one server"));
        foreach (var (server, policy) in grant.Servers)
        {
            var pointer = "/servers/" + JsonPointer.Escape(server);
            if (!state.Objects.Servers.ContainsKey(server))
                Unknown(pointer, "server", server, state.ServerNamesShown, "Register it first.");
            if (policy is not null && !state.Objects.Policies.ContainsKey(policy))
                Unknown(pointer, "policy", policy, state.Objects.Policies.Keys, "Set it first.");
        }

        var match = Match(state, grant, errors);
        problem = errors.Count == 0 ? null : Problems.Invalid(errors[0].Message, errors, unknown);
        return problem is null ? grant with { IsPaused = input.Paused == true, Match = match } : null;

        void Unknown(string pointer, string kind, string name, IEnumerable<string> known, string wayOut)
        {
            var found = UnknownName.Of(kind, name, known);
            // If there are other errors too, the list of errors contains everything.
            if (errors.Count == 0)
                unknown = found;
            errors.Add(new ProblemPlace("error", pointer, $"{found.Sentence} {wayOut}"));
        }
    }

    private static GrantMatch? Match(ControlState state, GrantDefinition grant, List<ProblemPlace> errors)
    {
        // A condition that searches needs the issuer's free text, which only the file defines beside it.
        var issuers = state.Config.Callers.Issuers.ToDictionary(
            static one => one.Name, static _ => (IReadOnlyList<string>)[], StringComparer.Ordinal);
        var match = new MatchReader(issuers, (pointer, message) => errors.Add(new("error", pointer, message)))
            .Read(grant.Spec);
        if (match is not null && state.Objects.Grants.Values.FirstOrDefault(other =>
            other.Name != grant.Name && other.Match?.IsUnorderedWith(match) == true) is { } twin)
        {
            errors.Add(new ProblemPlace("error", "/order", twin.Match!.Order == match.Order && match.Order > 0
                ? $"the grant {twin.Name} has the order {match.Order}; give each its own"
                : $"the grant {twin.Name} matches tokens of the same issuer; give each an order of its own"));
        }

        return match;
    }
}
