using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Grants;

/// <summary>Reads the new configuration of a grant from the body of a PUT or a PATCH.</summary>
internal static class GrantBody
{
    public const string Expires = "expires";

    /// <summary>
    /// Reads a whole configuration. A missing <c>expires</c> would remove the expiry, so it is an error.
    /// </summary>
    public static async ValueTask<(GrantInput? Input, AdminResponse? Problem)> ReplacementAsync(
        AdminCall call, GrantDefinition old)
    {
        var (body, unread) = await call.ReadAsync();
        if (body is null)
            return (null, unread);
        var (input, unreadable) = AdminCall.Parse(body, GrantJson.Default.GrantInput);
        if (input is null)
            return (null, unreadable);
        if (input.Expires is null && !HasExpires(body))
            return (null, WithoutExpires);
        if (Paused(call).Check(input.Paused, IsPaused(call, old)) is { } state)
            return (null, state);
        if (input.VirtualTools is null
            && old.VirtualTools?.Servers.FirstOrDefault(server => !input.Servers!.ContainsKey(server)) is { } left)
        {
            return (null, Problems.Invalid($"Virtual tools of this grant refer to tools of {left}, which the grant "
                + "could no longer reach. Also send \"virtualTools\" without these tools."));
        }

        // A client of an earlier release does not know every member, and must not remove one.
        input.AddMissing(old.Spec with { Expires = null });
        return (input, null);
    }

    /// <summary>Reads a JSON merge patch of the current configuration.</summary>
    public static async ValueTask<(GrantInput? Input, AdminResponse? Problem)> PatchedAsync(
        AdminCall call, GrantDefinition old)
    {
        var (patch, unread) = await call.ReadPatchAsync(GrantJson.Default.GrantInput);
        if (patch is null)
            return (null, unread);
        if (TakeFormerNames(patch) is { } differs)
            return (null, differs);
        var isPaused = IsPaused(call, old);
        if (Paused(call).Check(patch, isPaused) is { } removed)
            return (null, removed);
        var (input, unreadable) = MergePatch.Read(Configuration(old), patch, GrantJson.Default.GrantInput);
        if (input is null)
            return (null, unreadable);
        return Paused(call).Check(input.Paused, isPaused) is { } state ? (null, state) : (input, null);
    }

    private static AdminResponse? TakeFormerNames(JsonObject patch)
    {
        foreach (var (name, former) in GrantSpec.Members.Select(static one => (one.Name, one.Declared.FormerName)))
        {
            if (former is null || !patch.TryGetPropertyValue(former, out var value))
                continue;
            if (patch.TryGetPropertyValue(name, out var other) && !JsonNode.DeepEquals(value, other))
                return Problems.Invalid(FormerlyNamedGrantSpec.Differs(former, name));
            patch.Remove(former);
            patch[name] = value;
        }

        return null;
    }

    private static JsonObject Configuration(GrantDefinition grant)
    {
        var spec = JsonSerializer.SerializeToNode(grant.Spec, GrantJson.Default.GrantSpec)!.AsObject();
        foreach (var server in grant.Servers.Where(static server => server.Value is null))
            spec["servers"]![server.Key] = JsonNode.Parse(GrantedPolicy.Denies);
        return spec;
    }

    // As operators see it: a grant from the file may also be paused by a pause document.
    private static bool IsPaused(AdminCall call, GrantDefinition grant) =>
        grant.IsPaused || call.State.Pauses.OfGrant(grant.Name) is not null;

    private static StateMember Paused(AdminCall call) =>
        new("paused", $"grants/{Uri.EscapeDataString(call.Name)}", "pause", "resume");

    private static bool HasExpires(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty(Expires, out _);
    }

    private static AdminResponse WithoutExpires { get; } = Problems.Of(
        400, "\"expires\" is missing",
        "Nothing was changed: PUT replaces the whole configuration, so it needs \"expires\": an instant, a duration, "
        + "or null for a grant without expiry. Send PATCH to change single members. A gateway command of an "
        + "earlier release cannot remove an expiry: use \"gateway grant set NAME --expires never\" of this release.",
        [new("error", $"/{Expires}", "\"expires\" is missing; write null for never")]);
}
