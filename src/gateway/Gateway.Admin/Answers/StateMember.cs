using System.Text.Json.Nodes;

namespace Gateway.Admin.Answers;

/// <summary>
/// A member of a resource that is state, such as <c>paused</c>: it changes only through its own actions. PUT and PATCH
/// accept its present value, because clients of the previous release send it, and reject any other.
/// </summary>
/// <param name="Name">The member.</param>
/// <param name="Resource">The resource's path below the API's root.</param>
/// <param name="TurnOn">The action that makes it true.</param>
/// <param name="TurnOff">The action that makes it false.</param>
internal sealed record StateMember(string Name, string Resource, string TurnOn, string TurnOff)
{
    /// <summary>Returns a problem if a body requests another state than the current one.</summary>
    public AdminResponse? Check(bool? wanted, bool present)
    {
        if (wanted is null || wanted == present)
            return null;
        var detail = $"Nothing was changed: \"{Name}\" is state, and PUT and PATCH change only configuration. Omit "
            + $"\"{Name}\", and send POST {AdminRoute.Root}/{Resource}/{(present ? TurnOff : TurnOn)} to change it.";
        return Problems.Of(
            400, "This member holds state, not configuration", detail, [new("error", $"/{Name}", detail)]);
    }

    /// <summary>
    /// Returns a problem if a patch contains null for the member, in any state: a merge would remove the member.
    /// </summary>
    public AdminResponse? Check(JsonObject patch, bool present) =>
        patch.TryGetPropertyValue(Name, out var value) && value is null ? Check(!present, present) : null;
}
