using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Operators;

/// <summary>Reads the new configuration of an operator from the body of a PUT or a PATCH.</summary>
internal static class OperatorBody
{
    /// <summary>Members that a merge patch may set, but that null cannot remove.</summary>
    private static readonly string[] Kept = ["password", "identity"];

    public static async ValueTask<(OperatorInput? Input, AdminResponse? Problem)> ReplacementAsync(
        AdminCall call, OperatorAccount old)
    {
        var (input, unreadable) = await call.ReadAsync(OperatorJson.Default.OperatorInput);
        if (input is null)
            return (null, unreadable);
        return Disabled(old).Check(input.Disabled, old.IsDisabled) is { } state ? (null, state) : (input, null);
    }

    public static async ValueTask<(OperatorInput? Input, AdminResponse? Problem)> PatchedAsync(
        AdminCall call, OperatorAccount old)
    {
        var (patch, unread) = await call.ReadPatchAsync(OperatorJson.Default.OperatorInput);
        if (patch is null)
            return (null, unread);
        if (Disabled(old).Check(patch, old.IsDisabled) is { } removed)
            return (null, removed);
        if (Kept.FirstOrDefault(name => patch.ContainsKey(name) && patch[name] is null) is { } kept)
        {
            var detail = $"Nothing was changed: \"{kept}\" can be replaced but not removed. Omit this member to keep "
                + "its value.";
            return (null, Problems.Of(400, "Not readable", detail, [new("error", $"/{kept}", detail)]));
        }

        var (input, unreadable) = MergePatch.Read(
            Configuration(old, patch), patch, OperatorJson.Default.OperatorInput);
        if (input is null)
            return (null, unreadable);
        return Disabled(old).Check(input.Disabled, old.IsDisabled) is { } state ? (null, state) : (input, null);
    }

    private static JsonObject Configuration(OperatorAccount account, JsonObject patch)
    {
        var input = new OperatorInput
        {
            DisplayName = account.DisplayName,
            Roles = account.Roles.Texts,
            // Linking an identity ends the roles from a provider's claims, so it happens only on request.
            Identity = patch.ContainsKey("identity") && account.Identity is { } identity
                ? new IdentityView(identity.Issuer, identity.Subject)
                : null,
        };
        return JsonSerializer.SerializeToNode(input, OperatorJson.Default.OperatorInput)!.AsObject();
    }

    private static StateMember Disabled(OperatorAccount account) =>
        new("disabled", $"operators/{Uri.EscapeDataString(account.Name)}", "disable", "enable");
}
